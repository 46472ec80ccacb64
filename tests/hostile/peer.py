"""A server on loopback that does whatever a test tells it, byte by byte."""

import asyncio
import base64
import contextlib
import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from wsdebug.wire.decode import FrameDecoder
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["ON_IT_GOES", "Peer", "Play", "served", "serving"]

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
ON_IT_GOES = "and on it goes"  # the message that follows a fault that need not be the end
NO_LINGER = struct.pack("ii", 1, 0)  # closing sends RST


class Peer:
    """One connection, seen from the server; `request` is the head that came."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.request = b""

    async def read_request(self) -> bytes:
        """Wait for the request."""
        self.request = await self.reader.readuntil(b"\r\n\r\n")
        return self.request

    @property
    def accept(self) -> str:
        """The right answer to the client's key."""
        key = self.request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
        digest = hashlib.sha1(key + GUID.encode(), usedforsecurity=False).digest()
        return base64.b64encode(digest).decode()

    def head(self, *headers: str, status: str = "HTTP/1.1 101 Switching Protocols") -> bytes:
        """The head of an answer; without headers of its own the right one."""
        lines = headers or (
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {self.accept}",
        )
        return "\r\n".join((status, *lines, "", "")).encode("latin-1")

    async def open(self, *more: str, then: bytes = b"") -> None:
        """Answer the request in the right way, with more headers and bytes in the same write."""
        await self.read_request()
        lines = (
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {self.accept}",
        )
        await self.send(self.head(*lines, *more) + then)

    async def send(self, data: bytes) -> None:
        """Write, once there is room."""
        self.writer.write(data)
        await self.writer.drain()

    async def frames(self, *frames: Frame) -> None:
        """Write frames."""
        await self.send(b"".join(map(encode_frame, frames)))

    async def go_on(self) -> None:
        """Send a good message; then answer the client's close, if it was not failed before."""
        await self.frames(Frame(Opcode.TEXT, ON_IT_GOES.encode()))
        await self.answer_close()

    async def answer_close(self) -> None:
        """Read until the client closes; echo its close frame, and end TCP."""
        decoder = FrameDecoder(limit=1 << 20)
        while data := await self.reader.read(1 << 16):
            for decoded in decoder.feed(data):
                if decoded.frame.opcode == Opcode.CLOSE:
                    await self.frames(Frame(Opcode.CLOSE, decoded.frame.payload))
                    return

    async def stay(self) -> None:
        """Say nothing more, until the client has gone."""
        while await self.reader.read(1 << 16):
            pass

    def reset(self) -> None:
        """End TCP with a reset."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.writer.transport.abort()


Play = Callable[[Peer], Awaitable[None]]


@asynccontextmanager
async def serving(
    play: Callable[[Peer], Awaitable[None]], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """The port of a server that plays with each connection; it ends them all when it is left."""
    writers: list[asyncio.StreamWriter] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            await play(Peer(reader, writer))
        except (OSError, asyncio.IncompleteReadError):
            return  # the client has gone
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            # a transport that has closed itself has no loop any more (Python 3.11)
            with contextlib.suppress(AttributeError):
                writer.transport.abort()
        await server.wait_closed()


@contextmanager
def served(play: Play, *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of such a server in a thread of its own, for tests that wait for a program."""
    loop = asyncio.new_event_loop()
    ready: list[int] = []
    up, over = threading.Event(), asyncio.Event()

    async def run() -> None:
        async with serving(play, tls=tls) as port:
            ready.append(port)
            up.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    up.wait(10)
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
