"""The app at a desk of its own, and the playground beside it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.rest import rest_instead_of_sleep
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.collector import Collector
from wsdebug.tui.desk import Desk
from wsdebug.tui.main_screen import MainScreen


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing outside of it is read or written."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WSDEBUG_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture(autouse=True)
def rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot goes on as soon as the app is at rest."""
    rest_instead_of_sleep(monkeypatch)


@pytest.fixture(autouse=True)
def collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full collection of all that the tests have loaded is most of what a start would cost."""
    monkeypatch.setattr(Collector, "begin", lambda _: None)


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """An engine, and a home with nothing in it."""
    engine = BackgroundEngine()
    desk = Desk(engine)
    yield desk
    desk.close()
    engine.stop()


@pytest.fixture
def app(desk: Desk) -> Iterator[WsdebugApp]:
    """The app as `wsdebug demo` starts it."""
    session = desk.new_session(ConnectOptions(url=f"{desk.demo_url()}echo"))
    app = WsdebugApp(desk, session, compose_first=True)
    yield app
    if app.session is not None:
        app.session.finish()


def main_of(app: WsdebugApp) -> MainScreen:
    """The main screen, whatever stands over it."""
    return next(screen for screen in app.screen_stack if isinstance(screen, MainScreen))


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Let the app go on until something holds."""
    async with asyncio.timeout(30):
        while not holds():
            await pilot.pause(0.005)


async def until_state(pilot: Pilot[int], app: WsdebugApp, state: str) -> None:
    """Let the app go on until the connection is `open`, `closed` …"""
    await until(pilot, lambda: main_of(app).session.status.state == state)
