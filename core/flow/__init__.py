"""The way of a document: fetched, kept, read, published, written to the lake; each step leased and repeatable."""
