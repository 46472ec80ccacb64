"""Payloads of messages, as `show --payload` prints them."""

from collections.abc import Iterable, Sequence

from wsdebug.cli.say import say
from wsdebug.cli.show_lines import Output, batches
from wsdebug.cli.text import hex_dump
from wsdebug.log.filter_terms import AllOf, AnyOf, Node, Not, NumberIn, OpcodeIs
from wsdebug.log.fragments import inner_lines
from wsdebug.log.log import FrameLog
from wsdebug.log.whole import WholeMessage
from wsdebug.payload.escape import escape_bytes
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_many import PlainLines, plain_kind
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["Payloads", "asks_for_control"]

AT_ONCE = 1 << 20  # bytes of a message that are held before they are printed


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
        for numbers, some in batches(self._log, lines):
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
    say(f"line {frame.number}: the payload could not be inflated")


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
