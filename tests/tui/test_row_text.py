"""Rows of the log as cells: every column where the pictures have it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from wsdebug.log.log import FrameLog
from wsdebug.log.row import Row
from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspect_lines import Part
from wsdebug.tui.row_payload import payload_parts
from wsdebug.tui.row_text import RowLayout, TimeMode, row_line

WIDE, NARROW = RowLayout(88, UNICODE), RowLayout(80, UNICODE)
BOOK = '{"type":"book","symbol":"ACME-EUR","seq":88213,"bids":[[101.25,3.0]'
HISTORY = '{"type":"history","symbol":"ACME-EUR","days":30,"rows":['
TICKS = "[1754203200,101.1,101.9,100.8,101.7,88120],"
REPLACE = '{"type":"replace","orders":[{"id":"c7-0041","px":101.0}]}'
PNG = {"b64": "iVBORw0KGgo="}
BROKEN = {"b64": "eyJuYW1lIjoiSv9yZ2VuIn0="}
RESTART = {"code": 1012, "reason": "service restart"}
HEARTBEAT = {"b64": "fzoAAQ=="}
MASK = {"mask": "a1b2c3d4"}


def filled(text: str, size: int) -> str:
    """Text of a size in bytes."""
    return text + " " * (size - len(text))


# line, its JSON (None: a comment), the cells of picture A
PICTURE: list[tuple[int, dict[str, Any], str]] = [
    (
        10,
        {"t": 0.534, "recv": '{"type":"subscribed","id":1,"ok":true}'},
        '    10    00.534   ← text      F··          38  {"type":"subscribed","id":1,"ok":true}',
    ),
    (
        11,
        {"t": 0.61, "rsv1": True, "recv": filled(BOOK, 2104), "wlen": 412},
        '    11    00.610   ← text      F1·   412  2.1k  {"type":"book","symbol":"ACME-EUR","s…',
    ),
    (
        14,
        {"t": 5.0, "op": "ping", "recv": HEARTBEAT},
        "    14    05.000   ← ping      F··           4  7f3a 0001",
    ),
    (
        15,
        {"t": 5.0, "op": "pong", **MASK, "send": HEARTBEAT},
        "    15    05.000  →  pong      F·M           4  7f3a 0001  automatic",
    ),
    (
        18,
        {"t": 7.004, "op": "binary", "recv": PNG},
        "    18    07.004   ← binary    F··           8  89 50 4e 47 0d 0a 1a 0a  PNG image",
    ),
    (
        19,
        {"t": 9.31, "fin": False, "recv": filled(HISTORY, 1024)},
        '    19    09.310   ← text   ┌1 ···        1.0k  {"type":"history","symbol":"ACME-EUR"…',
    ),
    (
        20,
        {"t": 9.311, "op": "cont", "fin": False, "recv": filled(TICKS, 1024)},
        "    20    09.311   ← cont   ├2 ···        1.0k  [1754203200,101.1,101.9,100.8,101.7,8…",
    ),
    (
        21,
        {"t": 9.33, "op": "ping", "recv": HEARTBEAT},
        "    21    09.330   ← ping   │  F··           4  7f3a 0001",
    ),
    (
        22,
        {"t": 9.33, "op": "pong", **MASK, "send": HEARTBEAT},
        "    22    09.330  →  pong   │  F·M           4  7f3a 0001  automatic",
    ),
    (
        23,
        {"t": 9.352, "op": "cont", "recv": filled(TICKS, 310)},
        "    23    09.352   ← cont   └3 F··         310  [1754203200,101.1,101.9,100.8,101.7,8…",
    ),
    (
        25,
        {"t": 9.36, "note": "server was deployed here"},
        "    25    09.360  ── note  server was deployed here ──────────────────────────────────",
    ),
    (
        26,
        {"t": 9.871, "op": "text", "bad": ["invalid-utf8"], "recv": BROKEN},
        ' !  26    09.871   ← text      F··          17  invalid UTF-8 at byte 10  {"name":"J\\…',
    ),
    (
        27,
        {"t": 41.006, "op": "close", "recv": RESTART},
        "    27    41.006   ← close     F··          17  1012 service restart    ── silent 31 s",
    ),
    (
        28,
        {"t": 41.006, "op": "close", **MASK, "send": {"code": 1012}},
        "    28    41.006  →  close     F·M           2  1012  automatic",
    ),
    (
        29,
        {"t": 41.031, "event": "closed", "by": "server", "clean": True, **RESTART},
        "    29    41.031  ── closed  by the server, cleanly · 1012 service restart ───────────",
    ),
    (30, {"t": 41.04, "event": "reconnect", "c": 2, "attempt": 1, "delay": 1.2}, ""),
    (31, {"t": 42.24, "event": "connecting", "c": 2, "url": "wss://stream.example.com/"}, ""),
    (32, {"t": 42.242, "event": "dns", "c": 2, "addresses": ["203.0.113.7"]}, ""),
    (36, {"t": 42.303, "event": "response", "c": 2, "status": 101}, ""),
    (
        37,
        {"t": 42.304, "event": "open", "c": 2, "subprotocol": "feed.v2", "extensions": ""},
        "    37    42.304  ── open  again, attempt 1 after 1.2 s · 64 ms · 101 · feed.v2 ──────",
    ),
    (
        42,
        {"t": 43.556, **MASK, "rsv1": True, "send": filled(REPLACE, 2104), "wlen": 412},
        '    42    43.556  →  text      F1M   412  2.1k  {"type":"replace","orders":[{"id":"c7…',
    ),
]  # fmt: skip


def rows_of(path: Path, lines: dict[int, dict[str, Any]]) -> dict[int, Row]:
    """The rows of a session whose lines have these numbers; the others are comments."""
    numbers = range(1, max(lines) + 1)
    text = [json.dumps(lines[n], separators=(",", ":")) if n in lines else "#" for n in numbers]
    path.write_text("".join(f"{each}\n" for each in text), encoding="utf-8")
    log = FrameLog.open(str(path))
    try:
        assert log.complete.wait(10)
        return {row.line: row for row in log.rows(0, len(log))}
    finally:
        log.close()


def cells(row: Row, layout: RowLayout) -> str:
    """A row's text without what is blank at its end."""
    line = row_line(row, layout, has_cursor=False, is_focused=False)
    return "".join(text for text, _ in line.parts).rstrip()


