"""What each path of the playground does once a connection is open; its docstring is its help."""

import asyncio
import contextlib
import gzip
import json
import random
import socket
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from functools import cache, partial
from itertools import count, cycle, islice
from typing import Final, cast

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from wsdebug.playground.broken import BROKEN_KINDS
from wsdebug.playground.deaf import go_deaf
from wsdebug.playground.query import Query, close_payload
from wsdebug.wire.encode import encode_frame, encode_head
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["PATHS", "path_of"]

Handler = Callable[[ServerConnection, Query], Awaitable[None]]

TICK = 0.01  # seconds between two writes of a fast ticker
BULK = 1 << 16  # bytes gathered for one write
ENDINGS = 1000  # quotes until the prices repeat: 100,000 a second are not made one by one
BOOK = 400  # bytes in a fragment of the compressed book
NO_LINGER = struct.pack("ii", 1, 0)  # closing sends RST


def path_of(connection: ServerConnection) -> tuple[str, str]:
    """The path and the query that a connection asked for."""
    target = connection.request.path if connection.request is not None else ""
    path, _, query = target.partition("?")
    return path, query


async def _write(connection: ServerConnection, frames: Iterable[bytes]) -> None:
    """Write frames past websockets' framing, and wait while the client does not read."""
    gathered = bytearray()
    for frame in frames:
        gathered += frame
        if len(gathered) >= BULK:
            await _write_bytes(connection, bytes(gathered))
            gathered.clear()
    await _write_bytes(connection, bytes(gathered))


async def _write_bytes(connection: ServerConnection, data: bytes) -> None:
    if connection.state is State.OPEN and data:  # nothing follows a close frame
        connection.transport.write(data)
        await connection.drain()


@contextlib.asynccontextmanager
async def _dropping(connection: ServerConnection) -> AsyncIterator[None]:
    """Read what comes and drop it, so that a close is seen behind many messages."""

    async def drop() -> None:
        with contextlib.suppress(ConnectionClosed):
            async for _ in connection:
                pass

    async with asyncio.TaskGroup() as tasks:
        dropping = tasks.create_task(drop())
        yield
        dropping.cancel()


async def hello(connection: ServerConnection, query: Query) -> None:
    """This list; then as /echo."""
    greeting = {
        "hello": "wsdebug playground",
        "paths": {path: handler.__doc__ for path, handler in PATHS.items()},
        "broken": list(BROKEN_KINDS),
    }
    await connection.send(json.dumps(greeting, ensure_ascii=False, separators=(",", ":")))
    await echo(connection, query)


async def echo(connection: ServerConnection, query: Query) -> None:
    """Sends back what you send, opcode kept."""
    async for message in connection:
        await connection.send(message)


def _quotes(seed: int) -> Iterator[bytes]:
    """Frames with price quotes as JSON, the same ones for the same seed."""
    chance = random.Random(seed)
    prices = {"ACME-EUR": 101.0, "BETA-EUR": 48.5, "GAMA-USD": 7.25}
    endings = []
    for _ in range(ENDINGS):
        symbol = chance.choice(list(prices))
        price = prices[symbol] = max(0.01, prices[symbol] * chance.uniform(0.999, 1.001))
        quantity = chance.randint(1, 40)
        endings.append(f',"symbol":"{symbol}","px":{price:.2f},"qty":{quantity}}}'.encode())
    for sequence, ending in zip(count(1), cycle(endings), strict=False):
        quote = b'{"type":"quote","seq":%d%b' % (sequence, ending)
        yield _text_head(len(quote)) + quote


@cache
def _text_head(length: int) -> bytes:
    return encode_head(Frame(Opcode.TEXT, declared_length=length))


async def ticker(connection: ServerConnection, query: Query) -> None:
    """JSON quotes: ?rate= a second (10), ?count= in all, ?seed= of the numbers."""
    rate, most = query.numbers["rate"], int(query.numbers["count"])
    supply = _quotes(int(query.numbers["seed"]))
    clock = asyncio.get_running_loop().time
    started, sent = clock(), 0
    async with _dropping(connection):
        # a fast ticker sends what is due at each tick, so that timers do not bound the rate
        while connection.state is State.OPEN and sent < most:
            due = int((clock() - started) * rate) + 1 - sent
            due = max(0, min(due, most - sent, max(1, int(rate))))
            await _write(connection, islice(supply, due))
            sent += due
            rest = started + sent / rate - clock()
            await asyncio.sleep(max(rest, TICK if rate * TICK > 1 else 0))
        await connection.close(1000, "that was all")


