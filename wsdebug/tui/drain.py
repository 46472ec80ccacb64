"""How far the terminal has come: it is asked after a repaint, and answers when it gets there.

What the operating system takes is no measure: it keeps 64 KiB for a terminal, and a network more.
"""

import threading
import time
from collections.abc import Callable

__all__ = ["ASK", "Drain"]

ASK = "\x1b[5n"  # ECMA-48 DSR 5: device status
ANSWER = b"\x1b[0n"  # DSR 0: ready
KEPT_SECONDS = 0.02
UNKNOWN_SECONDS = 1.0  # that the first answer may take; then there is none to come
SLOW_SECONDS = 0.02  # of a repaint
SLOW_FOR = 10.0  # seconds that it is remembered
LOST_SECONDS = 10.0  # that a later one may take


class Drain:
    """Tells whether a repaint now would only wait behind the last one.

    At most half of the time is spent on what moves by itself, so that there is room for keys: a
    repaint that took the terminal 80 ms is followed by 80 ms of rest. What an answer takes in any
    case, as over a long line, does not count. A terminal that does not answer is never behind.

    One thread asks, another one takes the answers.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked = 0.0  # seconds; when, if there is an answer to come
        self._is_asked = False
        self._is_known = False  # it has answered once
        self._is_silent = False  # it does not answer
        self._least = float("inf")  # seconds that an answer took
        self._slow_until = 0.0
        self._rest_until = 0.0
        self._came = threading.Event()
        self._held = b""

    @property
    def is_behind(self) -> bool:
        """Whether a repaint by itself should wait."""
        return self._waits() or self._clock() < self._rest_until

    @property
    def is_slow(self) -> bool:
        """Whether repaints took a while of late: then their bytes are worth saving."""
        return self._clock() < self._slow_until

    def asks(self) -> bool:
        """Whether to ask now, after a repaint; then it was asked."""
        if self._is_silent or self._waits():
            return False
        self._came.clear()
        self._asked, self._is_asked = self._clock(), True
        return True

    def take(self, data: bytes) -> bytes:
        """What was typed, without answers; the beginning of one is kept until the rest comes."""
        data, self._held = self._held + data, b""
        if ANSWER in data:
            data = data.replace(ANSWER, b"")  # one that was given up on is still no key
            if self._is_asked:
                self._answered()
            return data
        if not self._is_asked:
            return data
        for size in range(len(ANSWER) - 1, 0, -1):
            if data.endswith(ANSWER[:size]):
                self._held = data[-size:]
                return data[:-size]
        return data

    @property
    def patience(self) -> float | None:
        """Seconds that more is waited for: with an escape kept, which may be a key, not long."""
        return KEPT_SECONDS if self._held else None

    def release(self) -> bytes:
        """What was kept, if nothing more has come: it was no answer."""
        held, self._held = self._held, b""
        return held

    def settle(self, seconds: float) -> None:
        """Wait for an answer that is still to come: later it would go to the next program."""
        if self._waits():
            self._came.wait(seconds)

    def _waits(self) -> bool:
        if not self._is_asked:
            return False
        limit = LOST_SECONDS if self._is_known else UNKNOWN_SECONDS
        if self._clock() - self._asked < limit:
            return True
        self._is_asked, self._is_silent = False, not self._is_known
        return False

    def _answered(self) -> None:
        now = self._clock()
        took = now - self._asked
        self._least = min(self._least, took)
        took -= self._least
        self._rest_until = max(self._rest_until, now + took)
        if took > SLOW_SECONDS:
            self._slow_until = now + SLOW_FOR
        self._is_asked, self._is_known = False, True
        self._came.set()
