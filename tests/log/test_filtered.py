"""Filtered lines: found in every form that a payload can have, live and from a file."""

import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filter_terms import (
    AllOf,
    AnyOf,
    BadIs,
    DirectionIs,
    EventIs,
    FlagIs,
    JsonIs,
    Node,
    Not,
    NoteHas,
    NumberIn,
    OpcodeIs,
    Pattern,
    Word,
)
from wsdebug.log.filtered import FilteredLines
from wsdebug.log.index import LineIndex
from wsdebug.log.log import FrameLog
from wsdebug.log.needles import needles_of
from wsdebug.log.statistics import Statistics
from wsdebug.payload.json_query import parse_json_query
from wsdebug.session.lines import Event, FrameLine, Line, Note
from wsdebug.wire.close import parse_close


class GrowingSource:
    """A file in memory; what was added to the index is there."""

    def __init__(self) -> None:
        self.data = b""
        self.index = LineIndex()
        self.log = FrameLog(self, self.index)

    @property
    def size(self) -> int:
        """Bytes there are now."""
        return len(self.data)

    recorded_size = size

    def add(self, *lines: str | bytes) -> None:
        """Take lines without their newlines."""
        chunk = b"".join(
            (line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines
        )
        self.data += chunk
        self.index.add(chunk)

    def pread(self, size: int, offset: int) -> bytes:
        """At most so many bytes; never more than 10 kB, as between the parts of a recording."""
        return self.data[offset : offset + min(size, 10_000)]

    def close(self) -> None:
        """Nothing to close."""


def found(log: FrameLog, text: str, *, every_line: bool = False) -> list[int]:
    """All lines that a filter takes."""
    lines = FilteredLines(log, parse_filter(text), every_line=every_line)
    while lines.advance() or not lines.is_complete:
        pass
    return lines.lines(0, len(lines))


def session(*lines: str | bytes) -> FrameLog:
    """A log of some lines."""
    source = GrowingSource()
    source.add(*lines)
    return source.log


def b64(data: bytes) -> str:
    """As in a payload object."""
    return b64encode(data).decode()


@pytest.mark.parametrize(
    "line",
    [
        '{"t":1.0,"recv":"say Hello there"}',
        '{"t":1.0,"mask":"00000000","send":"say Hello there"}',
        '{"recv":"say \\u0048\\u0065llo\\u0020there"}',
        '{"recv":"say He\\u006clo there"}',
        '{ "op" : "text" , "recv" : "say Hello there" , "t" : 1 }',
        '{"\\u0072ecv":"say Hello there"}',
        f'{{"recv":{{"b64":"{b64(b"say Hello there")}"}}}}',
        f'{{"recv": {{"b64": "{b64(b"say Hello there")}"}}, "op": "text"}}',
        f'{{"recv":{{"hex":"{b"say Hello there".hex(" ")}"}}}}',
        '{"recv":{"json":{"a": "say Hello there"}}}',
        '{"op":"ping","recv":"say Hello there"}',
        '{"op":"close","recv":{"code":1000,"reason":"say Hello there"}}',
        '{"recv":"\\u00e9\\ud83d\\ude00 say Hello there \\/"}',
        '{"recv":"say Hello there","wire":"AAAA"}',
        '{"recv":"' + "x" * 2_000_000 + 'say Hello there"}',
        f'{{"recv":{{"b64":"{b64(b"x" * 2_000_000 + b"say Hello there")}"}}}}',
    ],
    ids=range(16),
)
def test_text_is_found_in_every_form(line: str) -> None:
    """And nowhere but in payloads: `recv`, a mask, `wire` and notes are none."""
    log = session(
        '{"url":"ws://h/Hello"}',
        '{"t":0.0,"event":"closed","reason":"Hello"}',
        "# Hello",
        '{"recv":"hell o"}',
        line,
        '{"note":"Hello"}',
        "",
        '{"recv":null,"wire":"Hello+=="}',
        "Hello",
    )
    assert found(log, "Hello") == [5]
    assert found(log, "hello") == [5]
    assert found(log, "HELLO") == []
    assert found(log, '"hello there"') == [5]
    assert found(log, "/he(l+)o/i") == [5]
    assert found(log, "/^hello/i") == []
    assert found(log, "-hello") == [2, 4, 6, 8, 9]


FRAGMENTS = [
    '{"t":1.0,"fin":false,"recv":"{\\"a\\":\\"hel"}',
    '{"t":1.0,"op":"ping","recv":"hello"}',
    '{"t":1.1,"mask":"00000000","fin":false,"send":"he"}',
    '{"t":1.1,"c":2,"op":"cont","recv":"lo"}',
    '{"t":1.2,"op":"cont","fin":false,"recv":{"b64":"bG8="}}',
    '{"t":1.3,"op":"cont","recv":" \\"}"}',
    '{"t":1.3,"mask":"00000000","op":"cont","send":"llo"}',
    '{"t":1.4,"fin":false,"recv":"never hel"}',
    '{"t":1.5,"recv":"lo"}',
]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("hello", [1, 2, 3, 5, 6, 7]),
        ("hello dir:in", [1, 2, 5, 6]),
        ("hello op:cont", [5, 6, 7]),
        ("-hello", [4, 8, 9]),
        ("never", [8]),
        ("lo -hello", [4, 9]),
        ("/^hello$/", [2, 3, 7]),
        ("/^lo/", [4, 9]),
        ('$.a=="hello "', [1, 5, 6]),
        ("$.a op:cont", [5, 6]),
        ("(never | /^lo/)", [4, 8, 9]),
        ("fin:no", [1, 3, 5, 8]),
        ("op:text", [1, 3, 8, 9]),
        ("size:<=2", [3, 4, 5, 9]),
    ],
)
def test_fragments_are_found_as_one_message(text: str, lines: list[int]) -> None:
    """Each direction and connection by itself, control frames between; sizes are of the frame."""
    assert found(session(*FRAGMENTS), text) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("dir:in", [4, 5, 6, 9]),
        ("dir:out", [7, 8, 10]),
        ("-dir:in", [3, 7, 8, 10, 11, 12, 13, 14]),
        ("op:text", [4, 10]),
        ("op:binary", [5]),
        ("op:close", [9]),
        ("op:pong", [7]),
        ("op:0x3", [6]),
        ("size:5", [4, 7]),
        ("size:>5", [9]),
        ("size:<3", [6, 8, 10]),
        ("wire:9", [4, 9]),
        ("wire:3", [5]),
        ("c:2", [8]),
        ("c:1 dir:out", [7, 10]),
        ("code:4000", [9]),
        ("code:1006", [11]),
        ("code:any", [9, 11]),
        ("code:>1006", [9]),
        ("t:>0.4", [5, 6, 7, 8, 9, 11, 12]),
        ("t:0.3..0.4", [3, 4]),
        ("line:5..6", [5, 6]),
        ("bad:any", [5, 6]),
        ("bad:reserved-bit", [6]),
        ("fin:no", [5]),
        ("rsv1:yes", [4]),
        ("rsv2:yes", [6]),
        ("rsv2:no dir:in", [4, 5, 9]),
        ("mask:yes", [5, 7, 10]),
        ("mask:no", [4, 6, 8, 9]),
        ("event:any", [3, 11]),
        ("event:closed", [11]),
        ("event:dns", [2]),
        ("(event:dns | op:text)", [2, 4, 10]),
        ("-event:dns op:text", [4, 10]),
        ("note:any", [12]),
        ("note:looks", [12]),
        ("note:Looks", []),
        ("", [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
        ("op:text | op:close", [4, 9, 10]),
        ("-(dir:in | dir:out) -event:any", [12, 13, 14]),
        ("0", [9]),
    ],
)
def test_each_term_finds_its_lines(text: str, lines: list[int]) -> None:
    """Rows only, unless an event is named."""
    log = session(
        '{"wsdebug":1,"url":"ws://h/"}',
        '{"t":0.1,"event":"dns","addresses":[]}',
        '{"t":0.3,"event":"open","subprotocol":null,"extensions":""}',
        '{"t":0.4,"rsv1":true,"recv":"plain","wire":"AAAAAAAAAAAA"}',
        '{"t":0.5,"op":"binary","fin":false,"mask":"a1b2c3d4","bad":["masked-by-server"],'
        '"recv":{"b64":"/////w=="},"wlen":3}',
        '{"t":0.6,"op":3,"rsv2":true,"bad":["reserved-bit","reserved-opcode"],"recv":""}',
        '{"t":0.7,"op":"pong","mask":"a1b2c3d4","send":"apple"}',
        '{"t":0.8,"c":2,"op":"ping","mask":null,"send":""}',
        '{"t":0.9,"op":"close","recv":{"code":4000,"reason":"bye bye"}}',
        '{"send":"a"}',
        '{"t":1.0,"event":"closed","by":"network","code":1006,"clean":false}',
        '{"t":1.0,"note":"this looks odd"}',
        '{"wait":0.5}',
        "not json",
        '{"t":1.1,"event":"end","frames":7,"bytes":20}',
    )
    assert found(log, text) == lines


