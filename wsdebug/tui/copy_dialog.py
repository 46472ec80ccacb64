"""What to copy, one row a way; each has its key."""

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.events import Click, Key
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import Dialog, DialogBody
from wsdebug.tui.row_copies import Copy

__all__ = ["CopyDialog"]

NAME = 30  # cells of a name


class CopyRow(Static):
    """A key, what it copies, and how much that is."""

    DEFAULT_CSS = """
    CopyRow { height: 1; }
    CopyRow:hover { background: $primary 16%; }
    """

    def __init__(self, copy: Copy) -> None:
        super().__init__(
            Content.assemble(
                (f" {copy.key}", "bold $foreground"),
                (f"   {copy.name.ljust(NAME)}", "$foreground"),
                (copy.size, "$foreground-muted"),
            )
        )
        self.copy = copy


class CopyDialog(Dialog[Copy | None]):
    """Dismisses with what is to be copied, None for escape."""

    def __init__(self, copies: Sequence[Copy]) -> None:
        super().__init__("Copy", (Hint("esc", "back", "leave"),))
        self._copies = tuple(copies)

    def parts(self) -> Iterable[Widget]:
        """A row a way."""
        yield DialogBody(*(CopyRow(copy) for copy in self._copies))

    def on_key(self, event: Key) -> None:
        """The key of a row picks it."""
        for copy in self._copies:
            if event.character == copy.key:
                event.stop()
                self.dismiss(copy)
                return

    def on_click(self, event: Click) -> None:
        """A click on a row picks it."""
        if isinstance(event.widget, CopyRow):
            self.dismiss(event.widget.copy)