def styles(parts: list[Part]) -> list[Part]:
    """The parts that are not blank."""
    return [(text, style) for text, style in parts if text.strip()]


def test_every_row_is_as_drawn(tmp_path: Path) -> None:
    """Picture A, cell by cell."""
    rows = rows_of(tmp_path / "a.ws.jsonl", {number: line for number, line, _ in PICTURE})
    for number, _, expected in PICTURE:
        if expected:
            assert cells(rows[number], WIDE) == expected
        else:
            assert number not in rows


def test_narrow_logs_go_without_bits_and_wire(tmp_path: Path) -> None:
    """Picture B1: the payload begins at cell 39, and events are cut at the edge."""
    rows = rows_of(tmp_path / "b.ws.jsonl", {number: line for number, line, _ in PICTURE})
    for number, expected in (
        (19, '    19    09.310   ← text   ┌1   1.0k  {"type":"history","symbol":"ACME-EUR",…'),
        (21, "    21    09.330   ← ping   │       4  7f3a 0001"),
        (26, ' !  26    09.871   ← text          17  invalid UTF-8 at byte 10  {"name":"J\\x…'),
        (29, "    29    41.031  ── closed  by the server, cleanly · 1012 service restart ───"),
        (37, "    37    42.304  ── open  again, attempt 1 after 1.2 s · 64 ms · 101 · feed.…"),
    ):
        assert cells(rows[number], NARROW) == expected


