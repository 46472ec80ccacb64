"""An act at most every so often: at once if it is due, else later, and never lost."""

import time
from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

__all__ = ["Throttle"]

EARLY = 0.02  # seconds: calls that come at a steady beat are not always on time
PATIENCE = 0.06  # seconds past its time that the next call is waited for


class Throttle:
    """Does `act` in the widget's own turn; `seconds` lie between two that come `at_leisure`.

    What is asked for again and again is done by one of these calls, together with what else that
    call brings about: it is painted with it. Only the last one has to be remembered by a timer.
    """

    def __init__(
        self,
        widget: Widget,
        seconds: float,
        act: Callable[[], object],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._widget = widget
        self._seconds = seconds
        self._act = act
        self._clock = clock
        self._last = float("-inf")
        self._rest: Timer | None = None

    def now(self) -> None:
        """Without waiting; what was still to come is done with it."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        self._act()

    def at_leisure(self) -> None:
        """Now, or when the pause is over."""
        due = self._last + self._seconds - self._clock()
        if due <= EARLY:
            self._last = self._clock()
            self.now()
        elif self._rest is None:
            self._rest = self._widget.set_timer(due + PATIENCE, self._at_last)

    def _at_last(self) -> None:
        self._rest = None
        self._last = self._clock()
        self._act()
