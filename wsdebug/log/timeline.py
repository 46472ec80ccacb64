"""A session over time: frames and bytes each way in buckets, in one pass and bounded memory."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET

from wsdebug.log.buckets import Buckets
from wsdebug.log.log import FrameLog
from wsdebug.log.records import Record, close_code, decode_window, is_frame, wire_size
from wsdebug.log.windows import Window
from wsdebug.log.wire_bytes import wire_bytes

__all__ = ["BUCKETS", "Bucket", "Timeline", "cell_of", "line_at", "silence_before"]

BUCKETS = 2048  # bars of a hundred cells differ by less than an eighth where frames do not
TIME = re.compile(rb'\{"t":([0-9]{1,10})\.([0-9]{6}),')  # as recordings have it
BAD = b',"bad":['  # a quote inside a payload is escaped: this is a key
CUT = b',"cut":'  # fewer bytes than came


@dataclass(slots=True)
class Bucket:
    """What lies in a span of time; times are those of frames, in microseconds."""

    line: int = 0  # the first, whatever it is; 0 for none
    sent: int = 0  # frames
    received: int = 0
    sent_bytes: int = 0  # of payloads, on the wire
    received_bytes: int = 0
    wrong: int = 0  # broken rules, connections that failed or broke
    gaps: int = 0  # where something was not recorded
    first_us: int = -1  # -1 without frames
    last_us: int = -1
    is_closed: bool | None = None  # whether a connection had ended after it; None: as before

    def add(self, later: "Bucket") -> None:
        """Take what lies in a later span."""
        self.line = self.line or later.line
        self.sent += later.sent
        self.received += later.received
        self.sent_bytes += later.sent_bytes
        self.received_bytes += later.received_bytes
        self.wrong += later.wrong
        self.gaps += later.gaps
        if later.first_us >= 0:
            self.first_us = self.first_us if self.first_us >= 0 else later.first_us
            self.last_us = later.last_us
        if later.is_closed is not None:
            self.is_closed = later.is_closed


class Timeline:
    """Grows as `advance` is called, by one thread at a time; any thread may read.

    Lines without a time are counted with the time before them, and so is what the clock says
    when it goes backward. Bytes are those of payloads on the wire.
    """

    def __init__(self, log: FrameLog) -> None:
        self.sent = 0  # frames
        self.received = 0
        self.sent_bytes = 0
        self.received_bytes = 0
        self._buckets = Buckets(Bucket, BUCKETS)
        self._log = log
        self._at = (0, 1)

    @property
    def first_us(self) -> int | None:
        """The first time, None without times."""
        return self._buckets.first_us

    @property
    def last_us(self) -> int:
        """The last time, 0 without times."""
        return self._buckets.last_us

    @property
    def looked_through(self) -> int:
        """Bytes of the file that were."""
        return self._at[0]

    @property
    def is_complete(self) -> bool:
        """Whether all that there is now was looked through."""
        return self._at[0] >= self._log.index.size

    @property
    def is_due(self) -> bool:
        """Whether there is something to look through; the lines of a file are counted first."""
        return not self.is_complete and not self._log.is_counting

    def advance(self) -> bool:
        """Take the next window; whether there may be more at once."""
        window = self._log.window(self._at)
        if window is None:
            return False
        hidden = self._log.index.hidden(window.first, window.first + window.lines - 1)
        if hidden or window.preview is not None or not self._count(window):
            for line, record in enumerate(decode_window(window, hidden), window.first):
                self._add(record, line)
        self._at = window.after
        return self._at[0] < self._log.index.size

    def spans(self, count: int) -> list[Bucket]:
        """The whole session in so many spans of the same length; nothing without times."""
        return self._buckets.spans(count)

    def _add(self, record: Record, line: int) -> None:
        frame = is_frame(record)
        share = Bucket(line, wrong=len(record.bad) or _is_failure(record))
        share.gaps = int(record.event == "gap")
        if frame and record.send is not UNSET:
            share.sent, share.sent_bytes = 1, wire_size(record)
        elif frame:
            share.received, share.received_bytes = 1, wire_size(record)
        self._tally(share)
        if record.t is not None:
            time_us = max(self.last_us, round(record.t * 1_000_000))
        elif self.first_us is not None and frame:
            time_us = self.last_us
        else:
            return
        if frame:
            share.first_us = share.last_us = time_us
        if frame or record.event in ("open", "closed", "error"):
            share.is_closed = record.event in ("closed", "error")
        self._buckets.at(time_us).add(share)

    def _tally(self, share: Bucket) -> None:
        self.sent += share.sent
        self.received += share.received
        self.sent_bytes += share.sent_bytes
        self.received_bytes += share.received_bytes

    def _count(self, window: Window) -> bool:
        """Take a window of nothing but frames as a recorder writes them, without a look at each;
        false, with nothing taken, where it is not one.
        """
        data = window.data
        cuts = self._cuts(data)
        if not cuts or CUT in data:
            return False
        ends = [start for start, _ in cuts[1:]] + [len(data)]
        is_bad = BAD in data
        spans: list[Bucket] = []
        line = window.first
        for (start, first_us), end in zip(cuts, ends, strict=True):
            sent = wire_bytes(data, start, end, sent=True)
            received = wire_bytes(data, start, end, sent=False)
            last_us = _time(data, data.rfind(b"\n", start, end - 1) + 1 or start)
            if sent is None or received is None or last_us is None or last_us < first_us:
                return False
            span = Bucket(line, sent[0], received[0], sent[1], received[1])
            span.wrong = data.count(BAD, start, end) if is_bad else 0
            span.first_us, span.last_us, span.is_closed = first_us, last_us, False
            spans.append(span)
            line += sent[0] + received[0]
        if line != window.first + window.lines:
            return False  # some lines are no frames
        self._buckets.at(spans[0].first_us)
        for span in spans:
            self._buckets.at(span.last_us).add(span)
            self._tally(span)
        return True

    def _cuts(self, data: bytes) -> list[tuple[int, int]]:
        """Offset and time of the first line of each bucket in a window, found by halving."""
        last = data.rfind(b"\n", 0, len(data) - 1) + 1
        time_us, last_us = _time(data, 0), _time(data, last)
        if time_us is None or last_us is None or not self.last_us <= time_us <= last_us:
            return []
        first_us, at = time_us if self.first_us is None else self.first_us, 0
        width = self._buckets.width_for(last_us, first_us)
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
    """Microseconds without a frame before those of a span; None where none came before, or no
    connection was there.
    """
    for span in reversed(spans[:place]):
        if span.is_closed:
            return None
        if span.last_us >= 0:
            return spans[place].first_us - span.last_us
    return None


def _is_failure(record: Record) -> bool:
    """Whether a line says that a connection did not come to be, or broke."""
    if record.event == "error":
        return True
    return record.event == "closed" and close_code(record) in (None, 1006)


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
