"""Ticks in the log, and the comparison of what is ticked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until
from wsdebug.errors import UsageError
from wsdebug.log.log import FrameLog
from wsdebug.replay.beside import compare_messages, messages_at
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compare_dialog import CompareDialog, CompareTable
from wsdebug.tui.compare_rows import compare_rows
from wsdebug.tui.desk import Desk
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.inspect_lines import plain, width_of
from wsdebug.tui.keymap import use_keymap
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.row_copies import Copy
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.ticks import Ticks
from wsdebug.workspace.config import Config

LINES: tuple[dict[str, Any], ...] = (
    {"wsdebug": 1, "url": "ws://a/", "started": "2026-08-03T12:00:00.000000Z"},
    {"t": 0.0, "event": "connecting", "url": "ws://a/"},
    {"t": 0.1, "event": "open"},
    {"t": 0.2, "mask": "01020304", "send": '{"id":1,"px":101.5}'},
    {"t": 0.264, "recv": '{"id":1,"px":102.5,"\\u001b[31m":"\\u202e"}'},
    {"t": 0.3, "op": "binary", "recv": {"b64": "AAECAwQFBgcICQoLDA0ODw=="}},
    {"t": 0.4, "op": "binary", "fin": False, "recv": {"b64": "AAECAwQF"}},
    {"t": 0.41, "op": "cont", "recv": {"b64": "BgcICQoLDP0ODxAREg=="}},
    {"t": 0.5, "op": 3, "recv": "a", "bad": ["reserved-opcode"]},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A session with something to compare."""
    path = tmp_path / "some.ws.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    return path


@pytest.fixture
def app(desk: Desk, path: Path) -> WsdebugApp:
    """The app with that session."""
    return WsdebugApp(desk, desk.open_file(path), connect=False)


def view_of(app: WsdebugApp) -> FrameLogView:
    """The rows."""
    return main_of(app).query_one(LogRegion).view


def marks(view: FrameLogView) -> dict[str, str]:
    """The cells before the time, by line number."""
    cells = [view.render_line(y).text[1:8] for y in range(view.size.height)]
    return {text.strip(" *!"): text for text in cells if text.strip()}


async def go(pilot: Pilot[int], app: WsdebugApp, line: int) -> None:
    """The cursor on a line."""
    view = view_of(app)
    await until(pilot, lambda: len(view.log_shown or ()) == len(LINES) - 1)
    view.go_to_line(line)
    await pilot.pause()


def said(app: WsdebugApp) -> str:
    """What the status line says."""
    return str(main_of(app).query_one(StatusLine).render())


@pytest.mark.parametrize(
    ("toggled", "cursor", "pair"),
    [
        ((), 5, None),
        ((4,), 9, (4, 9)),
        ((9,), 4, (4, 9)),
        ((4,), 4, None),
        ((4,), None, None),
        ((9, 4), 5, (4, 9)),
        ((4, 5, 9), 4, (5, 9)),
        ((4, 5, 4), 9, (5, 9)),
        ((4, 4), 9, None),
    ],
)
def test_two_lines_are_compared(
    toggled: tuple[int, ...], cursor: int | None, pair: tuple[int, int] | None
) -> None:
    """The last two that were ticked, or the one and the cursor."""
    ticks = Ticks()
    for line in toggled:
        ticks.toggle(line)
    assert ticks.pair(cursor) == pair


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_space_ticks_and_unticks(app: WsdebugApp, size: tuple[int, int]) -> None:
    """A violation keeps its sign, and has the tick behind its number."""
    async with app.run_test(size=size) as pilot:
        await go(pilot, app, 4)
        view = view_of(app)
        await pilot.press("space")
        assert "line 4 ticked" in said(app)
        await pilot.press("end", "space")
        assert view.line == 9
        assert not view.is_following
        assert "lines 4 and 9 ticked" in said(app)
        shown = marks(view)
        assert (shown["4"], shown["5"], shown["9"]) == ("*   4  ", "    5  ", "!   9* ")
        await pilot.press("space")
        assert "line 4 ticked" in said(app)
        assert marks(view)["9"] == "!   9  "


