"""What crossed the wire, as values: the lines that an engine makes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wsdebug.wire.frame import Frame, Opcode

__all__ = ["LESS_CAME", "SEPARATOR", "FrameLine", "Happened", "MessageRun"]

SEPARATOR = b"\x7f"  # a character of ASCII that JSON does not escape, and that texts hardly have
LESS_CAME = frozenset(("truncated", "too-big"))  # violations of frames that did not come whole


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

    @property
    def is_shortened(self) -> bool:
        """Whether all of the payload came, and only its beginning was kept (`--max-payload`)."""
        return self.cut is not None and LESS_CAME.isdisjoint(self.bad)

    @property
    def wire_size(self) -> int:
        """Bytes of the payload on the wire that came or went, kept or not."""
        if self.wire_length is not None:
            return self.wire_length
        if self.cut is not None and self.is_shortened:
            return self.cut
        return len(self.frame.payload)

    @property
    def size(self) -> int:
        """Bytes of the payload after inflating: all that came or went, but those that are kept
        where a compressed one was shortened. 0 where it could not be inflated.
        """
        if self.is_shortened and self.wire_length is None:
            return self.wire_size
        return len(self.payload) if self.payload is not None else 0


@dataclass(frozen=True, slots=True)
class MessageRun:
    """Received messages of one frame each, one after another, unmasked and without a violation:
    all text or all binary, all compressed or none. It says the same as as many frame lines.

    `joined` are the payloads of text with SEPARATOR between; `wires` those before inflating, none
    of them like its payload, where they were compressed. `number` is the line of the first, 0
    before they are written.
    """

    payloads: Sequence[bytes]
    is_text: bool
    joined: str = ""
    wires: Sequence[bytes] = ()
    number: int = 0
    time_us: int | None = None
    connection: int = 1

    @property
    def wire_size(self) -> int:
        """Bytes of the payloads on the wire."""
        if self.is_text and not self.wires and self.joined.isascii():
            return len(self.joined) - len(self.payloads) + 1
        return sum(map(len, self.wires or self.payloads))

    def messages(self) -> list[str | bytes]:
        """The payloads, str for text."""
        return [*self.texts()] if self.is_text else [*self.payloads]

    def texts(self) -> list[str]:
        """The payloads of text; none of binary messages."""
        return [payload.decode() for payload in self.payloads] if self.is_text else []

    def lines(self) -> Iterator[FrameLine]:
        """The same as lines."""
        return map(self.line, range(len(self.payloads)))

    def part(self, start: int, end: int) -> "MessageRun":
        """Some of them, counted from 0."""
        if end - start == len(self.payloads):
            return self
        payloads = self.payloads[start:end]
        joined = SEPARATOR.join(payloads).decode() if self.is_text else ""
        number = self.number + start if self.number else 0
        wires = self.wires[start:end]
        return replace(self, payloads=payloads, joined=joined, wires=wires, number=number)

    def line(self, index: int) -> FrameLine:
        """One of them, counted from 0."""
        opcode = Opcode.TEXT if self.is_text else Opcode.BINARY
        frame = Frame(opcode, (self.wires or self.payloads)[index], rsv1=bool(self.wires))
        return FrameLine(
            self.number + index if self.number else 0,
            self.time_us,
            False,
            frame,
            self.payloads[index],
            self.connection,
            is_text=self.is_text,
        )


Happened = FrameLine | MessageRun
