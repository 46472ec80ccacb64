"""Several sessions at once: one is shown, all go on."""

from pathlib import Path
from threading import Event

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.conftest import main_of, until, until_state
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.question import Question
from wsdebug.tui.tab_row import TabLabel, TabRow, tab_name

SESSIONS = Path(__file__).parents[2] / "sessions"


async def open_tab(pilot: Pilot[int], app: WsdebugApp, desk: Desk, path: str) -> None:
    """Another tab, connected to a path of the playground."""
    before = len(app.tabs)
    await pilot.press("ctrl+t")
    await until(pilot, lambda: len(app.tabs) == before + 1 and app.screen is app.tab)
    await until(pilot, lambda: app.screen.query_one(ConnectionBar).is_editing)
    await pilot.press(*f"{desk.demo_url()}{path}", "enter")
    await until_state_of_tab(pilot, app, "open")


async def until_state_of_tab(pilot: Pilot[int], app: WsdebugApp, state: str) -> None:
    """Let the app go on until the connection of the tab in sight is so far."""
    await until(pilot, lambda: app.tab is not None and app.tab.session.status.state == state)


def row_of(app: WsdebugApp) -> str:
    """The row of tabs on the screen."""
    row = app.screen.query_one(TabRow)
    return row.render_line(0).text.rstrip() if row.display else ""


async def test_a_tab_counts_what_came_while_another_was_shown(app: WsdebugApp, desk: Desk) -> None:
    """And what stood in it is there again: cursor, composer, rows."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        assert row_of(app) == ""
        assert app.screen.query_one(ConnectionBar).region.y == 0
        first = main_of(app)
        await pilot.press(*"unsent")
        await open_tab(pilot, app, desk, "ticker?rate=50")
        ticker = app.tab
        assert ticker is not None
        assert app.screen.query_one(ConnectionBar).region.y == 1
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: app.screen is first)
        assert first.query_one(Composer).text == "unsent"
        seen = ticker.unread
        await until(pilot, lambda: ticker.session.counters.frames_in >= 7)
        assert ticker.unread >= seen
        await until(
            pilot, lambda: f"2 ticker {ticker.unread} new" in row_of(app) or not ticker.unread
        )
        await pilot.press("ctrl+pagedown")
        await until(pilot, lambda: app.screen is ticker)
        assert ticker.unread == 0
        view = ticker.query_one(LogRegion).view
        await until(pilot, lambda: view.cursor == len(ticker.session.log or ()) - 1)


async def test_a_tab_out_of_sight_is_not_looked_at(
    app: WsdebugApp, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs nothing until it is shown again; then it is up to date at once."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        first, looks = main_of(app), 0
        tick = first.query_one(LogRegion).view.tick

        def counting() -> None:
            nonlocal looks
            looks += 1
            tick()

        monkeypatch.setattr(first.query_one(LogRegion).view, "tick", counting)
        await until(pilot, lambda: looks > 2)
        await open_tab(pilot, app, desk, "ticker?rate=50")
        before = looks
        ticker = app.tab
        assert ticker is not None
        await until(pilot, lambda: ticker.session.counters.frames_in >= 20)
        assert looks == before
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: looks > before)


async def test_another_label_paints_no_more_than_the_row_of_tabs(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty tabs whose keepalives have their answers must not have the whole screen painted."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(app.tabs) == 2 and app.screen is app.tabs[1])
        await until(pilot, lambda: "1 echo" in row_of(app))
        view, painted = app.screen.query_one(LogRegion).view, 0
        render_lines = view.render_lines

        def counting(crop: Region) -> list[Strip]:
            nonlocal painted
            painted += 1
            return render_lines(crop)

        monkeypatch.setattr(view, "render_lines", counting)
        app.tabs[0].session.counters.messages_in += 7
        await until(pilot, lambda: "1 echo 7 new" in row_of(app))
        await pilot.pause()
        assert not painted
        view.refresh()
        await until(pilot, lambda: painted > 0)


async def test_what_happens_in_sight_ends_the_rest_and_elsewhere_it_does_not(
    app: WsdebugApp, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes in another tab is counted in its label, and wakes nobody."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await open_tab(pilot, app, desk, "echo")
        hidden, shown = app.tabs
        stirred, woken = Event(), Event()
        stir = hidden.session.stirred

        def stirs() -> None:
            stir()
            stirred.set()

        monkeypatch.setattr("wsdebug.tui.beat.STILL", -1.0)  # at rest from now on
        monkeypatch.setattr(app._beat, "_look", app._label)  # at nothing else
        monkeypatch.setattr(app._beat, "wake", woken.set)
        monkeypatch.setattr(hidden.session, "stirred", stirs)
        await until(pilot, lambda: say_hello(hidden) and stirred.is_set())
        await until(pilot, lambda: f"1 echo {hidden.unread} new" in row_of(app))
        assert hidden.unread
        assert not woken.is_set()
        await until(pilot, lambda: say_hello(shown) and woken.is_set())


def say_hello(main: MainScreen) -> bool:
    """Something to record; whether there was a connection to send on."""
    return main.send_request(SendRequest(kind="text", payload="hello"))


async def test_a_tab_is_closed_and_its_connection_with_it(app: WsdebugApp, desk: Desk) -> None:
    """After a question; the row goes with the last but one tab."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("f9")
        await pilot.pause()
        assert len(app.tabs) == 1  # the only one stays
        await open_tab(pilot, app, desk, "echo")
        closed = app.tab
        assert closed is not None
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("c")
        await until(pilot, lambda: len(app.tabs) == 1 and app.screen is app.tabs[0])
        await until(pilot, lambda: not closed.session.is_live)
        await until(pilot, lambda: row_of(app) == "")