REFUSED: dict[int, dict[str, Any]] = {
    1: {"t": 0.0, "event": "connecting", "url": "wss://api.example.com/auth"},
    2: {"t": 0.003, "event": "dns", "addresses": ["203.0.113.7"]},
    3: {"t": 0.021, "event": "tcp", "local": "10.0.0.2:5", "remote": "203.0.113.7:443"},
    4: {
        "t": 0.049,
        "event": "tls",
        "version": "TLSv1.3",
        "cert": {"subject": "commonName=*.example.com"},
    },
    5: {"t": 0.05, "event": "request", "line": "GET /auth HTTP/1.1", "headers": [["Host", "a"]]},
    6: {"t": 0.074, "event": "response", "status": 401, "reason": "Unauthorized"},
    7: {"t": 0.074, "event": "error", "kind": "upgrade", "message": "refused: 401, wants Basic"},
}


def test_a_refused_handshake_shows_every_step(tmp_path: Path) -> None:
    """Picture F: what, with what result, and how long at the right."""
    rows = rows_of(tmp_path / "f.ws.jsonl", REFUSED)
    assert [cells(rows[number], WIDE) for number in range(2, 8)] == [
        "     2    00.003  ✓  DNS       api.example.com is 203.0.113.7                     3 ms",
        "     3    00.021  ✓  TCP       203.0.113.7:443                                   18 ms",
        "     4    00.049  ✓  TLS       1.3, certificate for *.example.com                28 ms",
        "     5    00.050  →  request   GET /auth, no credentials",
        "     6    00.074  ✗  response  401 Unauthorized                                  24 ms",
        "     7    00.074  ── refused  401, wants Basic ".ljust(86, "─"),
    ]
    response = row_line(rows[6], WIDE, has_cursor=False, is_focused=False)
    assert ("✗  response  ", "error bold") in response.parts


def test_a_redirect_is_neither_right_nor_wrong(tmp_path: Path) -> None:
    """The next row says whether it was followed."""
    headers = [["Location", "/v2\x1b"]]
    answer = {"event": "response", "status": 302, "reason": "Found", "headers": headers}
    row = rows_of(tmp_path / "r.ws.jsonl", {1: REFUSED[1], 2: {"t": 0.005, **answer}})[2]
    expected = "     2    00.005  ·  response  302 Found, to /v2\\x1b"
    assert cells(row, WIDE) == expected + "5 ms".rjust(86 - len(expected))


def test_a_redirected_connection_counts_every_hop(tmp_path: Path) -> None:
    """In the time it took; each hop's name is its own."""
    answers = {"event": "response", "status": 302}, {"event": "response", "status": 101}
    lines = {
        1: {"t": 0.0, "event": "connecting", "url": "ws://a.example/"},
        2: {"t": 0.02, **answers[0]},
        3: {"t": 0.02, "event": "connecting", "url": "ws://b.example/"},
        4: {"t": 0.021, "event": "dns", "addresses": ["203.0.113.7"]},
    }
    row = rows_of(tmp_path / "h.ws.jsonl", lines)[4]
    assert "b.example is 203.0.113.7" in cells(row, WIDE)
    lines |= {5: {"t": 0.03, **answers[1]}, 6: {"t": 0.03, "event": "open"}}
    row = rows_of(tmp_path / "o.ws.jsonl", lines)[6]
    assert "── open  30 ms · 101 ─" in cells(row, WIDE)


