"""The wall clock of a row after a suspend, and after somebody has set the clock."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wsdebug.log.log import FrameLog
from wsdebug.log.wall_times import WallTimes

SECOND = 1_000_000  # µs
START = {"wsdebug": 1, "url": "ws://h/", "started": "2026-08-03T12:00:00.000000Z"}


def clock(seconds: float, wall: Any) -> dict[str, Any]:
    """A jump."""
    return {"t": seconds, "event": "clock", "wall": wall}


def opened(path: Path, *lines: dict[str, Any]) -> FrameLog:
    """A log of these lines, all of them counted."""
    data = (json.dumps(line, separators=(",", ":")) for line in lines)
    path.write_text("".join(f"{line}\n" for line in data))
    log = FrameLog.open(str(path))
    log.complete.wait()
    return log


def told(times: WallTimes, seconds: float) -> str:
    """The time of day."""
    moment = datetime.fromtimestamp(times.at(round(seconds * SECOND)) / SECOND, UTC)
    return f"{moment:%H:%M:%S}"


FRAMES = [{"t": second, "recv": "x"} for second in (1, 2)]
HEADLESS: tuple[dict[str, Any], ...] = ({"url": "ws://h/"}, {**START, "started": "noon"})
SLEPT = clock(3, "2026-08-03T14:30:00Z")  # two and a half hours in which `t` stood still
SET_BACK = clock(5, "2026-08-03T13:00:00+02:00")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "12:00:00"),
        (2.9, "12:00:02"),
        (3, "14:30:00"),
        (4.5, "14:30:01"),
        (5, "11:00:00"),
        (65, "11:01:00"),
    ],
)
def test_times_count_from_the_last_jump(tmp_path: Path, seconds: float, expected: str) -> None:
    """Whatever was before it."""
    log = opened(tmp_path / "a.ws.jsonl", START, *FRAMES, SLEPT, SET_BACK)
    times = WallTimes(log)
    assert times.is_known
    assert told(times, seconds) == expected
    log.close()


@pytest.mark.parametrize("wall", [None, 5, "soon", "2026-08-03T14:30:00", "9999999-01-01"])
def test_a_jump_to_nowhere_changes_nothing(tmp_path: Path, wall: Any) -> None:
    """A stranger may write anything."""
    log = opened(tmp_path / "a.ws.jsonl", START, clock(3, wall), {"event": "clock"})
    times = WallTimes(log)
    assert times.is_known
    assert told(times, 4) == "12:00:04"
    log.close()


def test_without_a_start_there_is_no_wall_clock(tmp_path: Path) -> None:
    """Nor with one that is no time."""
    for number, header in enumerate(HEADLESS):
        log = opened(tmp_path / f"{number}.ws.jsonl", header, *FRAMES)
        assert not WallTimes(log).is_known
        log.close()
