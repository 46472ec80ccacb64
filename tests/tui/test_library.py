"""The library under a pilot: filter, cursor, questions, sizes, thousands of rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from textual.app import App
from textual.pilot import Pilot

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.log.filter_facts import FACT_TERMS
from wsdebug.tui.field import Field
from wsdebug.tui.keys import keys_of
from wsdebug.tui.library import LibraryChoice, LibraryScreen
from wsdebug.tui.library_list import LibraryTree
from wsdebug.tui.library_work import LibraryWork
from wsdebug.workspace.library import RecordingInfo
from wsdebug.workspace.library_files import LibraryFiles
from wsdebug.workspace.shelves import Folder, SessionFile, Shelf

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


def folder(path: Path, infos: list[RecordingInfo]) -> Folder:
    """A folder with these files, in its folders."""
    top = Folder(path)
    for info in infos:
        at = top
        for part in info.path.parent.relative_to(path).parts:
            inner = next((one for one in at.folders if one.path.name == part), None)
            if inner is None:
                at.folders.append(inner := Folder(at.path / part))
            at = inner
        at.files.append(SessionFile(info.path, info.size))
    return top


class Host(App[None]):
    """Shows the screen and keeps what was chosen; keeps the files, too."""

    def __init__(
        self,
        saved: list[RecordingInfo] | None = None,
        recordings: list[RecordingInfo] | None = None,
        *,
        can_discard: bool = True,
        work: LibraryWork | None = None,
    ) -> None:
        super().__init__()
        saved = SAVED if saved is None else saved
        recordings = RECORDINGS if recordings is None else recordings
        self.infos = {info.path: info for info in (*saved, *recordings)}
        self.can_discard = can_discard
        self.work: LibraryWork = work or self
        self.results: list[LibraryChoice | None] = []
        self.discarded: list[RecordingInfo] = []
        self.can_take_back = True
        self.refuses = ""
        self.described: list[tuple[str, str, tuple[str, ...]]] = []

    def on_mount(self) -> None:
        """Open it."""
        self.push_screen(LibraryScreen(now=lambda: NOW, work=self.work), self.results.append)

    def shelves(self) -> list[Shelf]:
        """By where they stand, and whether they were saved."""
        infos = self.infos.values()
        here = [info for info in infos if not info.path.is_absolute()]
        saved = [info for info in infos if info.saved and info not in here]
        rest = [info for info in infos if not info.saved]
        return [
            Shelf("sessions", folder(Path("sessions"), here)),
            Shelf("library", folder(Path("/r"), saved)),
            Shelf("recordings", folder(Path("/r"), rest)),
        ]

    def facts(self, file: SessionFile, *, has_name: bool) -> RecordingInfo | str:
        """As they were given."""
        assert self.infos[file.path].saved is has_name
        return self.infos[file.path]

    def discard(self, path: Path) -> bool:
        """Note what was to be deleted."""
        if self.can_discard:
            self.discarded.append(self.infos.pop(path))
        return self.can_discard

    def take_back(self) -> Path | None:
        """Put the last one back."""
        if not self.can_take_back:
            return None
        info = self.discarded.pop()
        self.infos[info.path] = info
        return info.path

    def describe(self, info: RecordingInfo, title: str, tags: Sequence[str]) -> None:
        """Note what was named."""
        if self.refuses:
            raise RecordingFailed(self.refuses, path="a")
        self.described.append((info.path.name, title, tuple(tags)))
        self.infos[info.path] = replace(info, title=title, tags=tuple(tags))

    def rename(self, path: Path, name: str, shelf: Shelf) -> Path:
        """Give it the name."""
        if self.refuses:
            raise UsageError(self.refuses, field="name")
        to = shelf.folder.path / f"{name}.ws.jsonl"
        self.infos[to] = replace(self.infos.pop(path), path=to, saved=True)
        return to

    async def settle(self) -> None:
        """Wait until everything is read and shown."""
        await self.workers.wait_for_complete()
        await Pilot(self).pause()

    @property
    def rows(self) -> LibraryTree:
        """The tree."""
        return self.screen.query_one(LibraryTree)

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
    async with host.run_test(size=size):
        await host.settle()
        text = host.text
        wanted = ["Library", "6 sessions", "Saved", "login fails", "refused 401"]
        wanted += ["a day of quotes", "Recordings", "stream.example.com/v2/feed", "live"]

        at = 0
        for words in wanted:
            at = text.index(words, at) + len(words)
        assert ("3.9 kB" in host.at) == (size[0] >= 100)
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
        ("host:orders frames:7 size:>1k", ["orders.example.com/live"]),
        ("code:1006", ["chat.example.org/socket"]),
        ("orders 7 frames", ["orders.example.com/live"]),
    ],
)
async def test_typing_filters(typed: str, left: list[str]) -> None:
    """By name, URL and end; esc takes the filter away."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press(*typed)
        await host.settle()
        assert f"{len(left)} of 6" in host.text
        for words in left:
            assert words in host.at
        assert ("Nothing here is like that." in host.text) == (not left)
        await pilot.press("escape")
        await host.settle()
        assert "6 sessions" in host.text
        assert host.results == []
        await pilot.press("escape")
        assert host.results == [None]


