"""The session in numbers, on the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.tui.conftest import until
from wsdebug.log.statistics_apart import COMMAND
from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.desk import Desk
from wsdebug.tui.statistics_dialog import StatisticsDialog

LINES = (
    '{"url":"ws://h/"}',
    '{"t":1.0,"mask":"00000000","send":"{\\"id\\":1}"}',
    '{"t":1.1,"mask":"00000000","send":"{\\"id\\":2}"}',
    '{"t":1.5,"recv":"{\\"id\\":1}"}',
    '{"t":41.5,"recv":"[bold]"}',
)


@pytest.fixture
def saved(desk: Desk, tmp_path: Path) -> Iterator[WsdebugApp]:
    """The app on a session of these lines."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("\n".join(LINES) + "\n")
    session = desk.open_file(path)
    app = WsdebugApp(desk, session, connect=False)
    yield app
    session.finish()


def numbers(app: WsdebugApp) -> list[str]:
    """What the panel says."""
    text = str(app.screen.query_one("#numbers", Static).content)
    return [" ".join(line.split()) for line in text.splitlines()]


async def opened(pilot: Pilot[int], app: WsdebugApp) -> None:
    """Press its key, and wait until all is counted."""
    await pilot.pause()
    await pilot.press("S")
    await until(pilot, lambda: isinstance(app.screen, StatisticsDialog))
    await until(pilot, lambda: len(numbers(app)) > 3)


@pytest.mark.parametrize("size", [(1, 1), (20, 24)])
async def test_a_terminal_that_is_made_small_ends_nothing(
    saved: WsdebugApp, size: tuple[int, int]
) -> None:
    """The numbers do not fit, and come back with the room for them."""
    async with saved.run_test(size=(80, 24)) as pilot:
        await opened(pilot, saved)
        whole = numbers(saved)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: numbers(saved) == whole)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_the_numbers_of_show_stats(saved: WsdebugApp, size: tuple[int, int]) -> None:
    """Counts, sizes and latencies, each row whole in every width."""
    async with saved.run_test(size=size) as pilot:
        await opened(pilot, saved)
        rows = numbers(saved)
        assert "longest silence 40 s, before line 5" in rows
        assert "latency count least p50 p90 p99 most" in rows
        assert "request to answer 1 500 ms 500 ms 500 ms 500 ms 500 ms" in rows
        assert "unanswered 1" in rows
        widget = saved.screen.query_one("#numbers", Static)
        assert widget.size.height == len(rows)
        await pilot.press("escape")
        assert not isinstance(saved.screen, StatisticsDialog)


@pytest.mark.parametrize("command", [COMMAND, ("-c", "raise SystemExit(1)")])
async def test_a_long_session_is_counted_by_another_process(
    saved: WsdebugApp, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """And here where that cannot be."""
    monkeypatch.setattr("wsdebug.tui.statistics_count.LONG", 0)
    monkeypatch.setattr("wsdebug.log.statistics_apart.COMMAND", command)
    async with saved.run_test(size=(80, 24)) as pilot:
        await opened(pilot, saved)
        assert "longest silence 40 s, before line 5" in numbers(saved)


async def test_without_a_session_there_is_nothing_to_count(app: WsdebugApp) -> None:
    """The numbers of a live one are those of now."""
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        await opened(pilot, app)
        assert any(row.startswith("received") for row in numbers(app))
