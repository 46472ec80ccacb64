"""Line numbers in ascending order, compressed: two bytes each, in blocks of 65,536 lines."""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from functools import cache

__all__ = ["Hits"]

BITS = 16
LOW = (1 << BITS) - 1


class Hits:
    """A sorted set of line numbers; grows at its end at little cost, elsewhere at some."""

    def __init__(self) -> None:
        self._blocks: list[array[int]] = []  # low halves, by the high half
        self._before = [0]  # hits before each block, and all of them at last

    def __len__(self) -> int:
        return self._before[-1]

    def extend(self, lines: Sequence[int]) -> None:
        """Take ascending lines that follow all that are there."""
        start = 0
        while start < len(lines):
            high = lines[start] >> BITS
            end = len(lines)
            if lines[-1] >> BITS != high:
                end = bisect_left(lines, (high + 1) << BITS, start)
            block, low = self._block(high), lines[start] & LOW
            if lines[end - 1] - lines[start] == end - start - 1:  # one after the other
                block.extend(_all()[low : low + end - start])
            else:
                block.extend([line & LOW for line in lines[start:end]])
            self._shift(high, end - start)
            start = end

    def add(self, line: int) -> None:
        """Take one line, wherever it belongs."""
        block = self._block(line >> BITS)
        if line not in self:
            insort(block, line & LOW)
            self._shift(line >> BITS, 1)

    def remove(self, line: int) -> None:
        """Drop a line that is there."""
        self._blocks[line >> BITS].remove(line & LOW)
        self._shift(line >> BITS, -1)

    def rank(self, line: int) -> int:
        """How many lines come before this one: its own place, if it is there."""
        high = line >> BITS
        if high >= len(self._blocks):
            return len(self)
        return self._before[high] + bisect_left(self._blocks[high], line & LOW)

    def __contains__(self, line: object) -> bool:
        if not isinstance(line, int) or not 0 <= line >> BITS < len(self._blocks):
            return False
        block = self._blocks[line >> BITS]
        at = bisect_left(block, line & LOW)
        return at < len(block) and block[at] == line & LOW

    def __getitem__(self, place: int) -> int:
        """The line at a place, from 0. Raises IndexError."""
        if not 0 <= place < len(self):
            raise IndexError(place)
        high = bisect_right(self._before, place) - 1
        return high << BITS | self._blocks[high][place - self._before[high]]

    def between(self, start: int, stop: int) -> list[int]:
        """The lines at places from `start` to before `stop`, as far as there are any."""
        found: list[int] = []
        start = max(0, start)
        high = bisect_right(self._before, start) - 1
        while start < stop and high < len(self._blocks):
            before, block = self._before[high], self._blocks[high]
            some = block[start - before : stop - before]
            found += [high << BITS | low for low in some]
            start += len(some)
            high += 1
        return found

    def __iter__(self) -> Iterator[int]:
        for high, block in enumerate(self._blocks):
            for low in block:
                yield high << BITS | low

    def _block(self, high: int) -> "array[int]":
        while len(self._blocks) <= high:
            self._blocks.append(array("H"))
            self._before.append(self._before[-1])
        return self._blocks[high]

    def _shift(self, high: int, by: int) -> None:
        for at in range(high + 1, len(self._before)):
            self._before[at] += by


@cache
def _all() -> "array[int]":
    """A block of all lines, which is copied ten times as fast as counted."""
    return array("H", range(1 << BITS))
