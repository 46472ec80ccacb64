"""Bytes in rows of hex and ASCII."""

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["HexLine", "hex_line", "hex_lines", "hex_preview", "offset_digits", "row_count"]

PLAIN = "".join(chr(code) if 0x20 <= code < 0x7F else "·" for code in range(256))
TABLES = {"·": PLAIN}


@dataclass(frozen=True, slots=True)
class HexLine:
    """One row: `offset` of its first byte, `7b 22 6e 61  6d 65 22 3a` padded, `{"name":`."""

    offset: int
    hex: str
    ascii: str


def _ascii(data: bytes, dot: str) -> str:
    table = TABLES.get(dot)
    if table is None:
        table = TABLES[dot] = PLAIN.replace("·", dot)
    return data.decode("latin-1").translate(table)


def hex_line(data: bytes, row: int, *, width: int = 16, dot: str = "·") -> HexLine:
    """Row number `row`, from 0, of `width` bytes in two groups; `dot` for what is not ASCII."""
    offset = row * width
    piece = bytes(data[offset : offset + width])
    half = width // 2
    shown = f"{piece[:half].hex(' ')}  {piece[half:].hex(' ')}".ljust(width * 3)
    if len(piece) <= half:
        shown = piece.hex(" ").ljust(width * 3)
    return HexLine(offset, shown, _ascii(piece, dot))


def hex_lines(data: bytes, *, width: int = 16, dot: str = "·") -> Iterator[HexLine]:
    """All rows, one at a time, so that a long payload costs only what is shown of it."""
    for row in range(row_count(len(data), width=width)):
        yield hex_line(data, row, width=width, dot=dot)


def row_count(size: int, *, width: int = 16) -> int:
    """How many rows `size` bytes make."""
    return -(-size // width)


def offset_digits(size: int) -> int:
    """Hex digits that every offset within `size` bytes fits in: at least 4, always even."""
    digits = max(4, len(f"{max(0, size - 1):x}"))
    return digits + digits % 2


def hex_preview(data: bytes, *, limit: int = 32, group: int = 1) -> str:
    """The first `limit` bytes on one line: `89 50 4e 47`, or with `group=2` `7f3a 0001`."""
    # A negative count makes `bytes.hex` group from the left.
    return data[:limit].hex(" ", -group)
