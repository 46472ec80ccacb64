"""The timeline: frames each way in buckets, whatever the session is like."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.log.log import FrameLog
from wsdebug.log.timeline import BUCKETS, Bucket, Timeline, cell_of, line_at, silence_before

SENT = '{{"t":{t},"mask":"00000000","send":"{text}"}}'
RECEIVED = '{{"t":{t},"recv":"{text}"}}'
BROKEN = '{{"t":{t},"bad":["invalid-utf8"],"op":"text","recv":{{"b64":"/w=="}}}}'


def timeline_of(path: Path, lines: list[str], *, by_line: bool = False) -> Timeline:
    """The whole of a session with these lines; each looked at by itself, if that is wanted."""
    path.write_text("".join(f"{line}\n" for line in lines))
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    timeline = Timeline(log)
    with pytest.MonkeyPatch.context() as patch:
        if by_line:
            patch.setattr(Timeline, "_count", lambda timeline, window: False)
        while timeline.advance():
            pass
    assert timeline.is_complete
    log.close()
    return timeline


def shape(timeline: Timeline, count: int) -> list[tuple[int, int, int]]:
    """Frames sent and received and what is wrong, span for span."""
    return [(span.sent, span.received, span.wrong) for span in timeline.spans(count)]


def test_frames_lie_in_their_time(tmp_path: Path) -> None:
    """Each direction by itself; violations, failures and silences are known."""
    lines = [
        '{"wsdebug":1,"url":"ws://h/"}',
        '{"t":0.000000,"event":"connecting","url":"ws://h/"}',
        '{"t":0.500000,"event":"open"}',
        SENT.format(t="1.000000", text="ab"),
        RECEIVED.format(t="1.500000", text="abc"),
        "# a comment",
        BROKEN.format(t="2.000000"),
        RECEIVED.format(t="33.000000", text="x"),
        '{"t":39.999999,"event":"closed","code":1006}',
    ]
    timeline = timeline_of(tmp_path / "a", lines)
    assert (timeline.sent, timeline.received) == (1, 3)
    assert (timeline.sent_bytes, timeline.received_bytes) == (2, 5)
    assert (timeline.first_us, timeline.last_us) == (0, 39_999_999)
    spans = timeline.spans(4)
    assert [(span.line, span.sent, span.received, span.wrong) for span in spans] == [
        (2, 1, 2, 1),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
        (8, 0, 1, 1),
    ]
    assert silence_before(spans, 3) == 31_000_000
    assert silence_before(spans, 0) is None


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        ('"event":"error","kind":"TCP"', 1),
        ('"event":"closed","code":1006', 1),
        ('"event":"closed"', 1),
        ('"event":"closed","code":1000', 0),
        ('"event":"open"', 0),
    ],
)
def test_what_went_wrong(tmp_path: Path, event: str, wrong: int) -> None:
    """Connections that failed or broke."""
    timeline = timeline_of(tmp_path / "a", [f'{{"t":1.000000,{event}}}'])
    assert [span.wrong for span in timeline.spans(1)] == [wrong]


@pytest.mark.parametrize(
    "lines",
    [[], ["{}"], ['{"recv":"no time"}'], ['{"send":"a"}', '{"wait":3}']],
)
def test_without_times_there_are_no_spans(tmp_path: Path, lines: list[str]) -> None:
    """Yet frames are counted."""
    timeline = timeline_of(tmp_path / "a", lines)
    assert timeline.spans(10) == []
    frames = sum('"recv"' in line or '"send"' in line for line in lines)
    assert timeline.sent + timeline.received == frames


def test_a_clock_that_goes_backward_stands_still(tmp_path: Path) -> None:
    """And nothing comes before what is already there."""
    lines = [RECEIVED.format(t=t, text="") for t in ("5.000000", "2.000000", "6.000000")]
    lines.insert(2, '{"recv":"no time"}')
    for by_line in (True, False):
        timeline = timeline_of(tmp_path / "a", lines, by_line=by_line)
        assert shape(timeline, 2) == [(0, 3, 0), (0, 1, 0)]


KINDS = st.sampled_from([SENT, RECEIVED, RECEIVED, RECEIVED, BROKEN])
STEPS = st.one_of(st.integers(0, 50), st.integers(0, 10**9), st.just(10**13))
TEXTS = st.sampled_from(["", '{\\"send\\":1,\\"recv\\":2}', ',\\"bad\\":[', "plain", "\\n{"])
OTHERS = st.sampled_from(
    ["", "# it", '{{"t":{t},"event":"error"}}', '{{"t":{t},"note":"n"}}', '{{"recv":""}}', "{{"]
)


@given(
    st.lists(st.tuples(KINDS, STEPS, TEXTS), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 60), OTHERS), max_size=2),
    st.integers(1, 200),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counting_and_reading_line_by_line_are_equal(
    tmp_path: Path, frames: list[tuple[str, int, str]], others: list[tuple[int, str]], window: int
) -> None:
    """Whatever stands among the frames, and wherever windows end."""
    lines, time_us = [], 0
    for kind, step, text in frames:
        time_us += step
        lines.append(kind.format(t=f"{time_us // 10**6}.{time_us % 10**6:06}", text=text))
    for place, other in others:
        lines.insert(min(place, len(lines)), other.format(t=f"{time_us // 10**6}.000000"))
    read = timeline_of(tmp_path / "a", lines, by_line=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("wsdebug.log.index.STRIDE", window)
        patch.setattr("wsdebug.log.windows.WINDOW", window)
        counted = timeline_of(tmp_path / "a", lines)
    assert counted.spans(BUCKETS) == read.spans(BUCKETS)
    assert (counted.sent, counted.received) == (read.sent, read.received)
    assert counted.sent_bytes == read.sent_bytes
    assert counted.received_bytes == read.received_bytes
    assert (counted.first_us, counted.last_us) == (read.first_us, read.last_us)
    spans = read.spans(100)
    assert sum(span.sent + span.received for span in spans) <= read.sent + read.received


def test_a_bucket_is_not_cut_in_two(tmp_path: Path) -> None:
    """Many lines of a window in few buckets."""
    lines = [RECEIVED.format(t=f"{second}.000000", text="a" * 2000) for second in range(2000)]
    timeline = timeline_of(tmp_path / "a", lines)
    assert (timeline.received, timeline.received_bytes) == (2000, 4_000_000)
    counts = [span.received for span in timeline.spans(4)]
    assert sum(counts) == 2000
    assert all(495 <= count <= 505 for count in counts)
    assert [span.received_bytes for span in timeline.spans(4)] == [2000 * n for n in counts]


def test_it_grows_with_the_session(tmp_path: Path) -> None:
    """Buckets double their width, and there are never more of them."""
    path = tmp_path / "a"
    path.write_text("")
    log = FrameLog.open(str(path))
    assert log.complete.wait(10)
    timeline = Timeline(log)
    for second in range(0, 5000, 7):
        data = RECEIVED.format(t=f"{second}.000000", text="").encode() + b"\n"
        with path.open("ab") as file:
            file.write(data)
        log.index.add(data)
        timeline.advance()
        assert sum(span.received for span in timeline.spans(50)) == second // 7 + 1
    log.close()


def test_places_and_lines() -> None:
    """A place without lines leads to the next; a line lies in the last span that begins before."""
    spans = [Bucket(), Bucket(line=3), Bucket(), Bucket(line=9), Bucket()]
    assert [line_at(spans, place) for place in range(5)] == [3, 3, 9, 9, 9]
    assert [cell_of(spans, line) for line in (1, 3, 8, 9, 99)] == [1, 1, 1, 3, 3]
    assert (line_at([], 0), cell_of([], 1)) == (None, None)


def test_json_and_unknown_keys_are_not_frames(tmp_path: Path) -> None:
    """Lines written by hand are read, not counted."""
    value: dict[str, Any] = {"t": 1.5, "recv": {"json": {"a": 1, "recv": 2, "send": 3}}}
    lines = [RECEIVED.format(t="1.000000", text=""), json.dumps(value, separators=(",", ":"))]
    timeline = timeline_of(tmp_path / "a", lines)
    assert (timeline.sent, timeline.received) == (0, 2)
