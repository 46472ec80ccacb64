"""Servers made by hand, and sessions that run beside a test."""

import asyncio
import base64
import contextlib
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

from wsdebug.engine.live import LiveSession
from wsdebug.engine.options import ConnectOptions, RecordOptions

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def server() -> Callable[..., AbstractAsyncContextManager[str]]:
    """`async with server(handler, tls=…) as url`: a TCP or TLS server on loopback.

    The handler gets the streams of each connection; what it leaves open is closed at the end.
    """

    @asynccontextmanager
    async def serve(
        handler: Handler, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> AsyncIterator[str]:
        writers: list[asyncio.StreamWriter] = []

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writers.append(writer)
            try:
                await handler(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                return  # the client has gone
            finally:
                writer.close()

        running = await asyncio.start_server(handle, host, 0, ssl=tls)
        port = running.sockets[0].getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        try:
            yield f"{'wss' if tls else 'ws'}://{shown}:{port}/"
        finally:
            running.close()
            for writer in writers:
                # a transport that has closed itself has no loop any more (Python 3.11)
                with contextlib.suppress(AttributeError):
                    writer.transport.abort()
            await running.wait_closed()

    return serve


@pytest.fixture
def upgrade() -> Callable[..., Awaitable[bytes]]:
    """`await upgrade(reader, writer, "Header: value")`: answer with 101; gives the request."""

    async def accept(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *headers: str
    ) -> bytes:
        request = await reader.readuntil(b"\r\n\r\n")
        key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
        digest = hashlib.sha1(key + GUID.encode(), usedforsecurity=False).digest()
        lines = [
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}",
            *headers,
        ]
        writer.write("\r\n".join((*lines, "", "")).encode())
        await writer.drain()
        return request

    return accept


@pytest.fixture
def session(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[LiveSession]]:
    """`async with session(url, **options) as live`: it runs, is recorded, and is finished."""
    numbers = count(1)

    @asynccontextmanager
    async def run(
        url: str, *, jitter: Callable[[], float] = lambda: 0.0, **options: object
    ) -> AsyncIterator[LiveSession]:
        live = LiveSession(
            ConnectOptions(url=url, **options),  # type: ignore[arg-type]
            RecordOptions(path=str(tmp_path / f"{next(numbers)}.ws.jsonl")),
            deliver=True,
            jitter=jitter,
        )
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            tasks.create_task(live.run())
            try:
                yield live
            finally:
                await live.disconnect()
        await live.finish()

    return run
