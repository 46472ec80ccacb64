"""Messages to choose from: kept by a name, and sent before; what is typed narrows the list."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wsdebug.payload.escape import cut_cells, escape
from wsdebug.tui.bars import Hint
from wsdebug.tui.compose_kept import Kept, one_line
from wsdebug.tui.compose_model import Draft
from wsdebug.tui.dialog import Dialog
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.moves import ARROWS
from wsdebug.tui.paint import lacks_colour

__all__ = ["MessageDialog", "MessageRow"]

WIDTH = 96  # cells of the panel where the screen has them
CHROME = 8  # rows of the screen that the list never takes
ROWS = 16  # of the list, at most
NAME = 24  # cells of a name, at most
KIND = 8  # cells
NOTHING = "Nothing was sent yet. What you send will stand here."


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A draft to load; `name` is empty for one that was only sent. `mask` takes secrets out of
    what is shown of it.
    """

    draft: Kept
    name: str = ""
    mask: Callable[[str], str] = field(default=str, compare=False)

    @property
    def text(self) -> str:
        """What the row shows of the draft, in one line, not escaped."""
        return self.mask(one_line(self.draft))

    @property
    def kind(self) -> str:
        """Of the composer."""
        return self.draft.kind if isinstance(self.draft, Draft) else "raw"

    def has(self, words: Sequence[str]) -> bool:
        """Whether all words, in lower case, are somewhere in its name, kind or text."""
        typed = self.draft.text if isinstance(self.draft, Draft) else self.draft.payload
        whole = f"{self.name} {self.kind} {typed} {self.text}".lower()
        return all(word in whole for word in words)


class MessageDialog(Dialog[MessageRow | None]):
    """Dismisses with the row chosen, None for escape. The typing goes to the field, the keys that
    move to the list.
    """

    DEFAULT_CSS = """
    MessageDialog Field { margin: 0 2 1 1; background: $surface; }
    MessageDialog Field:focus { background: $primary 30%; }
    MessageDialog OptionList, MessageDialog OptionList:focus {
        height: auto; border: none; padding: 0; background: $panel; scrollbar-size-vertical: 1;
        scrollbar-background: $panel; scrollbar-background-hover: $panel;
        scrollbar-color: $border-blurred; scrollbar-color-hover: $border-blurred;
    }
    MessageDialog OptionList > .option-list--option {
        padding: 0 1; color: $foreground; text-style: none;
    }
    MessageDialog OptionList > .option-list--option-highlighted {
        background: $primary 16%; color: $foreground; text-style: none;
    }
    MessageDialog.-framed OptionList > .option-list--option-highlighted {
        background: $foreground; color: $background;
    }
    MessageDialog #message-none { padding: 0 2; color: $foreground-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "load", "Load", show=False, priority=True),
        *ARROWS,
        Binding("f7", "leave", "Back", show=False, id="messages"),
    ]

    def __init__(self, rows: Sequence[MessageRow]) -> None:
        hints = (Hint("enter", "load", "load"), Hint("esc", "back", "leave"))
        super().__init__("Messages", hints, width=WIDTH)
        self._rows = tuple(rows)
        self._found: tuple[MessageRow, ...] = ()

    def parts(self) -> Iterable[Widget]:
        """Field, rows, and words where there are none."""
        yield Field(placeholder="a name, or part of a message")
        rows = OptionList(markup=False)
        rows.can_focus = False
        yield rows
        yield Static("", id="message-none", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Field).focus()

    def on_resize(self) -> None:
        """Rows as long as there is room for."""
        height = self.app.size.height
        self.query_one(OptionList).styles.max_height = max(1, min(ROWS, height - CHROME))
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only rows with all words that are typed."""
        event.stop()
        self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click loads."""
        event.stop()
        self.dismiss(self._found[event.option_index])

    def action_load(self) -> None:
        """Leave with the row under the cursor."""
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._found[at])

    def action_move(self, step: int) -> None:
        """The row below or above."""
        rows = self.query_one(OptionList)
        if self._found:
            last = len(self._found) - 1
            rows.highlighted = max(0, min(last, (rows.highlighted or 0) + step))

    def action_page(self, step: int) -> None:
        """By what is visible."""
        self.action_move(step * max(1, self.query_one(OptionList).size.height - 1))

    def _show(self) -> None:
        words = self.query_one(Field).value.lower().split()
        self._found = tuple(row for row in self._rows if row.has(words))
        names = max((len(escape(row.name)) for row in self._rows), default=0)
        name = min(NAME, names)
        panel = min(WIDTH, self.app.size.width - 4)
        width = panel - 3 - (2 if lacks_colour(self.app) else 0)
        rows = self.query_one(OptionList)
        rows.clear_options()
        rows.add_options(Option(self._row(row, name, width)) for row in self._found)
        rows.highlighted = 0 if self._found else None
        rows.display = bool(self._found)
        none = self.query_one("#message-none", Static)
        none.update("no message has that" if self._rows else NOTHING)
        none.display = not self._found

    def _row(self, row: MessageRow, name: int, width: int) -> Content:
        cut = glyphs_of(self.app).cut
        muted = "" if lacks_colour(self.app) else "$foreground-muted"
        title = Content(cut_cells(escape(row.name), name, cut)).stylize("bold")
        title = title.pad_right(max(0, name - title.cell_length) + (2 if name else 0))
        kind = row.kind.ljust(KIND)
        room = max(0, width - title.cell_length - KIND)
        text = cut_cells(escape(row.text), room, cut)
        return Content.assemble(title, (kind, muted), Content(text))
