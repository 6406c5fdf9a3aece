"""What lies in the data folder: who may read it, how processes share it, and what the disk says when it refuses."""
