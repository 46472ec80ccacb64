"""What a line of a session file says, as values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wsdebug.wire.frame import Frame, Opcode

__all__ = [
    "SEPARATOR",
    "Damaged",
    "Event",
    "FrameLine",
    "Happened",
    "Header",
    "Line",
    "MessageRun",
    "Note",
    "Wait",
]

SEPARATOR = b"\x7f"  # a byte of ASCII that JSON does not escape, and that texts hardly have


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: what was connected to, and how to connect again.

    `raw` is the whole JSON object as it stands, unknown keys included, for rewriting.
    """

    number: int
    url: str
    version: int | None = None
    started: str | None = None  # RFC 3339 UTC
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    connect: Mapping[str, Any] = field(default_factory=dict)
    redacted: tuple[str, ...] = ()
    keeps_wire: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrameLine:
    """One wire frame, recorded or written by hand.

    `frame.payload` is the payload **on the wire** (unmasked, before inflating); where it was not
    kept (`wire_length` is set) it is empty. `payload` is after inflating, None where it could not
    be inflated. For a frame that was not compressed both are the same bytes.
    """

    number: int  # line in the file, from 1; 0 before it is written
    time_us: int | None  # microseconds since the session started
    sent: bool
    frame: Frame
    payload: bytes | None
    connection: int = 1
    bad: tuple[str, ...] = ()
    cut: int | None = None  # declared payload length in bytes, where less was kept or came
    wire_length: int | None = None  # bytes; set where the wire payload differs and was not kept
    raw: Mapping[str, Any] = field(default_factory=dict)  # hand-written keys, `{}` if recorded
    is_text: bool = False  # belongs to a text message
    any_mask: bool = False  # sent, and the file does not say with which key


@dataclass(frozen=True, slots=True)
class MessageRun:
    """Received messages of one frame each, one after another, unmasked and without a violation:
    all text or all binary, all compressed or none. It says the same as as many frame lines.

    `joined` are the payloads of text with SEPARATOR between; `wires` those before inflating, none
    of them like its payload, where they were compressed.
    """

    payloads: Sequence[bytes]
    is_text: bool
    joined: bytes = b""
    wires: Sequence[bytes] = ()

    @property
    def wire_size(self) -> int:
        """Bytes of the payloads on the wire."""
        if self.is_text and not self.wires:
            return len(self.joined) - len(self.payloads) + 1
        return sum(map(len, self.wires or self.payloads))

    def messages(self) -> list[str | bytes]:
        """The payloads, str for text."""
        if not self.is_text:
            return [*self.payloads]
        return [payload.decode() for payload in self.payloads]

    def lines(self) -> Iterator[FrameLine]:
        """The same as lines."""
        opcode = Opcode.TEXT if self.is_text else Opcode.BINARY
        rsv1 = bool(self.wires)
        for payload, wire in zip(self.payloads, self.wires or self.payloads, strict=True):
            frame = Frame(opcode, wire, rsv1=rsv1)
            yield FrameLine(0, None, False, frame, payload, is_text=self.is_text)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a connection: `connecting`, `dns`, … `closed`, `end`."""

    number: int
    time_us: int | None
    name: str
    fields: Mapping[str, Any]  # all keys but `t`, `c` and `event`
    connection: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A person's remark, on a line or on the moment."""

    number: int
    time_us: int | None
    text: str
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause written by hand."""

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that is not of this format; `why` says so in words."""

    number: int
    why: str
    data: bytes  # at most the first 64 KiB
    is_newer: bool = False  # a header of a later format version: the file cannot be read


Line = Header | FrameLine | Event | Note | Wait | Damaged
Happened = FrameLine | MessageRun
