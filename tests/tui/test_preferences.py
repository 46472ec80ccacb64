"""The page of preferences under a pilot: changes are written, taken, refused, never lost."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until
from wsdebug.cli.configured import default_options
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.payload.redact import Redactor, keep_secret
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.keymap import use_keymap
from wsdebug.tui.preference_detail import PreferenceDetail
from wsdebug.tui.preferences import PreferencesScreen
from wsdebug.tui.preferences_list import PreferenceList
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.status_line import StatusLine
from wsdebug.workspace.config import load_config

TEXT = '# mine\ntheme = "wsdebug-light" # bright\n\n[keymap]\n# moved\nsave = "f24"\n'
SIZES = [(80, 24), (100, 30), (140, 45), (200, 60)]


@pytest.fixture
def path(home: Path) -> Path:
    """The file."""
    home.mkdir()
    path = home / "config.toml"
    put(path, TEXT)
    return path


def text_of(path: Path) -> str:
    """What the file holds."""
    return path.read_text()


def put(path: Path, text: str) -> None:
    """Write as another program does."""
    path.write_text(text)


@pytest.fixture
def app(path: Path) -> Iterator[WsdebugApp]:
    """The main screen, not connected, with this configuration."""
    engine = BackgroundEngine()
    config = load_config(path)
    desk = Desk(engine, config=config, read_defaults=default_options)
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    yield WsdebugApp(desk, session, connect=False)
    desk.close()
    engine.stop()
    use_keymap({})
    keep_secret()


def rows(app: WsdebugApp) -> list[str]:
    """The list."""
    return [str(one.prompt).rstrip() for one in app.screen.query_one(PreferenceList).options]


def said(app: WsdebugApp) -> str:
    """What stands under the list."""
    return str(app.screen.query_one("#preference-note").render())


async def to(app: WsdebugApp, pilot: Pilot[int], name: str) -> None:
    """Open the page, with the cursor on a key."""
    if not isinstance(app.screen, PreferencesScreen):
        await until(pilot, lambda: bool(app.tabs))
        await pilot.press("shift+f2")
        await until(pilot, lambda: isinstance(app.screen, PreferencesScreen) and bool(rows(app)))
    listed = app.screen.query_one(PreferenceList)
    (at,) = [n for n, row in enumerate(rows(app)) if row.lstrip("! ").split()[:1] == [name]]
    listed.highlighted = at
    await until(pilot, lambda: listed.chosen is not None and listed.chosen.name == name)
    await pilot.pause()


async def type_in(app: WsdebugApp, pilot: Pilot[int], text: str) -> None:
    """Change the value under the cursor."""
    await pilot.press("enter")
    field = app.screen.query_one(PreferenceDetail).field
    await until(pilot, lambda: field.has_focus)
    field.value = ""
    await pilot.press(*text, "enter")


async def test_a_theme_is_taken_at_once_and_written(app: WsdebugApp, path: Path) -> None:
    """Beside its remark; the default is the one without a line."""
    async with app.run_test(size=(100, 30)) as pilot:
        await to(app, pilot, "theme")
        assert app.theme == "wsdebug-light"
        await pilot.press("left")
        await until(pilot, lambda: app.theme == "wsdebug-dark")
        assert text_of(path) == TEXT.replace("wsdebug-light", "wsdebug-dark")
        assert "written; it holds at once" in said(app)
        await pilot.press("delete")
        await until(pilot, lambda: "theme" not in text_of(path))
        assert text_of(path) == TEXT.replace('theme = "wsdebug-light" # bright\n', "")


async def test_keys_are_taken_at_once(app: WsdebugApp, path: Path) -> None:
    """They work, and hints name them; one that is taken already is refused."""
    async with app.run_test(size=(140, 45)) as pilot:
        await to(app, pilot, "settings")
        await type_in(app, pilot, "f5")
        await until(pilot, lambda: "F5 is the key of 'Connect or disconnect' already" in said(app))
        assert app.screen.query_one(PreferenceDetail).field.has_class("-wrong")
        assert text_of(path) == TEXT
        await pilot.press("backspace", "backspace", *"f10", "enter")
        await until(pilot, lambda: 'settings = "f10"' in text_of(path))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main_of(app))
        assert "F10 settings" in str(main_of(app).query_one(ConnectionBar).render())
        await pilot.press("f2")
        assert app.screen is main_of(app)
        await pilot.press("f10")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))


async def test_what_else_is_taken_at_once(app: WsdebugApp, path: Path) -> None:
    """Motion, marks of silence, the budget, what is secret, and new connections."""
    async with app.run_test(size=(140, 45)) as pilot:
        await to(app, pilot, "reduced_motion")
        await pilot.press("enter")
        await until(pilot, lambda: main_of(app).query_one(StatusLine).reduced_motion)
        for name, text in (
            ("silence", "3"),
            ("message_budget", "64 KiB"),
            ("redaction.headers", "X-Tenant"),
            ("header", "X-A: 1"),
        ):
            await to(app, pilot, name)
            await type_in(app, pilot, text)
            await until(pilot, lambda: "written" in said(app))
        await to(app, pilot, "lenient")
        await pilot.press("right")
        await until(pilot, lambda: "lenient = true" in text_of(path))
        assert app.silence_us == 3_000_000
        assert main_of(app).query_one(Composer).budget == 65_536
        assert Redactor().header("X-Tenant", "acme") == "***"
        options = app.desk.options_for("ws://a/")
        assert (options.header, options.lenient) == ((("X-A", "1"),), True)
        config = load_config(path)
        assert (config.silence, config.reduced_motion) == (3, True)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("retention_days", "many", "retention_days takes a whole number of days"),
        ("silence", "-1", "silence takes a whole number of seconds"),
        ("retention_bytes", "much", "retention_bytes takes bytes, or a size"),
        ("header", "X", "'X' is no header; write 'Name: value'"),
        ("connect-timeout", "soon", "connection.connect-timeout: soon is no number of seconds"),
        ("ping-timeout", "3", "--ping-timeout needs --ping-interval"),
        ("bearer", "env:NO_SUCH_NAME", "NO_SUCH_NAME is not set in the environment"),
        ("copy", "f99", "there is no key f99"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field(
    app: WsdebugApp, path: Path, name: str, typed: str, words: str
) -> None:
    """In a sentence; nothing is written, and escape leaves it as it was."""
    async with app.run_test(size=(140, 45)) as pilot:
        await to(app, pilot, name)
        await type_in(app, pilot, typed)
        await until(pilot, lambda: words in said(app))
        assert text_of(path) == TEXT
        await pilot.press("escape")
        await until(pilot, lambda: words not in said(app))
        assert isinstance(app.screen, PreferencesScreen)


async def test_a_broken_file_is_shown_and_left_alone(app: WsdebugApp, path: Path) -> None:
    """Until it is mended."""
    broken = TEXT + "copy = \n"
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        put(path, broken)
        await pilot.press("shift+f2")
        await until(pilot, lambda: "line 7, column 8: invalid value" in said(app))
        assert "!    7  copy = " in str(app.screen.query_one("#preferences-broken").render())
        await pilot.press("enter", "right", "delete", "x", "enter")
        assert text_of(path) == broken
        await pilot.press("escape", "escape")
        put(path, TEXT)
        await to(app, pilot, "theme")


async def test_a_file_broken_meanwhile_is_not_overwritten(app: WsdebugApp, path: Path) -> None:
    """It is shown instead."""
    async with app.run_test(size=(80, 24)) as pilot:
        await to(app, pilot, "theme")
        put(path, "theme = \n")
        await pilot.press("right")
        await until(pilot, lambda: "line 1, column 9: invalid value" in said(app))
        assert text_of(path) == "theme = \n"


async def test_what_another_program_changed_is_shown_first(app: WsdebugApp, path: Path) -> None:
    """The same key is not taken from it; another one is kept."""
    async with app.run_test(size=(80, 24)) as pilot:
        await to(app, pilot, "theme")
        theirs = TEXT.replace("wsdebug-light", "nord") + 'copy = "f23"\n'
        put(path, theirs)
        await pilot.press("right")
        await until(pilot, lambda: "another program has changed it" in said(app))
        assert text_of(path) == theirs
        assert any(row.split() == ["theme", "nord"] for row in rows(app))
        await pilot.press("left", "right")
        await until(pilot, lambda: "written" in said(app))
        assert 'copy = "f23"' in text_of(path)


async def test_unknown_keys_are_named_and_can_be_taken_out(app: WsdebugApp, path: Path) -> None:
    """With line and suggestion; other keys can be changed all the same."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        put(path, TEXT.replace("# mine\n", "them = 1\n"))
        await to(app, pilot, "them")
        assert rows(app)[0] == "Not understood"
        assert "line 1: there is no key them; did you mean theme?" in said(app)
        await to(app, pilot, "record")
        await pilot.press("right")
        await until(pilot, lambda: "record = false" in text_of(path))
        app.screen.query_one(PreferenceList).highlighted = 1
        await to(app, pilot, "them")
        await pilot.press("delete")
        await until(pilot, lambda: "them =" not in text_of(path))
        await until(pilot, lambda: rows(app)[0] == "Screen")


