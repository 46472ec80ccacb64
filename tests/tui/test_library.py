"""The library under a pilot: filter, cursor, questions, sizes, thousands of rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.app import App

from wsdebug.errors import RecordingFailed
from wsdebug.tui.field import Field
from wsdebug.tui.library import LibraryChoice, LibraryScreen
from wsdebug.tui.library_list import RecordingList
from wsdebug.workspace.library import RecordingInfo

NOW = datetime(2026, 8, 3, 14, 9, tzinfo=UTC)


def info(
    name: str, url: str, minutes: int, last: str = "closed 1000", **more: Any
) -> RecordingInfo:
    """A session that began so many minutes ago."""
    started = NOW - timedelta(minutes=minutes)
    return RecordingInfo(Path(f"/r/{name}.ws.jsonl"), url, started, 7, 4000, last, **more)


SAVED = [
    info("login fails", "wss://api.example.com/auth", 90, "refused 401", saved=True),
    info("a day of quotes", "wss://stream.example.com/v2/feed", 3000, saved=True),
]
RECORDINGS = [
    info("feed 1", "wss://stream.example.com/v2/feed?depth=9", 7),
    info("echo", "ws://127.0.0.1:9911/echo", 8, "live", live=True),
    info("orders", "wss://orders.example.com/live", 11, "interrupted", crashed=True),
    info("chat", "wss://chat.example.org/socket", 900, "closed 1006"),
]


class Host(App[None]):
    """Shows the screen and keeps what was chosen."""

    def __init__(
        self,
        saved: list[RecordingInfo] | None = None,
        recordings: list[RecordingInfo] | None = None,
        *,
        can_discard: bool = True,
    ) -> None:
        super().__init__()
        self.saved = SAVED if saved is None else saved
        self.recordings = RECORDINGS if recordings is None else recordings
        self.can_discard = can_discard
        self.results: list[LibraryChoice | None] = []
        self.discarded: list[Path] = []
        self.can_take_back = True
        self.refuses = False
        self.described: list[tuple[str, str, tuple[str, ...]]] = []

    def on_mount(self) -> None:
        """Open it."""
        screen = LibraryScreen(
            saved=self.saved, recordings=self.recordings, now=lambda: NOW, work=self
        )
        self.push_screen(screen, self.results.append)

    def discard(self, path: Path) -> bool:
        """Note what was to be deleted."""
        self.discarded.append(path)
        return self.can_discard

    def take_back(self) -> Path | None:
        """Put the last one back."""
        return self.discarded.pop() if self.can_take_back else None

    def describe(self, info: RecordingInfo, title: str, tags: Sequence[str]) -> None:
        """Note what was named."""
        if self.refuses:
            raise RecordingFailed("a is an archive, which can only be read", path="a")
        self.described.append((info.path.name, title, tuple(tags)))

    @property
    def rows(self) -> RecordingList:
        """The list."""
        return self.screen.query_one(RecordingList)

    @property
    def text(self) -> str:
        """What the terminal shows."""
        strips = self.screen._compositor.render_strips()
        assert all(strip.cell_length == self.size.width for strip in strips)
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def at(self) -> str:
        """The line with the cursor."""
        heading, *rows = [line for line in self.text.split("\n") if line.startswith("▌ ")]
        assert "Library" in heading
        return rows[0]


@pytest.mark.parametrize("size", [(80, 24), (100, 32), (140, 45), (200, 60)])
async def test_everything_is_listed(size: tuple[int, int]) -> None:
    """Saved ones first, by name; how each ended."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        text = host.text
        wanted = ["Library", "6 sessions", "Saved", "login fails", "refused 401"]
        wanted += ["a day of quotes", "Recordings", "stream.example.com/v2/feed", "live"]
        wanted += ["orders.example.com/live", "interrupted", "closed 1006", "/r/login fails"]
        at = 0
        for words in wanted:
            at = text.index(words, at) + len(words)
        assert ("3.9 kB" in text) == (size[0] >= 100)
        assert all(len(line) <= size[0] - 2 for line in text.split("\n"))


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("login", ["login fails"]),
        ("EXAMPLE.ORG", ["chat.example.org/socket"]),
        ("depth=9", ["stream.example.com/v2/feed"]),
        ("interrupted", ["orders.example.com/live"]),
        ("nowhere", []),
        ("chat 1006", ["chat.example.org/socket"]),
        ("auth 3.9", ["login fails"]),
        ("orders 7 frames", ["orders.example.com/live"]),
    ],
)
async def test_typing_filters(typed: str, left: list[str]) -> None:
    """By name, URL and end; esc takes the filter away."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*typed)
        await pilot.pause()
        assert f"{len(left)} of 6" in host.text
        for words in left:
            assert words in host.at
        assert ("Nothing here has these words in it." in host.text) == (not left)
        await pilot.press("escape")
        await pilot.pause()
        assert "6 sessions" in host.text
        assert host.results == []
        await pilot.press("escape")
        assert host.results == [None]


@pytest.mark.parametrize(
    ("keys", "choice"),
    [
        (["enter"], LibraryChoice(SAVED[0].path, again=False)),
        (["down", "ctrl+r"], LibraryChoice(SAVED[1].path, again=True)),
        (["down", "down", "enter"], LibraryChoice(RECORDINGS[0].path, again=False)),
        (["down", "down", "up", "enter"], LibraryChoice(SAVED[1].path, again=False)),
        (["up", "enter"], LibraryChoice(SAVED[0].path, again=False)),
        (["ctrl+end", "enter"], LibraryChoice(RECORDINGS[3].path, again=False)),
        (["ctrl+end", "ctrl+home", "enter"], LibraryChoice(SAVED[0].path, again=False)),
        (["pagedown", "pageup", "down", "enter"], LibraryChoice(SAVED[1].path, again=False)),
        ([*"chat", "enter"], LibraryChoice(RECORDINGS[3].path, again=False)),
        (["ctrl+o"], None),
    ],
)
async def test_keys(keys: list[str], choice: LibraryChoice | None) -> None:
    """The cursor leaves headings out."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert host.results == [choice]


