"""The rows of a log that are on the screen, read as few times as can be."""

from typing import TYPE_CHECKING

from wsdebug.log.filtered import FilteredLines
from wsdebug.log.folded import FoldedLines
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.log.wall_times import WallTimes
from wsdebug.tui.row_text import TimeMode

if TYPE_CHECKING:
    from wsdebug.replay.marks import Found, Marks

__all__ = ["RowWindow"]

KEPT = 400  # rows that are remembered beyond those of a read


class RowWindow:
    """Remembers rows by their line: that never changes, while a line's row number may.

    With `filtered`, its lines are the rows, and all others are out of sight; with `folded`, some
    of them are one.
    """

    def __init__(self, log: FrameLog) -> None:
        self.log = log
        self.filtered: FilteredLines | None = None
        self.folded: FoldedLines | None = None
        self.wall = WallTimes(log)
        self.marks: Marks | None = None
        self._marks_seen: tuple[Marks | None, int] = (None, 0)  # and how many changes of them
        self._rows: dict[int, Row] = {}
        self._tail: list[Row] = []  # as many as the screen has
        self._held_from = log.held_from

    @property
    def kept(self) -> int:
        """Rows in memory."""
        return len(self._rows)

    @property
    def _lines(self) -> FoldedLines | FilteredLines | None:
        """What the rows are, None for all."""
        return self.folded if self.folded is not None else self.filtered

    @property
    def count(self) -> int:
        """Rows there are now."""
        lines = self._lines
        return len(self.log) if lines is None else len(lines)

    def line_of(self, number: int) -> int:
        """The line of a row; 0 for one that has gone meanwhile."""
        lines = self._lines
        if lines is None:
            return self.log.index.line_of(number)
        try:
            return lines.line_at(number)
        except IndexError:
            return 0

    def row_of(self, line: int) -> int:
        """The row of a line, or of what follows it where it is out of sight."""
        lines = self._lines
        return self.log.index.row_of(line) if lines is None else lines.place_of(line)

    def forget(self) -> None:
        """Read all rows anew: some mean something else now."""
        self._rows.clear()

    def set_folded(self, line: int, *, folded: bool) -> bool:
        """Fold or unfold what is around a line; whether that changed anything."""
        if self.folded is None or not self.folded.set_folded(line, folded=folded):
            return False
        self.forget()
        return True

    def begins_unfolded(self, line: int) -> bool:
        """Whether a line is the first of a run that is not folded."""
        return self.folded is not None and self.folded.begins_unfolded(line)

    def look_at_the_record(self) -> bool:
        """Whether other rows than before are recorded: all are to be read anew then."""
        before, self._held_from = self._held_from, self.log.held_from
        if self._held_from == before:
            return False
        self.forget()
        return True

    def look_at_marks(self) -> bool:
        """Whether lines were marked since the last look."""
        before = self._marks_seen
        self._marks_seen = (self.marks, self.marks.version if self.marks is not None else 0)
        return self._marks_seen != before

    def found(self, line: int) -> "Found | None":
        """What a replay found of a line."""
        return self.marks.found(line) if self.marks is not None else None

    def next_wrong(self, line: int, *, backward: bool) -> int | None:
        """The next line with a broken rule, or that a replay found wrong."""
        found = [self.log.next_violation(line, backward=backward)]
        if self.marks is not None:
            found.append(self.marks.next_wrong(line, backward=backward))
        lines = [each for each in found if each is not None]
        return (max if backward else min)(lines, default=None)

    def row(self, number: int, end: int) -> Row | None:
        """A row; read, if it has to be, with those missing between it and `end`."""
        line = self.line_of(number)
        if line not in self._rows:
            stop = number + 1
            while stop < end and self.line_of(stop) not in self._rows:
                stop += 1
            if len(self._rows) > KEPT:
                self._rows.clear()
            lines = self._lines
            rows = (self.log if lines is None else lines).rows(number, stop)
            self._rows.update((row.line, row) for row in rows)
        return self._rows.get(line)

    def tail_row(self, place: int, height: int) -> Row | None:
        """The row at a place of a screen that shows the end of a file whose lines are still
        being counted; else None.
        """
        if not self.log.is_counting or self._lines is not None:
            return None
        if len(self._tail) != height:
            self._tail = self.log.tail(height)
        return self._tail[place] if len(self._tail) == height else None

    def has_frames(self, count: int) -> bool:
        """Whether any of the first rows is a frame."""
        rows = (self.row(number, count) for number in range(count))
        return any(row is not None and row.kind == "frame" for row in rows)

    def next_time(self, time: TimeMode) -> TimeMode:
        """The next way to tell times; that of the clock only where it is known."""
        if time == "start":
            return "previous"
        return "wall" if time == "previous" and self.wall.is_known else "start"
