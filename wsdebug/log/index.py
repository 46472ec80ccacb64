"""Where lines stand in a session file, in a few bytes per 64 KiB, and which are not rows."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["STRIDE", "Handshake", "LineIndex"]

STRIDE = 1 << 16  # bytes between two entries
EVENT = b',"event":"'  # exact: a quote inside a payload is escaped
BAD = b',"bad":['
CONNECTION = re.compile(rb'"c":([0-9]{1,18}),')
MARK = re.compile(rb"\n[#\n]")
HEAD = 80  # bytes before the name of an event: `t` and `c`
QUIET = frozenset((b"end", b"meta"))
STEPS = frozenset(
    (b"reconnect", b"connecting", b"dns", b"tcp", b"proxy", b"tls", b"request", b"response")
)


@dataclass(frozen=True, slots=True)
class Handshake:
    """Lines of a connection's way in: first and last step, and the outcome once there is one."""

    first: int
    last: int
    outcome: int | None = None


class LineIndex:
    """Grows by whole lines from one thread at a time; any thread may read.

    `lines` and `size` count what was added; `violations` the lines with a broken rule. Hidden
    lines are those that are no rows: the header, blank lines, comments, `end` and `meta`, and
    the steps of a handshake once its `open` stands in the file.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.size = 0
        self.violations = 0
        self.first_line = 1  # the first that is neither blank nor a comment
        self.handshakes: dict[int, Handshake] = {}  # by connection
        self._offsets = array("Q", [0])
        self._firsts = array("Q", [1])
        self._bad = array("Q")  # first lines of the blocks with a broken rule
        self._hidden = array("Q")  # line numbers, ascending
        self._steps: list[int] = []  # lines of the handshake under way

    @property
    def rows(self) -> int:
        """Lines that are rows."""
        return self.lines - len(self._hidden)

    @property
    def settled(self) -> int:
        """Lines whose being a row no later line changes: all before a handshake under way."""
        steps = self._steps
        return steps[0] - 1 if steps else self.lines

    def add(self, chunk: bytes) -> None:
        """Take whole lines that follow those added before."""
        start = 0
        while start < len(chunk):
            end = chunk.find(b"\n", min(start + STRIDE, len(chunk) - 1)) + 1 or len(chunk)
            block = chunk[start:end]
            self._special(block)
            if BAD in block:
                self._violated(block.count(BAD))
            self._grow(block.count(b"\n") + (not block.endswith(b"\n")), len(block))
            start = end

    def add_long(self, head: bytes, size: int) -> None:
        """Take one line of `size` bytes, newline included, by its first bytes."""
        self._special(head)
        if BAD in head:
            self._violated(1)
        self._grow(1, size)

    def _grow(self, lines: int, size: int) -> None:
        self.size += size
        self.lines += lines
        if self.size - self._offsets[-1] >= STRIDE:
            self._firsts.append(self.lines + 1)
            self._offsets.append(self.size)

    def _violated(self, count: int) -> None:
        self.violations += count
        if not self._bad or self._bad[-1] != self._firsts[-1]:
            self._bad.append(self._firsts[-1])

    def _special(self, block: bytes) -> None:
        """Find the lines of a block that are no frames."""
        first = self.lines + 1
        found = [(first + block.count(b"\n", 0, at), at) for at in _places(block, EVENT)]
        hidden: list[int] = []
        if first == 1:
            hidden, self.first_line = _header_lines(block)
        hidden += [first + block.count(b"\n", 0, at + 1) for at in _matches(block)]
        if first > 1 and block[:1] in (b"#", b"\n"):
            hidden.append(first)
        for line in sorted(hidden):
            self._hide(line)
        for line, at in found:
            if line in hidden:
                continue  # a comment
            start = at + len(EVENT)
            name = block[start : block.find(b'"', start)]
            head = block[max(0, at - HEAD, block.rfind(b"\n", 0, at)) : at + 1]
            connection = CONNECTION.search(head)
            self._event(line, name, int(connection[1]) if connection else 1)

    def _event(self, line: int, name: bytes, connection: int) -> None:
        if name in QUIET:
            self._hide(line)
        elif name in STEPS:
            if name == b"connecting":
                # right after a reconnect or a redirect the way in goes on, else it begins
                self._steps = self._steps if self._steps[-1:] == [line - 1] else []
            elif name == b"reconnect":
                self._steps = []
            self._steps.append(line)
            self.handshakes[connection] = Handshake(self._steps[0], line)
        elif name in (b"open", b"error", b"closed") and self._steps:
            self.handshakes[connection] = Handshake(self._steps[0], self._steps[-1], line)
            if name == b"open":
                for step in self._steps:
                    self._hide(step)
            self._steps = []

    def _hide(self, line: int) -> None:
        at = bisect_left(self._hidden, line)
        if at == len(self._hidden) or self._hidden[at] != line:
            self._hidden.insert(at, line)

    def locate(self, line: int) -> tuple[int, int]:
        """An offset at which a line begins, at or before the wanted one, and its number."""
        at = bisect_right(self._firsts, line, hi=len(self._offsets)) - 1
        return self._offsets[at], self._firsts[at]

    def end_of_long(self, offset: int) -> int:
        """Where a line ends that begins at an offset and is longer than 64 KiB.

        An entry follows such a line, whatever stands before it.
        """
        at = bisect_right(self._offsets, offset)
        return self._offsets[at] if at < len(self._offsets) else self.size

    def violated_blocks(self, line: int, *, backward: bool) -> Iterator[tuple[int, int]]:
        """First and last line of each block with a broken rule, from that of a line on."""
        first = self._firsts[bisect_right(self._firsts, line) - 1]
        if backward:
            places = range(bisect_right(self._bad, first) - 1, -1, -1)
        else:
            places = range(bisect_left(self._bad, first), len(self._bad))
        for place in places:
            block = bisect_left(self._firsts, self._bad[place])
            ends = block + 1 < len(self._firsts)
            yield self._bad[place], self._firsts[block + 1] - 1 if ends else self.lines

    def line_of(self, row: int) -> int:
        """The line number of a row, both counted in order, rows from 0."""
        line = row + 1
        while True:
            wanted = row + 1 + bisect_right(self._hidden, line)
            if wanted == line:
                return line
            line = wanted

    def row_of(self, line: int) -> int:
        """The row of a line; of a hidden one, the next row."""
        return line - 1 - bisect_left(self._hidden, line)


def _places(block: bytes, mark: bytes) -> Iterator[int]:
    at = block.find(mark)
    while at >= 0:
        yield at
        at = block.find(mark, at + 1)


def _matches(block: bytes) -> Iterator[int]:
    """Newlines before a comment or a blank line, which may share one."""
    found = MARK.search(block)
    while found is not None:
        yield found.start()
        found = MARK.search(block, found.start() + 1)


def _header_lines(block: bytes) -> tuple[list[int], int]:
    """The header and what stands before it, to be hidden; and the first line with a meaning."""
    found = []
    number = 1
    for number, line in enumerate(block.split(b"\n"), 1):
        if not line.strip() or line.startswith(b"#"):
            found.append(number)
            continue
        if line.startswith((b'{"wsdebug"', b'{"url"')):
            found.append(number)
        break
    return found, number
