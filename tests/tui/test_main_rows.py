"""Copying, sending again and editing from the log, on a real server."""

import base64
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until, until_state
from wsdebug.errors import SessionUnreadable
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.clipboard import Clipboard
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.composer import Composer
from wsdebug.tui.copy_dialog import CopyDialog, CopyRow
from wsdebug.tui.desk import Desk
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_rows import EDITED
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.question import Question
from wsdebug.tui.row_copies import request_of
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.throttle import Throttle

SESSIONS = Path(__file__).parents[2] / "sessions"


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied, by a clipboard that takes 100 characters."""
    texts: list[str] = []

    def copy(_: Clipboard, text: str) -> str:
        if len(text) > 100:
            return "none"
        texts.append(text)
        return "tmux"

    monkeypatch.setattr(Clipboard, "copy", copy)
    return texts


async def send(pilot: Pilot[int], app: WsdebugApp, text: str) -> None:
    """One message out and its echo in; the cursor in the log on the echo."""
    await until_state(pilot, app, "open")
    main_of(app).query_one(Composer).focus_input()
    before = main_of(app).session.counters.frames_in
    await pilot.press(*text, "ctrl+j", "escape")
    await until(pilot, lambda: main_of(app).session.counters.frames_in > before)
    view = main_of(app).query_one(LogRegion).view
    await until(pilot, lambda: view.line == main_of(app).session.log.index.lines)  # type: ignore[union-attr]


def said(app: WsdebugApp) -> str:
    """The words in the status line."""
    return str(main_of(app).query_one(StatusLine).render())


async def test_y_copies_the_payload_and_says_how(app: WsdebugApp, copied: list[str]) -> None:
    """Of the row under the cursor."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, "hello")
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert copied == ["hello"]
        await until(pilot, lambda: "payload copied by tmux: 5 characters" in said(app))


async def test_a_value_of_json_is_copied_in_the_inspector(
    app: WsdebugApp, copied: list[str]
) -> None:
    """What a string says, a number as it is spelled."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, '{"a":"x","n":1.50}')
        inspector = main_of(app).query_one(Inspector)
        await until(pilot, lambda: '"n": 1.50' in inspector.text)
        await pilot.press("f6", "j", "y")
        await until(pilot, lambda: copied == ["x"])
        await pilot.press("j", "y")
        await until(pilot, lambda: copied == ["x", "1.50"])
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, CopyDialog))
        await pilot.press("j")
        await until(pilot, lambda: copied == ["x", "1.50", "$.n"])
        await pilot.press("4", "y")
        await until(pilot, lambda: "too long" not in said(app) and isinstance(app.screen, Question))


async def test_a_key_in_the_inspector_is_about_the_row_of_the_cursor(
    app: WsdebugApp, copied: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where an earlier row is still shown, since the inspector follows at leisure."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, '{"a":"old"}')
        main = main_of(app)
        inspector, view = main.query_one(Inspector), main.query_one(LogRegion).view
        await until(pilot, lambda: "old" in inspector.text)
        monkeypatch.setattr(Throttle, "at_leisure", lambda throttle: None)
        await send(pilot, app, '{"a":"new"}')
        record = Path(main.session.path or "")
        await until(pilot, lambda: "new" in record.read_text().splitlines()[(view.line or 0) - 1])
        await pilot.press("f6", "j", "y")
        await until(pilot, lambda: copied == ["new"])
        assert "new" in inspector.text
        assert not view.is_following


@pytest.mark.parametrize("by_mouse", [False, True])
async def test_another_way_to_copy_is_chosen(
    by_mouse: bool, app: WsdebugApp, copied: list[str]
) -> None:
    """From a list, by its key or a click."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, "hi")
        await pilot.press("Y")
        await until(pilot, lambda: isinstance(app.screen, CopyDialog))
        if by_mouse:
            row = next(row for row in app.screen.query(CopyRow) if row.copy.key == "x")
            await pilot.click(row)
        else:
            await pilot.press("x")
        await until(pilot, lambda: copied == ["68 69"])


async def test_what_no_clipboard_takes_goes_into_a_file(
    app: WsdebugApp, copied: list[str], tmp_path: Path
) -> None:
    """If one wants that; nothing is written over."""
    (tmp_path / "copied.txt").write_text("mine")
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, "x" * 101)
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press("f")
        await until(pilot, lambda: (tmp_path / "copied-2.txt").exists())
        await until(pilot, lambda: "written to ./copied-2.txt" in said(app))
        assert (tmp_path / "copied-2.txt").read_text() == "x" * 101
        assert (tmp_path / "copied.txt").read_text() == "mine"
        assert copied == []


