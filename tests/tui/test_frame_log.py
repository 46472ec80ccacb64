"""The frame log on the screen: following, the cursor, the mouse, and sessions of any length."""

import asyncio
import errno
import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from wsdebug.log.counting import Counting
from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.session.disk import Disk
from wsdebug.session.parse import parse_line
from wsdebug.session.reader import open_source
from wsdebug.session.writer import SessionWriter
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.themes import DARK, FALLBACKS, LIGHT

HEADER = {"wsdebug": 1, "url": "ws://a/", "started": "2026-08-03T12:00:00.000000Z"}
STEPS: list[dict[str, Any]] = [
    {"t": 0.0, "event": "connecting", "url": "ws://a/"},
    {"t": 0.001, "event": "dns", "addresses": ["10.0.0.1"]},
    {"t": 0.002, "event": "tcp", "local": "", "remote": "10.0.0.1:80"},
]
OPEN = {"t": 0.003, "event": "open", "subprotocol": None, "extensions": ""}


class Growing:
    """A session that is written while it is shown, as a recorder does it."""

    def __init__(self, path: Path) -> None:
        path.touch()
        self._path = path
        self._index = LineIndex()
        self.log = FrameLog(open_source(str(path)), self._index)
        self.write(HEADER)

    def write(self, *lines: dict[str, Any]) -> None:
        """Append lines to the file, then to the index."""
        data = b"".join(json.dumps(each, separators=(",", ":")).encode() + b"\n" for each in lines)
        with self._path.open("ab") as file:
            file.write(data)
        self._index.add(data)

    def frames(self, number: int) -> None:
        """Append text frames."""
        start = self._index.lines
        self.write(*({"t": n, "recv": f"message {n}"} for n in range(start, start + number)))


class Host(App[None]):
    """An app with a log, another place to focus, and a list of what the log said."""

    CSS = "FrameLogView { height: 1fr; } Input { height: 1; border: none; }"
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.glyphs = ASCII if ascii_only else UNICODE
        self.selected: list[int | None] = []
        self.inspected = 0

    def compose(self) -> ComposeResult:
        """The log over a field."""
        yield FrameLogView()
        yield Input()

    def on_mount(self) -> None:
        """The themes of the pictures."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """As the app has them."""
        return FALLBACKS

    def on_frame_log_view_selected(self, message: FrameLogView.Selected) -> None:
        """Remember."""
        self.selected.append(message.line)

    def on_frame_log_view_inspect(self) -> None:
        """Count."""
        self.inspected += 1


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Growing]:
    """A session with nothing but its header."""
    growing = Growing(tmp_path / "growing.ws.jsonl")
    yield growing
    growing.log.close()


async def shown(pilot: Pilot[None], log: FrameLog, *, follow: bool = True) -> FrameLogView:
    """The view, focused, with a log in it."""
    view = pilot.app.query_one(FrameLogView)
    view.focus()
    await pilot.pause()
    view.set_log(log, follow=follow)
    await pilot.pause()
    return view


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the app go on until something holds."""
    async with asyncio.timeout(10):
        while not holds():
            await pilot.pause(0.01)


def screen(view: FrameLogView) -> list[str]:
    """The rows as text."""
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def test_the_end_is_followed_until_a_cursor_key(session: Growing) -> None:
    """Then new rows only count; `End` goes there and follows again."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(30)
        view = await shown(pilot, session.log)
        assert screen(view)[-1].endswith("message 30")
        session.frames(5)
        view.tick()
        assert screen(view)[-1].endswith("message 35")
        assert view.is_following
        await pilot.press("k")
        session.frames(2)
        view.tick()
        assert (view.is_following, view.newer, view.line) == (False, 3, 35)
        assert screen(view)[-1].endswith("message 35")
        await pilot.press("end")
        assert (view.is_following, view.newer, view.line) == (True, 0, 38)
        assert screen(view)[-1].endswith("message 37")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["k"], 100),
        (["up", "up", "j"], 100),
        (["j"], 101),
        (["pageup"], 92),
        (["pageup", "pageup", "pagedown"], 92),
        (["g"], 2),
        (["home", "k"], 2),
        (["g", "pagedown", "down"], 12),
        (["g", "G"], 101),
    ],
)
async def test_keys_move_the_cursor(session: Growing, keys: list[str], line: int) -> None:
    """By a row, by a screen, to either end; it is always in sight."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(100)
        view = await shown(pilot, session.log)
        await pilot.press(*keys)
        assert view.line == line
        assert app.selected[-1] == line
        marked = [row for row in screen(view) if row.startswith("▌")]
        assert len(marked) == 1
        assert int(marked[0][2:6]) == line


