"""A session over time: frames each way in buckets, in one pass and bounded memory."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET

from wsdebug.log.log import FrameLog
from wsdebug.log.records import Record, decode_window, is_frame, wire_size
from wsdebug.log.windows import Window

__all__ = ["BUCKETS", "Bucket", "Timeline", "cell_of", "line_at", "silence_before"]

BUCKETS = 1024
MEASURED = 16 << 20  # bytes from the beginning whose payloads are measured
TIME = re.compile(rb'\{"t":([0-9]{1,10})\.([0-9]{6}),')  # as recordings have it
# A quote inside a payload is escaped: these are keys.
SENT, RECEIVED, BAD = b',"send":', b',"recv":', b',"bad":['


@dataclass(slots=True)
class Bucket:
    """What lies in a span of time; times are those of frames, in microseconds."""

    line: int = 0  # the first, whatever it is; 0 for none
    sent: int = 0  # frames
    received: int = 0
    wrong: int = 0  # broken rules, connections that failed or broke
    first_us: int = -1  # -1 without frames
    last_us: int = -1

    def add(self, other: "Bucket") -> None:
        """Take what lies in a later span."""
        self.line = self.line or other.line
        self.sent += other.sent
        self.received += other.received
        self.wrong += other.wrong
        if other.first_us >= 0:
            self.first_us = self.first_us if self.first_us >= 0 else other.first_us
            self.last_us = other.last_us


class Timeline:
    """Grows as `advance` is called, by one thread at a time; any thread may read.

    The buckets double their width whenever time goes past the last. Lines without a time are
    counted with the time before them, and so is what the clock says when it goes backward.
    `sent_bytes` and `received_bytes`, on the wire, are None where the session is too long for
    all of its payloads to be measured.
    """

    def __init__(self, log: FrameLog) -> None:
        self.sent = 0  # frames
        self.received = 0
        self.sent_bytes: int | None = 0
        self.received_bytes: int | None = 0
        self.first_us: int | None = None
        self.last_us = 0
        self._log = log
        self._at = (0, 1)
        # Replaced as a whole where they merge: who reads meanwhile has the old ones.
        self._state: tuple[int, list[Bucket | None]] = (1, [None] * BUCKETS)

    @property
    def looked_through(self) -> int:
        """Bytes of the file that were."""
        return self._at[0]

    @property
    def is_complete(self) -> bool:
        """Whether all that there is now was looked through."""
        return self._at[0] >= self._log.index.size

    def advance(self) -> bool:
        """Take the next window; whether there may be more at once."""
        window = self._log.window(self._at)
        if window is None:
            return False
        hidden = self._log.index.hidden(window.first, window.first + window.lines - 1)
        is_measured = self._at[0] < MEASURED
        if is_measured or hidden or window.preview is not None or not self._count(window):
            for line, record in enumerate(decode_window(window, hidden), window.first):
                self._add(record, line)
        self._at = window.after
        return self._at[0] < self._log.index.size

    def spans(self, count: int) -> list[Bucket]:
        """The whole session in so many spans of the same length; nothing without times."""
        width, buckets = self._state
        if self.first_us is None or count < 1:
            return []
        spans = [Bucket() for _ in range(count)]
        length = self.last_us - self.first_us + 1
        for number, bucket in enumerate(buckets):
            if bucket is not None:
                middle = (2 * number + 1) * width // 2
                spans[min(count - 1, middle * count // length)].add(bucket)
        return spans

    def _bucket(self, time_us: int) -> Bucket:
        """The bucket of a time that is not before any other."""
        if self.first_us is None:
            self.first_us = time_us
        self.last_us = time_us
        since = time_us - self.first_us
        width, buckets = self._state
        if since >= width * BUCKETS:
            while since >= width * BUCKETS:
                pairs = zip(buckets[::2], buckets[1::2], strict=True)
                buckets = [*map(_merged, pairs), *([None] * (BUCKETS // 2))]
                width *= 2
            self._state = (width, buckets)
        bucket = buckets[since // width]
        if bucket is None:
            bucket = buckets[since // width] = Bucket()
        return bucket

    def _add(self, record: Record, line: int) -> None:
        frame = is_frame(record)
        time_us = self.last_us
        if record.t is not None:
            time_us = max(time_us, round(record.t * 1_000_000))
        elif self.first_us is None or not frame:
            self._tally(record, frame=frame)
            return
        bucket = self._bucket(time_us)
        bucket.line = bucket.line or line
        bucket.wrong += len(record.bad) or _is_failure(record)
        if frame:
            if record.send is not UNSET:
                bucket.sent += 1
            else:
                bucket.received += 1
            bucket.first_us = bucket.first_us if bucket.first_us >= 0 else time_us
            bucket.last_us = time_us
        self._tally(record, frame=frame)

    def _tally(self, record: Record, *, frame: bool) -> None:
        if not frame:
            return
        if record.send is not UNSET:
            self.sent += 1
            if self.sent_bytes is not None:
                self.sent_bytes += wire_size(record)
        else:
            self.received += 1
            if self.received_bytes is not None:
                self.received_bytes += wire_size(record)

    def _count(self, window: Window) -> bool:
        """Take a window of nothing but frames as a recorder writes them, without a look at each;
        false, with nothing taken, where it is not one.
        """
        data = window.data
        cuts = self._cuts(data)
        if not cuts:
            return False
        ends = [start for start, _ in cuts[1:]] + [len(data)]
        is_bad = BAD in data
        spans: list[Bucket] = []
        line = window.first
        for (start, first_us), end in zip(cuts, ends, strict=True):
            sent, received = data.count(SENT, start, end), data.count(RECEIVED, start, end)
            last_us = _time(data, data.rfind(b"\n", start, end - 1) + 1 or start)
            if last_us is None or last_us < first_us:
                return False
            wrong = data.count(BAD, start, end) if is_bad else 0
            spans.append(Bucket(line, sent, received, wrong, first_us, last_us))
            line += sent + received
        if line != window.first + window.lines:
            return False  # some lines are no frames
        self._bucket(spans[0].first_us)
        for span in spans:
            self._bucket(span.last_us).add(span)
            self.sent += span.sent
            self.received += span.received
        self.sent_bytes = self.received_bytes = None
        return True

    def _cuts(self, data: bytes) -> list[tuple[int, int]]:
        """Offset and time of the first line of each bucket in a window, found by halving."""
        last = data.rfind(b"\n", 0, len(data) - 1) + 1
        time_us, last_us = _time(data, 0), _time(data, last)
        if time_us is None or last_us is None or not self.last_us <= time_us <= last_us:
            return []
        first_us = time_us if self.first_us is None else self.first_us
        width, at = self._state[0], 0
        while last_us - first_us >= width * BUCKETS:
            width *= 2
        cuts = [(at, time_us)]
        while True:
            edge = first_us + ((time_us - first_us) // width + 1) * width
            if last_us < edge:
                return cuts
            at = _first_from(data, edge, at, last)
            found = _time(data, at)
            if found is None or found < edge:
                return []
            time_us = found
            cuts.append((at, time_us))


def line_at(spans: Sequence[Bucket], place: int) -> int | None:
    """The first line of a span, or of the next that has one; else of the last before."""
    for span in (*spans[place:], *reversed(spans[:place])):
        if span.line:
            return span.line
    return None


def cell_of(spans: Sequence[Bucket], line: int) -> int | None:
    """The number of the span that a line lies in; None without spans."""
    places = [number for number, span in enumerate(spans) if span.line]
    if not places:
        return None
    at = bisect_right(places, line, key=lambda place: spans[place].line)
    return places[max(0, at - 1)]


def silence_before(spans: Sequence[Bucket], place: int) -> int | None:
    """Microseconds without a frame before those of a span; None where none came before."""
    before = next((span.last_us for span in reversed(spans[:place]) if span.last_us >= 0), None)
    return spans[place].first_us - before if before is not None else None


def _merged(pair: tuple[Bucket | None, Bucket | None]) -> Bucket | None:
    first, second = pair
    if first is None or second is None:
        return first or second
    both = Bucket()
    both.add(first)
    both.add(second)
    return both


def _is_failure(record: Record) -> bool:
    """Whether a line says that a connection did not come to be, or broke."""
    if record.event == "error":
        return True
    return record.event == "closed" and record.code in (None, 1006)


def _time(data: bytes, start: int) -> int | None:
    """The time of a line as a recorder writes it, in microseconds."""
    found = TIME.match(data, start)
    return int(found[1]) * 1_000_000 + int(found[2]) if found is not None else None


def _first_from(data: bytes, time_us: int, low: int, high: int) -> int:
    """Offset of the first line that is not before a time; `low` is one before, `high` one not."""
    while True:
        middle = (low + high) // 2
        start = data.rfind(b"\n", low, middle) + 1
        if not start:
            start = data.find(b"\n", middle, high) + 1
            if not low < start < high:
                return high
        found = _time(data, start)
        if found is not None and found < time_us:
            low = start
        else:
            high = start