@pytest.mark.parametrize(
    ("keys", "choice"),
    [
        (["enter"], LibraryChoice(SAVED[0].path, again=False)),
        (["down", "ctrl+r"], LibraryChoice(SAVED[1].path, again=True)),
        (["down", "down", "down", "enter"], LibraryChoice(RECORDINGS[2].path, again=False)),
        (["down", "down", "up", "enter"], LibraryChoice(SAVED[1].path, again=False)),
        (["ctrl+end", "enter"], LibraryChoice(RECORDINGS[3].path, again=False)),
        (["ctrl+end", "ctrl+home", "down", "enter"], LibraryChoice(SAVED[0].path, again=False)),
        (["pagedown", "pageup", "down", "down", "enter"], LibraryChoice(SAVED[1].path, False)),
        ([*"chat", "enter"], LibraryChoice(RECORDINGS[3].path, again=False)),
        (["ctrl+o"], None),
    ],
)
async def test_keys(keys: list[str], choice: LibraryChoice | None) -> None:
    """The cursor begins on a session, and goes to groups too."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press(*keys)
        await host.settle()
        assert host.results == [choice]


async def test_deleting_can_be_taken_back() -> None:
    """One after the other, each to where it was; the cursor stands on it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("alt+z", "down", "delete")
        await host.settle()
        assert host.discarded == [SAVED[1]]
        assert "5 sessions" in host.text
        assert "Interrupted recordings" in host.at
        assert "deleted a day of quotes.ws.jsonl" in host.text
        assert "alt+z take back" in host.text
        await pilot.press("ctrl+end", "delete")
        await host.settle()
        assert "4 sessions" in host.text
        await pilot.press("alt+z")
        await host.settle()
        assert "5 sessions" in host.text
        assert "chat.example.org" in host.at
        await pilot.press("alt+z")
        await host.settle()
        assert host.discarded == []
        assert "6 sessions" in host.text
        assert "a day of quotes" in host.at
        assert "take back" not in host.text


async def test_a_place_that_is_taken_is_said() -> None:
    """And what was deleted is not forgotten."""
    host = Host()
    host.can_take_back = False
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("delete")
        await host.settle()
        await pilot.press("alt+z")
        assert "it cannot be put back" in host.at
        host.can_take_back = True
        await pilot.press("alt+z")
        await host.settle()
        assert "login fails" in host.at


async def test_name_title_and_tags() -> None:
    """Shown at once, found at once; nothing is written where nothing was changed."""
    host = Host()
    async with host.run_test(size=(140, 45)) as pilot:
        await host.settle()
        await pilot.press("f2", "tab", *"The login", "tab", *"#auth, slow auth", "enter")
        await host.settle()
        assert host.described == [("login fails.ws.jsonl", "The login", ("auth", "slow"))]
        assert "The login #auth #slow" in host.at
        await pilot.press("f2", "enter")
        await host.settle()
        await pilot.press("f2", "escape")
        await host.settle()
        assert len(host.described) == 1
        await pilot.press("f2", *["left"] * 11, *"old/", "enter")
        await host.settle()
        assert len(host.described) == 1
        assert "▾ old   1 session" in host.text
        assert "The login #auth #slow" in host.at
        assert "login fails.ws.jsonl is /r/old/login fails.ws.jsonl now" in host.text
        await pilot.press("down", *"tag:slow name:old/ login")
        await host.settle()
        assert "1 of 6" in host.text