async def test_the_cursor_row_is_tinted_by_focus(session: Growing) -> None:
    """Blue with the focus, grey without; reverse where there are too few colours."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(3)
        view = await shown(pilot, session.log)

        def look() -> tuple[Any, Any, bool]:
            strip = view.render_line(2)
            styles = [segment.style for segment in strip]
            assert len({style.bgcolor for style in styles if style}) == 1
            first = styles[0]
            assert first is not None
            return first.color, first.bgcolor, bool(first.reverse)

        focused = look()
        app.query_one(Input).focus()
        await pilot.pause()
        blurred = look()
        assert len({focused[0], blurred[0]}) == 2
        assert len({focused[1], blurred[1], view.rich_style.bgcolor}) == 3
        assert not focused[2]
        view.focus()
        app.theme = LIGHT.name
        await pilot.pause()
        assert look()[1] != focused[1]


async def test_without_colour_the_cursor_is_reverse(
    session: Growing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the signs are as plain as the terminal needs."""
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host(ascii_only=True)
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(3)
        view = await shown(pilot, session.log)
        row = view.render_line(2)
        assert all(segment.style and segment.style.reverse for segment in row)
        assert not any(segment.style and segment.style.reverse for segment in view.render_line(1))
        assert all(text.isascii() for text in screen(view))


async def test_any_theme_of_textual_works(session: Growing) -> None:
    """The cursor's row differs from the others in each of them."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(3)
        view = await shown(pilot, session.log)
        for name in app.available_themes:
            app.theme = name
            await pilot.pause()
            grounds = [
                {
                    (segment.style.bgcolor, segment.style.reverse)
                    for segment in view.render_line(y)
                    if segment.style
                }
                for y in (1, 2)
            ]
            assert grounds[0] != grounds[1], name


async def test_violations_have_a_red_ground(session: Growing) -> None:
    """The cursor's ground wins; `b` and `B` go from one to the next."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(2)
        session.write({"t": 3, "bad": ["reserved-bit"], "recv": "bad"})
        session.frames(2)
        session.write({"t": 6, "bad": ["too-big"], "recv": "worse"})
        view = await shown(pilot, session.log, follow=False)

        def ground(y: int) -> Any:
            style = list(view.render_line(y))[-1].style
            assert style is not None
            return style.bgcolor

        plain, wrong = ground(1), ground(2)
        assert plain != wrong == ground(5)
        await pilot.press("b")
        assert view.line == 4
        assert ground(2) not in (plain, wrong)
        assert screen(view)[2].startswith("▌!   4 ")
        await pilot.press("b", "b")
        assert view.line == 7
        await pilot.press("B")
        assert view.line == 4


async def test_a_handshake_collapses_under_the_cursor(session: Growing) -> None:
    """Its steps are rows until it has succeeded; then the cursor is on the outcome."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.write(*STEPS)
        view = await shown(pilot, session.log)
        assert [row[21:25].strip() for row in screen(view)[:4]] == ["conn", "DNS", "TCP", ""]
        await pilot.press("k")
        assert app.selected[-1] == 3
        session.write(OPEN)
        view.tick()
        await pilot.pause()
        assert (view.line, app.selected[-1]) == (5, 5)
        assert screen(view)[0].startswith("▌    5")
        assert screen(view)[1] == ""


async def test_as_many_new_rows_as_steps_went_are_noticed(session: Growing) -> None:
    """The number of rows is the same, the rows are not."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.write(*STEPS)
        view = await shown(pilot, session.log)
        session.write(OPEN)
        session.frames(2)
        assert len(session.log) == len(STEPS)
        view.tick()
        assert view.line == 7
        assert [row[21:25] for row in screen(view)[:3]] == ["open", "text", "text"]


async def test_while_following_selections_come_in_peace(session: Growing) -> None:
    """Ticks within the pause are one announcement after it, and that is the newest line."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        view = await shown(pilot, session.log)
        app.selected.clear()
        for _ in range(20):
            session.frames(1)
            view.tick()
        await pilot.pause(0)
        assert len(app.selected) <= 2
        await until(pilot, lambda: app.selected[-1:] == [21])
        assert len(app.selected) <= 3


async def test_rows_out_of_sight_cost_no_repaint(
    session: Growing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds sees the same rows, however fast others come."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(5)
        view = await shown(pilot, session.log, follow=False)
        repaints = 0

        def counting(*_: Any, **__: Any) -> FrameLogView:
            nonlocal repaints
            repaints += 1
            return view

        monkeypatch.setattr(view, "refresh", counting)
        for frames, expected in ((1, 1), (0, 1), (5, 2), (5, 2), (100, 2), (9_990, 3)):
            session.frames(frames)
            view.tick()
            assert repaints == expected
        assert view.newer == 10_105


async def test_a_cursor_key_is_answered_at_once(session: Growing) -> None:
    """Also in the pause after what was followed."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(9)
        await shown(pilot, session.log)
        await pilot.press("k", "k")
        assert app.selected[-1] == 8


