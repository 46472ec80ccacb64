"""What keys do where, and the dialog that shows it."""

from collections import Counter
from collections.abc import Callable

import pytest
from textual.app import App
from textual.dom import DOMNode

from tests.tui.conftest import main_of
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_model import KINDS, Kind
from wsdebug.tui.compose_rows import LastRow
from wsdebug.tui.composer import Composer
from wsdebug.tui.desk import Desk
from wsdebug.tui.dialog import DialogBody
from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.key_words import key_words
from wsdebug.tui.keys import KeyGroup, KeyLine, keys_of, own_bindings
from wsdebug.tui.keys_help import KeysHelp, KeyTable
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.settings import SettingsScreen

Focus = Callable[[MainScreen], object]


@pytest.fixture
def app(desk: Desk) -> WsdebugApp:
    """The main screen, not connected."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    return WsdebugApp(desk, session, connect=False)


def log(screen: MainScreen) -> None:
    """Go to the frame log."""
    screen.query_one(LogRegion).view.focus()


def inspector(screen: MainScreen) -> None:
    """Go to the inspector."""
    screen.query_one(Inspector).focus()


def composer(screen: MainScreen) -> None:
    """Go to the composer."""
    screen.query_one(Composer).focus_input()


def titles(groups: tuple[KeyGroup, ...]) -> list[str]:
    """The places."""
    return [group.title for group in groups]


def keys(groups: tuple[KeyGroup, ...], title: str) -> dict[str, str]:
    """What each key of a place does."""
    return {
        key: line.title
        for group in groups
        if group.title == title
        for line in group.lines
        for key in line.keys
    }


@pytest.mark.parametrize(
    ("focus", "places", "place", "some"),
    [
        (
            log,
            ["Frame log", "Anywhere"],
            "Frame log",
            {
                "j": "Down",
                "down": "Down",
                "b": "Next violation",
                "space": "Tick or untick",
                "equals_sign": "Compare",
            },
        ),
        (inspector, ["Inspector", "Anywhere"], "Inspector", {"1": "Payload", "escape": "Back"}),
        (
            composer,
            ["Composer", "Editing", "Anywhere"],
            "Composer",
            {"ctrl+j": "Send", "up": "Up, older message"},
        ),
        (
            composer,
            ["Composer", "Editing", "Anywhere"],
            "Editing",
            {"ctrl+w": "Delete the word before"},
        ),
        (
            log,
            ["Frame log", "Anywhere"],
            "Anywhere",
            {"f5": "Connect or disconnect", "ctrl+q": "Quit"},
        ),
    ],
)
async def test_the_focused_place_comes_first(
    app: WsdebugApp, focus: Focus, places: list[str], place: str, some: dict[str, str]
) -> None:
    """Then what works anywhere."""
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        focus(main_of(app))
        await pilot.pause()
        groups = keys_of(main_of(app))
        assert titles(groups) == places
        assert some.items() <= keys(groups, place).items()


@pytest.mark.parametrize("focus", [log, inspector, composer])
async def test_every_key_of_ours_is_there_once(app: WsdebugApp, focus: Focus) -> None:
    """What works now is listed, and no key twice."""
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        screen = main_of(app)
        focus(screen)
        await pilot.pause()
        listed = Counter(
            key for group in keys_of(screen) for line in group.lines for key in line.keys
        )
        assert set(listed.values()) == {1}
        ours = {
            key
            for key, active in screen.active_bindings.items()
            if active.binding in own_bindings(active.node) and active.enabled
        }
        if focus is composer:
            ours.remove("slash")  # a character there, which Textual does not know by its name
        assert ours <= set(listed)


def composing(kind: Kind) -> Focus:
    """Go to the composer for a kind."""

    def focus(screen: MainScreen) -> None:
        composer = screen.query_one(Composer)
        composer.kind = kind
        composer.focus_input()

    return focus


def in_last_row(screen: MainScreen) -> None:
    """Go to the row where a message is split into frames."""
    screen.query_one(LastRow).focus()


@pytest.mark.parametrize("focus", [log, inspector, in_last_row, *map(composing, KINDS)])
async def test_every_key_that_is_listed_does_what_it_says(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch, focus: Focus
) -> None:
    """No widget takes it for something else, and no other place either."""
    ran: list[str] = []

    async def note(action: str, node: DOMNode, *_: object) -> bool:
        if node.check_action(action.partition("(")[0], ()) is False:
            return False  # another place has it, as it would without us
        ran.append(action)
        return True

    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        screen = main_of(app)
        focus(screen)
        await pilot.pause()
        active = screen.active_bindings
        listed = [key for group in keys_of(screen) for line in group.lines for key in line.keys]
        with monkeypatch.context() as patch:
            patch.setattr(app, "run_action", note)
            for key in listed:
                await pilot.press(key)
        assert dict(zip(listed, ran, strict=True)) == {
            key: active[key].binding.action for key in listed
        }


async def test_what_is_typed_is_no_key(app: WsdebugApp) -> None:
    """In the composer, `c` and `?` are text."""
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        composer(main_of(app))
        await pilot.pause()
        anywhere = keys(keys_of(main_of(app)), "Anywhere")
        assert "f1" in anywhere
        assert not {"c", "question_mark", "z"} & set(anywhere)


async def test_the_settings_page() -> None:
    """Has its own keys; Textual's keys for scrolling and focus are not its."""
    host: App[None] = App()
    async with host.run_test(size=(140, 45)) as pilot:
        screen = SettingsScreen(ConnectOptions("ws://127.0.0.1/"))
        await host.push_screen(screen)
        await pilot.pause()
        groups = keys_of(screen)
        assert titles(groups) == ["Settings", "Anywhere"]
        settings = keys(groups, "Settings")
        assert settings["f5"] == "Connect with these"
        assert settings["space"] == "On or off"
        assert "pageup" not in settings
        screen.query_one("#cacert").focus()
        await pilot.pause()
        assert titles(keys_of(screen)) == ["Settings", "Editing", "Anywhere"]


