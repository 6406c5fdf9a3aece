"""Read-only SQL over bronze, extracted, history, silver and state, on DuckDB in processes of its own."""
