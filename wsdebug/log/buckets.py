"""Things by their time, in so many spans that double their width as time goes on."""

from collections.abc import Callable
from typing import Generic, Protocol, Self, TypeVar

__all__ = ["Bucketed", "Buckets"]


class Bucketed(Protocol):
    """What lies in a span of time."""

    def add(self, later: Self) -> None:
        """Take what lies in a later span."""


B = TypeVar("B", bound=Bucketed)


class Buckets(Generic[B]):
    """Grows by one thread at a time; any thread may read.

    The clock never goes backward here: an earlier time counts as the last one. Times are in
    microseconds.
    """

    def __init__(self, make: Callable[[], B], count: int) -> None:
        """`make` makes an empty bucket; there are `count` of them, an even number."""
        self.first_us: int | None = None  # None without times
        self.last_us = 0
        self._make = make
        self._count = count
        # Replaced as a whole where they merge: who reads meanwhile has the old ones.
        self._state: tuple[int, list[B | None]] = (1, [None] * count)

    def at(self, time_us: int) -> B:
        """The bucket of a time."""
        time_us = max(time_us, self.last_us)
        if self.first_us is None:
            self.first_us = time_us
        self.last_us = time_us
        since = time_us - self.first_us
        width, buckets = self._state
        if since >= width * self._count:
            wider = self.width_for(time_us, self.first_us)
            while width < wider:
                buckets = [*self._merged(buckets), *([None] * (self._count // 2))]
                width *= 2
            self._state = (width, buckets)
        bucket = buckets[since // width]
        if bucket is None:
            bucket = buckets[since // width] = self._make()
        return bucket

    def end_of(self, time_us: int) -> int:
        """The first time after the bucket of one that is not before the first."""
        width, first_us = self._state[0], self.first_us
        start = time_us if first_us is None else first_us
        return start + ((time_us - start) // width + 1) * width

    def width_for(self, time_us: int, first_us: int) -> int:
        """The width, in microseconds, of the buckets once they reach from one time to another."""
        width = self._state[0]
        while time_us - first_us >= width * self._count:
            width *= 2
        return width

    def spans(self, count: int) -> list[B]:
        """The whole time in so many spans of the same length; nothing without times."""
        width, buckets = self._state
        if self.first_us is None or count < 1:
            return []
        spans = [self._make() for _ in range(count)]
        length = self.last_us - self.first_us + 1
        for number, bucket in enumerate(buckets):
            if bucket is not None:
                middle = (2 * number + 1) * width // 2
                spans[min(count - 1, middle * count // length)].add(bucket)
        return spans

    def _merged(self, buckets: list[B | None]) -> list[B | None]:
        """Half as many, each of two."""
        merged: list[B | None] = []
        for first, second in zip(buckets[::2], buckets[1::2], strict=True):
            both = first or second
            if first is not None and second is not None:
                both = self._make()
                both.add(first)
                both.add(second)
            merged.append(both)
        return merged
