"""The tour: when it comes, what it shows, and that it is in nobody's way."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.conftest import main_of, until, until_state
from wsdebug.engine.background import BackgroundEngine
from wsdebug.engine.options import ConnectOptions
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import use_keymap
from wsdebug.tui.keys import keys_of
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.layout import arrange
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.palette import commands_of
from wsdebug.tui.start import StartScreen
from wsdebug.tui.tour import TourStrip
from wsdebug.tui.tour_steps import STEPS, place, words_of
from wsdebug.workspace.config import Config

SIZES = [(80, 24), (100, 30), (140, 45), (200, 60)]


@pytest.fixture
def first(desk: Desk) -> Iterator[WsdebugApp]:
    """`wsdebug` at its first start."""
    app = WsdebugApp(desk)
    yield app
    app.finish_sessions()


def strips(app: WsdebugApp) -> list[TourStrip]:
    """Those in sight, in their place."""
    return [strip for strip in app.screen.query(TourStrip) if strip.display and strip.region]


def title(app: WsdebugApp) -> str:
    """Of the step that is shown."""
    return str(app.screen.query_one("TourStrip .title").render()) if strips(app) else ""


async def to_step(app: WsdebugApp, pilot: Pilot[int], number: int) -> None:
    """Wait for a step, from 1."""
    await until(pilot, lambda: title(app).startswith(f"{number} of 6"))


@pytest.mark.parametrize("size", SIZES)
async def test_six_steps_on_the_real_screen(
    first: WsdebugApp, desk: Desk, size: tuple[int, int]
) -> None:
    """Each beside what it is about, which has the focus; nothing of it is cut off."""
    async with first.run_test(size=size) as pilot:
        await to_step(first, pilot, 1)
        start = first.screen
        assert isinstance(start, StartScreen)
        field, strip = start.query_one("#start-url").region, strips(first)[0].region
        assert 0 < strip.y - field.bottom <= 3
        assert start.query_one("UrlField").has_focus
        assert "tour" in desk.seen
        await pilot.press("ctrl+n")
        await to_step(first, pilot, 2)
        await until_state(pilot, first, "open")
        main = main_of(first)
        log, inspector = main.query_one(LogRegion), main.query_one(Inspector)
        composer = main.query_one(Composer)
        await until(pilot, lambda: log.view.has_focus)
        steps: list[tuple[int, Widget, Callable[[], bool]]] = [
            (2, log, lambda: log.view.has_focus),
            (3, inspector, lambda: inspector.has_focus),
            (4, composer, lambda: composer.is_active),
            (5, log, lambda: log.view.has_focus),
            (6, main.query_one("#status"), lambda: log.view.has_focus),
        ]
        for number, place, focused in steps:
            await to_step(first, pilot, number)
            await until(pilot, focused)
            await until(pilot, lambda: strips(first)[0].region.height > 2)
            await pilot.pause()
            region = strips(first)[0].region
            assert main.region.contains_region(region)
            assert main.query_one("#tour-words").size.height == region.height - 1
            grown = Region(*region.offset, region.width, region.height + 1).grow((1, 0, 0, 0))
            assert grown.overlaps(place.region), number
            await pilot.press("ctrl+n")
        await until(pilot, lambda: not strips(first))
        assert log.view.has_focus


async def test_what_it_speaks_of_can_be_tried(first: WsdebugApp) -> None:
    """The sample is sent and comes back, while the step stays."""
    async with first.run_test(size=(100, 30)) as pilot:
        await to_step(first, pilot, 1)
        await pilot.press("ctrl+n")
        await until_state(pilot, first, "open")
        for number in (2, 3):
            await to_step(first, pilot, number)
            await pilot.press("ctrl+n")
        await to_step(first, pilot, 4)
        main = main_of(first)
        await until(pilot, lambda: main.query_one(Composer).text == '{"op":"hello","id":1}')
        await pilot.press("ctrl+j")
        await until(pilot, lambda: len(main.session.log or ()) == 4)
        assert title(first).startswith("4 of 6")
        await pilot.press("alt+b")
        await to_step(first, pilot, 3)


@pytest.mark.parametrize("steps", range(6))
async def test_escape_skips_it_at_any_step(first: WsdebugApp, steps: int) -> None:
    """Once; then escape is what it always is, and the keys of the tour are nobody's."""
    async with first.run_test(size=(80, 24)) as pilot:
        await to_step(first, pilot, 1)
        for number in range(steps):
            await to_step(first, pilot, number + 1)
            await pilot.press("ctrl+n")
        await to_step(first, pilot, steps + 1)
        await pilot.press("escape")
        await until(pilot, lambda: not strips(first))
        listed = {
            key for group in keys_of(first.screen) for line in group.lines for key in line.keys
        }
        assert not {"ctrl+n", "alt+b"} & listed
        await pilot.press("ctrl+n", "escape")
        assert not strips(first)
        assert isinstance(first.screen, StartScreen) == (steps == 0)


async def test_the_next_start_is_without_it(first: WsdebugApp, desk: Desk) -> None:
    """Although there still is nothing to open."""
    desk.seen.add("tour")
    async with first.run_test() as pilot:
        await until(pilot, lambda: isinstance(first.screen, StartScreen))
        await first.workers.wait_for_complete()
        await pilot.pause()
        assert not strips(first)


