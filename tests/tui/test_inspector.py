"""The inspector on the screen: keys, mouse, focus, sizes, and big payloads."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from wsdebug.log.log import FrameLog
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspect_make import FRAME, HANDSHAKE, MESSAGE, PAYLOAD
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.themes import DARK

ORDER = {"type": "replace", "orders": [{"id": "c7-0041", "px": 101.0}], "seq": 41}
HEADER = {
    "wsdebug": 1,
    "url": "ws://127.0.0.1:9911/",
    "started": "2026-08-03T12:00:00.000000Z",
    "connect": {"lenient": True},
}


def b64(data: bytes) -> dict[str, str]:
    """A payload object."""
    return {"b64": base64.b64encode(data).decode()}


LINES: list[dict[str, Any]] = [
    HEADER,
    {"t": 0.0, "event": "connecting", "url": "ws://127.0.0.1:9911/"},
    {"t": 0.001, "event": "tcp", "local": "", "remote": "127.0.0.1:9911"},
    {"t": 0.001, "event": "request", "line": "GET / HTTP/1.1", "headers": [["Host", "a"]]},
    {"t": 0.003, "event": "response", "status": 101, "reason": "Switching Protocols"},
    {"t": 0.003, "event": "open", "subprotocol": None, "extensions": ""},
    {"t": 0.5, "mask": "a1b2c3d4", "send": json.dumps(ORDER)},
    {"t": 9.871, "op": "text", "bad": ["invalid-utf8"], "recv": b64(b'{"name":"J\xffrgen"}')},
    {"t": 10.0, "fin": False, "recv": '{"a":'},
    {"t": 10.1, "op": "ping", "recv": "hi"},
    {"t": 10.2, "op": "cont", "recv": "[1,2]}"},
    {"t": 11.0, "op": "binary", "recv": b64(b"\x89PNG\r\n\x1a\n" + bytes(40))},
    {"t": 12.0, "op": "close", "recv": {"code": 1000, "reason": "bye"}},
    {"t": 12.1, "event": "closed", "by": "server", "code": 1000, "reason": "bye", "clean": True},
    {"t": 12.2, "note": "deployed here"},
]
OPEN, ORDER_LINE, BROKEN, FIRST, LAST, PNG, CLOSED = 6, 7, 8, 9, 11, 12, 14


class Host(App[None]):
    """An app with an inspector, another place to focus, and a list of what was asked for."""

    CSS = "Inspector { height: 1fr; } Input { height: 1; border: none; }"
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self, log: FrameLog, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.glyphs = ASCII if ascii_only else UNICODE
        self.log_shown = log
        self.asked: list[Message] = []

    def compose(self) -> ComposeResult:
        """The inspector over a field."""
        with Vertical():
            yield Inspector()
            yield Input()

    def on_mount(self) -> None:
        """The theme of the pictures."""
        self.register_theme(DARK)
        self.theme = DARK.name

    def on_inspector_whole_screen(self, message: Inspector.WholeScreen) -> None:
        """Remember."""
        self.asked.append(message)

    def on_inspector_back(self, message: Inspector.Back) -> None:
        """Remember."""
        self.asked.append(message)

    def on_dragged_edge_resize(self, message: Inspector.Resize) -> None:
        """Remember."""
        self.asked.append(message)

    def on_inspector_next_violation(self, message: Inspector.NextViolation) -> None:
        """Remember."""
        self.asked.append(message)


def write(path: Path, lines: list[dict[str, Any]]) -> FrameLog:
    """A session file, opened and counted."""
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    return log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FrameLog]:
    """A session with one line of each kind."""
    log = write(tmp_path / "inspect.ws.jsonl", LINES)
    yield log
    log.close()


def screen(app: Host) -> list[str]:
    """The inspector's rows as text."""
    inspector = app.query_one(Inspector)
    return [inspector.render_line(y).text.rstrip() for y in range(inspector.size.height)]


async def show(pilot: Pilot[None], line: int, *, focus: bool = True) -> Inspector:
    """Let the inspector look at a line, and wait until it does."""
    app = pilot.app
    assert isinstance(app, Host)
    inspector = app.query_one(Inspector)
    if focus:
        inspector.focus()
    inspector.show(app.log_shown, line)
    await app.workers.wait_for_complete()
    await pilot.pause()
    return inspector


