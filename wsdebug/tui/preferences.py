"""The page of preferences: what `config.toml` says, to be read and changed key by key."""

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from wsdebug.errors import WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Hint, Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.layout import density_of
from wsdebug.tui.moves import ARROWS
from wsdebug.tui.outside import show_file
from wsdebug.tui.preference_detail import PreferenceDetail
from wsdebug.tui.preferences_file import PreferencesFile
from wsdebug.tui.preferences_list import PreferenceList
from wsdebug.tui.preferences_model import (
    Preference,
    choices_of,
    read_typed,
    stepped,
    typed_value,
)
from wsdebug.workspace.config_edit import Value

__all__ = ["PreferencesScreen"]

MUTED = "$foreground-muted"
EDITOR = Hint("alt+e", "editor", "editor")
BACK = Hint("esc", "back", "back")


class PreferencesScreen(Screen[None]):
    """Each change is written at once, and taken at once where that is possible."""

    DEFAULT_CSS = """
    PreferencesScreen { background: $background; layout: vertical; }
    PreferencesScreen #preferences-filter { height: 1; }
    PreferencesScreen #preferences-label { width: 10; padding: 0 0 0 2; color: $foreground-muted; }
    PreferencesScreen #preferences-words { width: 34; }
    PreferencesScreen #preferences-keys { width: 1fr; }
    PreferencesScreen #preferences-broken {
        height: 1fr; padding: 1 2; display: none; overflow: hidden;
    }
    PreferencesScreen #preferences-heading, PreferencesScreen #preferences-status { width: 100%; }
    PreferencesScreen #preferences-status { background: $panel; padding: 0 0 0 1; }
    PreferencesScreen.-airy #preferences-heading { margin: 1 0; }
    PreferencesScreen.-airy #preferences-filter { margin: 0 0 1 0; }
    PreferencesScreen.-airy #preferences-detail { padding: 1 0; }
    """
    BINDING_GROUP_TITLE = "Preferences"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back"),
        Binding("enter", "change", "Change", priority=True),
        Binding("delete", "reset", "Back to the default", priority=True),
        Binding("right,ctrl+right", "choose(1)", "Next value", priority=True),
        Binding("left,ctrl+left", "choose(-1)", "Value before", priority=True),
        Binding("alt+e", "editor", "Open in editor", priority=True),
        *ARROWS,
        Binding("f1", "keys", "Keys", show=False, id="keys"),
    ]

    def __init__(self, file: PreferencesFile, themes: tuple[str, ...]) -> None:
        super().__init__()
        self._file = file
        self._themes = themes
        self._edited: Preference | None = None
        self._said: Part = ("", MUTED)

    def compose(self) -> ComposeResult:
        """Heading, filter, rows, what the row is about, status."""
        yield HintRow(id="preferences-heading")
        with Horizontal(id="preferences-filter"):
            yield Static("filter", id="preferences-label")
            yield Field(placeholder="a name, or what it does", id="preferences-words")
            yield HintRow(id="preferences-keys")
        yield Static("", id="preferences-broken", markup=False)
        yield PreferenceList(id="preferences-rows")
        yield PreferenceDetail(id="preferences-detail")
        yield HintRow([EDITOR, Hint("F1", "keys", "keys"), BACK], id="preferences-status")

    def on_mount(self) -> None:
        """The typing goes to the filter."""
        heading = self.query_one("#preferences-heading", HintRow)
        heading.left = (
            (f" {glyphs_of(self.app).cursor}", "$primary"),
            ("Preferences", "bold $primary"),
        )
        self._filter.focus()
        self._read()

    def on_resize(self, _: Resize) -> None:
        """Air or none; rows as long as there is room for."""
        self.set_class(density_of(self.size.height) != "short", "-airy")
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        """The file may have been changed while another screen stood here."""
        if self._edited is None and self.is_mounted:
            self.call_after_refresh(self._read)

    # Showing

    @property
    def _filter(self) -> Field:
        return self.query_one("#preferences-words", Field)

    @property
    def _rows(self) -> PreferenceList:
        return self.query_one(PreferenceList)

    def _read(self) -> None:
        self._file.read()
        self._show()

    def _show(self) -> None:
        file = self._file
        broken = self.query_one("#preferences-broken", Static)
        broken.display = bool(file.broken)
        self._rows.display = not file.broken
        if file.broken:
            broken.update(file.excerpt(self.size.height // 2, glyphs_of(self.app).violation))
        else:
            words = self._filter.value.lower().split()
            self._rows.show(file.sections, file.values, file.wrong, words)
        status = self.query_one("#preferences-status", HintRow)
        status.left = ((escape(file.name), MUTED),)
        self._show_detail()

    def _show_detail(self) -> None:
        chosen, detail = self._edited or self._rows.chosen, self.query_one(PreferenceDetail)
        keys: tuple[Hint, ...] = ()
        if self._file.broken:
            detail.show(None, self._said if self._said[0] else (self._file.broken, "$error"))
        elif chosen is None:
            detail.show(None, ("nothing has these words", MUTED))
        else:
            wrong = self._file.wrong.get(chosen.keys, "")
            facts: Part = (wrong, "$error") if wrong else (self._file.facts(chosen), MUTED)
            note = self._said if self._said[0] else facts
            if chosen.kind == "unknown":
                chosen = replace(chosen, help="")  # the same words
            detail.show(chosen, note, is_edited=self._edited is not None)
            has_choices = bool(choices_of(chosen, self._themes)) and not self._filter.value
            keys = detail.hints(chosen, is_edited=self._edited is not None, chosen_from=has_choices)
        self.query_one("#preferences-keys", HintRow).keys = keys

    def on_option_list_option_highlighted(self) -> None:
        """Say what the row is about."""
        self._show_detail()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click changes."""
        event.stop()
        if self._edited is None:
            self.action_change()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Only rows with these words; a change takes a complaint away."""
        event.stop()
        self._said = ("", MUTED)
        if event.input is self._filter:
            self._show()
        else:
            self._show_detail()

    # Acts

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value is typed, keys that edit are the field's; so they are in a filter."""
        if action not in ("reset", "choose") or not self.is_mounted:
            return True
        field = self._filter
        at_end = field.cursor_position >= len(field.value)
        return self._edited is None and (at_end if action == "reset" else not field.value)

    def action_move(self, step: int) -> None:
        """The row below or above."""
        if self._edited is None:
            self._said = ("", MUTED)
            self._rows.move(step)

    def action_page(self, step: int) -> None:
        """By what is visible."""
        self.action_move(step * max(1, self._rows.size.height - 1))

    def action_change(self) -> None:
        """The next of a few values, or a field to type one; there, take what is typed."""
        chosen = self._edited or self._rows.chosen
        if self._file.broken or chosen is None or chosen.kind == "unknown":
            return
        if self._edited is not None:
            self._take(chosen)
        elif choices_of(chosen, self._themes):
            self._step(chosen, 1)
        else:
            self._edit(chosen)

    def action_choose(self, step: int) -> None:
        """The next of a few values, or the one before."""
        chosen = self._rows.chosen
        if chosen is not None and not self._file.broken and choices_of(chosen, self._themes):
            self._step(chosen, step)

    def action_reset(self) -> None:
        """Take the key out of the file."""
        chosen = self._rows.chosen
        if chosen is not None and self._file.value(chosen) is not None:
            self._write(chosen, None)

    def action_editor(self) -> None:
        """The file itself, in `$VISUAL` or `$EDITOR`; what it says then is taken."""
        if self._edited is not None:
            self._done()
        problem = show_file(self.app, "editor", self._file.path)
        if not problem:
            try:
                self._file.edited()
            except WsdebugError as error:
                problem = str(error)
        self._said = (problem, "$error")
        self._show()

    def action_back(self) -> None:
        """Leave the field as it was, then the filter, then the page."""
        self._said = ("", MUTED)
        if self._edited is not None:
            self._done()
        elif self._filter.value:
            self._filter.value = ""
        else:
            self.dismiss(None)

    def action_keys(self) -> None:
        """Show the keys."""
        self.app.action_show_help_panel()

    def _step(self, chosen: Preference, step: int) -> None:
        choices = choices_of(chosen, self._themes)
        self._write(chosen, stepped(choices, self._file.value(chosen), chosen.default, step))

    def _edit(self, chosen: Preference) -> None:
        self._edited, self._said = chosen, ("", MUTED)
        self._show_detail()
        value = typed_value(chosen, self._file.value(chosen))
        self.query_one(PreferenceDetail).edit(chosen, value, self._themes)

    def _take(self, chosen: Preference) -> None:
        try:
            value = read_typed(chosen, self.query_one(PreferenceDetail).field.value)
        except WsdebugError as error:
            self._complain(str(error))
            return
        if self._write(chosen, value):
            self._done()

    def _done(self) -> None:
        self._edited = None
        self._filter.focus()
        self._show()

    def _write(self, chosen: Preference, value: Value | None) -> bool:
        """Write and take it, or say what is wrong with it."""
        try:
            self._file.change(chosen, value)
        except WsdebugError as error:
            self._file.read()
            self._complain(str(error))
            if self._edited is None:
                self._show()
            return False
        self._said = (f"written; it holds {chosen.when}", MUTED)
        self._show()
        return True

    def _complain(self, words: str) -> None:
        self._said = (f"{glyphs_of(self.app).violation} {words}", "$error")
        self._show_detail()
