"""Learns the tables of documents that are no pages: JSON, XML and feeds, sheets, texts."""
