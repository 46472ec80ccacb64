"""The fixed rows of the inspector: what stands in them, and what a click on them does."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from wsdebug.tui.bars import Hint
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_chrome import (
    footer_row,
    heading_row,
    hint_at,
    subject_words,
    tab_at,
    tab_rows,
)
from wsdebug.tui.inspect_lines import Document, TextLine, line
from wsdebug.tui.inspect_make import HANDSHAKE, Made
from wsdebug.tui.inspect_payload import PayloadDocument
from wsdebug.tui.keymap import shown

__all__ = ["Panel"]

ROOMY_WIDTH = 72  # cells for all keys of a hex dump with a violation


@dataclass(frozen=True, eq=False)
class Panel:
    """One state of the inspector around its document; sizes in cells.

    `made` is None while nothing is laid out; `roomy` says that there are blank rows.
    """

    number: int | None
    made: Made | None
    document: Document
    tab: int
    width: int
    height: int
    glyphs: Glyphs
    focused: bool
    narrow: bool
    whole: bool
    roomy: bool

    @cached_property
    def chrome(self) -> Sequence[TextLine]:
        """Heading and tabs."""
        if self.made is None:
            words = subject_words(None, (), self.glyphs, on_handshake=False)
            if self.number is not None:
                words = (self.number, [], None, False)
        else:
            on_handshake = self.tab == HANDSHAKE and bool(self.made.handshake)
            words = subject_words(
                self.made.subject.line,
                self.made.handshake,
                self.glyphs,
                on_handshake=on_handshake,
            )
        heading = heading_row(
            words, self.width, self.glyphs, focused=self.focused, hints=self.heading_hints
        )
        tabs = tab_rows(self.tab, self.width, self.glyphs, focused=self.focused)
        if self.roomy:
            return (TextLine(), heading, TextLine(), *tabs, TextLine())
        return (heading, *tabs)

    @cached_property
    def top(self) -> Sequence[TextLine]:
        """All rows above those that scroll."""
        return (*self.chrome, *self.document.head)

    @cached_property
    def foot(self) -> Sequence[TextLine]:
        """Rows of the document that stay below it."""
        air = 3 if self.roomy else 1
        rows = self.document.foot(self.height - len(self.top) - air)
        return (*rows, TextLine()) if rows and self.roomy else rows

    @property
    def bottom(self) -> int:
        """Rows below the document: what stays there, the keys, and blank ones around them."""
        return len(self.foot) + (3 if self.roomy else 1)

    def below(self, y: int, first: int) -> TextLine:
        """A row below the document, which begins with the row `first`."""
        at = y - (self.height - self.bottom) - (1 if self.roomy else 0)
        if at < 0:
            return self.more(first)
        return self.foot[at] if at < len(self.foot) else TextLine()

    @property
    def footer_at(self) -> int:
        """The row of the keys."""
        return self.height - (2 if self.roomy else 1)

    @property
    def visible(self) -> int:
        """Rows of the document in sight."""
        return max(1, self.height - len(self.top) - self.bottom)

    @cached_property
    def heading_hints(self) -> Sequence[Hint]:
        """Below the log, or alone: how to get more room, and away."""
        if not (self.narrow or self.whole):
            return ()
        verb = "smaller" if self.whole else "whole screen"
        return (Hint("z", verb, "whole"), Hint("esc", "back", "back"))

    @cached_property
    def footer_hints(self) -> Sequence[Hint]:
        """The keys that do something with this document."""
        hints = [Hint("y", "copy", "screen.copy")] if self.made is not None else []
        if self.document.folds:
            hints.append(Hint("space", "fold", "fold"))
        if self.made is not None and self.made.text is not None:
            hints.insert(0, Hint("f", "filter", "filter_value"))
        frame = self.made.subject.frame if self.made else None
        has_room = self.width >= ROOMY_WIDTH or frame is None or not frame.bad
        is_hex = isinstance(self.document, PayloadDocument) and self.document.hex is not None
        if is_hex and has_room:
            hints += [Hint("^F", "find", "find_bytes"), Hint("^G", "offset", "go_to_byte")]
        if frame is not None and frame.bad:
            hints.append(Hint("b", "next violation", "violation(False)"))
        return hints

    def more(self, first: int) -> TextLine:
        """How many rows of the document stand below those in sight, which begin with `first`."""
        below = len(self.document) - first - self.visible
        if below <= 0:
            return TextLine()
        words = f"{self.glyphs.cut} {below:,} more row{'' if below == 1 else 's'}"
        return line((words, "disabled"))

    def footer(self, cursor: int) -> TextLine:
        """Where the cursor is, and the keys."""
        position = ""
        if 0 <= cursor < len(self.document):
            position = self.document.line(cursor).position
        return footer_row(
            position or self.document.footer,
            self.footer_hints,
            self.width,
            self.glyphs,
            strong=position.startswith("$"),
        )

    def action_at(self, x: int, y: int) -> str:
        """What a click on a fixed row runs, `""` for nothing."""
        heading = 1 if self.roomy else 0
        tabs = 3 if self.roomy else 1
        if y == heading:
            return hint_at(x, self.heading_hints, self.width)
        if y in (tabs, tabs + 1):
            tab = tab_at(x)
            return f"tab({tab})" if tab else ""
        if len(self.chrome) <= y < len(self.top):
            text = "".join(part for part, _ in self.top[y].parts).rstrip()
            view = f"{shown('v', 'view')} view"
            is_hit = text.endswith(view) and x >= len(text) - len(view)
            return "view" if is_hit else ""
        return hint_at(x, self.footer_hints, self.width) if y == self.footer_at else ""
