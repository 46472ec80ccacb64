"""The main screen on a real server: connect, send, see, inspect, leave."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.playground.server import Playground
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.open_session import OpenSession


@pytest.fixture
def app(tmp_path: Path) -> Iterator[WsdebugApp]:
    """The app as `wsdebug demo` starts it."""
    engine = BackgroundEngine()
    playground = Playground()
    engine.submit(playground.__aenter__()).result(10)
    record = RecordOptions(path=str(tmp_path / "demo.ws.jsonl"))
    options = ConnectOptions(url=f"{playground.url}echo")
    session = OpenSession(engine, options=options, record=record)
    yield WsdebugApp(session, record, "demo")
    session.finish()
    engine.submit(playground.__aexit__(None, None, None)).result(10)
    engine.stop()


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Let the app go on until something holds."""
    async with asyncio.timeout(10):
        while not holds():
            await pilot.pause(0.02)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 45), (200, 60)])
async def test_a_message_goes_out_and_comes_back(app: WsdebugApp, size: tuple[int, int]) -> None:
    """Typing `hello` and ctrl+j shows one frame out, one frame in, at every size."""
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session.status.state == "open")
        await pilot.press(*"hello", "ctrl+j")
        await until(pilot, lambda: app.session.counters.frames_in == 1)
        view = app.screen.query_one(LogRegion).view
        log = app.session.log
        assert log is not None
        await until(pilot, lambda: view.cursor == len(log) - 1 == 2)
        rows = log.rows(0, 3)
        assert [(row.sent, row.preview) for row in rows[1:]] == [
            (True, b"hello"),
            (False, b"hello"),
        ]
        strips = "\n".join(view.render_line(y).text for y in range(3))
        assert "open" in strips
        assert strips.count("hello") == 2


async def test_the_cursor_is_shown_in_the_inspector(app: WsdebugApp) -> None:
    """Following stops when the person moves; the inspector shows the row."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: app.session.status.state == "open")
        await pilot.press(*"hello", "ctrl+j")
        await until(pilot, lambda: app.session.counters.frames_in == 1)
        await pilot.press("escape", "k")
        view = app.screen.query_one(LogRegion).view
        assert not view.is_following
        await until(pilot, lambda: "hello" in app.screen.query_one(Inspector).text)
        await pilot.press("G")
        assert view.is_following


async def test_f5_closes_and_connects_again(app: WsdebugApp) -> None:
    """In the same recording, as connection 2."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: app.session.status.state == "open")
        await pilot.press("f5")
        await until(pilot, lambda: app.session.status.state == "closed")
        assert app.session.status.code == 1000
        await pilot.press("f5")
        await until(pilot, lambda: app.session.status.state == "open")
        assert app.session.status.connection == 2


async def test_quitting_an_open_connection_asks_once(app: WsdebugApp) -> None:
    """And then leaves."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: app.session.status.state == "open")
        await pilot.press("ctrl+q")
        assert app.is_running
        await pilot.press("ctrl+q")
    assert app.return_value == 0
