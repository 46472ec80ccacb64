"""Every action by its keys, at three sizes: it does what it says, and its controls are in sight."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tests.tui.conftest import main_of, until, until_state
from wsdebug.tui.actions import ACTIONS, OF_THE_APP
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.clipboard import Clipboard
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keys import keys_of
from wsdebug.tui.library_list import LibraryTree
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.palette import commands_of
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.tour import TourStrip

SIZES = ((80, 24), (100, 30), (200, 60))
ORDER = '{"id":7,"px":101.5}'


class Person:
    """Sits before one app: presses keys, and remembers how it looked before the last action."""

    def __init__(self, app: WsdebugApp, pilot: Pilot[int], folder: Path, copied: list[str]) -> None:
        self.app = app
        self.pilot = pilot
        self.folder = folder
        self.copied = copied
        self.before = ""
        self.sent_before = 0

    @property
    def main(self) -> MainScreen:
        """The tab in sight."""
        assert self.app.tab is not None
        return self.app.tab

    @property
    def inspector(self) -> Inspector:
        """Its inspector."""
        return self.main.query_one(Inspector)

    @property
    def composer(self) -> Composer:
        """Its composer."""
        return self.main.query_one(Composer)

    @property
    def region(self) -> LogRegion:
        """Its log."""
        return self.main.query_one(LogRegion)

    @property
    def sent(self) -> int:
        """Frames that went out on this connection."""
        return self.main.session.counters.frames_out

    @property
    def said(self) -> str:
        """The last words of the status line."""
        recent = self.main.query_one(StatusLine).recent
        return recent[-1].text if recent else ""

    @property
    def status(self) -> str:
        """The status line as it is."""
        return self.main.query_one(StatusLine).render_line(0).text

    @property
    def recorded(self) -> str:
        """The recording, or the saved session."""
        path = self.main.session.path
        return path.read_text() if path is not None and path.exists() else ""

    @property
    def line(self) -> str:
        """What the file says at the cursor."""
        number = self.region.view.line
        return self.recorded.splitlines()[number - 1] if number is not None else ""

    def on(self, name: str) -> bool:
        """Whether a screen of that class is the one in sight, and has taken its place."""
        return type(self.app.screen).__name__ == name and bool(self.app.focused)

    def has_focus(self, kind: type[Widget]) -> bool:
        """Whether the focus is in such a widget."""
        focused = self.app.focused
        return focused is not None and any(
            isinstance(one, kind) for one in focused.ancestors_with_self
        )

    async def press(self, *keys: str) -> None:
        """One after the other."""
        await self.pilot.press(*keys)

    async def until(self, holds: "Holds", name: str) -> None:
        """Let the app go on until something holds; where it does not, tell how it looks."""
        try:
            await until(self.pilot, lambda: holds(self))
        except TimeoutError:
            where = f"{self.app.screen} at {self.app.focused}"
            pytest.fail(f"{name}: {where}; said {self.said!r}; {self.look}; {self.status}")

    async def go_home(self) -> None:
        """To the log, with the cursor on the first answer."""
        for _ in range(8):
            await self.press("escape")
            if self.app.screen is self.main and self.region.view.has_focus:
                break
        await until(self.pilot, lambda: self.app.screen is self.main and self.region.view.has_focus)
        lines = self.recorded.splitlines()
        first = next((n for n, line in enumerate(lines, 1) if '"recv":"{' in line), None)
        if first is not None and self.region.view.line is not None:
            self.region.view.go_to_line(first)
        await self.pilot.pause()
        self.before = self.look
        self.sent_before = self.sent

    @property
    def look(self) -> str:
        """What the regions show."""
        timeline = self.region.timeline
        return f"{self.inspector.text} {timeline.display} {timeline.unit} {self.region.view.line}"


Holds = Callable[[Person], bool]
Step = str | Holds


@dataclass(frozen=True)
class Act:
    """What is pressed or waited for, and what is to be so then. `name` as in the keymap."""

    name: str
    steps: tuple[Step, ...]
    effect: Holds = field(repr=False)


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    return tuple({" ": "space"}.get(character, character) for character in text)


def on(name: str) -> Holds:
    """Waits for a screen."""
    return lambda person: person.on(name)


def says(*words: str) -> Holds:
    """Waits for words of the status line."""
    return lambda person: any(word in person.said for word in words)


def shows_tab(words: str) -> Holds:
    """Waits for words in the inspector, which is in sight."""
    return lambda person: bool(person.inspector.display) and words in person.inspector.text


def stands_on_a_session(person: Person) -> bool:
    """Whether the library has found one."""
    return bool(person.app.screen.query_one(LibraryTree).at)


def is_counted(person: Person) -> bool:
    """Whether the timeline has a bar before the row under the cursor."""
    region = person.region
    return bool(region.timeline.first_lines(region.view.line or 0, backward=True))


def composes(person: Person) -> bool:
    """Whether text can be typed into the composer."""
    return person.has_focus(Composer)


ACTS = (
    Act("toggle_connection", ("f5",), lambda p: p.main.session.status.state == "closed"),
    Act("connect_again", ("ctrl+r",), lambda p: p.main.session.status.state == "open"),
    Act("edit_url", ("ctrl+l",), lambda p: p.has_focus(ConnectionBar)),
    Act(
        "settings",
        (
            "f2",
            on("SettingsScreen"),
            "+",
            *typed("X-New"),
            "enter",
            *typed("one"),
            "enter",
            "f5",
            lambda p: p.app.screen is p.main,
        ),
        lambda p: '["X-New","one"]' in p.recorded and p.main.session.status.state == "open",
    ),
    Act("compose", ("c",), composes),
    Act("send", ("c", composes, *typed("first"), "f8"), lambda p: p.sent == p.sent_before + 1),
    Act("next_kind", ("c", composes, "f3"), lambda p: p.composer.kind == "binary"),
    Act("next_kind", ("c", composes, *["f3"] * 3), lambda p: p.composer.kind == "close"),
    Act("next_kind", ("c", composes, "f3"), lambda p: p.composer.kind == "raw"),
    Act("next_kind", ("c", composes, "f3"), lambda p: p.composer.kind == "text"),
    Act(
        "keep_message",
        ("c", composes, *typed("kept"), "alt+k", on("LineDialog"), *typed("mine"), "enter"),
        says("loads “mine” from now on"),
    ),
    Act("messages", ("f7",), on("MessageDialog")),
    Act(
        "repeat",
        ("c", composes, "alt+r", on("PaceDialog"), "enter"),
        lambda p: p.main.sending.startswith("sending every"),
    ),
    Act("stop_sending", ("alt+s",), lambda p: not p.main.sending),
    Act(
        "send_lines",
        ("alt+l", on("PaceDialog"), *typed("lines.txt"), "enter"),
        lambda p: '"line of a file"' in p.recorded,
    ),
    Act(
        "filter",
        ("slash", *typed("dir:in")),
        lambda p: "dir:in" in p.region.query_one(LogHeading).filter_text,
    ),
    Act(
        "next_match",
        ("slash", *typed("px"), "tab", "down", lambda p: p.region.view.has_focus, "g", "n"),
        lambda p: "px" in p.line and p.look != p.before,
    ),
    Act("time", ("t",), lambda p: p.region.view.time != "start"),
    Act(
        "inspect",
        ("enter",),
        lambda p: bool(p.inspector.display and "px" in p.inspector.text and p.has_focus(Inspector)),
    ),
    Act("fold_heartbeats", ("h",), says("is folded", "nothing is folded")),
    Act(
        "heartbeats",
        ("H", on("LineDialog"), "shift+home", *typed("zzz"), "enter"),
        lambda p: p.region.view.folds.query.text == "zzz",
    ),
    Act("copy", ("y",), lambda p: p.copied == [ORDER]),
    Act("copy_as", ("Y",), on("CopyDialog")),
    Act("send_again", ("s",), lambda p: p.sent == p.sent_before + 1),
    Act("edit_again", ("e",), lambda p: composes(p) and p.main.query_one(Editor).text == ORDER),
    Act("note", ("m", on("LineDialog"), *typed("look"), "enter"), says("note written")),
    Act("payload_file", ("w",), says("payload written to")),
    Act("payload_pager", ("o",), lambda p: "101.5" in read(p.folder / "paged")),
    Act("payload_editor", ("O",), lambda p: read(p.folder / "edited") == ORDER),
    Act("tab_2", ("2",), shows_tab("opcode")),
    Act("tab_3", ("3",), shows_tab("on the wire")),
    Act("tab_4", ("4",), shows_tab("101 Switching")),
    Act("tab_1", ("1",), shows_tab('"px"')),
    Act("view", ("1", shows_tab('"px"'), "v"), lambda p: shows_tab(ORDER)(p)),
    Act("timeline", ("T",), lambda p: p.look != p.before),
    Act("later", (is_counted, "right_square_bracket"), lambda p: p.look != p.before),
    Act("earlier", (is_counted, "left_square_bracket"), lambda p: p.look != p.before),
    Act("statistics", ("S",), on("StatisticsDialog")),
    Act("over_time", ("L",), on("OverTimeDialog")),
    Act("whole_screen", ("z",), lambda p: not p.composer.region.height or not p.composer.display),
    Act("next_region", ("f6",), lambda p: not p.region.view.has_focus),
    Act("previous_region", ("shift+f6",), lambda p: not p.region.view.has_focus),
    Act("compare", ("space", "j", "j", "space", "equals_sign"), on("CompareDialog")),
    Act("keys", ("f1",), on("KeysHelp")),
    Act("palette", ("ctrl+p",), on("Palette")),
    Act("library", ("ctrl+o",), on("LibraryScreen")),
    Act("preferences", ("shift+f2",), on("PreferencesScreen")),
    Act("tour", ("shift+f1",), lambda p: bool(p.main.query(TourStrip))),
    Act("picture_svg", ("f12",), lambda p: bool(list(p.folder.rglob("*.svg")))),
    Act("picture_html", ("ctrl+f12",), lambda p: bool(list(p.folder.rglob("*.html")))),
    Act("suspend", ("ctrl+z",), says("there is no shell")),
    Act("back", ("c", composes, "escape"), lambda p: p.region.view.has_focus),
    Act(
        "save",
        ("ctrl+s", on("SaveDialog"), *typed("new"), "enter"),
        lambda p: "new" in str(p.main.session.path),
    ),
    Act("toggle_connection", ("f5",), lambda p: p.main.session.status.state == "closed"),
    Act(
        "reopen",
        ("ctrl+o", on("LibraryScreen"), stands_on_a_session, "enter"),
        lambda p: p.app.screen is p.main and p.main.session.file is not None,
    ),
    Act(
        "replay",
        ("r", on("ReplayDialog"), *["right"] * 4, "enter", lambda p: len(p.app.tabs) == 2),
        lambda p: "next " in p.status,
    ),
    Act("replay_step", ("x",), lambda p: "replay 1 of" in p.status),
    Act("replay_on", ("R",), lambda p: p.status.startswith("replayed")),
    Act("next_tab", ("ctrl+pagedown",), lambda p: p.app.tabs.index(p.main) == 0),
    Act("previous_tab", ("ctrl+pageup",), lambda p: p.app.tabs.index(p.main) == 1),
    Act("close_tab", ("f9",), lambda p: len(p.app.tabs) == 1),
    Act("new_tab", ("ctrl+t",), lambda p: len(p.app.tabs) == 2 and p.has_focus(ConnectionBar)),
    Act("quit", ("ctrl+q",), lambda p: type(p.app.screen).__name__ == "Question"),
)
NAMES = {action.id for action in ACTIONS} | {name for *_, name in OF_THE_APP}


def read(path: Path) -> str:
    """What stands in a file, if it is there."""
    return path.read_text() if path.exists() else ""


def out_of_sight(screen: Screen[object]) -> list[str]:
    """What can be focused or read but not seen, and what would have to be scrolled sideways."""
    found: list[str] = []
    whole = screen.size.region
    focused = screen.focused
    for widget in screen.walk_children(Widget):
        place = screen.find_widget(widget) if widget.is_on_screen else None
        if place is None or not place.region.area:
            continue
        # what is typed may be longer than its field
        if widget.allow_horizontal_scroll and not isinstance(widget, Input | TextArea):
            found.append(f"{widget} scrolls sideways")
        is_control = widget is focused or isinstance(widget, HintRow) or widget.id == "dialog"
        if is_control and not whole.contains_region(place.region):
            found.append(f"{widget} at {place.region}")
    if focused is not None and not (
        focused.is_on_screen and screen.find_widget(focused).visible_region
    ):
        found.append(f"{focused} has the focus and is not seen")
    return found


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A pager, an editor and a clipboard that keep what they are given; a file to be sent."""
    copied: list[str] = []

    def copy(_: Clipboard, text: str) -> str:
        copied.append(text)
        return "tmux"

    def suspend(_: WsdebugApp) -> AbstractContextManager[None]:
        return nullcontext()

    monkeypatch.setattr(Clipboard, "copy", copy)
    monkeypatch.setattr(WsdebugApp, "suspend", suspend)
    monkeypatch.setenv("PAGER", f'sh -c \'cp "$0" "{tmp_path}/paged"\'')
    monkeypatch.setenv("VISUAL", f'sh -c \'cp "$0" "{tmp_path}/edited"\'')
    (tmp_path / "lines.txt").write_text("line of a file\n")
    return copied


