"""The main screen on a real server: connect, send, see, inspect, leave."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from textual.events import Paste
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, OptionList
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request

from tests.tui.conftest import main_of, until, until_state
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions, RecordOptions
from wsdebug.log.log import FrameLog
from wsdebug.tui.advice import Advice
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import RESTLESS, MainScreen
from wsdebug.tui.message_dialog import MessageDialog
from wsdebug.tui.palette import Palette
from wsdebug.tui.question import Question
from wsdebug.tui.save_dialog import SaveDialog
from wsdebug.tui.settings import SettingsScreen

SESSIONS = Path(__file__).parents[2] / "sessions"


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 45), (200, 60)])
async def test_a_message_goes_out_and_comes_back(app: WsdebugApp, size: tuple[int, int]) -> None:
    """Typing `hello` and ctrl+j shows one frame out, one frame in, at every size."""
    async with app.run_test(size=size) as pilot:
        await until_state(pilot, app, "open")
        session = main_of(app).session
        await pilot.press(*"hello", "ctrl+j")
        await until(pilot, lambda: session.counters.frames_in == 1)
        view = app.screen.query_one(LogRegion).view
        log = session.log
        assert log is not None
        await until(pilot, lambda: view.cursor == len(log) - 1 == 2)
        rows = log.rows(0, 3)
        assert [(row.sent, row.preview) for row in rows[1:]] == [
            (True, b"hello"),
            (False, b"hello"),
        ]
        strips = "\n".join(view.render_line(y).text for y in range(3))
        assert "open" in strips
        assert strips.count("hello") == 2


async def test_a_small_terminal_is_told_so(app: WsdebugApp) -> None:
    """One sentence, and everything is back with the room for it."""
    async with app.run_test(size=(79, 30)) as pilot:
        await until_state(pilot, app, "open")
        assert "needs&#160;80&#160;columns&#160;and&#160;24&#160;rows" in app.export_screenshot()
        assert not app.screen.query_one(LogRegion).display
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: app.screen.query_one(LogRegion).display)
        assert not app.screen.query_one("#too-small").display


async def test_a_screen_at_rest_is_left_alone_but_for_its_clock(
    app: WsdebugApp, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a second, where four times are enough for what moves; a new line is seen at once."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        main, ticks = main_of(app), 0
        session = main.session
        await until(pilot, lambda: main.query_one(LogRegion).view.cursor == 0)

        def counting() -> None:
            nonlocal ticks
            ticks += 1

        monkeypatch.setattr(main, "_tick", counting)
        app._beat.stop()  # the test looks itself
        monkeypatch.setattr(WsdebugApp, "quiet", RESTLESS * 2)

        def ticks_in(quarters: int, *, at_rest: bool) -> int:
            nonlocal ticks
            ticks = 0
            for quarter in range(quarters):
                now = session.status.since_ns + quarter * 250_000_000
                monkeypatch.setattr(desk, "clock", lambda now=now: now)
                main.look(at_rest=at_rest)
            return ticks

        ticks_in(4, at_rest=False)
        assert ticks_in(8, at_rest=False) == 8
        assert ticks_in(8, at_rest=True) == 2
        assert not main.look(at_rest=True)
        assert session.log is not None
        lines = session.log.index.lines
        assert main.send_request(SendRequest(kind="text", payload="hello"))
        await until(pilot, lambda: session.log is not None and session.log.index.lines > lines)
        ticks = 0
        assert main.look(at_rest=True)
        assert ticks == 1


async def test_the_cursor_is_shown_in_the_inspector(app: WsdebugApp) -> None:
    """Following stops when the person moves; the inspector shows the row."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"hello", "ctrl+j")
        view = app.screen.query_one(LogRegion).view
        await until(pilot, lambda: view.cursor == 2)  # the answer, after the handshake and `hello`
        await pilot.press("escape", "k")
        assert not view.is_following
        await until(pilot, lambda: "hello" in app.screen.query_one(Inspector).text)
        await pilot.press("G")
        assert view.is_following