async def test_a_third_tick_takes_the_place_of_the_first(app: WsdebugApp) -> None:
    """Two are compared."""
    async with app.run_test(size=(140, 45)) as pilot:
        for line in (4, 5, 6):
            await go(pilot, app, line)
            await pilot.press("space")
        ticked = [line for line, text in marks(view_of(app)).items() if "*" in text]
        assert ticked == ["5", "6"]


async def test_only_frames_are_ticked(app: WsdebugApp) -> None:
    """There is nothing in an event to compare."""
    async with app.run_test(size=(140, 45)) as pilot:
        await go(pilot, app, 3)
        await pilot.press("space")
        assert "only frames are ticked" in said(app)
        assert not any("*" in text for text in marks(view_of(app)).values())
        await pilot.press("equals_sign")
        assert isinstance(app.screen, MainScreen)
        assert "space ticks a frame" in said(app)


async def test_ticks_are_kept_while_filtered_and_when_read_anew(app: WsdebugApp) -> None:
    """A filter hides rows only; a note adds a line at the end."""
    async with app.run_test(size=(140, 45)) as pilot:
        await go(pilot, app, 4)
        await pilot.press("space")
        region = main_of(app).query_one(LogRegion)
        view = region.view
        region.use_filter("dir:in")
        await until(pilot, lambda: "4" not in marks(view))
        region.use_filter("")
        await until(pilot, lambda: marks(view).get("4") == "*   4  ")
        before = view.log_shown
        main_of(app).session.reload()
        await until(pilot, lambda: view.log_shown is not before)
        await until(pilot, lambda: marks(view).get("4") == "*   4  ")
        view.set_log(None, follow=False)
        assert 4 not in view.ticks


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_the_ticked_row_is_compared_with_that_under_the_cursor(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """In a dialog whose text can be copied."""
    copied: list[Copy] = []
    monkeypatch.setattr(MainScreen, "copy", lambda _, chosen: copied.append(chosen))
    async with app.run_test(size=size) as pilot:
        await go(pilot, app, 5)
        await pilot.press("space")
        await go(pilot, app, 4)
        await pilot.press("equals_sign")
        await until(pilot, lambda: isinstance(app.screen, CompareDialog))
        table = app.screen.query_one(CompareTable)
        await until(pilot, lambda: table.comparison is not None)
        await pilot.pause()
        shown = str(table.render())
        assert table.size.height == len(shown.split("\n"))
        await pilot.press("y")
        assert copied[0].text == COMPARED
        assert [row.rstrip() for row in shown.split("\n")] == COMPARED.splitlines()
        await pilot.press("equals_sign")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_a_chosen_key_copies_in_the_dialog_too(
    desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its hint names it."""
    copied: list[Copy] = []
    monkeypatch.setattr(MainScreen, "copy", lambda _, chosen: copied.append(chosen))
    chosen = Desk(desk.engine, config=Config(keymap={"copy": "f10"}))
    app = WsdebugApp(chosen, chosen.open_file(path), connect=False)
    try:
        async with app.run_test(size=(140, 45)) as pilot:
            await go(pilot, app, 5)
            await pilot.press("space")
            await go(pilot, app, 4)
            await pilot.press("equals_sign")
            await until(pilot, lambda: isinstance(app.screen, CompareDialog))
            table = app.screen.query_one(CompareTable)
            await until(pilot, lambda: table.comparison is not None)
            await pilot.press("y")
            assert not copied
            await pilot.press("f10")
            assert [copy.text for copy in copied] == [COMPARED]
            assert str(app.screen.query_one(HintRow).render()).startswith("F10 copy")
    finally:
        use_keymap({})


@pytest.mark.parametrize("key", ["space", "="])
def test_the_keys_of_ticks_are_not_to_be_taken(desk: Desk, key: str) -> None:
    """For something else that works in the log."""
    chosen = Desk(desk.engine, config=Config(keymap={"note": key}))
    with pytest.raises(UsageError, match="is the key of"):
        WsdebugApp(chosen, None, connect=False)


COMPARED = """\
  line     opcode      time        bytes
-    4  →  text      00.200           19
+    5   ← text      00.264           41
                64 ms later          +22

2 differences

$.px
- 101.5
+ 102.5

$['\\u001b[31m']
+ "\\u202e"
"""


def rows(path: Path, one: int, other: int, **options: Any) -> list[str]:
    """A comparison as text, without the table."""
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    messages = messages_at(log, one, other)
    assert messages is not None
    made = compare_rows(compare_messages(*messages), options.get("width", 108), UNICODE)
    log.close()
    shown = plain(made)
    return shown[shown.index("") + 1 :] if not options.get("whole") else shown


def test_bytes_stand_beside_each_other(path: Path) -> None:
    """From shortly before the first that differs."""
    assert rows(path, 6, 8) == [
        "they differ from byte 13 on",
        "",
        "-    9  09 0a 0b 0c 0d 0e 0f                              ·······",
        "+    9  09 0a 0b 0c fd 0e 0f 10 11 12                     ··········",
    ]
    assert rows(path, 6, 8, width=60)[3] == "+    9  09 0a 0b 0c fd 0e 0f 10   ········"
    assert "in 2 frames" in rows(path, 6, 8, whole=True)[2]


Write = Callable[..., Path]


@pytest.fixture
def frames(tmp_path: Path) -> Write:
    """A session of two frames."""

    def write(*lines: dict[str, Any]) -> Path:
        made = tmp_path / "two.ws.jsonl"
        made.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return made

    return write


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ({"recv": "a"}, {"recv": "a"}, ["the payloads are the same"]),
        ({"recv": "[1]"}, {"recv": "[ 1]"}, ["the same JSON, written differently"]),
        ({"recv": "[1]"}, {"recv": "[2]"}, ["one difference", "", "$[0]", "- 1", "+ 2"]),
        ({"recv": "ab"}, {"recv": "abc"}, ["the same up to byte 2, where only + goes on"]),
        ({"recv": "abc"}, {"recv": "ab"}, ["the same up to byte 2, where only - goes on"]),
        (
            {"recv": json.dumps([0] * 200)},
            {"recv": json.dumps([1] * 200)},
            ["the first 100 differences"],
        ),
        (
            {"rsv1": True, "recv": None, "wire": "AAA=", "bad": ["inflate-failed"]},
            {"recv": "x"},
            ["line 1 could not be inflated: its bytes on the wire"],
        ),
        (
            {"recv": "abc", "cut": 10},
            {"recv": "abd"},
            ["of line 1 only the first 3 bytes are known", "they differ from byte 2 on"],
        ),
    ],
)
def test_the_verdict_comes_first(
    frames: Write, one: dict[str, Any], other: dict[str, Any], words: list[str]
) -> None:
    """What is the same, and what is not known."""
    assert rows(frames(one, other), 1, 2)[: len(words)] == words


def test_no_row_is_wider_than_its_place_and_nothing_goes_to_the_terminal_raw(
    frames: Write,
) -> None:
    """Wide characters, escape sequences, values of any length; ASCII where that is asked for."""
    one = {"t": 0.5, "recv": json.dumps({"\x1b]0;x": "\u202e\x9b" * 50}, ensure_ascii=False)}
    other = {"t": 0.5001, "recv": json.dumps({"漢" * 90: "漢" * 900}, ensure_ascii=False)}
    log = FrameLog.open(str(frames(one, other)))
    messages = messages_at(log, 1, 2)
    assert messages is not None
    for width in (20, 40, 76, 108):
        for glyphs in (UNICODE, ASCII):
            made = compare_rows(compare_messages(*messages), width, glyphs)
            text = "".join(plain(made))
            assert all(width_of(row.parts) <= width for row in made)
            assert not set(text) & set("\x1b\x9b\u202e")
            assert glyphs is UNICODE or set(text) - {"漢"} <= set(map(chr, range(32, 127)))
    log.close()
