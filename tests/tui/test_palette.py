"""The command palette under a pilot: whether everything is in it, and does what it says."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.binding import Binding
from textual.command import CommandList
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.conftest import main_of, until
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.composer import Composer
from wsdebug.tui.desk import Desk
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keys import own_bindings, place_of
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.palette import TITLE, Palette, commands_of
from wsdebug.tui.recent_messages import RecentMessages
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.status_line import StatusLine

Focus = Callable[[MainScreen], object]
FOCUS: dict[str, Focus] = {
    "log": lambda screen: screen.query_one(LogRegion).view.focus(),
    "inspector": lambda screen: screen.query_one(Inspector).focus(),
    "composer": lambda screen: screen.query_one(Composer).focus_input(),
}


@pytest.fixture
def app(desk: Desk) -> WsdebugApp:
    """The main screen, not connected."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    return WsdebugApp(desk, session, connect=False)


@asynccontextmanager
async def opened(
    app: WsdebugApp, size: tuple[int, int] = (140, 45), query: str = ""
) -> AsyncIterator[Pilot[int]]:
    """The palette over the main screen, with what `query` finds."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.push_screen(Palette())
        await until(pilot, lambda: bool(rows(app)) and is_laid_out(app))
        if query:
            await pilot.press(*query)
            await until(pilot, lambda: query.lower() in rows(app)[0].lower())
        yield pilot


def is_laid_out(app: WsdebugApp) -> bool:
    """Options are there before their layout is, and on some Pythons long before."""
    return app.screen.query_one(CommandList).virtual_size.height > 0


def rows(app: WsdebugApp) -> list[str]:
    """What is in the list."""
    listed = app.screen.query_one(CommandList)
    return [str(option.prompt) for option in listed.options]


def nodes_of(screen: DOMNode) -> list[DOMNode]:
    """The screen, the app, and everything in sight."""
    shown = [
        node
        for node in screen.walk_children(Widget)
        if all(one.display for one in node.ancestors_with_self if isinstance(one, Widget))
    ]
    return [screen, *shown, screen.app]


@pytest.mark.parametrize("place", FOCUS)
async def test_every_action_is_in_it(app: WsdebugApp, place: str) -> None:
    """Every binding of every place on the screen, wherever the focus is."""
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        screen = main_of(app)
        FOCUS[place](screen)
        await pilot.pause()
        commands = commands_of(screen)
        offered = {(command.action, key) for command in commands for key in command.keys}
        places = set()
        for node in nodes_of(screen):
            for binding in own_bindings(node):
                name = binding.action.partition("(")[0]
                if not binding.system and node.check_action(name, ()):
                    places.add(place_of(node))
                    assert (binding.action, binding.key) in offered, binding
        assert places == {"Anywhere", "Frame log", "Inspector", "Composer"}
        assert all(command.title for command in commands)


async def test_nothing_is_in_it_twice(app: WsdebugApp) -> None:
    """Not from two regions of the screen: each row of the list is another."""
    async with opened(app):
        assert [row for row, count in Counter(rows(app)).items() if count > 1] == []


async def test_what_is_not_possible_is_not_offered(app: WsdebugApp) -> None:
    """At 80x24 the inspector is not there until it is opened."""
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = main_of(app)
        assert not screen.query_one(Inspector).display
        assert "Fold or unfold" not in [command.title for command in commands_of(screen)]
        FOCUS["log"](screen)
        screen.on_frame_log_view_inspect()
        await pilot.pause()
        assert "Fold or unfold" in [command.title for command in commands_of(screen)]


async def test_no_key_is_bound_twice(app: WsdebugApp) -> None:
    """In one place; and no key of a place is taken away by one that works anywhere."""
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        screen = main_of(app)
        settings = SettingsScreen(ConnectOptions("ws://127.0.0.1/"))
        await app.push_screen(settings)
        await pilot.pause()
        for node in [*nodes_of(screen), *nodes_of(settings)]:
            for kind in type(node).__mro__:
                if kind.__module__.startswith("wsdebug."):
                    bindings = list(Binding.make_bindings(kind.__dict__.get("BINDINGS", ())))
                    assert len({one.key for one in bindings}) == len(bindings), kind
            before = {
                binding.key
                for outer in node.ancestors
                for binding in own_bindings(outer)
                if binding.priority and outer.check_action(binding.action.partition("(")[0], ())
            }
            assert not before & {binding.key for binding in own_bindings(node)}, node


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 45), (200, 60)])
async def test_each_action_is_one_row(app: WsdebugApp, size: tuple[int, int]) -> None:
    """Title at the left, keys at the right; the panel fits the screen."""
    async with opened(app, size):
        listed = app.screen.query_one(CommandList)
        panel = app.screen.query_one("#--container").region
        assert app.screen.region.contains_region(panel)
        assert listed.virtual_size.height == listed.option_count
        assert len({len(row) for row in rows(app)}) == 1
        (first,) = [row for row in rows(app) if row.startswith("Connect or disconnect")]
        assert first.split("  ")[0] == "Connect or disconnect"
        assert first.endswith(" F5")


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
@pytest.mark.parametrize("place", FOCUS)
async def test_the_columns_stand_below_each_other(
    app: WsdebugApp, size: tuple[int, int], place: str
) -> None:
    """Titles fit into their column, so that each help begins in the same cell."""
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        FOCUS[place](main_of(app))
        await pilot.pause()
        commands = commands_of(main_of(app))
        assert [one.title for one in commands if len(one.title) > TITLE] == []
        await app.push_screen(Palette())
        await until(pilot, lambda: bool(rows(app)) and is_laid_out(app))
        helps = {row[TITLE : TITLE + 2] for row in rows(app)}
        assert helps == {"  "}
        assert {row[TITLE + 2] != " " for row in rows(app)} == {True}
        assert [row for row in rows(app) if "…" in row] == []


async def test_what_can_do_nothing_now_says_why(app: WsdebugApp) -> None:
    """Before it is run; what can be done has its help."""
    async with opened(app):
        shown = {row[:TITLE].rstrip(): row[TITLE:].strip() for row in rows(app)}
        assert shown["Send"].startswith("not now: not connected ")
        assert shown["Send again"].startswith("not now: there is no row ")
        assert shown["Next tab"].startswith("not now: this is the only tab ")
        assert shown["Next violation"].startswith("not now: no rule was broken ")
        assert shown["Save"].startswith("not now: there is nothing yet ")
        assert shown["Compose"].startswith("Write a message ")


async def test_running_what_is_found(app: WsdebugApp) -> None:
    """Typing finds it, enter does it."""
    async with opened(app, query="settings") as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))


async def test_running_takes_place_where_it_belongs(app: WsdebugApp) -> None:
    """The focus goes there: what comes next is done there too."""
    async with opened(app, query="to the end") as pilot:
        view = main_of(app).query_one(LogRegion).view
        main_of(app).query_one(Composer).focus_input()
        await until(pilot, lambda: not view.has_focus)
        await pilot.press("enter")
        await until(pilot, lambda: view.has_focus)
        assert view.is_following


async def test_help_is_searched_too(app: WsdebugApp) -> None:
    """After the titles: `authentication` is in the settings, though the title does not say so."""
    async with opened(app) as pilot:
        await pilot.press(*"authentication")
        await until(pilot, lambda: len(rows(app)) == 1)
        assert rows(app)[0].startswith("Settings")


async def test_recent_messages(app: WsdebugApp) -> None:
    """What the status line said is behind the palette."""
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        main_of(app).query_one(StatusLine).say("something [b]happened[/b]")
        await app.push_screen(Palette())
        await pilot.press(*"recent")
        await until(pilot, lambda: rows(app)[:1] != [] and rows(app)[0].startswith("Recent"))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RecentMessages))
        await until(pilot, lambda: bool(app.screen.query(".words")))
        words = [str(row.render()) for row in app.screen.query(".words")]
        assert "something [b]happened[/b]" in words


async def test_a_theme(app: WsdebugApp) -> None:
    """Chosen by name; our own come first."""
    async with opened(app, query="theme") as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: rows(app)[:2] == ["wsdebug-dark", "wsdebug-light"])
        await pilot.press(*"nord")
        await until(pilot, lambda: rows(app)[:1] == ["nord"])
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "nord")


@pytest.mark.parametrize(("verb", "runs"), [("run", True), ("back", False)])
async def test_the_hints_can_be_clicked(app: WsdebugApp, verb: str, runs: bool) -> None:
    """As their keys."""
    async with opened(app, query="settings") as pilot:
        row = app.screen.query_one("HintRow")
        x = row.render_lines(row.size.region)[0].text.index(verb)
        await pilot.click(row, offset=(x, 0))
        await until(pilot, lambda: not isinstance(app.screen, Palette))
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen) is runs)


async def test_the_row_under_the_cursor_without_colours(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Has the colours of text and ground exchanged, all of it."""
    monkeypatch.setenv("NO_COLOR", "1")
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    app = WsdebugApp(desk, session, connect=False)
    async with opened(app, (80, 24)):
        listed = app.screen.query_one(CommandList)
        first, second = listed.render_lines(listed.size.region)[:2]
        grounds = [
            {segment.style.bgcolor for segment in strip if segment.style and segment.text.strip()}
            for strip in (first, second)
        ]
        colours = {
            segment.style.color for segment in second if segment.style and segment.text.strip()
        }
        assert grounds[0] == colours
        assert not grounds[0] & grounds[1]
