"""Throughput and latencies over time: nothing is lost in spans, and the slowest are known."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.log.histogram import Histogram
from wsdebug.log.latencies import SLOWEST, Answer, Latency
from wsdebug.log.log import FrameLog
from wsdebug.log.over_time_text import over_time_text, slowest_text
from wsdebug.log.statistics import Statistics
from wsdebug.payload.numbers import SPARK

NUMBERS = st.lists(st.integers(0, 3000) | st.integers(0, 1 << 40))


def counted(path: Path, lines: list[str]) -> Statistics:
    """The statistics of a session with these lines."""
    path.write_text("".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    statistics = Statistics(log)
    while statistics.advance():
        pass
    log.close()
    return statistics


def frame(time_us: int, text: str, *, sent: bool) -> str:
    """A line."""
    key = '"mask":"00000000","send"' if sent else '"recv"'
    return f'{{"t":{time_us / 1e6:.6f},{key}:{json.dumps(text)}}}'


@given(NUMBERS, NUMBERS)
def test_two_spreads_are_one(first: list[int], second: list[int]) -> None:
    """As if all numbers had been taken by one."""
    one, other, both = Histogram(6), Histogram(6), Histogram(6)
    for number in first:
        one.add(number)
        both.add(number)
    for number in second:
        other.add(number)
        both.add(number)
    one.take(other)
    assert (one.count, one.total) == (both.count, both.total)
    assert (one.low, one.high) == (both.low, both.high)
    assert [one.percentile(percent) for percent in (1, 50, 99)] == [
        both.percentile(percent) for percent in (1, 50, 99)
    ]


@given(
    st.lists(st.tuples(st.integers(0, 10**8), st.booleans(), st.integers(0, 5)), max_size=60),
    st.integers(1, 40),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_spans_hold_all_there_is(
    tmp_path: Path, frames: list[tuple[int, bool, int]], cells: int
) -> None:
    """Frames and bytes each way, and the latency of each answer."""
    time_us, lines = 0, []
    for step, sent, number in frames:
        time_us += step
        lines.append(frame(time_us, json.dumps({"id": number}), sent=sent))
    statistics = counted(tmp_path / "a", lines)
    moments = statistics.over_time.spans(cells)
    for traffic, sent in ((statistics.sent, True), (statistics.received, False)):
        assert traffic.frames == sum(m.sent if sent else m.received for m in moments)
        assert traffic.bytes == sum(m.sent_bytes if sent else m.received_bytes for m in moments)
    for kind, latency in (
        ("request", statistics.pairs.requests),
        ("peer_request", statistics.pairs.peer_requests),
    ):
        spreads = [m.latencies[kind] for m in moments if kind in m.latencies]
        assert sum(spread.count for spread in spreads) == latency.times.count
        assert sum(spread.total for spread in spreads) == latency.times.total
        assert max((spread.high for spread in spreads), default=0) == latency.times.high
    firsts = [moment.line for moment in moments if moment.line]
    assert firsts == sorted(firsts)


@given(st.lists(st.integers(0, 1000), max_size=100))
def test_the_slowest_answers_are_remembered(times: list[int]) -> None:
    """Those first, and never more of them than that."""
    latency = Latency()
    for number, took in enumerate(times):
        latency.ask((1, number), 0, number)
        latency.answer((1, number), took, number + 1000)
    wanted = sorted((took, number + 1000) for number, took in enumerate(times))[::-1][:SLOWEST]
    assert [(answer.took_us, answer.line) for answer in latency.slowest] == wanted


def test_an_answer_knows_its_question(tmp_path: Path) -> None:
    """By lines; a fragmented one by its last frame. As text too."""
    lines = [
        frame(0, '{"id":"\\u001b[1m"}', sent=True),
        frame(1_000_000, "noise", sent=False),
        '{"t":2.0,"fin":false,"recv":"{\\"id\\":"}',
        '{"t":2.5,"op":"cont","recv":"\\"\\\\u001b[1m\\"}"}',
        '{"t":3.0,"op":"ping","mask":"00000000","send":"x"}',
        '{"t":3.1,"op":"pong","recv":"x"}',
    ]
    statistics = counted(tmp_path / "a", lines)
    assert statistics.pairs.requests.slowest == [Answer(2_500_000, 4, 1, "\x1b[1m")]
    assert statistics.pairs.pings.slowest == [Answer(100_000, 6, 5, b"x")]
    text = list(slowest_text(statistics, str.upper, width=80))
    assert [" ".join(line.split()) for line in text] == [
        "",
        "SLOWEST TOOK ASKED ANSWERED ID",
        "ping to pong 100 ms line 5 line 6 x",
        "request to answer 2.5 s line 1 line 4 \\x1b[1m",
    ]


def test_bars_in_text(tmp_path: Path) -> None:
    """Only of what there is."""
    lines = [frame(second * 1_000_000, "ab" * second, sent=False) for second in range(4)]
    statistics = counted(tmp_path / "a", lines)
    text = list(over_time_text(statistics, str, SPARK, width=48))
    assert [" ".join(line.split()) for line in text] == [
        "",
        "over time 750 ms a cell",
        "frames received ████ most 1",
        "bytes received ▃▆█ most 6 B",
    ]
    assert list(over_time_text(counted(tmp_path / "b", []), str, SPARK, width=48)) == []
