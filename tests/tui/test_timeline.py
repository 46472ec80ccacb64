"""The timeline over the log: what it shows, and where the mouse leads."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.style import Style
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.status_line import StatusLine
from wsdebug.tui.timeline_view import TimelineView

HEADER = {"wsdebug": 1, "url": "ws://a/", "started": "2026-08-03T12:00:00.000000Z"}


def lines() -> Iterator[dict[str, Any]]:
    """100 s: 30 s of frames each way, one a violation, then silence, then 30 s of frames."""
    yield HEADER
    yield {"t": 0.0, "event": "connecting", "url": "ws://a/"}
    yield {"t": 0.0, "event": "open", "subprotocol": None, "extensions": ""}
    for second in (*range(30), *range(70, 101)):
        if second % 10 == 0:
            yield {"t": float(second), "mask": "00000000", "send": "out"}
        yield {"t": float(second), "recv": "message"}
    yield {"t": 100.0, "bad": ["invalid-utf8"], "op": "text", "recv": {"b64": "/w=="}}


@pytest.fixture
def app(desk: Desk, tmp_path: Path) -> Iterator[WsdebugApp]:
    """The app with that session."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines()))
    session = desk.open_file(path)
    yield WsdebugApp(desk, session, connect=False)
    session.finish()


def strip_of(app: WsdebugApp) -> TimelineView:
    """The timeline."""
    return main_of(app).query_one(TimelineView)


def rows_of(app: WsdebugApp) -> list[str]:
    """What it shows."""
    strip = strip_of(app)
    return [strip.render_line(y).text.rstrip() for y in range(strip.size.height)]


async def shown(pilot: Pilot[int], app: WsdebugApp) -> None:
    """Wait until it shows something."""
    await until(pilot, lambda: len(rows_of(app)) == 3 and "silent" in rows_of(app)[0])


async def test_both_directions_and_what_lies_between(app: WsdebugApp) -> None:
    """Arrows where the log has its own; the silence in words; the times of both ends."""
    async with app.run_test(size=(200, 60)) as pilot:
        await shown(pilot, app)
        received, sent, scale = rows_of(app)
        at = received.index("←")
        left, words, right = received[at:].partition(" silent 41 s ")
        assert words
        assert (set(left[3:].strip()), set(right.strip())) <= ({"▄", " "}, {"▄", " ", "█"})
        assert [side.count("▄") + 2 * side.count("█") for side in (left, right)] == [30, 32]
        assert sent.split() == ["→", *["▄"] * 7]
        assert sent.index("→") == at - 1
        assert received[:at].split() == ["2", "frames"]
        assert scale.split() == ["in", "952", "ms", "00.000", "01:40.000"]
        styled = [(one.text, one.style or Style()) for one in strip_of(app).render_line(0)]
        colours = [(text, style.color.get_truecolor()) for text, style in styled if style.color]
        assert [text for text, colour in colours if colour.red > 1.5 * colour.green] == ["█"]


async def test_frames_bytes_or_none(app: WsdebugApp) -> None:
    """A key takes the next of them, also where there is little room; a click the other unit."""
    async with app.run_test(size=(80, 24)) as pilot:
        strip = strip_of(app)
        assert not strip.display
        await pilot.press("T")
        await shown(pilot, app)
        assert "frames" in rows_of(app)[0].partition("←")[0]
        await pilot.press("T")
        await until(pilot, lambda: rows_of(app)[0].partition("←")[0].split()[-1:] == ["B"])
        await pilot.click(TimelineView, offset=(3, 0))
        await until(pilot, lambda: "frames" in rows_of(app)[0])
        await pilot.press("T", "T")
        await until(pilot, lambda: not strip.display)


async def test_keys_go_from_bar_to_bar(app: WsdebugApp) -> None:
    """Over the silence, to the end and back; the timeline comes into sight if it is not."""
    async with app.run_test(size=(140, 30)) as pilot:
        view = main_of(app).query_one(LogRegion).view
        await pilot.press("right_square_bracket")
        await shown(pilot, app)
        await pilot.press("g")
        seen = [0]
        while seen[-1] < 70:
            await pilot.press("right_square_bracket")
            assert view.time_us is not None
            seen.append(view.time_us // 1_000_000)
        assert seen == sorted(set(seen))
        assert len(seen) >= 15
        assert seen[-2] in (28, 29)
        assert seen[-1] == 70
        await pilot.press("left_square_bracket")
        assert view.time_us in (28_000_000, 29_000_000)
        await pilot.press("end", "left_square_bracket")
        assert view.time_us in (99_000_000, 100_000_000)
        assert not view.is_following
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: view.is_following)


