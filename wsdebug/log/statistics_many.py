"""Plain frames taken many at a time: a session is counted in a quarter of the time so."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from msgspec import UNSET

from wsdebug.log.records import Record

__all__ = ["FEW", "PlainRun", "odd_ones", "spans"]

SECOND = 1_000_000  # microseconds
FEW = 16  # frames that are not worth it


def odd_ones(records: Sequence[Record]) -> list[int]:
    """The places of all that are no text messages of one frame, uncompressed, right and timed."""
    return [
        at
        for at, record in enumerate(records)
        if record.op is not None
        or not record.fin
        or record.t is None
        or record.bad
        or record.wire is not UNSET
        or record.wlen is not None
        or not (
            (record.recv.__class__ is str and record.send is UNSET)
            or (record.send.__class__ is str and record.recv is UNSET)
        )
    ]


class PlainRun:
    """Records one after another with no odd ones among them; times are in microseconds, sizes in
    bytes of payloads.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self.times: list[int] = [round(record.t * SECOND) for record in records]  # type: ignore[operator]
        self.connections = [record.c for record in records]
        self.are_sent = [record.recv is UNSET for record in records]
        self.texts: list[str] = [
            record.send if record.recv is UNSET else record.recv  # type: ignore[misc]
            for record in records
        ]
        self.sizes = [len(text) if text.isascii() else len(text.encode()) for text in self.texts]
        sent_sizes = map(int.__mul__, self.sizes, self.are_sent)
        self._bytes = [0, *accumulate(self.sizes)]
        self._sent_bytes = [0, *accumulate(sent_sizes)]

    def goes_on_from(self, time_us: int) -> bool:
        """Whether the clock never goes backward, from a time on."""
        return self.times[0] >= time_us and self.times == sorted(self.times)

    def of(self, *, sent: bool) -> tuple[list[int], list[int]]:
        """The times and sizes of one direction."""
        if sent not in self.are_sent:
            return [], []
        if (not sent) not in self.are_sent:
            return self.times, self.sizes
        mine = [at for at, is_sent in enumerate(self.are_sent) if is_sent is sent]
        return [self.times[at] for at in mine], [self.sizes[at] for at in mine]

    def sums(self, start: int, stop: int) -> tuple[int, int, int, int]:
        """Of some places: frames that were sent, their bytes, those received, their bytes."""
        sent = sum(self.are_sent[start:stop])
        sent_bytes = self._sent_bytes[stop] - self._sent_bytes[start]
        received_bytes = self._bytes[stop] - self._bytes[start] - sent_bytes
        return sent, sent_bytes, stop - start - sent, received_bytes


def spans(times: Sequence[int], end_of: Callable[[int], int]) -> Iterator[tuple[int, int]]:
    """The places of ascending times by the spans of time in which they lie, of which `end_of`
    gives the first time after it.
    """
    start = 0
    while start < len(times):
        stop = bisect_left(times, end_of(times[start]), start)
        yield start, stop
        start = stop