async def test_a_frame_has_heading_tabs_and_payload(log: FrameLog) -> None:
    """At 52 by 40 the rows stand where the picture has them."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        await show(pilot, ORDER_LINE)
        rows = screen(app)
        assert rows[:9] == [
            "",
            "▌7  → text                                  00.500",
            "",
            " 1 Payload   2 Frame   3 Message   4 Handshake",
            " ━━━━━━━━━─────────────────────────────────────────",
            "",
            " JSON  74 bytes                             v view",
            "",
            "   1 ▾ {",
        ]
        assert rows[-2:] == [" $" + "f filter   y copy   space fold".rjust(48), ""]


async def test_a_small_screen_has_no_blank_rows(log: FrameLog) -> None:
    """Below the log the heading names the keys to leave it."""
    app = Host(log)
    async with app.run_test(size=(80, 14)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        inspector.narrow = True
        await pilot.pause()
        rows = screen(app)
        left, right = "▌7  → text   00.500", "z whole screen   esc back"
        assert rows[0] == left + right.rjust(78 - len(left))
        assert rows[1:4] == [
            " 1 Payload   2 Frame   3 Message   4 Handshake",
            f" ━━━━━━━━━{'─' * 69}",
            " JSON  74 bytes                                                         v view",
        ]
        assert rows[-1].endswith("space fold")


async def test_the_heading_is_blue_with_the_focus_only(log: FrameLog) -> None:
    """Exactly one heading has the bar: that of the focused place."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        await show(pilot, BROKEN + 1)
        assert screen(app)[1].startswith("▌")
        app.query_one(Input).focus()
        await pilot.pause()
        assert screen(app)[1].startswith(" 9  ← text")