@pytest.mark.parametrize(
    ("key", "glyphs", "words"),
    [
        ("ctrl+j", UNICODE, "^J"),
        ("ctrl+underscore", UNICODE, "^_"),
        ("ctrl+slash", ASCII, "^/"),
        ("ctrl+enter", UNICODE, "ctrl+enter"),
        ("ctrl+pagedown", UNICODE, "ctrl+pgdn"),
        ("f5", UNICODE, "F5"),
        ("shift+f6", UNICODE, "shift+F6"),
        ("f", UNICODE, "f"),
        ("G", UNICODE, "G"),
        ("question_mark", UNICODE, "?"),
        ("plus", UNICODE, "+"),
        ("minus", UNICODE, "-"),
        ("escape", UNICODE, "esc"),
        ("enter", UNICODE, "enter"),
        ("space", UNICODE, "space"),
        ("insert", UNICODE, "ins"),
        ("up", UNICODE, "↑"),
        ("left", UNICODE, "←"),
        ("ctrl+right", UNICODE, "ctrl+→"),
        ("up", ASCII, "up"),
        ("ctrl+right", ASCII, "ctrl+right"),
    ],
)
def test_keys_as_people_write_them(key: str, glyphs: Glyphs, words: str) -> None:
    """A letter with ctrl is `^`; an arrow is itself, or a word in ASCII."""
    assert key_words(key, glyphs) == words


GROUPS = (
    KeyGroup("Here", tuple(KeyLine((f"f{n}",), f"Thing {n} " * n) for n in range(1, 9))),
    KeyGroup(
        "There", tuple(KeyLine(("ctrl+a", "ctrl+shift+left"), f"Other {n}") for n in range(9))
    ),
)


class Host(App[None]):
    """Shows the keys of two places."""

    def on_mount(self) -> None:
        """Open them."""
        self.push_screen(KeysHelp(GROUPS))

    @property
    def lines(self) -> list[str]:
        """The whole table, what is out of sight included."""
        table = self.screen.query_one(KeyTable)
        return [strip.text.rstrip() for strip in table.render_lines(table.size.region)]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 45), (200, 60)])
async def test_all_of_it_can_be_read(size: tuple[int, int]) -> None:
    """Nothing is cut; two columns where there is room."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        panel = host.screen.query_one("#dialog").region
        assert host.screen.region.contains_region(panel)
        words = " ".join(host.lines).split()
        for group in GROUPS:
            for line in group.lines:
                assert Counter(line.title.split()) <= Counter(words)
        first = host.lines[0].split()
        assert first == (["Here", "There"] if size[0] >= 120 else ["Here"])
        assert max(map(len, host.lines)) <= panel.width


async def test_what_does_not_fit_scrolls() -> None:
    """To its last row."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        body = host.screen.query_one(DialogBody)
        assert body.max_scroll_y > 0
        await pilot.press("G")
        await pilot.pause()
        assert body.scroll_offset.y == body.max_scroll_y


@pytest.mark.parametrize("key", ["escape", "f1", "question_mark", "q", "enter"])
async def test_closing(key: str) -> None:
    """By what opened it, too."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert not isinstance(host.screen, KeysHelp)
