"""Benchmarks: scripts that print their tables."""
