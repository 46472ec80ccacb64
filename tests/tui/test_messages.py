"""Messages sent before and kept by a name, chosen from one list."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.conftest import main_of, until, until_state
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_model import Draft
from wsdebug.tui.compose_raw import RawForm
from wsdebug.tui.compose_raw_model import RawDraft
from wsdebug.tui.composer import Composer
from wsdebug.tui.desk import Desk
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.message_dialog import MessageDialog, MessageRow
from wsdebug.tui.palette import Palette
from wsdebug.tui.settings_form import Check
from wsdebug.workspace.history import SentMessage


@pytest.fixture
def quiet(desk: Desk) -> WsdebugApp:
    """The main screen, not connected."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    return WsdebugApp(desk, session, connect=False, compose_first=True)


def rows(app: WsdebugApp) -> list[str]:
    """The list, without the blanks at the end."""
    options = app.screen.query_one(OptionList).options
    return [str(option.prompt).rstrip() for option in options]


async def open_list(app: WsdebugApp, pilot: Pilot[int]) -> None:
    """Press the key for it."""
    await pilot.press("f7")
    await until(pilot, lambda: isinstance(app.screen, MessageDialog))


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 45)])
async def test_what_was_sent_is_found_and_loaded(
    quiet: WsdebugApp, desk: Desk, size: tuple[int, int]
) -> None:
    """At an earlier start too; the newest comes first, typing narrows the list."""
    for text in ('{"op":\n  "subscribe"}', "ping \x1b[31m", "bye"):
        desk.messages.add(SentMessage("text", text=text))
    desk.messages.add(SentMessage("binary", "hex", "00 01"))
    async with quiet.run_test(size=size) as pilot:
        await pilot.pause()
        composer = main_of(quiet).query_one(Composer)
        await pilot.press(*"half")
        await open_list(quiet, pilot)
        assert rows(quiet) == [
            "binary  00 01",
            "text    bye",
            "text    ping \\x1b[31m",
            'text    {"op": "subscribe"}',
        ]
        assert quiet.screen.region.contains_region(quiet.screen.query_one("#dialog").region)
        await pilot.press(*"SCRIBE op")
        await until(pilot, lambda: rows(quiet) == ['text    {"op": "subscribe"}'])
        await pilot.press("enter")
        await until(pilot, lambda: composer.text == '{"op":\n  "subscribe"}')
        await until(pilot, lambda: composer.query_one(Editor).has_focus)
        await pilot.press("ctrl+underscore")
        await until(pilot, lambda: composer.text == "half")


async def test_up_down_and_escape(quiet: WsdebugApp, desk: Desk) -> None:
    """The cursor stops at the ends; a kind changes with what is loaded."""
    desk.messages.add(SentMessage("ping", text="old"))
    desk.messages.add(SentMessage("text", text="new"))
    async with quiet.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        composer = main_of(quiet).query_one(Composer)
        await open_list(quiet, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: quiet.screen is main_of(quiet))
        assert composer.draft == Draft()
        await open_list(quiet, pilot)
        await pilot.press("down", "down", "down", "up", "pagedown", "enter")
        await until(pilot, lambda: composer.draft == Draft("ping", text="old"))


async def test_nothing_to_choose(quiet: WsdebugApp) -> None:
    """Is said, and enter does nothing."""
    async with quiet.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await open_list(quiet, pilot)
        assert "Nothing was sent yet" in str(quiet.screen.query_one("#message-none").render())
        await pilot.press("enter", "down")
        assert isinstance(quiet.screen, MessageDialog)


async def test_a_message_is_kept_and_filled_in(quiet: WsdebugApp, desk: Desk, home: Path) -> None:
    """Each placeholder is asked for once; an empty value is one."""
    text = '{"id":"{{id}}","again":"{{id}}","tag":"{{tag}}"}'
    async with quiet.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        composer = main_of(quiet).query_one(Composer)
        composer.load(Draft(text=text))
        await pilot.press("alt+k")
        await until(pilot, lambda: isinstance(quiet.screen, LineDialog))
        await pilot.press(*"hello", "enter")
        await until(
            pilot,
            lambda: desk.kept.named() == {"hello": SentMessage("text", text=text, code="1000")},
        )
        assert (home / "messages.json").stat().st_mode & 0o777 == 0o600
        composer.load(Draft(text="unsent"))
        await open_list(quiet, pilot)
        assert rows(quiet)[0].startswith("hello  text    {")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(quiet.screen, LineDialog))
        await pilot.press("7", " ", "enter")
        await until(pilot, lambda: "tag" in str(quiet.screen.query_one(".label").render()))
        assert composer.text == "unsent"
        await pilot.press("enter")
        await until(pilot, lambda: composer.text == '{"id":"7 ","again":"7 ","tag":""}')


