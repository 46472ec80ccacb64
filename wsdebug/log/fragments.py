"""The message that a frame belongs to, found around its line, and which fragment of it it is."""

import re
from collections.abc import Callable, Iterator

from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

__all__ = ["FragmentNumbers", "Lines", "message_of"]

# as it is recorded: between the first fragment of a message and the last
INNER = re.compile(
    rb'\{"t":[0-9.]+,(?:"c":([0-9]{1,18}),)?"op":"cont","fin":false,'
    rb'(?:"mask":(?:null|"[0-9a-f]{8}"),)?"(send|recv)":'
)
EVERY = 512  # lines between two whose numbers are remembered
KNOWN = 100_000  # of them
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


class FragmentNumbers:
    """Numbers of fragments in messages of any length. A walk back through a long one remembers
    numbers on its way, so that the next one is short.
    """

    def __init__(self, lines_before: Lines) -> None:
        self._lines_before = lines_before
        self._known: dict[tuple[int, bool, int], tuple[int, bool]] = {}

    def before(self, line: FrameLine) -> tuple[int, bool]:
        """How many fragments of its message stand before a continuation; whether it is text."""
        asked = (line.number, line.sent, line.connection)
        known = self._known.get(asked)  # one look: other threads read the log too
        if known is not None:
            return known
        count, is_text = 0, False
        passed = [(asked, 0)]
        for number, data in self._lines_before(line.number):
            inner = INNER.match(data)
            if inner is not None:
                sent, connection = inner[2] == b"send", int(inner[1] or 1)
                count += (sent, connection) == (line.sent, line.connection)
            else:
                other = parse_line(data, number)
                if isinstance(other, FrameLine) and _is_beside(other, line):
                    if other.frame.fin:
                        break
                    count += 1
                    is_text = other.is_text
                    if other.frame.opcode:
                        break
            if number % EVERY == 0:
                place = (number, line.sent, line.connection)
                if place in self._known:
                    earlier, is_text = self._known[place]
                    count += earlier
                    break
                passed.append((place, count))
        if len(self._known) > KNOWN:
            self._known.clear()
        for place, since in passed:
            self._known[place] = count - since, is_text
        return count, is_text


def _is_beside(other: FrameLine, line: FrameLine) -> bool:
    """Whether it is a data frame of the same direction."""
    is_data = not other.frame.is_control
    return is_data and (other.sent, other.connection) == (line.sent, line.connection)