async def test_what_cannot_be_saved_is_said_where_it_is_typed() -> None:
    """Nothing that was typed is lost."""
    host = Host()
    host.refuses = "a is an archive, which can only be read"
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("f2", "tab", "x", "enter")
        await host.settle()
        assert "! a is an archive, which can only be read" in host.text
        host.refuses = ""
        await pilot.press("enter")
        await host.settle()
        assert host.described == [("login fails.ws.jsonl", "x", ())]


async def test_a_recording_gets_a_name() -> None:
    """Which puts it where the saved ones are; the cursor goes with it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("ctrl+end", "f2", *"mine", "enter")
        await host.settle()
        assert "Saved in the library   3 sessions" in host.text
        assert "mine" in host.at


async def test_what_is_recorded_now_is_named_where_it_is_recorded() -> None:
    """Its file is its writer's."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("ctrl+end", "up", "f2")
        assert "it is being recorded" in host.at


async def test_two_places_of_saved_sessions() -> None:
    """And how long each lasted, where there is room."""
    here = replace(SAVED[0], path=Path("sessions/login.ws.jsonl"), duration_us=125_000_000)
    host = Host([here, SAVED[1]])
    async with host.run_test(size=(140, 45)):
        await host.settle()
        text = host.text
        assert text.index("Saved in ./sessions") < text.index("Saved in the library")
        assert "2 min 5 s" in host.at


@pytest.mark.parametrize(
    ("keys", "words"),
    [(["ctrl+end", "up"], "it is being recorded"), ([], "it cannot be deleted")],
)
async def test_what_cannot_be_deleted_says_so(keys: list[str], words: str) -> None:
    """In its row."""
    host = Host(can_discard=False)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press(*keys, "delete")
        assert words in host.at
        assert "6 sessions" in host.text


async def test_del_inside_the_text_edits_it() -> None:
    """At its end it deletes the session."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press(*"xchat", "home", "delete")
        await host.settle()
        assert host.screen.query_one(Field).value == "chat"
        assert "chat.example.org" in host.at
        await pilot.press("end", "delete")
        assert host.discarded == [RECORDINGS[3]]


async def test_mouse() -> None:
    """A click takes the cursor there, another opens; hints are buttons; groups fold."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        lines = host.text.split("\n")
        heading = next(y for y, line in enumerate(lines) if "Recordings " in line)
        await pilot.click(offset=(4, heading))
        await host.settle()
        assert "▸ Recordings   3 sessions" in host.at
        assert "chat.example.org" not in host.text
        await pilot.click(offset=(40, heading))
        await host.settle()
        assert "▾ Recordings" in host.at
        await pilot.click(offset=(4, heading + 3))
        await host.settle()
        assert "chat.example.org" in host.at
        assert "/r/chat.ws.jsonl" in host.text
        x = lines[-1].index("del delete")
        await pilot.click(offset=(x, len(lines) - 1))
        await host.settle()
        assert host.discarded == [RECORDINGS[3]]
        await pilot.press("alt+z")
        await host.settle()
        await pilot.click(offset=(4, heading + 3))
        await host.settle()
        assert host.results == [LibraryChoice(RECORDINGS[3].path, again=False)]


async def test_thousands_of_rows_show_only_what_is_seen() -> None:
    """Each repaint makes the rows on the screen, no others."""
    many = [info(f"n{n}", f"wss://h{n}.example.com/", n) for n in range(20_000)]
    host = Host([], many)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("ctrl+end")
        await host.settle()
        assert "h19999.example.com" in host.at
        await pilot.press("pageup", "up")
        await host.settle()
        height = host.rows.size.height
        assert f"h{19999 - height}.example.com" in host.at
        await pilot.press(*"h1777.")
        await host.settle()
        assert "1 of 20,000" in host.text
        assert "h1777.example.com" in host.at


