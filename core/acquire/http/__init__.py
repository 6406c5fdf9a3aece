"""Acquirer "http": documents from the web, politely, and from nowhere else."""
