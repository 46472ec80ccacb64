"""The values of variables that a session only names."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.payload.escape import cut_cells, escape
from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import DialogBody
from wsdebug.tui.field import Field
from wsdebug.tui.form_dialog import FormDialog
from wsdebug.tui.settings_form import FormRow

__all__ = ["ValuesDialog"]

LABEL = 18  # cells of a name


class ValuesDialog(FormDialog[Mapping[str, str] | None]):
    """Asks for a value of each name, hidden; dismisses with them, or None for escape. `why` says
    what they are wanted for.
    """

    DEFAULT_CSS = """
    ValuesDialog #values-why { margin: 0 2 1 1; color: $foreground-muted; }
    ValuesDialog FormRow .label { width: 19; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Go on", show=False, priority=True)
    ]

    def __init__(
        self,
        names: Iterable[str],
        why: str = "The session names them, and does not hold them.",
        *,
        known: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`known` are the values that stand there to begin with."""
        super().__init__("Values", (Hint("enter", "go on", "take"), Hint("esc", "back", "leave")))
        self._names = tuple(names)
        self._why = why
        self._known = known

    def parts(self) -> Iterable[Widget]:
        """A field for each."""
        yield Static(Content(self._why), id="values-why")
        with DialogBody(can_focus=False):
            for name in self._names:
                field = Field(self._known.get(name, ""), password=True)
                yield FormRow(cut_cells(escape(name), LABEL), field)

    def action_take(self) -> None:
        """Leave with the values; an empty one is one too."""
        values = [field.value for field in self.query(Field)]
        self.dismiss(dict(zip(self._names, values, strict=True)))
