"""Many lines at once say the same as one by one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.log.plain_texts import plain_texts
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

PLAIN = (
    ('{"t":1.500000,"recv":"hi"}', "hi"),
    ('{"t":1.500000,"c":2,"recv":"a \\"word\\"\\nand \\u0001 \\ud83d\\ude00 é"}', None),
    ('{"t":1.500000,"mask":"a1b2c3d4","send":"hi"}', "hi"),
    ('{"t":1.500000,"mask":null,"send":""}', ""),
    ('{"t":1.500000,"rsv1":true,"recv":"Hello","wire":"8kjNyckHAA=="}', "Hello"),
    ('{"t":1.500000,"rsv1":true,"recv":"Hello","wlen":7}', "Hello"),
)
OTHERS = (
    '{"t":1.500000,"fin":false,"recv":"hi"}',
    '{"t":1.500000,"op":"ping","recv":"hi"}',
    '{"t":1.500000,"bad":["too-big"],"recv":"hi"}',
    '{"t":1.500000,"cut":9,"recv":"hi"}',
    '{"t":1.500000,"recv":{"b64":"AAAA"}}',
    '{"t":1.500000,"recv":null}',
    '{"t":1.500000,"recv":"a","send":"b"}',
    '{"t":1.500000,"event":"open"}',
    '{"t":1.500000,"mask":"xyz","send":"hi"}',
    '{"t":1.500000,"rsv1":true,"recv":"Hello","wire":"8kjNyckHAA"}',
    '{"t":-1,"recv":"hi"}',
    '{"t":1.500000,"recv":"\\ud800"}',
    '{"t":1.500000,"recv":"hi"',
    "# a comment",
    "",
)


@pytest.mark.parametrize(("line", "text"), PLAIN)
def test_whole_text_messages_are_taken(line: str, text: str | None) -> None:
    """Their payloads are those that are read one by one."""
    one = parse_line(line.encode(), 1)
    assert isinstance(one, FrameLine)
    assert one.payload is not None
    assert plain_texts([line.encode()] * 3) == [one.payload.decode()] * 3
    assert text is None or one.payload == text.encode()


@pytest.mark.parametrize("line", OTHERS)
def test_anything_else_leaves_all_to_others(line: str) -> None:
    """One such line among them is enough."""
    plain = PLAIN[0][0].encode()
    assert plain_texts([plain, line.encode(), plain]) is None


VALUES = {
    "t": st.sampled_from([0, 1.5, -1, 1e9, 1e10, True, "1", None]),
    "c": st.sampled_from([1, 2, 0, 1.5, 1 << 70, True, None]),
    "fin": st.booleans(),
    "rsv1": st.booleans() | st.none(),
    "mask": st.sampled_from(["a1b2c3d4", "A1B2C3D4", "a1", None, 1]),
    "send": st.text(max_size=3) | st.none(),
    "recv": st.text(max_size=3) | st.just({"b64": ""}),
    "wire": st.sampled_from(["", "8g==", "8g=", "8g==\n", "####", None]),
    "wlen": st.sampled_from([0, 7, -1, True, 1.5, None]),
    "len": st.sampled_from([{}, {"form": 16}, 3]),
    "op": st.sampled_from(["text", 1, 2]),
}


@given(st.fixed_dictionaries({}, optional=VALUES))
def test_what_is_taken_is_read_alike_one_by_one(value: dict[str, object]) -> None:
    """As a whole text message without a violation."""
    data = json.dumps(value).encode()
    texts = plain_texts([data])
    if texts is not None:
        line = parse_line(data, 1)
        assert isinstance(line, FrameLine)
        assert line.frame.fin
        assert (line.frame.opcode, line.bad, line.cut) == (1, (), None)
        assert [line.payload] == [text.encode() for text in texts]
