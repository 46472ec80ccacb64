"""The save dialog under a pilot."""

import os
from pathlib import Path

import pytest
from textual.app import App
from textual.widget import Widget

from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.save_dialog import SaveChoice, SaveDialog, shortened
from wsdebug.workspace.save import Where

SIZES = [(80, 24), (140, 45), (200, 60)]


class Host(App[None]):
    """Opens the dialog and keeps what it was left with."""

    def __init__(
        self,
        where: Where = "sessions",
        *,
        is_running: bool = True,
        glyphs: Glyphs = UNICODE,
        suggested: str = "feed 14-02",
        problem: str = "",
    ) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.results: list[SaveChoice | None] = []
        self._where = where
        self._is_running = is_running
        self._suggested, self._problem = suggested, problem

    def on_mount(self) -> None:
        """Open it."""
        dialog = SaveDialog(
            suggested=self._suggested,
            where=self._where,
            frames=12_004,
            size=2_150,
            is_running=self._is_running,
            problem=self._problem,
        )
        self.push_screen(dialog, self.results.append)

    def text(self, selector: str) -> str:
        """What a part of the dialog shows; empty if it is hidden."""
        found = self.screen.query_one(selector, Widget)
        if not found.display:
            return ""
        rows = found.render_lines(found.size.region)
        return "\n".join(strip.text.rstrip() for strip in rows).strip()


def make(file: Path) -> None:
    """An empty file, and the folders it needs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


async def test_another_file_is_asked_for_where_the_disk_is_full(tmp_path: Path) -> None:
    """The reason stands in red; a path is suggested, and its last part chosen."""
    host = Host("path", suggested=f"{tmp_path}/feed", problem="the disk is full")
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert host.text("#save-why") == "the disk is full"
        await pilot.press("n", "e", "w")
        assert host.screen.query_one("#save-name", Field).value == f"{tmp_path}/new"
        await pilot.press("enter")
        await pilot.pause()
    assert host.results == [SaveChoice(tmp_path / "new.ws.jsonl", "path")]


@pytest.mark.parametrize("size", SIZES)
async def test_the_suggested_name_is_saved_by_enter(size: tuple[int, int]) -> None:
    """Into ./sessions, which is made."""
    host = Host()
    async with host.run_test(size=size) as pilot:
        await pilot.pause()
        assert host.text("#save-path") == "./sessions/feed 14-02.ws.jsonl"
        assert "12,004 frames, 2.1 kB" in host.text("#save-facts")
        await pilot.press("enter")
        await pilot.pause()
    path = Path("sessions/feed 14-02.ws.jsonl")
    assert host.results == [SaveChoice(path, "sessions")]
    assert path.parent.is_dir()


async def test_typing_replaces_the_suggested_name() -> None:
    """It is chosen at first; moving keeps it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("n", "e", "w")
        assert host.screen.query_one("#save-name", Field).value == "new"
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("end", "2")
        assert host.screen.query_one("#save-name", Field).value == "feed 14-022"


@pytest.mark.parametrize("keys", [("tab", "space"), ("down", "right"), ("down", "left", "left")])
async def test_the_library(keys: tuple[str, ...], home: Path) -> None:
    """The place is the next field; enter saves from there too."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert host.text("#save-path").endswith("library/feed 14-02.ws.jsonl")
        await pilot.press("enter")
        await pilot.pause()
    assert host.results == [SaveChoice(home / "library" / "feed 14-02.ws.jsonl", "library")]


async def test_it_begins_where_the_person_wants() -> None:
    """In the library, if that is the place given."""
    host = Host("library")
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "(•) library" in host.text("#save-where")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a:b", "! a name cannot have : in it"),
        (".a", "! a name cannot begin with ."),
        ("-a", "! a name cannot begin with -"),
    ],
)
async def test_a_wrong_name_is_said_as_it_is_typed(name: str, words: str) -> None:
    """In red under the field; enter does not save it, and a right one takes the words away."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*name)
        await pilot.pause()
        field = host.screen.query_one("#save-name", Field)
        assert host.text("#save-problem") == words
        assert field.has_class("-wrong")
        await pilot.press("enter")
        await pilot.pause()
        assert host.results == []
        field.value = "right"
        await pilot.pause()
        assert host.text("#save-problem") == ""
        assert not field.has_class("-wrong")


