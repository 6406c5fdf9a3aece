"""What documents and tables have in common: templates, wanted columns, precedents of other sites.

What is wanted of a page (`resemblance.py`, `wanted.py`) is held by `make bench ONLY=cases CASES=DIR`; what one site
teaches for the next (`transfer.py`) by `tests/benchmarks/heal/second_sites.py`, part of `make bench ONLY=heal`; which
pages are of one template by `tests/unit/jobs/test_learning_the_portal.py`. Likelihoods, likenesses and shares are 0..1.
"""
