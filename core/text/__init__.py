"""Texts as such: secrets are taken out of them, halves of characters left out, addresses understood."""
