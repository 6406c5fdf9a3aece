"""Texts as such: secrets taken out, halves of characters left out, addresses understood, words of one meaning."""
