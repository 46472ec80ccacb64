"""Fragments put together while a session is gone through from line to line."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import UNSET

from wsdebug.log.records import Kept, Record, is_frame, keep, opcode_of, payload_bytes, payload_of
from wsdebug.wire.frame import Opcode

__all__ = ["JOINED", "Message", "OpenMessages"]

JOINED = 64 << 20  # bytes of a message that are kept


@dataclass(slots=True)
class Message:
    """The frames of a message so far, oldest first, their payloads taken out and put together.

    `parts` are the payloads up to 64 MiB; `is_whole` is false where one could not be inflated.
    `records` are all that were asked for, at least the `last`.
    """

    last: Record
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    records: list[Record] = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    is_whole: bool = True

    @property
    def text(self) -> str | None:
        """The joined payload, U+DC80 to U+DCFF for what is not UTF-8; None if it is unknown."""
        if not self.is_whole:
            return None
        self.parts = [b"".join(self.parts)]
        return self.parts[0].decode("utf-8", "surrogateescape")

    def add(self, record: Record, line: int, *, keeps: bool) -> None:
        """Take the next frame; its record keeps the size of the payload, not its bytes."""
        self.last = record
        record.op = opcode_of(record)
        data = payload_bytes(payload_of(record))
        if data is None:
            self.is_whole = False
        elif self.size < JOINED:
            self.parts.append(data)
        size = len(data or b"")
        self.size += size
        keep(record, Kept(b"", size), sent=record.recv is UNSET)
        self.lines.append(line)
        if keeps:
            self.records.append(record)


class OpenMessages:
    """The fragmented messages under way, by direction and connection.

    With `keeps_records` they have the record of each frame, else only that of the last.
    """

    def __init__(self, *, keeps_records: bool) -> None:
        self._keeps = keeps_records
        self._open: dict[tuple[bool, int], Message] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._open.values())

    @property
    def first_line(self) -> int | None:
        """The earliest line of them all."""
        return min((message.lines[0] for message in self), default=None)

    def take(self, record: Record, line: int) -> tuple[bool, Message | None]:
        """Whether a line is part of a fragmented message, and the message that it completes.

        That is another message where it shows that one will never be finished.
        """
        if not is_frame(record):
            return False, None
        opcode = opcode_of(record)
        if opcode >= Opcode.CLOSE:
            return False, None
        key = (record.recv is UNSET, record.c)
        if opcode:
            unfinished = self._open.pop(key, None)
            if not record.fin:
                self._start(key, record, line)
            return not record.fin, unfinished
        message = self._open.get(key)
        if message is None:
            if not record.fin:
                self._start(key, record, line)
            return not record.fin, None
        message.add(record, line, keeps=self._keeps)
        return True, self._open.pop(key) if record.fin else None

    def _start(self, key: tuple[bool, int], record: Record, line: int) -> None:
        message = self._open[key] = Message(record)
        message.add(record, line, keeps=self._keeps)