def _png() -> bytes:
    """A picture of 8×8 grey pixels: a real PNG, smaller than any file would be."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    rows = b"".join(b"\0" + bytes(range(row * 8, row * 8 + 8)) for row in range(8))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


BINARIES: Final = (
    bytes(range(256)),
    _png(),
    gzip.compress(b'{"type":"archive","rows":3}', mtime=0),
    b"\x08\x96\x01\x12\x04ACME\x1d\x00\x00\xca\x42",  # a protobuf message of three fields
)


async def binary(connection: ServerConnection, query: Query) -> None:
    """Binary messages: every byte, a PNG, gzip, protobuf; then as /echo."""
    for payload in BINARIES:
        await connection.send(payload)
    await echo(connection, query)


def _fragments(message: str | bytes, size: int) -> Iterator[Frame]:
    """A message in frames of so many bytes."""
    data = message.encode() if isinstance(message, str) else message
    opcode = Opcode.TEXT if isinstance(message, str) else Opcode.BINARY
    for start in range(0, len(data) or 1, size):
        end = start + size
        yield Frame(Opcode.CONT if start else opcode, data[start:end], fin=end >= len(data))


async def fragments(connection: ServerConnection, query: Query) -> None:
    """A message in four frames, a ping between them; then echoes in frames of ?size= bytes (8)."""
    first = [*_fragments('{"type":"history","note":"cents of €: cut between two frames"}', 18)]
    first.insert(2, Frame(Opcode.PING, b"between"))
    await _write(connection, map(encode_frame, first))
    async for message in connection:
        pieces = _fragments(message, int(query.numbers["size"]))
        await _write(connection, map(encode_frame, pieces))


async def deflate(connection: ServerConnection, query: Query) -> None:
    """Compressed if you offer it: a book, the same in fragments; then as /echo."""
    levels = [[round(101 - step / 100, 2), 5 + step % 7] for step in range(60)]
    book = json.dumps({"type": "book", "symbol": "ACME-EUR", "bids": levels}, separators=(",", ":"))
    await connection.send(book)
    data = book.encode()
    for start in range(0, len(data), BOOK):
        end = start + BOOK
        # the library's own fragments end with an empty frame: too special for an example
        async with connection.send_context():
            send = connection.protocol.send_continuation if start else connection.protocol.send_text
            send(data[start:end], fin=end >= len(data))
    await echo(connection, query)


async def ping(connection: ServerConnection, query: Query) -> None:
    """A ping every ?every= seconds (1); each pong is confirmed by a text."""

    def confirm(number: int, answered: asyncio.Future[float]) -> None:
        if not answered.cancelled() and answered.exception() is None:
            broadcast([connection], f'{{"type":"pong","seq":{number}}}')

    async with _dropping(connection):
        for number in count(1):
            answered = await connection.ping(struct.pack(">HH", 0x7F3A, number & 0xFFFF))
            cast(asyncio.Future[float], answered).add_done_callback(partial(confirm, number))
            await asyncio.sleep(query.numbers["every"])


async def close(connection: ServerConnection, query: Query) -> None:
    """Closes as soon as it is open: ?code= (1000, or none) and ?reason=."""
    # websockets would not send every code
    frame = Frame(Opcode.CLOSE, close_payload(query))
    await go_deaf(connection, encode_frame(frame), hangs_up=True)


async def slow(connection: ServerConnection, query: Query) -> None:
    """Takes ?delay= seconds (1) for the upgrade and for each echo."""
    async for message in connection:
        await asyncio.sleep(query.numbers["delay"])
        await connection.send(message)


async def auth(connection: ServerConnection, query: Query) -> None:
    """Answers 401 until the user is demo with the password demo; then as /echo."""
    await echo(connection, query)


async def redirect(connection: ServerConnection, query: Query) -> None:
    """Answers ?status= (302) and sends on to ?to= (/echo)."""
    raise AssertionError("answered before the upgrade")


async def chat(connection: ServerConnection, query: Query) -> None:
    """Every client of it sees every message."""
    async for message in connection:
        everybody = connection.server.connections
        broadcast([one for one in everybody if path_of(one)[0] == "/chat"], message)


async def broken(connection: ServerConnection, query: Query) -> None:
    """One misbehaviour: ?kind= one of those listed under "broken"."""
    kind = BROKEN_KINDS[query.words["kind"]]
    if kind.then in ("deaf", "silence"):
        await go_deaf(connection, kind.data, hangs_up=kind.then == "deaf")
        return
    await _write_bytes(connection, kind.data)
    if kind.then == "echo":
        await echo(connection, query)
    elif kind.then == "end":
        connection.transport.close()
    else:
        _reset(connection)


def _reset(connection: ServerConnection) -> None:
    """End TCP with a reset."""
    raw = connection.transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    connection.transport.abort()


PATHS: Final[dict[str, Handler]] = {
    "/": hello,
    "/echo": echo,
    "/ticker": ticker,
    "/binary": binary,
    "/fragments": fragments,
    "/deflate": deflate,
    "/ping": ping,
    "/close": close,
    "/slow": slow,
    "/auth": auth,
    "/redirect": redirect,
    "/chat": chat,
    "/broken": broken,
}
