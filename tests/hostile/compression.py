"""Servers whose compressed messages explode, are spoilt, or break what was agreed."""

import zlib
from collections.abc import Awaitable, Callable
from typing import Any

from tests.hostile.frames import GOES_ON, breaks
from tests.hostile.misbehaviour import Misbehaviour
from tests.hostile.peer import Peer
from wsdebug.wire.deflate import Deflater
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["COMPRESSION", "bomb"]

Plays = Callable[[Peer, Any], Awaitable[None]]

MIB = 1 << 20
EXTENSION = "Sec-WebSocket-Extensions: permessage-deflate"
NOISE = bytes(zlib.crc32(bytes((n % 256, n // 256))) & 0xFF for n in range(600))


def bomb(size: int) -> bytes:
    """So many MiB of zeros, in a thousandth of it."""
    stream = zlib.compressobj(9, wbits=-15)
    block = stream.compress(bytes(MIB)) + stream.flush(zlib.Z_FULL_FLUSH)
    return (block * size)[:-4]


def sends(*frames: Frame, parameters: str = "") -> Plays:
    """Agree to compression, send frames, and go on."""

    async def play(peer: Peer, variant: Any) -> None:
        await peer.open(EXTENSION + parameters)
        await peer.frames(*(frames or variant))
        await peer.go_on()

    return play


def packed(payload: bytes, **bits: Any) -> Frame:
    """A compressed frame that begins a message."""
    return Frame(Opcode.TEXT, payload, rsv1=True, **bits)


def twice(message: bytes) -> tuple[Frame, ...]:
    """Two equal messages, the second by reference to the first."""
    deflater = Deflater()
    return tuple(packed(deflater.deflate(message)) for _ in range(2))


HALF = Deflater().deflate(b'{"cut":"off"}')[:-4]

COMPRESSION = (
    Misbehaviour(
        "a bomb within the limit: 1 KiB that is 1 MiB",
        "RFC 7692 §8",
        sends(Frame(2, bomb(1), rsv1=True)),
        GOES_ON,
    ),
    breaks(
        "too-big",
        "bombs of 2 MiB and of 1 GiB, where 1 MiB is the limit",
        play=sends(),
        variants=tuple((Frame(2, bomb(size), rsv1=True),) for size in (2, 1024)),
        options={"max_size": MIB},
    ),
    breaks(
        "too-big",
        "a bomb in fragments that are each within the limit",
        play=sends(
            *(
                Frame(0 if number else 2, bomb(1) + b"\0\0\xff\xff", rsv1=not number, fin=False)
                for number in range(3)
            ),
            Frame(0, b"\0"),
        ),
        options={"max_size": 2 * MIB},
    ),
    breaks(
        "inflate-failed",
        "what is no DEFLATE",
        play=sends(),
        variants=(
            (packed(b"\xff\xff\xff"),),
            (packed(b"plain text"),),
            (packed(b"\x00\x05\x00\x00\x00hello"),),
        ),
    ),
    breaks(
        "inflate-failed",
        "a stream that is cut off, in a message and in fragments",
        play=sends(),
        variants=((packed(HALF),), (packed(HALF, fin=False), Frame(0, b"")), (packed(b""),)),
    ),
    breaks(
        "inflate-failed",
        "the tail that was to be left off",
        play=sends(packed(Deflater().deflate(b"hello") + b"\0\0\xff\xff")),
    ),
    breaks(
        "inflate-failed",
        "last blocks without end",
        play=sends(packed(b"\x03\x00" * 100_000)),
    ),
    breaks(
        "inflate-failed",
        "references behind the agreed window, to a message before",
        play=sends(*twice(NOISE.hex().encode()), parameters="; server_max_window_bits=9"),
    ),
    breaks(
        "inflate-failed",
        "context that is taken over though it was not to be",
        play=sends(*twice(b"the same again, " * 8), parameters="; server_no_context_takeover"),
    ),
    breaks(
        "reserved-bit",
        "compressed control frames and continuations",
        play=sends(),
        variants=(
            (Frame(Opcode.PING, b"p", rsv1=True),),
            (packed(b"", fin=False), Frame(0, Deflater().deflate(b"x"), rsv1=True)),
        ),
    ),
    Misbehaviour(
        "messages that are not compressed though they may be",
        "RFC 7692 §6",
        sends(Frame(1, b"plain"), packed(Deflater().deflate(b"packed"))),
        GOES_ON,
    ),
)
