"""Heartbeats folded in the log: what its rows are then, and where keys lead."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until
from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import UsageError
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.row import Row
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk
from wsdebug.tui.field import Field
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import ASCII, UNICODE, Glyphs
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.row_text import RowLayout, row_line
from wsdebug.tui.run import run_ui
from wsdebug.tui.settings_form import Note
from wsdebug.workspace.config import load_config

LINES = (
    '{"url":"ws://h/"}',
    '{"t":0.0,"recv":"hello"}',  # 2
    *(f'{{"t":{n}.0,"op":"ping","recv":"p{n}"}}' for n in range(1, 7)),  # 3 to 8
    '{"t":7.0,"recv":"world"}',  # 9
    '{"t":8.0,"op":"ping","recv":"alone"}',  # 10
    '{"t":9.0,"recv":"{\\"type\\":\\"heartbeat\\"}"}',  # 11
    '{"t":9.5,"op":"ping","bad":["long-control"],"recv":"wrong"}',  # 12
    '{"t":10.0,"recv":"{\\"type\\":\\"heartbeat\\"}"}',  # 13
    '{"t":11.0,"recv":"{\\"type\\":\\"heartbeat\\"}"}',  # 14
)


@pytest.fixture
def app(desk: Desk, tmp_path: Path) -> Iterator[WsdebugApp]:
    """The app with that session."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in LINES))
    session = desk.open_file(path)
    yield WsdebugApp(desk, session, connect=False)
    session.finish()


def view_of(app: WsdebugApp) -> FrameLogView:
    """The rows."""
    return main_of(app).query_one(LogRegion).view


def lines_of(app: WsdebugApp) -> list[str]:
    """The rows by their line numbers, those that are folds with how many they stand for."""
    view = view_of(app)
    found = []
    for y in range(view.size.height):
        words = view.render_line(y).text.translate(dict.fromkeys(map(ord, "▌▾!"), " ")).split()
        if words:
            fold = words[words.index("▸") + 1] if "▸" in words else ""
            found.append(words[0] + (f"+{fold}" if fold else ""))
    return found


async def shows(pilot: Pilot[int], app: WsdebugApp, *lines: str) -> None:
    """Wait until these rows are there."""
    await until(
        pilot, lambda: [line.strip("!") for line in lines_of(app) if line != "!"] == [*lines]
    )


def append(path: Path, data: bytes) -> None:
    """As a recorder does."""
    with path.open("ab") as file:
        file.write(data)


ALL = [str(line) for line in range(2, 15)]
FOLDED = ["2", "3+6", *ALL[7:]]


async def test_a_key_folds_runs_and_unfolds_them(app: WsdebugApp) -> None:
    """The cursor stays on its line, or on the row that has it; the heading tells how many."""
    async with app.run_test(size=(140, 40)) as pilot:
        await shows(pilot, app, *ALL)
        view, heading = view_of(app), main_of(app).query_one(LogHeading)
        await pilot.press(*"jjjj")
        assert view.line == 6
        await pilot.press("h")
        await shows(pilot, app, *FOLDED)
        assert view.line == 3
        assert view.frame_line is None
        await until(pilot, lambda: "8/13 rows" in heading.render().plain)
        await pilot.press("j")
        assert view.line == 9
        await pilot.press("h")
        await shows(pilot, app, *ALL)
        assert view.line == 9
        await until(pilot, lambda: "13 rows" in heading.render().plain)


@pytest.mark.parametrize("key", ["right", "space", "enter"])
async def test_a_fold_is_unfolded_by_itself(app: WsdebugApp, key: str) -> None:
    """And folded again, from any of its rows."""
    async with app.run_test(size=(140, 40)) as pilot:
        view = view_of(app)
        await shows(pilot, app, *ALL)
        await pilot.press("h", "g", "j")
        await shows(pilot, app, *FOLDED)
        assert view.line == 3
        await pilot.press(key)
        await shows(pilot, app, *ALL)
        assert "▾" in view.render_line(1).text
        assert 3 not in view.ticks
        await pilot.press("j", "j", "left")
        await shows(pilot, app, *FOLDED)
        assert view.line == 3


