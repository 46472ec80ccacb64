"""Values to lines and back: what is written is what is read."""

import json
import re
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.session.encode import (
    MANY,
    encode_event,
    encode_frame_line,
    encode_header,
    encode_note,
    quoted,
    quoted_text,
    seconds,
)
from wsdebug.session.lines import Damaged, Event, FrameLine, Header, Note, Wait
from wsdebug.session.parse import parse_line
from wsdebug.session.parse_plain import parse_plain
from wsdebug.wire.frame import Frame


def line(frame: Frame, **fields: object) -> FrameLine:
    """A received frame at 0.5 s whose payload is as on the wire."""
    made = FrameLine(1, 500_000, False, frame, frame.payload, is_text=frame.opcode == 1)
    return replace(made, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (line(Frame(1, b"hi")), '{"t":0.500000,"recv":"hi"}'),
        (
            line(Frame(1, b"hi", mask=b"\xa1\xb2\xc3\xd4"), sent=True),
            '{"t":0.500000,"mask":"a1b2c3d4","send":"hi"}',
        ),
        (line(Frame(1, b"hi"), sent=True), '{"t":0.500000,"mask":null,"send":"hi"}'),
        (line(Frame(1, b"hi"), sent=True, any_mask=True), '{"t":0.500000,"send":"hi"}'),
        (
            line(Frame(2, bytes(3), fin=False), connection=2),
            '{"t":0.500000,"c":2,"fin":false,"recv":{"b64":"AAAA"}}',
        ),
        (line(Frame(0, bytes(3))), '{"t":0.500000,"op":"cont","recv":{"b64":"AAAA"}}'),
        (
            line(Frame(1, b"\xff"), bad=("invalid-utf8",)),
            '{"t":0.500000,"op":"text","bad":["invalid-utf8"],"recv":{"b64":"/w=="}}',
        ),
        (
            line(Frame(1, b"\xf2", rsv1=True), payload=b"Hello"),
            '{"t":0.500000,"rsv1":true,"recv":"Hello","wire":"8g=="}',
        ),
        (line(Frame(9, b"7f")), '{"t":0.500000,"op":"ping","recv":"7f"}'),
        (
            line(Frame(8, b"\x03\xe8bye")),
            '{"t":0.500000,"op":"close","recv":{"code":1000,"reason":"bye"}}',
        ),
        (line(Frame(8)), '{"t":0.500000,"op":"close","recv":{}}'),
        (line(Frame(3)), '{"t":0.500000,"op":3,"recv":{"b64":""}}'),
        (
            line(Frame(1, b"hello", declared_length=9), sent=True),
            '{"t":0.500000,"mask":null,"len":{"form":7,"declared":9},"send":"hello"}',
        ),
    ],
)
def test_a_frame_is_written_in_the_keys_and_order_of_the_format(
    value: FrameLine, text: str
) -> None:
    """And reads back as it was."""
    assert encode_frame_line(value).decode() == text + "\n"
    assert parse_line(text.encode(), 1) == value


def test_a_wire_payload_that_is_not_kept_leaves_its_length() -> None:
    """`--no-wire`."""
    written = encode_frame_line(
        line(Frame(1, b"\xf2\x01", rsv1=True), payload=b"Hello"), keeps_wire=False
    )
    assert json.loads(written)["wlen"] == 2
    read = parse_line(written, 1)
    assert isinstance(read, FrameLine)
    assert (read.wire_length, read.frame.payload, read.payload) == (2, b"", b"Hello")


payloads = st.binary(max_size=60) | st.text(max_size=30).map(lambda text: text.encode())


