"""Bytes to frames and back, without I/O, clocks or randomness."""
