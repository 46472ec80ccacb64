"""A WebSocket debugging client: see every frame, send any frame.

    async with wsdebug.connect("ws://127.0.0.1:9911/echo") as connection:
        await connection.send("hello")
        async for message in connection:
            ...

Names are loaded when they are first used: `import wsdebug` itself costs nothing.
"""

TYPE_CHECKING = False  # typing itself would cost more than all the rest of --version
if TYPE_CHECKING:
    from typing import Any

    from wsdebug.engine.api import Connection, connect
    from wsdebug.engine.options import DeflateOffer
    from wsdebug.errors import (
        CannotConnect,
        ConnectionClosed,
        HandshakeRefused,
        RecordingFailed,
        UsageError,
        WsdebugError,
    )
    from wsdebug.wire.frame import Frame

__version__ = "0.1.0"
__all__ = [
    "CannotConnect",
    "Connection",
    "ConnectionClosed",
    "DeflateOffer",
    "Frame",
    "HandshakeRefused",
    "RecordingFailed",
    "UsageError",
    "WsdebugError",
    "connect",
]

HOMES = {
    "connect": "wsdebug.engine.api",
    "Connection": "wsdebug.engine.api",
    "DeflateOffer": "wsdebug.engine.options",
    "Frame": "wsdebug.wire.frame",
}


def __getattr__(name: str) -> "Any":
    """Load a public name from its room."""
    if name not in __all__:
        raise AttributeError(f"module 'wsdebug' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(HOMES.get(name, "wsdebug.errors")), name)
