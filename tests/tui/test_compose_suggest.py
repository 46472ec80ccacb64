"""JSON that completes itself by what was seen in the log."""

import pytest

from tests.tui.conftest import main_of, until, until_state
from tests.tui.test_composer import Host, press, shown
from wsdebug.payload.json_names import JsonNames
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_rows import LastRow
from wsdebug.tui.keys import keys_of

SEEN = JsonNames()
SEEN.add('{"type": "subscribe", "channel": "ticker"}')


@pytest.mark.parametrize("key", ["tab", "right"])
async def test_a_key_takes_what_is_suggested(key: str) -> None:
    """A name, then the string that stood there."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        editor = host.query_one(Editor)
        editor.see(SEEN)
        await press(pilot, [*'{"ty'])
        assert editor.suggestion == 'pe": '
        assert "   type" in shown(host, "LastRow")
        await pilot.press(key, key)
        assert editor.text == '{"type": "subscribe"'


async def test_several_can_be_gone_through() -> None:
    """The last row lists them from the suggested one on; what is typed keeps it."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        editor = host.query_one(Editor)
        editor.see(SEEN)
        await press(pilot, ["{"])
        assert "   type  channel " in shown(host, "LastRow")
        await pilot.press("alt+down")
        assert "   channel  type " in shown(host, "LastRow")
        await pilot.press('"')
        assert editor.suggestion == 'channel": '
        await pilot.press("alt+up", "alt+up", "tab")
        assert editor.text == '{"channel": '


async def test_tab_goes_on_where_nothing_is_suggested() -> None:
    """To the row of options, as ever; and the keys of a suggestion are in the help while there."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        editor = host.query_one(Editor)
        editor.see(SEEN)

        def titles() -> list[str]:
            return [line.title for group in keys_of(host.screen) for line in group.lines]

        await press(pilot, ["{"])
        assert "Take what is suggested" in titles()
        await pilot.press("}")
        assert "Take what is suggested" not in titles()
        await pilot.press("tab")
        assert host.query_one(LastRow).has_focus


async def test_nothing_is_suggested_out_of_place() -> None:
    """In text, in bytes, before other words, and while nobody is there."""
    host = Host()
    async with host.run_test(size=(80, 24)) as pilot:
        editor = host.query_one(Editor)
        editor.see(SEEN)
        await press(pilot, [*'{"ty'])
        assert editor.suggestion
        host.query_one("Button").focus()
        await pilot.pause()
        assert not editor.suggestion
        assert host.query_one(LastRow).offered == ()
        await press(pilot, ["left"])
        assert not editor.suggestion
        await pilot.press("right", "f3", "{")
        assert not editor.suggestion


async def test_what_the_log_has_is_suggested(app: WsdebugApp) -> None:
    """Also what came only after the last look."""
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        main = main_of(app)
        editor = main.query_one(Editor)
        await pilot.press(*'{"alpha": "beta", "token": "xyz"}', "ctrl+j")
        await until(pilot, lambda: main.session.counters.frames_in > 0)
        await pilot.press(*'{"al')
        await until(pilot, lambda: editor.suggestion == 'pha": ')
        await pilot.press("tab", "tab")
        assert editor.text == '{"alpha": "beta"'
        await pilot.press(*', "token": ')
        assert not editor.suggestion
