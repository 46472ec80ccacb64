"""Plain frames counted many at a time: the numbers are those of one by one."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.log import FrameLog
from wsdebug.log.statistics import Statistics
from wsdebug.log.statistics_many import spans

TEXTS = [
    *("", "a", "é" * 3, "x" * 300, "[1]", '{"id":1}', '{"id":1,"ok":true}', '{"id":"1"}'),
    *(
        '{"reqId":2}',
        '{"id":true}',
        '{"id":1}\n',
        ' {"id":1}',
        '{"\\u0069d":3}',
        '{"ref":4,"id":5}',
    ),
    *('{"id":1', '{"id":"\\ud800"}', '{"a":{"id":9}}', "{}{}"),
]
ODD = [
    '{"t":%s,"op":"ping","mask":"00000000","send":"p"}',
    '{"t":%s,"op":"pong","recv":"p"}',
    '{"t":%s,"fin":false,"recv":"{"}',
    '{"t":%s,"op":"cont","recv":"}"}',
    '{"t":%s,"recv":"a","wire":"AAAA"}',
    '{"t":%s,"recv":{"b64":"AAAA"}}',
    '{"t":%s,"c":2,"recv":"a"}',
    '{"t":%s,"bad":["invalid-utf8"],"recv":{"b64":"/w=="}}',
    '{"t":%s,"event":"closed","by":"server","code":1006}',
    '{"recv":"no time"}#%s',
    "# a comment at %s",
]
TIMES = st.sampled_from([0, 1, 1_000, 250_000, 999_999, 1_000_000, 40_000_000, -500_000])


@st.composite
def session(draw: st.DrawFn) -> list[str]:
    """Plain frames mostly, with times that go backward now and then."""
    lines, time_us = [], draw(st.sampled_from([0, 700_000]))
    for _ in range(draw(st.integers(1, 30))):
        time_us = max(0, time_us + draw(TIMES))
        time = f"{time_us / 1e6:.6f}"
        if draw(st.integers(0, 6)) == 6:
            lines.append((draw(st.sampled_from(ODD)) % time).partition("}#")[0])
            lines[-1] += "}" if lines[-1].startswith('{"recv":"no time"') else ""
            continue
        way = draw(st.sampled_from(["recv", "send"]))
        text = json.dumps(draw(st.sampled_from(TEXTS)), ensure_ascii=False)
        lines.append(f'{{"t":{time},"{way}":{text}}}')
    return lines


def counted(path: Path, few: int) -> dict[str, Any]:
    """All numbers of a session, runs of `few` frames and more being taken at once."""
    log = FrameLog.open(str(path))
    log.complete.wait()
    statistics = Statistics(log)
    with patch("wsdebug.log.statistics.FEW", few):
        while statistics.advance():
            pass
    log.close()
    moments = [
        (m.line, m.sent, m.received, m.sent_bytes, m.received_bytes, spread(m.latencies))
        for m in statistics.over_time.spans(40)
    ]
    pairs = statistics.pairs
    latencies = {name: spread(vars(getattr(pairs, name))) for name in vars(pairs)}
    plain: dict[str, Any] = spread(vars(statistics) | {"over_time": moments, "pairs": latencies})
    for name in ("_log", "_lines", "_open", "_moment"):
        del plain[name]
    return plain


def spread(found: Any) -> Any:
    """Values that can be compared."""
    if isinstance(found, dict):
        return {str(name): spread(each) for name, each in found.items()}
    if type(found).__module__.startswith("wsdebug.") and hasattr(found, "__dict__"):
        return spread(vars(found))
    return found


@given(session())
def test_many_at_once_are_counted_as_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    """Frames, bytes, peaks, sizes, silence, latencies, and all of it over time."""
    path = tmp_path_factory.mktemp("many") / "x.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines))
    assert counted(path, 2) == counted(path, 1 << 30)


def test_plain_frames_are_taken_at_once(tmp_path: Path) -> None:
    """And not one by one."""
    path = tmp_path / "x.ws.jsonl"
    path.write_text("".join(f'{{"t":{n}.000000,"recv":"a"}}\n' for n in range(100)))
    with patch.object(Statistics, "_add", side_effect=AssertionError):
        found = counted(path, 16)
    assert (found["received"]["frames"], found["silence_us"]) == (100, 1_000_000)


def test_times_are_told_apart_by_their_spans() -> None:
    """As many as there are."""
    ends = [*spans([0, 5, 9, 10, 30], lambda time: (time // 10 + 1) * 10)]
    assert ends == [(0, 3), (3, 4), (4, 5)]
    assert [*spans([], lambda time: time + 1)] == []
