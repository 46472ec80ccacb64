"""The heading of the log: what it says, and that its hints are buttons."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from wsdebug.log.log import FrameLog
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.log_heading import LogHeading
from wsdebug.tui.log_region import LogRegion, LogTitles
from wsdebug.tui.themes import DARK

FRAMES = [{"t": n, "recv": f"message {n}"} for n in range(41)]
BAD = {"t": 50, "bad": ["too-big"], "recv": "bad"}


class Host(App[None]):
    """An app with a log under its heading, and another place to focus."""

    CSS = "LogRegion { height: 1fr; } Input { height: 1; border: none; }"
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.inspected = 0
        self.selected: int | None = None

    def compose(self) -> ComposeResult:
        """The region over a field."""
        yield LogRegion()
        yield Input()

    def on_mount(self) -> None:
        """The theme of the pictures."""
        self.register_theme(DARK)
        self.theme = DARK.name

    def on_frame_log_view_inspect(self) -> None:
        """Count."""
        self.inspected += 1

    def on_frame_log_view_selected(self, message: FrameLogView.Selected) -> None:
        """Remember."""
        self.selected = message.line


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FrameLog]:
    """41 frames and a violation."""
    path = tmp_path / "region.ws.jsonl"
    lines = [json.dumps(line, separators=(",", ":")) for line in (*FRAMES, BAD)]
    path.write_text("".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    yield log
    log.close()


async def region_of(pilot: Pilot[None], log: FrameLog | None, *, narrow: bool = False) -> LogRegion:
    """The region with a log in it, focused."""
    region = pilot.app.query_one(LogRegion)
    region.narrow = narrow
    region.density = "short" if narrow else "tall"
    region.view.focus()
    await pilot.pause()
    region.view.set_log(log, follow=True)
    await heading(pilot)
    return region


async def heading(pilot: Pilot[None]) -> str:
    """What the heading says now."""
    pilot.app.query_one(LogRegion).show_heading()
    await pilot.pause()
    return pilot.app.query_one(LogHeading).render_line(0).text.rstrip()


async def ends_with(pilot: Pilot[None], words: str) -> None:
    """Wait until the heading does, whose numbers change in peace."""
    async with asyncio.timeout(10):
        while not (await heading(pilot)).endswith(words):
            await pilot.pause(0.02)


async def test_numbers_change_in_peace(log: FrameLog) -> None:
    """Within the pause they stay, and then they are those of now."""
    app = Host()
    async with app.run_test(size=(88, 20)) as pilot:
        await region_of(pilot, log)
        await pilot.press("k")
        assert (await heading(pilot)).endswith("End 1 newer")
        seen = set()
        async with asyncio.timeout(10):
            await pilot.press("k", "k")
            while "End 3 newer" not in seen:
                seen.add((await heading(pilot)).split("   ")[-1])
                await pilot.pause(0.01)
        assert seen <= {"End 1 newer", "End 2 newer", "End 3 newer"}


async def test_the_heading_stands_as_drawn(log: FrameLog) -> None:
    """Picture A: how to filter, violations, rows, and whether the end is followed."""
    app = Host()
    async with app.run_test(size=(88, 20)) as pilot:
        await region_of(pilot, log)
        left = "▌Frames   / filter   dir:in  bad:any  size:>1k"
        right = "! 1 violation   42 rows   following"
        assert await heading(pilot) == left + right.rjust(86 - len(left))
        await pilot.press("k", "k")
        assert (await heading(pilot)).endswith("! 1 violation   42 rows   End 2 newer")
        await pilot.press("j", "j")
        await ends_with(pilot, "! 1 violation   42 rows   End follow")


async def test_nothing_is_followed_where_nothing_comes(log: FrameLog) -> None:
    """There are rows, and those below the cursor."""
    app = Host()
    async with app.run_test(size=(88, 20)) as pilot:
        region = await region_of(pilot, log)
        region.is_live = False
        await ends_with(pilot, "! 1 violation   42 rows")
        await pilot.press("k")
        await ends_with(pilot, "! 1 violation   42 rows   End 1 newer")
        await pilot.press("j")
        await ends_with(pilot, "! 1 violation   42 rows")
        titles = app.query_one(LogTitles).render_line(0).text.rstrip()
        assert titles == "  line      time     opcode    bits wire  size  payload"
        assert [app.query_one(kind).region.y for kind in (LogHeading, LogTitles, FrameLogView)] == [
            1,
            2,
            3,
        ]
        app.query_one(Input).focus()
        await pilot.pause()
        assert (await heading(pilot)).startswith(" Frames")


async def test_a_narrow_heading_is_short(log: FrameLog) -> None:
    """Picture B1: no titles, and the key that opens the inspector."""
    app = Host()
    async with app.run_test(size=(80, 20)) as pilot:
        await region_of(pilot, log, narrow=True)
        await pilot.press("k", "k")
        expected = "! 1  42 rows  End 2 newer  enter inspect"
        left = "▌Frames   / filter"
        assert await heading(pilot) == left + expected.rjust(78 - len(left))
        assert not app.query_one(LogTitles).display
        assert app.query_one(LogHeading).region.y == 0


async def test_the_titles_follow_the_times(log: FrameLog) -> None:
    """Which time it is stands above it."""
    app = Host()
    async with app.run_test(size=(88, 20)) as pilot:
        await region_of(pilot, log)
        await pilot.press("t")
        await heading(pilot)
        assert app.query_one(LogTitles).titles.split()[1] == "delta"


async def test_without_frames_there_are_no_titles(tmp_path: Path) -> None:
    """Steps and events have no columns to name."""
    path = tmp_path / "steps.ws.jsonl"
    path.write_text('{"t":0,"event":"connecting","url":"ws://a/"}\n')
    log = FrameLog.open(str(path))
    app = Host()
    async with app.run_test(size=(88, 20)) as pilot:
        region = await region_of(pilot, log)
        assert app.query_one(LogTitles).titles == ""
        assert "1 row   following" in await heading(pilot)
        region.view.set_log(None, follow=True)
        assert "0 rows   following" in await heading(pilot)
    log.close()


@pytest.mark.parametrize(
    ("words", "line", "is_following"),
    [("violation", 42, False), ("newer", 42, True), ("rows", 1, False)],
)
async def test_hints_are_buttons(log: FrameLog, words: str, line: int, is_following: bool) -> None:
    """A click does what the key does."""
    app = Host()
    async with app.run_test(size=(88, 20)) as pilot:
        region = await region_of(pilot, log)
        await pilot.press("g")
        at = (await heading(pilot)).index(words)
        await pilot.click(LogHeading, offset=(at, 0))
        await pilot.pause()
        assert (region.view.line, region.view.is_following) == (line, is_following)
        assert app.selected == line


async def test_the_narrow_hint_opens_the_inspector(log: FrameLog) -> None:
    """`enter inspect` is one of them."""
    app = Host()
    async with app.run_test(size=(80, 20)) as pilot:
        await region_of(pilot, log, narrow=True)
        await pilot.click(LogHeading, offset=((await heading(pilot)).index("inspect"), 0))
        await pilot.pause()
        assert app.inspected == 1