async def test_keys_pass_over_bars_without_rows(app: WsdebugApp) -> None:
    """Under a filter: every tenth second has a frame that was sent."""
    async with app.run_test(size=(140, 30)) as pilot:
        region = main_of(app).query_one(LogRegion)
        await pilot.press("T")
        await shown(pilot, app)
        region.use_filter("dir:out")
        await until(pilot, lambda: region.view.matches.progress == 1 and region.view.newer > 0)
        await pilot.press("g")
        for seconds in (10, 20, 70):
            await pilot.press("right_square_bracket")
            assert region.view.time_us == seconds * 1_000_000
        await pilot.press("left_square_bracket", "left_square_bracket")
        assert region.view.time_us == 10_000_000


@pytest.mark.parametrize(("height", "is_there"), [(49, False), (50, True)])
async def test_it_needs_room(app: WsdebugApp, height: int, is_there: bool) -> None:
    """From 50 rows on."""
    async with app.run_test(size=(140, height)) as pilot:
        await pilot.pause()
        assert strip_of(app).display is is_there


async def test_a_click_goes_there(app: WsdebugApp) -> None:
    """To the first row of that time; in a silence, to what ended it; at the end, to the end."""
    async with app.run_test(size=(200, 60)) as pilot:
        await shown(pilot, app)
        view = main_of(app).query_one(LogRegion).view
        start = rows_of(app)[2].index("00.000")
        end = rows_of(app)[2].index("01:40.000") + len("01:40.000") - 1
        for x, seconds in ((start + (end - start) * 50 // 100, 70), (start + 11, 10), (end, 100)):
            await pilot.click(TimelineView, offset=(x, 0))
            await pilot.pause()
            assert view.time_us is not None
            assert abs(view.time_us - seconds * 1_000_000) <= 1_000_000
        assert view.is_following


async def test_dragging_goes_on(app: WsdebugApp) -> None:
    """Until the button is released; the time of the cursor stands on the scale."""
    async with app.run_test(size=(200, 60)) as pilot:
        await shown(pilot, app)
        view = main_of(app).query_one(LogRegion).view
        start = rows_of(app)[2].index("00.000")
        middle = start + 40
        await pilot.mouse_down(TimelineView, offset=(start, 0))
        assert view.time_us == 0
        await pilot.hover(TimelineView, offset=(middle, 1))
        await pilot.pause()
        assert view.time_us == 70_000_000
        await until(pilot, lambda: "01:10.000" in rows_of(app)[2])
        await pilot.mouse_up(TimelineView, offset=(middle, 1))
        await pilot.hover(TimelineView, offset=(start, 0))
        await pilot.pause()
        assert view.time_us == 70_000_000


async def test_what_is_in_sight_is_tinted(app: WsdebugApp) -> None:
    """The rows on the screen; it moves with them."""

    def tinted() -> tuple[int, int]:
        at = 0
        cells: list[int] = []
        for segment in strip_of(app).render_line(1):
            ground = segment.style.bgcolor if segment.style is not None else None
            if ground is not None and ground.name not in ("#0f1217", "default"):
                cells += range(at, at + len(segment.text))
            at += len(segment.text)
        return (cells[0], cells[-1]) if cells else (-1, -1)

    async with app.run_test(size=(200, 60)) as pilot:
        await shown(pilot, app)
        await until(pilot, lambda: tinted()[0] == rows_of(app)[2].index("00.000"))
        before = tinted()
        await pilot.press("end")
        await until(pilot, lambda: tinted()[0] > before[0])


@pytest.mark.parametrize("height", [24, 60])
async def test_the_status_line_counts_a_saved_session(app: WsdebugApp, height: int) -> None:
    """Frames and bytes each way, with or without the timeline on the screen."""
    async with app.run_test(size=(140, height)) as pilot:
        line = main_of(app).query_one(StatusLine)
        await until(pilot, lambda: line.traffic.frames_in == 62)
        assert (line.traffic.frames_out, line.traffic.bytes_out) == (7, 21)
        assert line.traffic.bytes_in == 61 * 7 + 1
        assert "→ 7 21 B   ← 62 428 B" in line.render().plain
