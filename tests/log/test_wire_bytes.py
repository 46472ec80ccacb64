"""Bytes on the wire of many lines at once: the same as those of each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.records import decode_lines, wire_size
from wsdebug.log.wire_bytes import wire_bytes
from wsdebug.session.encode import encode_frame_line
from wsdebug.session.lines import FrameLine
from wsdebug.wire.frame import Frame

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ['{"send":"a","recv":"b"}', '"}', "\\", '\\"', '","wire":"AA=="}', ',"wlen":3}', "\n\x00\x1f"]
)
PAYLOADS = TEXTS.map(str.encode) | st.binary(max_size=12)


@st.composite
def frame_lines(draw: st.DrawFn) -> tuple[FrameLine, bool]:
    """A frame as a recorder has it, and whether what was on the wire is kept."""
    payload, opcode = draw(PAYLOADS), draw(st.sampled_from((0, 1, 2, 9, 10, 3)))
    wire = draw(st.just(payload) | PAYLOADS)
    sent = draw(st.booleans())
    frame = Frame(opcode, wire, rsv1=wire != payload, mask=b"abcd" if sent else None)
    bad = draw(st.sampled_from([(), ("invalid-utf8",)]))
    line = FrameLine(
        0, draw(st.integers(0, 10**9)), sent, frame, payload, bad=bad, is_text=draw(st.booleans())
    )
    return line, draw(st.booleans())


@given(st.lists(frame_lines(), min_size=1, max_size=20))
def test_many_lines_are_the_sum_of_each(frames: list[tuple[FrameLine, bool]]) -> None:
    """Strings, base64, what was inflated, with or without the wire's bytes."""
    lines = [encode_frame_line(line, keeps_wire=keeps_wire) for line, keeps_wire in frames]
    records = decode_lines(list(enumerate(lines)))
    data = b"".join(lines)
    for sent in (True, False):
        sizes = [
            wire_size(record)
            for record, (line, _) in zip(records, frames, strict=True)
            if line.sent is sent
        ]
        assert wire_bytes(data, 0, len(data), sent=sent) == (len(sizes), sum(sizes))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"t":0.000000,"recv":"a"}\n', (1, 1)),
        (b'{"t":0.000000,"send":"a"}\n', (0, 0)),
        (b'{"t":0.000000,"recv":"\\u0000\\n\\\\\\""}\n', (1, 4)),
        (b'{"t":0.000000,"recv":"\\u00e9"}\n', None),
        (b'{"t":0.000000,"recv":"\\ud83d\\ude00"}\n', None),
        (b'{"t":0.000000,"recv":null}\n', None),
        (b'{"t":0.000000,"op":"close","recv":{"code":1000,"reason":""}}\n', None),
        (b'{"t":0.000000,"recv":"a","c":2}\n', None),
        (b'{"t":0.000000,"recv":"a","note":"b"}\n', None),
        (b'{"t":0.000000,"recv":"a", "note":"b"}\n', None),
        (b'{"t":0.000000,"recv":{"b64":"AAAA"},"c":2}\n', None),
        (b'{"t":0.000000,"recv":"a","wlen":1,"c":2}\n', None),
        (b'{"t":0.000000,"recv":"a","wire":"AAAA","c":"AAAA"}\n', None),
        (b'{"t":0.000000,"recv":{"json":{"recv":1}}}\n', None),
        (b'{"t":0.000000,"recv":"a\n', (0, 0)),
    ],
)
def test_what_is_not_as_recorded_is_left_to_others(
    line: bytes, found: tuple[int, int] | None
) -> None:
    """None, or not a frame."""
    assert wire_bytes(line, 0, len(line), sent=False) == found
