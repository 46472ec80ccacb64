"""A session in numbers, counted in a thread while the panel stands there."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.log.log import FrameLog
from wsdebug.log.over_time_text import LABEL
from wsdebug.log.statistics_text import statistics_text
from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import Dialog, DialogBody
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.statistics_count import LOOKS_HZ, StatisticsCount

__all__ = ["StatisticsDialog"]

WIDTH = 96
COLUMNS = 6
BESIDE = 8  # cells of the screen that no row has


class StatisticsDialog(Dialog[None]):
    """What `show --stats` prints, of all that the log had when the panel was opened."""

    DEFAULT_CSS = """
    StatisticsDialog #numbers { height: auto; }
    """

    def __init__(self, log: FrameLog, *, live: bool) -> None:
        super().__init__("Statistics", (Hint("esc", "back", "leave"),), width=WIDTH)
        self._log = log
        self._count = StatisticsCount(log, live=live)

    def parts(self) -> Iterable[Widget]:
        """One text."""
        yield DialogBody(Static(id="numbers"))

    def on_mount(self) -> None:
        """Begin to count."""
        self.run_worker(self._count.run, thread=True)
        self._show()
        self.set_interval(1 / LOOKS_HZ, self._show)

    def on_resize(self) -> None:
        """Columns for the width there is."""
        self._show()

    def _show(self) -> None:
        numbers, words = self.query_one("#numbers", Static), self._count.words
        if words:
            numbers.update(Content(words))
            return
        width = min(WIDTH, self.app.size.width) - BESIDE
        column = max(1, min(12, (width - LABEL) // COLUMNS))
        lines = statistics_text(
            self._log,
            self._count.statistics,
            lambda text: text,
            column=column,
            spark=glyphs_of(self.app).spark,
        )
        numbers.update(Content("\n".join(lines)))
