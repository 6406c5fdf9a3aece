"""The sample portal: an invented procurement site on this machine, to try everything on without a network."""