async def test_no_name_is_a_problem_only_when_it_is_to_be_saved() -> None:
    """Emptying the field is on the way to another name."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("delete")
        await pilot.pause()
        assert host.text("#save-problem") == host.text("#save-path") == ""
        await pilot.press("enter")
        await pilot.pause()
        assert host.text("#save-problem") == "! type a name"
        assert host.results == []


async def test_a_name_that_is_taken() -> None:
    """Says so at the field, and goes back to it."""
    make(Path("sessions/feed 14-02.ws.jsonl"))
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("tab", "enter")
        await pilot.pause()
        wanted = "! feed 14-02.ws.jsonl is there already; choose another name"
        assert host.text("#save-problem") == wanted
        assert host.screen.focused is host.screen.query_one("#save-name")
        assert host.results == []


async def test_a_place_that_cannot_be() -> None:
    """Where a file stands in its way, words and no trace."""
    make(Path("sessions"))
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "cannot make sessions" in host.text("#save-problem")
        assert host.results == []


async def test_a_library_that_cannot_be(home: Path) -> None:
    """Said as soon as it is chosen."""
    make(home / "library")
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("down", "space")
        await pilot.pause()
        assert "cannot use" in host.text("#save-problem")
        await pilot.press("enter")
        await pilot.pause()
        assert host.results == []


@pytest.mark.parametrize("is_running", [True, False])
async def test_what_becomes_of_the_recording(is_running: bool) -> None:
    """It goes on, if it runs."""
    host = Host(is_running=is_running)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        words = "the recording goes on under its new name"
        assert (words in host.text("#save-facts")) is is_running


async def test_escape_saves_nothing() -> None:
    """And makes no folder."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
    assert host.results == [None]
    assert os.listdir() == []


@pytest.mark.parametrize(("verb", "saved"), [("save", True), ("back", False)])
async def test_the_hints_can_be_clicked(verb: str, saved: bool) -> None:
    """As their keys."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        x = host.text("HintRow").index(verb)
        await pilot.click("HintRow", offset=(x, 0))
        await pilot.pause()
    assert [result is not None for result in host.results] == [saved]


@pytest.mark.parametrize(
    ("glyphs", "no_color", "corner"),
    [(UNICODE, True, "┌"), (ASCII, True, "+"), (UNICODE, False, " "), (ASCII, False, " ")],
)
async def test_a_frame_where_there_are_no_colours(
    glyphs: Glyphs, no_color: bool, corner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The panel could not be told from the screen otherwise; with colours there is none."""
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)
    host = Host(glyphs=glyphs)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        panel = host.screen.query_one("#dialog")
        first = panel.render_lines(panel.outer_size.region)[0].text
        assert (first[:1] or " ") == corner


@pytest.mark.parametrize(
    ("path", "room", "shown"),
    [
        ("sessions/a.ws.jsonl", 40, "./sessions/a.ws.jsonl"),
        ("/home/me/lib/a.ws.jsonl", 40, "~/lib/a.ws.jsonl"),
        ("/home/meow/a.ws.jsonl", 40, "/home/meow/a.ws.jsonl"),
        ("/srv/lib/a.ws.jsonl", 12, "…/a.ws.jsonl"),
        ("sessions/東京.ws.jsonl", 12, "…京.ws.jsonl"),
        ("sessions/a\x1b.ws.jsonl", 40, "./sessions/a\\x1b.ws.jsonl"),
        ("sessions/a.ws.jsonl", 0, "…"),
    ],
)
def test_a_path_in_little_room(
    path: str, room: int, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut at the left: the name is at the right."""
    monkeypatch.setenv("HOME", "/home/me")
    assert shortened(Path(path), room, "…") == shown
