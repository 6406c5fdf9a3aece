"""Channels by which people are told of incidents."""
