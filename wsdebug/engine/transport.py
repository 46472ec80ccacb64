"""The seam to asyncio: reads of 64 KiB or more to a callback, writes with backpressure."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol, TypeVar, cast

__all__ = ["READ_SIZE", "Wire", "exchange"]

Result = TypeVar("Result", covariant=True)


class Feed(Protocol[Result]):
    """Takes what has come, and whether that was all; None until it makes an answer."""

    def __call__(self, data: bytes, *, eof: bool) -> Result | None:
        """Take it."""


BUFFER_LOOK = 0.1  # seconds between two looks at what the peer has not taken
READ_SIZE = 1 << 16  # bytes; with larger reads of many frames the UI's keys come late
LARGE = 1 << 12  # bytes of a frame
LARGE_READ = 1 << 20  # bytes, of large frames: they take no longer, and a third less by the byte
LINES = 16  # times the bytes of a read: what is made of it is less, but of empty frames


class Wire(asyncio.BufferedProtocol):
    """Hands each read to `on_data`, the end of the stream to `on_end`.

    Until somebody listens, what comes is kept. `error` is why the transport was lost.
    """

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.has_ended = False
        self.error: Exception | None = None
        self.lost = asyncio.Event()
        self._on_data: Callable[[bytes], None] | None = None
        self._on_end: Callable[[], None] | None = None
        self._on_buffered: Callable[[int], None] | None = None
        self._look: asyncio.TimerHandle | None = None
        self._is_ending = False  # our direction, as soon as all is written
        self._buffer = _buffer(READ_SIZE)
        self._view = memoryview(self._buffer)
        self._before: list[bytes] = []  # what came before somebody listened
        self._room = asyncio.Event()
        self._room.set()

    def listen(self, on_data: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        """Hand over what has come, and what will come."""
        self._on_data, self._on_end = on_data, on_end
        before = b"".join(self._before)
        self._before.clear()
        if before:
            on_data(before)
        if self.has_ended:
            on_end()

    def keep(self) -> None:
        """Keep what comes until somebody listens again."""
        self._on_data = self._on_end = None

    def adapt(self, size: int, frames: int) -> None:
        """Choose the size of reads by one of so many bytes that made so many frames."""
        size = LARGE_READ if size >= max(READ_SIZE, frames * LARGE) else READ_SIZE
        if size > len(self._buffer):
            self._buffer = _buffer(size)
        if size != len(self._view):
            self._view = memoryview(self._buffer)[:size]

    def watch(self, on_buffered: Callable[[int], None]) -> None:
        """Tell how much waits to be written, until nothing does."""
        self._on_buffered = on_buffered

    @property
    def buffered(self) -> int:
        """Bytes written that the peer's TCP has not taken."""
        if self.transport is None or self.lost.is_set():
            return 0
        return self.transport.get_write_buffer_size()

    def write(self, data: bytes) -> None:
        """Write at once, or after what waits; nothing where the transport is closing."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(data)
            self._look_at_buffer()

    def half_close(self) -> None:
        """End our direction after what waits; TLS has no such thing (RFC 6455 section 7.1.1)."""
        self._is_ending = True
        self._look_at_buffer()

    def hold(self, is_held: bool) -> None:
        """Stop reading, or go on: the peer is slowed down by TCP."""
        if self.transport is None or self.transport.is_closing():
            return
        if is_held:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def abort(self) -> None:
        """End now; what waits is dropped."""
        if self.transport is not None and not self.lost.is_set():
            self.transport.abort()

    async def drain(self) -> None:
        """Wait for room in the send buffer."""
        while not self._room.is_set():  # somebody else who waited may have filled it again
            await self._room.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio, again after TLS."""
        self.transport = cast(asyncio.Transport, transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """The same buffer for each read."""
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        """A read has come."""
        data = bytes(self._view[:nbytes])
        if self._on_data is not None:
            self._on_data(data)
        else:
            self._before.append(data)

    def eof_received(self) -> bool:
        """The peer sends no more; asyncio closes the transport once what waits is written."""
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The transport is closed."""
        self.error = exc
        self._room.set()
        self.lost.set()
        self._look_at_buffer()
        self._end()

    def pause_writing(self) -> None:
        """The peer does not read fast enough."""
        self._room.clear()

    def resume_writing(self) -> None:
        """There is room again."""
        self._room.set()

    def _look_at_buffer(self) -> None:
        """Again and again while something waits: the transport does not tell of parts."""
        if self._look is not None:
            self._look.cancel()
            self._look = None
        if self._on_buffered is not None:
            self._on_buffered(self.buffered)
        if self.buffered and (self._is_ending or self._on_buffered is not None):
            loop = asyncio.get_running_loop()
            self._look = loop.call_later(BUFFER_LOOK, self._look_at_buffer)
        elif self._is_ending:
            self._is_ending = False
            self._write_eof()

    def _write_eof(self) -> None:
        """Not before all is written: asyncio would not catch that the peer has gone meanwhile."""
        transport = self.transport
        if transport is not None and transport.can_write_eof() and not transport.is_closing():
            with contextlib.suppress(OSError):  # reset by the peer, but not yet told
                transport.write_eof()

    def _end(self) -> None:
        if not self.has_ended:
            self.has_ended = True
            if self._on_end is not None:
                self._on_end()


def _buffer(size: int) -> bytearray:
    # Once a block as large as this was freed, glibc keeps the memory that each read needs, where
    # it would give it back and have it zeroed again with the next one.
    bytes(LINES * size)
    return bytearray(size)


async def exchange(wire: Wire, request: bytes, feed: Feed[Result]) -> Result:
    """Write a request, and feed what comes until it makes an answer."""
    came = asyncio.Event()
    chunks: list[bytes] = []

    def on_data(data: bytes) -> None:
        chunks.append(data)
        came.set()

    wire.write(request)
    wire.listen(on_data, came.set)
    while True:
        await came.wait()
        came.clear()
        data = b"".join(chunks)
        chunks.clear()
        result = feed(data, eof=wire.has_ended)
        if result is not None:
            wire.keep()
            return result
