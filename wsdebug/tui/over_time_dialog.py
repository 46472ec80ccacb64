"""Throughput and latencies over time, counted in a thread while the panel stands there."""

from collections.abc import Callable, Iterable

from textual.widget import Widget

from wsdebug.log.log import FrameLog
from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import MARGIN, ROOM, Dialog
from wsdebug.tui.over_time_view import OverTimeView
from wsdebug.tui.statistics_count import LOOKS_HZ, StatisticsCount

__all__ = ["OverTimeDialog"]

HEIGHT = 40  # rows of the panel's body, at most
HINTS = (
    Hint("T", "bytes", "unit"),
    Hint("p", "pings", "kind"),
    Hint("enter", "go there", "go"),
    Hint("esc", "back", "leave"),
)


class OverTimeDialog(Dialog[int]):
    """Answers with the line of a place that the person wants to see in the log."""

    def __init__(self, log: FrameLog, clock: Callable[[int], str], *, live: bool) -> None:
        super().__init__("Over time", HINTS)
        self._clock = clock
        self._count = StatisticsCount(log, live=live)
        self._is_shown = False

    def parts(self) -> Iterable[Widget]:
        """One widget."""
        yield OverTimeView(self._clock)

    def on_mount(self) -> None:
        """Begin to count."""
        self.query_one(OverTimeView).focus()
        self.run_worker(self._count.run, thread=True)
        self._show()
        self.set_interval(1 / LOOKS_HZ, self._show)

    def on_resize(self) -> None:
        """All the width there is: bars are times."""
        width, height = self.app.size
        self._width = width - MARGIN
        self.query_one(OverTimeView).styles.height = max(1, min(HEIGHT, height - ROOM))

    def action_unit(self) -> None:
        """Frames or bytes."""
        self.query_one(OverTimeView).action_unit()

    def action_kind(self) -> None:
        """The next kind of latency."""
        self.query_one(OverTimeView).action_kind()

    def action_go(self) -> None:
        """To the rows of the place."""
        self.query_one(OverTimeView).action_go()

    def on_over_time_view_go_to(self, event: OverTimeView.GoTo) -> None:
        """That is the answer."""
        event.stop()
        self.dismiss(event.line)

    def _show(self) -> None:
        if self._is_shown:
            return
        view = self.query_one(OverTimeView)
        view.words = self._count.words
        if not view.words:
            self._is_shown = True
            view.take(self._count.statistics)
        view.refresh()
