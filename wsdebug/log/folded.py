"""Runs of like lines, such as heartbeats, each as one row; found window by window."""

import threading
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from wsdebug.log.filter_terms import AllOf, BadIs, Filter, Not
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row

__all__ = ["Fold", "FoldedLines"]

LEAST = 2  # lines that are worth a fold
BATCH = 4096  # lines that are taken at a time


@dataclass(frozen=True, slots=True)
class Fold:
    """A run: its first and last line, and how many lines it has."""

    first: int
    last: int
    count: int


class AllLines:
    """The rows of a log, as a filter would give them that takes all."""

    def __init__(self, log: FrameLog) -> None:
        self._log = log

    @property
    def settled(self) -> int:
        """The last line up to which nothing will change."""
        return self._log.index.settled

    @property
    def last_looked(self) -> int:
        """The last line that there is."""
        return self._log.index.lines

    def line_at(self, place: int) -> int:
        """The line of a row."""
        return self._log.index.line_of(place)

    def place_of(self, line: int) -> int:
        """The row of a line, or of the next one with a row."""
        return self._log.index.row_of(line)

    def __contains__(self, line: int) -> bool:
        return self._log.row_of(line) is not None


class FoldedLines:
    """The rows of a log, or of its lines that a filter takes, where those that `query` takes too
    and that follow one another are one row. A broken rule is never folded away.

    Grows as `advance` is called, by one thread at a time; any thread may read. Lines that may yet
    change stand by themselves; those that were not looked at yet are left out.
    """

    def __init__(self, log: FrameLog, query: Filter, among: FilteredLines | None = None) -> None:
        self.query = query
        self.changes = 0  # grows with each change of what was there before
        unbroken = AllOf((query.tree, Not(BadIs(None))))
        self._taken = FilteredLines(log, replace(query, tree=unbroken))
        self._log = log
        self._base = AllLines(log) if among is None else among
        self._lock = threading.Lock()
        self._firsts = array("Q")  # lines of the runs
        self._lasts = array("Q")
        self._away = array("Q", [0])  # lines that the runs before each one hide
        self._open: set[int] = set()  # numbers of the runs that are not folded
        self._through = 0  # the last line whose run is known
        self._looked = 0  # the last line that is shown
        self._near = 0  # the run that was asked for last

    @property
    def is_complete(self) -> bool:
        """Whether all that there is was looked through."""
        through, looked = self._reach()
        is_known = self._through >= through and self._looked == looked
        return self._taken.is_complete and is_known

    @property
    def settled(self) -> int:
        """The last line whose row nothing will change: all before the run that may go on."""
        with self._lock:
            if not self._lasts:
                return self._through
            base, after = self._base, self._lasts[-1] + 1
            is_over = base.place_of(after) < base.place_of(self._through + 1)
            return self._through if is_over else self._firsts[-1] - 1

    def _reach(self) -> tuple[int, int]:
        taken, base = self._taken, self._base
        return min(taken.settled, base.settled), min(taken.last_looked, base.last_looked)

    def advance(self) -> bool:
        """Look through the next window; whether there may be more at once."""
        may_go_on = self._taken.advance()
        through, looked = self._reach()
        start, end = (self._taken.place_of(line + 1) for line in (self._through, through))
        for place in range(start, end, BATCH):
            self._take(self._taken.lines(place, min(place + BATCH, end)))
        self._through, self._looked = max(through, self._through), looked
        return may_go_on

    def _take(self, lines: Sequence[int]) -> None:
        """Lines that are to be folded, after those that were."""
        with self._lock:
            last = self._lasts[-1] if self._lasts else 0
        runs: list[list[int]] = []  # first, last, count
        base, is_first = self._base, True
        for line in lines:
            if line not in base:
                continue
            if last and (line == last + 1 or base.place_of(line) == base.place_of(last) + 1):
                if is_first:
                    runs.append([0, line, 0])
                runs[-1][1] = line
                runs[-1][2] += 1
            else:
                runs.append([line, line, 1])
            last, is_first = line, False
        with self._lock:
            for first, end, count in runs:
                if not first:  # the last run goes on
                    self._lasts[-1] = end
                    self._away[-1] += count
                    self.changes += 1
                else:
                    self._firsts.append(first)
                    self._lasts.append(end)
                    self._away.append(self._away[-1] + count - 1)

    # Where rows are

    def __len__(self) -> int:
        """Rows there are now."""
        with self._lock:
            return self._base.place_of(self._looked + 1) - self._hidden(len(self._firsts))

    def line_at(self, row: int) -> int:
        """The number of a row's line, the first one where it is folded. Raises IndexError."""
        with self._lock:
            run = self._run_before(row)
            if run >= 0 and run not in self._open and row == self._row_of_run(run):
                return self._firsts[run]
            return self._base.line_at(row + self._hidden(run + 1))

    def place_of(self, line: int) -> int:
        """The row of a line, of the run that it is folded into, or where it would be."""
        with self._lock:
            run = bisect_right(self._firsts, line) - 1
            if run >= 0 and run not in self._open and line <= self._lasts[run]:
                return self._row_of_run(run)
            return self._base.place_of(line) - self._hidden(run + 1)

    def lines(self, start: int, stop: int) -> list[int]:
        """The lines of a range of rows, as far as there are any."""
        return [self.line_at(row) for row in range(max(0, start), min(stop, len(self)))]

    def rows(self, start: int, stop: int) -> list[Row]:
        """A range of rows; a fold is its first one, with how many there are and until when."""
        lines = self.lines(start, stop)
        folds = {line: fold for line in lines if (fold := self.fold_of(line)) is not None}
        wanted = sorted({*lines, *(fold.last for fold in folds.values())})
        rows = {row.line: row for row in self._log.rows_at(wanted)}
        for line, fold in folds.items():
            if line in rows and fold.last in rows:
                rows[line] = replace(
                    rows[line],
                    kind="fold",
                    folded=fold.count,
                    last=fold.last,
                    until_us=rows[fold.last].time_us,
                    text="",
                )
        return [rows[line] for line in lines if line in rows]

    # Folds

    def fold_of(self, line: int) -> Fold | None:
        """The fold that a line is hidden in."""
        with self._lock:
            run = self._run_of(line)
            return None if run is None or run in self._open else self._fold(run)

    def begins_unfolded(self, line: int) -> bool:
        """Whether a line is the first of a run that is not folded."""
        with self._lock:
            run = self._run_of(line) if self._open else None
            return run in self._open and self._firsts[run or 0] == line

    def set_folded(self, line: int, *, folded: bool) -> bool:
        """Fold or unfold the run of a line; whether that changed anything."""
        with self._lock:
            run = self._run_of(line)
            if run is None or (run not in self._open) is folded:
                return False
            (self._open.discard if folded else self._open.add)(run)
            self.changes += 1
            return True

    def _fold(self, run: int) -> Fold:
        count = self._away[run + 1] - self._away[run] + 1
        return Fold(self._firsts[run], self._lasts[run], count)

    def _run_of(self, line: int) -> int | None:
        """The number of the run that a line belongs to."""
        run = bisect_right(self._firsts, line) - 1
        if run < 0 or line > self._lasts[run] or self._fold(run).count < LEAST:
            return None
        return run if line in self._base else None

    def _hidden(self, run: int) -> int:
        """Lines that the runs before one hide."""
        shown = sum(self._away[each + 1] - self._away[each] for each in self._open if each < run)
        return self._away[run] - shown

    def _row_of_run(self, run: int) -> int:
        return self._base.place_of(self._firsts[run]) - self._hidden(run)

    def _run_before(self, row: int) -> int:
        """The number of the last run that begins at a row or before it; -1 for none."""
        count, near = len(self._firsts), self._near
        for run in (near, near + 1):  # rows are asked for in order
            begins = run < 0 or (run < count and self._row_of_run(run) <= row)
            if begins and (run + 1 >= count or self._row_of_run(run + 1) > row):
                break
        else:
            run = bisect_right(range(count), row, key=self._row_of_run) - 1
        self._near = run
        return run
