"""Statistics: counts, spreads and latencies of a session."""

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log import latencies
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.histogram import Histogram
from wsdebug.log.latencies import Answer, Latency, message_id
from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics, Traffic


@given(st.lists(st.integers(0, 3000) | st.integers(0, 1 << 60), min_size=1))
def test_percentiles_are_right_to_a_thousandth(numbers: list[int]) -> None:
    """And all the rest is exact."""
    spread = Histogram()
    for number in numbers:
        spread.add(number)
    ordered = sorted(numbers)
    assert (spread.count, spread.total) == (len(numbers), sum(numbers))
    assert (spread.low, spread.high) == (ordered[0], ordered[-1])
    for percent in (0.1, 50, 90, 99, 100):
        exact = ordered[math.ceil(len(ordered) * percent / 100) - 1]
        assert math.isclose(spread.percentile(percent), exact, rel_tol=1 / 1000)
        if exact < 2048:
            assert spread.percentile(percent) == exact


def test_nothing_has_no_spread() -> None:
    """All zero."""
    spread = Histogram()
    assert (spread.count, spread.mean, spread.percentile(50), spread.high) == (0, 0.0, 0, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"id":7}', 7),
        ('{"id":"a"}', "a"),
        ('{"id":null,"requestId":"b"}', "b"),
        ('{"id":true}', None),
        ('{"id":{"x":1}}', None),
        ('{"data":{"id":7}}', None),
        ('{"ref":"3","id":4}', 4),
        ('[{"id":7}]', None),
        ('{"id":7', None),
        ("id", None),
        ('{"id":"\udcff"}', None),
        (f'{{"id":"{"a" * 1000}"}}', "a" * 1000),
        (f'{{"id":"{"a" * 1001}"}}', None),
    ],
)
def test_the_id_of_a_message(text: str, found: Any) -> None:
    """By the names that are common."""
    assert message_id(text) == found


def test_what_waits_too_long_for_an_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that memory is bounded."""
    monkeypatch.setattr(latencies, "WAITING", 2)
    latency = Latency()
    for key in (1, 2, 2, 3):
        latency.ask((1, key), key, key)
    answers = [latency.answer((1, key), 10, 9) for key in (1, 2, 3, 3)]
    assert answers == [None, Answer(8, 9, 2, 2), Answer(7, 9, 3, 3), None]
    assert (latency.asked, latency.unanswered, latency.times.count) == (3, 1, 2)


@pytest.fixture
def log(tmp_path: Path) -> Any:
    """A session with requests, pings, fragments and a pause."""
    path = tmp_path / "a.ws.jsonl"
    lines = [
        '{"url":"ws://h/"}',
        '{"t":0.5,"event":"open"}',
        '{"t":1.0,"mask":"00000000","send":"{\\"id\\":1}"}',
        '{"t":1.1,"mask":"00000000","send":"{\\"id\\":2}"}',
        '{"t":1.2,"op":"ping","mask":"00000000","send":"x"}',
        '{"t":1.3,"op":"ping","mask":"00000000","send":""}',
        '{"t":1.35,"op":"pong","recv":""}',
        '{"t":1.4,"fin":false,"recv":"{\\"id\\""}',
        '{"t":1.45,"op":"ping","recv":"peer"}',
        '{"t":1.5,"op":"cont","recv":":1}"}',
        '{"t":1.6,"recv":"{\\"id\\":\\"theirs\\"}"}',
        '{"t":1.7,"mask":"00000000","send":"{\\"id\\":\\"theirs\\"}"}',
        '{"t":1.8,"c":2,"recv":"{\\"id\\":2}"}',
        '{"t":1.9,"bad":["invalid-utf8"],"op":"text","recv":{"b64":"/w=="}}',
        '{"t":11.9,"recv":"aaaa","wire":"AA=="}',
        '{"t":12.0,"note":"hm"}',
        '{"t":12.0,"op":"close","recv":{}}',
        '{"recv":"without a time"}',
    ]
    path.write_text("\n".join(lines) + "\n")
    opened = FrameLog.open(str(path))
    assert opened.complete.wait(10)
    yield opened
    opened.close()


def test_a_session_is_counted(log: FrameLog) -> None:
    """In one pass."""
    statistics = Statistics(log)
    while statistics.advance():
        pass
    received, sent, pairs = statistics.received, statistics.sent, statistics.pairs
    assert (received.frames, sent.frames) == (10, 5)
    assert received.opcodes == {0: 1, 1: 6, 8: 1, 9: 1, 10: 1}
    assert (received.sizes.count, received.sizes.low, received.sizes.high) == (6, 1, 15)
    assert (received.bytes, received.wire_bytes) == (54, 51)
    assert (received.peak_frames, sent.peak_frames) == (7, 5)
    assert (statistics.duration_us, statistics.connections) == (11_500_000, {1, 2})
    assert (statistics.silence_us, statistics.silence_line) == (10_000_000, 15)
    assert statistics.violations == {"invalid-utf8": 1}
    assert (statistics.close_codes, statistics.notes) == ({1005: 1}, 1)
    assert [pairs.pings.times.high, pairs.pings.unanswered] == [50_000, 1]
    assert [pairs.requests.times.high, pairs.requests.unanswered] == [500_000, 1]
    assert [pairs.peer_requests.times.high, pairs.peer_requests.unanswered] == [100_000, 1]


@pytest.mark.parametrize(
    ("times", "peak"),
    [
        ([0, 400_000, 800_000, 1_200_000, 1_500_000], 4),  # 3 in the first second, 3.3 on average
        ([0, 100_000, 500_000], 6),
        ([0, 10_000, 20_000, 30_000, 4_000_000], 4),
        ([0], 1),
    ],
)
def test_the_busiest_second_has_no_less_than_the_average(times: list[int], peak: int) -> None:
    """Also in a session that is shorter than two."""
    traffic = Traffic()
    traffic.add_texts(times, [10] * len(times))
    frames, size = traffic.peaks(times[-1])
    assert frames == peak
    assert 10 * (peak - 1) < size <= 10 * peak


def test_only_some_lines_are_counted(log: FrameLog) -> None:
    """Those of a filter."""
    lines = FilteredLines(log, parse_filter("dir:in op:text"))
    while lines.advance():
        pass
    statistics = Statistics(log, lines)
    while statistics.advance():
        pass
    assert (statistics.received.frames, statistics.sent.frames, statistics.notes) == (6, 0, 0)


def test_names_without_end_are_not_all_kept(tmp_path: Path) -> None:
    """A file may say anything."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text("".join(f'{{"t":1,"event":"e{number}"}}\n' for number in range(1000)))
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    statistics = Statistics(log)
    while statistics.advance():
        pass
    assert len(statistics.events) == 101
    assert statistics.events["others"] == 900
    log.close()
