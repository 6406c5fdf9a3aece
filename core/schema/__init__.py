"""What documents and tables have in common: templates, wanted columns, synonyms, precedents of other sites."""