async def test_a_tab_without_a_connection_is_closed_at_once(app: WsdebugApp) -> None:
    """There is nothing to ask."""
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(app.tabs) == 2)
        assert "2 new tab" in row_of(app)
        await pilot.press("escape", "f9")
        await until(pilot, lambda: len(app.tabs) == 1)


async def test_a_click_shows_a_tab(app: WsdebugApp) -> None:
    """Its name is a button."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(app.tabs) == 2 and app.screen is app.tabs[1])
        await pilot.pause()
        await pilot.click(TabRow, offset=(3, 0))
        await until(pilot, lambda: app.screen is app.tabs[0])


async def test_quitting_asks_for_all_tabs(app: WsdebugApp, desk: Desk) -> None:
    """Once; and every recording is complete afterwards."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await open_tab(pilot, app, desk, "echo")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("q")
    paths = [session.path for session in app.sessions]
    app.finish_sessions()
    assert len(paths) == 2
    for path in paths:
        assert path is not None
        assert '"event":"end"' in path.read_text().splitlines()[-1]


def test_names_are_those_of_the_path_or_host(desk: Desk) -> None:
    """And of the file for a saved session."""
    names = [
        tab_name(desk.new_session(ConnectOptions(url=url)))
        for url in ("ws://a.example/v2/feed?x=1", "ws://a.example", "ws://[::1]:9/", "")
    ]
    assert names == ["feed", "a.example:80", "[::1]:9", "new tab"]
    saved = desk.open_file(SESSIONS / "ticker.ws.jsonl")
    assert tab_name(saved) == "ticker"
    saved.finish()


class Rows(App[None]):
    """A row of tabs alone."""

    def __init__(self, *labels: TabLabel) -> None:
        super().__init__()
        self._labels = labels

    def compose(self) -> ComposeResult:
        """The row."""
        row = TabRow()
        row.labels = self._labels
        yield row


@pytest.mark.parametrize("width", [80, 140])
async def test_the_tab_in_sight_is_always_among_those_shown(width: int) -> None:
    """However many there are; a name is shown as it is, markup or not."""
    labels = [TabLabel(f"[b]{number}", "", number == 18, number * 1000) for number in range(20)]
    app = Rows(*labels)
    async with app.run_test(size=(width, 24)):
        text = app.query_one(TabRow).render_line(0).text
        assert "19 [b]18" in text
        assert "^T new" in text
        assert len(text) == width