def test_a_proxy_is_a_step_with_its_answer(tmp_path: Path) -> None:
    """SOCKS has none."""
    lines: dict[int, dict[str, Any]] = {
        1: REFUSED[1],
        2: {"t": 0.01, "event": "proxy", "url": "http://p:1", "status": 407, "reason": "Who?"},
        3: {"t": 0.01, "event": "proxy", "url": "http://p:1", "status": 200, "reason": "Yes"},
        4: {"t": 0.01, "event": "proxy", "url": "socks5h://p:1", "to": "h:80"},
    }
    rows = rows_of(tmp_path / "p.ws.jsonl", lines)
    assert [cells(rows[number], WIDE)[18:46].rstrip() for number in (2, 3, 4)] == [
        "✗  proxy     http://p:1, 407",
        "✓  proxy     http://p:1, 200",
        "✓  proxy     socks5h://p:1",
    ]


def test_the_step_that_failed_is_red(tmp_path: Path) -> None:
    """Nobody listened: the error stands as the step it ended, with its time."""
    message = {"event": "error", "kind": "TCP", "message": "nobody listens on 203.0.113.7:443"}
    lines = {1: REFUSED[1], 2: REFUSED[2], 3: {"t": 0.005, **message}}
    row = rows_of(tmp_path / "n.ws.jsonl", lines)[3]
    expected = "     3    00.005  ✗  TCP       nobody listens on 203.0.113.7:443"
    assert cells(row, WIDE) == expected + "2 ms".rjust(86 - len(expected))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"event": "open", "subprotocol": None, "extensions": "permessage-deflate; a=1"},
         "── open  permessage-deflate ─"),
        ({"event": "open", "c": 3, "subprotocol": "v1", "extensions": ""},
         "── open  connection 3 · v1 ─"),
        ({"event": "closed", "by": "network", "code": 1006, "reason": "", "clean": False},
         "── closed  the connection broke · 1006 ─"),
        ({"event": "closed", "by": "client", "code": 1000, "clean": True},
         "── closed  by you, cleanly · 1000 ─"),
        ({"event": "reconnect", "c": 2, "attempt": 3, "delay": 4}, "attempt 3 in 4.0 s ─"),
        ({"event": "reconnect", "c": 2, "attempt": 3, "delay": "x"}, "attempt 3 in a moment ─"),
        ({"event": "gap", "frames": 0, "bytes": 0, "why": "interrupted"},
         "── gap  the recording was interrupted here ─"),
        ({"event": "gap", "frames": 1200, "bytes": 9630, "why": "disk full"},
         "── gap  1,200 frames, 9.4 kB, not recorded · disk full ─"),
        ({"event": "error", "kind": "keepalive", "message": "no pong in 20 s"},
         "── error  no pong in 20 s ─"),
        ({"event": "clock", "wall": "12:00"}, "── clock  wall 12:00 ─"),
        ({"event": "new\x1b[31m", "what": "\u202e"}, r"── new\x1b[31m  what \u202e ─"),
        ({"note": "two\nlines"}, r"── note  two\nlines ─"),
        ({"wait": 0.5}, "── wait  500 ms ─"),
        ({"neither": 1}, "── damaged line  needs exactly one of"),
    ],
)  # fmt: skip
def test_events_say_what_happened(tmp_path: Path, line: dict[str, Any], words: str) -> None:
    """A word, what there is to say, and a rule to the edge."""
    row = rows_of(tmp_path / "e.ws.jsonl", {1: {"url": "ws://a/"}, 2: {"t": 1, **line}})[2]
    text = cells(row, RowLayout(120, UNICODE))
    assert words in text
    assert len(text) == 118


