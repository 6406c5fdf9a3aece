"""The pipeline's own rules: the nouns, the ports, the engine, the agents, and the object that ties them together."""
