"""The one beat of the application, with a time that tests set."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field
from typing import cast

import pytest

from wsdebug.tui.beat import AFTER_KEY, QUICK, SLOW, STILL, Beat


@dataclass
class Waiting:
    """What is to be done at a time."""

    due: float
    act: Callable[[], None]
    is_over: bool = False

    def cancel(self) -> None:
        """Not any more."""
        self.is_over = True


@dataclass
class Time:
    """Goes on when told; notes when was looked."""

    now: float = 100.0
    moves: bool = False
    fault: Exception | None = None
    looks: list[float] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)

    def beat(self) -> Beat:
        """One that has begun."""
        beat = Beat(self.look, self.faults.append, clock=lambda: self.now, later=self.later)
        beat.start()
        return beat

    def look(self) -> bool:
        """Whether something has moved."""
        self.looks.append(self.now)
        if self.fault is not None:
            raise self.fault
        return self.moves

    def later(
        self, seconds: float, act: Callable[[], None], context: Context
    ) -> asyncio.TimerHandle:
        """As a loop does it."""
        waiting = Waiting(self.now + seconds, act)
        self.waiting.append(waiting)
        return cast("asyncio.TimerHandle", waiting)

    def go_on(self, seconds: float) -> int:
        """Let so much time pass; how many looks there were."""
        before, end = len(self.looks), self.now + seconds
        while True:
            self.waiting = [each for each in self.waiting if not each.is_over]
            due = [each for each in self.waiting if each.due <= end]
            if not due:
                break
            first = min(due, key=lambda each: each.due)
            self.waiting.remove(first)
            self.now = first.due
            first.act()
        self.now = end
        return len(self.looks) - before


@pytest.fixture
def time() -> Time:
    """Nothing moves."""
    return Time()


def test_it_is_slow_once_nothing_has_moved_for_a_while(time: Time) -> None:
    """And quick again as soon as something does."""
    beat = time.beat()
    assert time.go_on(1) == pytest.approx(1 / QUICK, abs=1)
    time.go_on(STILL)
    assert beat.is_slow
    assert time.go_on(2) == pytest.approx(2 / SLOW, abs=1)
    time.moves = True
    time.go_on(SLOW + QUICK)
    assert not beat.is_slow
    assert time.go_on(1) == pytest.approx(1 / QUICK, abs=1)


def test_one_look_at_a_time_is_waited_for(time: Time) -> None:
    """However often it is woken."""
    beat = time.beat()
    for _ in range(50):
        beat.wake()
        beat.key_came()
        time.go_on(QUICK / 10)
    assert len([each for each in time.waiting if not each.is_over]) == 1


def test_a_person_wakes_it(time: Time) -> None:
    """The next look is not later than at the quick beat."""
    beat = time.beat()
    time.go_on(STILL + 1)
    beat.wake()
    assert not beat.is_slow
    assert time.go_on(QUICK + 0.001) == 1


def test_a_repaint_by_a_key_counts_as_one_of_the_beat(time: Time) -> None:
    """The next look comes a while after the key."""
    beat = time.beat()
    time.moves = True
    time.go_on(1)
    time.go_on(QUICK * 0.9)
    beat.key_came()
    pressed = time.now
    time.go_on(AFTER_KEY + QUICK)
    assert time.looks[-2:] == pytest.approx([pressed + AFTER_KEY, pressed + AFTER_KEY + QUICK])


@pytest.mark.parametrize(("keys", "least", "most"), [(5, 15, 25), (10, 10, 20), (30, 6, 10)])
def test_keys_take_the_place_of_looks_but_not_of_all(
    time: Time, keys: int, least: int, most: int
) -> None:
    """With ten keys a second both are less than thirty; who types on and on sees it move too."""
    beat = time.beat()
    time.moves = True
    looks = 0
    for _ in range(keys * 4):
        beat.key_came()
        looks += time.go_on(1 / keys)
    assert least <= looks / 4 <= most


def test_a_fault_is_told_and_does_not_end_it(time: Time) -> None:
    """Whoever is told decides."""
    time.beat()
    time.fault = ValueError("wrong")
    time.go_on(QUICK * 1.5)
    assert time.faults == [time.fault]
    time.fault = None
    assert time.go_on(1) > 0
    assert len(time.faults) == 1


def test_it_can_be_stopped(time: Time) -> None:
    """For good, whatever comes."""
    beat = time.beat()
    beat.stop()
    beat.key_came()
    assert time.go_on(10) == 0
