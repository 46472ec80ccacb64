"""The message that a frame belongs to, found around its line, and which fragment of it it is."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from wsdebug.log.backward import Blocks, Lines
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

__all__ = [
    "FragmentNumbers",
    "Told",
    "fragments_before",
    "inner_lines",
    "is_beside",
    "message_of",
    "start_of",
]

# as it is recorded: between the first fragment of a message and the last
HEAD = rb'\{"t":[0-9.]++,%b"op":"cont","fin":false,(?:"mask":(?:null|"[0-9a-f]{8}"),)?"(?:%b)":'
INNER = re.compile(HEAD % (rb'(?:"c":[0-9]{1,18},)?', b"send|recv"))
KNOWN = 100_000  # places whose numbers are remembered


@lru_cache(maxsize=16)
def inner_lines(sent: bool, connection: int) -> re.Pattern[bytes]:
    """Nothing but such fragments of one direction and connection, in whole lines."""
    number = b"" if connection == 1 else b'"c":%d,' % connection
    return re.compile(b"(?:%b[^\\n]*+\\n)*+" % (HEAD % (number, b"send" if sent else b"recv")))


def message_of(line: FrameLine, lines_from: Lines, blocks: Blocks) -> list[FrameLine]:
    """The frames of a message, in order; numbered lines come from a line on, and backward."""
    if line.frame.is_control or (line.frame.opcode and line.frame.fin):
        return [line]
    frames: list[FrameLine] = []
    for number, data in lines_from(start_of(line, blocks)):
        other = parse_line(data, number)
        if not isinstance(other, FrameLine) or not is_beside(other, line):
            continue
        if other.frame.opcode and number > line.number:
            break  # the message was never finished
        frames.append(other)
        if number >= line.number and other.frame.fin:
            break
    return frames


def start_of(line: FrameLine, blocks: Blocks) -> int:
    """The line of the first fragment, however far it is; of a message without one, the line
    after the message before it.
    """
    if line.frame.opcode:
        return line.number
    for number, _, frame in fragments_before(line, blocks):
        if frame is not None and frame.frame.fin:
            return number + 1
        if frame is not None and frame.frame.opcode:
            return number
    return 1


def fragments_before(
    line: FrameLine, blocks: Blocks
) -> Iterator[tuple[int, int, FrameLine | None]]:
    """The frames before one that may be of its message, backward: a line from which on there are
    so many more of them that lie between its first and its last, and any other one in that line.
    """
    mine = inner_lines(line.sent, line.connection)
    for first, data in blocks(line.number):
        if mine.fullmatch(data):
            yield first, data.count(b"\n"), None
            continue
        count = 0
        lines = data.removesuffix(b"\n").split(b"\n")
        for number, text in zip(
            range(first + len(lines) - 1, 0, -1), reversed(lines), strict=False
        ):
            if INNER.match(text):
                count += mine.fullmatch(text + b"\n") is not None
                continue
            other = parse_line(text, number)
            if isinstance(other, FrameLine) and is_beside(other, line):
                yield number, count, other
                count = 0
        yield first, count, None


class Told(NamedTuple):
    """A fragment's number within its message, from 1; whether that began as text, where its first
    fragment is known, or else may have.
    """

    number: int
    is_text: bool
    has_first: bool


class FragmentNumbers:
    """Numbers of fragments in messages of any length. A walk back through a long one remembers
    numbers on its way, so that the next one is short.
    """

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._known: dict[tuple[int, bool, int], Told] = {}
        self._told: dict[tuple[bool, int], tuple[int, Told]] = {}

    def tell(self, line: FrameLine, told: Told) -> None:
        """Take what is known of a fragment: the next one is mostly asked for next."""
        self._told[line.sent, line.connection] = line.number, told

    def told(self, line: FrameLine) -> Told | None:
        """What was taken of the last one of a direction and connection; None of any other."""
        number, told = self._told.get((line.sent, line.connection), (0, None))
        return told if number == line.number else None

    def before(self, line: FrameLine) -> Told:
        """What is known of the fragment before a continuation; number 0 where there is none."""
        asked = (line.number, line.sent, line.connection)
        known = self._known.get(asked)  # one look: other threads read the log too
        if known is not None:
            return known
        count, is_text, has_first = 0, False, False
        passed = [(asked, 0)]
        for number, inner, frame in fragments_before(line, self._blocks):
            count += inner
            if frame is not None:
                if frame.frame.fin:
                    break
                count += 1
                is_text, has_first = frame.is_text, frame.frame.opcode > 0
                if has_first:
                    break
                continue
            place = (number, line.sent, line.connection)
            known = self._known.get(place)
            if known is not None:
                count += known.number
                is_text, has_first = known.is_text, known.has_first
                break
            passed.append((place, count))
        if len(self._known) > KNOWN:
            self._known.clear()
        for place, since in passed:
            self._known[place] = Told(count - since, is_text, has_first)
        return Told(count, is_text, has_first)


def is_beside(other: FrameLine, line: FrameLine) -> bool:
    """Whether it is a data frame of the same direction."""
    is_data = not other.frame.is_control
    return is_data and (other.sent, other.connection) == (line.sent, line.connection)
