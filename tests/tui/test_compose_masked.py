"""A message whose secret is masked on the screen is never sent with the mask by oversight."""

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from tests.tui.conftest import main_of, until, until_state
from tests.tui.test_main_rows import said, send
from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import parse_url
from wsdebug.session.frames import FrameLine
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_masked import filled_in, secrets_in
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.composer import Composer
from wsdebug.tui.desk import Desk
from wsdebug.tui.field import Field
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.message_dialog import MessageDialog
from wsdebug.tui.pace_dialog import PaceDialog
from wsdebug.tui.values_dialog import ValuesDialog
from wsdebug.wire.frame import Frame

ORDER = '{"key":"hunter22","n":1}'


def text(payload: str) -> SendRequest:
    """A text message."""
    return SendRequest("text", payload)


@pytest.mark.parametrize(
    ("request_", "masks", "values", "filled"),
    [
        (text("a *** b"), ("k",), {"secret": "k"}, text("a k b")),
        (text("***-***"), ("k", "m"), {"secret": "k", "secret 2": "m"}, text("k-m")),
        (text("***-***"), ("k", "k"), {"secret": "k"}, text("k-k")),
        (text("***"), ("k", "m"), {"secret": ""}, text("")),
        (text("******"), ("k", "m"), {"secret": "k", "secret 2": "m"}, text("km")),
        (text("*** *** ***"), ("",) * 3, {"secret": ""}, text("  ")),
        (SendRequest("binary", b"\xff***"), ("ü",), {"secret": "ü"}, b"\xff\xc3\xbc"),
        (SendRequest("close", code=1000, reason="***"), ("k",), {"secret": "k"}, "k"),
        (SendRequest("raw", frame=Frame(1, b"***")), ("k",), {"secret": "k"}, b"k"),
    ],
)
def test_each_mask_has_its_value(
    request_: SendRequest,
    masks: tuple[str, ...],
    values: dict[str, str],
    filled: SendRequest | bytes | str,
) -> None:
    """Those that were there, as long as there are as many; else one for all."""
    assert secrets_in(request_, masks) == values
    made = filled_in(request_, masks, values)
    made_of = made.frame.payload if made.frame is not None else made.reason or made.payload
    assert filled in (made, made_of)


@pytest.mark.parametrize(("payload", "masks"), [("*** stars", ()), ("no star", ("k",))])
def test_stars_that_are_no_mask_are_sent(payload: str, masks: tuple[str, ...]) -> None:
    """Nothing is asked."""
    assert secrets_in(text(payload), masks) == {}


def test_many_values_are_asked_for_as_one() -> None:
    """A peer may spell a secret in thousands of ways; no dialog has as many fields."""
    masks = tuple(map(str, range(1000)))
    assert secrets_in(text("***" * 1000), masks) == {"secret": ""}


def sent(app: WsdebugApp) -> list[bytes | None]:
    """The payloads that were really sent."""
    log = main_of(app).session.whole_log
    assert log is not None
    return [line.payload for line in log if isinstance(line, FrameLine) and line.sent]


async def learn(pilot: Pilot[int], app: WsdebugApp, value: str) -> None:
    """A secret that the session knows."""
    await until_state(pilot, app, "open")
    session = main_of(app).session
    assert session._live is not None
    session._live.redactor.learn({"key": value})


@pytest.mark.parametrize("key", ["ctrl+j", "alt+r"])
async def test_a_secret_of_an_edited_row_is_asked_for(app: WsdebugApp, key: str) -> None:
    """It stands hidden in the field; enter sends it, and no mask is kept to be sent later."""
    async with app.run_test(size=(80, 24)) as pilot:
        await learn(pilot, app, "hunter22")
        await send(pilot, app, ORDER)
        await pilot.press("e")
        await until(
            pilot, lambda: "*** stands for a secret; it is asked for when you send" in said(app)
        )
        composer = main_of(app).query_one(Composer)
        assert composer.text == '{"key":"***","n":1}'
        await pilot.press("left", "backspace", "2", key)
        await until(pilot, lambda: isinstance(app.screen, ValuesDialog))
        assert app.screen.query_one(Field).password
        await pilot.press("escape")
        assert sent(app) == [ORDER.encode()]
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, ValuesDialog))
        await pilot.press("enter")
        if key == "alt+r":
            await until(pilot, lambda: isinstance(app.screen, PaceDialog))
            await pilot.press("down", "1", "enter")
        await until(pilot, lambda: len(sent(app)) == 2)
        assert sent(app)[1] == ORDER.replace("1", "2").encode()
        if key == "ctrl+j":
            assert composer.text == ""
            assert not any("***" in draft.text for draft in composer.history.newest())