@pytest.mark.timeout(300)  # 300 keys, on a machine that has other things to do
@pytest.mark.parametrize("size", SIZES)
async def test_every_action_does_what_it_says_where_it_can_be_seen(
    app: WsdebugApp, outside: list[str], tmp_path: Path, size: tuple[int, int]
) -> None:
    """By its keys; nothing is out of sight, or to be scrolled sideways."""
    wrong: list[str] = []
    async with app.run_test(size=size) as pilot:
        await until_state(pilot, app, "open")
        person = Person(app, pilot, tmp_path, outside)
        await pilot.press(*typed(ORDER), "f8")
        await until(pilot, lambda: '"recv":"{' in person.recorded)
        for act in ACTS:
            await person.go_home()
            for step in (*act.steps, act.effect):
                if isinstance(step, str):
                    await pilot.press(step)
                else:
                    await person.until(step, act.name)
            await pilot.pause()
            wrong += [f"{act.name}: {words}" for words in out_of_sight(app.screen)]
        app.finish_sessions()
    assert wrong == []


def test_every_action_is_done_above() -> None:
    """A new one comes with a line of what it does."""
    assert NAMES - {act.name for act in ACTS} == set()


@pytest.mark.parametrize("size", SIZES)
async def test_every_action_has_a_key_that_is_listed(
    app: WsdebugApp, size: tuple[int, int]
) -> None:
    """In the keys of the place, with the words that the palette has."""
    async with app.run_test(size=size) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape")
        await until(pilot, lambda: main_of(app).query_one(LogRegion).view.has_focus)
        main = main_of(app)
        listed = {(key, line.title) for group in keys_of(main) for line in group.lines
                  for key in line.keys}  # fmt: skip
        offered = {(key, one.title) for one in commands_of(main) for key in one.keys}
        for action in ACTIONS:
            for key in action.keys.split(","):
                assert (key, action.title) in listed & offered
        for key, _, title, *_ in OF_THE_APP:
            assert (key, title) in listed & offered