@pytest.mark.parametrize("key", ["G", "k"])
async def test_the_inspector_leaves_a_step_that_has_gone(desk: Desk, key: str) -> None:
    """Once a handshake is one row, the inspector shows that row, followed or not."""
    goes_on = asyncio.Event()

    async def hold(connection: ServerConnection, request: Request) -> None:
        await goes_on.wait()

    async def stay(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with serve(stay, "127.0.0.1", 0, process_request=hold) as server:
        port = server.sockets[0].getsockname()[1]
        session = desk.new_session(ConnectOptions(url=f"ws://127.0.0.1:{port}/"))
        app = WsdebugApp(desk, session)
        async with app.run_test(size=(140, 45)) as pilot:
            view = main_of(app).query_one(LogRegion).view
            inspector = main_of(app).query_one(Inspector)
            await until(pilot, lambda: session.log is not None and len(session.log) == 4)
            await until(pilot, lambda: view.line == 5)
            await pilot.press(key)
            goes_on.set()
            await until(pilot, lambda: view.line == 7)
            await until(pilot, lambda: inspector.render_line(1).text.split()[:2] == ["7", "open"])
            await until(pilot, lambda: "✓ 101 Switching Protocols" in inspector.text)
        session.finish()


@pytest.mark.parametrize("key", ["ctrl+s", "f2", "ctrl+p", "f1", "ctrl+q", "ctrl+o", "Y", "m"])
async def test_the_server_closes_behind_a_dialog(desk: Desk, key: str) -> None:
    """The dialog stays as it is, and what happened is seen behind it and after it."""
    goes = asyncio.Event()

    async def close_later(connection: ServerConnection) -> None:
        await connection.send("hello")
        await goes.wait()
        await connection.close(1001, "restarting")

    async with serve(close_later, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        session = desk.new_session(ConnectOptions(url=f"ws://127.0.0.1:{port}/"))
        app = WsdebugApp(desk, session)
        async with app.run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: session.counters.frames_in == 1)
            await until(pilot, lambda: main_of(app).query_one(LogRegion).view.line == 8)
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not main_of(app))
            over = app.screen
            goes.set()
            bar = main_of(app).query_one(ConnectionBar)
            await until(pilot, lambda: bar.words is not None and bar.words.word == "closed")
            assert app.screen is over
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is main_of(app))
            assert bar.words is not None
            assert bar.words.reason == "closed by the server, cleanly · restarting"
        session.finish()