def test_colours_are_the_designed_ones(tmp_path: Path) -> None:
    """Blue is what was sent, red is what is wrong, names and punctuation of JSON are quiet."""
    rows = rows_of(tmp_path / "c.ws.jsonl", {number: line for number, line, _ in PICTURE})

    def parts(number: int) -> list[Part]:
        line = row_line(rows[number], WIDE, has_cursor=False, is_focused=False)
        return styles(list(line.parts))

    assert parts(11)[1:9] == [
        (" ← ", "fg bold"),
        ("text   ", "fg"),
        ("F", "disabled"),
        ("1", "fg"),
        ("·", "disabled"),
        ("   412", "muted"),
        ("  2.1k  ", "fg"),
        ('{"type":', "muted"),
    ]
    assert parts(42)[1:3] == [("→  ", "primary bold"), ("text   ", "primary")]
    assert parts(15)[1:3] == [("→  ", "primary"), ("pong      ", "muted")]
    assert parts(28)[1:3] == [("→  close  ", "primary bold"), ("F·M", "disabled")]
    assert parts(26)[:3] == [
        ("!", "error bold"),
        ("  26 ", "error"),
        ("   09.871  ", "muted"),
    ]
    assert parts(26)[-4:] == [
        ("invalid UTF-8", "error bold"),
        (" at byte 10  ", "fg"),
        ('{"name":"J', "muted"),
        ("\\…", "error"),
    ]
    assert ("open", "success bold") in parts(37)
    assert ("note", "fg") in parts(25)


@pytest.mark.parametrize(
    ("mode", "time_us", "previous_us", "expected"),
    [
        ("start", 534_999, None, "   00.534"),
        ("start", 62_345_000, None, "01:02.345"),
        ("start", 3_723_456_000, None, "1:02:03.4"),
        ("start", 360_000_000_000, None, "100:00:00"),
        ("start", 86_400_000_000 * 400, None, " 400d 00h"),
        ("start", None, None, "         "),
        ("previous", 1_534_000, 1_500_000, "  +00.034"),
        ("previous", 1_534_000, None, "  +01.534"),
        ("previous", 5, 10, "  +00.000"),
        ("previous", 62_345_000, 0, "+01:02.34"),
        ("previous", 3_723_456_000, 0, "+1:02:03"),
        ("previous", 36_000_000_000, 0, "+10:00:00"),
        ("previous", 360_000_000_000, 0, "100:00:00"),
        ("wall", 534_999, None, "      00.534"),
    ],
)
def test_times_fit_their_column(
    mode: TimeMode, time_us: int | None, previous_us: int | None, expected: str
) -> None:
    """Nine cells, whatever the time; the wall clock needs to know when the session started."""
    layout = RowLayout(88, UNICODE, time=mode)
    row = Row(7, "frame", time_us, previous_us)
    assert cells(row, layout)[7:].startswith(expected.rjust(layout.time_cells) + "   ← ")


