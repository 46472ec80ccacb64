"""What a filter takes of the log on the screen, looked for in a thread."""

from functools import partial

from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from wsdebug.log.filter_terms import Filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog
from wsdebug.log.needles import HASTE

__all__ = ["Matches"]

NEAR = 4 << 20  # bytes


class Matches:
    """The lines that a filter takes; grows in a thread of its own, which the widget starts.

    `hides`: the other rows are out of sight.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._log: FrameLog | None = None
        self._query: Filter | None = None
        self._hides = True
        self._lines: FilteredLines | None = None
        self._looking: Worker[None] | None = None

    @property
    def query(self) -> Filter | None:
        """The filter, None for none."""
        return self._query

    @property
    def lines(self) -> FilteredLines | None:
        """What was found so far."""
        return self._lines

    @property
    def hiding(self) -> FilteredLines | None:
        """The rows that are left in sight, None for all."""
        return self._lines if self._hides else None

    @property
    def progress(self) -> float:
        """How much of the log was looked through, from 0 to 1; what comes live counts as done."""
        size = self._log.index.size if self._log is not None else 0
        if self._lines is None or size - self._lines.looked_through < NEAR:
            return 1.0
        return self._lines.looked_through / size

    def prepare(self) -> None:
        """A filter is about to be typed: learn what makes all of them faster, in a thread."""
        if self._log is not None:
            work = partial(_learn, self._log)
            self._widget.run_worker(work, thread=True, group="learn", exclusive=True)

    def set_log(self, log: FrameLog | None) -> None:
        """Look through another log, with the same filter."""
        self._log = log
        self._begin()

    def set_filter(self, query: Filter | None, *, hides: bool) -> None:
        """Take another filter."""
        self._hides = hides
        if query != self._query:
            self._query = query
            self._begin()

    def look(self) -> None:
        """Look through what is new, in a thread; called at every tick."""
        lines = self._lines
        if lines is None or lines.is_complete:
            return
        if self._looking is None or self._looking.is_finished:
            work = partial(_look, lines)
            self._looking = self._widget.run_worker(work, thread=True, group="filter")

    def next(self, line: int, *, backward: bool) -> int | None:
        """The nearest line after (or before) a line that the filter takes."""
        return self._lines.next(line, backward=backward) if self._lines is not None else None

    def _begin(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        self._lines = None
        if self._log is not None and self._query is not None:
            self._lines = FilteredLines(self._log, self._query)


def _learn(log: FrameLog) -> None:
    worker, at = get_current_worker(), (0, 1)
    while not worker.is_cancelled:
        window = log.window(at)
        if window is None or len(window.data) < HASTE:
            return
        log.plain.is_plain(window)
        at = window.after


def _look(lines: FilteredLines) -> None:
    worker = get_current_worker()
    try:
        while not worker.is_cancelled and lines.advance():
            pass
    except (OSError, ValueError):  # the log was closed meanwhile
        return