async def test_digits_change_the_tab(log: FrameLog) -> None:
    """1 to 4, and the choice stays for the next row."""
    app = Host(log)
    async with app.run_test(size=(60, 41)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        for key, tab, words in (
            ("2", FRAME, "opcode  1    text"),
            ("3", MESSAGE, '"type": "replace"'),
            ("4", HANDSHAKE, "101 Switching Protocols"),
            ("1", PAYLOAD, '"type": "replace"'),
        ):
            await pilot.press(key)
            assert inspector.tab == tab
            assert words in inspector.text
        await pilot.press("2")
        await show(pilot, PNG)
        assert inspector.tab == FRAME
        assert "opcode  2    binary" in inspector.text


async def test_events_have_their_own_tab(log: FrameLog) -> None:
    """The outcome of a handshake shows it, another event its facts; frames then the tab chosen."""
    app = Host(log)
    async with app.run_test(size=(60, 41)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        await pilot.press("2")
        await show(pilot, OPEN)
        assert inspector.tab == HANDSHAKE
        assert "▌6  open" in screen(app)[1]
        await show(pilot, CLOSED)
        assert inspector.tab == PAYLOAD
        assert " by            server" in inspector.text
        await show(pilot, CLOSED + 1)
        assert inspector.text == " deployed here"
        await show(pilot, ORDER_LINE)
        assert inspector.tab == FRAME
        await show(pilot, OPEN)
        await pilot.press("2")
        assert inspector.text == " this row is not a frame: it has no bits"


async def test_v_cycles_the_views_and_is_remembered(log: FrameLog) -> None:
    """The choice holds for the next payload of the same kind, not for another."""
    app = Host(log)
    async with app.run_test(size=(60, 41)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        titles = []
        for _ in range(4):
            titles.append(inspector.text.split()[0])
            await pilot.press("v")
        assert titles == ["JSON", "text", "hex", "JSON"]
        await show(pilot, PNG)
        assert inspector.text.split()[0] == "hex"
        await show(pilot, ORDER_LINE)
        assert inspector.text.split()[0] == "text"


async def test_the_cursor_walks_and_folds(log: FrameLog) -> None:
    """j and k move, space folds what is there, the last row says where it is."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        await pilot.press("j", "down", "down", "down", "down", "k")
        assert screen(app)[-2].startswith(" $.orders[0].id")
        await pilot.press("space")
        assert "   4 ▸     { … 2 keys }" in inspector.text
        assert screen(app)[-2].startswith(" $.orders[0] ")
        await pilot.press("enter")
        assert '"id": "c7-0041"' in inspector.text
        await pilot.press("G")
        assert screen(app)[-2].startswith(" $ ")
        await pilot.press("g", "j")
        assert screen(app)[-2].startswith(" $.type")


async def test_the_cursor_stays_in_sight(tmp_path: Path) -> None:
    """A long payload scrolls under its fixed rows."""
    number = 300
    log = write(tmp_path / "long.ws.jsonl", [HEADER, {"t": 1, "recv": json.dumps(
        {f"key {at}": at for at in range(number)})}])  # fmt: skip
    app = Host(log)
    async with app.run_test(size=(80, 24)) as pilot:
        await show(pilot, 2)
        for keys, expected in (
            (["pagedown"], "$['key 16']"),
            (["end"], "$"),
            (["k"], "$['key 299']"),
            (["pageup", "pageup"], "$['key 265']"),
            (["home", "j"], "$['key 0']"),
        ):
            await pilot.press(*keys)
            rows = screen(app)
            assert rows[-1].startswith(f" {expected} ")
            name = expected.removeprefix("$['").removesuffix("']")
            assert any(f'"{name}":' in row or name == "$" for row in rows[4:-1])
            assert rows[3].startswith(" JSON  ")
    log.close()


async def test_the_violation_stands_above_the_payload(log: FrameLog) -> None:
    """What, why, which rule, and what happened; b asks for the next one."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, BROKEN)
        rows = screen(app)
        assert rows[1].startswith("▌8  ← text")
        assert rows[6:13] == [
            "  ! invalid UTF-8 at byte 10",
            "    FF never starts or continues a character.",
            "    A text message must be UTF-8: RFC 6455 §8.1",
            "    Lenient: noted, and the connection went on.",
            "",
            " hex   17 bytes                             v view",
            "",
        ]
        assert rows[-2] == " byte 10 of 17           y copy   b next violation"
        await pilot.press("b", "B")
        assert [m.backward for m in app.asked if isinstance(m, Inspector.NextViolation)] == [
            False,
            True,
        ]
        assert inspector.has_focus


async def test_z_and_escape_ask_the_screen(log: FrameLog) -> None:
    """Beside the log, below it, and alone; the heading names the keys but where it is beside."""
    app = Host(log)
    async with app.run_test(size=(80, 24)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        assert "whole screen" not in screen(app)[0]
        inspector.narrow = True
        await pilot.pause()
        assert "z whole screen" in screen(app)[0]
        await pilot.press("z", "escape")
        assert [type(message) for message in app.asked] == [Inspector.WholeScreen, Inspector.Back]
        inspector.whole, inspector.narrow = True, False
        await pilot.pause()
        assert "z smaller" in screen(app)[0]
        await pilot.press("z")
        assert len(app.asked) == 3


async def test_the_message_is_joined_under_its_frames(log: FrameLog) -> None:
    """Fragments are listed without the ping between them, then shown as one payload."""
    app = Host(log)
    async with app.run_test(size=(60, 41)) as pilot:
        inspector = await show(pilot, LAST)
        await pilot.press("3")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert inspector.text.split("\n")[:6] == [
            " JSON  11 bytes in 2 frames                         v view",
            "",
            " line  opcode        time     bytes",
            "    9  ┌ text      10.000         5",
            "   11  └ cont      10.200         6",
            "",
        ]
        assert '   2     "a": [1, 2]' in inspector.text


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (15, 3, "opcode  1    text"),
        (40, 4, "101 Switching Protocols"),
        (45, 6, "   1   {"),
        (5, 8, "   1 ▸ { … 3 keys }"),
        (42, 38, "   1 ▸ { … 3 keys }"),
    ],
    ids=["tab", "its underline", "view", "fold mark", "fold hint"],
)
async def test_the_mouse_does_what_the_keys_do(log: FrameLog, x: int, y: int, words: str) -> None:
    """Tabs, hints and fold marks are buttons."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        await pilot.click(Inspector, offset=(x, y))
        await pilot.pause()
        assert words in inspector.text


async def test_a_click_moves_the_cursor(log: FrameLog) -> None:
    """A row that is clicked is where the cursor is."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        await show(pilot, ORDER_LINE)
        await pilot.click(Inspector, offset=(20, 9))
        assert screen(app)[-2].startswith(" $.type")


async def test_ascii_and_no_colour(log: FrameLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell is ASCII, and a line stands at the left."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host(log, ascii_only=True)
    async with app.run_test(size=(52, 41)) as pilot:
        await show(pilot, ORDER_LINE)
        rows = screen(app)
        assert all(row.isascii() and row.startswith("|") for row in rows)
        assert rows[4] == f"|{'=' * 9}{'-' * 41}"


@pytest.mark.parametrize("size", [(80, 24), (52, 16), (84, 60), (200, 60)])
@pytest.mark.parametrize("tab", ["1", "2", "3", "4"])
async def test_every_row_fills_its_width(log: FrameLog, size: tuple[int, int], tab: str) -> None:
    """At every size each strip is as wide as the widget."""
    app = Host(log)
    async with app.run_test(size=size) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        await pilot.press(tab)
        for number in range(1, len(LINES) + 1):
            await show(pilot, number)
            for y in range(inspector.size.height):
                assert inspector.render_line(y).cell_length == inspector.size.width


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ({"recv": "[" + ",".join(map(str, range(60_000))) + "]"}, "JSON  348,891 bytes"),
        ({"recv": "x" * 3_000_000}, "text  3,000,000 bytes, the first MiB shown"),
        ({"op": "binary", "recv": b64(b"\x00\xff" * 1_500_000)}, "hex   3,000,000 bytes"),
    ],
    ids=["json", "text", "binary"],
)
async def test_big_payloads_are_laid_out_in_a_thread(
    tmp_path: Path, payload: dict[str, Any], words: str
) -> None:
    """At once it only says that it reads; then the beginning stands there."""
    log = write(tmp_path / "big.ws.jsonl", [HEADER, {"t": 1, **payload}])
    app = Host(log)
    async with app.run_test(size=(80, 24)) as pilot:
        inspector = app.query_one(Inspector)
        inspector.show(log, 2)
        assert inspector.text == " reading it"
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert screen(app)[3].startswith(f" {words}")
        inspector.focus()
        await pilot.press("end")
        assert screen(app)[-1].strip()
    log.close()


async def test_a_late_answer_does_not_replace_a_newer_row(tmp_path: Path) -> None:
    """Who moves on does not see what was being read."""
    log = write(
        tmp_path / "late.ws.jsonl",
        [HEADER, {"t": 1, "recv": "x" * 500_000}, {"t": 2, "recv": "hi"}],
    )
    app = Host(log)
    async with app.run_test(size=(80, 24)) as pilot:
        inspector = app.query_one(Inspector)
        inspector.show(log, 2)
        inspector.show(log, 3)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert inspector.text.startswith(" text  2 bytes")
    log.close()


async def test_nothing_selected_is_said(log: FrameLog) -> None:
    """An empty log has no row to look at."""
    app = Host(log)
    async with app.run_test(size=(80, 24)) as pilot:
        inspector = app.query_one(Inspector)
        inspector.show(None, None)
        await pilot.pause()
        assert inspector.text == " select a row to see what is in it"
        assert screen(app)[0] == " nothing selected"


async def test_a_resize_keeps_the_row(log: FrameLog) -> None:
    """Another width is another layout of the same."""
    app = Host(log)
    async with app.run_test(size=(52, 41)) as pilot:
        inspector = await show(pilot, PNG)
        assert " 0008  00" in inspector.text
        await pilot.resize_terminal(90, 41)
        await pilot.pause()
        assert " 0010  00" in inspector.text
        assert " 0008  00" not in inspector.text


@pytest.mark.parametrize(("narrow", "widths"), [(False, [60, 45]), (True, [])])
async def test_the_left_edge_can_be_dragged(log: FrameLog, narrow: bool, widths: list[int]) -> None:
    """Beside the log it says how wide it would be; below the log there is no such edge."""
    app = Host(log)
    async with app.run_test(size=(70, 41)) as pilot:
        inspector = await show(pilot, ORDER_LINE)
        inspector.narrow = narrow
        await pilot.hover(Inspector, offset=(5, 20))
        await pilot.mouse_down(Inspector, offset=(0, 20))
        await pilot.hover(Inspector, offset=(10, 20))
        await pilot.hover(Inspector, offset=(25, 21))
        await pilot.mouse_up(Inspector, offset=(25, 21))
        await pilot.hover(Inspector, offset=(30, 21))
        assert [each.width for each in app.asked if isinstance(each, Inspector.Resize)] == widths


async def test_the_end_of_a_drag_is_no_click(log: FrameLog) -> None:
    """Wherever the mouse is let go; a press on the edge alone is none either."""
    app = Host(log)

    async def mouse(kind: type[events.MouseEvent], x: int) -> None:
        # as the driver does: the pilot's own makes clicks by itself
        app.post_message(kind(None, x, 12, 0, 0, 1, False, False, False))
        await pilot.pause()

    async with app.run_test(size=(70, 41)) as pilot:
        await show(pilot, ORDER_LINE)
        for x, is_click in ((25, True), (0, False)):
            for end in (25, 0):
                await pilot.press("g")
                await mouse(events.MouseDown, x)
                await mouse(events.MouseMove, end)
                await mouse(events.MouseUp, end)
                assert ("$.orders" in screen(app)[-2]) is is_click


async def test_a_press_inside_drags_nothing(log: FrameLog) -> None:
    """Only the first column is the edge."""
    app = Host(log)
    async with app.run_test(size=(70, 41)) as pilot:
        await show(pilot, ORDER_LINE)
        await pilot.mouse_down(Inspector, offset=(1, 20))
        await pilot.hover(Inspector, offset=(25, 20))
        await pilot.mouse_up(Inspector, offset=(25, 20))
        assert app.asked == []


async def test_without_colour_hues_are_not_dimmed(
    log: FrameLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is red or blue elsewhere is as strong as the text, and the cursor is reverse."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host(log, ascii_only=True)
    async with app.run_test(size=(70, 41)) as pilot:
        inspector = await show(pilot, BROKEN)
        assert all(row.startswith("|") for row in screen(app))
        plain = inspector.rich_style.color
        violation = [
            segment.style.color
            for segment in inspector.render_line(6)
            if segment.style and "invalid" in segment.text
        ]
        assert violation == [plain]
        await show(pilot, ORDER_LINE)
        assert any(
            segment.style and segment.style.reverse
            for y in range(inspector.size.height)
            for segment in inspector.render_line(y)
        )
