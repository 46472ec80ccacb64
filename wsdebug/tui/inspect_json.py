"""A payload as pretty JSON: numbered, coloured, foldable, long strings wrapped."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from wsdebug.payload.escape import escape
from wsdebug.payload.json_layout import JsonDocument, JsonLine
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine, width_of

__all__ = ["TOKEN_STYLES", "JsonBody"]

TOKEN_STYLES = {
    "name": "secondary",
    "string": "fg",
    "number": "fg",
    "literal": "fg",
    "punctuation": "muted",
    "cut": "muted",
    "invalid": "error",
}
NUMBER = 3  # digits of a line number; more push the text right
TEXT = 7  # first cell of the text with three digits
LEAST = 16  # cells that a wrapped line gets at least
WRAPPED = 400  # rows of one line


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A document laid out for a width, with some of its lines folded.

    `rows` says for each row of the screen which line it belongs to, and which part of it.
    """

    document: JsonDocument
    width: int
    glyphs: Glyphs
    folded: frozenset[int]
    lines: Sequence[JsonLine]
    rows: Sequence[tuple[int, int]]
    is_cut: bool = False  # this is only the beginning of a longer payload

    @property
    def start(self) -> int:
        """The cursor begins on the first row."""
        return 0

    @property
    def folds(self) -> bool:
        """Whether anything can be folded."""
        return any(line.foldable for line in self.lines[:200])

    @classmethod
    def of(
        cls,
        text: str,
        width: int,
        glyphs: Glyphs,
        *,
        fitting: int | None = None,
        is_cut: bool = False,
    ) -> "JsonBody":
        """A text laid out. If it takes more than `fitting` rows, only the first of the objects
        or arrays inside each array stays open.
        """
        document = JsonDocument(text)
        folded: frozenset[int] = frozenset()
        if fitting is not None and document.line_count > fitting:
            folded = _later_items(document.lines(width=width))
        return cls._laid_out(document, width, glyphs, folded, is_cut)

    @classmethod
    def _laid_out(
        cls,
        document: JsonDocument,
        width: int,
        glyphs: Glyphs,
        folded: frozenset[int],
        is_cut: bool,
    ) -> "JsonBody":
        lines = document.lines(width=width, folded=folded)
        if is_cut and not document.is_whole:
            lines[-1] = JsonLine(lines[-1].number, 0, (("cut", "… the rest is not laid out"),))
        indent = _indent(document.line_count)
        rows: list[tuple[int, int]] = []
        for index, line in enumerate(lines):
            count = 1
            if not _fits(line, width - EDGE - indent):
                count = len(_wrapped(_parts(line, glyphs), width - EDGE - indent))
            rows += [(index, part) for part in range(count)]
        return cls(document, width, glyphs, folded, lines, rows, is_cut)

    def __len__(self) -> int:
        """Rows, wrapped ones counted."""
        return len(self.rows)

    def line(self, row: int) -> TextLine:
        """One row: number, fold mark, and a part of the line."""
        index, part = self.rows[row]
        line = self.lines[index]
        digits = max(NUMBER, len(str(self.document.line_count)))
        indent = _indent(self.document.line_count)
        parts = _wrapped(_parts(line, self.glyphs), self.width - EDGE - indent)[part]
        if part:
            return TextLine(((" " * indent, ""), *parts), position=line.path)
        mark = " "
        if line.foldable:
            mark = self.glyphs.folded if line.folded else self.glyphs.unfolded
        number = (f" {line.number:>{digits}} ", "disabled")
        at = indent - 2 if line.foldable else -1
        shown = (number, (f"{mark} ", "muted"), *parts)
        return TextLine(shown, fold_at=at, position=line.path)

    def toggle(self, row: int) -> tuple["JsonBody", int]:
        """Fold or unfold what opens on a row, else what encloses it; and the row of that."""
        index = self.rows[row][0]
        inner = self.lines[index]
        while index >= 0 and not self._opens(self.lines[index], inner):
            index -= 1
        if index < 0:
            return self, row
        number = self.lines[index].number
        body = self._laid_out(
            self.document, self.width, self.glyphs, self.folded ^ {number}, self.is_cut
        )
        return body, self.rows.index((index, 0))

    @staticmethod
    def _opens(line: JsonLine, inner: JsonLine) -> bool:
        """Whether `inner` is this line, inside what it opens, or closes it."""
        if not line.foldable:
            return False
        closes = line.indent == inner.indent and inner.text[:1] in ("}", "]")
        return line is inner or line.indent < inner.indent or (closes and not line.folded)


def _indent(count: int) -> int:
    return TEXT - NUMBER + max(NUMBER, len(str(count)))


def _later_items(lines: Sequence[JsonLine]) -> frozenset[int]:
    """The lines that open an object or array which is not the first item of its array."""
    return frozenset(
        line.number
        for line in lines
        if line.foldable and line.path.endswith("]") and not line.path.endswith(("[0]", "']"))
    )


def _fits(line: JsonLine, room: int) -> bool:
    """Whether a line surely takes one row: cheap, for the many that do."""
    text = line.text
    return text.isascii() and text.isprintable() and line.indent + len(text) <= room


def _parts(line: JsonLine, glyphs: Glyphs) -> list[Part]:
    parts: list[Part] = [(" " * line.indent, "")] if line.indent else []
    for kind, text in line.tokens:
        shown = escape(text)
        if kind in ("punctuation", "cut"):
            shown = shown.replace("…", glyphs.cut)
        parts.append((shown, TOKEN_STYLES.get(kind, "fg")))
    return parts


def _wrapped(parts: Sequence[Part], room: int) -> list[list[Part]]:
    """Rows of `room` cells; what goes on below stands under the inside of its value."""
    if width_of(parts) <= room:
        return [list(parts)]
    hang = _hang(parts, room)
    rows: list[list[Part]] = [[]]
    left = room
    for (text, style), (after, _) in zip(parts, [*parts[1:], ("", "")], strict=True):
        rest, comma = text, int(after == ",")  # which never stands alone
        while rest and len(rows) < WRAPPED:
            if cell_len(rest) + comma <= left:
                rows[-1].append((rest, style))
                left -= cell_len(rest)
                break
            most = left - comma if cell_len(rest) <= left else left
            end = _break(rest, most, is_start=left >= room - hang)
            # A space at which the row breaks may stand past the edge: it is not drawn there.
            shown = rest[:end] if cell_len(rest[:end]) <= left else rest[: end - 1]
            rows[-1].append((shown, style))
            rest = rest[end:]
            rows.append([(" " * hang, "")])
            left = room - hang
    return rows


def _hang(parts: Sequence[Part], room: int) -> int:
    """Cells before the inside of the first value: after its opening quote."""
    before = 0
    for text, style in parts:
        if style == "fg" or (style == "muted" and text.startswith(("[", "{"))):
            before += 1
            break
        before += cell_len(text)
    return max(0, min(before, room - LEAST))


def _break(text: str, room: int, *, is_start: bool) -> int:
    """How many characters go on this row: up to a space where there is one, all that fit else."""
    end = min(len(text), room)
    while end > 0 and cell_len(text[:end]) > room:
        end -= 1
    if text[end : end + 1] == " ":
        return end + 1
    space = text.rfind(" ", 0, end)
    if space > 0:
        return space + 1
    return max(1, end) if is_start else end