async def test_what_is_undone_and_redone_is_still_asked_for(app: WsdebugApp) -> None:
    """Another row in between changes nothing."""
    async with app.run_test(size=(140, 45)) as pilot:
        await learn(pilot, app, "hunter22")
        await send(pilot, app, "plain")
        await send(pilot, app, "hunter22")
        composer, view = main_of(app).query_one(Composer), main_of(app).query_one(LogRegion).view
        await pilot.press("e")
        await until(pilot, lambda: composer.text == "***")
        await pilot.press("escape", "k", "k")
        log = main_of(app).session.log
        assert log is not None
        await until(pilot, lambda: view.line == log.index.lines - 2)
        await pilot.press("e")
        await until(pilot, lambda: composer.text == "plain")
        await pilot.press("alt+z", "ctrl+j")
        await until(pilot, lambda: isinstance(app.screen, ValuesDialog))
        await pilot.press(*"!", "enter")
        await until(pilot, lambda: sent(app)[-1] == b"hunter22!")


async def test_a_secret_that_a_file_lacks_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    """Connected again, it has no value yet."""
    path = tmp_path / "masked.ws.jsonl"
    url = f"{desk.demo_url()}echo"
    path.write_text(f'{{"url":"{url}","redacted":["key"]}}\n{{"t":1,"send":"key ***"}}\n')
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        main = main_of(app)
        await until(pilot, lambda: main.query_one(LogRegion).view.line == 2)
        await pilot.press("e")
        await until(pilot, lambda: main.query_one(Composer).text == "key ***")
        main.session.missing = None
        main.connect()
        await until_state(pilot, app, "open")
        await pilot.press("ctrl+j")
        await until(pilot, lambda: isinstance(app.screen, ValuesDialog))
        await pilot.press(*"k1", "enter")
        await until(pilot, lambda: sent(app) == [b"key k1"])
    main.session.finish()


async def test_the_port_of_a_url_may_be_a_variable(desk: Desk, tmp_path: Path) -> None:
    """Of a file that is connected again."""
    path = tmp_path / "port.ws.jsonl"
    url = f"{desk.demo_url()}echo"
    port = str(parse_url(url).port)
    header = {"url": url.replace(port, "{{port}}"), "vars": {"port": port}}
    path.write_text(f"{json.dumps(header)}\n")
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test() as pilot:
        main = main_of(app)
        main.connect()
        await until_state(pilot, app, "open")
    main.session.finish()


async def test_messages_that_were_sent_are_listed_without_their_secrets(
    desk: Desk,
) -> None:
    """What is loaded of them is as it was typed."""
    options = ConnectOptions(f"{desk.demo_url()}echo", secret=(("key", "hunter22"),))
    session = desk.new_session(options)
    app = WsdebugApp(desk, session, compose_first=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        await send(pilot, app, ORDER)
        await pilot.press("f7")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        shown = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert len(shown) == 1
        assert '{"key":"***","n":1}' in shown[0]
        await pilot.press("enter")
        await until(pilot, lambda: main_of(app).query_one(Composer).text == ORDER)
    session.finish()


async def test_a_message_is_kept_with_a_place_for_its_secret(app: WsdebugApp, desk: Desk) -> None:
    """It is asked for when it is loaded."""
    async with app.run_test(size=(80, 24)) as pilot:
        await learn(pilot, app, "hunter22")
        await send(pilot, app, ORDER)
        await pilot.press("e")
        await until(pilot, lambda: main_of(app).query_one(Composer).has_focus_within)
        await pilot.press("alt+k")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        await pilot.press(*"order", "enter")
        await until(pilot, lambda: "order" in desk.kept.named())
        assert desk.kept.named()["order"].text == '{"key":"{{secret}}","n":1}'
