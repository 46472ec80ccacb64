"""A document between fixed rows on the screen: painting, scrolling and the cursor."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wsdebug.tui.inspect_lines import Document, StaticDocument, TextLine, with_separator
from wsdebug.tui.inspect_panel import Panel
from wsdebug.tui.moves import EDGES, MOVES
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter

__all__ = ["DocumentView"]


class DocumentView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a document; what stands around it comes from `panel`, which is for others to make.

    Without colours a line at the left takes the place of the ground.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        """
    DocumentView {
        background: $surface; color: $foreground; overflow-x: hidden; overflow-y: auto;
        scrollbar-size: 0 0;
    """
        + STYLES_CSS
        + "\n}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *MOVES,
        *EDGES,
        Binding("space", "fold", "fold or unfold", id="fold"),
        Binding("enter", "fold", "fold or unfold"),
    ]

    class Held(Message):
        """The cursor was moved in what is shown of a line: another is not to take its place."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.document: Document = StaticDocument(())
        self._cursor = -1
        self._is_moved = False  # an untouched cursor is shown only with the focus
        self._painter = Painter(self)

    @property
    def position(self) -> str:
        """What the row under the cursor says of its place, such as `$.orders[0].px`."""
        if 0 <= self._cursor < len(self.document):
            return self.document.line(self._cursor).position
        return ""

    def panel(self) -> Panel:
        """The fixed rows as they must be now."""
        raise NotImplementedError

    def take(self, document: Document) -> None:
        """Show another document, from its start."""
        self.document = document
        self._cursor = document.start
        self._is_moved = False
        self.resize_document()
        self.scroll_to(y=0, animate=False, immediate=True)
        if self._cursor > 0:
            self._reveal()

    def resize_document(self) -> None:
        """Take in that document or fixed rows have another height."""
        panel = self.panel()
        rows = len(panel.top) + panel.bottom + len(self.document)
        self.virtual_size = Size(self.size.width, rows)
        self.refresh()

    # Painting

    def notify_style_update(self) -> None:
        """The theme or the focus changed."""
        super().notify_style_update()
        self._painter.forget()

    def render_line(self, y: int) -> Strip:
        """One row: fixed ones above and below, the document between them."""
        panel = self.panel()
        row, ground = self._row(panel, y)
        if self._painter.is_plain:
            row = with_separator(row, panel.glyphs)
        return self._painter.strip(row, panel.width, ground)

    def _row(self, panel: Panel, y: int) -> tuple[TextLine, str]:
        first = self.scroll_offset.y
        if y < len(panel.top):
            return panel.top[y], ""
        if y == panel.footer_at:
            return panel.footer(self._cursor), ""
        if y >= panel.height - panel.bottom:
            return panel.below(y, first), ""
        index = y - len(panel.top) + first
        if index >= len(self.document):
            return TextLine(), ""
        ground = self._cursor_ground() if index == self._cursor else ""
        return self.document.line(index), ground

    def _cursor_ground(self) -> str:
        if self.has_focus:
            return "cursor"
        return "idle" if self._is_moved else ""

    # Acts

    def action_fold(self) -> None:
        """Fold or unfold what is at the cursor, or what encloses it."""
        if self.document.folds and self._cursor >= 0:
            self.document, row = self.document.toggle(self._cursor)
            self.move_to(row)
            self.resize_document()

    def action_move(self, rows: int) -> None:
        """Move the cursor, or scroll where there is none."""
        if self._cursor < 0:
            self.scroll_relative(y=rows, animate=False)
        else:
            self.move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move by what is visible."""
        self.action_move(pages * max(1, self.panel().visible - 1))

    def action_edge(self, bottom: bool) -> None:
        """Move to the first or last row."""
        if self._cursor < 0:
            self.scroll_to(y=self.max_scroll_y if bottom else 0, animate=False)
        else:
            self.move_to(len(self.document) - 1 if bottom else 0)

    def move_to(self, row: int) -> None:
        """Put the cursor on a row of the document, and that in sight."""
        self._cursor = max(0, min(row, len(self.document) - 1))
        self._is_moved = True
        if (line := self.panel().number) is not None:
            self.post_message(self.Held(line))
        self._reveal()
        self.refresh()

    def click_document(self, x: int, y: int) -> None:
        """Put the cursor on the row at a place of the screen; fold if its mark is there."""
        row = y - len(self.panel().top) + self.scroll_offset.y
        if self._cursor >= 0 and row < len(self.document):
            self.move_to(row)
            if self.document.line(row).fold_at == x:
                self.action_fold()

    def _reveal(self) -> None:
        """Scroll no more than needed to have the cursor in sight."""
        first = self.scroll_offset.y
        if self._cursor < first:
            first = self._cursor
        elif self._cursor >= first + self.panel().visible:
            first = self._cursor - self.panel().visible + 1
        self.scroll_to(y=first, animate=False, immediate=True, force=True)
