"""The keys of a place, and those that work anywhere."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import WIDTH, Dialog, DialogBody
from wsdebug.tui.glyphs import Glyphs, glyphs_of
from wsdebug.tui.key_words import key_words
from wsdebug.tui.keys import KeyGroup

__all__ = ["KeysHelp"]

WIDE = 112  # cells of a panel with two columns
INDENT = 2  # cells before keys
GAP = 3  # cells between keys and title
LONGEST = 20  # cells for keys before the title moves
BETWEEN = 4  # cells between two columns
ONE_COLUMN = 96  # cells, below which there is one


class KeyTable(Widget):
    """Groups of keys, in two columns where there is room."""

    DEFAULT_CSS = """
    KeyTable { height: auto; }
    """

    def __init__(self, groups: Sequence[KeyGroup]) -> None:
        super().__init__()
        self._groups = tuple(groups)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows."""
        return len(self._rows(width))

    def render(self) -> Content:
        """All rows."""
        return Content("\n").join(self._rows(self.size.width))

    def _rows(self, width: int) -> list[Content]:
        glyphs = glyphs_of(self.app)
        if width < ONE_COLUMN or len(self._groups) < 2:
            return stacked(self._groups, width, glyphs)
        column = (width - BETWEEN) // 2
        pairs = [
            (
                stacked(self._groups[:cut], column, glyphs),
                stacked(self._groups[cut:], column, glyphs),
            )
            for cut in range(1, len(self._groups))
        ]
        left, right = min(pairs, key=lambda pair: max(map(len, pair)))
        height = max(len(left), len(right))
        left += [Content("")] * (height - len(left))
        right += [Content("")] * (height - len(right))
        return [
            Content.assemble(one, " " * (column - one.cell_length + BETWEEN), other)
            for one, other in zip(left, right, strict=True)
        ]


def stacked(groups: Sequence[KeyGroup], width: int, glyphs: Glyphs) -> list[Content]:
    """The rows of groups, one below the other with an empty row between."""
    shown = [
        [
            " ".join(key if group.is_text else key_words(key, glyphs) for key in line.keys)
            for line in group.lines
        ]
        for group in groups
    ]
    lengths = [len(keys) for group in shown for keys in group]
    indent = INDENT + min(LONGEST, max(lengths, default=0)) + GAP
    rows: list[Content] = []
    for group, keys in zip(groups, shown, strict=True):
        if rows:
            rows.append(Content(""))
        rows.append(Content.assemble((group.title, "bold $foreground")))
        for line, words in zip(group.lines, keys, strict=True):
            before = INDENT + len(words)
            room = max(10, width - max(indent, before + GAP))
            first, *others = Content(line.title).wrap(room)
            gap = " " * max(GAP, indent - before)
            rows.append(
                Content.assemble(
                    " " * INDENT,
                    (words, "bold $foreground"),
                    gap,
                    (first.plain, "$foreground-muted"),
                )
            )
            rows += [
                Content.assemble(" " * indent, (other.plain, "$foreground-muted"))
                for other in others
            ]
    return rows


class KeysHelp(Dialog[None]):
    """Shows what `keys_of` found on the screen below; any of the keys that opened it closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "leave", "Back", show=False, id="keys"),
        Binding("q,enter", "leave", "Back", show=False),
    ]

    def __init__(self, groups: Sequence[KeyGroup]) -> None:
        super().__init__("Keys", (Hint("esc", "back", "leave"),), width=WIDTH)
        self._groups = tuple(groups)

    def parts(self) -> Iterable[Widget]:
        """One long table."""
        yield DialogBody(KeyTable(self._groups))

    def on_resize(self) -> None:
        """Two columns where there is room."""
        self._width = WIDE if self.app.size.width >= WIDE + 4 else WIDTH
