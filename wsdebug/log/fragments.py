"""The message that a frame belongs to, found around its line."""

import re
from collections.abc import Callable, Iterator

from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

__all__ = ["message_of"]

INNER = re.compile(rb'\{"t":[0-9.]+,(?:"c":[0-9]+,)?"op":"cont","fin":false,')
Lines = Callable[[int], Iterator[tuple[int, bytes]]]


def message_of(line: FrameLine, lines_from: Lines, lines_before: Lines) -> list[FrameLine]:
    """The frames of a message, in order; numbered lines come from a line on, and backward."""
    if line.frame.is_control or (line.frame.opcode and line.frame.fin):
        return [line]
    frames: list[FrameLine] = []
    for number, data in lines_from(_start(line, lines_before)):
        other = parse_line(data, number)
        if not isinstance(other, FrameLine) or not _is_beside(other, line):
            continue
        if other.frame.opcode and number > line.number:
            break  # the message was never finished
        frames.append(other)
        if number >= line.number and other.frame.fin:
            break
    return frames


def _start(line: FrameLine, lines_before: Lines) -> int:
    """The line of the first fragment, however far it is; of a message without one, the line
    after the message before it.
    """
    if line.frame.opcode:
        return line.number
    for number, data in lines_before(line.number):
        if INNER.match(data):
            continue  # a million of them in a moment
        other = parse_line(data, number)
        if isinstance(other, FrameLine) and _is_beside(other, line):
            if other.frame.fin:
                return number + 1
            if other.frame.opcode:
                return number
    return 1


def _is_beside(other: FrameLine, line: FrameLine) -> bool:
    """Whether it is a data frame of the same direction."""
    is_data = not other.frame.is_control
    return is_data and (other.sent, other.connection) == (line.sent, line.connection)