def test_the_wall_clock_takes_twelve_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Local time; a moment that no calendar has is counted from the start instead."""
    monkeypatch.setattr(
        "wsdebug.tui.row_text.wall_time", lambda us: f"14:02:11.{us // 1000 % 1000:03}"
    )
    layout = RowLayout(88, UNICODE, time="wall", wall=lambda us: 1_785_758_400_000_000 + us)
    assert cells(Row(7, "frame", 82_000), layout)[7:].startswith("14:02:11.082   ← ")
    monkeypatch.undo()
    assert cells(Row(7, "frame", 10**25), layout)[7:19].strip()


@pytest.mark.parametrize(
    ("layout", "titles"),
    [
        (WIDE, "  line      time     opcode    bits wire  size  payload"),
        (NARROW, "  line      time     opcode      size  payload"),
        (RowLayout(88, UNICODE, 6, "previous"),
         "    line     delta     opcode    bits wire  size  payload"),
        (RowLayout(88, UNICODE, time="wall"),
         "  line   wall clock     opcode    bits wire  size  payload"),
    ],
)  # fmt: skip
def test_titles_stand_above_their_columns(layout: RowLayout, titles: str) -> None:
    """And say which time it is."""
    assert layout.titles == titles
    row = Row(7, "frame", 1, is_text=True, preview=b"x", size=1)
    assert cells(row, layout).index("x") == titles.index("payload")


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [(7, 4, "   7"), (1234, 4, "1234"), (12345, 5, "12345"), (12_345_678, 7, "…345678")],
)
def test_line_numbers_keep_their_column(number: int, digits: int, shown: str) -> None:
    """Up to seven digits; of longer ones the end is shown."""
    text = cells(Row(number, "frame"), RowLayout(88, UNICODE, digits))
    assert text[2 : 2 + digits] == shown


def frame(opcode: int, preview: bytes | None, size: int | None = None, **more: Any) -> Row:
    """A frame's row; text frames belong to a text message."""
    whole = len(preview or b"") if size is None else size
    is_text = more.pop("is_text", opcode == 1)
    return Row(1, "frame", opcode=opcode, preview=preview, size=whole, is_text=is_text, **more)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (frame(1, b'{\n  "a": 1,\r\n  "b": 2\n}'), '{ "a": 1, "b": 2 }'),
        (frame(1, b"two\nlines"), r"two\nlines"),
        (frame(1, b'{"a":"\x1b[31m"}'), r'{"a":"\x1b[31m"}'),
        (frame(1, b"x" * 4096, 9999), "x" * 39 + "…"),
        (frame(1, b""), ""),
        (frame(1, None), "could not be inflated"),
        (frame(1, b"", text="matching ^a\x1b"), r"matching ^a\x1b"),
        (frame(2, bytes(4096), 9999), "00 " * 12 + "00…"),
        (frame(2, b'{"a":1}'), "7b 22 61 22 3a 31 7d  JSON"),
        (frame(2, b""), ""),
        (frame(9, b"ping 1"), "ping 1"),
        (frame(9, b"\x00\x01\x02"), "0001 02"),
        (frame(8, b""), "no code"),
        (frame(8, b"\x03", bad=("bad-close-payload",)), "malformed close payload  03"),
        (frame(8, b"\x03\xedx", bad=("bad-close-code",)), "close code not allowed  1005 x"),
        (frame(1, b"hi", bad=("reserved-bit", "its-own")), "reserved bit set  its-own  hi"),
        (
            frame(0, b"\xff", is_text=True, fragment=2, bad=("invalid-utf8",)),
            r"invalid UTF-8  \xff",
        ),
    ],
)
def test_payloads_in_one_line(row: Row, expected: str) -> None:
    """The beginning, with everything that is not printable spelled out."""
    parts = payload_parts(row, 40, UNICODE)
    assert "".join(text for text, _ in parts) == expected


def test_a_character_cut_in_two_is_not_wrong() -> None:
    """The preview ends where it ends; the mark says that more follows."""
    row = frame(1, "é".encode() * 3 + b"\xc3", 9000)
    assert payload_parts(row, 40, UNICODE) == [("ééé", "fg"), ("…", "fg")]


def test_a_row_that_is_not_recorded_is_marked() -> None:
    """By an amber sign; a broken rule keeps its own."""
    row = replace(frame(1, b"hi"), line=12, recorded=False)
    assert cells(row, WIDE).startswith(" ◌  12 ")
    parts = row_line(row, WIDE, has_cursor=False, is_focused=False).parts
    assert ("◌", "warning") in parts
    assert cells(replace(row, bad=("too-big",)), WIDE).startswith(" !  12 ")
    assert cells(row, RowLayout(88, ASCII)).startswith(" ~  12 ")


def test_a_size_that_is_not_exact_says_so() -> None:
    """It was reckoned from the beginning of a long line."""
    row = frame(1, b"hi", 1_200_000)
    assert " 1.1M  hi" in cells(row, WIDE)
    assert " ~1.1M  hi" in cells(replace(row, is_exact=False), WIDE)
    assert "~999k  hi" in cells(replace(row, size=999 << 10, is_exact=False), WIDE)


def test_ascii_rows_are_ascii(tmp_path: Path) -> None:
    """All signs of ours have an ASCII form."""
    rows = rows_of(tmp_path / "j.ws.jsonl", {number: line for number, line, _ in PICTURE})
    rows |= rows_of(tmp_path / "f.ws.jsonl", REFUSED)
    for row in rows.values():
        assert cells(row, RowLayout(88, ASCII)).isascii()


