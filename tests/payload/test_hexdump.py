"""Bytes in rows of hex and ASCII."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.hexdump import (
    HexLine,
    hex_line,
    hex_lines,
    hex_preview,
    offset_digits,
    row_count,
)

NAME = b'{"name":"J\xffrgen"}'


def test_narrow_rows_are_as_drawn() -> None:
    """Eight bytes in two groups; a short last row keeps its width."""
    assert list(hex_lines(NAME, width=8)) == [
        HexLine(0, "7b 22 6e 61  6d 65 22 3a", '{"name":'),
        HexLine(8, "22 4a ff 72  67 65 6e 22", '"J·rgen"'),
        HexLine(16, "7d                      ", "}"),
    ]


def test_wide_rows_hold_sixteen_bytes() -> None:
    """With another sign where only ASCII can be drawn."""
    assert hex_line(NAME, 0, dot=".") == HexLine(
        0, "7b 22 6e 61 6d 65 22 3a  22 4a ff 72 67 65 6e 22", '{"name":"J.rgen"'
    )


@given(st.binary(max_size=200), st.sampled_from([8, 16]))
def test_every_byte_is_in_a_row(data: bytes, width: int) -> None:
    """The hex of all rows is the payload again, and all rows are equally wide."""
    lines = list(hex_lines(data, width=width))
    assert bytes.fromhex(" ".join(line.hex for line in lines)) == data
    assert len(lines) == row_count(len(data), width=width)
    assert {len(line.hex) for line in lines} <= {width * 3}
    assert all(line.ascii.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("size", "digits"), [(0, 4), (1, 4), (0x10000, 4), (0x10001, 6), (64 << 20, 8)]
)
def test_offsets_have_room(size: int, digits: int) -> None:
    """Four digits for most payloads."""
    assert offset_digits(size) == digits


@pytest.mark.parametrize(
    ("data", "group", "shown"),
    [
        (b"\x7f\x3a\x00\x01", 2, "7f3a 0001"),
        (b"\x7f\x3a\x00", 2, "7f3a 00"),
        (b"\x89PNG", 1, "89 50 4e 47"),
        (b"", 1, ""),
    ],
)
def test_a_preview_is_one_line(data: bytes, group: int, shown: str) -> None:
    """Grouped from the left."""
    assert hex_preview(data, group=group) == shown
