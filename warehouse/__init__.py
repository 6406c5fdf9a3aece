"""Where everything is kept: raw documents, state, extractor versions, Iceberg tables, and queries over them."""
