"""Messages put together: of any number of fragments, in any form, whatever stands between them."""

import json
from base64 import b64encode
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.log import FrameLog
from wsdebug.log.masked import MaskedLog
from wsdebug.log.whole import FIRST, LAST
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import FrameLine

HEADER = '{"wsdebug":1,"url":"ws://h/"}'
PIECES = [
    '{"t":1.000000,"fin":false,"recv":"b"}',
    '{"t":1.000000,"op":"cont","fin":false,"recv":"c\\"é"}',
    '{"t":1.000000,"op":"cont","fin":false,"recv":"d"}',
    '{"t":1.000000,"op":"cont","recv":"e"}',
    '{"t":1.000000,"c":2,"op":"cont","fin":false,"recv":"f"}',
    '{"t":1.000000,"op":"cont","fin":false,"mask":"00000000","send":"g"}',
    '{"t":1.000000,"op":"cont","fin":false,"recv":{"b64":"/w=="}}',
    '{"t":1.000000,"op":"cont","fin":false,"recv":"h","wire":"AAAA"}',
    '{"t":1.000000,"op":"cont","fin":false,"recv":null,"wire":"AAAA"}',
    '{"t":1.000000,"op":"cont","fin":false,"bad":["invalid-utf8"],"recv":{"b64":"/w=="}}',
    '{"t":1.000000,"op":"ping","recv":"p"}',
    '{"t":1.000000,"recv":"alone"}',
    '{"t":1.000000,"event":"gap","frames":1}',
    '{ "op":"cont" , "fin":false,"recv":"spaced"}',
    "# a comment",
    "not json",
]


def log_of(folder: Path, lines: list[str]) -> FrameLog:
    """A file of a header and some lines, counted."""
    path = folder / "x.ws.jsonl"
    path.write_text("".join(f"{line}\n" for line in [HEADER, *lines]))
    log = FrameLog.open(str(path))
    log.complete.wait()
    return log


@given(st.data())
def test_a_message_put_together_is_its_frames(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """As they are found one by one."""
    runs = st.tuples(st.sampled_from(PIECES), st.sampled_from([1, 1, 2, 30]))
    lines = [line for line, times in data.draw(st.lists(runs, max_size=9)) for _ in range(times)]
    # blocks and windows of a few lines
    with (
        patch("wsdebug.log.index.STRIDE", 200),
        patch("wsdebug.log.log.WINDOW", 600),
        patch("wsdebug.log.windows.WINDOW", 600),
    ):
        log = log_of(tmp_path_factory.mktemp("whole"), lines)
        every = st.lists(st.integers(1, len(lines) + 1), min_size=1, max_size=3)
        for number in data.draw(every):
            line, whole = log.line(number), log.whole(number)
            if not isinstance(line, FrameLine):
                assert whole is None
                continue
            assert whole is not None
            frames = log.message(number)
            parts = [frame.payload for frame in frames]
            known = [part for part in parts if part is not None]
            assert whole.finish().data == (b"".join(known) if len(known) == len(parts) else None)
            assert whole.count == len(frames)
            assert whole.is_broken == any("invalid-utf8" in frame.bad for frame in frames)
            assert whole.is_complete == frames[-1].frame.fin
            assert whole.is_text == (frames[0].frame.opcode == 1)
            told = {frame.number for frame in [*frames[:FIRST], *frames[-LAST:]]} | {number}
            told |= {frame.number for frame in [f for f in frames if f.bad][:1]}
            assert [frame.number for frame in whole.frames] == sorted(told)
            wire = [
                len(f.frame.payload) if f.wire_length is None else f.wire_length for f in frames
            ]
            assert whole.wire_length == sum(wire)
            before = log.whole(number, up_to=number)
            assert before is not None
            earlier = [f.payload for f in frames if f.number < number]
            if None not in earlier:
                assert before.finish().data == b"".join(part or b"" for part in earlier)
        log.close()


@given(st.data())
def test_rows_number_fragments_as_they_stand_in_their_message(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever was read before, and however little of it."""
    begins = st.just('{"t":1.000000,"op":"binary","fin":false,"recv":{"b64":"AAEC"}}')
    runs = st.tuples(st.sampled_from(PIECES) | begins, st.sampled_from([1, 1, 2, 30]))
    lines = [line for line, times in data.draw(st.lists(runs, max_size=9)) for _ in range(times)]
    with (
        patch("wsdebug.log.index.STRIDE", 200),
        patch("wsdebug.log.log.WINDOW", 600),
        patch("wsdebug.log.log.LOOK_BACK", data.draw(st.sampled_from([1, 3, 64]))),
    ):
        log = log_of(tmp_path_factory.mktemp("rows"), lines)
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(lines)))
            for row in log.rows(start, start + data.draw(st.integers(1, 40))):
                frames = log.message(row.line)
                is_part = len(frames) > 1 or (row.kind == "frame" and not row.fin)
                numbers = [frame.number for frame in frames]
                lone = row.kind == "frame" and row.opcode == 0
                assert row.fragment == (numbers.index(row.line) + 1 if is_part or lone else 0)
                if is_part and frames[0].frame.opcode:
                    assert row.is_text == (frames[0].frame.opcode == 1)
        log.close()


def test_a_message_is_put_together_step_by_step(tmp_path: Path) -> None:
    """And says how far it is."""
    count = 60_000
    lines = [PIECES[0], *[PIECES[2]] * (count - 2), PIECES[3]]
    log = log_of(tmp_path, lines)
    whole = log.whole(count // 2)
    assert whole is not None
    seen = {whole.count}
    while whole.advance():
        seen.add(whole.count)
    assert len(seen) > 2
    assert whole.count == count
    assert whole.data == b"b" + b"d" * (count - 2) + b"e"
    numbers = [2, 3, 4, 5, 6, 7, count // 2, count - 1, count, count + 1]
    assert [frame.number for frame in whole.frames] == numbers
    log.close()


def test_a_message_of_a_live_session_is_put_together_without_secrets(tmp_path: Path) -> None:
    """Those that lie across fragments are not there either."""
    log = log_of(tmp_path, [])
    texts = ["my sec", "ret is he", "re"]
    lines = [
        json.dumps({"t": 1.0, "op": "cont" if at else "text", "fin": at == 2, "recv": text})
        for at, text in enumerate(texts)
    ]
    plain = log_of(tmp_path, lines)
    redactor = Redactor(["secret"])
    masked = MaskedLog(plain._source, plain.index, redactor)
    whole = masked.whole(3)
    assert whole is not None
    assert whole.finish().data == b"".join(frame.payload or b"" for frame in masked.message(3))
    assert b"sec" not in (whole.data or b"")
    assert whole.count == 3
    for each in (log, plain):
        each.close()


def test_very_large_fragments_are_put_together(tmp_path: Path) -> None:
    """Of lines that are longer than any window, too."""
    big = b64encode(bytes(600_000)).decode()
    first = f'{{"t":1.000000,"op":"binary","fin":false,"recv":{{"b64":"{big}"}}}}'
    inner = f'{{"t":1.000000,"op":"cont","fin":false,"recv":{{"b64":"{big}"}}}}'
    last = f'{{"t":1.000000,"op":"cont","recv":{{"b64":"{big}"}}}}'
    log = log_of(tmp_path, [first, *[inner] * 3, last])
    for limit in (1 << 30, 700_000):
        with patch("wsdebug.log.windows.WHOLE", limit):
            whole = log.whole(4)
            assert whole is not None
            assert whole.finish().data == bytes(3_000_000)
            assert whole.count == 5
    log.close()
