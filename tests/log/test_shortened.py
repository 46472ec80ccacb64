"""Payloads of which only the beginning was kept: what came is told, not what was kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.timeline import Timeline
from wsdebug.log.whole import WholeMessage
from wsdebug.session.lines import FrameLine

SESSION = """{"url":"ws://h/"}
{"t":1.000000,"cut":900,"recv":"first bytes"}
{"t":1.000000,"rsv1":true,"cut":40,"recv":"first","wlen":40}
{"t":1.000000,"bad":["truncated"],"cut":900,"recv":"all that came"}
{"t":1.000000,"fin":false,"cut":500,"recv":"one"}
{"t":1.000000,"op":"cont","fin":false,"cut":600,"recv":"two"}
{"t":1.000000,"op":"cont","recv":"three"}
"""


def opened(path: Path, text: str) -> Iterator[FrameLog]:
    """A session, counted."""
    path.write_text(text)
    log = FrameLog.open(str(path))
    log.complete.wait()
    yield log
    log.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FrameLog]:
    """The session above."""
    yield from opened(tmp_path / "a.ws.jsonl", SESSION)


def test_rows_have_the_size_that_came(log: FrameLog) -> None:
    """Where a compressed payload was shortened, that of the whole is not known."""
    sizes = [(row.size, row.wire_size, row.is_exact) for row in log.rows(0, 10)]
    assert sizes == [
        (900, None, True),
        (5, 40, False),
        (13, None, True),
        (500, None, True),
        (600, None, True),
        (5, None, True),
    ]


def test_a_filter_finds_them_by_it(log: FrameLog) -> None:
    """Not by what was kept."""
    found = FilteredLines(log, parse_filter("size:>=500"))
    while found.advance():
        pass
    assert found.lines(0, 10) == [2, 5, 6]


def test_statistics_and_timeline_count_what_came(log: FrameLog) -> None:
    """As on the wire."""
    statistics, timeline = Statistics(log), Timeline(log)
    for counting in (statistics, timeline):
        while counting.advance():
            pass
    assert statistics.received.wire_bytes == 900 + 40 + 13 + 500 + 600 + 5
    assert timeline.received_bytes == 900 + 40 + 13 + 500 + 600 + 5


def test_many_are_counted_like_few(tmp_path: Path) -> None:
    """Windows of nothing but frames are not looked at line by line."""
    line = '{"t":1.000000,"cut":900,"recv":"first bytes"}\n'
    for log in opened(tmp_path / "a.ws.jsonl", '{"url":"ws://h/"}\n' + line * 60_000):
        timeline = Timeline(log)
        while timeline.advance():
            pass
        assert timeline.received_bytes == 900 * 60_000


def test_a_message_tells_what_came_of_it(log: FrameLog) -> None:
    """Though its payload is what was kept."""
    line = log.line(5)
    assert isinstance(line, FrameLine)
    whole = WholeMessage(log, line).finish()
    assert (whole.data, whole.wire_length, whole.has_wire) == (b"onetwothree", 1105, True)
