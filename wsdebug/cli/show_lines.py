"""What `show` prints of many lines: a table, session lines, or payloads."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from wsdebug.cli.color import Paint
from wsdebug.cli.say import say
from wsdebug.cli.text import hex_dump, json_text, plain_text, row_text
from wsdebug.log.filter_terms import AllOf, AnyOf, Node, Not, NumberIn, OpcodeIs
from wsdebug.log.fragments import inner_lines
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.log.whole import WholeMessage
from wsdebug.payload.escape import escape_bytes
from wsdebug.session.lines import Damaged, FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_many import PlainLines, plain_kind
from wsdebug.session.preview import LONG
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["Json", "Output", "Payloads", "Printer", "Table", "asks_for_control"]

TOGETHER = 64  # lines that are looked at together
AT_ONCE = 1 << 20  # bytes of a message that are held before they are printed
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
        for numbers, some in _together(self._log, lines):
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
        for numbers, some in _together(self._log, lines):
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


class Payloads:
    """The payloads of messages, text with a newline; on a terminal what cannot be read as hex.

    Those of control frames only where the filter asks for an opcode of theirs.
    """

    def __init__(
        self,
        log: FrameLog,
        output: Output,
        *,
        with_control: bool = False,
        most: int | None = None,
    ) -> None:
        """`most` bounds how many are printed."""
        self._left = most
        self._log = log
        self._output = output
        self._has_control = with_control
        # of a direction and connection the last frame of a message that was printed
        self._printed: dict[tuple[bool, int], int] = {}

    def show(self, lines: Sequence[int]) -> None:
        """Print some."""
        for numbers, some in _together(self._log, lines):
            together = b"\n".join([*some, b""])
            if self._were_printed(numbers[-1], together):
                continue
            is_wanted = self._left is None or len(some) <= self._left
            kind = plain_kind(together) if is_wanted and not self._output.is_terminal else None
            if kind is not None:
                payloads = PlainLines(together, kind).payloads
                between = b"\n" if kind.is_text else b""
                self._output.write(between.join([*payloads, b""]))
                self._left = self._left and self._left - len(some)
                continue
            for number, data in zip(numbers, some, strict=True):
                self._line(number, data)

    def _were_printed(self, last: int, together: bytes) -> bool:
        """Whether some lines are all of a message that was."""
        return any(
            last <= end and inner_lines(*way).fullmatch(together)
            for way, end in self._printed.items()
        )

    def _line(self, number: int, data: bytes) -> None:
        line = parse_line(data, number, first=number == self._log.index.first_line)
        if not isinstance(line, FrameLine) or (line.frame.is_control and not self._has_control):
            return
        was_printed = number <= self._printed.get((line.sent, line.connection), 0)
        if line.frame.is_control or not was_printed:
            self._message(line)

    def _message(self, line: FrameLine) -> None:
        if self._left is not None:
            if not self._left:
                return
            self._left -= 1
        whole, pieces, size = WholeMessage(self._log, line), [], 0
        for piece in whole.pieces():
            size += len(piece)
            if size <= AT_ONCE or self._output.is_terminal:
                pieces.append(piece)
        last = whole.frames[-1].number
        if not line.frame.is_control:
            self._printed[line.sent, line.connection] = last
        if not whole.is_whole:
            _tell_what_is_missing(whole.frames[0])
        elif size <= AT_ONCE or self._output.is_terminal:
            self._print(whole.frames[0], pieces)
        else:  # once more: nothing was to be printed before all was known to be there
            again = WholeMessage(self._log, line, up_to=last + 1)
            self._print(whole.frames[0], again.pieces())

    def print_frame(self, frame: FrameLine) -> None:
        """Print what one frame carries."""
        if frame.payload is None:
            _tell_what_is_missing(frame)
        else:
            self._print(frame, [frame.payload])

    def _print(self, first: FrameLine, pieces: Iterable[bytes]) -> None:
        """Print a payload, that of a message by its first frame."""
        if not first.frame.is_control and not self._output.is_terminal:
            for piece in pieces:
                self._output.write(piece)
            self._output.write(b"\n" if first.is_text else b"")
            return
        payload, is_text = _readable(first, b"".join(pieces))
        if not self._output.is_terminal:
            self._output.write(payload + b"\n" if is_text else payload)
        elif is_text:
            self._output.write(escape_bytes(payload, newlines=False) + "\n")
        else:
            self._output.write("".join(f"{text}\n" for text in hex_dump(payload)))

    def end(self) -> None:
        """There are no more."""


def _tell_what_is_missing(frame: FrameLine) -> None:
    words = f"line {frame.number}: the payload could not be inflated"
    say(words)


def _readable(frame: FrameLine, payload: bytes) -> tuple[bytes, bool]:
    """A payload, and whether it is text: pings and pongs are where they are ASCII, as the format
    has them; of a close its code and reason.
    """
    if frame.frame.opcode == Opcode.CLOSE:
        body = parse_close(payload)
        if body is not None:
            code = str(body.code) if body.code is not None else ""
            return f"{code} {body.reason}".strip().encode(), True
    is_text = frame.is_text or (frame.frame.is_control and payload.isascii())
    return payload, is_text


def asks_for_control(node: Node) -> bool:
    """Whether a filter names an opcode of control frames, or a close code."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return any(asks_for_control(part) for part in parts)
        case Not():
            return False
        case OpcodeIs(opcode):
            return opcode >= Opcode.CLOSE
        case NumberIn("code"):
            return True
    return False


def _together(
    log: FrameLog, lines: Sequence[int]
) -> Iterator[tuple[Sequence[int], Sequence[bytes]]]:
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
