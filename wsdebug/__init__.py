"""A WebSocket debugging client: see every frame, send any frame."""

__version__ = "0.1.0"
