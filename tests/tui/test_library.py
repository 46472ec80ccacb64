"""The library under a pilot: filter, cursor, questions, sizes, thousands of rows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.app import App

from wsdebug.tui.field import Field
from wsdebug.tui.library import LibraryChoice, LibraryScreen
from wsdebug.tui.library_list import RecordingList
from wsdebug.workspace.library import RecordingInfo

NOW = datetime(2026, 8, 3, 14, 9, tzinfo=UTC)


def info(
    name: str, url: str, minutes: int, last: str = "closed 1000", **more: bool
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

    def on_mount(self) -> None:
        """Open it."""
        screen = LibraryScreen(
            saved=self.saved, recordings=self.recordings, now=lambda: NOW, discard=self.discard
        )
        self.push_screen(screen, self.results.append)

    def discard(self, path: Path) -> bool:
        """Note what was to be deleted."""
        self.discarded.append(path)
        return self.can_discard

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


async def test_deleting_asks() -> None:
    """`del` twice; moving on or esc keeps it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("down", "delete")
        assert "del again deletes it" in host.at
        await pilot.press("escape", "delete", "up", "down", "delete")
        assert host.discarded == []
        await pilot.press("delete")
        await pilot.pause()
        assert host.discarded == [SAVED[1].path]
        assert "5 sessions" in host.text
        assert "stream.example.com/v2/feed" in host.at


@pytest.mark.parametrize(
    ("row", "words"), [(3, "it is being recorded"), (0, "it cannot be deleted")]
)
async def test_what_cannot_be_deleted_says_so(row: int, words: str) -> None:
    """In its row."""
    host = Host(can_discard=False)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*["down"] * row, "delete", "delete")
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
        assert "del again" in host.at


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
        assert "del again" in host.at
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
