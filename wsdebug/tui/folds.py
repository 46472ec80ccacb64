"""Heartbeats of the log on the screen, folded where they follow one another; found in a thread."""

from functools import partial

from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from wsdebug.log.filter_terms import AllOf, Filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.folded import FoldedLines
from wsdebug.log.log import FrameLog
from wsdebug.tui.gently import go_through

__all__ = ["Folds"]


class Folds:
    """What is folded, if `is_on`; grows in a thread of its own, which the widget starts.

    Nothing is, until all that there was at first is known: rows do not move twice.
    """

    def __init__(self, widget: Widget) -> None:
        self.is_on = False
        self.query = Filter("", AllOf(()))
        self._widget = widget
        self._log: FrameLog | None = None
        self._among: FilteredLines | None = None
        self._lines: FoldedLines | None = None
        self._looking: Worker[None] | None = None
        self._changes = 0
        self._is_ready = False

    @property
    def lines(self) -> FoldedLines | None:
        """The rows with folds, None without."""
        return self._lines if self._is_ready else None

    @property
    def is_looking(self) -> bool:
        """Whether the thread is at it."""
        return self._looking is not None and not self._looking.is_finished

    def take(self, log: FrameLog | None, among: FilteredLines | None) -> None:
        """Fold rows of another log, or other rows of it: those that a filter takes."""
        if log is not self._log or among is not self._among:
            self._log, self._among = log, among
            self._begin()

    def use(self, query: Filter, *, is_on: bool) -> None:
        """Fold other lines, or none."""
        self.query, self.is_on = query, is_on
        self._begin()

    def look(self) -> bool:
        """Look through what is new, in a thread; whether folds have changed since the last look."""
        lines, was_ready = self._lines, self._is_ready
        if lines is None:
            return False
        if not self.is_looking:
            self._is_ready = was_ready or self._looking is not None or lines.is_complete
            if not lines.is_complete:
                work = partial(_look, lines)
                self._looking = self._widget.run_worker(work, thread=True, group="fold")
        before, self._changes = self._changes, lines.changes
        return (before, was_ready) != (self._changes, self._is_ready)

    def _begin(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        self._lines, self._changes, self._is_ready = None, 0, False
        if self.is_on and self._log is not None:
            self._lines = FoldedLines(self._log, self.query, self._among)


def _look(lines: FoldedLines) -> None:
    worker = get_current_worker()
    try:
        go_through(lines.advance, lambda: worker.is_cancelled)
    except (OSError, ValueError):  # the log was closed meanwhile
        return
