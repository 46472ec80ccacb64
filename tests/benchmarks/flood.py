"""A server that sends as fast as a socket takes it: every byte is made before the first client.

    python tests/benchmarks/flood.py KIND FRAMES|MIB [RATE]

Prints its port. To each connection, one after another, it sends that many messages, or one large
one of as many MiB, and a close frame, and prints in how many seconds the client took them, to its
own close and end of stream. With a rate it sends no more than so many messages a second, a part
of them each 10 ms.
"""

import base64
import hashlib
import re
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from wsdebug.wire.encode import encode_frame, encode_head
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["FLOODS", "LARGE", "Flood", "Server", "serving"]

CHUNK = 1 << 18  # bytes given to the socket at a time
STEP = 0.01  # seconds between two chunks at a rate
DIFFERENT = 1 << 28  # bytes of payloads that are all different; past that they come again
KEY = re.compile(rb"\r\nSec-WebSocket-Key: *([^\r]+)\r\n", re.IGNORECASE)
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
QUOTE = (
    b'{"type":"quote","seq":1%08d,"symbol":"ACME-EUR","px":101.25,"qty":17,'
    b'"side":"buy","venue":"X"}'
)
WORDS = b"%09d the quick brown fox jumps over the lazy dog, and the dog looks on in wonder, resting"


@dataclass(frozen=True, slots=True)
class Flood:
    """What is sent: the payload of a number, what it is, and how many by default."""

    payload: Callable[[int], bytes]
    words: str
    frames: int
    is_text: bool = True
    is_compressed: bool = False

    def different(self, frames: int) -> int:
        """How many payloads are made for so many frames."""
        return min(frames, max(1000, DIFFERENT // len(self.payload(0))))

    def message(self, number: int, frames: int) -> bytes:
        """The payload of one of so many frames."""
        return self.payload(number % self.different(frames))


def _quote(number: int) -> bytes:
    return (QUOTE % number).ljust(100)


def _list(number: int) -> bytes:
    return (b'{"seq":1%08d,"quotes":[' % number + b",".join([QUOTE % number] * 104))[:9998] + b"]}"


def _words(number: int) -> bytes:
    return (WORDS % number).ljust(100)


def _binary(number: int) -> bytes:
    return number.to_bytes(8) * 8192


FLOODS = {
    "json": Flood(_quote, "text frames of 100 B of JSON", 1_000_000),
    "words": Flood(_words, "text frames of 100 B without a quote", 1_000_000),
    "10k-json": Flood(_list, "text frames of 10 kB of JSON", 100_000),
    "10k-words": Flood(lambda number: _words(number) * 100, "text frames of 10 kB", 100_000),
    "binary": Flood(_binary, "binary frames of 64 KiB", 20_000, is_text=False),
    "deflate": Flood(_quote, "compressed text frames of 100 B", 500_000, is_compressed=True),
}


LARGE = {
    "fragments": "one text message in frames of 1 MiB",
    "text": "one text frame",
    "bytes": "one binary frame",
}
MIB = 1 << 20
PART = (b'{"a line":"of words, and a number","n":1234567},\n' * 25_000)[:MIB]


def large_chunks(kind: str, mib: int) -> list[bytes]:
    """One large message, at least 2 MiB, of the same part again and again."""
    close = encode_frame(Frame(Opcode.CLOSE, b"\x03\xe8"))
    if kind == "fragments":
        first = encode_frame(Frame(Opcode.TEXT, PART, fin=False))
        inner = encode_frame(Frame(Opcode.CONT, PART, fin=False))
        return [first, *[inner] * (mib - 2), encode_frame(Frame(Opcode.CONT, PART)), close]
    opcode = Opcode.TEXT if kind == "text" else Opcode.BINARY
    return [encode_head(Frame(opcode, declared_length=mib * MIB)), *[PART] * mib, close]


def chunks_of(flood: Flood, count: int, rate: int = 0) -> list[bytes]:
    """All that is sent; at a rate, a chunk is for each step."""
    squeeze = zlib.compressobj(wbits=-15)
    opcode = Opcode.TEXT if flood.is_text else Opcode.BINARY
    encoded = []
    for number in range(count if flood.is_compressed else flood.different(count)):
        payload = flood.message(number, count)
        if flood.is_compressed:
            payload = squeeze.compress(payload) + squeeze.flush(zlib.Z_SYNC_FLUSH)
            payload = payload[:-4]  # RFC 7692 section 7.2.1
        encoded.append(encode_frame(Frame(opcode, payload, rsv1=flood.is_compressed)))
    rounds, rest = divmod(count, len(encoded))
    whole = b"".join(encoded)
    size = round(len(whole) / len(encoded) * rate * STEP) if rate else CHUNK
    chunks = [whole[start : start + size] for start in range(0, len(whole), size)]
    close = encode_frame(Frame(Opcode.CLOSE, b"\x03\xe8"))
    return chunks * rounds + [b"".join(encoded[:rest]) + close]


def serve(kind: str, count: int, rate: int = 0) -> None:
    """Serve until the process is ended."""
    is_compressed = kind in FLOODS and FLOODS[kind].is_compressed
    chunks = chunks_of(FLOODS[kind], count, rate) if kind in FLOODS else large_chunks(kind, count)
    with socket.create_server(("127.0.0.1", 0)) as server:
        say(server.getsockname()[1])
        while True:
            client, _ = server.accept()
            with client:
                step = STEP if rate else 0.0
                took = converse(client, chunks, step=step, is_compressed=is_compressed)
                say(round(took, 4))


def say(number: float) -> None:
    """A line for whoever has started this."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def converse(
    client: socket.socket, chunks: list[bytes], *, step: float, is_compressed: bool
) -> float:
    """Upgrade, send all, and wait for the end; the seconds that it took."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += client.recv(4096)
    key = KEY.search(request)
    assert key is not None
    accept = base64.b64encode(hashlib.sha1(key[1] + GUID).digest())
    extensions = b"Sec-WebSocket-Extensions: permessage-deflate\r\n" if is_compressed else b""
    client.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %b\r\n%b\r\n" % (accept, extensions)
    )
    began = time.perf_counter()
    for number, chunk in enumerate(chunks):
        if step and (early := began + number * step - time.perf_counter()) > 0:
            time.sleep(early)
        client.sendall(chunk)
    client.shutdown(socket.SHUT_WR)
    while client.recv(4096):
        pass
    return time.perf_counter() - began


class Server:
    """The flood server, in a process of its own."""

    def __init__(self, kind: str, count: int, rate: int = 0) -> None:
        command = [sys.executable, __file__, kind, str(count), str(rate)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"ws://127.0.0.1:{self._line()}/"

    def took(self) -> float:
        """Seconds of the last connection, once it has ended."""
        return float(self._line())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextmanager
def serving(kind: str, count: int, rate: int = 0) -> Iterator[Server]:
    """A flood server while it is needed."""
    server = Server(kind, count, rate)
    try:
        yield server
    finally:
        server.close()


if __name__ == "__main__":
    serve(sys.argv[1], *map(int, sys.argv[2:]))