async def test_the_file_itself_in_an_editor(
    app: WsdebugApp, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken one is mended there, and taken."""
    words = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('theme = \\'nord\\'')"
    monkeypatch.setenv("VISUAL", f'{sys.executable} -c "{words}"')
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        put(path, "theme = \n")
        await pilot.press("shift+f2")
        await until(pilot, lambda: "invalid value" in said(app))
        await pilot.press("alt+e")
        await until(pilot, lambda: "no editor can be shown here" in said(app))
        monkeypatch.setattr(app, "suspend", nullcontext)
        await pilot.press("alt+e")
        await until(pilot, lambda: app.theme == "nord")
        assert any(row.split() == ["theme", "nord"] for row in rows(app))


async def test_nothing_of_the_file_acts_upon_the_terminal(app: WsdebugApp, path: Path) -> None:
    """Neither a name nor a value, nor a line of a broken file."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        put(
            path, '"a\\u001b[31m" = 1\nb = "\\u001b]0;x\\u0007"\n[connection]\norigin="\\u009b1m"\n'
        )
        await pilot.press("shift+f2")
        await until(pilot, lambda: isinstance(app.screen, PreferencesScreen) and bool(rows(app)))
        assert rows(app)[0] == "Not understood"
        for text in ("", "theme = \x1b[31m\n"):
            if text:
                await pilot.press("escape")
                put(path, text)
                await pilot.press("shift+f2")
                await until(pilot, lambda: "\\x1b[31m" in shown(app))
            assert not {"\x1b", "\x07", "\x9b"} & set(shown(app))


