"""Whether two things say the same: values, rows, columns, tables."""
