"""Lines and rows of a session as they become known, in order, to the end of the file."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from wsdebug.log.filtered import FilteredLines
from wsdebug.log.folded import FoldedLines
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row

__all__ = ["PATIENCE", "settled_lines", "settled_rows"]

T = TypeVar("T")
STEP = 1000  # lines at a time
PATIENCE = 0.05  # seconds between two looks at a file that is still counted, or grows


def settled_lines(log: FrameLog, lines: FilteredLines) -> Iterator[list[int]]:
    """The lines that a filter takes."""
    return _settled(log, (lines,), lines, lines.lines)


def settled_rows(log: FrameLog, lines: FilteredLines, folded: FoldedLines) -> Iterator[list[Row]]:
    """Those lines as rows with folds; the last fold so far may still grow, and waits."""
    return _settled(log, (lines, folded), folded, folded.rows)


def _settled(
    log: FrameLog,
    growing: Sequence[FilteredLines | FoldedLines],
    found: FilteredLines | FoldedLines,
    take: Callable[[int, int], list[T]],
) -> Iterator[list[T]]:
    """What is taken of what was `found`, which is the last of those that are `growing`."""
    place = 0
    while True:
        is_whole = log.complete.is_set()
        have_more = [each.advance() for each in growing]
        may_go_on = any(have_more)
        is_last = is_whole and not may_go_on and all(each.is_complete for each in growing)
        stop = len(found) if is_last else found.place_of(found.settled + 1)
        for start in range(place, stop, STEP):
            yield take(start, min(start + STEP, stop))
        place = max(place, stop)
        if is_last:
            return
        if not may_go_on:
            log.complete.wait(PATIENCE)
