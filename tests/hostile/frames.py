"""Servers that open in the right way, and then send frames that break a rule, or strain one."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.hostile.misbehaviour import Misbehaviour
from tests.hostile.peer import ON_IT_GOES, Peer
from wsdebug.wire.encode import encode_frame, encode_head
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["FRAMES", "NETWORK", "breaks"]

Plays = Callable[[Peer, Any], Awaitable[None]]

KEY = b"\xa1\xb2\xc3\xd4"
GIB = 1 << 30
GOES_ON = "goes on, closed 1000"
PINGS = {"ping_interval": 0.05, "ping_timeout": 0.1}


def sends(*frames: Frame) -> Plays:
    """Send frames, or what `variant` holds, and go on as a good server does."""

    async def play(peer: Peer, variant: Any) -> None:
        await peer.open()
        await peer.frames(*(frames or variant))
        await peer.go_on()

    return play


def closes(*frames: Frame) -> Plays:
    """Send frames, or what `variant` holds, of which one closes; then wait for the client."""

    async def play(peer: Peer, variant: Any) -> None:
        await peer.open()
        await peer.frames(*(frames or variant))
        await peer.stay()

    return play


def ends(data: bytes = b"") -> Plays:
    """Send bytes, or those of `variant`, and end TCP."""

    async def play(peer: Peer, variant: Any) -> None:
        await peer.open()
        await peer.send(data or variant)

    return play


def breaks(
    name: str, what: str, *, lenient: str = GOES_ON, also: str = "", **more: Any
) -> Misbehaviour:
    """A frame that breaks a rule: strict mode fails with the rule's code, lenient mode goes on."""
    rule = VIOLATIONS[name]
    play = more.pop("play", sends())
    says = f"`{name}`{also}"
    outcome = f"failed with {rule.close_code}"
    return Misbehaviour(what, rule.section, play, outcome, says, lenient, **more)


def text(payload: bytes, **bits: Any) -> Frame:
    """A text frame."""
    return Frame(Opcode.TEXT, payload, **bits)


def close(code: int, reason: bytes = b"") -> Frame:
    """A close frame with any code."""
    return Frame(Opcode.CLOSE, code.to_bytes(2, "big") + reason)


def closes_with(reason: bytes) -> Plays:
    """Close with the code of `variant`, and wait for the client."""

    async def play(peer: Peer, code: int) -> None:
        await peer.open()
        await peer.frames(close(code, reason))
        await peer.stay()

    return play


async def claim(peer: Peer, _: Any) -> None:
    """The head of a gigabyte, and then nothing."""
    await peer.open(then=encode_head(Frame(Opcode.BINARY, declared_length=GIB)))
    await peer.stay()


async def reset(peer: Peer, _: Any) -> None:
    """Half a frame, and a reset."""
    await peer.open(then=encode_frame(text(b"half of it", declared_length=100)))
    await peer.reader.read(0)
    peer.reset()


async def segments(peer: Peer, _: Any) -> None:
    """Every byte in a write of its own."""
    await peer.open()
    frames = [text("grüße".encode()), Frame(Opcode.PING, b"p"), text(b"x" * 130)]
    for byte in b"".join(map(encode_frame, frames)):
        await peer.send(bytes((byte,)))
    await peer.go_on()


async def floods(peer: Peer, _: Any) -> None:
    """Pings without a pause; each is answered."""
    await peer.open()
    for _ in range(10):
        await peer.frames(*[Frame(Opcode.PING, b"again")] * 1000)
    await peer.go_on()


async def fragments(peer: Peer, size: int) -> None:
    """One message in so many frames of a byte; the client must have all of it."""
    await peer.open()
    message = ON_IT_GOES.encode().ljust(size)
    data = bytearray(encode_frame(text(b"", fin=False)))
    for byte in message.strip():
        data += encode_frame(Frame(Opcode.CONT, bytes((byte,)), fin=False))
    data += encode_frame(Frame(Opcode.CONT, b"", fin=False)) * (size - len(message.strip()))
    await peer.send(bytes(data) + encode_frame(Frame(Opcode.CONT, b"")))
    await peer.answer_close()


