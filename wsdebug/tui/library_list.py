"""The library's tree: a Line API view over rows, however many there are."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wsdebug.payload.escape import cut_cells, escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.glyphs import Glyphs, glyphs_of
from wsdebug.tui.inspect_lines import Part, TextLine
from wsdebug.tui.library_rows import ended, recording_parts
from wsdebug.tui.library_tree import Row
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter

__all__ = ["LibraryTree"]

EDGE = 2  # cells free at both sides
INDENT = 2  # cells that a folder's rows stand further right
SIZED = 100  # cells from which the size of a file is shown
NAMED = 24  # cells that a name keeps beside words


class LibraryTree(ScrollView):
    """Groups, folders and sessions with a cursor; the keys are the screen's."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = (
        "LibraryTree { background: $background; overflow-x: hidden;"
        "scrollbar-size: 0 0;\n" + STYLES_CSS + "\n}"
    )

    class Opened(Message):
        """The session with the cursor was clicked."""

    class Moved(Message):
        """The cursor stands on another row."""

    class Folded(Message):
        """A group or folder, which has the cursor, was clicked."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._now: datetime | None = None
        self._painter = Painter(self)
        self._was_moved = False  # by the person: until then the cursor is on the first session
        self.cursor = 0  # row
        self.said: Part | None = None  # in the cursor's row

    @property
    def at(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    @property
    def chosen(self) -> Row | None:
        """The session under the cursor."""
        row = self.at
        return row if row is not None and row.kind == "session" else None

    def show(
        self,
        rows: Sequence[Row],
        now: datetime,
        go_to: str | Path | None = None,
        *,
        are_others: bool = False,
    ) -> None:
        """Other rows; the cursor stays on what it is on, else where it was, or, where the rows
        `are_others`, goes to the first session. With `go_to` it goes to the row of that key.
        """
        before = self.at
        self._rows, self._now, self.said = rows, now, None
        self.virtual_size = Size(self.size.width, len(rows))
        key = go_to or (before.key if before is not None and self._was_moved else None)
        numbers = (number for number, row in enumerate(rows) if row.key == key and key)
        sessions = (number for number, row in enumerate(rows) if row.kind == "session")
        near = self._near(self.cursor, 1)
        if not self._was_moved or are_others:
            near = next(sessions, near)
        self.cursor = next(numbers, near)
        self._reveal()
        self.refresh()

    def say(self, words: Part | None) -> None:
        """Words in place of the row with the cursor."""
        if words != self.said:
            self.said = words
            self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor by rows, as far as there are any."""
        self._go(self._near(self.cursor + by, 1 if by > 0 else -1))

    def page(self, by: int) -> None:
        """Move by screens."""
        self.move(by * max(1, self.size.height - 1))

    def leave_folder(self) -> None:
        """To what the row stands in."""
        depth = self.at.depth if self.at is not None else 0
        for number in range(self.cursor - 1, -1, -1):
            row = self._rows[number]
            if row.can_be_chosen and row.depth < depth:
                self._go(number)
                return

    def _near(self, row: int, step: int) -> int:
        """The row at a place, else the next one in this direction, else in the other."""
        row = max(0, min(row, len(self._rows) - 1))
        for way in (step, -step):
            at = row
            while 0 <= at < len(self._rows):
                if self._rows[at].can_be_chosen:
                    return at
                at += way
        return 0

    def _go(self, row: int) -> None:
        self.said = None
        self.cursor = row
        self._was_moved = True
        self._reveal()
        self.refresh()
        self.post_message(self.Moved())

    def _reveal(self) -> None:
        """Scroll to the cursor; what it stands in is shown too, if that is right above it."""
        top, height = self.scroll_offset.y, self.size.height
        first = self.cursor
        while first > 0 and self._rows[first - 1].kind != "session":
            first -= 1
        if first < top:
            self.scroll_to(y=first, animate=False, immediate=True)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._reveal()

    def on_click(self, event: Click) -> None:
        """A folder folds; a session gets the cursor, and opens if it has it."""
        number = event.y + self.scroll_offset.y
        if number >= len(self._rows) or not self._rows[number].can_be_chosen:
            return
        had_cursor = number == self.cursor
        self._go(number)
        if self._rows[number].folds:
            self.post_message(self.Folded())
        elif had_cursor:
            self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel takes words away with their row."""
        self.say(None)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel takes words away with their row."""
        self.say(None)

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """One row."""
        number, width = y + self.scroll_offset.y, self.size.width
        if number >= len(self._rows) or self._now is None:
            return self._painter.strip(TextLine(), width)
        row, glyphs = self._rows[number], glyphs_of(self.app)
        has_cursor = number == self.cursor
        said = self.said if has_cursor else None
        if row.info is not None:
            parts = _facts(row, width, self._now, glyphs, said)
        else:
            parts = _words(row, width - 2 * EDGE, glyphs, said)
        bar = (f"{glyphs.cursor} ", "primary") if has_cursor else ("  ", "")
        line = TextLine((bar, *parts), ground="cursor" if has_cursor else "")
        return self._painter.strip(line, width)


def _facts(
    row: Row, width: int, now: datetime, glyphs: Glyphs, said: Part | None
) -> tuple[Part, ...]:
    """A session that could be read; `said` stands behind its name."""
    assert row.info is not None
    parts = recording_parts(
        row.info,
        width=width - 2 * EDGE,
        now=now,
        cut=glyphs.cut,
        last=ended(row.info),
        shows_size=width >= SIZED,
        shows_name=True,
        indent=row.depth * INDENT,
    )
    return parts if said is None else (*parts[:2], ("  ", ""), said)


def _words(row: Row, width: int, glyphs: Glyphs, said: Part | None) -> tuple[Part, ...]:
    """Anything else: its name, and words or a count behind it."""
    if row.kind == "gap":
        return ()
    mark = ""
    if row.folds:
        mark = f"{glyphs.folded if row.is_folded else glyphs.unfolded} "
    before = " " * min(row.depth * INDENT, width // 2) + mark
    room = max(0, width - len(before))
    words, style = said or (_counted(row), "muted")
    name = escape(row.name)
    if words:
        name = cut_cells(name, max(min(NAMED, room), room - len(words) - 3), glyphs.cut)
    name = cut_cells(name, room, glyphs.cut)
    shown = ((before, "muted"), (name, "fg bold" if row.kind == "group" else "fg"))
    return (*shown, ("   ", ""), (escape(words), style)) if words else shown


def _counted(row: Row) -> str:
    if row.words or row.kind == "session":
        return row.words
    return f"{with_commas(row.count)} session{'' if row.count == 1 else 's'}"