@given(
    st.builds(
        Frame,
        opcode=st.integers(0, 15),
        payload=payloads,
        fin=st.booleans(),
        rsv1=st.booleans(),
        rsv2=st.booleans(),
        mask=st.none() | st.binary(min_size=4, max_size=4),
        length_form=st.none() | st.just(64),
    ),
    st.booleans(),
    st.integers(0, 10**12),
    st.integers(1, 3),
    st.none() | payloads,
)
def test_every_frame_survives_the_round_trip(
    frame: Frame, sent: bool, time_us: int, connection: int, inflated: bytes | None
) -> None:
    """Whatever its bits, payload and time."""
    value = FrameLine(
        7, time_us, sent, frame, inflated, connection=connection, is_text=frame.opcode == 1
    )
    written = encode_frame_line(value)
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    read = parse_line(written, 7)
    assert isinstance(read, FrameLine)
    assert read == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"url":"ws://h/"}', Header(1, "ws://h/", raw={"url": "ws://h/"})),
        ('{"t":1.5,"event":"end","frames":2}', Event(1, 1_500_000, "end", {"frames": 2})),
        ('{"t":1,"note":"here","on":4}', Note(1, 1_000_000, "here", 4)),
        ('{"wait":0.5}', Wait(1, 0.5)),
        ("", None),
        ("# a comment", None),
    ],
)
def test_other_lines_are_read(text: str, value: object) -> None:
    """Headers, events, notes, waits; blank lines and comments are nothing."""
    assert parse_line(text.encode(), 1, first=True) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"\xff", "not UTF-8"),
        (b'{"send":"a","recv":"b"}', "exactly one"),
        (b'{"hello":1}', "exactly one"),
        (b'{"send":1}', "a payload is"),
        (b'{"recv":{"b64":"*"}}', "not base64"),
        (b'{"recv":"a","op":16}', "0 to 15"),
        (b'{"recv":"a","op":"tekst"}', "op is none of"),
        (b'{"recv":"a","mask":"xyz"}', "8 hex digits"),
        (b'{"recv":"\\ud800"}', "lone surrogate"),
        (b'{"wsdebug":2,"url":"ws://h/"}', "format version 2"),
        (b'{"recv":' + b"[" * 100_000, "nested too deeply"),
        (b'{"t":1e999,"recv":"x"}', "t is not a number of seconds"),
        (b'{"wait":1e999}', "wait is not a number of seconds"),
        (b'{"wait":NaN}', "NaN is not JSON"),
        (b'{"recv":"\xed\xa0\x80"}', "not UTF-8"),
        (b'{"event":"x","message":"\xed\xa0\x80"}', "not UTF-8"),
        (b'{"t":NaN,"event":"x"}', "NaN is not JSON"),
        (b'{"t":1e400,"event":"x"}', "t is not a number of seconds"),
        (b'{"t":-1,"event":"x"}', "t is not a number of seconds"),
        (b'{"t":true,"event":"x"}', "t is not a number of seconds"),
        (b'{"wait":1e400}', "wait is not a number of seconds"),
        (b'{"wait":' + b"9" * 4000 + b"}", "wait is not a number of seconds"),
        (b'{"wait":null}', "wait is not a number of seconds"),
        (b'{"t":' + b"9" * 5000 + b',"event":"x"}', "not JSON"),
        (b'{"send":{"json":1e400}}', "not JSON"),
        (b'{"recv":"a","c":0}', "c is not a whole number from 1 on"),
        (b'{"recv":"a","c":false}', "c is not a whole number from 1 on"),
        (b'{"recv":"a","cut":-1}', "cut is not a whole number from 0 on"),
        (b'{"recv":"a","wlen":18446744073709551616}', "wlen is not a whole number"),
        (b'{"recv":"a","len":{"form":64,"declared":-1}}', "declared is not a whole number"),
        (b'{"note":"a","on":{}}', "on is not a whole number from 0 on"),
        (b'{"recv":{"b64":"AA==","hex":"00"}}', "has one of"),
        (b'{"recv":{"json":1,"regex":"1"}}', "has one of"),
        (b'{"op":"close","recv":{"code":1000,"b64":"AA=="}}', "has one of"),
        (b'{"op":"close","recv":{"reason":"bye"}}', "a close reason needs a code"),
        (b'{"send":{"regex":"a+"}}', "regex is for recv only"),
    ],
)
def test_a_damaged_line_says_why(text: bytes, words: str) -> None:
    """In words, with its number."""
    read = parse_line(text, 9)
    assert isinstance(read, Damaged)
    assert read.number == 9
    assert words in read.why


