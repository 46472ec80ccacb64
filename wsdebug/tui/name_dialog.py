"""A title and tags for a session, asked for."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from wsdebug.tui.dialog import Dialog, Hint
from wsdebug.tui.field import Field
from wsdebug.tui.settings_form import FormRow

__all__ = ["NameDialog"]

Named = tuple[str, tuple[str, ...]]  # title, tags


class NameDialog(Dialog[Named | None]):
    """Dismisses with what was typed; None for escape. Tags are words, `#` before them or not."""

    DEFAULT_CSS = """
    NameDialog FormRow .label { width: 9; }
    NameDialog FormRow Field { width: 1fr; margin: 0 2 0 0; background: $surface; }
    NameDialog FormRow Field:focus { background: $primary 30%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True)
    ]

    def __init__(self, title: str, tags: Sequence[str]) -> None:
        """`title` and `tags` are those there are."""
        row = (Hint("enter", "save", "save"), Hint("esc", "back", "leave"))
        super().__init__("Title and tags", row)
        self._before = (title, " ".join(tags))

    def parts(self) -> Iterable[Widget]:
        """Two fields."""
        title, tags = self._before
        yield FormRow("title", Field(title, placeholder="as its file is named", id="name-title"))
        yield FormRow("tags", Field(tags, placeholder="words", id="name-tags"))

    def on_mount(self) -> None:
        """Type at once."""
        super().on_mount()
        self.query_one("#name-title", Field).focus()

    def action_save(self) -> None:
        """Leave with both."""
        words = self.query_one("#name-tags", Field).value.replace(",", " ").split()
        tags = tuple(dict.fromkeys(word.lstrip("#") for word in words if word.strip("#")))
        self.dismiss((self.query_one("#name-title", Field).value.strip(), tags))
