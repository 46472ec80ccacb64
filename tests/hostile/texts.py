"""Servers whose text is not UTF-8: each class of invalid sequence, cut at every byte."""

from collections.abc import Iterator

from tests.hostile.frames import breaks
from tests.hostile.peer import Peer
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["CLASSES", "TEXTS"]

CLASSES = {
    "a continuation byte that continues nothing": b"\x80",
    "a first byte without the others": b"\xe2\x82",
    "a character of four bytes that lacks the last": b"\xf0\x9f\x98",
    "an overlong form of two bytes": b"\xc0\xaf",
    "an overlong form of three bytes": b"\xe0\x80\xaf",
    "an overlong form of four bytes": b"\xf0\x80\x80\xaf",
    "a surrogate": b"\xed\xa0\x80",
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "a code point past U+10FFFF": b"\xf4\x90\x80\x80",
    "forms of five and six bytes": b"\xf8\x88\x80\x80\x80\xfc\x84\x80\x80\x80\x80",
    "a byte that is never in UTF-8": b"\xff",
}
Cut = tuple[tuple[Frame, ...], bool]  # frames, and whether each byte is a write of its own


def cuts(sequence: bytes) -> Iterator[Cut]:
    """In one frame, in two that are cut at any byte, and a byte at a time."""
    data = b"ok " + sequence + b" ok"
    whole = Frame(Opcode.TEXT, data)
    yield (whole,), False
    yield (whole,), True
    for at in range(3, 3 + len(sequence) + 1):
        yield (Frame(Opcode.TEXT, data[:at], fin=False), Frame(Opcode.CONT, data[at:])), False


async def play(peer: Peer, variant: Cut) -> None:
    """Send the frames."""
    frames, is_slow = variant
    data = b"".join(map(encode_frame, frames))
    await peer.open()
    for piece in (bytes((byte,)) for byte in data) if is_slow else (data,):
        await peer.send(piece)
    await peer.go_on()


TEXTS = (
    *(
        breaks("invalid-utf8", what, play=play, variants=tuple(cuts(sequence)))
        for what, sequence in CLASSES.items()
    ),
    breaks(
        "invalid-utf8",
        "a message that ends within a character",
        play=play,
        variants=(
            ((Frame(Opcode.TEXT, b"\xe2\x82"),), False),
            ((Frame(Opcode.TEXT, b"\xe2\x82", fin=False), Frame(Opcode.CONT, b"")), False),
        ),
    ),
)
