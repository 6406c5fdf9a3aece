"""Did the values of a source change their nature? Statistics over columns, without a look at the pages.

Its numbers are held by `make bench ONLY=heal`: `tests/benchmarks/heal/drift.py` breaks columns of generated sources and
prints, for each fault, how often it is found, beside the rate of false alarms and the power of the best possible test;
with PRINTED=DIR the same over what saved pages print. Effects must also be large enough to matter, as in long
windows trifles are significant.
"""
