"""Messages sent again and again, and files line by line, with a stop in sight."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until, until_state
from wsdebug.engine.options import ConnectOptions
from wsdebug.session.frames import FrameLine
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.compose_model import Draft
from wsdebug.tui.composer import Composer
from wsdebug.tui.desk import Desk
from wsdebug.tui.field import Field
from wsdebug.tui.pace_dialog import PaceDialog


def status(app: WsdebugApp) -> str:
    """The last row."""
    return str(main_of(app).query_one("#status").render())


async def ask(app: WsdebugApp, pilot: Pilot[int], key: str) -> None:
    """Open the dialog."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, PaceDialog))


async def fill(app: WsdebugApp, pilot: Pilot[int], **values: str) -> None:
    """Type into the dialog."""
    for name, value in values.items():
        app.screen.query_one(f"#pace-{name}", Field).value = value
    await pilot.pause()


def said(app: WsdebugApp) -> str:
    """What is wrong, in the dialog."""
    return str(app.screen.query_one("Note").render())


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 45)])
async def test_a_message_is_sent_until_it_is_stopped(
    app: WsdebugApp, size: tuple[int, int]
) -> None:
    """The last row says so all the time, with the key; the text stays in the composer."""
    async with app.run_test(size=size) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"hi")
        await ask(app, pilot, "alt+r")
        assert app.screen.region.contains_region(app.screen.query_one("#dialog").region)
        await fill(app, pilot, every="3600")
        await pilot.press("enter")
        await until(pilot, lambda: "sending every 3600 s, 1 sent" in status(app))
        assert "alt+s stop" in status(app)
        main_of(app).say("another message")
        await pilot.pause()
        assert "alt+s stop" in status(app)
        await pilot.press("alt+r")
        await until(pilot, lambda: "one thing at a time: alt+s stops" in status(app))
        await pilot.press("alt+s")
        await until(pilot, lambda: main_of(app).sending == "")
        await until(pilot, lambda: status(app).startswith("1 sent"))
        await until(pilot, lambda: "alt+s stop" not in status(app))
        assert main_of(app).query_one(Composer).text == "hi"
        assert main_of(app).session.counters.frames_out == 1


async def test_so_many_times(app: WsdebugApp) -> None:
    """And no more; a binary message in frames of its own size."""
    async with app.run_test(size=(100, 30)) as pilot:
        await until_state(pilot, app, "open")
        composer = main_of(app).query_one(Composer)
        composer.fragment = 1
        composer.load(Draft("binary", "hex", "00 01"))
        await ask(app, pilot, "alt+r")
        await fill(app, pilot, every="0", count="1,000")
        await pilot.press("enter")
        await until(pilot, lambda: "1,000 sent" in status(app))
        await until(pilot, lambda: main_of(app).session.counters.frames_out >= 2000)
        await until(pilot, lambda: main_of(app).session.counters.frames_in >= 1000)
        assert main_of(app).session.counters.frames_out == 2000


async def test_the_end_of_the_connection_stops_it(app: WsdebugApp) -> None:
    """At once, though the next one is due much later."""
    async with app.run_test(size=(100, 30)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"hi")
        await ask(app, pilot, "alt+r")
        await fill(app, pilot, every="3600")
        await pilot.press("enter")
        await until(pilot, lambda: "1 sent" in main_of(app).sending)
        await pilot.press("f5")
        await until(pilot, lambda: main_of(app).sending == "")
        await until_state(pilot, app, "closed")


async def test_a_file_line_by_line(app: WsdebugApp, tmp_path: Path) -> None:
    """Each line is a text message; empty ones are none."""
    file = tmp_path / "lines.txt"
    file.write_text('{"a":1}\r\n\nhé\nbye', encoding="utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        await ask(app, pilot, "alt+l")
        await fill(app, pilot, file="lines.txt", every="0")
        await pilot.press("enter")
        await until(pilot, lambda: status(app).startswith("3 sent"))
        log = main_of(app).session.log
        assert log is not None
        frames = [line for line in log if isinstance(line, FrameLine) and line.sent]
        assert [line.payload for line in frames] == [b'{"a":1}', "hé".encode(), b"bye"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"\n\n", "lines.txt has no lines to send"), (b"a\n\xff", "lines.txt is not UTF-8 at byte 2")],
)
async def test_a_file_without_lines(
    app: WsdebugApp, tmp_path: Path, data: bytes, words: str
) -> None:
    """Is said, and nothing is sent."""
    (tmp_path / "lines.txt").write_bytes(data)
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        await ask(app, pilot, "alt+l")
        await fill(app, pilot, file="lines.txt", every="0")
        await pilot.press("enter")
        await until(pilot, lambda: words in status(app))
        assert main_of(app).session.counters.frames_out == 0


@pytest.mark.parametrize(
    ("key", "values", "words"),
    [
        ("alt+r", {"every": "often"}, "how often is a number of seconds"),
        ("alt+r", {"every": "-1"}, "how often is a number of seconds"),
        ("alt+r", {"every": "nan"}, "how often is a number of seconds"),
        ("alt+r", {"count": "0"}, "how many times is a whole number"),
        ("alt+r", {"count": "1.5"}, "how many times is a whole number"),
        ("alt+l", {"file": ""}, "the name of a file is missing"),
        ("alt+l", {"file": "nowhere"}, "there is no file nowhere"),
    ],
)
async def test_a_mistake_is_said_in_the_dialog(
    app: WsdebugApp, key: str, values: dict[str, str], words: str
) -> None:
    """Which stays until it is right."""
    async with app.run_test(size=(80, 24)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press(*"hi")
        await ask(app, pilot, key)
        await fill(app, pilot, **values)
        await pilot.press("enter")
        await until(pilot, lambda: words in said(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is main_of(app))
        assert main_of(app).sending == ""


async def test_what_is_not_sent_again(desk: Desk) -> None:
    """A close; and nothing without a connection, or where nothing runs."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    app = WsdebugApp(desk, session, connect=False, compose_first=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("alt+s")
        await until(pilot, lambda: "nothing is sent again and again" in status(app))
        await pilot.press(*"hi")
        await ask(app, pilot, "alt+r")
        await pilot.press("enter")
        await until(pilot, lambda: "not connected; F5 connects" in status(app))
        main_of(app).query_one(Composer).kind = "close"
        await pilot.pause()
        await pilot.press("alt+r")
        await until(pilot, lambda: "a close is sent once" in status(app))
