"""One payload in its views: JSON, text, hex, a close code."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.tui.glyphs import ASCII, UNICODE
from wsdebug.tui.inspect_json import JsonBody
from wsdebug.tui.inspect_lines import Document, plain, width_of
from wsdebug.tui.inspect_payload import PREVIEW, Payload, payload_document, views_of
from wsdebug.tui.inspect_rules import first_invalid
from wsdebug.wire.close import encode_close

ORDER = (
    '{"type":"replace","dry_run":false,"orders":[{"id":"c7-0041","px":101.0,'
    '"tags":["eu","retry"],"note":"Grüße an alle, und noch etwas mehr"},{"id":1,"id":2}],'
    '"client":{},"seq":41}'
)
PRETTY = """\
   1 ▾ {
   2     "type": "replace",
   3     "dry_run": false,
   4 ▾   "orders": [
   5 ▾     {
   6         "id": "c7-0041",
   7         "px": 101.0,
   8         "tags": ["eu", "retry"],
   9         "note": "Grüße an alle, und noch
                      etwas mehr"
  10       },
  11 ▾     {
  12         "id": 1,
  13         "id": 2
  14       }
  15     ],
  16     "client": {},
  17     "seq": 41
  18   }"""


def rows(document: Document) -> list[str]:
    """The body as text."""
    return plain(document.line(row) for row in range(len(document)))


def heads(document: Document) -> list[str]:
    """The fixed rows as text."""
    return plain(document.head)


def text_payload(text: str) -> Payload:
    """A text message."""
    return Payload(text.encode(), is_text=True)


def test_json_is_laid_out_as_in_the_picture() -> None:
    """Numbers as spelled, duplicate names kept, long strings wrapped under their inside."""
    document = payload_document(text_payload(ORDER), "", 52, UNICODE)
    assert heads(document) == [
        " JSON  178 bytes                            v view",
        "",
    ]
    assert "\n".join(rows(document)) == PRETTY


def test_folding_keeps_the_line_numbers() -> None:
    """A folded object is one line, and the next keeps its number."""
    document: Document = payload_document(text_payload(ORDER), "JSON", 52, UNICODE)
    assert document.folds
    document, row = document.toggle(4)
    assert row == 4
    assert rows(document)[4:7] == [
        "   5 ▸     { … 4 keys },",
        "  11 ▾     {",
        '  12         "id": 1,',
    ]
    document, row = document.toggle(4)
    assert "\n".join(rows(document)) == PRETTY


@pytest.mark.parametrize(
    ("row", "opener"),
    [(1, 0), (5, 4), (9, 4), (10, 4), (15, 3), (17, 0)],
)
def test_folding_inside_folds_what_encloses(row: int, opener: int) -> None:
    """On a line that opens nothing, space folds the object or array around it."""
    document = payload_document(text_payload(ORDER), "JSON", 52, UNICODE)
    folded, at = document.toggle(row)
    assert at == opener
    assert len(folded) < len(document)


@pytest.mark.parametrize(
    ("row", "path"),
    [(0, "$"), (1, "$.type"), (6, "$.orders[0].px"), (9, "$.orders[0].note"), (15, "$.orders")],
)
def test_the_cursor_has_a_path(row: int, path: str) -> None:
    """Wrapped lines belong to the value that they continue."""
    document = payload_document(text_payload(ORDER), "JSON", 52, UNICODE)
    assert document.line(row).position == path


def test_long_arrays_begin_with_the_first_item_open() -> None:
    """Where not all fits, later objects of an array are folded."""
    text = json.dumps([{"a": number, "b": [{"c": 1}]} for number in range(30)])
    document = payload_document(text_payload(text), "JSON", 52, UNICODE, fitting=20)
    shown = rows(document)
    assert shown[1] == "   2 ▾   {"
    assert shown[8] == "   9     },"
    assert shown[9] == "  10 ▸   { … 2 keys },"


def test_ascii_folds_and_escapes() -> None:
    """The marks have ASCII forms; the data stays itself."""
    payload = text_payload('{"a":{"b":"\\u202e"},"ü":"\u202e"}')
    document, _ = payload_document(payload, "JSON", 52, ASCII).toggle(1)
    assert rows(document)[1:3] == [
        '   2 >   "a": { ~ 1 key },',
        '   5     "ü": "\\u202e"',
    ]


@pytest.mark.parametrize(
    ("payload", "views"),
    [
        (text_payload("{}"), ("JSON", "text", "hex")),
        (text_payload("hello"), ("text", "hex")),
        (Payload(b'{"a":1}'), ("JSON", "text", "hex")),
        (Payload(b"\x89PNG\r\n\x1a\n1234"), ("hex", "text")),
        (Payload(b"\xff", is_text=True, invalid=first_invalid(b"\xff")), ("hex", "text")),
        (Payload(encode_close(1000, "bye"), is_close=True), ("close", "hex")),
        (Payload(b"\x03", is_close=True), ("hex", "text")),
        (Payload(b"", is_close=True), ("close", "hex")),
        (Payload(b"junk", is_inflated=False), ("hex",)),
        (Payload(b"", is_text=True), ("text",)),
    ],
)
def test_each_kind_has_its_views(payload: Payload, views: tuple[str, ...]) -> None:
    """The first view is what the payload is."""
    assert views_of(payload) == views


@pytest.mark.parametrize(
    ("payload", "view", "title"),
    [
        (Payload(b"x", is_text=True), "", " text  1 byte"),
        (Payload(bytes(2104), wire_length=412), "", " hex   2,104 bytes, 412 on the wire"),
        (
            Payload(bytes(10_000), wire_length=100_000_000_000_000),
            "",
            " hex   10,000 bytes, 100,000,000,000,000 wire ",
        ),
        (
            Payload(b"abc", is_text=True, wire_length=90, is_shortened=True),
            "",
            " text  the first 3 kept, 90 on the wire",
        ),
        (
            Payload(b"abcd", is_text=True, frames=2, is_shortened=True),
            "",
            " text  4 bytes kept in 2 frames",
        ),
        (Payload(b"\x89PNG\r\n\x1a\n12"), "hex", " hex   10 bytes, PNG image"),
        (Payload(b"ab", is_text=True, frames=3), "", " text  2 bytes in 3 frames"),
        (Payload(b"ab", is_text=True, is_complete=False), "", " text  2 bytes, unfinished"),
        (
            Payload(b"ab", is_text=True, is_complete=False, is_part=True),
            "",
            " text  2 bytes, a part; 3 shows all",
        ),
        (Payload(b"junk", is_inflated=False), "", " hex   4 bytes, still compressed"),
        (Payload(b"x" * (PREVIEW + 1), is_text=True), "", " text  1,048,577 bytes, the first"),
    ],
)
def test_the_title_says_what_and_how_much(payload: Payload, view: str, title: str) -> None:
    """View, size, and what is special about it."""
    assert heads(payload_document(payload, view, 60, UNICODE))[0].startswith(title)


def test_the_hex_dump_of_the_picture() -> None:
    """Eight bytes a line, the wrong one marked, and other readings below."""
    data = b'{"name":"J\xffrgen"}'
    payload = Payload(data, is_text=True, invalid=first_invalid(data))
    document = payload_document(payload, "", 52, UNICODE)
    assert rows(document) == [
        ' 0000  7b 22 6e 61  6d 65 22 3a   {"name":',
        ' 0008  22 4a ff 72  67 65 6e 22   "J·rgen"',
        " 0010  7d                         }",
        "",
        f" {'─' * 50}",
        "",
        ' as text     {"name":"J\\xffrgen"}',
        ' as Latin-1  {"name":"Jÿrgen"}',
    ]
    assert document.start == 1
    assert document.line(1).position == "byte 10 of 17"
    assert ("ff", "error bold") in [(text.strip(), style) for text, style in document.line(1).parts]


@pytest.mark.parametrize(("width", "count"), [(52, 8), (77, 8), (78, 16), (120, 16)])
def test_wide_dumps_have_sixteen_bytes(width: int, count: int) -> None:
    """The dump takes the width that it has."""
    document = payload_document(Payload(bytes(range(128, 228))), "hex", width, UNICODE)
    first = document.line(0)
    assert len(document) == -(-100 // count)
    assert width_of(first.parts) <= width - 2
    assert plain([document.line(1)])[0].split()[0] == f"{count:04x}"


@pytest.mark.parametrize("words", ["as /echo and so on", "x" * 18])
def test_a_comma_never_stands_alone(words: str) -> None:
    """What it follows goes to the next row with it, at whatever width."""
    text = json.dumps({"a": words, "b": [words, 1]}, separators=(",", ":"))
    for width in range(24, 60):
        document = payload_document(text_payload(text), "JSON", width, UNICODE)
        assert "," not in [row.strip() for row in rows(document)], width


def test_text_is_numbered_wrapped_and_escaped() -> None:
    """Long lines are cut, never reflowed; what is unprintable is visible."""
    document = payload_document(text_payload("one\r\n\x1b[31m" + "x" * 50), "text", 40, UNICODE)
    assert rows(document) == [
        "   1   one\\r",
        "   2   \\x1b[31m" + "x" * 23,
        "       " + "x" * 27,
    ]


def test_wide_characters_take_two_cells() -> None:
    """A row never runs over its edge."""
    document = payload_document(text_payload("漢字" * 30), "text", 40, UNICODE)
    assert all(width_of(document.line(row).parts) <= 38 for row in range(len(document)))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            encode_close(1012, "service restart"),
            [
                " code     1012  service restart",
                "          the server is restarting",
                "",
                " reason   service restart",
            ],
        ),
        (
            encode_close(4001),
            [" code     4001  the application's own", "", " reason   none given"],
        ),
        (b"", [" no code and no reason, which counts as 1005"]),
        (encode_close(1000, "\x1b[2J"), [" reason   \\x1b[2J"]),
    ],
)
def test_close_codes_are_explained(data: bytes, expected: list[str]) -> None:
    """The code in words, the reason escaped."""
    shown = rows(payload_document(Payload(data, is_close=True), "", 52, UNICODE))
    assert shown[-len(expected) :] == expected


def test_an_empty_payload_is_said_to_be_empty() -> None:
    """Nothing is not drawn as nothing."""
    assert rows(payload_document(Payload(b"", is_text=True), "", 52, UNICODE)) == [" nothing in it"]


def test_a_big_document_is_laid_out_to_its_bound() -> None:
    """JSON over the bound ends with words that say so."""
    text = json.dumps([{"number": number, "text": "x" * 4000} for number in range(400)])
    body = JsonBody.of(text[:PREVIEW], 52, UNICODE, is_cut=True)
    assert plain([body.line(len(body) - 1)])[0].endswith("… the rest is not laid out")


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=60),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
        max_leaves=12,
    ),
    width=st.integers(30, 100),
    data=st.data(),
)
def test_any_json_fits_and_folds(value: object, width: int, data: st.DataObject) -> None:
    """No row is too wide, whatever is folded, and no text is lost in wrapping."""
    text = json.dumps([value], ensure_ascii=False)
    body = JsonBody.of(text, width, UNICODE)
    for _ in range(3):
        body, at = body.toggle(data.draw(st.integers(0, len(body) - 1)))
        assert 0 <= at < len(body)
    assert all(width_of(body.line(row).parts) <= width - 2 for row in range(len(body)))


@given(st.binary(max_size=300), st.integers(30, 100), st.booleans())
def test_any_bytes_can_be_shown_in_any_view(data: bytes, width: int, is_text: bool) -> None:
    """No view raises, and nothing unprintable gets through."""
    payload = Payload(data, is_text=is_text, invalid=first_invalid(data) if is_text else None)
    for view in views_of(payload):
        document = payload_document(payload, view, width, UNICODE)
        for row in rows(document):
            assert row.isprintable()
