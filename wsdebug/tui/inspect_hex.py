"""A payload as hex bytes beside their ASCII, laid out line by line as it is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from wsdebug.payload.byte_range import ByteRange
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, PICKED, Part, TextLine, merged
from wsdebug.tui.inspect_readings import reading_lines
from wsdebug.tui.inspect_rules import InvalidUtf8

__all__ = ["HexBody", "bytes_a_line"]

OFFSET = 1  # first cell of the offset
GROUP = 4  # bytes between wider gaps
BESIDE = 3  # cells between the bytes and their ASCII


def bytes_a_line(width: int, size: int) -> int:
    """16 where they fit with their ASCII, else 8."""
    return 16 if _start(size) + _hex_cells(16) + BESIDE + 16 <= width - EDGE else 8


def _start(size: int) -> int:
    """First cell of the hex bytes: offsets have 4 digits, more for a big payload."""
    return OFFSET + max(4, len(f"{max(0, size - 1):x}")) + 2


def _hex_cells(count: int) -> int:
    return 3 * count - 1 + (count - 1) // GROUP


@dataclass(frozen=True, slots=True)
class HexBody:
    """All bytes of a payload; nothing is laid out before it is shown.

    `invalid` is drawn in red; the cursor begins there. `picked` is drawn on a ground.
    """

    data: bytes
    width: int
    glyphs: Glyphs
    invalid: InvalidUtf8 | None = None
    picked: ByteRange | None = None

    @property
    def per_line(self) -> int:
        """Bytes a line."""
        return bytes_a_line(self.width, len(self.data))

    @property
    def first_byte(self) -> int:
        """Where the cursor begins."""
        return min(self.invalid.start, len(self.data) - 1) if self.invalid else 0

    @property
    def start(self) -> int:
        """The line of the first wrong byte."""
        return self.first_byte // self.per_line

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
            style, ground = self._style(offset + index)
            gap = "" if index == 0 else "  " if index % GROUP == 0 else " "
            # between two picked bytes it is picked too
            before = ground if index and self._style(offset + index - 1)[1] else ""
            letter = chr(byte) if 0x20 <= byte < 0x7F else self.glyphs.dot
            spelled += [(gap, f"fg{before}"), (f"{byte:02x}", f"{style or 'fg'}{ground}")]
            letters.append((letter, f"{style or 'muted'}{ground}"))
        used = _hex_cells(len(chunk))
        parts = (
            (f"{' ' * OFFSET}{offset:0{digits}x}  ", "muted"),
            *merged(spelled),
            (" " * (_hex_cells(count) - used + BESIDE), ""),
            *merged(letters),
        )
        return TextLine(parts, position=self._position(offset, len(chunk)))

    def byte_at(self, row: int, cell: int) -> int | None:
        """The byte whose hex or letter stands at a cell of a line, or just before it; None for
        what is left of all.
        """
        count, start = self.per_line, _start(len(self.data))
        letters = start + _hex_cells(count) + BESIDE
        if not 0 <= row < len(self) or cell < start:
            return None
        if cell >= letters - 1:
            index = max(0, cell - letters)
        else:
            index = max(at for at in range(count) if start + 3 * at + at // GROUP <= cell)
        return min(row * count + min(index, count - 1), len(self.data) - 1)

    def foot(self, room: int) -> Sequence[TextLine]:
        """What the picked bytes mean, where there are `room` rows for the dump and that."""
        if self.picked is None:
            return ()
        return reading_lines(self.data, self.picked, self.width, room, self.glyphs)

    def _style(self, offset: int) -> tuple[str, str]:
        """The colour of a byte where it is no usual one, and its ground."""
        picked, invalid = self.picked, self.invalid
        is_wrong = invalid is not None and invalid.start <= offset < invalid.end
        is_picked = picked is not None and picked.start <= offset < picked.end
        return "error bold" if is_wrong else "", PICKED if is_picked else ""

    def _position(self, offset: int, count: int) -> str:
        picked, size = self.picked, f"{len(self.data):,}"
        if picked is not None and len(picked) > 1:
            return f"bytes {picked.start:,}{self.glyphs.dash}{picked.end - 1:,} of {size}"
        if picked is not None:
            offset = picked.start
        elif self.invalid is not None and offset <= self.invalid.start < offset + count:
            offset = self.invalid.start
        return f"byte {offset:,} of {size}"
