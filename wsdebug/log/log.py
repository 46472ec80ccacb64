"""A session as rows, live or from a file; memory holds an index, not frames."""

import threading
from collections.abc import Iterator

from wsdebug.log.index import LineIndex
from wsdebug.log.row import Row
from wsdebug.log.rows import row_of
from wsdebug.session.lines import Event, FrameLine, Header, Line
from wsdebug.session.parse import parse_line
from wsdebug.session.reader import Source, open_source

__all__ = ["FrameLog"]

WINDOW = 1 << 20  # bytes read at a time when scanning
LOOK_BACK = 64  # lines, to number fragments


class FrameLog:
    """Rows and lines of one session. Line numbers count from 1, rows from 0."""

    def __init__(self, source: Source, index: LineIndex, *, path: str | None = None) -> None:
        """A log over a source whose index somebody else keeps (a recorder)."""
        self.path = path
        self.index = index
        self.complete = threading.Event()
        self._source = source
        self._stop = threading.Event()
        self._scan: threading.Thread | None = None

    @classmethod
    def open(cls, path: str) -> "FrameLog":
        """A file; rows are there at once, `complete` is set when all lines are counted.

        Raises SessionUnreadable.
        """
        log = cls(open_source(path), LineIndex(), path=path)
        log._add_window(b"")
        log._scan = threading.Thread(target=log._scan_rest, daemon=True, name="log-scan")
        log._scan.start()
        return log

    def __len__(self) -> int:
        """Rows there are now."""
        return self.index.rows

    def __iter__(self) -> Iterator[Line]:
        """Every line with a meaning, header and hidden events included."""
        for number, data in self.raw_lines(1):
            line = parse_line(data, number, first=number == self.index.first_line)
            if line is not None:
                yield line

    @property
    def header(self) -> Header | None:
        """The header, if there is one."""
        for line in self:
            return line if isinstance(line, Header) else None
        return None

    @property
    def violations(self) -> int:
        """Frames with a broken rule."""
        return self.index.violations

    def line(self, number: int) -> Line | None:
        """One line, wholly parsed; None where there is none."""
        for found, data in self.raw_lines(number):
            return parse_line(data, found, first=found == self.index.first_line)
        return None

    def row_of(self, line: int) -> int | None:
        """The row of a line; None for a hidden one."""
        row = self.index.row_of(line)
        return row if row < len(self) and self.index.line_of(row) == line else None

    def rows(self, start: int, stop: int) -> list[Row]:
        """The rows of a range, previewed."""
        stop = min(stop, len(self))
        if start >= stop:
            return []
        wanted = [self.index.line_of(row) for row in range(start, stop)]
        first = max(1, wanted[0] - LOOK_BACK)
        rows: list[Row] = []
        before: list[Line] = []
        numbers = set(wanted)
        for number, data in self.raw_lines(first):
            if number > wanted[-1]:
                break
            line = parse_line(data, number, first=number == self.index.first_line)
            if line is None:
                continue
            if number in numbers:
                rows.append(row_of(line, before))
            if not isinstance(line, Header):
                before.append(line)
        return rows

    def next_violation(self, line: int, *, backward: bool = False) -> int | None:
        """The nearest line after (or before) with a broken rule."""
        found = None
        for number, data in self.raw_lines(1 if backward else line + 1):
            if backward and number >= line:
                break
            if b',"bad":[' in data:
                found = number
                if not backward:
                    break
        return found

    def message(self, number: int) -> list[FrameLine]:
        """The frames of the message that a frame belongs to, in order."""
        line = self.line(number)
        if not isinstance(line, FrameLine) or line.frame.is_control:
            return [line] if isinstance(line, FrameLine) else []
        frames: list[FrameLine] = []
        for found, data in self.raw_lines(max(1, number - 10_000)):
            other = parse_line(data, found)
            if not isinstance(other, FrameLine) or other.frame.is_control:
                continue
            if (other.sent, other.connection) != (line.sent, line.connection):
                continue
            if other.frame.opcode:
                frames = []
            frames.append(other)
            if found >= number and other.frame.fin:
                break
            if found < number and other.frame.fin:
                frames = []
        return frames

    def handshake(self, connection: int) -> list[Event]:
        """The steps of a connection's handshake, with its outcome."""
        for outcome, (first, last) in sorted(self.index.opens.items()):
            events = [
                line
                for number in (*range(first, last + 1), outcome)
                if isinstance(line := self.line(number), Event)
            ]
            if events and events[-1].connection == connection:
                return events
        return []

    def close(self) -> None:
        """Stop reading."""
        self._stop.set()
        if self._scan is not None:
            self._scan.join()
            self._source.close()

    def raw_lines(self, first: int = 1) -> Iterator[tuple[int, bytes]]:
        """Numbered lines from one on, without newlines, read window by window."""
        offset, number = self.index.locate(first)
        end, rest, small = self.index.size, b"", 1 << 16
        while offset < end:
            data = self._source.pread(min(small, end - offset), offset)
            if not data:
                break
            offset += len(data)
            small = WINDOW
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                if number >= first:
                    yield number, line
                number += 1
        if rest and number >= first:
            yield number, rest

    def _add_window(self, rest: bytes) -> bytes:
        """Index the next window; gives the beginning of a line that it ends in."""
        at = self.index.size + len(rest)
        data = rest + self._source.pread(WINDOW, at)
        if at + len(data) - len(rest) >= self._source.size:
            self.index.add(data)
            return b""
        end = data.rfind(b"\n") + 1
        if end:
            self.index.add(data[:end])
        return data[end:]

    def _scan_rest(self) -> None:
        rest = b""
        while self.index.size + len(rest) < self._source.size and not self._stop.is_set():
            rest = self._add_window(rest)
        self.complete.set()