async def test_leaving_a_placeholder_leaves_all(quiet: WsdebugApp, desk: Desk) -> None:
    """The composer stays as it is."""
    desk.kept.keep("x", SentMessage("text", text="{{a}}"))
    async with quiet.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"mine")
        await open_list(quiet, pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(quiet.screen, LineDialog))
        await pilot.press("escape")
        await until(pilot, lambda: quiet.screen is main_of(quiet))
        assert main_of(quiet).query_one(Composer).text == "mine"


async def test_the_palette_loads_and_forgets(quiet: WsdebugApp, desk: Desk) -> None:
    """A close frame too, with its code."""
    desk.kept.keep("leave", SentMessage("close", code="4000", reason="done"))
    desk.kept.keep("later", SentMessage("smoke", text="of a later version"))
    async with quiet.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        commands = {command.title: command for command in main_of(quiet).own_commands()}
        assert list(commands) == ["Message: leave", "Forget the message leave"]
        await quiet.push_screen(Palette())
        await pilot.press(*"message: leave")
        listed = quiet.screen.query_one("CommandList", OptionList)
        await until(
            pilot, lambda: "Message: leave" in str([option.prompt for option in listed.options][:1])
        )
        await pilot.press("enter")
        composer = main_of(quiet).query_one(Composer)
        await until(pilot, lambda: composer.draft.reason == "done")
        assert (composer.kind, composer.draft.code) == ("close", "4000")
        forget = commands["Forget the message leave"].run
        assert callable(forget)
        forget()
        assert list(desk.kept.named()) == ["later"]


async def test_what_cannot_be_kept(quiet: WsdebugApp) -> None:
    """Is said in the last row."""
    async with quiet.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("alt+k")
        await pilot.pause()
        assert "nothing is typed" in str(main_of(quiet).query_one("#status").render())


async def test_a_raw_frame_is_kept_filled_in_and_sent_again(
    app: WsdebugApp, desk: Desk, home: Path
) -> None:
    """With every bit as it was set, from the list and from the palette."""
    frame = RawDraft(rsv2=True, opcode=3, payload="{{what}} 21", form="hex")
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        composer = main_of(app).query_one(Composer)
        composer.load_raw(frame)
        composer.focus_input()
        await pilot.pause()
        await pilot.press("alt+k")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press(*"odd", "enter")
        await until(pilot, lambda: "odd" in desk.kept.named())
        composer.load_raw(RawDraft())
        composer.kind = "text"
        await open_list(app, pilot)
        assert rows(app)[0] == "odd  raw     0x3 FIN RSV2 {{what}} 21"
        await pilot.press(*"rsv2", "enter")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press(*"68 69", "enter")
        await until(pilot, lambda: composer.kind == "raw")
        form = composer.query_one(RawForm)
        assert form.draft == RawDraft(rsv2=True, opcode=3, payload="68 69 21", form="hex")
        assert form.query_one("#raw-rsv2", Check).value
        await pilot.press("ctrl+j")
        await until(pilot, lambda: len(main_of(app).session.log or ()) > 1)
        assert {"Message: odd", "Forget the message odd"} <= {
            command.title for command in main_of(app).own_commands()
        }


def test_a_row_is_one_line() -> None:
    """Whatever the draft."""
    assert MessageRow(Draft(text=" a\n\tb ")).text == "a b"
    assert MessageRow(Draft("close", code="1001", reason="away")).text == "1001 away"
    assert MessageRow(Draft(text="x"), "Feed").has(["feed", "text", "x"])
    assert not MessageRow(Draft(text="x"), "Feed").has(["feed", "y"])
