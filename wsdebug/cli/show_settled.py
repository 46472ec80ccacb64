"""Lines and rows of a session as they become known, in order, to the end of the file."""

from collections.abc import Iterator

from wsdebug.log.filtered import FilteredLines
from wsdebug.log.folded import FoldedLines
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row

__all__ = ["PATIENCE", "settled_lines", "settled_rows"]

STEP = 1000  # lines at a time
PATIENCE = 0.05  # seconds between two looks at a file that is still counted, or grows


def settled_lines(log: FrameLog, lines: FilteredLines) -> Iterator[list[int]]:
    """The lines that a filter takes."""
    place = 0
    while True:
        is_whole = log.complete.is_set()
        may_go_on = lines.advance()
        is_last = is_whole and not may_go_on and lines.is_complete
        stop = len(lines) if is_last else lines.place_of(lines.settled + 1)
        for start in range(place, stop, STEP):
            yield lines.lines(start, min(start + STEP, stop))
        place = max(place, stop)
        if is_last:
            return
        if not may_go_on:
            log.complete.wait(PATIENCE)


def settled_rows(log: FrameLog, lines: FilteredLines, folded: FoldedLines) -> Iterator[list[Row]]:
    """Those lines as rows with folds; the last fold so far may still grow, and waits."""
    row = 0
    while True:
        is_whole = log.complete.is_set()
        may_go_on = lines.advance()
        may_go_on = folded.advance() or may_go_on
        is_last = is_whole and not may_go_on and lines.is_complete and folded.is_complete
        stop = len(folded) if is_last else folded.place_of(folded.settled + 1)
        for start in range(row, stop, STEP):
            yield folded.rows(start, min(start + STEP, stop))
        row = max(row, stop)
        if is_last:
            return
        if not may_go_on:
            log.complete.wait(PATIENCE)