async def test_nothing_recorded_yet() -> None:
    """And no key does anything but leave."""
    host = Host([], [])
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        assert "Nothing is recorded yet." in host.text
        await pilot.press("enter", "delete", "down", "ctrl+r", "pagedown")
        assert host.results == []
        await pilot.press("space", "left", "right", "f2", "alt+z")
        assert host.results == []
        await pilot.press("escape")
        assert host.results == [None]


async def test_peer_text_is_escaped() -> None:
    """In URLs and file names."""
    host = Host([info("a\x1b[31m", "wss://h/\x9b", 5, saved=True)], [])
    async with host.run_test(size=(140, 45)):
        await host.settle()
        assert "a\\x1b[31m" in host.at
        assert "h/\\x9b" in host.at
        assert "\x1b" not in host.text
        assert "\x9b" not in host.text


NESTED = [
    info("orders/old/first", "wss://a/", 50, saved=True),
    info("orders/second", "wss://b/", 40, "closed 1006", saved=True),
    info("third", "wss://c/", 30, saved=True),
]


def tree(host: Host) -> list[str]:
    """The rows of the tree without their facts."""
    height = host.rows.size.height
    top = host.rows.region.y
    lines = host.text.split("\n")[top : top + height]
    return [line.lstrip("▌").partition("  closed")[0][1:26].rstrip() for line in lines if line]


async def test_folders_fold() -> None:
    """By the space bar, arrows, enter; the counts stay, and a folder goes with what is in it."""
    host = Host(NESTED, [])
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        rows = [
            " ▾ Saved in the library",
            "   ▾ orders   2 sessions",
            "     ▾ old   1 session",
            "      first",
            "     second",
            "   third",
        ]
        assert [row[:24] for row in tree(host)] == [row[:24] for row in rows]
        assert "first" in host.at
        await pilot.press("left")
        assert "▾ old" in host.at
        await pilot.press("left")
        assert "▸ old   1 session" in host.at
        await pilot.press("left", "left")
        assert [row.strip()[:8] for row in tree(host)] == ["▾ Saved ", "▸ orders", "third"]
        assert "▸ orders   2 sessions" in host.at
        await pilot.press("right")
        assert "▾ orders" in host.at
        assert "▸ old" in host.text
        await pilot.press("right")
        assert "▾ orders" in host.at
        await pilot.press("space")
        assert "▸ orders" in host.at
        await pilot.press("enter")
        assert "▾ orders" in host.at
        await pilot.press("ctrl+home", "space")
        assert [row.strip() for row in tree(host)] == ["▸ Saved in the library"]
        assert "3 sessions" in host.at
        assert host.results == []


async def test_what_is_found_stands_in_its_folders() -> None:
    """Whatever was folded; what was folded is again, once nothing is looked for."""
    host = Host(NESTED, [])
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press("up", "up", "space")
        assert "▸ orders" in host.at
        await pilot.press(*"code:1006")
        await host.settle()
        assert [row.strip()[:8] for row in tree(host)] == ["▾ Saved ", "▾ orders", "second"]
        assert "▾ orders   1 session" in host.text
        assert "second" in host.at
        await pilot.press("up", "right", "space")
        assert host.screen.query_one(Field).value == "code:1006 "
        await pilot.press("backspace", "home", "left")
        assert "▸ orders   1 session" in host.at
        await pilot.press("escape")
        await host.settle()
        assert "▸ orders   2 sessions" in host.text