def test_every_line_counts_where_lines_are_asked_for() -> None:
    """Steps and the end too; header, comments and blank lines never."""
    log = session(
        '{"url":"ws://h/"}',
        '{"t":0,"event":"dns"}',
        "# a comment",
        "",
        '{"t":0,"event":"open"}',
        '{"t":1,"recv":"a"}',
        '{"t":2,"event":"end"}',
    )
    assert found(log, "-b", every_line=True) == [2, 5, 6, 7]
    assert found(log, "-b") == [5, 6]


def test_a_growing_log_is_looked_through_as_it_grows() -> None:
    """Messages count as far as they are there; a handshake that came to its end is one row."""
    source = GrowingSource()
    lines = FilteredLines(source.log, parse_filter("-no"))
    seen = []
    for line in (
        '{"t":0.1,"event":"connecting"}',
        '{"t":0.2,"event":"tcp"}',
        '{"t":0.3,"event":"open"}',
        '{"t":0.4,"fin":false,"recv":"n"}',
        '{"t":0.4,"recv":"x","c":2}',
        '{"t":0.5,"op":"cont","fin":false,"recv":"o"}',
        '{"t":0.6,"op":"cont","recv":""}',
        '{"t":0.7,"recv":"y"}',
    ):
        source.add(line)
        while lines.advance():
            pass
        seen.append((lines.lines(0, 99), lines.settled, lines.is_complete))
    assert seen == [
        ([1], 0, True),
        ([1, 2], 0, True),
        ([3], 3, True),
        ([3, 4], 3, True),
        ([3, 4, 5], 3, True),
        ([3, 5], 3, True),
        ([3, 5], 7, True),
        ([3, 5, 8], 8, True),
    ]