async def test_a_change_of_state_is_shown_at_once(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the rows that belong to it, not with the next turn of the counters."""
    monkeypatch.setattr("wsdebug.tui.main_screen.COUNTER_HZ", 0.001)
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        bar = main_of(app).query_one(ConnectionBar)
        await until(pilot, lambda: bar.words is not None and bar.words.word == "open")
        await pilot.press("f5")
        await until(pilot, lambda: bar.words is not None and bar.words.word == "closed")


@pytest.mark.parametrize("size", [(140, 45), (80, 24)])
async def test_the_inspectors_tabs_are_chosen_from_the_log(
    app: WsdebugApp, size: tuple[int, int]
) -> None:
    """By their numbers; it comes into sight, and the cursor stays in the log."""
    async with app.run_test(size=size) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*'{"a":1}', "ctrl+j", "escape")
        main = main_of(app)
        view, inspector = main.query_one(LogRegion).view, main.query_one(Inspector)
        await until(pilot, lambda: view.line == 9)
        for key, number, words in (
            ("2", 2, "opcode"),
            ("4", 4, "101 Switching Protocols"),
            ("1", 1, '"a": 1'),
            ("v", 1, '{"a":1}'),
        ):
            await pilot.press(key)
            await until(pilot, lambda words=words: words in inspector.text)  # type: ignore[misc]
            assert inspector.tab == number
            assert inspector.display
            assert view.has_focus
        await pilot.press("c", "2")
        assert main.query_one(Composer).text == "2"


async def test_the_hint_to_inspect_goes_with_the_inspector(app: WsdebugApp) -> None:
    """There is none while it is in sight."""
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        heading = app.screen.query_one(LogHeading)
        await pilot.press("escape")
        await until(pilot, lambda: "enter inspect" in heading.render().plain)
        await pilot.press("enter")
        await until(pilot, lambda: "enter inspect" not in heading.render().plain)
        await pilot.press("escape")
        await until(pilot, lambda: "enter inspect" in heading.render().plain)


async def test_a_saved_session_shows_its_url_in_one_row_too(desk: Desk) -> None:
    """What can be done with it stands beside."""
    session = desk.open_file(SESSIONS / "echo.ws.jsonl")
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=(80, 24)):
        shown = app.screen.query_one(ConnectionBar).render().plain
        assert "not connected   ws://127.0.0.1:" in shown
        assert shown.rstrip().endswith("F5 connect")
    session.finish()


def is_left_of(widget: Widget, x: int) -> bool:
    """Whether it ends there."""
    return widget.region.right == x


async def test_the_inspectors_edge_is_dragged(app: WsdebugApp) -> None:
    """Log and composer take what it leaves; it keeps its width, and each its least."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        main = main_of(app)
        inspector, composer = main.query_one(Inspector), main.query_one(Composer)
        rule = inspector.region.width
        await pilot.mouse_down(offset=(140 - rule, 20))
        for x, width in ((60, 80), (70, 70), (130, 40), (20, 80), (64, 76)):
            await pilot.hover(offset=(x, 20))
            log = main.query_one(LogRegion)
            await until(pilot, partial(is_left_of, log, 140 - width))
            assert inspector.region.x == 140 - width
            assert composer.region.right == 140 - width
        await pilot.mouse_up(offset=(64, 20))
        await pilot.hover(offset=(100, 20))
        await pilot.press("z", "z")
        await pilot.resize_terminal(100, 45)
        await until(pilot, lambda: not inspector.display)
        await pilot.resize_terminal(140, 45)
        await until(pilot, lambda: inspector.region.width == 76)


async def test_f5_closes_and_connects_again(app: WsdebugApp) -> None:
    """In the same recording, as connection 2."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        session = main_of(app).session
        await pilot.press("f5")
        await until_state(pilot, app, "closed")
        assert session.status.code == 1000
        await pilot.press("f5")
        await until_state(pilot, app, "open")
        assert session.status.connection == 2


@pytest.mark.parametrize(
    ("keys", "between"),
    [(("ctrl+r",), "open"), (("f5", "f5"), "closed"), (("ctrl+l", "enter"), "open")],
)
async def test_whoever_connects_sees_what_comes_of_it(
    app: WsdebugApp, keys: tuple[str, ...], between: str
) -> None:
    """As whoever sends does: the log follows again."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        main = main_of(app)
        view = main.query_one(LogRegion).view
        await pilot.press("escape", "g")
        assert not view.is_following
        for key in keys[:-1]:
            await pilot.press(key)
            await until_state(pilot, app, between)
        await pilot.press(keys[-1])
        await until(pilot, lambda: main.session.status.connection == 2)
        assert view.is_following
        await until(pilot, lambda: view.line == main.session.log.index.lines)


async def test_ctrl_r_closes_what_is_open_and_connects_anew(app: WsdebugApp) -> None:
    """In one go, in the same recording."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        session = main_of(app).session
        await pilot.press("ctrl+r")
        await until(pilot, lambda: session.status.connection == 2)
        await until_state(pilot, app, "open")
        assert session.log is not None
        names = [getattr(line, "name", "") for line in session.log]
        assert names.count("closed") == 1


async def test_settings_take_effect_with_the_next_connection(app: WsdebugApp) -> None:
    """F2 opens the page, a header is entered, ctrl+j connects with it."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        session = main_of(app).session
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        page = app.screen
        assert isinstance(page, SettingsScreen)
        await pilot.press("+", *"X-Desk", "tab", *"four", "enter", "ctrl+j")
        await until(pilot, lambda: session.status.connection == 2)
        await until_state(pilot, app, "open")
        assert session.options is not None
        assert session.options.header == (("X-Desk", "four"),)
        assert session.log is not None
        sent = [line for line in session.log.handshake(2) if line.name == "request"]
        assert ["X-Desk", "four"] in [list(pair) for pair in sent[0].fields["headers"]]


async def test_another_url_is_connected_to_and_remembered(app: WsdebugApp) -> None:
    """ctrl+l, a URL, enter; a wrong one is told at the field."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+l", *"ws://127.0.0.1:99999/", "enter")
        bar = app.screen.query_one(ConnectionBar)
        assert bar.is_editing
        assert "a number from 1 to 65535" in bar.render().plain
        await pilot.press("ctrl+u", *"127.0.0.1:1/nobody", "enter")
        await until_state(pilot, app, "failed")
        assert not bar.is_editing
        assert app.desk.urls.urls() == ["ws://127.0.0.1:1/nobody"]


async def test_a_url_of_a_file_cannot_act_upon_the_terminal(app: WsdebugApp) -> None:
    """Not while it is edited either."""
    async with app.run_test(size=(140, 45)) as pilot:
        bar = main_of(app).query_one(ConnectionBar)
        url = bar.url = "ws://a/\x1b[2J\x9b2J"  # until the next look at the session
        bar.edit()
        await pilot.pause()
        field = bar.query_one(Input)
        assert field.value == url
        assert field.render_line(0).text.strip() == "ws://a/\u241b[2J\ufffd2J"


async def test_hints_end_two_cells_from_the_edge(app: WsdebugApp) -> None:
    """Those of every region, so that they stand in one line."""
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape")
        rows = shown(app).split("\n")
        for row, hint in ((0, "disconnect"), (1, "inspect"), (22, "compose"), (23, "keys")):
            assert rows[row].endswith(f"{hint}  ")


@pytest.mark.parametrize("keys", [(), ("f6",), ("f3", "f3", "f3", "f3", "f3", "escape")])
async def test_what_is_pasted_at_the_rows_stands_in_the_composer(
    app: WsdebugApp, keys: tuple[str, ...]
) -> None:
    """In the log and the inspector there is nothing to paste into; it is not sent by that."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape", *keys)
        app.post_message(Paste('{"a":1}\r\n'))
        await pilot.pause()
        editor = app.screen.query_one(Editor)
        await until(pilot, lambda: editor.text == '{"a":1}\n')
        assert editor.has_focus
        assert app.screen.query_one(Composer).kind == "text"
        assert main_of(app).session.counters.frames_out == 0
        await pilot.press("x")
        await until(pilot, lambda: editor.text == '{"a":1}\nx')


