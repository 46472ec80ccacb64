"""Keys that belong to more than one: ctrl+c and undo."""

import pytest

from tests.tui.conftest import main_of, until, until_state
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.clipboard import Clipboard
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.in_browser import DRIVER, VARIABLE
from wsdebug.tui.keys import keys_of
from wsdebug.tui.palette import commands_of
from wsdebug.tui.question import Question
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.status_line import StatusLine


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was copied."""
    texts: list[str] = []

    def copy(_: Clipboard, text: str) -> str:
        texts.append(text)
        return "tmux"

    monkeypatch.setattr(Clipboard, "copy", copy)
    return texts


async def test_ctrl_c_copies_what_is_chosen_and_quits_where_nothing_is(
    app: WsdebugApp, copied: list[str]
) -> None:
    """As terminal users expect of both."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"hello", "shift+left", "shift+left", "ctrl+c")
        await until(pilot, lambda: copied == ["lo"])
        editor = app.screen.query_one(Editor)
        await pilot.press("end", "ctrl+v")
        assert editor.text == "hellolo"
        await pilot.press("ctrl+c")
        await until(pilot, lambda: isinstance(app.screen, Question))
        assert copied == ["lo"]


async def test_ctrl_c_copies_on_other_screens_too(app: WsdebugApp) -> None:
    """What is chosen in a field of the settings can be pasted."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, SettingsScreen))
        app.screen.query_one("#servername").focus()
        await pilot.press(*"a.example", "shift+home", "ctrl+c", "end", "ctrl+v")
        assert app.screen.query_one("#servername").value == "a.examplea.example"  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["ctrl+underscore", "alt+z", "ctrl+slash"])
async def test_undo_has_a_key_beside_that_of_the_shell(app: WsdebugApp, key: str) -> None:
    """It is listed, and ctrl+y does again what was undone."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        editor = app.screen.query_one(Editor)
        await pilot.press(*"ab", "ctrl+w")
        assert editor.text == ""
        await pilot.press(key)
        assert editor.text == "ab"
        await pilot.press("ctrl+y")
        assert editor.text == ""
        listed = {k: line.title for group in keys_of(app.screen) for line in group.lines
                  for k in line.keys}  # fmt: skip
        assert (listed[key], listed["ctrl+y"]) == ("Undo", "Redo")
        assert listed["ctrl+z"] == "Suspend"
        assert listed["ctrl+c"] == "Copy what is chosen, else quit"
        titles = [command.title for command in commands_of(main_of(app))]
        assert "Quit" in titles
        assert "Copy what is chosen, else quit" not in titles


async def test_what_needs_a_terminal_says_so_in_a_browser(
    app: WsdebugApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the palette before, and in the status line after."""
    monkeypatch.setenv(VARIABLE, DRIVER)
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        main = main_of(app)
        reasons = {command.title: command.why_not for command in commands_of(main)}
        for title in ("Suspend", "Open in pager", "Open in editor"):
            assert reasons[title] == "there is no terminal behind a browser"
        await pilot.press("ctrl+z")
        assert main.query_one(StatusLine).recent[-1].text.startswith("there is no shell")