def test_a_long_message_is_looked_through_at_its_end_or_in_a_pause() -> None:
    """Not again and again with every frame."""
    source = GrowingSource()
    lines = FilteredLines(source.log, parse_filter("needle"))
    source.add('{"fin":false,"recv":"' + "x" * 1_200_000 + 'nee"}', '{"op":"pong","recv":"needle"}')
    assert lines.advance()
    assert not lines.advance()
    source.add('{"op":"cont","fin":false,"recv":"dle"}')
    assert not lines.advance()
    assert (lines.lines(0, 9), lines.is_complete) == ([2], False)
    assert not lines.advance()
    assert (lines.lines(0, 9), lines.is_complete) == ([1, 2, 3], True)
    source.add('{"op":"cont","recv":"!"}')
    assert not lines.advance()
    assert lines.lines(0, 9) == [1, 2, 3, 4]


def test_places_and_neighbours_of_what_was_found() -> None:
    """As a list that is filtered, and a search that hides nothing, need them."""
    source = GrowingSource()
    source.add(*(f'{{"t":{n}.0,"recv":"{"hit" if n % 1000 == 0 else "no"}"}}' for n in range(5000)))
    lines = FilteredLines(source.log, parse_filter("hit"))
    while lines.advance():
        pass
    assert (len(lines), lines.line_at(1), lines.place_of(1001), lines.place_of(1002)) == (
        5,
        1001,
        1,
        2,
    )
    assert (lines.next(1), lines.next(0), lines.next(4001)) == (1001, 1, None)
    assert [lines.next(line, backward=True) for line in (1, 1001, 1002)] == [None, 1, 1001]
    assert (1001 in lines, 1002 in lines) == (True, False)
    assert [(row.line, row.preview) for row in lines.rows(1, 9)] == [
        (line, b"hit") for line in (1001, 2001, 3001, 4001)
    ]
    with pytest.raises(IndexError):
        lines.line_at(5)


