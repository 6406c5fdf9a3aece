"""Values, rows, columns and tables of two readings, laid beside each other.

What is compared here decides repairs: `make bench ONLY=heal` (every redesign of the golden pages, and which fields are
stood by with a wrong value) tells when a threshold of columns, rows or values is wrong; `tests/unit/compare` and
`tests/unit/heal` hold the single cases. Where no source stands beside a number, it was set by hand while redesigned
pages were repaired, and what it weighs is said. Likenesses and shares are 0..1.
"""
