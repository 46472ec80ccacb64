"""The start screen under a pilot: typing, rows, questions, sizes, mouse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.library_rows import recording_parts
from wsdebug.tui.recording_rows import RecordingRows
from wsdebug.tui.start import StartChoice, StartScreen
from wsdebug.tui.start_layout import plan
from wsdebug.tui.start_url import BARE, UrlField, settle
from wsdebug.workspace.library import RecordingInfo

NOW = datetime(2026, 8, 3, 14, 9, tzinfo=UTC)
SIZES = [(80, 24), (100, 32), (140, 45), (200, 60)]


def info(url: str, minutes: int, frames: int | None, last: str, **more: Any) -> RecordingInfo:
    """A recording that began so many minutes ago."""
    path = Path(f"/r/{minutes}.ws.jsonl")
    started = NOW - timedelta(minutes=minutes)
    return RecordingInfo(path, url, started, frames, 4000, last, **more)


RECENT = [
    info("wss://stream.example.com/v2/feed?token=x", 7, 44, "closed 1000"),
    info("wss://api.example.com/auth", 12, 0, "refused 401"),
    info("ws://127.0.0.1:9911/echo", 279, 1, "closed 1000"),
    info("wss://chat.example.org/socket", 23 * 60, 8120, "closed 1006"),
    *(info("wss://x.example.com/", 5000 + n, 1_200_000, "closed 1001") for n in range(19)),
]
BROKEN = [
    info("wss://orders.example.com/live", 11, 12004, "interrupted", crashed=True),
    info("wss://b.example.com/", 70, 3, "interrupted", crashed=True, torn=True),
]
HISTORY = ["wss://stream.example.com/v2/feed", "ws://box.local:8080/live"]


class Host(App[None]):
    """Shows the screen and keeps what was chosen."""

    def __init__(
        self,
        recent: list[RecordingInfo] | None = None,
        interrupted: list[RecordingInfo] | None = None,
        *,
        can_discard: bool = True,
    ) -> None:
        super().__init__()
        self.recent = RECENT if recent is None else recent
        self.interrupted = BROKEN if interrupted is None else interrupted
        self.can_discard = can_discard
        self.choice: StartChoice | None = None
        self.discarded: list[Path] = []

    def on_mount(self) -> None:
        """Open it."""
        self.push_screen(
            StartScreen(
                recent=self.recent,
                interrupted=self.interrupted,
                saved_count=3 if self.recent else 0,
                complete=lambda typed: [url for url in HISTORY if typed in url],
                now=lambda: NOW,
                retention_days=30,
                discard=self.discard,
            ),
            self.keep,
        )

    def keep(self, choice: StartChoice | None) -> None:
        """Remember the choice."""
        self.choice = choice

    def discard(self, path: Path) -> bool:
        """Note what was to be deleted."""
        self.discarded.append(path)
        return self.can_discard

    @property
    def start(self) -> StartScreen:
        """The screen that is shown."""
        assert isinstance(self.screen, StartScreen)
        return self.screen

    @property
    def field(self) -> UrlField:
        """The URL."""
        return self.start.query_one(UrlField)

    def rows(self, name: str) -> RecordingRows:
        """One of the lists."""
        return self.start.query_one(f"#start-{name}-rows", RecordingRows)

    def lines(self) -> list[str]:
        """What the terminal shows."""
        width, height = self.size
        strips = self.screen._compositor.render_strips()
        assert len(strips) == height
        assert all(strip.cell_length == width for strip in strips)
        return [strip.text.rstrip() for strip in strips]


async def click(pilot: Pilot[None], words: str, row: int = 0) -> None:
    """Click on these words, where they stand for the first time after `row`."""
    host = pilot.app
    assert isinstance(host, Host)
    lines = host.lines()
    y = next(y for y, line in enumerate(lines) if y >= row and words in line)
    await pilot.click(offset=(lines[y].index(words) + 1, y))
    await pilot.pause()


async def test_it_looks_as_drawn() -> None:
    """Text and columns of the picture."""
    host = Host(interrupted=BROKEN[:1])
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        lines = host.lines()
        assert lines[6] == " " * 30 + "wsdebug"
        assert lines[13].startswith(" " * 28 + "▌ wss://    ")
        assert lines[13].endswith("enter connect   F2 settings")
        assert lines[17].endswith("F4 open the demo")
        assert lines[23][30:] == (
            "orders.example.com/live               11 min ago     12,004 frames   all kept"
        )
        assert lines[29][30:] == (
            "api.example.com/auth                  today 13:57         0 frames   refused 401"
        )
        assert lines[30][30:].endswith("today 09:30         1 frame    closed 1000")
        assert lines[34][30:].startswith("18 more, and 3 saved sessions")
        assert lines[34].endswith("^O library")
        assert lines[44].startswith(
            " Everything is recorded from the first byte and kept for 30 days"
        )
        assert lines[44].endswith("? keys   ^P all actions   ^Q quit")


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits_every_size(size: tuple[int, int]) -> None:
    """All parts in sight, text within its margins, five recordings at least."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        lines = host.lines()
        text = "\n".join(lines)
        for words in ("wsdebug", "wss://", "F4 open the demo", "^O library", "^Q quit"):
            assert words in text
        assert "end cut off" in text
        assert text.count("closed") + text.count("refused") >= 5
        assert all(len(line) <= size[0] - 2 for line in lines)
        assert all(line[:1] in ("", " ", "▌") for line in lines)