KEYS = st.sampled_from(
    [
        *("t", "c", "op", "fin", "rsv1", "mask", "len", "bad", "cut", "send", "recv", "wire"),
        *("wlen", "event", "note", "wait", "code", "b64", "hex", "json", "regex", "reason", "url"),
    ]
)
WORDS = ["", "a", "hello", "Hello", "he", "llo", 'x"y', "\\", "é", "É", "\u2028", "{", "1", "\n"]
PIECES = st.lists(st.sampled_from(WORDS), max_size=4).map("".join)
JSON_TEXT = st.builds(
    lambda a, b: json.dumps({"a": a, "b": b}, ensure_ascii=False), PIECES, st.integers(0, 9)
)
TEXTS = PIECES | JSON_TEXT


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A line in one of many forms."""
    kind = draw(st.sampled_from(["frame"] * 8 + ["event", "note", "comment", "damaged"]))
    value: dict[str, Any] = {}
    if draw(st.booleans()):
        value["t"] = draw(st.integers(0, 9)) / 2
    if draw(st.booleans()):
        value["c"] = draw(st.sampled_from([1, 2]))
    if kind == "frame":
        text = draw(TEXTS)
        payload: Any = draw(
            st.sampled_from(
                [text, text, {"b64": b64(text.encode())}, {"hex": text.encode().hex()}, None]
            )
        )
        value |= draw(
            st.sampled_from(
                [
                    *({}, {}, {"fin": False}, {"op": "cont"}, {"op": "cont", "fin": False}),
                    *({"op": 0}, {"op": "ping"}, {"op": "close"}, {"bad": ["truncated"]}),
                    *({"mask": "00000000"}, {"mask": None}, {"rsv1": True, "wire": "AAAA"}),
                ]
            )
        )
        value[draw(st.sampled_from(["send", "recv"]))] = payload
    elif kind == "event":
        value |= {"event": draw(st.sampled_from(["closed", "gap", "error"])), "code": 1000}
    elif kind == "note":
        value["note"] = draw(TEXTS)
    else:
        return draw(st.sampled_from(["# hello", ""] if kind == "comment" else ["hello", "{}"]))
    spaces = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    return json.dumps(value, ensure_ascii=draw(st.booleans()), separators=spaces)


FILTERS = [
    *("a", "hello", "Hello", "-he", '"x\\"y"', "é", "/^h/", "/l{2}/i", "dir:in", "op:cont"),
    *("size:>2", "wire:3..5", "c:2", "t:>1", "line:2..4", "bad:any", "fin:no", "mask:no"),
    *("event:any", "note:hello", "$.a", "$.b>4", "$.a==hello", "hello dir:in", "a | op:text"),
    *("-(he llo)", "(he | $.b) -c:2", "code:any", "-hello fin:yes", "rsv1:yes"),
]


def holds(node: Node, line: Line, text: str | None) -> bool:
    """The same, word by word; `text` is that of the message."""
    match node:
        case AllOf(parts):
            return all(holds(part, line, text) for part in parts)
        case AnyOf(parts):
            return any(holds(part, line, text) for part in parts)
        case Not(part):
            return not holds(part, line, text)
        case EventIs(name):
            return isinstance(line, Event) and name in (None, line.name)
        case NoteHas(words):
            note = line.text if isinstance(line, Note) else None
            return note is not None and (words or "") in note.lower()
        case NumberIn():
            return in_range(node, line)
    if not isinstance(line, FrameLine):
        return False
    match node:
        case Word(word):
            return text is not None and word in (text.lower() if node.any_case else text)
        case Pattern(compiled):
            return text is not None and compiled.search(text) is not None
        case JsonIs(query):
            data = text.encode("utf-8", "surrogateescape") if text is not None else b""
            return query.matches_payload(data)
        case DirectionIs(sent):
            return line.sent is sent
        case OpcodeIs(opcode):
            return line.frame.opcode == opcode
        case FlagIs("mask", value):
            return (line.frame.mask is not None or line.any_mask) is value
        case FlagIs(name, value):
            return getattr(line.frame, name) is value
        case BadIs(name):
            return name in line.bad if name else bool(line.bad)
    raise AssertionError(node)


def in_range(node: NumberIn, line: Line) -> bool:
    """A number of a line."""
    value: int | None = None
    if node.name == "line":
        value = line.number
    elif node.name == "t":
        value = getattr(line, "time_us", None)
    elif isinstance(line, Event):
        is_code = node.name == "code" and line.name == "closed"
        value = line.connection if node.name == "c" else line.fields["code"] if is_code else None
    elif isinstance(line, FrameLine):
        size = len(line.payload or b"")
        on_wire = len(line.frame.payload)
        has_code = line.frame.opcode == 8 and size > 1
        code = int.from_bytes((line.payload or b"")[:2], "big") if has_code else None
        numbers = {"size": size, "wire": on_wire, "c": line.connection, "code": code}
        value = numbers[node.name]
    low, high = node.low, node.high
    return value is not None and (low is None or low <= value) and (high is None or value <= high)


def message_text(log: FrameLog, line: Line) -> str | None:
    """The text of the message that a frame belongs to."""
    if not isinstance(line, FrameLine):
        return None
    payloads = [frame.payload for frame in log.message(line.number)]
    if None in payloads:
        return None
    data = b"".join(payload for payload in payloads if payload is not None)
    body = parse_close(data) if line.frame.opcode == 8 else None
    if body is not None:
        return f"{body.code} {body.reason}" if body.code is not None else ""
    return data.decode("utf-8", "surrogateescape")


@settings(max_examples=300)
@given(st.lists(lines(), max_size=12), st.sampled_from(FILTERS), st.lists(st.integers(1, 5)))
def test_filters_find_what_a_line_by_line_look_finds(
    written: list[str], text: str, steps: list[int]
) -> None:
    """Whatever stands in a file; at once, and as it grows."""
    whole = session(*written)
    tree = parse_filter(text).tree
    expected = [
        line.number
        for line in whole
        if whole.row_of(line.number) is not None and holds(tree, line, message_text(whole, line))
    ]
    assert found(whole, text) == expected
    source = GrowingSource()
    growing = FilteredLines(source.log, parse_filter(text))
    at = 0
    for step in [*steps, len(written)]:
        source.add(*written[at : at + step])
        at += step
        while growing.advance() or not growing.is_complete:
            pass
        known = [line for line in growing.lines(0, 99) if line <= growing.settled]
        assert known == [line for line in expected if line <= growing.settled]
    assert growing.lines(0, 99) == expected


NATIVE = [
    "hello",
    "Hello",
    'say "x"',
    "\\",
    "é\u2028",
    "a/b",
    "\x7f\x00",
    "\u212ahello\u0130",
    '{"a":"hello"}',
    '{"b":"\\u0068"}',
]


@st.composite
def native_lines(draw: st.DrawFn) -> str:
    """A line as it is recorded, of a frame that is a message by itself; now and then another."""
    if draw(st.integers(0, 9)) == 9:
        return draw(st.sampled_from([*FRAGMENTS[:2], '{"recv":"\\u0068ello"}', "# hello", SPACED]))
    way = draw(st.sampled_from(["recv", "send"]))
    head = draw(st.sampled_from(["", '"op":"ping",', '"bad":["truncated"],', '"rsv1":true,']))
    text = json.dumps("".join(draw(st.lists(st.sampled_from(NATIVE)))), ensure_ascii=False)
    return f'{{"t":1.000000,{head}"{way}":{text}}}'


SPACED = '{"t": 1.0, "recv": {"json": {"a" : "hello","recv":"x"}}}'


@settings(max_examples=300)
@given(
    st.lists(native_lines(), min_size=1, max_size=12),
    st.sampled_from(
        [
            *FILTERS,
            "say",
            '"\\"x\\""',
            "a/b",
            "/say .x/",
            "/HE.LO/i",
            "/é./",
            "t hello",
            "khe",
            "loi",
            *(
                "op:ping",
                "op:cont",
                "op:0x3",
                "bad:any",
                "fin:no",
                "rsv1:yes",
                "event:any",
                "note:a",
            ),
            "(op:ping | bad:any) -hello",
        ]
    ),
)
def test_lines_without_a_needle_need_no_decoding(written: list[str], text: str) -> None:
    """Whatever the filter; and what is not as it is recorded is decoded all the same."""
    expected = found(session(*written), text)
    with patch.multiple("wsdebug.log.needles", HASTE=0, DENSE=0, DENSE_JSON=0):
        assert found(session(*written), text) == expected


def test_letters_whose_small_ones_are_in_ascii_are_found() -> None:
    """The sign of Kelvin, and the İ of Turkish."""
    log = session('{"t":1.0,"recv":"\u212aelvin"}', '{"t":1.0,"recv":"x\u0130b"}')
    with patch("wsdebug.log.needles.HASTE", 0), patch("wsdebug.log.needles.DENSE", 0):
        assert found(log, "kelvin") == [1]
        assert found(log, "xi") == [2]


def test_numbers_of_found_lines_are_right_far_into_a_window() -> None:
    """They are counted from the last place that the index knows."""
    at = (1, 700, 701, 3_000, 9_999)
    log = session(
        *(f'{{"t":1.0,"recv":"{"needle" if n in at else "x" * 120}"}}' for n in range(1, 10_000))
    )
    assert found(log, "needle") == [*at]
    assert found(log, "Needle") == []


@pytest.mark.parametrize(
    ("text", "needles"),
    [
        ("hello", [("hello", True)]),
        ("Hello", [("Hello", False)]),
        ("'say \"x\"'", [('say \\"x\\"', True)]),
        ("abc/defg", [("defg", True)]),
        ("crêpes", [("pes", True)]),
        ("Crêpes", [("Crêpes", False)]),
        ("é", []),
        ("a", []),
        ("hello dir:in", [("hello", True)]),
        ("op:ping", [('"op"', False)]),
        ("op:text", []),
        ("mask:yes", []),
        ("fin:yes", []),
        ("fin:no", [('"fin"', False)]),
        ("rsv2:yes bad:any", [('"rsv2"', False)]),
        ("event:closed | note:any", [('"event"', False), ('"note"', False)]),
        ("hello | world", [("hello", True), ("world", True)]),
        ("hello | dir:in", []),
        ("-hello", []),
        ("-hello world", [("world", True)]),
        ("/ab+cd*ef?gh/", [("ab", False)]),
        (r"/id=\d+ (foo) bar/", [(" bar", False)]),
        ("/x|hello/", []),
        ("/(?i)hello/", []),
        ("/[hello]ab/", [("ab", False)]),
        ("/hello/i", [("hello", True)]),
        ("/skilo/i", [("lo", True)]),
        ("$[0].a[1]", []),
        ("$.type[0]", [("type", False), ("\\\\", False)]),
    ],
)
def test_what_must_stand_in_a_line_is_known(text: str, needles: list[tuple[str, bool]]) -> None:
    """Never more than must."""
    found = needles_of(parse_filter(text).tree)
    assert [(needle.data.decode(), needle.any_case) for needle in found] == needles


NUMBERS = (0, 1, 9, 10, 99, 100, 250, 999, 1000, 12345, -1, -10, 10**31)
NUMBERS_WRITTEN = [
    *map(str, NUMBERS),
    *("1.0", "99.50", "1e2", "0.1E+3", "-0", "0.0", "1E-1", "100.00001", "-12.5"),
]
MEMBERS = st.sampled_from(
    [
        *NUMBERS_WRITTEN,
        '"x"',
        '"100"',
        '"a/b"',
        '"a\\/b"',
        '"\\u0078"',
        "null",
        "true",
        "[1]",
        '{"a":1}',
    ]
)


@st.composite
def json_lines(draw: st.DrawFn) -> str:
    """A recorded line of a JSON message, in any spelling."""
    names = st.sampled_from(["a", "b", "\\u0061", "é", "a/b"])
    members = draw(st.dictionaries(names, MEMBERS, max_size=3))
    colon = draw(st.sampled_from([":", ": ", " :", ":\t", "\n:\r"]))
    text = "{" + ",".join(f'"{name}"{colon}{value}' for name, value in members.items()) + "}"
    return f'{{"t":1.000000,"recv":{json.dumps(text, ensure_ascii=False)}}}'


@given(
    st.lists(json_lines(), min_size=1, max_size=12),
    st.sampled_from(["$.a", "$..a", "$.b", "$.é", "$['a/b']", "$.b.a", "$[?@.b>1].a"]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    MEMBERS | st.just("") | st.sampled_from([str(number + 0.5) for number in NUMBERS]),
)
def test_members_are_found_where_their_names_and_values_stand(
    written: list[str], path: str, operator: str, value: str
) -> None:
    """As by a query of every message."""
    text = path + operator + value if value else path
    query = parse_json_query(text)
    messages = [json.loads(line)["recv"] for line in written]
    expected = [n for n, message in enumerate(messages, 1) if query.matches_payload(message)]
    with patch("wsdebug.log.needles.HASTE", 0), patch("wsdebug.log.needles.DENSE_JSON", 0):
        assert found(session(*written), text) == expected
    assert found(session(*written), f"-({text})") == [
        n for n in range(1, len(written) + 1) if n not in expected
    ]


@pytest.mark.parametrize(
    ("text", "not_looked_at"),
    [
        ("$.a==100", ["10", "1000", "99", '"100"', "null"]),
        ("$.a==1.50", ["1", "1.4", "15"]),
        ("$.a>=250", ["0", "9", "99", "249", "-300", "199.9"]),
        ("$.a<-10", ["10", "-9", "0"]),
        ("$.a<=9", ["10", "100", "11.5"]),
        ("$.a==x", ['"y"', '"xy"', "1"]),
        ("$.a==null", ["true", "0"]),
        ("$..a", []),
    ],
)
def test_most_messages_need_no_look_at_their_json(text: str, not_looked_at: list[str]) -> None:
    """Names and values are looked for in the lines as they stand there."""
    needle = needles_of(parse_filter(text).tree)[0]
    assert needle.is_pattern
    lines = [rf'{{"recv":"{{\\"a\\":{value}}}"}}'.replace('"x', r"\"x") for value in not_looked_at]
    assert not [line for line in lines if re.search(needle.data, line.encode())]
    assert not re.search(needle.data, rb'{"recv":"{\"b\":100}"}')


def test_of_a_line_beyond_all_limits_the_beginning_is_looked_at() -> None:
    """And its size is known."""
    log = session(
        *['{"t":1.0,"recv":"a"}'] * 3,
        '{"t":1.0,"op":"binary","recv":"hello' + "x" * 3_000_000 + 'end"}',
        '{"t":1.0,"recv":"hello"}',
        "#" + "x" * 3_000_000,
    )
    with patch("wsdebug.log.windows.WHOLE", 2_000_000):
        assert found(log, "hello") == [4, 5]
        assert found(log, "end") == []
        assert found(log, "size:3000008") == [4]
        assert found(log, "-zzz") == [1, 2, 3, 4, 5]
    assert found(log, "end") == [4]


def test_very_many_messages_under_way_are_not_all_kept() -> None:
    """The oldest count as far as they came."""
    begun = [f'{{"c":{n},"fin":false,"recv":"hel"}}' for n in range(1, 200)]
    log = session(*begun, '{"c":199,"op":"cont","recv":"lo"}', '{"c":1,"op":"cont","recv":"lo"}')
    assert found(log, "hel") == [*range(1, 201)]
    assert found(log, "hello") == [199, 200]
    assert found(log, "/^lo/") == [201]


@pytest.mark.parametrize("text", ["", "dir:in", "b", "dir:in b", "-z"])
def test_where_messages_are_wanted_whole_one_under_way_is_not_settled(text: str) -> None:
    """However little a filter asks of it."""
    begun = ['{"recv":"bb"}', '{"fin":false,"recv":"b"}', '{"op":"cont","fin":false,"recv":"c"}']
    for end, settled in ([], 1), (['{"op":"cont","recv":"d"}', '{"recv":"b"}'], 5):
        log = session(*begun, *end)
        lines = FilteredLines(log, parse_filter(text), whole_messages=True)
        while lines.advance():
            pass
        assert lines.lines(0, 9) == [*range(1, 4 + len(end))]
        assert lines.settled == settled


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)


@given(st.lists(st.dictionaries(KEYS, ODD, max_size=5), max_size=5), st.sampled_from(FILTERS))
def test_lines_that_make_no_sense_hurt_nobody(values: list[dict[str, Any]], text: str) -> None:
    """Neither a filter nor the statistics."""
    log = session(*map(json.dumps, values))
    assert set(found(log, text)) <= set(range(1, len(values) + 1))
    statistics = Statistics(log)
    while statistics.advance():
        pass
    frames = statistics.received.frames + statistics.sent.frames
    assert frames <= len(values)


def test_a_filter_reads_an_archive_to_its_end(tmp_path: Path) -> None:
    """As it is inflated."""
    import gzip

    path = tmp_path / "a.ws.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"recv":"a"}\n{"recv":"b"}\n' * 100_000 + b'{"recv":"a"}'))
    log = FrameLog.open(str(path))
    lines = FilteredLines(log, parse_filter("a"))
    while lines.advance() or not log.complete.is_set():
        pass
    while lines.advance():
        pass
    assert (len(lines), lines.line_at(100_000)) == (100_001, 200_001)
    log.close()
