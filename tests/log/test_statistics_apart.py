"""A session counted by another process: the same numbers."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.statistics_apart import StatisticsApart
from wsdebug.log.statistics_text import statistics_text
from wsdebug.log.windows import Window


def lines() -> Iterator[str]:
    """Requests, answers, pings, fragments, an event, a broken rule, a comment."""
    yield '{"wsdebug":1,"url":"ws://h/"}'
    for number in range(60):
        yield f'{{"t":{number}.0,"mask":"00000000","send":"{{\\"id\\":{number}}}"}}'
        yield f'{{"t":{number}.1,"recv":"{{\\"id\\":{number},\\"ok\\":true}}"}}'
    yield "# a comment"
    yield '{"t":60.0,"fin":false,"recv":"a"}'
    yield '{"t":61.0,"op":"cont","bad":["invalid-utf8"],"recv":{"b64":"/w=="}}'
    yield '{"t":62.0,"event":"closed","by":"server","code":1000,"reason":"","clean":true}'


@pytest.fixture
def log(tmp_path: Path) -> Iterator[FrameLog]:
    """Such a session, in windows of some lines."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines()))
    with patch("wsdebug.log.windows.WINDOW", 500), patch("wsdebug.log.index.STRIDE", 300):
        log = FrameLog.open(str(path))
        log.complete.wait()
        yield log
        log.close()


def windows(log: FrameLog) -> Iterator[tuple[Window, list[int]]]:
    """All of it, each with its hidden lines."""
    at = (0, 1)
    while (window := log.window(at)) is not None:
        at = window.after
        yield window, [*log.index.hidden(window.first, at[1] - 1)]


def give_all(apart: StatisticsApart, log: FrameLog) -> Statistics:
    """What the other process counts."""
    for window, hidden in windows(log):
        apart.take(window, hidden)
    return apart.finish()


def words(log: FrameLog, statistics: Statistics) -> list[str]:
    """All that there is to say of them."""
    text = [*statistics_text(log, statistics, lambda text: text)]
    moments = [str(moment) for moment in statistics.over_time.spans(20)]
    slowest = [str(answer) for answer in statistics.pairs.requests.slowest]
    return [*text, *slowest, *(moment.partition("latencies")[0] for moment in moments)]


def test_another_process_counts_the_same(log: FrameLog) -> None:
    """Whatever a session has."""
    here = Statistics(log)
    while here.advance():
        pass
    with StatisticsApart() as apart:
        there = give_all(apart, log)
    assert words(log, there) == words(log, here)
    assert there.looked_through == log.index.size
    assert there.pairs.requests.times.count == 60


def test_a_process_that_has_gone_is_an_error(log: FrameLog) -> None:
    """Not numbers of a part of it."""
    with patch("wsdebug.log.statistics_apart.COMMAND", ("-c", "pass")):
        apart = StatisticsApart()
    with apart, pytest.raises(OSError, match=r"gone|Broken pipe"):
        give_all(apart, log)


def test_it_ends_with_who_asked(log: FrameLog) -> None:
    """Also in the middle of a session."""
    with StatisticsApart() as apart:
        apart.take(*next(windows(log)))
    assert apart._process.poll() is not None