async def test_s_sends_the_row_again(app: WsdebugApp) -> None:
    """One more out, one more in; events cannot be sent."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, "again")
        await pilot.press("s")
        await until(pilot, lambda: main_of(app).session.counters.frames_in == 2)
        await pilot.press("g", "s")
        await until(pilot, lambda: "no frame that could be sent" in said(app))
        main_of(app).session.disconnect()
        await until_state(pilot, app, "closed")
        await pilot.press("j", "s")
        await until(pilot, lambda: "not connected" in said(app))


async def test_a_secret_is_sent_again_as_it_was(app: WsdebugApp) -> None:
    """Not the mask that is shown of it."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        session = main_of(app).session
        assert session._live is not None
        session._live.redactor.learn({"key": "hunter22"})
        await send(pilot, app, "hunter22")
        await pilot.press("s")
        await until(pilot, lambda: session.counters.frames_in == 2)
        logs = session.log, session.whole_log
        shown, whole = ([row.preview for row in log.rows(0, 99)] for log in logs if log is not None)
        assert (shown.count(b"***"), whole.count(b"hunter22")) == (4, 4)


async def test_fragments_are_sent_one_after_another(app: WsdebugApp) -> None:
    """The echo comes back whole."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        main = main_of(app)
        main.query_one(Composer).fragment = 4
        await send(pilot, app, "fragments")
        assert main.session.log is not None
        rows = main.session.log.rows(0, 9)
        assert [row.fragment for row in rows if row.sent] == [1, 2, 3]
        assert rows[-1].preview == b"fragments"


async def test_e_puts_the_row_into_the_composer(app: WsdebugApp) -> None:
    """With the focus there, to be edited and sent."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, "one")
        await pilot.press("e")
        composer = main_of(app).query_one(Composer)
        await until(pilot, lambda: composer.text == "one" and composer.has_focus_within)
        await pilot.press("!", "ctrl+j")
        await until(pilot, lambda: main_of(app).session.counters.frames_in == 2)
        assert composer.text == ""


async def test_what_is_too_long_to_be_edited_is_sent_as_it_is(desk: Desk, tmp_path: Path) -> None:
    """A field of millions of characters would hold up everything."""
    path = tmp_path / "long.ws.jsonl"
    payload = base64.b64encode(bytes(EDITED)).decode()
    lines = ['{"url":"ws://127.0.0.1:9/"}', f'{{"t":1.0,"recv":{{"b64":"{payload}"}}}}']
    path.write_text("\n".join(lines) + "\n")
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: main_of(app).query_one(LogRegion).view.line == 2)
        await pilot.press("e")
        await until(pilot, lambda: "786,431 characters are too many to be edited here" in said(app))
        assert main_of(app).query_one(Composer).text == ""
        log = main_of(app).session.log
        assert log is not None
        assert request_of(log, 2) == SendRequest("binary", bytes(EDITED))


async def test_m_writes_a_note_on_the_row(app: WsdebugApp) -> None:
    """It is a row of the log, and a line of the recording."""
    async with app.run_test(size=(140, 45)) as pilot:
        await send(pilot, app, "hello")
        main = main_of(app)
        line = main.query_one(LogRegion).view.line
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press(*"odd", "enter")
        log = main.session.log
        assert log is not None
        await until(pilot, lambda: log.rows(len(log) - 1, len(log))[0].text == "odd")
        assert main.session.path is not None
        assert f'"note":"odd","on":{line}}}' in main.session.path.read_text()


async def test_a_saved_session_takes_notes_too(desk: Desk, tmp_path: Path) -> None:
    """The cursor stays where it was; one that cannot be written is said."""
    path = tmp_path / "echo.ws.jsonl"
    path.write_bytes((SESSIONS / "echo.ws.jsonl").read_bytes())
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        view = main_of(app).query_one(LogRegion).view
        await pilot.press("j", "j", "m")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        line = view.line
        await pilot.press(*"here", "enter")
        await until(pilot, lambda: "note written" in said(app))
        assert view.line == line
        lines = path.read_text().splitlines()
        assert lines[-1].endswith(f'"note":"here","on":{line}}}')
        await until(
            pilot, lambda: bool(view.log_shown and view.log_shown.index.lines == len(lines))
        )
        await pilot.press("G")
        await until(pilot, lambda: "here" in view.render_line(view.cursor).text)
        path.unlink()
        path.mkdir()
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press("x", "enter")
        await until(pilot, lambda: "cannot write" in said(app))
    assert app.session is not None
    app.session.finish()


async def test_a_note_in_a_session_that_has_gone_is_said(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read anew after the note was written, and somebody may have been quicker."""

    def reload(_: OpenSession) -> None:
        raise SessionUnreadable("there is no file echo.ws.jsonl", path="")

    monkeypatch.setattr(OpenSession, "reload", reload)
    path = tmp_path / "echo.ws.jsonl"
    path.write_bytes((SESSIONS / "echo.ws.jsonl").read_bytes())
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press(*"here", "enter")
        await until(pilot, lambda: "there is no file" in said(app))
    assert app.session is not None
    app.session.finish()
