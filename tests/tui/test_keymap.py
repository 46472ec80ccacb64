"""Keys that were chosen: they work, the old ones do not, and nothing names the old ones."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.tui.conftest import main_of, until
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.tui.actions import ACTIONS, FIXED
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_rows import LastRow
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.keymap import shown, use_keymap
from wsdebug.tui.keys import keys_of
from wsdebug.tui.library import LibraryScreen
from wsdebug.tui.palette import commands_of
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.start import StartScreen
from wsdebug.tui.start_parts import HintRow
from wsdebug.tui.status_line import StatusLine
from wsdebug.workspace.config import Config, load_config

KEYS = {"settings": "f10", "keys": "ctrl+b", "toggle_connection": "ctrl+n, f24", "copy": "m",
        "note": "y", "send": "f2"}  # fmt: skip


@pytest.fixture
def engine(home: object) -> Iterator[BackgroundEngine]:
    """One engine, and a home with nothing in it; the next test has the usual keys."""
    engine = BackgroundEngine()
    yield engine
    engine.stop()
    use_keymap({})


def app_with(
    engine: BackgroundEngine, keys: Mapping[str, str], *, start: bool = False
) -> WsdebugApp:
    """The main screen, not connected, or the start screen."""
    desk = Desk(engine, config=Config(keymap=keys))
    session = None if start else desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    return WsdebugApp(desk, session, connect=False)


async def test_a_chosen_key_works_and_the_old_one_does_not(engine: BackgroundEngine) -> None:
    """Also in the screen that it opened, and where another action has the old key now."""
    app = app_with(engine, KEYS)
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(app.tabs))
        await pilot.press("f2")
        assert not isinstance(app.screen, SettingsScreen)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        await pilot.press("f10")
        await until(pilot, lambda: not isinstance(app.screen, SettingsScreen))


async def test_everything_names_the_chosen_keys(engine: BackgroundEngine) -> None:
    """Help, palette, hints, and sentences."""
    app = app_with(engine, KEYS)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        main = main_of(app)
        lines = {line.title: line.keys for group in keys_of(main) for line in group.lines}
        assert lines["Settings"] == ("f10",)
        assert lines["Connect or disconnect"] == ("ctrl+n", "f24")
        assert (lines["Copy"], lines["Note"]) == (("m",), ("y",))
        commands = {command.title: command.keys for command in commands_of(main)}
        assert commands["Settings"] == ("f10",)
        assert commands["Send"] == ("f2",)
        assert commands["Save"] == ("ctrl+s",)
        bar = str(main.query_one(ConnectionBar).render())
        assert "F10 settings   ^N connect" in bar
        assert "^B keys" in str(main.query_one(StatusLine).render())
        await pilot.press("f2")
        assert "not connected; ^N connects" in str(main.query_one(LastRow).said)


async def test_the_start_names_them_too(engine: BackgroundEngine) -> None:
    """`enter` stays `enter`."""
    app = app_with(
        engine,
        {"settings": "f10", "library": "f9", "demo": "ctrl+g"} | {"close_tab": "f4"},
        start=True,
    )
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, StartScreen))
        rows = " ".join(str(row.render()) for row in app.screen.query(HintRow))
        assert "enter connect   F10 settings" in rows
        assert "^G open the demo" in rows
        assert "F9 library" in rows
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, LibraryScreen))
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, StartScreen))


def test_a_place_of_its_own_keeps_its_words(engine: BackgroundEngine) -> None:
    """`y` is an answer there, not a copy."""
    app_with(engine, KEYS)
    assert shown("y", "answer('y')") == "y"
    assert shown("y", "screen.copy") == "m"
    assert shown("esc", "leave") == "esc"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('sav = "f7"', "there is no action sav; did you mean save?"),
        ('back = "f7"', "there is no action back; "),
        ('save = "f77"', "keymap.save: there is no key f77; did you mean f"),
        ('save = "contrl+s"', "keymap.save: there is no key contrl+s; did you mean ctrl+s?"),
        ('save = "f5"', "keymap.save: F5 is the key of 'Connect or disconnect' already"),
        ('save = "g"', "keymap.save: g is the key of 'To the top' already"),
        ('save = "f7"', "keymap.save: F7 is the key of 'Messages' already"),
        ('save = "ctrl+k"', "keymap.save: ^K is the key of 'Delete to line end' already"),
        ('save = "ctrl+p"', "keymap.save: ^P is the key of 'All actions' already"),
        ('save = "ctrl+c"', "keymap.save: ^C is the key of 'Copy what is chosen, else quit' al"),
        ('settings = "f4"', "keymap.settings: F4 is the key of 'Open the demo' already"),
        ('save = "f7,"', "keymap.save: write a key, or several with commas between"),
        ('save = "f10"\nlibrary = "f10"', "keymap.save: F10 is the key of 'Library' already"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    engine: BackgroundEngine, tmp_path: Path, line: str, words: str
) -> None:
    """Before the screen begins."""
    path = tmp_path / "config.toml"
    path.write_text(f"[keymap]\n{line}\n")
    with pytest.raises(UsageError) as caught:
        WsdebugApp(Desk(engine, config=load_config(path)))
    assert str(caught.value).startswith(f"{path}, line 2: {words}")


@pytest.mark.parametrize("key", ["?", "ctrl+f7", "shift+f7", "alt+x", "Q", "+", "insert", "minus"])
def test_keys_that_can_be_chosen(engine: BackgroundEngine, key: str) -> None:
    """By name or by character."""
    keys = {"save": key} | ({"keys": "f1"} if key == "?" else {})
    app = app_with(engine, keys)
    assert app is not None
    assert shown("^S").lower() in (key, "ctrl+f7", "shift+f7", "alt+x", "q", "ins", "-")


def test_every_action_but_the_way_out_can_be_changed(engine: BackgroundEngine) -> None:
    """Each to a key of its own."""
    free = iter(f"alt+f{number}" for number in range(1, 25))
    free_too = iter(f"alt+shift+f{number}" for number in range(1, 25))
    names = [action.name for action in ACTIONS if action.name not in FIXED]
    keys = {name: next(free, None) or next(free_too) for name in names}
    assert app_with(engine, keys) is not None
