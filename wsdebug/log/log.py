"""A session as rows, live or from a file; memory holds an index, not frames."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from wsdebug.errors import SessionUnreadable
from wsdebug.log.backward import blocks_before, lines_before
from wsdebug.log.counting import Counting, count_lines
from wsdebug.log.fragments import FragmentNumbers, message_of
from wsdebug.log.index import LineIndex
from wsdebug.log.lines_before import LinesBefore
from wsdebug.log.needles import PlainWindows
from wsdebug.log.previews import Previews
from wsdebug.log.row import Row
from wsdebug.log.rows import row_of
from wsdebug.log.tail import tail_rows
from wsdebug.log.violated import next_violation
from wsdebug.log.whole import FIRST, WholeMessage
from wsdebug.log.windows import WINDOW, Window, read_window
from wsdebug.session.lines import LINE_LIMIT, Damaged, Event, FrameLine, Header, Line
from wsdebug.session.parse import parse_line
from wsdebug.session.preview import LONG, Preview
from wsdebug.session.reader import Source, open_source

__all__ = ["FrameLog"]

LOOK_BACK = 64  # lines that a row's own words may need


class FrameLog:
    """Rows and lines of one session. Line numbers count from 1, rows from 0."""

    def __init__(self, source: Source, index: LineIndex, *, path: str | None = None) -> None:
        """A log over a source whose index somebody else keeps (a recorder)."""
        self.path = path
        self.index = index
        self.complete = threading.Event()
        self._counting: Counting | None = None  # of a file
        self.plain = PlainWindows()
        self._previews = Previews(source, index)
        self._numbers = FragmentNumbers(self.blocks_before)
        self._source = source

    @classmethod
    def open(cls, path: str, *, follow: bool = False, counts: bool = True) -> "FrameLog":
        """A file, or `-` for stdin; its first rows are there at once, the others as a thread
        counts them, and `complete` is set when all are. With `follow` they never are: the rows
        are those that others add to the file. Without `counts` that begins with `start_counting`.

        Raises SessionUnreadable, for a later format version too.
        """
        source = open_source(path, follow=follow)
        log = cls(source, LineIndex(), path=path)
        log._counting = Counting(source, log.index)
        log.complete = log._counting.complete
        first = log.line(log.index.first_line)
        if isinstance(first, Damaged) and first.is_newer:
            source.close()
            words = f"cannot read {path}, line {first.number}: {first.why}"
            raise SessionUnreadable(words, path=path, line=first.number)
        if counts:
            log.start_counting()
        return log

    def start_counting(self) -> None:
        """Count the rest of a file in a thread, unless that has begun."""
        if self._counting is not None:
            self._counting.start()

    def __len__(self) -> int:
        """Rows there are now."""
        return self.index.rows

    def __iter__(self) -> Iterator[Line]:
        """Every line with a meaning, header and hidden events included."""
        for number, data in self.raw_lines(1):
            line = parse_line(data, number, first=number == self.index.first_line)
            if line is not None:
                yield line

    def backward(self) -> Iterator[Line]:
        """Every line with a meaning, the last one first."""
        for number, data in lines_before(self.index, self.index.lines + 1, self.raw_lines):
            line = parse_line(data, number, first=number == self.index.first_line)
            if line is not None:
                yield line

    @property
    def problem(self) -> str:
        """Why a file could not be read to its end, in words; empty if it could."""
        return self._counting.problem if self._counting is not None else ""

    def count(self) -> None:
        """Count the lines that the index lacks; for whoever keeps it."""
        count_lines(self._source, self.index)

    @property
    def header(self) -> Header | None:
        """The header, if there is one."""
        first = self.line(self.index.first_line)
        return first if isinstance(first, Header) else None

    @property
    def held_from(self) -> int | None:
        """Bytes of the lines that are in the file, where others are only in memory; else None."""
        recorded = self._source.recorded_size
        return recorded if recorded < self.index.size else None

    @property
    def violations(self) -> int:
        """Frames with a broken rule."""
        return self.index.violations

    def line(self, number: int) -> Line | None:
        """One line, wholly parsed; None where there is none."""
        for found, data in self.raw_lines(number):
            line = parse_line(data, found, first=found == self.index.first_line)
            return self.judged(line) if isinstance(line, Damaged) else line
        return None

    def judged(self, line: Damaged) -> Damaged:
        """A line that is too long to be read is not wrong in what was read of it."""
        if len(line.data) < LONG:
            return line
        _, _, _, size = next(self._lines(line.number, whole=False))
        if size <= LINE_LIMIT:
            return line
        return replace(line, why=f"a line of {size:,} bytes, of which only the first are read")

    def row_of(self, line: int) -> int | None:
        """The row of a line; None for a hidden one."""
        row = self.index.row_of(line)
        return row if row < len(self) and self.index.line_of(row) == line else None

    def rows(self, start: int, stop: int) -> list[Row]:
        """The rows of a range, previewed: of a line over 64 KiB only the beginning is parsed."""
        stop = min(stop, len(self))
        return self._rows([self.index.line_of(row) for row in range(start, stop)])

    def rows_at(self, lines: Sequence[int]) -> list[Row]:
        """The rows of some lines in ascending order, of hidden ones too."""
        rows: list[Row] = []
        start = 0
        for at in range(1, len(lines) + 1):
            if at == len(lines) or lines[at] - lines[at - 1] > 2 * LOOK_BACK:
                rows += self._rows(lines[start:at])
                start = at
        return rows

    def _rows(self, wanted: Sequence[int]) -> list[Row]:
        if not wanted:
            return []
        numbers = set(wanted)
        rows: list[Row] = []
        before = LinesBefore()
        recorded = self._source.recorded_size
        for number, offset, data, size in self._lines(max(1, wanted[0] - LOOK_BACK), whole=False):
            if number > wanted[-1]:
                break
            if number not in numbers:
                before.add(partial(self._previews.of, number, offset, data, size))
                continue
            preview = self._previews.of(number, offset, data, size)
            if preview is None:
                continue
            row = row_of(preview.line, before, self._numbers)
            if size > LONG:
                row = _with_sizes(row, preview)
            if offset + size > recorded:
                row = replace(row, recorded=False)
            if row.kind == "frame" and not row.sent and self.index.is_late(row.connection, number):
                row = replace(row, late=True)
            rows.append(row)
            before.add(preview)
        return rows

    @property
    def is_counting(self) -> bool:
        """Whether a file's lines are still being counted: `tail` has the last of them."""
        return self._counting is not None and self._counting.has_tail

    def tail(self, count: int) -> list[Row]:
        """The last rows of a file that is being counted, at once, without their line numbers."""
        return tail_rows(self._source, count)

    def window(self, at: tuple[int, int]) -> Window | None:
        """The lines from a place on; see `read_window`."""
        return read_window(self._source, self.index, at)

    def next_violation(self, line: int, *, backward: bool = False) -> int | None:
        """The nearest line after (or before) with a broken rule; only blocks with one are read."""
        return next_violation(self.index, self.raw_lines, line, backward=backward)

    def message(self, number: int) -> list[FrameLine]:
        """The frames of the message that a frame belongs to, in order."""
        line = self.line(number)
        if not isinstance(line, FrameLine):
            return []
        return message_of(line, self.raw_lines, self.blocks_before)

    def whole(
        self, number: int, *, up_to: int | None = None, first: int = FIRST
    ) -> WholeMessage | None:
        """The same of however many frames, yet to be put together; None for what is no frame."""
        line = self.line(number)
        if not isinstance(line, FrameLine):
            return None
        return WholeMessage(self, line, up_to=up_to, first=first)

    @property
    def is_shown_as_stored(self) -> bool:
        """Whether `raw_lines` gives what is in the file, as `window` does."""
        return True

    def blocks_before(self, number: int) -> Iterator[tuple[int, bytes]]:
        """The lines before one as they are stored, backward; see there."""
        return blocks_before(self.index, number, self._stored, self._source.pread)

    def handshake(self, connection: int) -> list[Event]:
        """The steps of a connection's handshake so far, and its outcome once there is one."""
        steps = self.index.handshakes.get(connection)
        if steps is None:
            return []
        numbers = [*range(steps.first, steps.last + 1)]
        if steps.outcome is not None:
            numbers.append(steps.outcome)
        lines = (self.line(number) for number in numbers)
        return [line for line in lines if isinstance(line, Event) and line.connection == connection]

    def close(self) -> None:
        """Stop reading; nothing can be read any more."""
        if self._counting is not None:
            self._counting.stop()
        self._source.close()

    def raw_lines(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Numbered lines from one on, without newlines, read window by window; of one over 512 MiB
        only the beginning.
        """
        return self._stored(first)

    def _stored(self, first: int) -> Iterator[tuple[int, bytes]]:
        for number, _, data, _ in self._lines(first, whole=True):
            yield number, data

    def _lines(self, first: int, *, whole: bool) -> Iterator[tuple[int, int, bytes, int]]:
        """Number, offset, bytes and size of each line; of one that does not fit into what is
        read at a time only the beginning, unless `whole` and not over 512 MiB.
        """
        offset, number = self.index.locate(first)
        end, window = self.index.size, LONG
        while offset < end:
            data = self._source.pread(min(window, end - offset), offset)
            if not data:
                return
            whole_lines = data.rfind(b"\n") + 1
            if not whole_lines:
                after = self.index.end_of_long(offset) if offset + len(data) < end else end
                if whole and after - offset <= LINE_LIMIT:
                    data = self._source.pread(after - offset, offset)
                if number >= first:
                    yield number, offset, data.removesuffix(b"\n"), after - offset
                offset = after
                number += 1
                window = LONG  # long lines come together
                continue
            for line in data[: whole_lines - 1].split(b"\n"):
                if number >= first:
                    yield number, offset, line, len(line) + 1
                offset += len(line) + 1
                number += 1
            window = WINDOW


def _with_sizes(row: Row, preview: Preview) -> Row:
    if not isinstance(preview.line, FrameLine):
        return row
    return replace(row, size=preview.size, wire_size=preview.wire_size, is_exact=preview.is_exact)
