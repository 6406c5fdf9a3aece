"""Benchmarks of the durable flow. Each prints a Markdown table; trust its ratios, not its times."""
