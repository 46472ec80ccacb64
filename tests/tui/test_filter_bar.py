"""The filter bar on a real session: typed, wrong, kept, and going from match to match."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until, until_state
from wsdebug.log.filter_terms import TERMS
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.composer import Composer
from wsdebug.tui.desk import Desk
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keys_help import KeysHelp, KeyTable
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.log_region import LogRegion, LogTitles
from wsdebug.tui.palette import Palette

SESSIONS = Path(__file__).parents[2] / "sessions"
SIZES = [(80, 24), (100, 30), (200, 60)]


@pytest.fixture
def echo(desk: Desk) -> WsdebugApp:
    """The recorded echo session: lines 7 to 18."""
    return WsdebugApp(desk, desk.open_file(SESSIONS / "echo.ws.jsonl"), connect=False)


def view_of(app: WsdebugApp) -> FrameLogView:
    """The rows."""
    return main_of(app).query_one(LogRegion).view


def rows_of(app: WsdebugApp) -> list[str]:
    """The rows on the screen."""
    view = view_of(app)
    count = view.virtual_size.height
    return [view.render_line(y).text.strip() for y in range(min(count, view.size.height))]


def heading_of(app: WsdebugApp) -> str:
    """The heading's words."""
    region = main_of(app).query_one(LogRegion)
    region.show_heading()
    return region.query_one(LogHeading).render_line(0).text


def found(app: WsdebugApp) -> int | None:
    """How many rows the filter has taken once it is through."""
    lines = view_of(app).matches.lines
    return len(lines) if lines is not None and lines.is_complete else None


@pytest.mark.parametrize("size", SIZES)
async def test_typing_hides_the_other_rows_and_says_how_many(
    echo: WsdebugApp, size: tuple[int, int]
) -> None:
    """At each key; enter keeps it and goes to the rows; escape there shows all again."""
    async with echo.run_test(size=size) as pilot:
        await pilot.press("slash", *"op:text -dir:out")
        await until(pilot, lambda: found(echo) == 2)
        await until(pilot, lambda: len(rows_of(echo)) == 2)
        assert all("text" in row for row in rows_of(echo))
        await until(pilot, lambda: "2/12 rows" in heading_of(echo))
        await pilot.press("enter")
        await until(pilot, lambda: view_of(echo).has_focus)
        assert "/ op:text -dir:out" in heading_of(echo)
        await pilot.press("escape")
        await until(pilot, lambda: len(rows_of(echo)) == 12)
        assert "12 rows" in heading_of(echo)
    assert echo.session is not None
    echo.session.finish()


@pytest.mark.parametrize("size", SIZES)
async def test_a_mistake_is_shown_at_its_place(echo: WsdebugApp, size: tuple[int, int]) -> None:
    """Under the character, in words; the focus stays until it is mended."""
    async with echo.run_test(size=size) as pilot:
        await pilot.press("slash", *"dir:in ")
        await until(pilot, lambda: found(echo) == 5)
        await pilot.press(*"op:", "enter")
        titles = main_of(echo).query_one(LogTitles)
        await until(pilot, lambda: bool(titles.problem))
        await pilot.pause()
        field = main_of(echo).query_one(LogHeading).field
        assert field.has_focus
        assert field.has_class("-wrong")
        text = titles.render_line(0).text
        place = field.region.x + 1 + len("dir:in op:") - titles.region.x
        assert text.index("^") == place
        assert "a value is missing after op:" in text
        await pilot.press(*"text", "enter")
        await until(pilot, lambda: view_of(echo).has_focus)
        assert not titles.problem
    assert echo.session is not None
    echo.session.finish()


async def test_matches_are_gone_through_without_hiding_rows(echo: WsdebugApp) -> None:
    """Tab in the field shows all rows; n and N go from match to match and stop at the ends."""
    async with echo.run_test(size=(140, 45)) as pilot:
        await pilot.press("slash", *"op:text", "tab", "enter")
        await until(pilot, lambda: found(echo) == 4)
        assert len(rows_of(echo)) == 12
        assert "4 found" in heading_of(echo)
        lines = []
        for key in ("g", "n", "n", "n", "n", "n", "N"):
            await pilot.press(key)
            await pilot.pause()
            lines.append(view_of(echo).line)
        assert lines == [7, 8, 9, 13, 14, 14, 13]
    assert echo.session is not None
    echo.session.finish()


