"""Lines with a broken rule, found from line to line."""

from wsdebug.log.backward import Lines
from wsdebug.log.index import LineIndex
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

__all__ = ["next_violation"]


def next_violation(
    index: LineIndex, lines_from: Lines, line: int, *, backward: bool = False
) -> int | None:
    """The nearest line after (or before) with a broken rule; only blocks with one are read."""
    for first, last in index.violated_blocks(line, backward=backward):
        found = None
        for number, data in lines_from(first):
            if number > last or (backward and number >= line):
                break
            if (backward or number > line) and _is_violation(number, data):
                found = number
                if not backward:
                    break
        if found is not None:
            return found
    return None


def _is_violation(number: int, data: bytes) -> bool:
    if b'"bad"' not in data:
        return False
    line = parse_line(data, number)
    return isinstance(line, FrameLine) and bool(line.bad)
