"""Two messages beside each other, compared in a thread while the dialog stands there."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.worker import get_current_worker

from wsdebug.log.log import FrameLog
from wsdebug.replay.beside import Comparison, compare_messages, messages_at
from wsdebug.tui.bars import Hint
from wsdebug.tui.compare_rows import compare_rows
from wsdebug.tui.dialog import WIDTH, Dialog, DialogBody
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspect_lines import TextLine, line, plain
from wsdebug.tui.paint import content_of
from wsdebug.tui.row_copies import Copy

__all__ = ["CompareDialog"]

WIDE = 112  # cells of the panel
COPIED = 400  # cells of a row that is copied


class CompareTable(Widget):
    """A comparison, or one row until there is one."""

    DEFAULT_CSS = """
    CompareTable { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.comparison: Comparison | None = None
        self.words = "reading them"

    def rows(self, width: int) -> list[TextLine]:
        """What is shown in `width` cells."""
        if self.comparison is None:
            return [line((self.words, "muted"))]
        return compare_rows(self.comparison, width, glyphs_of(self.app))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All rows."""
        return len(self.rows(width))

    def render(self) -> Content:
        """All rows."""
        return Content("\n").join(content_of(row) for row in self.rows(self.size.width))


class CompareDialog(Dialog[None]):
    """Shows what differs between the messages of two lines; `copy` takes it as text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy the comparison", show=False, id="copy"),
        Binding("equals_sign", "leave", "Back", show=False, id="compare"),
        Binding("q,enter", "leave", "Back", show=False),
    ]

    def __init__(self, log: FrameLog, lines: tuple[int, int], copy: Callable[[Copy], None]) -> None:
        hints = (Hint("y", "copy", "copy"), Hint("esc", "back", "leave"))
        super().__init__("Compare", hints, width=WIDTH)
        self._log = log
        self._lines = lines
        self._copy = copy

    def parts(self) -> Iterable[Widget]:
        """One long table."""
        yield DialogBody(CompareTable())

    def on_mount(self) -> None:
        """Compare in a thread: payloads may be of any size."""
        self.run_worker(self._compare, thread=True, group="compare")

    def on_resize(self) -> None:
        """As wide as there is room for: values are long."""
        self._width = WIDE

    def action_copy(self) -> None:
        """All rows as text."""
        table = self.query_one(CompareTable)
        if table.comparison is not None:
            text = "\n".join(plain(table.rows(COPIED))) + "\n"
            self._copy(Copy("y", "comparison", text))

    def _compare(self) -> None:
        worker = get_current_worker()
        try:
            messages = messages_at(self._log, *self._lines)
            if worker.is_cancelled:
                return
            found = compare_messages(*messages) if messages is not None else None
        except (OSError, ValueError):  # the log was closed meanwhile
            return
        if not worker.is_cancelled:
            self.app.call_from_thread(self._take, found)

    def _take(self, found: Comparison | None) -> None:
        table = self.query_one(CompareTable)
        table.comparison = found
        table.words = "one of these rows is no frame any more"
        table.refresh(layout=True)