async def test_a_live_log_is_filtered_as_it_grows(app: WsdebugApp, desk: Desk) -> None:
    """New rows that match come in, and the log goes on following."""
    async with app.run_test(size=(140, 45)) as pilot:
        await until_state(pilot, app, "open")
        await pilot.press("escape", "slash", *"dir:in", "enter")
        main = main_of(app)
        for count in (1, 2):
            main.query_one(Composer).focus_input()
            await pilot.press(*"hi", "ctrl+j", "escape")
            await until(pilot, lambda count=count: found(app) == count)  # type: ignore[misc]
            await until(pilot, lambda count=count: len(rows_of(app)) == count)  # type: ignore[misc]
        assert view_of(app).is_following


async def test_a_filter_is_kept_by_a_name_and_offered_in_the_palette(
    echo: WsdebugApp, desk: Desk
) -> None:
    """And one that was used completes the next."""
    async with echo.run_test(size=(140, 45)) as pilot:
        await pilot.press("slash", *"op:ping", "ctrl+s")
        await until(pilot, lambda: isinstance(echo.screen, LineDialog))
        await pilot.press(*"beats", "enter")
        await until(pilot, lambda: desk.filters.named() == {"beats": "op:ping"})
        await until(pilot, lambda: not isinstance(echo.screen, LineDialog))
        await pilot.press("enter", "escape")
        await until(pilot, lambda: view_of(echo).matches.query is None)
        assert desk.filters.known() == ["op:ping"]
        await pilot.press("slash", "o", "right", "enter")
        await until(pilot, lambda: "/ op:ping" in heading_of(echo))
        await pilot.press("escape")
        await palette(pilot, echo, "Filter: beats")
        await until(pilot, lambda: found(echo) == 1)
        assert "/ op:ping" in heading_of(echo)
        await palette(pilot, echo, "Forget the filter beats")
        await until(pilot, lambda: desk.filters.named() == {})
    assert echo.session is not None
    echo.session.finish()


async def test_the_inspectors_value_filters(echo: WsdebugApp) -> None:
    """Rows whose message has the same value there; of an object, rows that have one."""
    async with echo.run_test(size=(140, 45)) as pilot:
        await pilot.press("j", "f6", "j", "f")
        await until(pilot, lambda: '/ $.type=="order"' in heading_of(echo))
        await until(pilot, lambda: found(echo) == 2)
        await until(pilot, lambda: '"type"' in main_of(echo).query_one(Inspector).text)
        await pilot.press("k", "f")
        await until(pilot, lambda: "/ $ " in heading_of(echo))
    assert echo.session is not None
    echo.session.finish()


@pytest.mark.parametrize("size", SIZES)
async def test_f1_in_the_field_explains_every_term(echo: WsdebugApp, size: tuple[int, int]) -> None:
    """With the keys of the field; all of it can be scrolled to."""
    async with echo.run_test(size=size) as pilot:
        await pilot.press("slash", "f1")
        await until(pilot, lambda: isinstance(echo.screen, KeysHelp))
        table = echo.screen.query_one(KeyTable)
        words = " ".join(str(table.render()).split())
        for term in TERMS:
            assert term.form in words
            assert term.example.split()[-1] in words
        assert "Hide the other rows" in words
        assert "/ Filter" not in words  # it would be typed
    assert echo.session is not None
    echo.session.finish()


async def test_the_heading_is_a_button(echo: WsdebugApp) -> None:
    """A click on it begins a filter, which those of before complete."""
    async with echo.run_test(size=(140, 45)) as pilot:
        echo.desk.filters.add("op:ping")
        await pilot.click(LogHeading, offset=(14, 0))
        heading = main_of(echo).query_one(LogHeading)
        await until(pilot, lambda: heading.is_editing)
        assert heading.field.suggester is not None
    assert echo.session is not None
    echo.session.finish()


async def palette(pilot: Pilot[int], app: WsdebugApp, name: str) -> None:
    """Choose an entry of the palette by its name."""
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(app.screen, Palette))
    await pilot.press(*name)
    options = app.screen.query_one("CommandList")
    await until(pilot, lambda: options.option_count == 1)  # type: ignore[attr-defined]
    await pilot.press("enter")
    await until(pilot, lambda: not isinstance(app.screen, Palette))


async def test_a_long_session_is_prepared_while_a_filter_is_typed(
    desk: Desk, tmp_path: Path
) -> None:
    """So that what is typed is found at once."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"url":"ws://h/"}\n' + '{"t":1.000000,"recv":"hello"}\n' * 100_000)
    app = WsdebugApp(desk, desk.open_file(path), connect=False)
    async with app.run_test() as pilot:
        log = view_of(app).matches._log
        assert log is not None
        await until(pilot, log.complete.is_set)
        assert not len(log.plain)
        await pilot.press("/")
        await until(pilot, lambda: len(log.plain) >= 2)