async def test_a_mistake_in_the_filter_is_said_and_changes_nothing() -> None:
    """It is often only half of a word."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        await pilot.press(*"(chat")
        await host.settle()
        assert "a ) is missing for this (" in host.text
        assert "6 sessions" in host.text
        await pilot.press("escape", *"chat szie:>1")
        await host.settle()
        assert "no term szie: in filters, did you mean size?" in host.text
        assert host.screen.query_one(Field).has_class("-wrong")
        await pilot.press("escape")
        await host.settle()
        assert "no term" not in host.text


async def test_what_cannot_be_read_is_one_calm_row() -> None:
    """It can be deleted, not named; a link that leads nowhere cannot even be opened."""
    files = [
        SessionFile(Path("/r/junk.ws.jsonl"), 9),
        SessionFile(Path("/r/gone.ws.jsonl"), problem="a link that leads nowhere"),
    ]
    closed = Folder(Path("/r/closed"), problem="cannot be read: permission denied")
    work = Mock(spec=LibraryWork)
    work.shelves.return_value = [Shelf("library", Folder(Path("/r"), [closed], files))]
    work.facts.side_effect = lambda file, has_name: file.problem or "no session"
    host = Host(work=work)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        assert "closed   cannot be read: permission denied" in host.text
        assert "gone   a link that leads nowhere" in host.at
        await pilot.press("enter", "down", "f2")
        assert host.results == []
        assert "junk   it cannot be named before it can be read" in host.at
        await pilot.press(*"no session")
        await host.settle()
        assert "1 of 2" in host.text
        await pilot.press("enter")
        assert host.results == [LibraryChoice(Path("/r/junk.ws.jsonl"), again=False)]


async def test_a_glance_at_the_session(tmp_path: Path) -> None:
    """Its facts in one row; where there is room, its first frames as in the log."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"url":"ws://h/"}\n{"t":0.5,"send":"hello \\u001b[31m"}\n')
    one = replace(RECORDINGS[3], path=path, duration_us=1_500_000, tags=("a\x1b",))
    work = Mock(spec=LibraryWork)
    work.shelves.return_value = [Shelf("recordings", folder(tmp_path, [one]))]
    work.facts.return_value = one
    host = Host(work=work)
    async with host.run_test(size=(100, 32)) as pilot:
        await host.settle()
        facts = "chat.example.org   closed 1006   7 frames   3.9 kB   1.5 s   yesterday   #a\\x1b"
        assert facts in host.text
        while "hello" not in host.text:
            await pilot.pause(0.01)
            await host.settle()
        assert "→  text" in host.text
        assert "hello \\x1b[31m" in host.text
        await pilot.resize_terminal(80, 24)
        await host.settle()
        assert "closed 1006   7 frames" in host.text
        assert "hello" not in host.text


async def test_a_deletion_in_a_folder_is_undone_there(tmp_path: Path) -> None:
    """With the real files: the folder is gone with its last session, and comes back with it."""
    place = tmp_path / "sessions" / "orders" / "old"
    place.mkdir(parents=True)
    path = place / "first.ws.jsonl"
    path.write_text('{"url":"ws://h/"}\n{"send":"x"}\n')
    files = LibraryFiles(tmp_path / "sessions")
    host = Host(work=files)
    async with host.run_test(size=(80, 24)) as pilot:
        await host.settle()
        assert "first" in host.at
        await pilot.press("delete")
        await host.settle()
        assert "orders" not in host.text
        assert not path.exists()
        await pilot.press("alt+z")
        await host.settle()
        assert path.exists()
        assert "first" in host.at
        assert "▾ old   1 session" in host.text
        await pilot.press("f2", *["backspace"] * 16, *"new/1st", "enter")
        await host.settle()
        assert "1st" in host.at
        assert "▾ new   1 session" in host.text
        await pilot.press("alt+z")
        await host.settle()
        assert path.exists()
        assert "first" in host.at
    files.left()


async def test_the_help_tells_keys_and_terms() -> None:
    """Those of the library first, then how a session is found."""
    host = Host()
    async with host.run_test(size=(80, 24)):
        await host.settle()
        first, second, *_ = keys_of(host.screen)
        assert first.title == "Library"
        assert {"enter", "delete", "f2", "left", "right"} <= {
            key for line in first.lines for key in line.keys
        }
        assert [line.keys for line in second.lines] == [(term.form,) for term in FACT_TERMS]
