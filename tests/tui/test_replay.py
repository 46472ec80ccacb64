"""Replays on the screen, against the playground: marks, totals, steps, and what is asked before."""

import json
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import until
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk
from wsdebug.tui.field import Field
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.one_of import Choice
from wsdebug.tui.question import Question
from wsdebug.tui.replay_dialog import ReplayDialog
from wsdebug.tui.replay_session import NOTES, ReplaySession
from wsdebug.tui.session_words import state_words
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.values_dialog import ValuesDialog
from wsdebug.workspace.folders import library_folder

ECHOED: list[Any] = [
    {"send": '{"px":1,"qty":5}'},
    {"recv": '{"px":1,"qty":5}'},
    {"send": "two"},
    {"recv": "zwei"},
    {"send": "three"},
    {"recv": "three"},
]
STRANGE = "ws://192.0.2.1:9/"  # RFC 5737: nobody is there


def file_of(path: Path, url: str, *lines: Any, **header: Any) -> Path:
    """A session written by hand."""
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [json.dumps(line) for line in ({"url": url, **header}, *lines)]
    path.write_text("".join(f"{text}\n" for text in texts))
    return path


@pytest.fixture
def saved(desk: Desk, tmp_path: Path) -> WsdebugApp:
    """The app on a session with one answer that is another."""
    path = file_of(tmp_path / "echoed.ws.jsonl", f"{desk.demo_url()}echo", *ECHOED)
    return WsdebugApp(desk, desk.open_file(path), connect=False)


def tab_of(app: WsdebugApp) -> MainScreen:
    """The tab in sight."""
    assert app.tab is not None
    return app.tab


def view_of(app: WsdebugApp) -> FrameLogView:
    """The log in sight."""
    return tab_of(app).query_one(LogRegion).view


def rows_of(app: WsdebugApp) -> list[str]:
    """The received frames in sight: mark, opcode, payload."""
    view = view_of(app)
    shown = [view.render_line(y).text for y in range(view.size.height)]
    return [f"{row[1]} {row[21:28].strip()} {row[48:].rstrip()}" for row in shown if "←" in row]


def status_of(app: WsdebugApp) -> str:
    """The last row."""
    return tab_of(app).query_one(StatusLine).render_line(0).text


async def ask(pilot: Pilot[int], app: WsdebugApp) -> ReplayDialog:
    """Ask for a replay."""
    await until(pilot, lambda: app.tab is not None and app.screen is app.tab)
    await until(
        pilot, lambda: tab_of(app).session.log is not None and view_of(app).line is not None
    )
    await pilot.press("r")
    await until(pilot, lambda: isinstance(app.screen, ReplayDialog) and bool(app.focused))
    assert isinstance(app.screen, ReplayDialog)
    return app.screen


async def play(pilot: Pilot[int], app: WsdebugApp, pace: str = "answers") -> ReplaySession:
    """Begin a replay in a tab of its own."""
    dialog = await ask(pilot, app)
    dialog.query_one("#replay-pace", Choice).value = pace
    before = len(app.tabs)
    await pilot.press("enter")
    await until(pilot, lambda: len(app.tabs) == before + 1 and app.screen is app.tab)
    session = tab_of(app).session
    assert isinstance(session, ReplaySession)
    return session


async def until_played(pilot: Pilot[int], app: WsdebugApp, session: ReplaySession) -> None:
    """Let it come to its end, and that be seen."""
    await until(pilot, lambda: bool(session.replay.most) and not session.is_live)
    await until(pilot, lambda: status_of(app).startswith(("replayed: ", "replay stopped at ")))


async def test_a_saved_session_is_replayed_and_both_sides_are_marked(saved: WsdebugApp) -> None:
    """In a tab beside it: right, wrong and why; the totals stay."""
    async with saved.run_test(size=(140, 45)) as pilot:
        session = await play(pilot, saved)
        await until_played(pilot, saved, session)
        assert "replayed: 2 ok, 1 differs" in status_of(saved)
        await until(pilot, lambda: '✓ text {"px":1,"qty":5}' in rows_of(saved))
        assert "! text expected zwei  two" in rows_of(saved)
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: tab_of(saved).session is not session)
        await until(pilot, lambda: any("came two  zwei" in row for row in rows_of(saved)))
        assert [row[0] for row in rows_of(saved)] == ["✓", "!", "✓"]
    saved.finish_sessions()


async def test_the_inspector_says_what_was_expected_and_what_came(saved: WsdebugApp) -> None:
    """`b` goes to what is wrong, rules and answers alike; the box stands above the payload."""
    async with saved.run_test(size=(140, 45)) as pilot:
        session = await play(pilot, saved)
        await until_played(pilot, saved, session)
        await pilot.press("g", "b")
        inspector = tab_of(saved).query_one(Inspector)
        await until(pilot, lambda: "differs from line 5 of echoed" in inspector.text)
        assert "payload  expected zwei, got two" in inspector.text
        line = view_of(saved).line
        await pilot.press("b")
        assert view_of(saved).line == line
    saved.finish_sessions()


