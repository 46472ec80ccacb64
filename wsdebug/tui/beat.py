"""The one beat of the application: quick while something moves, slow while nothing does."""

import asyncio
import time
from collections.abc import Callable
from contextvars import Context, copy_context

__all__ = ["Beat"]

QUICK = 1 / 20  # seconds between two looks
SLOW = 1 / 2  # for clocks, and labels of tabs; what happens in sight wakes it
STILL = 2.0  # seconds without a change until it is slow
AFTER_KEY = 0.07  # seconds from a key to the look after it: one between two of ten a second
KEYS_FIRST = 3  # looks, at most, that are put off in turn while keys come

Later = Callable[[float, Callable[[], None], Context], asyncio.TimerHandle]


def _later(seconds: float, act: Callable[[], None], context: Context) -> asyncio.TimerHandle:
    return asyncio.get_running_loop().call_later(seconds, act, context=context)


class Beat:
    """Has somebody look, again and again, in the loop of the application.

    A key is painted at once, and what moves by itself a while later: otherwise one would be
    in the way of the other, and both together too many repaints.
    """

    def __init__(
        self,
        look: Callable[[], bool],
        on_fault: Callable[[Exception], object],
        *,
        clock: Callable[[], float] = time.monotonic,
        later: Later = _later,
    ) -> None:
        """`look` tells whether something has changed; `on_fault` gets what it raises."""
        self._look = look
        self._on_fault = on_fault
        self._clock = clock
        self._later = later
        self._context: Context | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._moved_at = 0.0
        self._put_off = 0  # looks, one after the other

    @property
    def is_slow(self) -> bool:
        """Whether nothing has moved for a while."""
        return self._clock() - self._moved_at > STILL

    def start(self) -> None:
        """Begin; in the context in which is looked."""
        self._context = copy_context()
        self._moved_at = self._clock()
        self._wait(QUICK)

    def stop(self) -> None:
        """No more."""
        self._context = None
        if self._waiting is not None:
            self._waiting.cancel()

    def wake(self) -> None:
        """Be quick again: a person does something."""
        self._moved_at = self._clock()
        if self._due - self._moved_at > QUICK:
            self._wait(QUICK)

    def key_came(self) -> None:
        """Be quick again, and leave the next repaint to a key."""
        self.wake()
        if self._put_off < KEYS_FIRST:
            self._put_off += 1
            self._wait(AFTER_KEY)

    def _wait(self, seconds: float) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        if self._context is not None:
            self._due = self._clock() + seconds
            self._waiting = self._later(seconds, self._beat, self._context)

    def _beat(self) -> None:
        self._put_off = 0
        self._wait(SLOW if self.is_slow else QUICK)
        try:
            if self._look():
                self.wake()
        except Exception as error:
            self._on_fault(error)