async def test_with_something_to_open_there_is_none(first: WsdebugApp, tmp_path: Path) -> None:
    """That is no first start."""
    (tmp_path / "sessions").mkdir()
    session = '{"wsdebug":1}\n{"t":0,"dir":"event","event":"end"}\n'
    (tmp_path / "sessions" / "a.ws.jsonl").write_text(session)
    async with first.run_test() as pilot:
        await until(pilot, lambda: isinstance(first.screen, StartScreen))
        await first.workers.wait_for_complete()
        await pilot.pause()
        assert "tour" not in first.desk.seen
        assert not strips(first)


async def test_a_connection_of_ones_own_is_shown_too(first: WsdebugApp, desk: Desk) -> None:
    """The tour goes on where the URL led, and types nothing there."""
    async with first.run_test(size=(100, 30)) as pilot:
        await to_step(first, pilot, 1)
        await pilot.press(*f"{desk.demo_url()}echo".removeprefix("ws://"), "enter")
        await to_step(first, pilot, 2)
        await until_state(pilot, first, "open")
        for number in (3, 4):
            await pilot.press("ctrl+n")
            await to_step(first, pilot, number)
        assert main_of(first).query_one(Composer).text == ""


async def test_leaving_while_its_next_step_comes_is_no_fault(first: WsdebugApp, desk: Desk) -> None:
    """The screen that it was for is on its way out."""
    async with first.run_test(size=(100, 30)) as pilot:
        await to_step(first, pilot, 1)
        session = desk.new_session(ConnectOptions(url=desk.demo_url()))
        main = first.show_session(session, connect=False)
        await to_step(first, pilot, 2)
        first.exit(0)
        first._continue_on(main)
    assert (first.failure, first.return_value) == (None, 0)
    session.finish()


async def test_the_palette_has_it(desk: Desk) -> None:
    """On the main screen, from the first step, and at another size in its place."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        (tour,) = [one for one in commands_of(main_of(app)) if one.title == "Tour"]
        assert tour.keys == ("shift+f1",)
        await pilot.press("shift+f1")
        await to_step(app, pilot, 1)
        assert "^L changes the address" in str(app.screen.query_one("#tour-words").render())
        bar = main_of(app).query_one(ConnectionBar).region
        await until(pilot, lambda: strips(app)[0].region.y == bar.bottom)
        await pilot.press("alt+b")
        await to_step(app, pilot, 1)
        await pilot.press("ctrl+n")
        await to_step(app, pilot, 2)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: strips(app)[0].region.width == 80)
        assert strips(app)[0].region.bottom == main_of(app).query_one(LogRegion).region.bottom
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, KeysHelp))
        await pilot.press("escape")
        await until(pilot, lambda: bool(strips(app)))
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: not strips(app))


async def test_its_hints_are_buttons(desk: Desk) -> None:
    """As all hints are."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        await pilot.press("shift+f1")
        await to_step(app, pilot, 1)
        await pilot.pause()
        await pilot.click("TourStrip HintRow", offset=(1, 0))
        await to_step(app, pilot, 2)
        await pilot.pause()
        await pilot.click("TourStrip HintRow", offset=(12, 0))
        await to_step(app, pilot, 1)


async def test_it_goes_with_its_tab(desk: Desk) -> None:
    """Another tab has none, and its keys are its own."""
    session = desk.new_session(ConnectOptions("ws://127.0.0.1:9/"))
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=(140, 45)) as pilot:
        await until(pilot, lambda: bool(app.tabs))
        await pilot.press("shift+f1")
        await to_step(app, pilot, 1)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(app.tabs) == 2 and app.screen is app.tabs[1])
        assert not strips(app)
        await pilot.press("ctrl+n", "escape", "ctrl+pageup")
        await until(pilot, lambda: bool(strips(app)))


def test_keys_are_named_as_they_are(home: Path) -> None:
    """By the keymap, and in ASCII where that is wanted."""
    engine = BackgroundEngine()
    try:
        WsdebugApp(Desk(engine, config=Config(keymap={"edit_url": "f24"})))
        assert words_of(STEPS[0], UNICODE, is_first=False).plain.startswith("F24 changes")
    finally:
        use_keymap({})
        engine.stop()
    assert words_of(STEPS[1], ASCII, is_first=False).plain.isascii()
    assert "→ you sent it, ← it came" in words_of(STEPS[1], UNICODE, is_first=False).plain


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", STEPS)
def test_it_always_has_room(size: tuple[int, int], step: object) -> None:
    """Above the last row, whatever is open."""
    width, height = size
    for composer, is_open in ((1, False), (8, True), (None, False)):
        regions = arrange(width, height, composer_rows=composer, inspector_open=is_open)
        found = place(
            step.at,  # type: ignore[attr-defined]
            lambda _: 5,
            screen=Size(width, height),
            log=regions.log,
            inspector=regions.inspector,
            composer=regions.composer,
        )
        assert Region(0, 0, width, height - 1).contains_region(found)
        assert found.width >= 40
