"""A name for the session, and whether it goes to ./sessions or the library."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.widgets.input import Selection

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import frames_words, short_bytes
from wsdebug.tui.bars import Hint
from wsdebug.tui.field import Field
from wsdebug.tui.form_dialog import FormDialog
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.one_of import Choice
from wsdebug.tui.settings_form import FormRow, Note
from wsdebug.workspace.save import Where, place_of, save_path

__all__ = ["SaveChoice", "SaveDialog"]

PLACES: tuple[tuple[Where, str], ...] = (
    ("sessions", "./sessions"),
    ("library", "library"),
    ("path", "another path"),
)


GOES_ON = "the recording goes on under its new name"
BEGINS = "nothing was recorded yet: what is shown is saved, and what comes is recorded there"


@dataclass(frozen=True, slots=True)
class SaveChoice:
    """Where to save: `path` is free, and its folder is there."""

    path: Path
    where: Where


class SaveDialog(FormDialog[SaveChoice | None]):
    """Asks for a name and a place; dismisses with a SaveChoice, or None for escape.

    `suggested` is the name to begin with, `size` is in bytes, `is_running`: the session is still
    being recorded, or, unless `is_recorded`, held in a temporary file. `frames` is None where they
    were not counted. `problem` says why the disk does not take the recording: then another file is
    wanted.
    """

    DEFAULT_CSS = """
    SaveDialog FormRow { margin: 1 0 0 0; }
    SaveDialog #save-path { width: 1fr; height: 1; }
    SaveDialog #save-why { margin: 0 2 0 1; }
    SaveDialog #save-facts { margin: 0 2 0 9; color: $foreground-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", show=False, priority=True)
    ]

    def __init__(
        self,
        *,
        suggested: str,
        where: Where,
        frames: int | None,
        size: int,
        is_running: bool,
        is_recorded: bool = True,
        problem: str = "",
    ) -> None:
        verb = "go on there" if problem else "save"
        title = "Not recorded: go on in another file" if problem else "Save"
        super().__init__(title, (Hint("enter", verb, "save"), Hint("esc", "back", "leave")))
        self._problem = problem
        self._suggested = suggested
        self._where = where
        self._facts = short_bytes(size)
        if frames is not None:
            self._facts = f"{frames_words(frames)}, {self._facts}"
        if is_running:
            self._facts += f"\n{GOES_ON if is_recorded else BEGINS}"

    def parts(self) -> Iterable[Widget]:
        """Name, place, and what follows from them."""
        if self._problem:
            yield Static(Content.assemble((escape(self._problem), "$error")), id="save-why")
        yield FormRow("name", Field(self._suggested, id="save-name"))
        yield Note("", id="save-problem")
        yield FormRow("place", Choice(PLACES, self._where, id="save-where"))
        yield FormRow("file", Static("", id="save-path"))
        yield Static(Content(self._facts), id="save-facts")

    def on_mount(self) -> None:
        """The name is chosen, so that typing replaces it; of a path, its last part."""
        field = self.query_one("#save-name", Field)
        start = field.value.rfind("/") + 1 if self._where == "path" else 0
        field.selection = Selection(start, len(field.value))
        self._show()

    def on_resize(self) -> None:
        """The path is cut to the room there is."""
        self.call_after_refresh(self._show)

    @property
    def where(self) -> Where:
        """The place chosen."""
        chosen = self.query_one("#save-where", Choice).value
        return next(where for where, _ in PLACES if where == chosen)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Judge the name as it is typed; an empty one only when it is to be saved."""
        event.stop()
        self._show()

    def on_one_of_changed(self, event: Choice.Changed) -> None:
        """Another place."""
        event.stop()
        self._show()

    def action_save(self) -> None:
        """Leave with the path, or say why it cannot be."""
        try:
            path = save_path(self.query_one("#save-name", Field).value, self.where)
        except (UsageError, RecordingFailed) as error:
            self._complain(str(error))
            self.query_one("#save-name", Field).focus()
            return
        self.dismiss(SaveChoice(path, self.where))

    def _show(self) -> None:
        name = self.query_one("#save-name", Field).value
        shown, words = "", ""
        row = self.query_one("#save-path", Static)
        try:
            path = place_of(name, self.where)
            shown = shortened(path, row.size.width - 2, glyphs_of(self.app).cut)
        except UsageError as error:
            words = str(error) if name.strip() else ""
        except RecordingFailed as error:
            words = str(error)
        self._complain(words)
        row.update(Content(shown))

    def _complain(self, words: str) -> None:
        self.query_one("#save-problem", Note).say(escape(words), "wrong" if words else "")
        self.query_one("#save-name", Field).set_class(bool(words), "-wrong")


def shortened(path: Path, room: int, cut: str) -> str:
    """A path in at most `room` cells: `./` or `~/` where that is so, else cut at the left."""
    shown = str(path)
    home = os.path.expanduser("~")
    if not path.is_absolute():
        shown = f"./{shown}"
    elif shown.startswith(f"{home}/"):
        shown = f"~{shown.removeprefix(home)}"
    content = Content(escape(shown))
    over = content.cell_length - max(1, room)
    if over <= 0:
        return content.plain
    text = content.plain
    while text and Content(text).cell_length > max(0, room - 1):
        text = text[1:]
    return f"{cut}{text}"
