"""Throughput and latencies over time, on the screen: what it shows, and where it leads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import main_of, until
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.over_time_dialog import OverTimeDialog
from wsdebug.tui.over_time_view import OverTimeView


def lines() -> Iterator[str]:
    """50 s: a request each second, its answer after 100 ms, that of the 30th after 700."""
    yield '{"url":"ws://h/"}'
    for second in range(50):
        late = 700 if second == 30 else 100
        yield f'{{"t":{second}.0,"mask":"00000000","send":"{{\\"id\\":{second}}}"}}'
        yield f'{{"t":{second}.{late},"recv":"{{\\"id\\":{second},\\"ok\\":true}}"}}'
    yield '{"t":50.0,"op":"ping","mask":"00000000","send":"x"}'
    yield '{"t":50.25,"op":"pong","recv":"x"}'


@pytest.fixture
def app(desk: Desk, tmp_path: Path) -> Iterator[WsdebugApp]:
    """The app with that session."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines()))
    session = desk.open_file(path)
    yield WsdebugApp(desk, session, connect=False)
    session.finish()


def rows_of(app: WsdebugApp) -> list[str]:
    """What the view shows."""
    view = app.screen.query_one(OverTimeView)
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def opened(pilot: Pilot[int], app: WsdebugApp) -> None:
    """Press its key, and wait until all is counted."""
    await pilot.pause()
    await pilot.press("L")
    await until(pilot, lambda: isinstance(app.screen, OverTimeDialog))
    await until(pilot, lambda: any("Slowest" in row for row in rows_of(app)))


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (200, 60)])
async def test_bars_and_the_slowest(app: WsdebugApp, size: tuple[int, int]) -> None:
    """Each way, latencies, the place of the cursor; nothing is cut off."""
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        rows = rows_of(app)
        for name in ("received", "sent", "latency"):
            assert sum(row.split()[:1] == [name] for row in rows) == 1
        assert any(row.split()[:3] == ["latency", "700", "ms"] for row in rows)
        assert any(row.split()[:1] == ["00.000"] and row.endswith("50.250") for row in rows)
        place = next(row for row in rows if "← 1" in row)
        assert place.endswith("1 answer, p50 100 ms, most 100 ms")
        slowest = rows[[row.strip() for row in rows].index("Slowest") + 1]
        assert slowest.split() == ["700", "ms", "line", "62", "to", "63", "30"]


async def test_keys_lead_to_rows(app: WsdebugApp) -> None:
    """Along the bars, and along the answers; enter shows the rows in the log."""
    async with app.run_test(size=(140, 45)) as pilot:
        view = main_of(app).query_one(LogRegion).view
        await opened(pilot, app)
        await pilot.press("pagedown", "pagedown", "right", "left", "enter")
        await until(pilot, lambda: not isinstance(app.screen, OverTimeDialog))
        assert view.time_us is not None
        assert 8_000_000 <= view.time_us <= 10_000_000
        assert view.has_focus
        await opened(pilot, app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: not isinstance(app.screen, OverTimeDialog))
        assert view.line == 62
        await opened(pilot, app)
        await pilot.press("escape")
        assert view.line == 62


async def test_the_mouse_leads_there_too(app: WsdebugApp) -> None:
    """A bar, or an answer."""
    async with app.run_test(size=(140, 45)) as pilot:
        view = main_of(app).query_one(LogRegion).view
        await opened(pilot, app)
        scale = next(row for row in rows_of(app) if row.endswith("50.250"))
        start, end = scale.index("00.000"), len(scale)
        await pilot.click(OverTimeView, offset=((start + end) // 2, 1))
        await until(pilot, lambda: not isinstance(app.screen, OverTimeDialog))
        assert view.time_us is not None
        assert 24_000_000 <= view.time_us <= 26_500_000
        await opened(pilot, app)
        y = [row.strip() for row in rows_of(app)].index("Slowest") + 1
        await pilot.click(OverTimeView, offset=(6, y))
        await until(pilot, lambda: not isinstance(app.screen, OverTimeDialog))
        assert view.line == 62


async def test_bytes_and_pings(app: WsdebugApp) -> None:
    """Other units, other latencies."""
    async with app.run_test(size=(140, 45)) as pilot:
        await opened(pilot, app)
        await pilot.press("T")
        await until(pilot, lambda: any("B/s" in row for row in rows_of(app)))
        await pilot.press("p")
        await until(pilot, lambda: any("pongs, p50" in row for row in rows_of(app)))
        rows = [row.strip() for row in rows_of(app)]
        assert rows[rows.index("Slowest") + 1].split() == [
            "250",
            "ms",
            "line",
            "102",
            "to",
            "103",
            "x",
        ]
        await pilot.press("p", "T")
        await until(pilot, lambda: any("answers, p50" in row for row in rows_of(app)))


async def test_without_answers_or_times(desk: Desk, tmp_path: Path) -> None:
    """It says so; without a session it does not open."""
    path = tmp_path / "b.ws.jsonl"
    path.write_text('{"url":"ws://h/"}\n{"recv":"no time"}\n')
    session = desk.open_file(path)
    app = WsdebugApp(desk, session, connect=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, OverTimeDialog))
        await until(pilot, lambda: rows_of(app)[0].strip() == "nothing with a time")
        await pilot.press("enter", "down", "right", "p", "escape")
        assert not isinstance(app.screen, OverTimeDialog)
    session.finish()