ROWS = st.builds(
    Row,
    line=st.integers(1, 10**9),
    kind=st.just("frame"),
    time_us=st.none() | st.integers(0, 10**18),
    sent=st.booleans(),
    opcode=st.integers(0, 15),
    fin=st.booleans(),
    rsv1=st.booleans(),
    rsv2=st.booleans(),
    masked=st.booleans(),
    size=st.integers(0, 2**63),
    wire_size=st.none() | st.integers(0, 2**63),
    preview=st.none() | st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")),
    is_text=st.booleans(),
    bad=st.lists(st.sampled_from(["invalid-utf8", "too-big", "日本"]), max_size=3).map(tuple),
    fragment=st.integers(0, 12),
    inside_fragments=st.booleans(),
    automatic=st.booleans(),
) | st.builds(
    Row,
    line=st.integers(1, 10**6),
    kind=st.just("event"),
    time_us=st.none() | st.integers(0, 10**18),
    event=st.sampled_from(["open", "closed", "dns", "tls", "request", "response", "error", "gap"])
    | st.text(max_size=20),
    fields=st.dictionaries(
        st.sampled_from(["kind", "message", "addresses", "cert", "headers", "status", "code"]),
        st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=3),
    ),
)  # fmt: skip


@given(ROWS, st.integers(20, 160), st.sampled_from([UNICODE, ASCII]), st.booleans())
def test_no_row_is_wider_than_its_log(row: Row, width: int, glyphs: Any, cursor: bool) -> None:
    """Whatever is in it: wide characters, marks, bidi, numbers of any size."""
    layout = RowLayout(width, glyphs, 7, "previous")
    line = row_line(row, layout, has_cursor=cursor, is_focused=True)
    assert sum(cell_len(text) for text, _ in line.parts) <= width - 2
    assert "".join(text for text, _ in line.parts).isprintable()


@pytest.mark.parametrize(
    ("row", "end"),
    [
        (Row(9, "frame", 40_000_000, quiet_since_us=9_000_000, preview=b"x" * 99, size=99), True),
        (Row(9, "event", 40_000_000, quiet_since_us=9_000_000, event="closed"), True),
        (Row(9, "frame", 18_999_999, quiet_since_us=9_000_000), False),
        (Row(9, "frame", 40_000_000, 9_000_000), False),
    ],
)
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [80, 88, 200])
def test_a_silence_is_told_by_the_row_that_ends_it(
    row: Row, end: bool, glyphs: Any, width: int
) -> None:
    """At the right edge, in every width."""
    layout = RowLayout(width, glyphs)
    line = row_line(row, layout, has_cursor=False, is_focused=True)
    text = "".join(part for part, _ in line.parts)
    words = f"  {glyphs.rule * 2} silent 31 s"
    assert text.endswith(words) is end
    assert ("silent" in text) is end
    assert cell_len(text) == width - 2 or not end


@pytest.mark.parametrize(
    ("silence_us", "is_told"), [(0, False), (31_000_000, True), (31_000_001, False)]
)
def test_how_long_a_silence_must_be(silence_us: int, is_told: bool) -> None:
    """As chosen; 0 is never."""
    row = Row(9, "frame", 40_000_000, quiet_since_us=9_000_000)
    layout = RowLayout(88, UNICODE, silence_us=silence_us)
    line = row_line(row, layout, has_cursor=False, is_focused=True)
    assert ("silent" in "".join(part for part, _ in line.parts)) is is_told


def test_a_log_too_narrow_has_no_silences() -> None:
    """The payload comes first."""
    row = Row(9, "frame", 40_000_000, quiet_since_us=9_000_000, preview=b"x" * 99, size=99)
    line = row_line(row, RowLayout(64, UNICODE), has_cursor=False, is_focused=True)
    assert "silent" not in "".join(part for part, _ in line.parts)
