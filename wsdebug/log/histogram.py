"""How numbers are spread, in bounded memory."""

import math
from collections.abc import Mapping

__all__ = ["Histogram"]

BITS = 11  # that are kept of a number: it is known to a thousandth


class Histogram:
    """Counts whole numbers from 0, by their first `bits`; those that have no more, exactly.

    `low`, `high`, `count` and `total` are exact. Memory is at most a few thousand counters.
    """

    def __init__(self, bits: int = BITS) -> None:
        self._bits = bits
        self.count = 0
        self.total = 0
        self.low = 0
        self.high = 0
        self._counts: dict[int, int] = {}  # by the lowest number of a step

    def add(self, number: int) -> None:
        """Take one number."""
        if not self.count:
            self.low = self.high = number
        elif number > self.high:
            self.high = number
        elif number < self.low:
            self.low = number
        self.count += 1
        self.total += number
        step = self._step(number)
        self._counts[step] = self._counts.get(step, 0) + 1

    def _step(self, number: int) -> int:
        shift = max(0, number.bit_length() - self._bits)
        return number >> shift << shift

    def add_many(self, counts: Mapping[int, int]) -> None:
        """Take numbers, each so many times."""
        for number, times in counts.items():
            self.add(number)
            more = times - 1
            self.count += more
            self.total += number * more
            self._counts[self._step(number)] += more

    def take(self, other: "Histogram") -> None:
        """Take all the numbers of one that keeps as many bits."""
        if other.count:
            self.low = min(self.low, other.low) if self.count else other.low
            self.high = max(self.high, other.high)
        self.count += other.count
        self.total += other.total
        for step, count in other._counts.items():
            self._counts[step] = self._counts.get(step, 0) + count

    @property
    def mean(self) -> float:
        """The arithmetic mean, 0 of nothing."""
        return self.total / self.count if self.count else 0.0

    def percentile(self, percent: float) -> int:
        """The least number that so many percent are not above, 0 of nothing."""
        rank = math.ceil(self.count * percent / 100)
        seen = 0
        for step in sorted(self._counts):
            seen += self._counts[step]
            if seen >= rank:
                half = (1 << max(0, step.bit_length() - self._bits)) // 2
                return min(max(step + half, self.low), self.high)
        return self.high