async def test_steps_are_sent_by_a_key_until_it_runs_on(saved: WsdebugApp) -> None:
    """What comes next is said, and how to go on and to stop."""
    async with saved.run_test(size=(140, 45)) as pilot:
        session = await play(pilot, saved, "step")
        await until(pilot, lambda: 'next {"px":1,"qty":5}' in status_of(saved))
        assert "replay 0 of 3   x send   R run on   F5 stop" in status_of(saved)
        assert session.counters.frames_out == 0
        await pilot.press("x")
        await until(pilot, lambda: "replay 1 of 3 " in status_of(saved))
        await until(pilot, lambda: "next two" in status_of(saved))
        await pilot.press("x")
        await until(pilot, lambda: "replay 2 of 3, 1 differs" in status_of(saved))
        assert session.counters.frames_out == 2
        await pilot.press("R")
        await until_played(pilot, saved, session)
        assert "replayed: 2 ok, 1 differs" in status_of(saved)
        await pilot.press("x")
        await until(pilot, lambda: "no replay waits for a step" in status_of(saved))
    saved.finish_sessions()


async def test_a_replay_is_stopped_and_played_again(saved: WsdebugApp) -> None:
    """By F5, as any connection; the next one goes into the same recording."""
    async with saved.run_test(size=(140, 45)) as pilot:
        session = await play(pilot, saved, "step")
        await until(pilot, lambda: "next" in status_of(saved))
        assert state_words(session, 0).action == "stop"
        await pilot.press("x")
        await until(pilot, lambda: session.replay.done == 1)
        await pilot.press("f5")
        await until_played(pilot, saved, session)
        assert "replay stopped at 1 of 3: 1 ok " in status_of(saved)
        assert session.log is not None
        kinds = [row.kind for row in session.log.rows(0, len(session.log))]
        assert "note" not in kinds  # nothing is said to be missing
        assert state_words(session, 0).action == "replay again"
        path = session.path
        dialog = await ask(pilot, saved)
        assert dialog.pace == "step"  # as before
        dialog.query_one("#replay-pace", Choice).value = "answers"
        await pilot.press("enter")
        await until(pilot, lambda: session.status.connection == 2)
        await until(pilot, lambda: "replayed: 2 ok, 1 differs" in status_of(saved))
        assert session.path == path
        assert len(saved.tabs) == 2
    saved.finish_sessions()


async def test_what_did_not_come_is_noted_and_marked(desk: Desk, tmp_path: Path) -> None:
    """In the recording of the replay, as far as it is not too much."""
    never = [{"recv": f"never {number}"} for number in range(NOTES + 20)]
    url, impatient = f"{desk.demo_url()}echo", {"timeout": 0.3}
    path = file_of(tmp_path / "b.ws.jsonl", url, {"send": "a"}, *never, replay=impatient)
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        session = await play(pilot, app)
        await until_played(pilot, app, session)
        assert f"{NOTES + 19} missing" in status_of(app)
        log = session.log
        assert log is not None
        notes = [row.text for row in log.rows(0, len(log)) if row.kind == "note"]
        assert len(notes) == NOTES
        assert notes[0].startswith("line 4 of b: never 1  did not come")
        assert notes[-1].endswith("; what else lacks is not noted")
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: any("did not come  never 1" in row for row in rows_of(app)))
    app.finish_sessions()


