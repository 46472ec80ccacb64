"""How bytes are shown."""