@given(st.binary(max_size=200))
def test_nothing_makes_the_reader_raise(data: bytes) -> None:
    """Files come from anywhere."""
    parse_line(data, 1, first=True)


KEYS = (
    "t c op fin rsv1 mask len bad cut send recv wire wlen event note on wait url wsdebug headers "
    "started vars connect redacted keeps_wire b64 hex json file regex code reason form declared"
)
numbers = st.integers() | st.floats() | st.sampled_from((1 << 64, 10**400, -1, 0, 1e308))
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=3)
    ),
    max_leaves=6,
)


ODD_ASCII = "".join(map(chr, range(0x20))) + '"\\/\x7f'
ODD = ODD_ASCII + "\x80\u2028\ufeff€😀"


def alike(data: bytes) -> bytes:
    """With the digits of escapes as one of those that escape has them."""
    return re.sub(rb"\\u00[0-9A-F]{2}", lambda found: found[0].lower(), data)


@pytest.mark.parametrize("size", [1, MANY // 4, MANY, 3 * MANY], ids="{} characters".format)
@pytest.mark.parametrize("often", [2, 9, 40, 2000], ids="a quote in {}".format)
@pytest.mark.parametrize(
    "odd", ["", '"', ODD_ASCII, ODD], ids=["plain", "quotes", "odd ASCII", "odd"]
)
def test_text_is_escaped_alike_whatever_does_it(size: int, often: int, odd: str) -> None:
    """Another module does it for texts that are long, and for such as have few quotes."""
    text = odd + "".join('"' if number % often == 1 else "a" for number in range(size)) + odd
    wanted = json.dumps(text, ensure_ascii=False).encode()
    assert alike(quoted_text(text)) == alike(quoted(text.encode())) == wanted


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(1, 600))
def test_any_text_is_escaped_as_json_has_it(text: str, times: int) -> None:
    """Once and again and again."""
    wanted = alike(json.dumps(text * times, ensure_ascii=False).encode())
    assert alike(quoted_text(text * times)) == alike(quoted(text.encode() * times)) == wanted


@given(st.dictionaries(st.sampled_from(KEYS.split()), values, min_size=1, max_size=5))
def test_no_value_of_a_key_makes_the_reader_raise(value: dict[str, object]) -> None:
    """Of any type and size, where another is expected; a frame that is read can be written."""
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    read = parse_line(data, 1, first=True)
    assert read is not None
    if isinstance(read, FrameLine):
        assert parse_line(encode_frame_line(read), 1) is not None


def test_a_byte_order_mark_is_passed_over() -> None:
    """Some editors write one."""
    read = parse_line(b'\xef\xbb\xbf{"url":"ws://h/"}', 1, first=True)
    assert isinstance(read, Header)


def test_the_text_of_a_line_may_hold_other_line_ends() -> None:
    """U+2028 and U+0085 are data and stay literal."""
    value = line(Frame(1, "a\u2028b\u0085c".encode()))
    written = encode_frame_line(value)
    assert "a\u2028b".encode() in written
    assert parse_line(written, 1) == value


def test_events_notes_and_headers_are_written_in_order() -> None:
    """`t`, `c`, then the kind."""
    assert encode_event(82_010, 2, "open", {"subprotocol": None}) == (
        b'{"t":0.082010,"c":2,"event":"open","subprotocol":null}\n'
    )
    assert encode_event(0, 1, "end", {}) == b'{"t":0.000000,"event":"end"}\n'
    assert encode_note(1, 'a "b"', 3) == b'{"t":0.000001,"note":"a \\"b\\"","on":3}\n'
    assert encode_header({"wsdebug": 1, "url": "ws://ü/"}) == (
        '{"wsdebug":1,"url":"ws://ü/"}\n'.encode()
    )
    assert seconds(61_000_001) == "61.000001"


PAYLOADS = st.sampled_from(
    [
        *(
            '""',
            '"hi"',
            '"a \\"quoted\\" word"',
            '"\\n\\\\"',
            '"é\u2028"',
            '"\\u0068"',
            '"\\ud83d"',
        ),
        *(
            '"\\ud83d\\ude00"',
            '"\\uD800"',
            '"a\tb"',
            '"a" ',
            '"a","x":1',
            '"a","wire":"8g=="',
            "null",
        ),
        *('{"b64":""}', '{"b64":"AAEC"}', '{"b64":"AAE"}', '{"b64":"A===="}', '{"b64":"AA==AA=="}'),
        *(
            '{"b64":"AAEC"},"x":1',
            '{"hex":"00"}',
            '{"json":{"b64":"AAEC"}}',
            "{}",
            '"',
            "1",
            '"[[["',
        ),
    ]
)
HEADS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["{", " {", "\ufeff{", ""]),
        st.sampled_from(
            [
                *(
                    '"t":0.500000,',
                    '"t":12345.000001,',
                    '"t":00.500000,',
                    '"t":1,',
                    '"t":-0.500000,',
                ),
                *('"t":123456789.999999,', '"t":1234567890123.000000,', '"t":5e-1,', ""),
            ]
        ),
        st.sampled_from(["", "", '"c":2,', '"c":0,', '"c":1234567890,']),
        st.sampled_from(["", "", '"mask":"a1b2c3d4",', '"mask":null,', '"mask":"A1B2C3D4",']),
        st.sampled_from(["", "", "", '"op":"ping",', '"fin":false,']),
        st.sampled_from(['"recv":', '"send":', '"send":', '"note":']),
    ),
)