async def test_deleting_can_be_taken_back() -> None:
    """One after the other, each to where it was; the cursor stands on it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("alt+z", "down", "delete")
        await pilot.pause()
        assert host.discarded == [SAVED[1].path]
        assert "5 sessions" in host.text
        assert "stream.example.com/v2/feed" in host.at
        assert "deleted a day of quotes.ws.jsonl" in host.text
        assert "alt+z take back" in host.text
        await pilot.press("ctrl+end", "delete", "alt+z")
        await pilot.pause()
        assert "5 sessions" in host.text
        assert "chat.example.org" in host.at
        await pilot.press("alt+z")
        await pilot.pause()
        assert host.discarded == []
        assert "6 sessions" in host.text
        assert "a day of quotes" in host.at
        assert "take back" not in host.text


async def test_a_place_that_is_taken_is_said() -> None:
    """And what was deleted is not forgotten."""
    host = Host()
    host.can_take_back = False
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("delete", "alt+z")
        assert "it cannot be put back" in host.at
        host.can_take_back = True
        await pilot.press("alt+z")
        assert "login fails" in host.at


async def test_title_and_tags() -> None:
    """Shown at once, found at once; nothing is written where nothing was changed."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        await pilot.press("f2", *"The login", "tab", *"#auth, slow auth", "enter")
        await pilot.pause()
        assert host.described == [("login fails.ws.jsonl", "The login", ("auth", "slow"))]
        assert "The login #auth #slow" in host.at
        await pilot.press("f2", "enter")
        await pilot.press("f2", "escape")
        assert len(host.described) == 1
        await pilot.press("down", *"#slow login")
        await pilot.pause()
        assert "1 of 6" in host.text
        host.refuses = True
        await pilot.press("f2", "x", "enter")
        await pilot.pause()
        assert "an archive, which can only be read" in host.at


