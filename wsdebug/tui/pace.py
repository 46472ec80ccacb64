"""An act at most every so often: at once if it is due, else later, and never lost."""

from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

__all__ = ["Pace"]


class Pace:
    """Does `act` in the widget's own turn; `seconds` lie between two that come `at_leisure`."""

    def __init__(self, widget: Widget, seconds: float, act: Callable[[], object]) -> None:
        self._widget = widget
        self._seconds = seconds
        self._act = act
        self._pause: Timer | None = None
        self._is_due = False  # asked for within the pause

    def now(self) -> None:
        """Without waiting; what was still to come is done with it."""
        self._is_due = False
        self._act()

    def at_leisure(self) -> None:
        """Now, or when the pause is over."""
        if self._pause is not None:
            self._is_due = True
            return
        self.now()
        self._pause = self._widget.set_timer(self._seconds, self._end_pause)

    def _end_pause(self) -> None:
        self._pause = None
        if self._is_due:
            self.at_leisure()
