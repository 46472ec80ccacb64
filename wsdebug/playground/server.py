"""A small WebSocket server on loopback that shows what servers do, right and wrong."""

import asyncio
import contextlib
import json
import random
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from wsdebug.playground.broken import BROKEN_KINDS

__all__ = ["PATHS", "Playground"]

Query = dict[str, str]
CREDENTIALS = "Basic " + b64encode(b"demo:demo").decode()
PATHS = {
    "/": "this greeting",
    "/echo": "what you send, as you sent it",
    "/ticker?rate=10": "JSON quotes, so many a second",
    "/binary": "binary messages",
    "/fragments": "messages in fragments, a ping between them",
    "/deflate": "compressed messages",
    "/ping": "a ping each second",
    "/close?code=4000&reason=bye": "closes as soon as it is open",
    "/slow": "answers after a second",
    "/auth": "401 until demo:demo comes, then echo",
    "/redirect": "302 to /echo",
    "/chat": "all clients see all messages",
    "/broken?kind=invalid-utf8": "one broken rule: " + ", ".join(BROKEN_KINDS),
}


class Playground:
    """`async with Playground() as playground:` serves on `playground.url` until it is left."""

    def __init__(self, port: int = 0) -> None:
        """`port` 0 takes a free one."""
        self._port = port
        self._server: Server | None = None
        self._chat: set[ServerConnection] = set()
        self.url = ""

    async def __aenter__(self) -> "Playground":
        """Listen. Raises OSError where the port is taken."""
        self._server = await serve(
            self._handle,
            "127.0.0.1",
            self._port,
            process_request=self._process_request,
            ping_interval=None,
            max_size=64 << 20,
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close all connections and stop."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _process_request(self, connection: ServerConnection, request: Request) -> Response | None:
        host = urlsplit("//" + request.headers.get("Host", "")).hostname or ""
        if host not in ("127.0.0.1", "localhost", "::1"):
            return connection.respond(403, "this server answers on loopback only\n")
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).hostname not in ("127.0.0.1", "localhost", "::1"):
            return connection.respond(403, "this server takes pages of this machine only\n")
        path = urlsplit(request.path).path
        if path == "/redirect":
            return Response(302, "Found", Headers({"Location": "/echo", "Content-Length": "0"}))
        if path == "/auth" and request.headers.get("Authorization") != CREDENTIALS:
            body = b'{"error": "login first", "code": "E401"}'
            headers = Headers({"WWW-Authenticate": 'Basic realm="playground"'})
            headers["Content-Type"] = "application/json"
            headers["Content-Length"] = str(len(body))
            return Response(401, "Unauthorized", headers, body)
        if path not in {known.partition("?")[0] for known in PATHS}:
            return connection.respond(404, "no such path; / lists them\n")
        return None

    async def _handle(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        parts = urlsplit(connection.request.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        handler = HANDLERS.get(parts.path)
        with contextlib.suppress(ConnectionClosed, ConnectionError):
            if parts.path == "/chat":
                await self._join_chat(connection)
            elif handler is not None:
                await handler(connection, query)

    async def _join_chat(self, connection: ServerConnection) -> None:
        self._chat.add(connection)
        try:
            async for message in connection:
                broadcast(self._chat, message)
        finally:
            self._chat.discard(connection)


async def _greet(connection: ServerConnection, query: Query) -> None:
    await connection.send(json.dumps({"hello": "wsdebug playground", "paths": PATHS}))
    await _echo(connection, query)


async def _echo(connection: ServerConnection, _: Query) -> None:
    async for message in connection:
        await connection.send(message)


async def _ticker(connection: ServerConnection, query: Query) -> None:
    rate = _number(query.get("rate"), 10.0, 0.1, 1000.0)
    chance = random.Random(7)
    price = 101.0
    sequence = 0
    while True:
        sequence += 1
        price = round(price + chance.uniform(-0.5, 0.5), 2)
        quote = {"type": "trade", "symbol": "ACME", "px": price, "seq": sequence}
        await connection.send(json.dumps(quote, separators=(",", ":")))
        await asyncio.sleep(1 / rate)


async def _binary(connection: ServerConnection, _: Query) -> None:
    for payload in (b"\x89PNG\r\n\x1a\n" + bytes(24), bytes(range(256)), b""):
        await connection.send(payload)
    await _echo(connection, {})


async def _fragments(connection: ServerConnection, _: Query) -> None:
    async def pieces() -> AsyncIterator[str]:
        yield '{"type":"history",'
        yield '"rows":[1,2,3],'
        await connection.ping(b"between")
        yield '"done":true}'

    await connection.send(pieces())
    await _echo(connection, {})


async def _deflate(connection: ServerConnection, _: Query) -> None:
    rows = [{"symbol": "ACME", "px": 100 + i / 10, "side": "buy"} for i in range(40)]
    await connection.send(json.dumps(rows, separators=(",", ":")))
    await _echo(connection, {})


async def _ping(connection: ServerConnection, _: Query) -> None:
    count = 0
    while True:
        count += 1
        await connection.ping(f"ping {count}".encode())
        await asyncio.sleep(1)


async def _close(connection: ServerConnection, query: Query) -> None:
    code = int(_number(query.get("code"), 1000, 1000, 4999))
    await connection.close(code, query.get("reason", "")[:120])


async def _slow(connection: ServerConnection, _: Query) -> None:
    async for message in connection:
        await asyncio.sleep(1)
        await connection.send(message)


async def _broken(connection: ServerConnection, query: Query) -> None:
    kind = query.get("kind", "")
    if kind not in BROKEN_KINDS:
        await connection.send(f"kind is one of {', '.join(BROKEN_KINDS)}")
        return
    connection.transport.write(BROKEN_KINDS[kind])
    if kind == "truncated":
        connection.transport.close()
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            await connection.wait_closed()


def _number(text: str | None, default: float, least: float, most: float) -> float:
    try:
        value = float(text) if text is not None else default
    except ValueError:
        value = default
    return max(least, min(most, value))


HANDLERS: dict[str, Callable[[ServerConnection, Query], Awaitable[None]]] = {
    "/": _greet,
    "/echo": _echo,
    "/auth": _echo,
    "/ticker": _ticker,
    "/binary": _binary,
    "/fragments": _fragments,
    "/deflate": _deflate,
    "/ping": _ping,
    "/close": _close,
    "/slow": _slow,
    "/broken": _broken,
}
