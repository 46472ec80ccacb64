"""A long line by its beginning: head columns, a preview, and sizes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.session import encode
from wsdebug.session.encode import encode_frame_line, encode_frame_pieces
from wsdebug.session.lines import Damaged, FrameLine
from wsdebug.session.preview import HEAD, LONG, Preview, preview_line
from wsdebug.wire.frame import Frame

SIZE = 200_000


def line(frame: Frame, payload: bytes | None = None, **fields: object) -> FrameLine:
    """A received frame at 0.5 s."""
    shown = frame.payload if payload is None else payload
    made = FrameLine(7, 500_000, False, frame, shown, is_text=frame.opcode == 1)
    return replace(made, **fields)  # type: ignore[arg-type]


def preview(data: bytes) -> Preview | None:
    """As a log asks for it."""
    return preview_line(data[:HEAD], len(data), 7, lambda size, at: data[at : at + size])


@pytest.mark.parametrize(
    ("what", "value", "size", "wire_size"),
    [
        ("text", line(Frame(1, b"a" * SIZE)), SIZE, None),
        ("text of two bytes a character", line(Frame(1, "é".encode() * SIZE)), 2 * SIZE, None),
        ("binary", line(Frame(2, b"\0" * SIZE)), SIZE, None),
        ("binary, one over", line(Frame(2, b"\0" * (SIZE + 1))), SIZE + 1, None),
        ("binary, two over", line(Frame(2, b"\0" * (SIZE + 2))), SIZE + 2, None),
        ("sent", line(Frame(1, b"a" * SIZE, mask=b"abcd"), sent=True), SIZE, None),
        ("a fragment", line(Frame(0, b"a" * SIZE, fin=False), is_text=True), SIZE, None),
        ("violation", line(Frame(2, b"\0" * SIZE), bad=("too-big",), cut=9**12), SIZE, None),
        ("shortened", line(Frame(1, b"a" * SIZE), cut=9_000_000), 9_000_000, None),
        ("compressed", line(Frame(1, b"\1" * 70_000, rsv1=True), b"a" * SIZE), SIZE, 70_000),
        ("compressed well", line(Frame(1, b"\1" * 7, rsv1=True), b"a" * SIZE), SIZE, 7),
        ("compressed, binary", line(Frame(2, b"\1" * 8, rsv1=True), b"\0" * SIZE), SIZE, 8),
        (
            "a compressed fragment",
            line(Frame(0, b"\1" * 2_000_000), b"a" * SIZE, is_text=True),
            SIZE,
            2_000_000,
        ),
        (
            "wire not kept",
            line(Frame(1, b"", rsv1=True), b"a" * SIZE, wire_length=1234),
            SIZE,
            1234,
        ),
    ],
)
def test_a_preview_has_the_columns_and_sizes_of_the_whole(
    what: str, value: FrameLine, size: int, wire_size: int | None
) -> None:
    """And the beginning of its payload."""
    data = encode_frame_line(value)
    assert len(data) > LONG, what
    found = preview(data)
    assert found is not None
    assert (found.size, found.wire_size, found.is_exact) == (size, wire_size, True), what
    shown = found.line
    assert isinstance(shown, FrameLine)
    assert shown.payload
    assert value.payload is not None
    assert value.payload.startswith(shown.payload)
    assert len(shown.payload) > HEAD // 2
    columns = ("time_us", "sent", "connection", "bad", "cut", "is_text")
    assert [getattr(shown, name) for name in columns] == [getattr(value, name) for name in columns]
    bits = ("opcode", "fin", "rsv1", "mask")
    assert [getattr(shown.frame, name) for name in bits] == [
        getattr(value.frame, name) for name in bits
    ]


def test_the_size_of_a_text_with_escapes_is_reckoned() -> None:
    """From the part that was read, and says so."""
    found = preview(encode_frame_line(line(Frame(1, b'{"a":1}' * (SIZE // 7)))))
    assert found is not None
    assert not found.is_exact
    assert abs(found.size - SIZE) < SIZE // 100


@given(st.text(min_size=1, max_size=40))
def test_a_preview_never_cuts_inside_a_character(unit: str) -> None:
    """Whatever escapes and characters stand at the cut."""
    payload = (unit * (2 * SIZE // len(unit))).encode()
    found = preview(encode_frame_line(line(Frame(1, payload))))
    assert found is not None
    assert isinstance(found.line, FrameLine)
    assert found.line.payload
    assert payload.startswith(found.line.payload)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b'{"recv":"' + b"a" * SIZE + b'","t":1}', SIZE),
        (b'{ "t": 1, "recv": "' + b"a" * SIZE + b'" }', SIZE),
        (b'{"t":1,"recv":{"json":["' + b"a" * SIZE + b'"]}}', SIZE + 4),
    ],
)
def test_a_long_line_in_another_order_is_read_wholly(data: bytes, size: int) -> None:
    """It is no less a line."""
    found = preview(data + b"\n")
    assert found is not None
    assert found.size == size
    assert isinstance(found.line, FrameLine)
    assert found.line.time_us == 1_000_000


def test_a_long_line_that_is_nothing_is_damaged() -> None:
    """And a comment is no line."""
    found = preview(b"x" * SIZE)
    assert found is not None
    assert isinstance(found.line, Damaged)
    assert preview(b"#" * SIZE) is None


@given(
    st.builds(
        Frame,
        opcode=st.integers(0, 15),
        payload=st.binary(max_size=60) | st.text(max_size=30).map(str.encode),
        fin=st.booleans(),
        rsv1=st.booleans(),
        mask=st.none() | st.binary(min_size=4, max_size=4),
    ),
    st.booleans(),
    st.booleans(),
    st.none() | st.binary(max_size=60) | st.text(max_size=30).map(str.encode),
    st.integers(4, 20),
)
def test_a_line_in_pieces_is_the_same_line(
    frame: Frame, sent: bool, keeps_wire: bool, inflated: bytes | None, piece: int
) -> None:
    """Wherever it is cut."""
    value = FrameLine(7, 1, sent, frame, inflated, is_text=frame.opcode == 1)
    whole = encode_frame_line(value, keeps_wire=keeps_wire)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "PIECE", piece)
        assert b"".join(encode_frame_pieces(value, keeps_wire=keeps_wire)) == whole