async def test_the_wheel_holds_and_keeps_the_cursor_in_sight(session: Growing) -> None:
    """It scrolls by three; the cursor goes along only at the edge."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(100)
        view = await shown(pilot, session.log)
        await pilot._post_mouse_events([_wheel("up")], widget=view)
        assert (view.is_following, view.scroll_offset.y, view.line) == (False, 87, 98)
        await pilot._post_mouse_events([_wheel("down")], widget=view)
        assert (view.is_following, view.scroll_offset.y, view.line) == (False, 90, 98)
        await pilot._post_mouse_events([_wheel("down")], widget=view)
        assert view.scroll_offset.y == 90


async def test_the_wheel_over_a_short_log_does_nothing(session: Growing) -> None:
    """What fits the screen goes on being followed."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(3)
        view = await shown(pilot, session.log)
        await pilot._post_mouse_events([_wheel("up")], widget=view)
        assert view.is_following


def _wheel(way: str) -> Any:
    from textual.events import MouseScrollDown, MouseScrollUp

    return MouseScrollUp if way == "up" else MouseScrollDown


async def test_a_click_selects_and_a_second_inspects(session: Growing) -> None:
    """Below the last row there is nothing to click."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(5)
        view = await shown(pilot, session.log)
        await pilot.click(FrameLogView, offset=(30, 2))
        assert (view.line, view.is_following, app.inspected) == (4, False, 0)
        await pilot.click(FrameLogView, offset=(30, 8))
        assert view.line == 4
        await pilot.double_click(FrameLogView, offset=(30, 3))
        assert (view.line, app.inspected) == (5, 1)


async def test_t_cycles_three_times(session: Growing) -> None:
    """Since the start, since the row before, of the clock; the row stays where it is."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(3)
        view = await shown(pilot, session.log)
        titles = []
        times = []
        for _ in range(4):
            titles.append(view.layout_of_rows.titles.split()[1])
            times.append(screen(view)[2][7:20].split()[0])
            await pilot.press("t")
        assert titles == ["time", "delta", "wall", "time"]
        assert times[:2] == ["03.000", "+01.000"]
        assert times[2].endswith(":03.000")
        assert len(times[2]) == 12


async def test_without_a_start_there_is_no_clock(tmp_path: Path) -> None:
    """A hand-written session has none."""
    path = tmp_path / "hand.ws.jsonl"
    path.write_text('{"url":"ws://a/"}\n{"t":1,"send":"hello"}\n')
    log = FrameLog.open(str(path))
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        view = await shown(pilot, log, follow=False)
        modes = []
        for _ in range(3):
            modes.append(view.time)
            await pilot.press("t")
        assert modes == ["start", "previous", "start"]
    log.close()


async def test_line_numbers_take_what_they_need(session: Growing) -> None:
    """The column widens with the log, and never shrinks."""
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(9_997)
        view = await shown(pilot, session.log)
        await pilot.press("home")
        assert screen(view)[0].startswith("▌    2 ")
        session.frames(3)
        view.tick()
        assert screen(view)[0].startswith("▌     2 ")
        assert view.layout_of_rows.titles.startswith("   line ")


