"""A message of any number of frames put together: a million of them in half a second."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from msgspec import UNSET

from wsdebug.log.fragments import inner_lines, is_beside, start_of
from wsdebug.log.records import (
    Record,
    decode_window,
    is_frame,
    opcode_of,
    payload_bytes,
    payload_of,
    wire_size,
)
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.wire.frame import Opcode

if TYPE_CHECKING:
    from wsdebug.log.log import FrameLog

__all__ = ["FIRST", "LAST", "WholeMessage"]

FIRST, LAST = 6, 3  # frames that are told apart of a message of very many
SOME = 256  # lines that are parsed in a step


class WholeMessage:
    """The message of a frame, as `advance` puts it together: its payload, how many frames it has
    (`count`), and of these the first six (or `first`), the last three, the one asked for and the
    first that broke a rule (`frames`). A frame that is no fragment is a message of its own.

    Sizes are in bytes. With `up_to` it ends before that line.
    """

    def __init__(
        self, log: "FrameLog", line: FrameLine, *, up_to: int | None = None, first: int = FIRST
    ) -> None:
        self.frames: Sequence[FrameLine] = [line]
        self.count = 0
        self.wire_length = 0  # of all payloads on the wire
        self.has_wire = False  # some payload was another one there
        self.is_broken = False  # a frame has the violation `invalid-utf8`
        self._log = log
        self._line = line
        self._up_to = up_to if up_to is not None else 1 << 63
        self._parts: list[bytes] = []
        self._is_whole = True
        self._first: list[int] = []
        self._most_first = first
        self._last: deque[int] = deque(maxlen=LAST)
        self._bad: int | None = None
        self._work = self._steps()

    @property
    def is_whole(self) -> bool:
        """Whether the payloads of all frames so far could be inflated."""
        return self._is_whole

    @property
    def data(self) -> bytes | None:
        """The payload, inflated; None where that of a frame could not be."""
        return self.known if self._is_whole else None

    @property
    def known(self) -> bytes:
        """What could be inflated of it."""
        self._parts = [b"".join(self._parts)]
        return self._parts[0]

    @property
    def is_text(self) -> bool:
        """Whether it began as a text message."""
        return self.frames[0].frame.opcode == Opcode.TEXT

    @property
    def is_complete(self) -> bool:
        """Whether its last frame has come."""
        return self.frames[-1].frame.fin

    def advance(self) -> bool:
        """Do some milliseconds' work; whether there is more."""
        return next(self._work, None) is not None

    def finish(self) -> "WholeMessage":
        """Do all of it."""
        while self.advance():
            pass
        return self

    def pieces(self) -> Iterator[bytes]:
        """The payload as it is put together; what was given is no longer in `data`."""
        has_more = True
        while has_more:
            has_more = self.advance()
            yield self.known
            self._parts.clear()

    def _steps(self) -> Iterator[bool]:
        line = self._line
        if line.frame.is_control or (line.frame.opcode and line.frame.fin):
            self._take_frame(line)
            return
        start = start_of(line, self._log.blocks_before)
        yield True
        yield from self._stored(start) if self._log.is_shown_as_stored else self._shown(start)
        numbers = {*self._first, *self._last, line.number}
        if self._bad is not None:
            numbers.add(self._bad)
        found = (line if n == line.number else self._log.line(n) for n in sorted(numbers))
        self.frames = [frame for frame in found if isinstance(frame, FrameLine)]

    def _shown(self, start: int) -> Iterator[bool]:
        """Line by line, as a log shows them that masks some."""
        for number, data in self._log.raw_lines(start):
            frame = parse_line(data, number)
            if isinstance(frame, FrameLine) and self._take_frame(frame):
                return
            if number % SOME == 0:
                yield True

    def _stored(self, start: int) -> Iterator[bool]:
        at = self._log.index.locate(start)
        while (window := self._log.window(at)) is not None:
            at, first = window.after, window.first
            if window.preview is not None:  # only by itself is it read wholly
                frame = self._log.line(first)
                is_over = isinstance(frame, FrameLine) and self._take_frame(frame)
            else:
                hidden = self._log.index.hidden(first, first + window.lines - 1)
                records = decode_window(window, hidden)
                is_inner = inner_lines(self._line.sent, self._line.connection).fullmatch
                is_over = (
                    first < start
                    or first + len(records) > self._up_to
                    or is_inner(window.data) is None
                    or not self._take_texts(records, first)
                ) and self._take_records(records[max(0, start - first) :], max(start, first))
            if is_over:
                return
            yield True

    def _take_texts(self, records: Sequence[Record], first: int) -> bool:
        """Take fragments between the first and the last; whether all were plain texts."""
        sent, count = self._line.sent, len(records)
        texts = [record.send if sent else record.recv for record in records]
        are_plain = (
            [record.wire for record in records].count(UNSET) == count
            and [record.wlen for record in records].count(None) == count
            and [record.cut for record in records].count(None) == count
        )
        if not are_plain or set(map(type, texts)) != {str}:
            return False
        data = "".join(texts).encode()  # type: ignore[arg-type]
        self._parts.append(data)
        self.wire_length += len(data)
        self.count += count
        self._first += range(first, first + min(count, self._most_first - len(self._first)))
        self._last += range(max(first, first + count - LAST), first + count)
        return True

    def _take_records(self, records: Sequence[Record], first: int) -> bool:
        """Take the frames of the message among some lines; whether it has come to its end."""
        sent, connection = self._line.sent, self._line.connection
        for number, record in enumerate(records, first):
            if not is_frame(record) or (record.recv is UNSET, record.c) != (sent, connection):
                continue
            opcode = opcode_of(record)
            if opcode < Opcode.CLOSE:
                payload = payload_bytes(payload_of(record))
                size = wire_size(record)
                if self._take(number, opcode, record.fin, payload, size, record.bad):
                    return True
        return False

    def _take_frame(self, line: FrameLine) -> bool:
        """The same of a line."""
        if line is not self._line and not is_beside(line, self._line):
            return False
        frame = line.frame
        size = line.wire_size
        return self._take(line.number, frame.opcode, frame.fin, line.payload, size, line.bad)

    def _take(
        self,
        number: int,
        opcode: int,
        fin: bool,
        payload: bytes | None,
        wire_length: int,
        bad: Sequence[str],
    ) -> bool:
        is_next = opcode and number > self._line.number  # the message was never finished
        if is_next or number >= self._up_to:
            return True
        if payload is None:
            self._is_whole = False
        else:
            self._parts.append(payload)
        self.count += 1
        self.wire_length += wire_length
        self.has_wire = self.has_wire or wire_length != len(payload or b"")
        self.is_broken = self.is_broken or "invalid-utf8" in bad
        if bad and self._bad is None:
            self._bad = number
        if len(self._first) < self._most_first:
            self._first.append(number)
        self._last.append(number)
        return number >= self._line.number and fin
