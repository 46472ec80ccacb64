"""When Python looks for garbage: while nobody types.

A full collection looks at every object there is: 20 ms for one tab, 300 ms for twenty, whenever
Python thinks that it is time, which a flood makes often. So that is left to pauses, and what
lives as long as its tab is not looked at.
"""

import gc
import time
from collections.abc import Callable

__all__ = ["LOOK_SECONDS", "SETTLED_SECONDS", "Collector"]

LOOK_SECONDS = 2.0  # between two looks
SETTLED_SECONDS = 1.0  # after which what a new tab is made of is there
YOUNG, MIDDLE, NEVER = 2000, 10, 1_000_000  # thresholds of the three generations
ENOUGH = 10  # collections of the middle generation, after which a full one is worth it
QUIET = 1.0  # seconds without a key
LONGEST = 60.0  # seconds that a full collection is put off for keys


class Collector:
    """Takes over the collector of the process until `end`."""

    def __init__(
        self, quiet: Callable[[], float], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`quiet` tells the seconds since the last key."""
        self._quiet = quiet
        self._clock = clock
        self._before: tuple[int, int, int] | None = None
        self._collected = clock()
        self._is_thawed = False

    def begin(self) -> None:
        """What there is stays."""
        self._before = self._before or gc.get_threshold()
        gc.set_threshold(YOUNG, MIDDLE, NEVER)
        gc.collect()
        gc.freeze()

    def settle(self) -> None:
        """A tab has come: what it is made of stays."""
        if self._before is not None and not self._is_thawed:
            gc.collect()  # what was there before is frozen
            gc.freeze()

    def thaw(self) -> None:
        """A tab has gone: look at everything with the next collection."""
        if self._before is not None:
            gc.unfreeze()
            self._is_thawed = True

    def look(self) -> None:
        """Collect, if it is worth it and nobody types."""
        is_worth_it = self._is_thawed or gc.get_count()[2] >= ENOUGH
        is_late = self._clock() - self._collected > LONGEST
        if self._before is None or not is_worth_it or not (self._quiet() > QUIET or is_late):
            return
        gc.collect()
        self._collected = self._clock()
        if self._is_thawed:
            self._is_thawed = False
            gc.freeze()

    def end(self) -> None:
        """Give the collector back as it was."""
        if self._before is not None:
            gc.set_threshold(*self._before)
            gc.unfreeze()
            self._before = None