async def test_an_empty_composer_says_how_to_get_there(app: WsdebugApp) -> None:
    """Until one is there, or something stands in it."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape")
        await until(pilot, lambda: "c compose" in shown(app))
        await pilot.press("c")
        await until(pilot, lambda: "c compose" not in shown(app))
        await pilot.press("x", "escape")
        assert "c compose" not in shown(app)


async def test_q_is_told_how_to_quit(app: WsdebugApp) -> None:
    """It is a letter where one types."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("q")
        assert app.screen.query_one(Editor).text == "q"
        assert "quits" not in shown(app)
        await pilot.press("escape", "q")
        await until(pilot, lambda: "^Q quits, ? shows the keys" in shown(app))


@pytest.mark.parametrize("key", ["ctrl+l", "slash", "ctrl+p", "f3", "f2", "ctrl+o"])
async def test_nothing_blinks(app: WsdebugApp, key: str) -> None:
    """Nothing moves unless data moved."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape", key)
        fields = app.screen.query("Input, TextArea").results()
        blinking = [field for field in fields if field.cursor_blink]  # type: ignore[attr-defined]
        assert blinking == []


async def click_on(pilot: Pilot[int], app: WsdebugApp, words: str) -> None:
    """The first place on the screen where they stand."""
    await until(pilot, lambda: words in shown(app))
    rows = shown(app).split("\n")
    y = next(y for y, row in enumerate(rows) if words in row)
    await pilot.click(offset=(rows[y].index(words), y))


@pytest.mark.parametrize(
    ("keys", "words", "holds"),
    [
        ((), "? keys", lambda app: isinstance(app.screen, KeysHelp)),
        ((), "^P all actions", lambda app: isinstance(app.screen, Palette)),
        ((), "^S save", lambda app: isinstance(app.screen, SaveDialog)),
        (("c", "x", "ctrl+j"), "F7 history", lambda app: isinstance(app.screen, MessageDialog)),
        ((), "F3 kind", lambda app: app.screen.query_one(Composer).kind == "binary"),
        (("c", *'{"a":1}'), "^F lay out", lambda app: "\n" in app.screen.query_one(Editor).text),
        (("ctrl+t", "escape"), "^T new", lambda app: len(app.tabs) == 3),
        (("ctrl+t", "escape"), "^PgDn next", lambda app: app.tab is app.tabs[0]),
        (("f2",), "esc back", lambda app: isinstance(app.screen, MainScreen)),
        (("f2",), "F1 keys", lambda app: isinstance(app.screen, KeysHelp)),
        (("f2",), "^P all actions", lambda app: isinstance(app.screen, Palette)),
        (("f2",), "^J connect", lambda app: app.session.status.connection == 2),
        (("f2",), "F5 connect", lambda app: app.session.status.connection == 2),
        (("ctrl+l",), "enter connect", lambda app: app.session.status.connection == 2),
        (("ctrl+l",), "esc back", lambda app: "enter connect" not in shown(app)),
    ],
)
async def test_every_hint_is_a_button(
    app: WsdebugApp, keys: tuple[str, ...], words: str, holds: Callable[[WsdebugApp], bool]
) -> None:
    """Of the last row, the tabs, the composer, the settings, and beside the URL that is edited."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape", *keys)
        await click_on(pilot, app, words)
        await until(pilot, lambda: holds(app))


