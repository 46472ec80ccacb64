"""The seam to asyncio: reads of 64 KiB to a callback, writes with backpressure."""

import asyncio
from collections.abc import Callable
from typing import cast

__all__ = ["READ_SIZE", "Wire"]

READ_SIZE = 1 << 16  # bytes; with larger reads the UI's keys come late


class Wire(asyncio.BufferedProtocol):
    """Hands each read to `on_data`, the end of the stream to `on_end`."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.on_data: Callable[[bytes], None] = self._early
        self.on_end: Callable[[Exception | None], None] = self._ended
        self.has_ended = False
        self._buffer = bytearray(READ_SIZE)
        self._view = memoryview(self._buffer)
        self._before: list[bytes] = []  # what came before somebody listened
        self._room = asyncio.Event()
        self._room.set()
        self.lost = asyncio.Event()

    def take_early(self) -> bytes:
        """What was read before `on_data` was set."""
        data = b"".join(self._before)
        self._before.clear()
        return data

    async def drain(self) -> None:
        """Wait for room in the send buffer."""
        await self._room.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio, again after TLS."""
        self.transport = cast(asyncio.Transport, transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """The same buffer for each read."""
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        """A read has come."""
        self.on_data(bytes(self._view[:nbytes]))

    def eof_received(self) -> bool:
        """The peer sends no more; we may still, so the transport stays."""
        self.has_ended = True
        self.on_end(None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The transport is closed."""
        self._room.set()
        self.lost.set()
        if not self.has_ended:
            self.has_ended = True
            self.on_end(exc)

    def pause_writing(self) -> None:
        """The peer does not read fast enough."""
        self._room.clear()

    def resume_writing(self) -> None:
        """There is room again."""
        self._room.set()

    def _early(self, data: bytes) -> None:
        self._before.append(data)

    def _ended(self, exc: Exception | None) -> None:
        """Nobody listens yet; `has_ended` says it."""