async def test_a_first_start_asks_for_a_url_or_the_demo() -> None:
    """Without anything recorded there are no lists and no library."""
    host = Host([], [])
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        text = "\n".join(host.lines())
        assert "open the demo" in text
        for absent in ("Recent", "Interrupted", "library"):
            assert absent not in text
        await pilot.press("down")
        assert host.field.has_focus
        await pilot.press("f4")
        assert host.choice == StartChoice("demo")


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("a.example/x", "wss://a.example/x"),
        ("localhost:8080", "ws://localhost:8080"),
        ("localhost.a", "wss://localhost.a"),
    ],
)
async def test_enter_connects(typed: str, url: str) -> None:
    """The scheme that stands there gives way, and is ws:// on loopback only."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*typed, "enter")
        assert host.choice == StartChoice("url", url=url)


@pytest.mark.parametrize(
    ("scheme", "value", "after"),
    [
        (BARE, "wss://ws://a", ("ws://a", "")),
        (BARE, "wss://ftp://a", ("ftp://a", "")),
        (BARE, "wss://localhost", ("ws://localhost", "ws://")),
        ("ws://", "ws://127.0.0.1.a", ("wss://127.0.0.1.a", "wss://")),
        ("ws://", "ws://", (BARE, BARE)),
        (BARE, "wss:/", ("wss:/", "")),
        ("", "wss://", (BARE, BARE)),
        ("", "ws://ab", ("ws://ab", "")),
        ("", "localhost", ("localhost", "")),
    ],
)
def test_the_scheme_follows(scheme: str, value: str, after: tuple[str, str]) -> None:
    """Only as long as the person has not changed it."""
    assert settle(value, scheme) == after


async def test_a_url_is_pasted() -> None:
    """With what a browser copies around it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        host.field.post_message(Paste("\n ws://a.example/x \n"))
        await pilot.pause()
        assert host.field.value == "ws://a.example/x"
        assert host.field.cursor_position == len(host.field.value)


async def test_history_completes() -> None:
    """`right` takes what is offered, whatever its scheme."""
    host = Host()
    async with host.run_test(size=(100, 32)) as pilot:
        await pilot.pause()
        assert "paste or type a URL" in "\n".join(host.lines())
        await pilot.press("right")
        assert host.field.value == BARE
        await pilot.press(*"box")
        await pilot.pause()
        assert "wss://box.local:8080/live" in "\n".join(host.lines())
        await pilot.press("right", "enter")
        assert host.choice == StartChoice("url", url="ws://box.local:8080/live")


@pytest.mark.parametrize("key", ["enter", "f2"])
async def test_a_wrong_url_is_said_at_the_field(key: str) -> None:
    """In words, until it is changed."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"a b", key)
        assert host.choice is None
        assert "a URL has no spaces" in "\n".join(host.lines())
        await pilot.press("backspace")
        await pilot.pause()
        assert "a URL has no spaces" not in "\n".join(host.lines())


async def test_nothing_typed_is_said_too() -> None:
    """The scheme alone is no URL."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert "no URL given" in "\n".join(host.lines())


@pytest.mark.parametrize(
    ("keys", "choice"),
    [
        (["f2"], StartChoice("settings")),
        ([*"a.b", "f2"], StartChoice("settings", url="wss://a.b")),
        (["ctrl+o"], StartChoice("library")),
        (["ctrl+r"], StartChoice("again", url=RECENT[0].url, path=RECENT[0].path)),
        (["down", "enter"], StartChoice("open", path=BROKEN[0].path)),
        (["down", "down", "enter"], StartChoice("open", path=BROKEN[1].path)),
        (["tab", "tab", "down", "enter"], StartChoice("open", path=RECENT[1].path)),
        (["down", "down", "down", "j", "k", "enter"], StartChoice("open", path=RECENT[0].path)),
        (["tab", "tab", "up", "enter"], StartChoice("open", path=BROKEN[1].path)),
        (
            ["tab", "tab", "down", "ctrl+r"],
            StartChoice("again", url=RECENT[1].url, path=RECENT[1].path),
        ),
        (["down", "up", *"a.b", "enter"], StartChoice("url", url="wss://a.b")),
        (["tab", "tab", "escape", *"a.b", "ctrl+j"], StartChoice("url", url="wss://a.b")),
    ],
)
async def test_keys(keys: list[str], choice: StartChoice) -> None:
    """Every way, by keyboard alone."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert host.choice == choice


async def test_one_heading_and_one_bar_are_blue() -> None:
    """They follow the focus."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for key in ("tab", "tab", "tab"):
            blue = [row for row in host.start.query(HintRow) if "$primary" in str(row.left)]
            bars = [line for line in host.lines() if line.startswith("▌")]
            assert len(blue) == (0 if host.rows("interrupted").has_focus else 1)
            assert len(bars) == 1
            await pilot.press(key)
            await pilot.pause()


