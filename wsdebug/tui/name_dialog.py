"""A name, a title and tags for a session, asked for."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from wsdebug.errors import WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Hint
from wsdebug.tui.field import Field
from wsdebug.tui.form_dialog import FormDialog
from wsdebug.tui.library_naming import Named
from wsdebug.tui.settings_form import FormRow, Note

__all__ = ["NameDialog"]


class NameDialog(FormDialog[bool | None]):
    """Saves what was typed, and stays where that cannot be, saying why; dismisses with whether
    anything was saved. Tags are words, `#` before them or not.
    """

    DEFAULT_CSS = """
    NameDialog Note { margin: 0 2 0 10; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True)
    ]

    def __init__(self, before: Named, save: Callable[[Named], None]) -> None:
        """`before` is what there is; `save` may raise a WsdebugError."""
        row = (Hint("enter", "save", "save"), Hint("esc", "back", "leave"))
        super().__init__("Name, title and tags", row)
        self._before = before
        self._save = save

    def parts(self) -> Iterable[Widget]:
        """Three fields."""
        before = self._before
        named = "as it was recorded; a name puts it into the library"
        yield FormRow("name", Field(before.name, placeholder=named, id="name-name"))
        yield Note(id="name-why")
        title = Field(before.title, placeholder="as its file is named", id="name-title")
        yield FormRow("title", title)
        tags = Field(" ".join(before.tags), placeholder="words", id="name-tags")
        yield FormRow("tags", tags)
        yield Note(id="name-folders")

    def on_mount(self) -> None:
        """Say what is not obvious."""
        self.query_one("#name-folders", Note).say("a / in the name puts it into a folder")

    def action_save(self) -> None:
        """Leave with all of it saved."""
        words = self._value("tags").replace(",", " ").split()
        tags = tuple(dict.fromkeys(word.lstrip("#") for word in words if word.strip("#")))
        named = Named(self._value("name").strip(), self._value("title").strip(), tags)
        if named == self._before:
            self.dismiss(False)
            return
        try:
            self._save(named)
        except WsdebugError as error:
            self.query_one("#name-why", Note).say(escape(str(error)), "wrong")
        else:
            self.dismiss(True)

    def _value(self, name: str) -> str:
        return self.query_one(f"#name-{name}", Field).value
