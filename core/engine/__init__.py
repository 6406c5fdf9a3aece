"""Who plays the ports Runner and Engine. Nobody else applies, learns or repairs blueprints, or runs written modules."""
