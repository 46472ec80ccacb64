"""A payload as hex bytes beside their ASCII, laid out line by line as it is looked at."""

from dataclasses import dataclass

from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine
from wsdebug.tui.inspect_rules import InvalidUtf8

__all__ = ["HexBody", "bytes_a_line"]

OFFSET = 1  # first cell of the offset
GROUP = 4  # bytes between wider gaps


def bytes_a_line(width: int, size: int) -> int:
    """16 where they fit with their ASCII, else 8."""
    return 16 if _start(size) + _hex_cells(16) + 3 + 16 <= width - EDGE else 8


def _start(size: int) -> int:
    """First cell of the hex bytes: offsets have 4 digits, more for a big payload."""
    return OFFSET + max(4, len(f"{max(0, size - 1):x}")) + 2


def _hex_cells(count: int) -> int:
    return 3 * count - 1 + (count - 1) // GROUP


@dataclass(frozen=True, slots=True)
class HexBody:
    """All bytes of a payload; nothing is laid out before it is shown.

    `invalid` is drawn in red; the cursor begins on its line.
    """

    data: bytes
    width: int
    glyphs: Glyphs
    invalid: InvalidUtf8 | None = None

    @property
    def per_line(self) -> int:
        """Bytes a line."""
        return bytes_a_line(self.width, len(self.data))

    @property
    def start(self) -> int:
        """The line of the first wrong byte."""
        return self.invalid.start // self.per_line if self.invalid else 0

    def __len__(self) -> int:
        """Lines of hex."""
        return -(-len(self.data) // self.per_line)

    def line(self, row: int) -> TextLine:
        """Offset, bytes and ASCII of one line."""
        count = self.per_line
        offset = row * count
        chunk = self.data[offset : offset + count]
        start = _start(len(self.data))
        digits = start - OFFSET - 2
        spelled: list[Part] = []
        letters: list[Part] = []
        for index, byte in enumerate(chunk):
            is_wrong = self._is_wrong(offset + index)
            gap = "" if index == 0 else "  " if index % GROUP == 0 else " "
            spelled += [(gap, ""), (f"{byte:02x}", "error bold" if is_wrong else "fg")]
            letter = chr(byte) if 0x20 <= byte < 0x7F else self.glyphs.dot
            letters.append((letter, "error bold" if is_wrong else "muted"))
        used = _hex_cells(len(chunk))
        parts = (
            (f"{' ' * OFFSET}{offset:0{digits}x}  ", "muted"),
            *_merged(spelled),
            (" " * (_hex_cells(count) - used + 3), ""),
            *_merged(letters),
        )
        return TextLine(parts, position=self._position(offset, len(chunk)))

    def _is_wrong(self, offset: int) -> bool:
        return self.invalid is not None and self.invalid.start <= offset < self.invalid.end

    def _position(self, offset: int, count: int) -> str:
        if self.invalid is not None and offset <= self.invalid.start < offset + count:
            offset = self.invalid.start
        return f"byte {offset:,} of {len(self.data):,}"


def _merged(parts: list[Part]) -> list[Part]:
    """Neighbours of one style as one part; gaps take the style before them."""
    merged: list[Part] = []
    for text, style in parts:
        if merged and style in ("", merged[-1][1]):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        elif text:
            merged.append((text, style))
    return merged
