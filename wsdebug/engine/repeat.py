"""Sending again and again at a steady pace, until it is stopped."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

__all__ = ["Repeat"]

T = TypeVar("T")
Pause = Callable[[asyncio.Event, float], Awaitable[None]]


async def until_set(event: asyncio.Event, seconds: float) -> None:
    """Wait until the event is set, at most so many seconds."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


class Repeat(Generic[T]):
    """Sends `items`, the first at once and each next one `interval` seconds after it was due
    before, so that the pace is steady; after a stall it goes on from then and makes up for nothing.

    `sent` and `is_over` may be read from any thread; the rest belongs to one event loop.
    """

    def __init__(
        self,
        items: Iterable[T],
        send: Callable[[T], Awaitable[object]],
        interval: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Pause = until_set,
    ) -> None:
        """`clock` gives seconds; `pause` waits for an event, at most so many seconds."""
        self._items = items
        self._send = send
        self._interval = interval
        self._clock = clock
        self._pause = pause
        self._stopped = asyncio.Event()
        self.sent = 0
        self.is_over = False

    async def run(self) -> None:
        """Send until there is no other item or it is stopped. Raises what `send` raises."""
        try:
            due = self._clock()
            for item in self._items:
                while (left := due - self._clock()) > 0 and not self._stopped.is_set():
                    await self._pause(self._stopped, left)
                await asyncio.sleep(0)  # at no interval, others have their turn too
                if self._stopped.is_set():
                    return
                await self._send(item)
                self.sent += 1
                due = max(due + self._interval, self._clock())
        finally:
            self.is_over = True

    def stop(self) -> None:
        """Send no other item; one that is being sent is sent whole."""
        self._stopped.set()
