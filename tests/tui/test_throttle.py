"""An act at most every so often."""

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from wsdebug.tui.throttle import Throttle

SECONDS = 0.25


class Host(App[None]):
    """An app with a widget whose turns the acts are done in."""

    def compose(self) -> ComposeResult:
        """The widget."""
        yield Static()


@pytest.mark.parametrize(
    ("calls", "acts"),
    [
        ([0.0], 1),
        ([0.0, 0.05, 0.1, 0.2], 1),  # what is left over waits for its time
        ([0.0, 0.05, 0.1, 0.15, 0.2, 0.25], 2),
        ([0.0, 0.051, 0.099, 0.151, 0.199, 0.249], 2),  # a beat that is a bit early
        ([0.0, 0.25, 0.5, 0.75], 4),
    ],
)
async def test_what_comes_at_a_beat_is_done_by_one_of_its_calls(
    calls: list[float], acts: int
) -> None:
    """So that it is painted together with what else that call does."""
    done, now = 0, 0.0

    def act() -> None:
        nonlocal done
        done += 1

    async with Host().run_test() as pilot:
        pace = Throttle(pilot.app.query_one(Static), SECONDS, act, clock=lambda: now)
        for now in calls:  # noqa: B007
            pace.at_leisure()
        assert done == acts


async def test_the_last_call_is_not_lost() -> None:
    """Though none comes after it."""
    done: list[int] = []
    was_last = asyncio.Event()

    def act() -> None:
        done.append(len(done))
        if len(done) == 2:
            was_last.set()

    async with Host().run_test() as pilot, asyncio.timeout(10):
        pace = Throttle(pilot.app.query_one(Static), 0.05, act)
        pace.at_leisure()
        pace.at_leisure()
        assert len(done) == 1
        await was_last.wait()


async def test_an_act_now_is_done_once() -> None:
    """What was left over has been done with it: another pace, which comes later, sees no more."""
    done: list[str] = []
    later = asyncio.Event()
    async with Host().run_test() as pilot, asyncio.timeout(10):
        widget = pilot.app.query_one(Static)
        pace = Throttle(widget, 0.05, lambda: done.append("now"))
        other = Throttle(widget, 0.15, later.set)
        for each in (pace, other):
            each.at_leisure()
            each.at_leisure()
        pace.now()
        later.clear()
        await later.wait()
    assert done == ["now", "now"]