async def test_an_interrupted_one_is_discarded_after_a_question() -> None:
    """`del` twice; any other key takes the question away."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("down", "delete")
        assert "del again deletes it" in "\n".join(host.lines())
        await pilot.press("down", "delete", "up", "delete")
        assert host.discarded == []
        await pilot.press("delete")
        await pilot.pause()
        assert host.discarded == [BROKEN[0].path]
        assert host.rows("interrupted").rows == (BROKEN[1],)
        await pilot.press("delete", "delete")
        await pilot.pause()
        assert host.field.has_focus
        assert "Interrupted" not in "\n".join(host.lines())


async def test_what_cannot_be_deleted_says_so() -> None:
    """And stays."""
    host = Host(can_discard=False)
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("down", "delete", "delete")
        await pilot.pause()
        assert "it cannot be deleted" in "\n".join(host.lines())
        assert len(host.rows("interrupted").rows) == 2


async def test_recent_ones_are_not_deleted_here() -> None:
    """`del` there does nothing."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("tab", "tab", "delete", "delete")
        assert host.discarded == []


@pytest.mark.parametrize(
    ("words", "choice"),
    [
        ("F2 settings", StartChoice("settings")),
        ("F4 open", StartChoice("demo")),
        ("^R connect", StartChoice("again", url=RECENT[0].url, path=RECENT[0].path)),
        ("^O library", StartChoice("library")),
        ("api.example.com/auth", StartChoice("open", path=RECENT[1].path)),
        ("b.example.com", StartChoice("open", path=BROKEN[1].path)),
        ("enter open", StartChoice("open", path=BROKEN[0].path)),
    ],
)
async def test_mouse(words: str, choice: StartChoice) -> None:
    """Rows and hints are buttons."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await click(pilot, words)
        assert host.choice == choice


async def test_discarding_by_mouse_asks_as_well() -> None:
    """The hint twice."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await click(pilot, "del discard")
        assert host.discarded == []
        await click(pilot, "del discard")
        assert host.discarded == [BROKEN[0].path]


async def test_recordings_may_come_later() -> None:
    """The screen is there at once, and what is typed meanwhile stays."""
    host = Host([], [])
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press(*"a.b")
        host.start.show_recordings([*RECENT, *BROKEN], BROKEN, 1)
        await pilot.pause()
        text = "\n".join(host.lines())
        assert "orders.example.com/live" in text
        assert "1 saved session " in text
        assert text.count("b.example.com") == 1
        assert host.field.has_focus
        assert host.field.value == "wss://a.b"


async def test_the_cursor_stays_on_its_recording() -> None:
    """When others come before it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("tab", "tab", "down")
        host.start.show_recordings([BROKEN[1], *RECENT], BROKEN[:1], 1)
        await pilot.pause()
        await pilot.press("enter")
        assert host.choice == StartChoice("open", path=RECENT[1].path)


def test_peer_text_is_escaped_and_cut() -> None:
    """In exactly the cells there are."""
    hostile = info("wss://a.example/\x1b[31m" + "宽" * 40, 3, None, "closed 1000")
    parts = recording_parts(hostile, width=76, now=NOW, cut="…", last=("live", "success"))
    text = "".join(part for part, _ in parts)
    assert text.startswith("a.example/\\x1b[31m宽")
    assert "…" in text
    assert "many frames" in text


@pytest.mark.parametrize("height", range(23, 80))
def test_the_plan_fits(height: int) -> None:
    """With as many recordings as there can be."""
    wanted = plan(height, interrupted=9, recent=99, has_more=True)
    rows = (13 if wanted.is_airy else 8) + 2 * (4 if wanted.is_airy else 2)
    rows += wanted.interrupted + wanted.recent + (2 if wanted.is_airy else 1)
    assert wanted.top + rows <= height
    assert wanted.recent >= 5
