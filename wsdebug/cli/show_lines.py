"""What `show` prints of many lines: a table, or session lines."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from wsdebug.cli.color import Paint
from wsdebug.cli.say import say
from wsdebug.cli.text import json_text, plain_text, row_text
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.session.lines import Damaged
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_many import PlainLines, plain_kind
from wsdebug.session.preview import LONG

__all__ = ["Json", "Output", "Printer", "Table", "batches"]

TOGETHER = 64  # lines that are looked at together
HEADING = f"{'line':>6} {'time':>12}   {'opcode':<6}    bytes payload"


class Output(Protocol):
    """Takes what is printed."""

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it."""

    @property
    def columns(self) -> int:
        """Cells of a row, where it is a terminal."""

    def write(self, data: str | bytes) -> None:
        """Take it, after what was written before."""


class Printer(Protocol):
    """Prints batches of lines, given by their numbers in ascending order."""

    def show(self, lines: Sequence[int]) -> None:
        """Print some."""

    def end(self) -> None:
        """There are no more."""


class Table:
    """A row a line; on a terminal under a heading, and as wide as that is."""

    def __init__(self, log: FrameLog, output: Output, paint: Paint) -> None:
        self._log = log
        self._output = output
        self._paint = paint
        self._width = output.columns if output.is_terminal else None
        self._has_heading = not output.is_terminal

    def show(self, lines: Sequence[int]) -> None:
        """Print some."""
        others: list[int] = []  # they are read as rows, with what stands before them
        for numbers, some in batches(self._log, lines):
            texts = self._plain(numbers, some)
            if texts is None:
                others += numbers
                continue
            self.show_rows(self._log.rows_at(others))
            others = []
            self._write(texts)
        self.show_rows(self._log.rows_at(others))

    def _plain(self, numbers: Sequence[int], some: Sequence[bytes]) -> Iterator[str] | None:
        """Plain lines as rows of text; None of others, and where a row may say more."""
        if self._log.index.failed or max(map(len, some)) >= LONG:
            return None
        together = b"\n".join([*some, b""])
        kind = plain_kind(together)
        if kind is None:
            return None
        lines = PlainLines(together, kind)
        return plain_text(numbers, lines, kind, width=self._width, paint=self._paint)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Print rows that were read already, folds among them."""
        self._write(row_text(row, width=self._width, paint=self._paint) for row in rows)

    def _write(self, texts: Iterable[str]) -> None:
        if not self._has_heading:
            self._output.write(self._paint(HEADING, "bold") + "\n")
            self._has_heading = True
        self._output.write("".join([f"{text}\n" for text in texts]))

    def end(self) -> None:
        """There are no more."""


class Json:
    """Lines as they stand in the file. A damaged one is an event that says so, with its number,
    so that the output is a session still; stderr tells how many there were.
    """

    def __init__(
        self, log: FrameLog, output: Output, path: str, *, with_header: bool = False
    ) -> None:
        self._log = log
        self._output = output
        self._path = path
        self._damaged = 0
        self._first: Damaged | None = None
        self._owes_header = with_header

    def show(self, lines: Sequence[int]) -> None:
        """Print some."""
        self._header()
        for numbers, some in batches(self._log, lines):
            together = b"\n".join([*some, b""])
            if not self._output.is_terminal and plain_kind(together) is not None:
                self._output.write(together)
                continue
            for number, data in zip(numbers, some, strict=True):
                self._line(number, data)

    def _line(self, number: int, data: bytes) -> None:
        line = parse_line(data, number, first=number == self._log.index.first_line)
        if isinstance(line, Damaged):
            line = self._log.judged(line)
            self._damaged += 1
            self._first = self._first or line
            data = _damaged_event(line)
        self._output.write(json_text(data, is_terminal=self._output.is_terminal))

    def _header(self) -> None:
        number = self._log.index.first_line
        if self._owes_header and self._log.header is not None:
            self._line(number, next(self._log.raw_lines(number))[1])
        self._owes_header = False

    def end(self) -> None:
        """There are no more."""
        self._header()
        if self._first is None:
            return
        words = f"{self._path}, line {self._first.number}: {self._first.why}"
        if self._damaged > 1:
            first = f"the first is line {self._first.number}: {self._first.why}"
            words = f"{self._path}: {self._damaged:,} lines are damaged, {first}"
        say(words)


def _damaged_event(line: Damaged) -> bytes:
    text = line.data.decode("utf-8", "backslashreplace")
    event = {"event": "damaged", "line": line.number, "why": line.why, "text": text}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def batches(log: FrameLog, lines: Sequence[int]) -> Iterator[tuple[Sequence[int], Sequence[bytes]]]:
    """Some lines as they stand in the file, a few at a time: mostly they are of one kind."""
    raw = _raw(log, lines)
    for start in range(0, len(lines), TOGETHER):
        yield lines[start : start + TOGETHER], [data for _, data in islice(raw, TOGETHER)]


def _raw(log: FrameLog, lines: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Some lines as they stand in the file."""
    wanted = iter(lines)
    number = next(wanted, None)
    if number is None:
        return
    for found, data in log.raw_lines(number):
        if found == number:
            yield found, data
            number = next(wanted, None)
            if number is None:
                return
