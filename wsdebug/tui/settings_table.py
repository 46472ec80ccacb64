"""An editable table of the settings page: rows with a tick, a name and perhaps a value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, DescendantBlur
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.settings_lines import EDGE, NAME, TICK, VALUE, TableLines
from wsdebug.tui.settings_model import SettingsRow
from wsdebug.tui.settings_paste import NameField, rows_of

__all__ = ["RowTable"]


class RowTable(Widget, can_focus=True):
    """Query parameters, headers or subprotocols. The cursor also stops at `add`.

    `defaults` are rows that can only be ticked; `problems` are words by row, from 1.
    """

    DEFAULT_CSS = """
    RowTable { height: auto; margin: 0 0 1 0; text-wrap: nowrap; text-overflow: ellipsis; }
    RowTable Field { position: absolute; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Row above", show=False),
        Binding("k", "move(-1)", "Row above", show=False, id="up"),
        Binding("down", "move(1)", "Row below", show=False),
        Binding("j", "move(1)", "Row below", show=False, id="down"),
        Binding("space", "switch", "On or off", show=False),
        Binding("enter", "edit", "Edit", show=False),
        Binding("plus,insert", "add", "Add a row", show=False),
        Binding("minus,delete", "remove", "Remove the row", show=False),
        Binding("K", "shift(-1)", "Move the row up", show=False),
        Binding("J", "shift(1)", "Move the row down", show=False),
        Binding("escape", "cancel", "Leave the row as it was", show=False),
    ]

    rows: reactive[tuple[SettingsRow, ...]] = reactive((), layout=True)
    defaults: reactive[tuple[SettingsRow, ...]] = reactive((), layout=True)
    problems: reactive[Mapping[int, str]] = reactive[Mapping[int, str]]({}, layout=True)
    is_airy: reactive[bool] = reactive(True, layout=True)
    cursor: reactive[int] = reactive(0)

    class Changed(Message):
        """The rows are others now."""

        def __init__(self, table: "RowTable") -> None:
            super().__init__()
            self.table = table

    class DefaultToggled(Message):
        """A header sent by default was switched."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(
        self, title: str, *, note: str = "", has_values: bool = True, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._title = title
        self._note = note
        self._has_values = has_values
        self._editing: int | None = None
        self._is_new = False

    def compose(self) -> ComposeResult:
        """The fields of the row that is being edited."""
        yield NameField(id=f"{self.id}-name")
        yield Field(id=f"{self.id}-value")

    # What is shown

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Heading, rows with their problems, `add`, and the defaults."""
        return len(self._shown().kinds())

    def render(self) -> Content:
        """All lines."""
        return self._shown().content()

    def _shown(self) -> TableLines:
        return TableLines(
            title=self._title,
            name=str(self.id),
            rows=self.rows,
            width=self.size.width,
            note=self._note,
            has_values=self._has_values,
            defaults=self.defaults,
            problems=self.problems,
            cursor=self.cursor,
            editing=self._editing,
            has_focus=self.has_focus,
            is_here=self.has_focus or self.has_focus_within,
            is_airy=self.is_airy,
            glyphs=glyphs_of(self.app),
        )

    # Moving about

    def action_move(self, step: int) -> None:
        """Another row; past the ends, the neighbouring field."""
        wanted = self.cursor + step
        if wanted < 0:
            self.screen.focus_previous()
        elif wanted > len(self.rows) + len(self.defaults):
            self.screen.focus_next()
        else:
            self.cursor = wanted

    def watch_cursor(self) -> None:
        """Keep the cursor in sight."""
        self._keep_in_sight()

    def on_focus(self) -> None:
        """Blue heading, and the cursor in sight."""
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        if not self.is_mounted:
            return
        lines = self._shown().kinds()
        y = next((y for y, (_, at) in enumerate(lines) if at == self.cursor), 0)
        region = Region(0, 0 if self.cursor == 0 else y, 1, y + 1 if self.cursor == 0 else 1)
        widget: Widget = self
        while isinstance(parent := widget.parent, Widget):
            region = region.translate(widget.virtual_region.offset)
            if parent.allow_vertical_scroll:
                parent.scroll_to_region(region, animate=False)
                return
            widget = parent

    def on_click(self, event: Click) -> None:
        """A tick toggles, a row is chosen, a chosen row is edited."""
        kinds = self._shown().kinds()
        if event.widget is not self or not 0 <= event.y < len(kinds):
            return
        _, at = kinds[event.y]
        if at < 0:
            return
        was_there = self.cursor == at
        self.cursor = at
        if TICK <= event.x < TICK + 3 and at != len(self.rows):
            self.action_switch()
        elif at == len(self.rows):
            self.action_add()
        elif was_there and at < len(self.rows):
            self.action_edit(in_value=event.x >= VALUE and self._has_values)

    # Changing rows

    def action_switch(self) -> None:
        """On or off."""
        at = self.cursor
        if at < len(self.rows):
            row = self.rows[at]
            self._set(at, replace(row, is_on=not row.is_on))
        elif at > len(self.rows):
            self.post_message(self.DefaultToggled(self.defaults[at - len(self.rows) - 1].name))
        else:
            self.action_add()

    def action_add(self) -> None:
        """A new row at the end, being edited."""
        self.rows = (*self.rows, SettingsRow(""))
        self.cursor = len(self.rows) - 1
        self._is_new = True
        self.action_edit()

    def action_remove(self) -> None:
        """Take the row away."""
        at = self.cursor
        if at < len(self.rows):
            self.rows = (*self.rows[:at], *self.rows[at + 1 :])
            self.post_message(self.Changed(self))

    def action_edit(self, in_value: bool = False) -> None:
        """Fields in place of the row."""
        at = self.cursor
        if at >= len(self.rows):
            if at == len(self.rows):
                self.action_add()
            return
        self._editing = at
        name, value = self._fields()
        y = self._shown().kinds().index(("row", at))
        name.value, value.value = self.rows[at].name, self.rows[at].value
        width = self.size.width - EDGE
        name.styles.offset = (NAME - 1, y)
        name.styles.width = VALUE - NAME - 1 if self._has_values else width - NAME + 1
        value.styles.offset = (VALUE - 1, y)
        value.styles.width = width - VALUE + 1
        name.display, value.display = True, self._has_values
        wanted = value if in_value else name
        wanted.focus()
        wanted.action_end()
        self.refresh(layout=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on to the value, then it is done."""
        event.stop()
        name, value = self._fields()
        rows = rows_of(str(self.id), name.value)
        if event.input is name and self._has_values and not any(row.value for row in rows):
            name.value = rows[0].name if rows else name.value
            value.focus()
            value.action_end()
        else:
            self.finish()
            self.focus()

    def on_name_field_pasted(self, event: NameField.Pasted) -> None:
        """Whole rows came at once."""
        event.stop()
        name, _ = self._fields()
        name.value = event.text
        self.finish()
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Nothing is taken before it is done."""
        event.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The table's keys are the fields' while a row is edited."""
        if action == "cancel":
            return self._editing is not None
        return self._editing is None

    def action_cancel(self) -> None:
        """Leave the row as it was."""
        at, self._editing = self._editing, None
        if self._is_new and at is not None:
            self.rows = self.rows[:-1]
        self._close()
        self.focus()

    def on_descendant_blur(self, _: DescendantBlur) -> None:
        """Leaving the fields takes what was typed."""
        self.call_later(self._leave)

    def _leave(self) -> None:
        if self._editing is not None and not any(field.has_focus for field in self._fields()):
            self.finish()

    def finish(self) -> None:
        """Take what is being typed; `Name: value` in the field of the name is a whole row."""
        at, self._editing = self._editing, None
        if at is None:
            return
        name, value = (field.value for field in self._fields())
        if self._is_new and not name and not value:
            self.rows = self.rows[:-1]
        else:
            whole = rows_of(str(self.id), name) if not value else ()
            self._set(at, *(whole or (self.rows[at].edited(name.strip(), value.strip()),)))
        self._close()

    def _close(self) -> None:
        self._is_new = False
        for field in self._fields():
            field.display = False
        self.refresh(layout=True)

    def _fields(self) -> tuple[Field, Field]:
        return self.query_one(f"#{self.id}-name", Field), self.query_one(f"#{self.id}-value", Field)

    def _set(self, at: int, *rows: SettingsRow) -> None:
        self.rows = (*self.rows[:at], *rows, *self.rows[at + 1 :])
        self.post_message(self.Changed(self))

    def action_shift(self, step: int) -> None:
        """Move the row up or down."""
        at, to = self.cursor, self.cursor + step
        if at < len(self.rows) and 0 <= to < len(self.rows):
            rows = list(self.rows)
            rows[at], rows[to] = rows[to], rows[at]
            self.rows, self.cursor = tuple(rows), to
            self.post_message(self.Changed(self))
