"""Keys that were chosen: they work, the old ones do not, and nothing names the old ones."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.tui.conftest import main_of, until
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.tui.actions import ACTIONS, FIXED
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compare_dialog import CompareDialog
from wsdebug.tui.compose_rows import LastRow
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import shown, use_keymap
from wsdebug.tui.keys import keys_of
from wsdebug.tui.library import LibraryScreen
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.palette import commands_of
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.start import StartScreen
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
    names = [action.id for action in ACTIONS if action.name not in FIXED]
    keys = {name: next(free, None) or next(free_too) for name in names}
    assert app_with(engine, keys) is not None


# fmt: off
LETTERS = {
    "down": "n", "up": "p", "top": "<", "bottom": ">", "next_match": "f10",
    "previous_match": "alt+n", "next_violation": "!", "time": "a", "tick": "x", "replay_step": "X",
    "inspect": "l", "tab_2": "ctrl+g", "go_to_byte": "alt+g", "view": "V", "fold": "u",
    "whole_screen": "M", "filter_value": "F", "compare": "d", "lay_out": "alt+j",
}
# fmt: on


async def test_the_letters_of_log_and_inspector_can_be_chosen(
    engine: BackgroundEngine, tmp_path: Path
) -> None:
    """The old ones do nothing then; arrows, home and end stay what they are."""
    path = tmp_path / "letters.ws.jsonl"
    rows = [f'{{"t":{number}.0,"recv":"{{\\"a\\":[{number}]}}"}}' for number in range(1, 5)]
    path.write_text("\n".join(['{"url":"ws://127.0.0.1:9/"}', *rows]) + "\n")
    desk = Desk(engine, config=Config(keymap=LETTERS))
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        main = main_of(app)
        view = main.query_one(LogRegion).view
        await until(pilot, lambda: len(main.session.log or ()) == 4)
        for key, line in (("<", 2), ("n", 3), ("j", 3), ("down", 4), ("p", 3), (">", 5), ("g", 5),
                          ("home", 2)):  # fmt: skip
            await pilot.press(key)
            assert view.line == line, key
        heading = str(main.query_one(LogHeading).render())
        assert "l inspect" in heading
        await pilot.press("x", "n", "space")
        assert 2 in view.ticks
        await pilot.press("l")
        await pilot.pause()
        inspector = main.query_one(Inspector)
        assert inspector.has_focus
        rows = [inspector.render_line(y).text.rstrip() for y in range(inspector.size.height)]
        assert rows[0].endswith("M whole screen   esc back")
        assert rows[3].endswith("V view")
        assert rows[-1].endswith("F filter   y copy   u fold")
        await pilot.press("2", "v", "u")
        assert (inspector.tab, inspector.text.count("$")) == (1, 0)
        assert "{ …" in inspector.text
        await pilot.press("V", "V", "n", "alt+g", "escape")
        assert inspector.bytes_shown is not None
        await pilot.press("ctrl+g")
        assert inspector.tab == 2
        titles = {one.title: one.keys for group in keys_of(main) for one in group.lines}
        assert titles["Down"] == ("n", "down")
        assert titles["Frame"] == ("ctrl+g",)
        await pilot.press("escape", "end", "d")
        assert isinstance(app.screen, CompareDialog)
        await pilot.press("d")
        assert not isinstance(app.screen, CompareDialog)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"down": "n"}, "n is the key of 'Next match' already"),
        ({"next_match": "s"}, "s is the key of 'Send again' already"),
        ({"fold": "n"}, "n is the key of 'next place found' already"),
        ({"tick": "f2"}, "F2 is the key of 'Settings' already"),
        ({"take_suggestion": "ctrl+k"}, "^K is the key of 'Delete to line end' already"),
        ({"down": "q"}, "q is the key of 'Back' already"),
        ({"quit": "f4"}, "F4 is the key of 'Open the demo' already"),
    ],
)
def test_conflicts_are_those_of_a_place(
    engine: BackgroundEngine, keys: Mapping[str, str], words: str
) -> None:
    """Where the action and the other one have the keys together."""
    with pytest.raises(UsageError, match=re.escape(words)):
        app_with(engine, keys)


@pytest.mark.parametrize(
    "keys",
    [
        {"tick": "space", "fold": "space"},
        {"lay_out": "ctrl+f", "find_bytes": "ctrl+f"},
        {"next_match": "n", "down": "j, down"},
        {"down": "ctrl+k", "up": "ctrl+e"},
        {"next_match": "N", "previous_match": "n"},
    ],
)
def test_what_is_no_conflict(engine: BackgroundEngine, keys: Mapping[str, str]) -> None:
    """The same key in two places, and one that stays where it is."""
    assert app_with(engine, keys) is not None


def test_a_hint_of_a_place_names_its_own_key(engine: BackgroundEngine) -> None:
    """`space` ticks in the log, folds in the inspector, and is an answer elsewhere."""
    app_with(engine, {"tick": "x", "replay_step": "X", "fold": "u", "next_violation": "}"})
    assert shown("space", "tick") == "x"
    assert shown("space", "fold") == "u"
    assert shown("space") == shown("space", "change(1)") == "space"
    assert shown("b", "violation(False)") == shown("b", "next_violation") == "}"
    assert shown("b") == "b"
    assert shown("x") == "X"
