"""Learns how a list goes on: by a link, or by a number in the address."""
