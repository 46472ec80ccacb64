"""Fragments put together while a session is gone through from line to line."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import UNSET

from wsdebug.log.records import Kept, Record, is_frame, keep, opcode_of, payload_bytes, payload_of
from wsdebug.wire.frame import Opcode

__all__ = ["JOINED", "Message", "OpenMessages"]

JOINED = 64 << 20  # bytes of a message that are kept
KEPT = 2 * JOINED  # bytes of all messages
OPEN = 50  # messages under way


@dataclass(slots=True)
class Message:
    """The frames of a message so far, oldest first, their payloads taken out and put together.

    `joined` are the payloads up to 64 MiB, where they are kept; `is_whole` is false where one could
    not be inflated. `records` are all that were asked for, at least the `last`.
    """

    last: Record
    lines: "array[int]" = field(default_factory=lambda: array("Q"))
    records: list[Record] = field(default_factory=list)
    joined: bytearray = field(default_factory=bytearray)
    size: int = 0
    is_whole: bool = True

    @property
    def text(self) -> str | None:
        """The joined payload, U+DC80 to U+DCFF for what is not UTF-8; None if it is unknown."""
        return self.joined.decode("utf-8", "surrogateescape") if self.is_whole else None

    def add(self, record: Record, line: int, *, keeps_record: bool, keeps_text: bool) -> None:
        """Take the next frame; its record keeps the size of the payload, not its bytes."""
        self.last = record
        record.op = opcode_of(record)
        data = payload_bytes(payload_of(record))
        if data is None:
            self.is_whole = False
        elif keeps_text and self.size < JOINED:
            self.joined += data
        size = len(data or b"")
        self.size += size
        keep(record, Kept(b"", size), sent=record.recv is UNSET)
        self.lines.append(line)
        if keeps_record:
            self.records.append(record)


class OpenMessages:
    """The fragmented messages under way, by direction and connection.

    With `keeps_records` they have the record of each frame, else only that of the last; without
    `keeps_texts` no payload.
    """

    def __init__(self, *, keeps_records: bool, keeps_texts: bool = True) -> None:
        self._keeps_records = keeps_records
        self._keeps_texts = keeps_texts
        self._open: dict[tuple[bool, int], Message] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __iter__(self) -> Iterator[Message]:
        return iter(self._open.values())

    @property
    def first_line(self) -> int | None:
        """The earliest line of them all."""
        return min((message.lines[0] for message in self), default=None)

    def take(self, record: Record, line: int) -> tuple[bool, list[Message]]:
        """Whether a line is part of a fragmented message, and the messages that end with it: that
        one, one that will never be finished, or the oldest where there are too many.
        """
        if not is_frame(record):
            return False, []
        opcode = opcode_of(record)
        if opcode >= Opcode.CLOSE:
            return False, []
        key = (record.recv is UNSET, record.c)
        ended = [self._open.pop(key)] if opcode and key in self._open else []
        message = self._open.get(key)
        if message is None:
            if record.fin:
                return False, ended
            message = self._open[key] = Message(record)
        message.add(record, line, keeps_record=self._keeps_records, keeps_text=self._keeps_texts)
        if record.fin:
            ended.append(self._open.pop(key))
        while len(self._open) > OPEN or sum(len(each.joined) for each in self) > KEPT:
            ended.append(self._open.pop(next(iter(self._open))))
        return True, ended