async def test_beside_the_hints_there_is_no_button(app: WsdebugApp) -> None:
    """Nor between them."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        last = shown(app).split("\n")[44]
        for x in (last.index("recording"), last.index("^P") - 2, 139):
            await pilot.click(offset=(x, 44))
            assert isinstance(app.screen, MainScreen)


async def test_f3_goes_through_the_kinds(app: WsdebugApp) -> None:
    """From wherever the focus is, and it goes to the composer."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        composer = app.screen.query_one(Composer)
        kinds = []
        for _ in range(6):
            await pilot.press("escape", "f3")
            kinds.append(composer.kind)
        assert kinds == ["binary", "ping", "pong", "close", "raw", "text"]


async def test_z_gives_the_log_the_whole_screen(app: WsdebugApp) -> None:
    """And back."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape", "z")
        assert not app.screen.query_one(Composer).display
        assert app.screen.query_one(LogRegion).size.height == 40
        await pilot.press("z")
        assert app.screen.query_one(Composer).display


async def test_what_was_sent_is_offered_at_the_next_start(app: WsdebugApp) -> None:
    """Up brings the last message back, also from an earlier run."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"remember me", "ctrl+j")
        await until(pilot, lambda: main_of(app).session.counters.frames_in == 1)
        await pilot.press("f5")
        await until_state(pilot, app, "closed")
    assert [message.text for message in app.desk.messages.messages()] == ["remember me"]


