"""What runs without a person looking: the agent loop, its worker, the command line, the sample portal."""
