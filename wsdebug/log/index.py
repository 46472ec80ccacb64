"""Where lines stand in a session file, in a few bytes per 64 KiB, and which are not rows."""

from array import array
from bisect import bisect_left, bisect_right

__all__ = ["LineIndex"]

STRIDE = 1 << 16  # bytes between two entries
EVENT = b',"event":"'  # exact: a quote inside a payload is escaped
BAD = b',"bad":['
QUIET = frozenset((b"end", b"meta"))
STEPS = frozenset((b"reconnect", b"connecting", b"dns", b"tcp", b"tls", b"request", b"response"))


class LineIndex:
    """Grows by whole lines from one thread; any thread may read.

    `lines` and `size` count what was added; `violations` the lines with a broken rule. Hidden
    lines are those that are no rows: the header, blank lines, comments, `end` and `meta`, and
    the steps of a handshake once its `open` stands in the file.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.size = 0
        self.violations = 0
        self.first_line = 1  # the first that is neither blank nor a comment
        self.opens: dict[int, tuple[int, int]] = {}  # line of an outcome: first and last step
        self._offsets = array("Q", [0])
        self._firsts = array("Q", [1])
        self._hidden = array("Q")  # line numbers, ascending
        self._steps: list[int] = []  # lines of the handshake under way

    @property
    def rows(self) -> int:
        """Lines that are rows."""
        return self.lines - len(self._hidden)

    def add(self, chunk: bytes) -> None:
        """Take whole lines that follow those added before."""
        start = 0
        while start < len(chunk):
            end = chunk.find(b"\n", min(start + STRIDE, len(chunk) - 1)) + 1 or len(chunk)
            self._block(chunk[start:end])
            start = end

    def _block(self, block: bytes) -> None:
        self._special(block)
        if BAD in block:
            self.violations += block.count(BAD)
        self.lines += block.count(b"\n") + (not block.endswith(b"\n"))
        self.size += len(block)
        if self.size - self._offsets[-1] >= STRIDE:
            self._firsts.append(self.lines + 1)
            self._offsets.append(self.size)

    def _special(self, block: bytes) -> None:
        """Find the lines of a block that are no frames."""
        first = self.lines + 1
        found: list[tuple[int, bytes]] = []
        at = block.find(EVENT)
        while at >= 0:
            start = at + len(EVENT)
            found.append(
                (first + block.count(b"\n", 0, at), block[start : block.find(b'"', start)])
            )
            at = block.find(EVENT, start)
        if first == 1:
            hidden, self.first_line = _header_lines(block)
            found += hidden
        for mark in (b"\n#", b"\n\n"):
            at = block.find(mark)
            while at >= 0:
                found.append((first + block.count(b"\n", 0, at + 1), b"end"))
                at = block.find(mark, at + 1)
        if first > 1 and block[:1] in (b"#", b"\n"):
            found.append((first, b"end"))
        for line, name in sorted(found):
            self._event(line, name)

    def _event(self, line: int, name: bytes) -> None:
        if name in QUIET:
            self._hide(line)
        elif name in STEPS:
            if name == b"connecting":
                # right after a reconnect or a redirect the way in goes on, else it begins
                self._steps = self._steps if self._steps[-1:] == [line - 1] else []
            elif name == b"reconnect":
                self._steps = []
            self._steps.append(line)
        elif name in (b"open", b"error", b"closed") and self._steps:
            self.opens[line] = (self._steps[0], self._steps[-1])
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


def _header_lines(block: bytes) -> tuple[list[tuple[int, bytes]], int]:
    """The header and what stands before it, to be hidden; and the first line with a meaning."""
    found = []
    number = 1
    for number, line in enumerate(block.split(b"\n", 64)[:64], 1):
        if not line or line.startswith(b"#"):
            found.append((number, b"end"))
            continue
        if line.startswith((b'{"wsdebug"', b'{"url"')):
            found.append((number, b"end"))
        break
    return found, number
