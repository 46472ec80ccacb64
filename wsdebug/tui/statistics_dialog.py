"""A session in numbers, counted in a thread while the panel stands there."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.statistics_text import LABEL, statistics_text
from wsdebug.tui.dialog import Dialog, DialogBody, Hint

__all__ = ["StatisticsDialog"]

WIDTH = 96
COLUMNS = 6
BESIDE = 8  # cells of the screen that no row has
LOOKS_HZ = 4


class StatisticsDialog(Dialog[None]):
    """What `show --stats` prints, of all that the log had when the panel was opened."""

    DEFAULT_CSS = """
    StatisticsDialog #numbers { height: auto; }
    """

    def __init__(self, log: FrameLog, *, live: bool) -> None:
        super().__init__("Statistics", (Hint("esc", "back", "leave"),), width=WIDTH)
        self._log = log
        self._is_live = live
        self._statistics = Statistics(log)
        self._end = log.index.size
        self._is_counted = False
        self._is_broken = False

    def parts(self) -> Iterable[Widget]:
        """One text."""
        yield DialogBody(Static(id="numbers"))

    def on_mount(self) -> None:
        """Begin to count."""
        super().on_mount()
        self.run_worker(self._count, thread=True)
        self._show()
        self.set_interval(1 / LOOKS_HZ, self._show)

    def on_resize(self) -> None:
        """Columns for the width there is."""
        super().on_resize()
        self._show()

    @property
    def _passed_end(self) -> bool:
        """Whether what was there at first is counted: a flood may never end."""
        return self._statistics.looked_through >= self._end

    def _count(self) -> None:
        worker, statistics = get_current_worker(), self._statistics
        try:
            while not worker.is_cancelled:
                is_whole = self._is_live or self._log.complete.is_set()
                more = statistics.advance()
                if is_whole and (not more or (self._is_live and self._passed_end)):
                    break
                if not more:
                    self._log.complete.wait(1 / LOOKS_HZ)
        except (OSError, ValueError):  # the log was closed meanwhile
            self._is_broken = True
        self._is_counted = True

    def _show(self) -> None:
        numbers = self.query_one("#numbers", Static)
        if self._is_broken:
            numbers.update(Content("The session was closed before all of it was counted."))
        elif self._is_counted:
            width = min(WIDTH, self.app.size.width) - BESIDE
            column = min(12, (width - LABEL) // COLUMNS)
            lines = statistics_text(self._log, self._statistics, lambda text: text, column=column)
            numbers.update(Content("\n".join(lines)))
        else:
            percent = self._statistics.looked_through * 100 // max(1, self._log.index.size)
            numbers.update(Content(f"counting, {percent} %"))
