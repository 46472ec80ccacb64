"""Ranges of bytes: written down, gone to, found."""

import base64
from ast import literal_eval

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import UsageError
from wsdebug.payload.byte_range import ByteRange, find_bytes, parse_needle, parse_offset


@given(st.binary(min_size=1, max_size=40), st.integers(0, 39), st.integers(0, 39))
def test_every_way_to_write_bytes_can_be_read_again(data: bytes, anchor: int, head: int) -> None:
    """Whichever end was picked first."""
    picked = ByteRange(anchor % len(data), head % len(data))
    piece = picked.of(data)
    assert len(piece) == len(picked) >= 1
    assert bytes.fromhex(picked.as_hex(data)) == piece
    assert base64.b64decode(picked.as_base64(data)) == piece
    assert literal_eval(picked.as_python(data)) == piece
    text = picked.as_text(data)
    assert text is None or text.encode() == piece


@pytest.mark.parametrize(
    ("text", "needle"),
    [
        ("de ad be ef", b"\xde\xad\xbe\xef"),
        ("DEADBEEF", b"\xde\xad\xbe\xef"),
        ("0xde, 0xad", b"\xde\xad"),
        (r"\xde\xad", b"\xde\xad"),
        ("de:ad", b"\xde\xad"),
        ("dead b", b"dead b"),
        ('"dead"', b"dead"),
        ('"', b'"'),
        ('""', b'""'),
        ("price", b"price"),
        ("é ", b"\xc3\xa9 "),
        (" 7", b" 7"),
        ("a" * 5000 + "x", b"a" * 5000 + b"x"),
    ],
)
def test_what_is_to_be_found(text: str, needle: bytes) -> None:
    """Hex, or else text; in quotes always text."""
    assert parse_needle(text) == needle


def test_nothing_is_not_to_be_found() -> None:
    """It would be everywhere."""
    with pytest.raises(UsageError, match="type bytes as hex, or text"):
        parse_needle("  ")


@pytest.mark.parametrize(
    ("text", "offset"),
    [("0", 0), ("500", 500), ("0x1F4", 500), ("1f4h", 500), ("1,000", 1000), ("+16", 116),
     ("-0x10", 84), (" 7 ", 7), ("10h", 16), ("1_000", 1000), ("5__0", 50), ("5_", 5)],
)  # fmt: skip
def test_offsets(text: str, offset: int) -> None:
    """In either base, and from here on."""
    assert parse_offset(text, at=100, size=2000) == offset


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2000", "the last byte is 1,999 (0x7cf)"),
        ("-101", "the last byte is 1,999 (0x7cf)"),
        ("1f4", "an offset is a number such as 500, 0x1f4, +16 or -16"),
        ("", "an offset is a number such as 500, 0x1f4, +16 or -16"),
        ("9" * 5000, "an offset is a number such as 500, 0x1f4, +16 or -16"),
        ("9" * 40, "the last byte is 1,999 (0x7cf)"),
        ("٣", "an offset is a number such as 500, 0x1f4, +16 or -16"),
    ],
)
def test_offsets_that_cannot_be(text: str, words: str) -> None:
    """In words."""
    with pytest.raises(UsageError) as caught:
        parse_offset(text, at=100, size=2000)
    assert str(caught.value) == words


def test_finding_goes_around_the_end() -> None:
    """Forward and backward, each place once, overlapping ones too."""
    data = b"aaba"
    forward = [0]
    for _ in range(3):
        forward.append(find_bytes(data, b"a", forward[-1]) or 0)
    assert forward == [0, 1, 3, 0]
    assert find_bytes(data, b"a", 3, backward=True) == 1
    assert find_bytes(data, b"a", 0, backward=True) == 3
    assert find_bytes(b"aaaa", b"aa", 2, backward=True) == 1
    assert find_bytes(data, b"c", 0) is None
    assert find_bytes(data, b"ab", 1) == 1