@given(HEADS, PAYLOADS, st.sampled_from([b"}", b"}", b"}", b"} ", b"", b"}}", b"\xff}"]))
def test_what_is_recorded_most_is_read_fast_and_like_the_rest(
    head: str, payload: str, tail: bytes
) -> None:
    """Whatever only looks like it."""
    data = (head + payload).encode() + tail
    with patch("wsdebug.session.parse.parse_plain", lambda data, number: None):
        expected = parse_line(data, 7)
    assert parse_line(data, 7) == expected
    assert parse_plain(data, 7) in (None, expected)


@pytest.mark.parametrize(
    "text",
    [
        '{"t":0.500000,"recv":"h\\"i\\" é"}',
        '{"t":0.500000,"c":2,"mask":"a1b2c3d4","send":""}',
        '{"t":0.500000,"recv":{"b64":"AAEC"}}',
    ],
)
def test_what_is_recorded_most_is_known(text: str) -> None:
    """And made what the rest is made."""
    assert parse_plain(text.encode(), 1) is not None


@pytest.mark.parametrize(
    ("written", "payload"),
    [
        ('{"a":1.10,"b":1.0000000000000000001}', b'{"a":1.10,"b":1.0000000000000000001}'),
        ('{"a": [0.1, "1.5"]}', b'{"a":[0.1,"1.5"]}'),
        ('{"a":1.50,"a":2}', b'{"a":2}'),
        ('{"a":1E2}', b'{"a":1E+2}'),
    ],
)
def test_numbers_of_json_by_hand_are_as_they_are_written(written: str, payload: bytes) -> None:
    """As a replay sends them; two of a key are no JSON to be exact about."""
    for kind in ("send", "recv"):
        line = parse_line(f'{{"t":1.5,"{kind}":{{"json":{written}}}}}'.encode(), 1)
        assert isinstance(line, FrameLine)
        assert line.payload == payload