async def test_quitting_an_open_connection_asks_once(app: WsdebugApp) -> None:
    """Escape stays, q leaves."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"unsent", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("q")
    assert app.return_value == 0


async def test_ctrl_q_twice_leaves(app: WsdebugApp) -> None:
    """Asking once means once."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+q", "ctrl+q")
    assert app.return_value == 0


@pytest.mark.parametrize(("keys", "folder"), [((), "sessions"), (("tab", "right"), "home/library")])
async def test_a_running_recording_is_saved_and_goes_on(
    app: WsdebugApp, tmp_path: Path, keys: tuple[str, ...], folder: str
) -> None:
    """ctrl+s, a name, enter; what comes later is in the same file."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SaveDialog))
        await pilot.press(*"login", *keys, "enter")
        path = tmp_path / folder / "login.ws.jsonl"
        await until(pilot, path.exists)
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.press("c", *"afterwards", "ctrl+j")
        await until(pilot, lambda: main_of(app).session.counters.frames_in == 1)
    assert path.read_text().count("afterwards") == 2
    assert not list((tmp_path / "home" / "recordings").iterdir())


def shown(app: WsdebugApp) -> str:
    """What the terminal shows."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_what_is_not_recorded_is_saved_all_the_same(home: Path, tmp_path: Path) -> None:
    """With --no-record: all that is shown, and what comes later; the status says so."""
    engine = BackgroundEngine()
    desk = Desk(engine, record=RecordOptions(), now=lambda: datetime(2026, 8, 3, 14, 2))
    app = WsdebugApp(desk, desk.new_session(ConnectOptions(url=f"{desk.demo_url()}echo")))
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        session = main_of(app).session
        session.submit(SendRequest("text", "before"))
        await until(pilot, lambda: session.counters.frames_in == 1)
        assert "not recorded" in shown(app)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SaveDialog))
        assert "nothing was recorded yet" in shown(app)
        await pilot.press("enter")
        path = tmp_path / "sessions" / "echo 14-02.ws.jsonl"
        await until(pilot, lambda: session.path is not None)
        assert path.exists()
        await until(pilot, lambda: "not recorded" not in shown(app))
        session.submit(SendRequest("text", "afterwards"))
        await until(pilot, lambda: session.counters.frames_in == 2)
        session.finish()
    text = path.read_text()
    assert (text.count("before"), text.count("afterwards")) == (2, 2)
    assert text.splitlines()[-1].count('"event":"end"') == 1
    desk.close()
    engine.stop()