async def test_a_tick_is_seen_on_the_fold(app: WsdebugApp) -> None:
    """Whichever of its rows has it; two rows are compared as ever."""
    async with app.run_test(size=(140, 40)) as pilot:
        await shows(pilot, app, *ALL)
        await pilot.press("g", "j", "j", "j", "space", "h")
        await until(pilot, lambda: "▸" in view_of(app).render_line(1).text)
        assert "*" in view_of(app).render_line(1).text
        assert 5 in view_of(app).ticks


async def test_what_is_looked_for_is_unfolded(app: WsdebugApp) -> None:
    """A match in a fold is seen; under a filter that hides, its own rows are folded."""
    async with app.run_test(size=(140, 40)) as pilot:
        region, view = main_of(app).query_one(LogRegion), view_of(app)
        await pilot.press("h")
        await shows(pilot, app, *FOLDED)
        region.query_one(LogHeading).hides = False
        region.use_filter("p4")
        await until(pilot, lambda: view.matches.next(0, backward=False) == 6)
        await pilot.press("g", "n")
        await shows(pilot, app, *ALL)
        assert view.line == 6
        region.query_one(LogHeading).hides = True
        region.use_filter("-world -heartbeat")
        await shows(pilot, app, "2", "3+7", "12")
        await pilot.press("b")
        assert view.line == 12


async def test_what_heartbeats_are_can_be_said(app: WsdebugApp) -> None:
    """In the language of filters; a wrong one is told beside it, and can be mended there."""
    async with app.run_test(size=(140, 40)) as pilot:
        await shows(pilot, app, *ALL)
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, LineDialog))
        field, note = app.screen.query_one(Field), app.screen.query_one(Note)
        field.value = "size:>"
        await pilot.press("enter")
        await until(pilot, lambda: "at character 6 of size:>: " in str(note.render()))
        assert field.has_class("-wrong")
        field.value = "heartbeat"
        await until(pilot, lambda: not note.display and not field.has_class("-wrong"))
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, LineDialog))
        await shows(pilot, app, *ALL[:-2], "13+2")


async def test_rows_that_come_are_folded(app: WsdebugApp) -> None:
    """While the log is followed, the last fold grows."""
    async with app.run_test(size=(140, 40)) as pilot:
        view = view_of(app)
        view.set_folds(parse_filter("heartbeat"), is_on=True)
        await shows(pilot, app, *ALL[:-2], "13+2")
        await pilot.press("end")
        log = view.log_shown
        assert log is not None
        assert log.path is not None
        for count in range(3, 6):
            data = f"{LINES[-1]}\n".encode()
            append(Path(log.path), data)
            log.index.add(data)
            await shows(pilot, app, *ALL[:-2], f"13+{count}")
        assert view.is_following


def test_the_configuration_says_it_too(tmp_path: Path, home: Path) -> None:
    """What is folded, and whether it is from the start; a filter that is none is a mistake."""
    path = tmp_path / "config.toml"
    path.write_text('fold = true\nheartbeats = "size:>"\n')
    config = load_config(path)
    assert (config.fold, config.heartbeats) == (True, "size:>")
    with pytest.raises(UsageError, match="line 2: heartbeats: "):
        run_ui("start", None, None, config=config, defaults=ConnectOptions(url=""))


@pytest.mark.parametrize(
    ("glyphs", "words"),
    [(UNICODE, "▸  1,200 heartbeats, 01:10.000–03:05.000 ─"), (ASCII, ">  1,200 heartbeats, 01")],
)
@pytest.mark.parametrize("width", [60, 88, 200])
def test_a_fold_as_text(glyphs: Glyphs, words: str, width: int) -> None:
    """How many, from when to when, and a rule to the edge."""
    row = Row(9, "fold", 70_000_000, folded=1200, until_us=185_000_000)
    line = row_line(row, RowLayout(width, glyphs), has_cursor=False, is_focused=True)
    text = "".join(part for part, _ in line.parts)
    assert len(text) == width - 2
    assert words[:20] in text
    assert words in text or width == 60
