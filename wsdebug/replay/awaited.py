"""What a connection of a script expects: messages one by one, and those of stretches when asked."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import overload

from wsdebug.log.joined import Message
from wsdebug.replay.came import Rules
from wsdebug.replay.expected import Expected
from wsdebug.replay.results import ResultRun
from wsdebug.session.lines import MessageRun
from wsdebug.session.stretch import Stretch

__all__ = ["Awaited", "PlainAnswers"]

KEPT = 2  # stretches whose answers are in memory: that of now, and one looked at beside it


class PlainAnswers:
    """The received messages of a stretch, the first with an index among all that are expected."""

    def __init__(self, stretch: Stretch, first: int) -> None:
        self.first = first
        self.is_text = stretch.kind.is_text
        self._stretch = stretch
        payloads = stretch.read().payloads
        self._places = [place for place, way in enumerate(stretch.ways) if not way]
        self.payloads = [payloads[place] for place in self._places]

    def message(self, index: int) -> Message:
        """One of them, by its index. Raises SessionUnreadable where the file was changed."""
        return Message((self._stretch.frame(self._places[index - self.first]),))

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.first + len(self.payloads)

    def results(self, start: int, end: int, *, came: MessageRun | None = None) -> ResultRun:
        """Of some of them, by their indices: they came as expected, or did not."""
        some = slice(start - self.first, end - self.first)
        lines = [self._stretch.number + place for place in self._places[some]]
        return ResultRun(
            lines,
            came or MessageRun(self.payloads[some], self.is_text),
            lambda place: self.message(start + place),
            "missing" if came is None else "ok",
        )


class Awaited(Sequence[Expected]):
    """Grows by `append` and `extend`; those of a stretch are made as they are asked for."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._size = 0
        self._starts: list[int] = []  # indices at which the parts begin
        self._parts: list[list[Expected] | Stretch] = []
        self._read: dict[int, PlainAnswers] = {}  # by part, the last used at the end
        self._made: Expected | None = None  # the last of a stretch: it is asked for again

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> Expected: ...

    @overload
    def __getitem__(self, index: slice) -> list[Expected]: ...

    def __getitem__(self, index: int | slice) -> Expected | list[Expected]:
        """Raises SessionUnreadable where the file is no longer the same."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self._size))]
        index = index + self._size if index < 0 else index
        if not 0 <= index < self._size:
            raise IndexError(index)
        at = bisect_right(self._starts, index) - 1
        part = self._parts[at]
        if not isinstance(part, Stretch):
            return part[index - self._starts[at]]
        if self._made is None or self._made.index != index:
            message = self._answers(at, part).message(index)
            self._made = Expected(index, message, self._rules, message.opcode)
        return self._made

    def append(self, expected: Expected) -> None:
        """Add one; its index is their number."""
        if not self._parts or isinstance(self._parts[-1], Stretch):
            self._starts.append(self._size)
            self._parts.append([])
        last = self._parts[-1]
        assert not isinstance(last, Stretch)
        last.append(expected)
        self._size += 1

    def extend(self, stretch: Stretch) -> None:
        """Add the received messages of a stretch."""
        if stretch.received:
            self._starts.append(self._size)
            self._parts.append(stretch)
            self._size += stretch.received

    def after_stretch(self, index: int) -> int:
        """The first index from one on that belongs to no stretch, all of which are data."""
        at = bisect_right(self._starts, index) - 1
        while index < self._size and isinstance(part := self._parts[at], Stretch):
            index, at = self._starts[at] + part.received, at + 1
        return index

    def plain(self, index: int) -> PlainAnswers | None:
        """The stretch that an index belongs to. Raises SessionUnreadable as indexing does."""
        at = bisect_right(self._starts, index) - 1
        if index >= self._size or not isinstance(part := self._parts[at], Stretch):
            return None
        return self._answers(at, part)

    def _answers(self, at: int, stretch: Stretch) -> PlainAnswers:
        answers = self._read.pop(at, None)
        if answers is None:
            answers = PlainAnswers(stretch, self._starts[at])
            while len(self._read) >= KEPT:
                del self._read[next(iter(self._read))]
        self._read[at] = answers
        return answers
