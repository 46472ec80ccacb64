"""Lines of styled text for the inspector, laid out without a screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rich.cells import cell_len, set_cell_size

from wsdebug.tui.glyphs import Glyphs

__all__ = [
    "EDGE",
    "LEFT",
    "PICKED",
    "Document",
    "Part",
    "StaticDocument",
    "TextLine",
    "columns",
    "cut",
    "join",
    "line",
    "merged",
    "plain",
    "ruled",
    "spread",
    "width_of",
    "with_separator",
    "wrap",
]

Part = tuple[str, str]
"""Text and the name of its style: `fg`, `muted`, `primary bold` …, see `paint`."""

PICKED = " @picked"  # after a style: on the ground of what is selected

LEFT = 1  # cells free at the left of every line
EDGE = 2  # cells free at the right of text; rules end one cell further


@dataclass(frozen=True, slots=True)
class TextLine:
    """One row of the inspector.

    `ground` tints the row: `box` from the first cell to the last but one, `""` not at all.
    `fold_at` is the cell of a fold mark, -1 where there is none. `position` is what the last row
    says while the cursor is here.
    """

    parts: tuple[Part, ...] = ()
    ground: str = ""
    fold_at: int = -1
    position: str = ""


class Document(Protocol):
    """What a tab shows: fixed rows on top, and a body that scrolls and may have a cursor."""

    @property
    def head(self) -> Sequence[TextLine]:
        """Rows that stay while the body scrolls."""

    @property
    def start(self) -> int:
        """Row of the body on which the cursor begins; -1 if there is no cursor."""

    @property
    def footer(self) -> str:
        """What the last row says where the cursor's row says nothing."""

    def __len__(self) -> int:
        """Rows of the body."""

    def line(self, row: int) -> TextLine:
        """One row of the body."""

    def foot(self, room: int) -> Sequence[TextLine]:
        """Rows that stay below the body, where there are `room` rows for both."""

    @property
    def folds(self) -> bool:
        """Whether anything can be folded."""

    def toggle(self, row: int) -> tuple["Document", int]:
        """The same document with what is around a row folded or unfolded, and the row of that."""


@dataclass(frozen=True, slots=True)
class StaticDocument:
    """A document that is a few rows, all known."""

    lines: Sequence[TextLine]
    head: Sequence[TextLine] = ()
    footer: str = ""
    start: int = -1

    def __len__(self) -> int:
        """Rows of the body."""
        return len(self.lines)

    def line(self, row: int) -> TextLine:
        """One row of the body."""
        return self.lines[row]

    def foot(self, room: int) -> Sequence[TextLine]:
        """Nothing stays here."""
        return ()

    @property
    def folds(self) -> bool:
        """Nothing folds here."""
        return False

    def toggle(self, row: int) -> tuple["StaticDocument", int]:
        """Nothing folds here."""
        return self, row


def line(*parts: Part, ground: str = "", position: str = "") -> TextLine:
    """A row that begins at the left margin."""
    return TextLine(((" " * LEFT, ""), *parts), ground=ground, position=position)


def plain(lines: Iterable[TextLine]) -> list[str]:
    """The rows as text, without trailing spaces, for tests and search."""
    return ["".join(text for text, _ in each.parts).rstrip() for each in lines]


def width_of(parts: Iterable[Part]) -> int:
    """Cells that the parts take."""
    return sum(cell_len(text) for text, _ in parts)


def cut(parts: Sequence[Part], width: int, mark: str = "…") -> tuple[Part, ...]:
    """The parts in at most `width` cells; `mark` stands where something is missing."""
    sizes = [cell_len(text) for text, _ in parts]
    if sum(sizes) <= width:
        return tuple(parts)
    kept: list[Part] = []
    room = width - 1
    for (text, style), size in zip(parts, sizes, strict=True):
        if size > room:
            fitting = text[: max(0, room)] if text.isascii() else set_cell_size(text, max(0, room))
            kept.append((fitting.rstrip() + mark, style))
            break
        kept.append((text, style))
        room -= size
    return tuple(kept)


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The same with neighbours of one style joined: fewer pieces are painted faster."""
    joined: list[Part] = []
    last: str | None = None
    for text, style in parts:
        if style == last:
            joined[-1] = (joined[-1][0] + text, style)
        elif text:
            joined.append((text, style))
            last = style
    return tuple(joined)


def columns(*cells: tuple[int, str, str]) -> tuple[Part, ...]:
    """Parts from (first cell, text, style); a text that is too long pushes the next one right."""
    parts: list[Part] = []
    at = 0
    for start, text, style in cells:
        if not text:
            continue
        gap = start - at if start > at else (1 if at else 0)
        if gap:
            parts.append((" " * gap, ""))
        parts.append((text, style))
        at += gap + cell_len(text)
    return tuple(parts)


def spread(left: Sequence[Part], right: Sequence[Part], width: int, mark: str = "…") -> TextLine:
    """A row with two sides, `EDGE` cells free at the right; the left is cut where they meet."""
    end = width - EDGE
    taken = width_of(right)
    room = end - taken - (2 if taken else 0)
    kept = cut(left, max(0, room), mark)
    gap = max(0, end - taken - width_of(kept))
    return TextLine((*kept, (" " * gap, ""), *right))


def ruled(width: int, glyphs: Glyphs) -> TextLine:
    """A rule from margin to margin."""
    return line((glyphs.rule * max(0, width - LEFT - 1), "rule"))


def wrap(text: str, width: int, *, lines: int | None = None, mark: str = "…") -> list[str]:
    """Text in rows of `width` cells, broken at spaces where there are any.

    No more than `lines` rows; the last one ends in `mark` if something is missing.
    """
    width = max(1, width)
    rows: list[str] = []
    rest = text
    while cell_len(rest) > width:
        if lines is not None and len(rows) == lines - 1:
            return [*rows, set_cell_size(rest, width - 1).rstrip() + mark]
        fitting = _prefix(rest, width)
        space = fitting.rfind(" ") if rest[len(fitting) : len(fitting) + 1] != " " else -1
        end = space if space > 0 else len(fitting)
        rows.append(rest[:end])
        rest = rest[end:].lstrip(" ")
    return [*rows, rest]


def join(lines: Iterable[TextLine], ground: str) -> list[TextLine]:
    """The same rows on a ground."""
    return [replace(each, ground=ground) for each in lines]


def with_separator(row: TextLine, glyphs: Glyphs) -> TextLine:
    """The row with a line in its first cell, which is always free."""
    rest = row.parts
    if rest:
        text, style = rest[0]
        rest = ((text[1:], style), *rest[1:])
    return replace(row, parts=((glyphs.beside, "muted"), *rest))


def _prefix(text: str, width: int) -> str:
    """As many characters as fit in `width` cells, at least one."""
    end = min(len(text), width)
    while end > 1 and cell_len(text[:end]) > width:
        end -= 1
    return text[: max(1, end)]