async def test_a_long_session_scrolls_as_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 200,000 rows only those in sight, and the few before them, are parsed."""
    path = tmp_path / "long.ws.jsonl"
    line = '{"t":1.000000,"recv":"{\\"type\\":\\"trade\\",\\"px\\":101.27}"}\n'
    path.write_text(json.dumps(HEADER, separators=(",", ":")) + "\n" + line * 200_000)
    log = FrameLog.open(str(path))
    assert log.complete.wait(30)
    parsed = 0

    def counting(*arguments: Any, **options: Any) -> Any:
        nonlocal parsed
        parsed += 1
        return parse_line(*arguments, **options)

    monkeypatch.setattr("wsdebug.log.log.parse_line", counting)
    app = Host()
    async with app.run_test(size=(140, 45)) as pilot:
        view = await shown(pilot, log)
        for keys, most in (
            (["home"], 150),
            (["end"], 150),
            (["pageup"], 150),
            (["j"], 0),
            (["pageup"] * 10, 1500),
            (["t"], 0),
        ):
            parsed = 0
            await pilot.press(*keys)
            rows = screen(view)
            assert all('{"type":"trade","px":101.27}' in row for row in rows[1:])
            assert parsed <= most
        assert view._window is not None
        assert view._window.kept < 1000
    log.close()


async def test_rows_are_marked_until_they_are_recorded() -> None:
    """While the disk is full, and no longer than that."""
    room = [1 << 20]

    def write(fd: int, data: memoryview) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "")
        return os.write(fd, data)

    writer = SessionWriter(None, index := LineIndex(), disk=Disk(write=write, interval=3600))
    log = FrameLog(writer, index)
    app = Host()
    async with app.run_test(size=(90, 6)) as pilot:
        writer.write(b'{"t":1.0,"recv":"a"}\n', frames=1)
        view = await shown(pilot, log)
        room[0] = 0
        writer.write(b'{"t":2.0,"recv":"b"}\n', frames=1)
        view.tick()
        assert [row[1:6] for row in screen(view)[:2]] == ["    1", "◌   2"]
        room[0] = 1
        writer.tend()
        view.tick()
        assert [row[1:6] for row in screen(view)[:2]] == ["    1", "    2"]
    log.close()


async def test_another_log_takes_the_place(session: Growing, tmp_path: Path) -> None:
    """From its beginning, or from its end; none at all is an empty screen."""
    other = Growing(tmp_path / "other.ws.jsonl")
    other.frames(50)
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        session.frames(20)
        view = await shown(pilot, session.log)
        view.set_log(other.log, follow=False)
        await pilot.pause()
        assert (view.line, app.selected[-1]) == (2, 2)
        assert screen(view)[0].endswith("message 1")
        view.set_log(None, follow=True)
        await pilot.pause()
        assert app.selected[-1] is None
        assert not "".join(screen(view))
    other.log.close()


@pytest.mark.parametrize("width", [80, 83, 84, 140])
async def test_every_strip_is_as_wide_as_the_log(session: Growing, width: int) -> None:
    """Wide characters, marks, emoji, right-to-left text and controls break no column."""
    texts = ["日本語" * 60, "é" * 200, "👍🏽🇩🇪❤️" * 40, "שלום " * 50, "\u202e\x1b[2J" * 30]
    texts += ["a" * n + "日本" for n in range(20, 110, 7)]
    session.write(*({"t": n, "recv": text} for n, text in enumerate(texts)))
    app = Host()
    async with app.run_test(size=(width, 45)) as pilot:
        view = await shown(pilot, session.log)
        for y in range(view.size.height):
            strip = view.render_line(y)
            assert strip.cell_length == width
            assert sum(segment.cell_length for segment in strip) == width
        assert not any("\x1b" in row or "\u202e" in row for row in screen(view))


async def test_a_resize_keeps_the_cursor_in_sight(session: Growing) -> None:
    """Whether the log follows or not."""
    app = Host()
    async with app.run_test(size=(90, 21)) as pilot:
        session.frames(100)
        view = await shown(pilot, session.log)
        await pilot.resize_terminal(90, 11)
        await pilot.pause()
        assert screen(view)[-1].startswith("▌  101")
        await pilot.press("k", "k")
        await pilot.resize_terminal(100, 6)
        await pilot.pause()
        assert any(row.startswith("▌   99") for row in screen(view))


async def test_the_end_of_a_file_is_there_before_its_lines_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last rows, without line numbers until these are known."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f'{{"t":1.0,"recv":"message {n}"}}\n' for n in range(1, 100_001)))
    may_count = threading.Event()
    counts = Counting._count

    def late(counting: Counting) -> None:
        may_count.wait(30)
        counts(counting)

    monkeypatch.setattr(Counting, "_count", late)
    log = FrameLog.open(str(path))
    app = Host()
    async with app.run_test(size=(90, 11)) as pilot:
        view = await shown(pilot, log, follow=False)
        last = view.size.height - 1
        assert "1 " in screen(view)[0]
        await pilot.press("G")
        await pilot.pause()
        assert "message 100000" in screen(view)[last]
        assert "message 99999" in screen(view)[last - 1]
        assert screen(view)[last].split()[0] == "01.000"
        may_count.set()
        assert log.complete.wait(30)
        view.tick()
        await pilot.pause()
        assert screen(view)[last].split()[1:3] == ["100000", "01.000"]
    log.close()
