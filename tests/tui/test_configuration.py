"""What the configuration changes on the screen."""

from collections.abc import Iterator

import pytest

from tests.tui.conftest import main_of, until
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.run import run_ui
from wsdebug.tui.start import StartScreen
from wsdebug.tui.status_line import StatusLine
from wsdebug.workspace.config import Config

DEFAULTS = ConnectOptions(url="", header=(("X-Client", "desk-4"),), lenient=True)


@pytest.fixture
def engine(home: object) -> Iterator[BackgroundEngine]:
    """One engine, and a home with nothing in it."""
    engine = BackgroundEngine()
    yield engine
    engine.stop()


async def test_a_connection_from_the_start_has_the_defaults(engine: BackgroundEngine) -> None:
    """And its URL."""
    app = WsdebugApp(Desk(engine, defaults=DEFAULTS))
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        await pilot.press(*"127.0.0.1:9/x", "f2")
        await until(pilot, lambda: app.session is not None)
        options = main_of(app).session.options
        assert options is not None
        assert (options.header, options.lenient) == (DEFAULTS.header, True)
        assert options.url == "ws://127.0.0.1:9/x"


async def test_another_tab_has_the_defaults(engine: BackgroundEngine) -> None:
    """What a connection of its own changed is not in the next."""
    desk = Desk(engine, defaults=DEFAULTS)
    app = WsdebugApp(desk, desk.new_session(ConnectOptions("ws://127.0.0.1:9/")), connect=False)
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.tabs))
        main = main_of(app)
        main.on_connection_bar_submitted(ConnectionBar.Submitted("ws://127.0.0.1:9/a"))
        assert main.session.options == ConnectOptions("ws://127.0.0.1:9/a")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(app.tabs) == 2)
        main = app.tabs[1]
        main.on_connection_bar_submitted(ConnectionBar.Submitted("ws://127.0.0.1:9/b"))
        assert main.session.options == desk.options_for("ws://127.0.0.1:9/b")


@pytest.mark.parametrize("is_calm", [False, True])
async def test_reduced_motion(engine: BackgroundEngine, is_calm: bool) -> None:
    """No sparkline, and new rows once a second."""
    now = [10**9]
    config = Config(reduced_motion=is_calm)
    desk = Desk(engine, config=config, clock=lambda: now[0])
    app = WsdebugApp(desk, desk.new_session(ConnectOptions("ws://127.0.0.1:9/")), connect=False)
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.tabs))
        main = main_of(app)
        assert main.query_one(StatusLine).reduced_motion is is_calm
        ticks: list[int] = []
        main.query_one(LogRegion).view.tick = lambda: ticks.append(now[0])  # type: ignore[method-assign]
        for _ in range(20):
            now[0] += 10**8
            main.catch_up()
        assert len(set(ticks)) == (2 if is_calm else 20)


def test_a_theme_that_is_none(home: object) -> None:
    """Is named before the screen begins."""
    config = Config(theme="wsdebug-drak")
    with pytest.raises(UsageError, match="no theme wsdebug-drak; did you mean wsdebug-dark"):
        run_ui("start", None, None, config=config, defaults=ConnectOptions(url=""))


NOTICE = "wsdebug: no scheme given: took wss://\n"


@pytest.mark.parametrize(("value", "notices"), [("9", NOTICE), (None, "")])
def test_a_variable_may_stand_for_the_port(
    home: object, capsys: pytest.CaptureFixture[str], value: str | None, notices: str
) -> None:
    """The URL is judged with it; one without a value is asked for on the screen."""
    options = ConnectOptions("host.example:{{port}}/", variable=(("port", value),))
    config = Config(theme="wsdebug-drak")  # found wrong after the URL
    with pytest.raises(UsageError, match="no theme wsdebug-drak"):
        run_ui("url", options, None, config=config, defaults=ConnectOptions(url=""))
    assert capsys.readouterr().err == notices
