"""What the steps of a replay wait for: answers, each within its time, and times."""

import asyncio
from collections.abc import Callable

from wsdebug.replay.expected import Expected
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import SECOND

__all__ = ["Waiting"]


class Waiting:
    """Waits for one thing at a time, until the connection is over; `changed` has it look again."""

    def __init__(self, matcher: Matcher, settings: Settings) -> None:
        self.is_over = False
        self._matcher = matcher
        self._settings = settings
        self._change = asyncio.Event()
        self._opened = 0.0  # loop time
        self._progress = 0.0  # loop time of the last send or match
        self._recorded_us: int | None = None  # when that was in the recording

    def begin(self, recorded_us: int | None) -> None:
        """Times count from now, which in the recording was then."""
        self._opened = asyncio.get_running_loop().time()
        self.went_on(recorded_us)

    def went_on(self, time_us: int | None) -> None:
        """A message of some time in the recording was sent or has come: from now on counts what
        the next may take.
        """
        self._progress = asyncio.get_running_loop().time()
        self._recorded_us = time_us

    def changed(self) -> None:
        """What is waited for may be there."""
        self._change.set()

    def over(self) -> None:
        """The connection has ended, or is to: nothing is waited for any more."""
        self.is_over = True
        self._change.set()

    async def change(self) -> None:
        """Wait for the next change."""
        self._change.clear()
        await self._change.wait()

    async def answers(self, before: int) -> None:
        """Wait for all that is expected before an index, each within its time."""
        await self.until(lambda: self._matcher.are_settled(before), before)

    async def until(self, is_done: Callable[[], bool], before: int) -> None:
        """Wait until something is so; what is late of that before an index is given up."""
        while not self.is_over and not is_done():
            try:
                async with asyncio.timeout_at(self._progress + self._within(self._matcher.awaited)):
                    await self.change()
            except TimeoutError:
                self._matcher.give_up(before, self._is_late)

    async def time(self, at_us: int) -> None:
        """Wait for a place on the timeline; deadlines are absolute, so that nothing adds up."""
        await self._sleep_until(self._opened + at_us / SECOND / self._settings.speed)

    async def seconds(self, seconds: float) -> None:
        """Wait so long in the recording."""
        now = asyncio.get_running_loop().time()
        await self._sleep_until(now + seconds / self._settings.speed)

    def _within(self, expected: Expected | None) -> float:
        """Seconds that it may take from the last progress: its own, else those of the settings
        and as long as it took in the recording.
        """
        if expected is None:
            return self._settings.timeout
        if expected.timeout is not None:
            return expected.timeout
        then, last = expected.message.first.time_us, self._recorded_us
        took = max(0, then - last) / SECOND if then is not None and last is not None else 0.0
        return self._settings.timeout + took

    def _is_late(self, expected: Expected) -> bool:
        waited = asyncio.get_running_loop().time() - self._progress
        return waited >= self._within(expected)

    async def _sleep_until(self, due: float) -> None:
        while not self.is_over and due > asyncio.get_running_loop().time():
            try:
                async with asyncio.timeout_at(due):
                    await self.change()
            except TimeoutError:
                return