async def test_what_is_recorded_now_is_named_where_it_is_recorded() -> None:
    """Its file is its writer's."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("down", "down", "down", "f2")
        assert "it is being recorded" in host.at


async def test_two_places_of_saved_sessions() -> None:
    """And how long each lasted, where there is room."""
    here = replace(SAVED[0], path=Path("sessions/login.ws.jsonl"), duration_us=125_000_000)
    host = Host([here, SAVED[1]])
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        text = host.text
        assert text.index("Saved in ./sessions") < text.index("Saved in the library")
        assert "2 min 5 s" in host.at


@pytest.mark.parametrize(
    ("row", "words"), [(3, "it is being recorded"), (0, "it cannot be deleted")]
)
async def test_what_cannot_be_deleted_says_so(row: int, words: str) -> None:
    """In its row."""
    host = Host(can_discard=False)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*["down"] * row, "delete")
        assert words in host.at
        assert "6 sessions" in host.text


async def test_del_inside_the_text_edits_it() -> None:
    """At its end it deletes the session."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"xchat", "home", "delete")
        await pilot.pause()
        assert host.screen.query_one(Field).value == "chat"
        assert "chat.example.org" in host.at
        await pilot.press("end", "delete")
        assert host.discarded == [RECORDINGS[3].path]


async def test_mouse() -> None:
    """A click takes the cursor there, another opens; hints are buttons; headings are not."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = host.text.split("\n")
        heading = next(y for y, line in enumerate(lines) if line == "  Recordings")
        await pilot.click(offset=(4, heading))
        assert "login fails" in host.at
        await pilot.click(offset=(4, heading + 4))
        await pilot.pause()
        assert "chat.example.org" in host.at
        assert "/r/chat.ws.jsonl" in host.text
        x = lines[-1].index("del delete")
        await pilot.click(offset=(x, len(lines) - 1))
        await pilot.pause()
        assert host.discarded == [RECORDINGS[3].path]
        await pilot.press("alt+z")
        await pilot.click(offset=(4, heading + 4))
        await pilot.pause()
        assert host.results == [LibraryChoice(RECORDINGS[3].path, again=False)]


async def test_thousands_of_rows_show_only_what_is_seen() -> None:
    """Each repaint makes the rows on the screen, no others."""
    many = [info(f"n{n}", f"wss://h{n}.example.com/", n) for n in range(20_000)]
    host = Host([], many)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+end")
        await pilot.pause()
        assert "h19999.example.com" in host.at
        await pilot.press("pageup", "up")
        await pilot.pause()
        height = host.rows.size.height
        assert f"h{19999 - height}.example.com" in host.at
        await pilot.press(*"h1777.")
        await pilot.pause()
        assert "1 of 20,000" in host.text
        assert "h1777.example.com" in host.at


async def test_nothing_recorded_yet() -> None:
    """And no key does anything but leave."""
    host = Host([], [])
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Nothing is recorded yet." in host.text
        await pilot.press("enter", "delete", "down", "ctrl+r", "pagedown")
        assert host.results == []
        screen = host.screen
        assert isinstance(screen, LibraryScreen)
        screen.show_recordings(SAVED, RECORDINGS)
        await pilot.pause()
        assert "login fails" in host.at


async def test_peer_text_is_escaped() -> None:
    """In URLs and file names."""
    host = Host([info("a\x1b[31m", "wss://h/\x9b", 5, saved=True)], [])
    async with host.run_test(size=(140, 45)) as pilot:
        await pilot.pause()
        assert "a\\x1b[31m" in host.at
        assert "h/\\x9b" in host.at
        assert "\x1b" not in host.text
        assert "\x9b" not in host.text
