"""Sending again and again, by a clock of the test's own."""

import asyncio
from itertools import repeat

import pytest

from wsdebug.engine.repeat import Repeat


class Sent:
    """Counts, and is woken at a number."""

    def __init__(self, enough: int) -> None:
        self.enough = asyncio.Event()
        self._count = enough

    async def send(self, item: str) -> None:
        """One more."""
        self._count -= 1
        if self._count == 0:
            self.enough.set()


class Times:
    """A clock that pauses move, and when each item was sent."""

    def __init__(self, *delays: float) -> None:
        self.now = 100.0
        self.sent: list[tuple[float, str]] = []
        self._delays = dict(enumerate(delays))  # seconds that sending takes

    def clock(self) -> float:
        """Seconds."""
        return self.now

    async def pause(self, stopped: asyncio.Event, seconds: float) -> None:
        """Time passes at once."""
        self.now += seconds

    async def send(self, item: str) -> None:
        """Takes its time."""
        self.sent.append((self.now - 100, item))
        self.now += self._delays.get(len(self.sent) - 1, 0.0)


@pytest.mark.parametrize(
    ("what", "delays", "expected"),
    [
        ("steady", (), [0, 2, 4, 6]),
        ("sending takes a little", (0.5, 1.5, 0.1), [0, 2, 4, 6]),
        ("a stall is not made up for", (0, 5), [0, 2, 7, 9]),
    ],
)
async def test_the_pace_is_steady(
    what: str, delays: tuple[float, ...], expected: list[float]
) -> None:
    """The time that sending takes is part of it."""
    times = Times(*delays)
    sending = Repeat(repeat("a", 4), times.send, 2.0, clock=times.clock, pause=times.pause)
    await sending.run()
    assert [at for at, _ in times.sent] == expected, what
    assert (sending.sent, sending.is_over) == (4, True)


async def test_stopping_while_it_waits() -> None:
    """Ends the wait."""
    taken = Sent(1)
    sending = Repeat(repeat("a"), taken.send, 3600.0)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(sending.run())
        await taken.enough.wait()
        sending.stop()
    assert (sending.sent, sending.is_over) == (1, True)


async def test_without_an_interval_others_have_their_turn() -> None:
    """So that it can be stopped."""
    taken = Sent(100)
    sending = Repeat(repeat("a"), taken.send, 0.0)
    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        tasks.create_task(sending.run())
        await taken.enough.wait()
        sending.stop()
    assert sending.is_over


async def test_what_cannot_be_sent_ends_it() -> None:
    """With what was raised; only what was sent is counted."""

    async def refuse(item: str) -> None:
        if item == "b":
            raise ValueError(item)

    sending = Repeat("ab", refuse, 0.0)
    with pytest.raises(ValueError, match="b"):
        await sending.run()
    assert (sending.sent, sending.is_over) == (1, True)