async def test_a_recording_that_has_ended_is_replayed(app: WsdebugApp) -> None:
    """Not one that is still open."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: tab_of(app).session.status.state == "open")
        await pilot.press(*"hello", "ctrl+j", "escape")
        await until(pilot, lambda: tab_of(app).session.counters.frames_in > 0)
        await pilot.press("r")
        await until(pilot, lambda: "the connection is still open" in status_of(app))
        await pilot.press("f5")
        await until(pilot, lambda: not tab_of(app).session.is_live)
        session = await play(pilot, app)
        await until_played(pilot, app, session)
        assert "replayed: 2 ok" in status_of(app)
    app.finish_sessions()


async def test_quitting_ends_a_replay_with_its_connections(desk: Desk, tmp_path: Path) -> None:
    """None of those that were still to come is begun."""
    sends = [{"c": c, "send": "x"} for c in (1, 2, 3)]
    path = file_of(tmp_path / "c.ws.jsonl", f"{desk.demo_url()}echo", *sends)
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(80, 24)) as pilot:
        session = await play(pilot, app, "step")
        await until(pilot, lambda: session.status.state == "open")
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("q")
    app.finish_sessions()
    assert session.path is not None
    lines = session.path.read_text().splitlines()
    assert '"event":"end"' in lines[-1]
    assert not any('"c":2' in line for line in lines)


# What is asked before


async def test_what_a_stranger_wrote_goes_nowhere_unasked(desk: Desk, tmp_path: Path) -> None:
    """The place and the number of messages are said; this machine is no such place."""
    path = file_of(tmp_path / "theirs.ws.jsonl", STRANGE, *ECHOED)
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await ask(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Question))
        question = app.screen
        words = "Send 3 messages of theirs to 192.0.2.1:9?"
        assert words in "".join(strip.text for strip in question._compositor.render_strips())
        session = tab_of(app).session
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.tab)
        assert session.status.state == "idle"
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("s")
        await until(pilot, lambda: session.status.state != "idle")
        await pilot.press("f5")
        await until(pilot, lambda: not session.is_live)
    app.finish_sessions()


@pytest.mark.parametrize(
    ("connect", "asks"),
    [
        ({}, False),
        ({"resolve": ["localhost:9:192.0.2.1"]}, True),
        ({"connect-to": ["localhost:9:192.0.2.1:9"]}, True),
    ],
)
def test_this_machine_is_meant_by_its_address(
    desk: Desk, tmp_path: Path, connect: dict[str, Any], asks: bool
) -> None:
    """Not by a name that the file sends elsewhere."""
    from wsdebug.replay.script import read_script
    from wsdebug.replay.settings import Settings
    from wsdebug.tui.replay_session import Replayed

    path = file_of(tmp_path / "a.ws.jsonl", "ws://localhost:9/", *ECHOED, connect=connect)
    source = desk.open_file(path)
    assert source.options is not None
    for is_own in (False, True):
        replayed = Replayed(read_script(str(path)), "a", is_own, source)
        session = ReplaySession(desk.engine, replayed, Settings(), source.options)
        assert bool(session.stranger_to()) == (asks and not is_own)
    source.finish()


async def test_own_recordings_are_sent_as_they_are(desk: Desk) -> None:
    """Wherever they go."""
    path = file_of(library_folder() / "mine.ws.jsonl", "ws://127.0.0.1:9/", *ECHOED)
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        dialog = await ask(pilot, app)
        dialog.query_one("#replay-url", Field).value = "ws://nowhere.invalid:9/"
        await pilot.press("enter")
        await until(pilot, lambda: len(app.tabs) == 2)
        session = tab_of(app).session
        await until(pilot, lambda: session.status.state == "failed")
        assert "replayed" not in status_of(app)
    app.finish_sessions()


async def test_what_a_file_may_not_decide_and_does_not_hold_is_asked_first(
    desk: Desk, tmp_path: Path
) -> None:
    """In turn: what it wants, what it masks, its variables; then how."""
    path = file_of(
        tmp_path / "theirs.ws.jsonl",
        f"{desk.demo_url()}echo",
        {"send": "{{token}} {{pin}}"},
        {"recv": "{{token}} {{pin}}"},
        connect={"insecure": True},
        headers=[["X-Key", "***"]],
        redacted=["X-Key", "token"],
        vars={"token": None, "pin": None},
    )
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: view_of(app).line is not None)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        await pilot.press("ctrl+j")
        await until(pilot, lambda: isinstance(app.screen, ValuesDialog) and bool(app.focused))
        await pilot.press(*"geheim", "tab", *"1234", "enter")
        await until(pilot, lambda: isinstance(app.screen, ReplayDialog) and bool(app.focused))
        await pilot.press("enter")
        await until(pilot, lambda: len(app.tabs) == 2 and app.screen is app.tab)
        session = tab_of(app).session
        assert isinstance(session, ReplaySession)
        assert session.options is not None
        assert not session.options.insecure
        await until_played(pilot, app, session)
        assert "replayed: 1 ok" in status_of(app)
        assert not any("geheim" in row or "1234" in row for row in rows_of(app))
        assert any("***" in row for row in rows_of(app))
    app.finish_sessions()


@pytest.mark.parametrize("keys", [("escape",), ("r", "escape")])
async def test_nothing_is_played_by_going_back(saved: WsdebugApp, keys: tuple[str, ...]) -> None:
    """Nor connected."""
    async with saved.run_test(size=(80, 24)) as pilot:
        await ask(pilot, saved)
        await pilot.press(*keys)
        await until(pilot, lambda: saved.screen is saved.tab)
        assert len(saved.tabs) == 1
    saved.finish_sessions()


async def test_a_damaged_session_is_not_replayed(desk: Desk, tmp_path: Path) -> None:
    """The line is said."""
    path = file_of(tmp_path / "bad.ws.jsonl", "ws://127.0.0.1:9/", {"send": "a"}, {"no": "kind"})
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: view_of(app).line is not None)
        await pilot.press("r")
        await until(pilot, lambda: "line 3" in status_of(app))
        assert len(app.tabs) == 1
    app.finish_sessions()


async def test_what_cannot_be_played_is_said(desk: Desk, tmp_path: Path) -> None:
    """By the tab that should have."""
    path = file_of(tmp_path / "e.ws.jsonl", f"{desk.demo_url()}echo", {"note": "empty"})
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await ask(pilot, app)
        await pilot.press("enter")
        await until(pilot, lambda: "there is nothing to replay" in status_of(app))
        assert len(app.tabs) == 2
    app.finish_sessions()


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_the_palette_says_why_not(desk: Desk, tmp_path: Path, size: tuple[int, int]) -> None:
    """Each of the three actions, while it can do nothing."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        reasons = tab_of(app).why_not()
        assert reasons["replay"] == "there is nothing yet"
        assert reasons["replay_step"] == reasons["replay_on"] == "no replay waits for a step"
    app.finish_sessions()
