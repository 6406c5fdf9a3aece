"""Learns the tables of pages: lists of many records, and pages about one thing."""
