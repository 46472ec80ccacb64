"""Where lines stand in a session file, in a few bytes per 64 KiB, and which are not rows."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from wsdebug.session.lines import Event, FrameLine, Header
from wsdebug.session.parse import parse_line
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["STRIDE", "Handshake", "LineIndex"]

STRIDE = 1 << 16  # bytes between two entries
LONG = 1 << 10  # bytes of a line that is soonest found by its end
SPECIAL = re.compile(rb',"(?:event":"|bad":\[)')  # a quote inside a payload is escaped
LONG_EVENT = re.compile(rb'\{"t":[0-9.]+,(?:"c":([0-9]{1,18}),)?"event":"([a-z]+)"')
LONG_BAD = re.compile(rb',"(bad":\[|send":|recv":)')  # a violation stands before the payload
CLOSING = re.compile(rb'\{"t":[0-9.]+,(?:"c":[0-9]{1,18},)?"op":"close",')
QUIET = frozenset(("end", "meta"))
STEPS = frozenset(("reconnect", "connecting", "dns", "tcp", "proxy", "tls", "request", "response"))


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

    `failed` tells which connections a broken rule has ended (strict mode): what still arrives on
    one after that line is recorded, but no longer judged.
    """

    def __init__(self) -> None:
        self.lines = 0
        self.size = 0
        self.violations = 0
        self.first_line = 1  # the first that is neither blank nor a comment
        self.handshakes: dict[int, Handshake] = {}  # by connection
        self.failed: dict[int, int] = {}  # connection: line of the close frame that failed it
        self._wrong: FrameLine | None = None  # the last frame that broke a rule
        self.clocks = array("Q")  # lines that say how the wall clock has jumped, ascending
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
        for block in _blocks(chunk):
            lines = BytesIO(block).readlines()
            first = self.lines + 1
            if first == 1:
                self._begins(lines)
            is_failing = self._wrong is not None and self._wrong.number == self.lines
            # what is neither blank nor a comment begins with a brace
            if SPECIAL.search(block) is not None or min(lines) < b"{" or is_failing:
                for number, line in enumerate(lines, first):
                    self._look_at(line, number)
            self._grow(len(lines), len(block))

    def add_plain(self, chunk: bytes, lines: int) -> None:
        """Take so many whole lines, all of frames without a violation, without a look at them."""
        size = len(chunk)
        # A line over 64 KiB is followed by an entry: in a chunk of up to 128 KiB it would cover
        # the middle.
        if lines == 1 or size <= STRIDE or chunk.find(b"\n", size - STRIDE, STRIDE) >= 0:
            self._grow(lines, size)
        else:
            count = _count_long if size > lines * LONG else _count_short
            for block in _blocks(chunk):
                self._grow(count(block), len(block))

    def add_long(self, head: bytes, size: int) -> None:
        """Take one line of `size` bytes, newline included, by its first bytes."""
        line = self.lines + 1
        event, found = LONG_EVENT.match(head), LONG_BAD.search(head)
        if head.startswith(b"#"):
            self._hide(line)
        elif event is not None:
            self._event(line, event[2].decode(), int(event[1] or 1))
        elif found is not None and found[1].startswith(b"bad"):
            self._violated()
        self._grow(1, size)

    def _grow(self, lines: int, size: int) -> None:
        self.size += size
        self.lines += lines
        if self.size - self._offsets[-1] >= STRIDE:
            self._firsts.append(self.lines + 1)
            self._offsets.append(self.size)

    def _violated(self) -> None:
        self.violations += 1
        if not self._bad or self._bad[-1] != self._firsts[-1]:
            self._bad.append(self._firsts[-1])

    def _begins(self, lines: list[bytes]) -> None:
        """Find the first line with a meaning, and hide it if it is a header."""
        for number, line in enumerate(lines, 1):
            self.first_line = number
            if line.strip() and not line.startswith(b"#"):
                if isinstance(parse_line(line.removesuffix(b"\n"), number, first=True), Header):
                    self._hide(number)
                break

    def _look_at(self, data: bytes, line: int) -> None:
        """Take what a line may say beside a frame; what only looks like it is passed over."""
        if data.startswith(b"#") or not data.strip():
            self._hide(line)
        elif SPECIAL.search(data) is not None:
            match parse_line(data, line):
                case Event(name=name, connection=connection):
                    self._event(line, name, connection)
                case FrameLine(bad=bad) as frame if bad:
                    self._violated()
                    if not frame.sent:
                        self._wrong = frame
        elif self._wrong is not None and self._wrong.number == line - 1 and CLOSING.match(data):
            self._fails(self._wrong, parse_line(data, line))

    def _fails(self, wrong: FrameLine, close: object) -> None:
        """Take our close frame that follows a frame which broke a rule, if that is why it is."""
        rule = VIOLATIONS.get(wrong.bad[0])
        if not isinstance(close, FrameLine) or not close.sent or rule is None:
            return
        if (close.payload or b"")[:2] == rule.close_code.to_bytes(2, "big"):
            self.failed.setdefault(close.connection, close.number)

    def is_late(self, connection: int, line: int) -> bool:
        """Whether a line of a connection stands after the close frame that failed it."""
        return line > self.failed.get(connection, line)

    def _event(self, line: int, name: str, connection: int) -> None:
        if name in QUIET:
            self._hide(line)
        elif name == "clock":
            self.clocks.append(line)
        elif name in STEPS:
            if name == "connecting":
                # right after a reconnect or a redirect the way in goes on, else it begins
                self._steps = self._steps if self._steps[-1:] == [line - 1] else []
            elif name == "reconnect":
                self._steps = []
            self._steps.append(line)
            self.handshakes[connection] = Handshake(self._steps[0], line)
        elif name in ("open", "error", "closed") and self._steps:
            self.handshakes[connection] = Handshake(self._steps[0], self._steps[-1], line)
            if name == "open":
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

    def before(self, offset: int) -> tuple[int, int]:
        """The last place at or before an offset at which a line is known to begin, and its
        number.
        """
        at = bisect_right(self._offsets, offset) - 1
        return self._offsets[at], self._firsts[at]

    def end_of_long(self, offset: int) -> int:
        """Where a line ends that begins at an offset and is longer than 64 KiB.

        An entry follows such a line, whatever stands before it.
        """
        at = bisect_right(self._offsets, offset)
        return self._offsets[at] if at < len(self._offsets) else self.size

    def boundary(self, offset: int, span: int) -> tuple[int, int | None]:
        """Where lines end that begin at an offset: the last entry within a span of bytes, else the
        next one; and the number of the line that follows, None at the end of what was added.
        """
        if self.size <= offset + span:
            return self.size, None
        at = bisect_right(self._offsets, offset + span) - 1
        if self._offsets[at] <= offset:
            at += 1
        return (
            (self._offsets[at], self._firsts[at]) if at < len(self._offsets) else (self.size, None)
        )

    def hidden(self, first: int, last: int) -> Sequence[int]:
        """The hidden lines of a range, both ends included."""
        start = bisect_left(self._hidden, first)
        return self._hidden[start : bisect_right(self._hidden, last, start)]

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


def _count_short(block: bytes) -> int:
    """How many lines; three times as fast as `bytes.count`, in Python 3.11."""
    return len(BytesIO(block).readlines())


def _count_long(block: bytes) -> int:
    """The same, without a copy of each."""
    lines = position = 0
    while position := block.find(b"\n", position) + 1:
        lines += 1
    return lines


def _blocks(chunk: bytes) -> Iterator[bytes]:
    """Whole lines up to the first end of a line after 64 KiB, again and again."""
    start = 0
    while start < len(chunk):
        end = chunk.find(b"\n", min(start + STRIDE, len(chunk) - 1)) + 1 or len(chunk)
        yield chunk[start:end]
        start = end
