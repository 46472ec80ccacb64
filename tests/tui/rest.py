"""Waiting until an app is at rest, in place of Textual's wait for a processor with nothing to do.

Textual's `wait_for_idle` sleeps 20 ms at a time, twice for each key, until the whole process uses
little of its time: slow where the machine is quiet, and a matter of luck where it is not.
"""

import asyncio
from asyncio import BaseEventLoop
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual._context import active_app
from textual.app import App
from textual.pilot import Pilot

TURNS = 100_000  # of the loop, after which nothing is at rest any more
PATIENCE = 1_000  # looks at what is done in threads, a millisecond apart: some never end

_given: WeakKeyDictionary[asyncio.AbstractEventLoop, set[asyncio.Future[Any]]] = WeakKeyDictionary()
_give = BaseEventLoop.run_in_executor


def only_we_go_on(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether all others wait: for a time, for a thread, for a peer."""
    return not loop._ready  # type: ignore[attr-defined]


def threads_work(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether something is not done that was given to the threads of the loop."""
    return bool(_given.get(loop))


def goes_on(app: App[object]) -> bool:
    """Do now what the screen would do at its next beat; whether there was anything."""
    if not app._running or not app.screen_stack or app._batch_count:
        return False
    screen = app.screen
    if app._resize_event is not None:
        app._check_resize()
    elif (
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    ):
        screen._on_timer_update()
    else:
        return False
    return True


async def at_rest(app: App[object]) -> None:
    """Until every message is handled, every short work in a thread done, and all of it painted."""
    loop = asyncio.get_running_loop()
    patience = PATIENCE
    for _ in range(TURNS):
        await asyncio.sleep(0)
        if not only_we_go_on(loop):
            continue
        if threads_work(loop) and patience:
            patience -= 1
            await asyncio.sleep(0.001)
        elif not goes_on(app):
            return
    pytest.fail("the app never comes to rest")


async def _in_place_of_idle(min_sleep: float = 0, max_sleep: float = 0) -> None:
    await at_rest(active_app.get())


async def _in_place_of_screen(pilot: Pilot[object], timeout: float = 0) -> bool:
    await at_rest(pilot.app)
    return pilot.app._exception is None


def _give_and_remember(loop: BaseEventLoop, *given: Any) -> asyncio.Future[Any]:
    # a pool's own count of its idle threads is one too low now and then, for good, on 3.12
    future = _give(loop, *given)
    unfinished = _given.setdefault(loop, set())
    unfinished.add(future)
    future.add_done_callback(unfinished.discard)
    return future


def rest_instead_of_sleep(patch: pytest.MonkeyPatch) -> None:
    """Pilots wait like this."""
    patch.setattr("textual.app.wait_for_idle", _in_place_of_idle)
    patch.setattr("textual.pilot.wait_for_idle", _in_place_of_idle)
    patch.setattr(Pilot, "_wait_for_screen", _in_place_of_screen)
    patch.setattr(BaseEventLoop, "run_in_executor", _give_and_remember)
