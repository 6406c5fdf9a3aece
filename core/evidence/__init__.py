"""Where a value came from: from a piece of evidence back to the raw text."""
