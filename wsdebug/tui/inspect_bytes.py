"""A document whose bytes can be walked through and picked."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from wsdebug.payload.byte_range import ByteRange
from wsdebug.tui.document_view import DocumentView
from wsdebug.tui.inspect_hex import HexBody
from wsdebug.tui.inspect_lines import Document
from wsdebug.tui.inspect_payload import PayloadDocument

__all__ = ["ByteView"]


class ByteView(DocumentView):
    """In a hex dump the cursor is a byte; with shift it picks a range, as the mouse does."""

    OF_BYTES: ClassVar[frozenset[str]] = frozenset(
        ("byte", "pick", "pick_rows", "pick_page", "pick_end")
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "byte(-1)", "byte before", show=False),
        Binding("right", "byte(1)", "byte after", show=False),
        Binding("shift+left", "pick(-1)", "select to the left", show=False),
        Binding("shift+right", "pick(1)", "select to the right", show=False),
        Binding("shift+up", "pick_rows(-1)", "select upwards", show=False),
        Binding("shift+down", "pick_rows(1)", "select downwards", show=False),
        Binding("shift+pageup", "pick_page(-1)", "select a page up", show=False),
        Binding("shift+pagedown", "pick_page(1)", "select a page down", show=False),
        Binding("shift+home", "pick_end(False)", "select to the top", show=False),
        Binding("shift+end", "pick_end(True)", "select to the bottom", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._picked = ByteRange(0, 0)
        self._picked_in: int | None = None  # line
        self._is_picking = False  # the mouse is down

    @property
    def picked(self) -> ByteRange | None:
        """The bytes that are picked, more than the one under the cursor; None elsewhere."""
        return self._picked if self.bytes_shown is not None and len(self._picked) > 1 else None

    @property
    def bytes_shown(self) -> bytes | None:
        """The payload whose bytes are walked through; None in any other view."""
        return self._hex.data if self._hex is not None else None

    @property
    def _hex(self) -> HexBody | None:
        return self.document.hex if isinstance(self.document, PayloadDocument) else None

    @property
    def _first_row(self) -> int:
        return len(self.document.prefix) if isinstance(self.document, PayloadDocument) else 0

    def take(self, document: Document) -> None:
        """Show another document; of the same bytes of a line, the same are picked."""
        before, body = self.bytes_shown, None
        if isinstance(document, PayloadDocument):
            body = document.hex
        number = self.panel().number
        is_same = number == self._picked_in and body is not None and before == body.data
        super().take(document)
        if body is None:
            return
        if not is_same:
            self._picked = ByteRange(body.first_byte, body.first_byte)
            self._picked_in = number
        elif self._picked.head != body.first_byte:
            self.pick(self._picked.anchor, self._picked.head)
        self._show_picked()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Bytes are picked where they are shown."""
        if action in self.OF_BYTES:
            return self._hex is not None
        return super().check_action(action, parameters)

    # Acts

    def action_byte(self, step: int) -> None:
        """Move the cursor along the bytes."""
        head = self._picked.head + step
        self.pick(head, head)

    def action_pick(self, step: int) -> None:
        """Pick up to a byte before or after."""
        self.pick(self._picked.anchor, self._picked.head + step)

    def action_pick_rows(self, rows: int) -> None:
        """Pick up to the byte above or below."""
        if self._hex is not None:
            self.action_pick(rows * self._hex.per_line)

    def action_pick_page(self, pages: int) -> None:
        """Pick a screen more."""
        self.action_pick_rows(pages * max(1, self.panel().visible - 1))

    def action_pick_end(self, bottom: bool) -> None:
        """Pick to the first or last byte."""
        self.pick(self._picked.anchor, len(self.bytes_shown or b"") - 1 if bottom else 0)

    def action_edge(self, bottom: bool) -> None:
        """Move to the first or last byte, or row."""
        if self._hex is None:
            super().action_edge(bottom)
            return
        head = len(self._hex.data) - 1 if bottom else 0
        self.pick(head, head)

    def pick(self, anchor: int, head: int) -> None:
        """Pick from one byte to another, and have the latter in sight."""
        body = self._hex
        if body is None:
            return
        last = len(body.data) - 1
        self._picked = ByteRange(max(0, min(anchor, last)), max(0, min(head, last)))
        self._is_moved = True
        self._show_picked()
        row = self._picked.head // body.per_line
        super().move_to(self._first_row + row)
        if row == 0:
            self._show_around(0)
        elif row == len(body) - 1:
            self._show_around(self.max_scroll_y)

    def _show_around(self, y: int) -> None:
        """Scroll on to what stands before or after the bytes, while the cursor stays in sight."""
        visible = self.panel().visible
        y = max(self._cursor - visible + 1, min(y, self._cursor))
        self.scroll_to(y=y, animate=False, immediate=True, force=True)

    def _show_picked(self) -> None:
        if isinstance(self.document, PayloadDocument) and self._hex is not None:
            is_shown = self.has_focus or self._is_moved
            self.document = self.document.with_picked(self._picked if is_shown else None)
            self.resize_document()

    # What comes from elsewhere

    def move_to(self, row: int) -> None:
        """Move by rows: in a hex dump, to the byte in the same column."""
        body = self._hex
        if body is None:
            super().move_to(row)
            return
        row = max(0, min(row - self._first_row, len(body) - 1))
        head = min(row * body.per_line + self._picked.head % body.per_line, len(body.data) - 1)
        self.pick(head, head)

    def _cursor_ground(self) -> str:
        return "" if self._hex is not None else super()._cursor_ground()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """An untouched cursor is shown with the focus only."""
        super().watch_has_focus(_has_focus)
        self._show_picked()

    # Mouse

    def click_document(self, x: int, y: int) -> None:
        """In a hex dump, the press has picked already."""
        if self._hex is None:
            super().click_document(x, y)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Pick from here, or with shift, to here."""
        byte = self._byte_at(event.x, event.y)
        if byte is not None:
            self._is_picking = True
            self.capture_mouse()
            self.pick(self._picked.anchor if event.shift else byte, byte)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Pick to here while the button is down; beyond an edge, a row further."""
        if not self._is_picking or self._hex is None:
            return
        top, visible = len(self.panel().top), self.panel().visible
        y = max(top - 1, min(event.y, top + visible))
        row = y - top + self.scroll_offset.y - self._first_row
        row = max(0, min(row, len(self._hex) - 1))
        byte = self._hex.byte_at(row, max(event.x, 0))
        if byte is None:
            byte = row * self._hex.per_line
        if byte != self._picked.head:
            self.pick(self._picked.anchor, byte)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """That is all."""
        if self._is_picking:
            self._is_picking = False
            self.release_mouse()

    def _byte_at(self, x: int, y: int) -> int | None:
        panel = self.panel()
        if self._hex is None or not len(panel.top) <= y < panel.height - panel.bottom:
            return None
        row = y - len(panel.top) + self.scroll_offset.y - self._first_row
        return self._hex.byte_at(row, x)
