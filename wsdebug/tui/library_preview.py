"""What is in the session under the library's cursor: its facts, and its first rows."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.events import Resize
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from wsdebug.log.first_rows import first_rows
from wsdebug.log.row import Row as LogRow
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import duration, frames_words, short_bytes, when
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import Part, TextLine, cut
from wsdebug.tui.library_rows import ended
from wsdebug.tui.library_tree import Row
from wsdebug.tui.paint import COMPONENTS, STYLES_CSS, Painter
from wsdebug.tui.row_text import RowLayout, row_line
from wsdebug.workspace.library import RecordingInfo

__all__ = ["LibraryPreview"]

REST = 0.12  # seconds that the cursor stays on a session before its file is opened
MARGIN = 2  # cells free at both sides
GAP: Part = ("   ", "")


class LibraryPreview(Widget):
    """A row of facts; below it, where the screen has them, the first rows of the log."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = "LibraryPreview { height: 1; background: $surface;\n" + STYLES_CSS + "\n}"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._painter = Painter(self)
        self._row: Row | None = None
        self._now: datetime | None = None
        self._rows: Sequence[LogRow] = ()
        self._shown: Path | None = None  # whose rows they are
        self._waiting: Timer | None = None

    def show(self, row: Row | None, now: datetime) -> None:
        """The facts of a row at once, its log when the cursor rests on it."""
        before = self._row.key if self._row is not None else None
        self._row, self._now = row, now
        if row is None or row.key != before:
            self._rows, self._shown = (), None
            self._look_soon()
        self.refresh()

    def on_resize(self, _: Resize) -> None:
        """More rows, or fewer."""
        self._shown = None
        self._look_soon()

    def _look_soon(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(REST, self._look)

    def _look(self) -> None:
        row, count = self._row, self.size.height - 2
        if row is None or row.file is None or row.words or count < 1 or self._shown == row.key:
            return
        self.run_worker(partial(self._read, row.file.path, count), thread=True)

    def _read(self, path: Path, count: int) -> None:
        """In a thread: the disk may be slow."""
        rows = first_rows(path, count)
        self.app.call_later(self._take, path, rows)

    def _take(self, path: Path, rows: Sequence[LogRow]) -> None:
        if self._row is not None and self._row.key == path:
            self._rows, self._shown = rows, path
            self.refresh()

    def notify_style_update(self) -> None:
        """The theme changed."""
        self._painter.forget()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Facts, an empty row, the log."""
        width, glyphs = self.size.width, glyphs_of(self.app)
        line = TextLine()
        if y == 0:
            line = TextLine((("  ", ""), *cut(self._facts(), width - 2 * MARGIN, glyphs.cut)))
        elif y >= 2 and y - 2 < len(self._rows):
            layout = RowLayout(width, glyphs)
            row = self._rows[y - 2]
            line = row_line(row, layout, has_cursor=False, is_focused=False)
        return self._painter.strip(line, width)

    def _facts(self) -> list[Part]:
        row = self._row
        if row is None or row.info is None or self._now is None:
            return []
        parts: list[Part] = []
        for part in _facts(row.info, self._now):
            parts += [GAP, part] if parts else [part]
        return parts


def _facts(info: RecordingInfo, now: datetime) -> list[Part]:
    """All that is known of a session; what matters most comes first."""
    facts = [(escape(info.host), "fg")] if info.host else []
    if info.last:
        facts.append(ended(info))
    if info.frames is not None:
        facts.append((frames_words(info.frames), "fg"))
    facts.append((short_bytes(info.size), "fg"))
    if info.duration_us is not None:
        facts.append((duration(info.duration_us), "fg"))
    facts.append((when(info.started, now), "muted"))
    if info.tags:
        facts.append((escape(" ".join(f"#{tag}" for tag in info.tags)), "muted"))
    return facts
