"""Measures what proposals make of documents of several made-up sites."""