async def deaf(peer: Peer, _: Any) -> None:
    """A message, and no answer to the close that it brings."""
    await peer.open(then=encode_frame(text(ON_IT_GOES.encode())))
    await peer.stay()


async def lingers(peer: Peer, _: Any) -> None:
    """A message, an answer to the close that it brings, and no end of TCP."""
    await peer.open()
    await peer.go_on()
    await peer.stay()


async def talks_on(peer: Peer, _: Any) -> None:
    """A message, and more and more of others whatever it brings."""
    await peer.open(then=encode_frame(text(ON_IT_GOES.encode())))
    while True:
        await peer.frames(*[text(b"and on")] * 100)


async def silent(peer: Peer, _: Any) -> None:
    """Nothing at all, not even pongs."""
    await peer.open()
    await peer.stay()


async def vanishes(peer: Peer, _: Any) -> None:
    """The end of TCP without a close frame."""
    await peer.open()


BAD_CODES = (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
GOOD_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999)

FRAMES = (
    breaks(
        "reserved-opcode",
        "reserved opcodes 3-7 and 11-15",
        variants=tuple((Frame(n, b"odd"),) for n in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)),
    ),
    breaks(
        "reserved-bit",
        "reserved bits, each, without compression",
        variants=tuple((text(b"odd", **{bit: True}),) for bit in ("rsv1", "rsv2", "rsv3")),
        options={"compression": None},
    ),
    breaks(
        "masked-by-server",
        "frames that the server masks, with any key",
        variants=tuple((text(b"hidden", mask=key),) for key in (KEY, bytes(4))),
    ),
    breaks(
        "masked-by-server",
        "frames after one that breaks a rule: strict mode keeps them, marked as late",
        variants=((text(b"hidden", mask=KEY), text(b"late"), Frame(9, b"late"), text(b"late")),),
    ),
    breaks(
        "fragmented-control",
        "control frames without FIN",
        variants=tuple((Frame(n, b"half", fin=False),) for n in (Opcode.PING, Opcode.PONG)),
    ),
    breaks(
        "fragmented-control",
        "a close frame without FIN",
        play=closes(),
        variants=((Frame(Opcode.CLOSE, b"\x03\xe8", fin=False),),),
        lenient="closed 1000",
    ),
    breaks(
        "long-control",
        "control frames of 126 and of 65,536 bytes",
        variants=tuple(
            (Frame(n, b"x" * size),) for n in (Opcode.PING, Opcode.PONG) for size in (126, 65536)
        ),
    ),
    breaks(
        "unexpected-cont",
        "a continuation of nothing",
        variants=tuple((Frame(Opcode.CONT, b"odd", fin=fin),) for fin in (True, False)),
    ),
    breaks(
        "missing-cont",
        "a message within another",
        variants=tuple((text(b"begun", fin=False), Frame(n, b"new")) for n in (1, 2)),
    ),
    breaks(
        "long-length",
        "lengths in a longer form than needed",
        variants=tuple(
            (text(b"x" * size, length_form=form),)
            for form, size in ((16, 0), (16, 5), (16, 125), (64, 5), (64, 126), (64, 65535))
        ),
    ),
    breaks(
        "long-length",
        "lengths of 2^63 and of 2^64 - 1, then the end",
        play=ends(),
        variants=tuple(
            encode_frame(Frame(2, b"x", declared_length=size)) for size in (1 << 63, (1 << 64) - 1)
        ),
        also=", `too-big`, `truncated`",
        lenient="closed 1006, not clean",
    ),
    breaks(
        "too-big",
        "a claim of 1 GiB, then silence",
        play=claim,
        options=PINGS,
        also=", `truncated`",
        lenient="closed 1006, not clean",
    ),
    breaks(
        "too-big",
        "messages over the limit, in one frame and in many",
        variants=(
            (Frame(2, bytes(200_000)),),
            (Frame(2, bytes(900), fin=False), Frame(0, bytes(200))),
        ),
        options={"max_size": 1000},
    ),
    Misbehaviour(
        "the end within a frame's payload",
        "RFC 6455 §7.1.7",
        ends(),
        "closed 1006, not clean",
        "`truncated`",
        variants=(
            encode_frame(text(b"half", declared_length=100)),
            encode_frame(Frame(2, b"", declared_length=70000)),
            encode_frame(Frame(8, b"\x03", declared_length=2)),
        ),
    ),
    Misbehaviour(
        "the end within a frame's head",
        "RFC 6455 §5.2",
        ends(),
        "closed 1006, not clean",
        "the stray bytes",
        variants=(b"\x81", b"\x82\x7e\x01", b"\x82\x7f\x00\x00"),
    ),
    Misbehaviour(
        "a reset within a frame",
        "RFC 9293 §3.10.7",
        reset,
        "closed 1006, not clean",
        "`truncated`, connection reset by peer",
    ),
    Misbehaviour(
        "frames after the close frame",
        "RFC 6455 §5.5.1",
        closes(close(1000, b"bye"), text(b"one more"), Frame(9, b"ping"), close(1001)),
        "closed 1000",
        "`data-after-close`",
    ),
    Misbehaviour(
        "a message in 10,000 frames, most of them empty",
        "RFC 6455 §5.4",
        fragments,
        GOES_ON,
        variants=(10_000,),
    ),
    Misbehaviour(
        "messages without a byte",
        "RFC 6455 §5.2",
        sends(*[text(b"")] * 1000, *[Frame(2, b"", fin=False), Frame(0, b"")] * 100),
        GOES_ON,
    ),
    Misbehaviour("segments of one byte", "RFC 6455 §5.4", segments, GOES_ON),
    Misbehaviour("10,000 pings at once", "RFC 6455 §5.5.2", floods, GOES_ON),
    Misbehaviour(
        "close codes that are allowed, with a reason",
        "RFC 6455 §7.4",
        closes_with(b"gr\xc3\xbcn"),
        "closed {v}",
        variants=GOOD_CODES,
    ),
    breaks(
        "bad-close-code",
        "close codes that are not",
        play=closes_with(b"why"),
        variants=BAD_CODES,
        lenient="closed {v}",
    ),
    breaks(
        "bad-close-payload",
        "a close frame of one byte, and reasons that are not UTF-8",
        play=closes(),
        variants=tuple(
            (Frame(8, body),) for body in (b"\x03", b"\x03\xe8\xff", b"\x03\xe8\xed\xa0\x80")
        ),
        lenient="closed 1005",
    ),
    breaks(
        "long-control",
        "a close reason that is too long",
        play=closes(),
        variants=((close(1000, b"r" * 124),),),
        lenient="closed 1000",
    ),
    Misbehaviour(
        "an empty close frame",
        "RFC 6455 §7.1.5",
        closes(Frame(8)),
        "closed 1005",
    ),
)

NETWORK = (
    Misbehaviour(
        "no answer to our close frame",
        "RFC 6455 §7.1.1",
        deaf,
        "goes on, closed 1006, not clean",
    ),
    Misbehaviour(
        "an answer to our close frame, and no end of TCP",
        "RFC 6455 §7.1.1",
        lingers,
        "goes on, closed 1000",
    ),
    Misbehaviour(
        "messages without end in place of an answer to our close frame",
        "RFC 6455 §7.1.1",
        talks_on,
        "goes on, closed 1006, not clean",
    ),
    Misbehaviour(
        "the end of TCP without a close frame",
        "RFC 6455 §7.1.5",
        vanishes,
        "closed 1006, not clean",
    ),
    Misbehaviour(
        "a half-open connection: no pongs",
        "RFC 6455 §5.5.2",
        silent,
        "closed 1006, not clean",
        "no pong in 0.1 s",
        options=PINGS,
    ),
)
