"""What ends a silence, and since when it was silent: of frames and ends of connections alone."""

from pathlib import Path

import pytest

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.timeline import Timeline, silence_before

OPEN = '{"t":1.0,"event":"open"}'
FRAME = '{"t":2.0,"recv":"a"}'
LATER = '{"t":40.0,"recv":"b"}'


@pytest.mark.parametrize(
    ("lines", "since"),
    [
        ([OPEN, FRAME, LATER], 2_000_000),
        ([OPEN, LATER], 1_000_000),
        ([OPEN, FRAME, '{"t":20.0,"note":"waiting"}', LATER], 2_000_000),
        (
            [OPEN, FRAME, '{"t":20.0,"event":"clock","wall":"2026-01-01T00:00:00Z"}', LATER],
            2_000_000,
        ),
        ([OPEN, FRAME, '{"t":20.0,"event":"meta","title":"x"}', LATER], 2_000_000),
        ([OPEN, FRAME, "# a comment", "", LATER], 2_000_000),
        ([OPEN, FRAME, '{"t":3.0,"op":"pong","mask":"00000000","send":""}', LATER], 3_000_000),
        ([OPEN, FRAME, '{"t":3.0,"event":"gap","frames":9}', LATER], 3_000_000),
        ([OPEN, FRAME, '{"t":3.0,"event":"closed","code":1000}', LATER], None),
        ([OPEN, FRAME, '{"t":3.0,"event":"error","kind":"TCP"}', LATER], None),
        ([OPEN, FRAME, '{"t":40.0,"event":"closed","code":1006}'], 2_000_000),
        ([OPEN, FRAME, '{"t":40.0,"event":"clock","wall":"2026-01-01T00:00:00Z"}'], None),
        ([OPEN, FRAME, '{"t":40.0,"note":"still here"}'], None),
        ([OPEN, FRAME, '{"t":40.0,"event":"connecting","url":"ws://h/"}'], None),
        ([FRAME, '{"recv":"without a time"}'], 2_000_000),
        ([LATER], None),
    ],
)
def test_since_when_it_was_silent(tmp_path: Path, lines: list[str], since: int | None) -> None:
    """Of the last row; the same where a filter hides the others."""
    path = tmp_path / "a"
    path.write_text("".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    last = log.rows(0, len(log))[-1]
    assert last.quiet_since_us == since
    found = FilteredLines(log, parse_filter(f"line:{last.line}"))
    while found.advance() or not found.is_complete:
        pass
    assert found.rows(0, 9) == [last]
    log.close()


@pytest.mark.parametrize(
    ("between", "silence"),
    [
        ("", 38_000_000),
        ('{"t":20.0,"note":"waiting"}', 38_000_000),
        ('{"t":20.0,"event":"clock","wall":"2026-01-01T00:00:00Z"}', 38_000_000),
        ('{"t":3.0,"event":"closed","code":1000}', None),
    ],
)
def test_statistics_and_timeline_say_the_same(
    tmp_path: Path, between: str, silence: int | None
) -> None:
    """Nobody is silent who is not there; notes and clocks are no frames."""
    path = tmp_path / "a"
    path.write_text("\n".join([OPEN, FRAME, between, LATER]) + "\n")
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    statistics, timeline = Statistics(log), Timeline(log)
    while statistics.advance():
        pass
    while timeline.advance():
        pass
    log.close()
    assert statistics.silence_us == (silence or 0)
    assert silence_before(timeline.spans(50), 49) == silence
