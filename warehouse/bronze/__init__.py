"""Raw documents: their bytes by content hash, their metadata in the state."""