def shown(app: WsdebugApp) -> str:
    """All that stands on the screen."""
    return "".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_by_mouse(app: WsdebugApp, path: Path) -> None:
    """A row is changed by a click, a hint does what its key does."""
    async with app.run_test(size=(100, 30)) as pilot:
        await to(app, pilot, "theme")
        await pilot.click("#preferences-rows", offset=(8, 3))  # reduced_motion
        await until(pilot, lambda: "reduced_motion = true" in text_of(path))
        hints = app.screen.query_one("#preferences-keys")
        await pilot.click("#preferences-keys", offset=(hints.size.width - 4, 0))  # del default
        await until(pilot, lambda: "reduced_motion" not in text_of(path))
        back = app.screen.query_one("#preferences-status")
        await pilot.click("#preferences-status", offset=(back.size.width - 4, 0))
        await until(pilot, lambda: app.screen is main_of(app))


async def test_the_filter_finds_by_name_and_by_words(app: WsdebugApp) -> None:
    """Of what it does; escape leaves first the filter, then the page."""
    async with app.run_test(size=(80, 24)) as pilot:
        await to(app, pilot, "theme")
        await pilot.press(*"colours")
        await until(pilot, lambda: len(rows(app)) == 2)
        assert rows(app)[1].split() == ["theme", "wsdebug-light"]
        hints = app.screen.query_one("#preferences-keys", HintRow)
        assert [(hint.key, hint.verb) for hint in hints.keys] == [
            ("enter", "change"),
            ("del", "default"),
        ]
        await pilot.press("left", "right", "delete")
        await until(pilot, lambda: rows(app)[1].split() == ["theme", "wsdebug-dark"])
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "wsdebug-light")
        await pilot.press("escape")
        await until(pilot, lambda: len(rows(app)) > 80)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main_of(app))


async def test_a_secret_is_not_shown(app: WsdebugApp, path: Path) -> None:
    """Neither in its row nor in its field."""
    async with app.run_test(size=(140, 45)) as pilot:
        await to(app, pilot, "bearer")
        await type_in(app, pilot, "hunter2")
        await until(pilot, lambda: 'bearer = "hunter2"' in text_of(path))
        await pilot.press("enter")
        strips = app.screen._compositor.render_strips()
        assert "hunter2" not in "".join(strip.text for strip in strips)


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits(app: WsdebugApp, size: tuple[int, int]) -> None:
    """Everything that has keys is in sight; the cursor too, wherever it goes."""
    async with app.run_test(size=size) as pilot:
        await to(app, pilot, "theme")
        for _ in range(12):
            await pilot.press("pagedown")
        await pilot.press("enter")
        await pilot.pause()
        for name in ("#preferences-keys", "#preferences-status", "#preference-value"):
            region = app.screen.query_one(name).region
            assert region
            assert app.screen.region.contains_region(region)
        listed = app.screen.query_one(PreferenceList)
        assert listed.size.height >= 10
        assert listed.chosen is not None
        assert listed.chosen.keys[0] == "keymap"
