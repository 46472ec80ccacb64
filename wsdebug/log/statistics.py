"""A session in numbers: counts, sizes, rates and latencies, in one pass and bounded memory."""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import ceil
from operator import sub

from msgspec import UNSET

from wsdebug.log.buckets import Buckets
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.histogram import Histogram
from wsdebug.log.latencies import Answer, Pairs, message_ids
from wsdebug.log.log import FrameLog
from wsdebug.log.open_messages import Message, OpenMessages
from wsdebug.log.over_time import MOMENTS, LatencyKind, Moment
from wsdebug.log.records import (
    Record,
    close_code,
    decode_window,
    is_frame,
    opcode_of,
    payload_bytes,
    payload_of,
    payload_size,
    payload_text,
    wire_size,
)
from wsdebug.log.statistics_many import FEW, PlainRun, odd_ones, spans
from wsdebug.log.windows import Window
from wsdebug.wire.frame import Opcode

__all__ = ["Statistics", "Traffic"]

SECOND = 1_000_000  # microseconds
CONNECTIONS = 100_000  # that are told apart
NAMES = 100  # different names of events and violations that are counted


class Traffic:
    """What went one way. Bytes are those of payloads, inflated; `wire_bytes` as they came."""

    def __init__(self) -> None:
        self.frames = 0
        self.bytes = 0
        self.wire_bytes = 0
        self.opcodes: Counter[int] = Counter()
        self.sizes = Histogram()  # of data messages
        self.peak_frames = 0  # in a second of the session
        self.peak_bytes = 0
        self._second = -1
        self._frames = 0
        self._bytes = 0

    def add(self, opcode: int, size: int, on_wire: int, time_us: int | None) -> None:
        """Take a frame."""
        self.frames += 1
        self.bytes += size
        self.wire_bytes += on_wire
        self.opcodes[opcode] += 1
        if time_us is not None:
            self._in_second(time_us // SECOND, 1, size)

    def add_texts(self, times: Sequence[int], sizes: Sequence[int]) -> None:
        """Take text messages of one frame each, uncompressed, whose times ascend."""
        if not times:
            return
        before = [0, *accumulate(sizes)]
        self.frames += len(sizes)
        self.bytes += before[-1]
        self.wire_bytes += before[-1]
        self.opcodes[Opcode.TEXT] += len(sizes)
        self.sizes.add_many(Counter(sizes))
        for start, stop in spans(times, lambda time_us: (time_us // SECOND + 1) * SECOND):
            self._in_second(times[start] // SECOND, stop - start, before[stop] - before[start])

    def peaks(self, duration_us: int) -> tuple[int, int]:
        """Frames and bytes a second at the busiest: no less than on average, as a second at the
        end of a session, and the only one of a short session, is seldom a whole one.
        """
        seconds = duration_us / SECOND
        if not seconds:
            return self.peak_frames, self.peak_bytes
        return (
            max(self.peak_frames, ceil(self.frames / seconds)),
            max(self.peak_bytes, ceil(self.bytes / seconds)),
        )

    def _in_second(self, second: int, frames: int, size: int) -> None:
        if second != self._second:
            self._second, self._frames, self._bytes = second, 0, 0
        self._frames += frames
        self._bytes += size
        self.peak_frames = max(self.peak_frames, self._frames)
        self.peak_bytes = max(self.peak_bytes, self._bytes)


class Statistics:
    """Grows as `advance` is called, or without a log by what it is given to `take`; with `lines`
    only what they have counts. Can be pickled, to be read.

    Times are in microseconds since the session started.
    """

    def __init__(self, log: FrameLog | None = None, lines: FilteredLines | None = None) -> None:
        self.sent = Traffic()
        self.received = Traffic()
        self.pairs = Pairs()
        self.over_time = Buckets(Moment, MOMENTS)
        self.first_us: int | None = None
        self.last_us: int | None = None
        self.silence_us = 0  # the longest time without a frame
        self.silence_line = 0  # the frame that ended it
        self.connections: set[int] = set()
        self.violations: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.close_codes: Counter[int] = Counter()  # of close frames
        self.notes = 0
        self._log = log
        self._lines = lines
        self._at = (0, 1)
        self._open = OpenMessages(keeps_records=False)
        self._frame_us: int | None = None
        self._moment = Moment()  # of the last time

    @property
    def duration_us(self) -> int:
        """From the first line with a time to the last."""
        return (self.last_us or 0) - (self.first_us or 0)

    @property
    def looked_through(self) -> int:
        """Bytes of the file that were counted."""
        return self._at[0]

    def advance(self) -> bool:
        """Count the next window; whether there may be more at once."""
        assert self._log is not None
        window = self._log.window(self._at)
        if window is None:
            return False
        index = self._log.index
        self.take(window, index.hidden(window.first, window.first + window.lines - 1))
        return self._at[0] < index.size

    def take(self, window: Window, hidden: Sequence[int]) -> None:
        """Count a window, of which some lines are no rows."""
        records, start = decode_window(window, hidden), 0
        if self._lines is None:
            for odd in [*odd_ones(records), len(records)]:
                self._take_run(records[start:odd], window.first + start)
                self._take_each(records[odd : odd + 1], window.first + odd)
                start = odd + 1
        self._take_each(records[start:], window.first + start)
        self._at = window.after

    def _take_each(self, records: Sequence[Record], first: int) -> None:
        for line, record in enumerate(records, first):
            if self._lines is None or line in self._lines:
                self._add(record, line)

    def _take_run(self, records: Sequence[Record], first: int) -> None:
        """Take plain text messages, all at once unless a message in fragments is under way."""
        run = PlainRun(records) if len(records) >= FEW and not self._open else None
        if run is None or not run.goes_on_from(self.over_time.last_us):
            self._take_each(records, first)
            return
        self.first_us = run.times[0] if self.first_us is None else self.first_us
        self.last_us = run.times[-1]
        self.received.add_texts(*run.of(sent=False))
        self.sent.add_texts(*run.of(sent=True))
        for connection in set(run.connections):
            self._connected(connection)
        self._silence(first, run.times[0])
        widest = max(gaps := list(map(sub, run.times[1:], run.times)))
        self._frame_us = run.times[-1] - widest
        self._silence(first + 1 + gaps.index(widest), run.times[-1])
        ids = message_ids(run.texts)
        for start, stop in spans(run.times, self.over_time.end_of):
            self._moment = self.over_time.at(run.times[start])
            self._moment.frames(first + start, *run.sums(start, stop))
            for at, found in enumerate(ids[start:stop] if ids is not None else (), start):
                if found is not None:
                    self._identified(run, at, found, first + at)
        self._moment = self.over_time.at(run.times[-1])

    def _identified(self, run: PlainRun, at: int, found: str | int, line: int) -> None:
        sent, connection = run.are_sent[at], run.connections[at]
        answer = self.pairs.identified(connection, found, run.times[at], line, sent=sent)
        self._answered("peer_request" if sent else "request", answer)

    def __getstate__(self) -> dict[str, object]:
        left_out = {"_log": None, "_lines": None, "_open": OpenMessages(keeps_records=False)}
        return self.__dict__ | left_out

    def _add(self, record: Record, line: int) -> None:
        time_us = round(record.t * SECOND) if record.t is not None else None
        if time_us is not None:
            self.first_us = time_us if self.first_us is None else self.first_us
            self.last_us = time_us
            self._moment = self.over_time.at(time_us)
        if is_frame(record):
            self._frame(record, line, time_us)
        elif record.event is not UNSET:
            self._connected(record.c)
            _count(self.events, record.event)
            if record.event in ("closed", "error"):
                self._frame_us = None  # who is not there is not silent
        elif record.note is not UNSET:
            self.notes += 1

    def _frame(self, record: Record, line: int, time_us: int | None) -> None:
        sent = record.send is not UNSET
        opcode, size = opcode_of(record), payload_size(record)
        traffic = self.sent if sent else self.received
        traffic.add(opcode, size, wire_size(record), time_us)
        if time_us is not None:
            self._moment.frame(line, size, sent=sent)
        self._connected(record.c)
        for name in record.bad:
            _count(self.violations, name)
        self._silence(line, time_us)
        if opcode >= Opcode.CLOSE:
            self._control(record, line, opcode, time_us, sent=sent)
            return
        is_part, ended = self._open.take(record, line)
        for message in ended:
            self._fragmented(message)
        if not is_part:
            traffic.sizes.add(size)
            if time_us is not None:
                text = payload_text(record)
                if text is not None:
                    answer = self.pairs.message(record.c, text, time_us, line, sent=sent)
                    self._answered("peer_request" if sent else "request", answer)

    def _answered(self, kind: LatencyKind, answer: Answer | None) -> None:
        if answer is not None:
            self._moment.answered(kind, answer.took_us)

    def _control(
        self, record: Record, line: int, opcode: int, time_us: int | None, *, sent: bool
    ) -> None:
        if opcode == Opcode.CLOSE:
            code = close_code(record)
            self.close_codes[1005 if code is None else code] += 1
        elif time_us is not None and (opcode, sent) in ((Opcode.PING, True), (Opcode.PONG, False)):
            payload = payload_bytes(payload_of(record)) or b""
            if sent:
                self.pairs.ping(record.c, payload, time_us, line)
            else:
                self._answered("ping", self.pairs.pong(record.c, payload, time_us, line))

    def _fragmented(self, message: Message) -> None:
        """A message that ended with this frame, or never will."""
        last = message.last
        if not last.fin:
            return
        sent = last.send is not UNSET
        (self.sent if sent else self.received).sizes.add(message.size)
        text = message.text
        if text is not None and last.t is not None:
            time_us, line = round(last.t * SECOND), message.lines[-1]
            answer = self.pairs.message(last.c, text, time_us, line, sent=sent)
            self._answered("peer_request" if sent else "request", answer)

    def _connected(self, connection: int) -> None:
        if len(self.connections) < CONNECTIONS:  # a file can name any number
            self.connections.add(connection)

    def _silence(self, line: int, time_us: int | None) -> None:
        if time_us is None:
            return
        if self._frame_us is not None and time_us - self._frame_us > self.silence_us:
            self.silence_us, self.silence_line = time_us - self._frame_us, line
        self._frame_us = time_us


def _count(counter: Counter[str], name: str) -> None:
    """A file can have any number of names; they are not all kept."""
    counter[name if name in counter or len(counter) < NAMES else "others"] += 1