async def test_a_saved_session_is_shown_and_connects_again(
    app: WsdebugApp, desk: Desk, tmp_path: Path
) -> None:
    """The file looks like a live one; F5 goes to the same server, into a recording of its own."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"hello", "ctrl+j")
        await until(pilot, lambda: main_of(app).session.counters.frames_in == 1)
        rows = app.screen.query_one(LogRegion).view
        await until(pilot, lambda: rows.cursor == 2)
        live = [rows.render_line(y).text for y in range(3)]
        path = main_of(app).session.path
        assert path is not None
        main_of(app).session.finish()
    before = path.read_bytes()
    again = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with again.run_test(size=(140, 45)) as pilot:
        rows = again.screen.query_one(LogRegion).view
        await pilot.press("end")
        shown = [rows.render_line(y).text for y in range(3)]
        assert [line[1:] for line in shown] == [line[1:] for line in live]
        await pilot.press("f5")
        await until_state(pilot, again, "open")
        assert main_of(again).session.path not in (None, path)
        main_of(again).session.finish()
    assert path.read_bytes() == before


async def test_lines_are_counted_once_there_is_something_to_see(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rows of a long session come before the count of all; that is told at its end."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"t":1.0,"recv":"a"}\n' * 20_000)
    done: list[str] = []
    paints, starts = FrameLogView.render_lines, FrameLog.start_counting

    def render_lines(view: FrameLogView, crop: Region) -> list[Strip]:
        done.append("rows" if view.log_shown is not None else "nothing")
        return paints(view, crop)

    def start_counting(log: FrameLog) -> None:
        done.append("count")
        starts(log)

    monkeypatch.setattr(FrameLogView, "render_lines", render_lines)
    monkeypatch.setattr(FrameLog, "start_counting", start_counting)
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: main_of(app).query_one(LogHeading).rows == 20_000)
    assert done.count("count") == 1
    assert "rows" in done[: done.index("count")]


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_a_refusal_is_answered_with_credentials(desk: Desk, size: tuple[int, int]) -> None:
    """401 asks for a name and a password below the rows; with them it opens."""
    app = WsdebugApp(desk, desk.new_session(ConnectOptions(url=f"{desk.demo_url()}auth")))
    async with app.run_test(size=size) as pilot:
        await until_state(pilot, app, "failed")
        advice = app.screen.query_one(Advice)
        await until(pilot, lambda: advice.has_focus_within)
        assert advice.text is not None
        assert advice.text.heading == "Refused: 401, wants Basic"
        await pilot.press(*"demo", "enter", *"demo", "enter")
        await until_state(pilot, app, "open")
        await until(pilot, lambda: not advice.display)
        await until(pilot, lambda: app.screen.query_one(LogRegion).view.has_focus)
        main_of(app).session.finish()


@pytest.mark.parametrize(
    ("scheme", "path", "field"),
    [
        ("ws", "auth", "auth"),
        ("ws", "redirect", "location"),
        ("ws", "broken?kind=unasked-subprotocol", "subprotocol"),
        ("ws", "nothing", "header"),
        ("wss", "echo", "verify"),
    ],
)
async def test_settings_open_where_the_advice_points_to(
    desk: Desk, scheme: str, path: str, field: str
) -> None:
    """`F2 space ^J` goes on regardless."""
    url = f"{desk.demo_url()}{path}".replace("ws", scheme, 1)
    app = WsdebugApp(desk, desk.new_session(ConnectOptions(url=url)))
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "failed")
        await until(pilot, lambda: app.screen.query_one(Advice).text is not None)
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        assert app.screen.focused is not None
        assert app.screen.focused.id == field


@pytest.mark.parametrize(("answer", "insecure"), [("a", True), ("w", False)])
async def test_what_a_foreign_file_asks_for_has_to_be_allowed(
    desk: Desk, tmp_path: Path, answer: str, insecure: bool
) -> None:
    """And what it does not hold is asked for on the settings page."""
    header = {
        "wsdebug": 1,
        "url": f"{desk.demo_url()}echo",
        "headers": [["Authorization", "***"], ["X-Kept", "1"]],
        "connect": {"insecure": True},
        "redacted": ["Authorization"],
    }
    path = tmp_path / "foreign.ws.jsonl"
    path.write_text(json.dumps(header) + "\n")
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press(answer)
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        assert "not&#160;kept&#160;in&#160;the&#160;recording" in app.export_screenshot()
        await pilot.press("ctrl+j")
        await until_state(pilot, app, "open")
        options = main_of(app).session.options
        assert options is not None
        assert options.insecure is insecure
        assert options.header == (("X-Kept", "1"),)
        main_of(app).session.finish()


async def test_the_keys_of_the_focused_place_are_shown(app: WsdebugApp) -> None:
    """By F1 anywhere, by ? where nothing is typed."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        for keys, place in ((("f1",), "Composer"), (("escape", "question_mark"), "Frame&#160;log")):
            await pilot.press(*keys)
            await until(pilot, lambda: isinstance(app.screen, KeysHelp))
            assert place in app.export_screenshot()
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, MainScreen))


async def test_an_action_is_found_in_the_palette(app: WsdebugApp) -> None:
    """ctrl+p, a part of its name, enter."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.press(*"settin")
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count > 0)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
