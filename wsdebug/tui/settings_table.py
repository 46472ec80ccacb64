"""An editable table of the settings page: rows with a tick, a name and perhaps a value."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, DescendantBlur, Key
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.payload.escape import escape
from wsdebug.payload.redact import MASK, is_secret_header, is_secret_name
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.settings_model import SettingsRow

__all__ = ["RowTable"]

TICK, NAME, VALUE = 4, 9, 33  # columns
EDGE = 3  # cells free at the right
KEYS = (("space", "on/off"), ("+", "add"), ("-", "remove"), ("K J", "move"))


class RowTable(Widget, can_focus=True):
    """Query parameters, headers or subprotocols. The cursor also stops at `add`.

    `defaults` are rows that can only be ticked; `problems` are words by row, from 1.
    """

    DEFAULT_CSS = """
    RowTable { height: auto; margin: 0 0 1 0; text-wrap: nowrap; text-overflow: ellipsis; }
    RowTable Field { position: absolute; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Row above", show=False),
        Binding("down,j", "move(1)", "Row below", show=False),
        Binding("space", "switch", "On or off", show=False),
        Binding("enter", "edit", "Edit", show=False),
        Binding("plus,insert", "add", "Add a row", show=False),
        Binding("minus,delete", "remove", "Remove the row", show=False),
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

        @property
        def control(self) -> "RowTable":
            """The table."""
            return self.table

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
        yield Field(id=f"{self.id}-name")
        yield Field(id=f"{self.id}-value")

    # What is shown

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Heading, rows with their problems, `add`, and the defaults."""
        return len(self._lines())

    def render(self) -> Content:
        """All lines."""
        return Content("\n").join(self._line(kind, at) for kind, at in self._lines())

    def _lines(self) -> list[tuple[str, int]]:
        """What stands in each line: its kind and the stop of the cursor it belongs to."""
        lines = [("heading", -1)]
        if self.is_airy:
            lines.append(("blank", -1))
        for at in range(len(self.rows)):
            lines.append(("row", at))
            if at + 1 in self.problems and at != self._editing:
                lines.append(("problem", at))
        lines.append(("add", len(self.rows)))
        if self.defaults:
            lines += [("blank", -1), ("defaults", -1)]
            first = len(self.rows) + 1
            lines += [("default", first + at) for at in range(len(self.defaults))]
        return lines

    def _line(self, kind: str, at: int) -> Content:
        match kind:
            case "heading":
                return self._heading()
            case "problem":
                mark = glyphs_of(self.app).violation
                return Content.assemble(" " * NAME, (f"{mark} {self.problems[at + 1]}", "$error"))
            case "defaults":
                return Content.assemble(" " * TICK, ("Sent by default", "$foreground-muted"))
            case "add":
                style = "$foreground" if self._is_at(at) else "$foreground-disabled"
                return self._on_ground(at, [(" " * NAME, ""), ("add", style)])
            case "row":
                return self._row(at, self.rows[at], wrong=at + 1 in self.problems)
            case "default":
                return self._row(at, self.defaults[at - len(self.rows) - 1], wrong=False)
        return Content("")

    def _heading(self) -> Content:
        focused = self.has_focus_within or self.has_focus
        bar = glyphs_of(self.app).cursor if focused else " "
        style = "bold $primary" if focused else "bold $foreground"
        left: list[Part] = [(f" {bar}", "$primary"), (self._title, style)]
        width = self.size.width
        if self._note and not (focused and width < 90):
            left.append((f"   {self._note}", "$foreground-muted"))
        right: list[Part] = []
        if self._editing is not None:
            right = hints(("enter", "done"), ("esc", "as it was"))
        elif focused:
            right = hints(*KEYS)
        return spread(left, right, width, edge=EDGE)

    def _row(self, at: int, row: SettingsRow, *, wrong: bool) -> Content:
        style = "$foreground" if row.is_on else "$foreground-muted"
        tick = "[x]" if row.is_on else "[ ]"
        room = VALUE - NAME - 1 if self._has_values else self.size.width
        name = Content(escape(row.name)).truncate(room, ellipsis=True)
        parts: list[Part] = [(" " * TICK, ""), (tick, style), ("  ", "")]
        content = Content.assemble(*parts, name.stylize("$error" if wrong else style))
        if self._has_values:
            content = content.pad_right(max(0, VALUE - content.cell_length))
            content = Content.assemble(content, (self._value(row), style))
        return self._on_ground(at, content)

    def _value(self, row: SettingsRow) -> str:
        if self.id == "query":
            return MASK if row.value and is_secret_name(row.name) else escape(row.value)
        if not is_secret_header(row.name) or not row.value:
            return escape(row.value)
        if row.name.lower() != "cookie":
            return MASK
        count = len([one for one in row.value.split(";") if one.strip()])
        return f"{MASK} ({count} cookie{'' if count == 1 else 's'})"

    def _on_ground(self, at: int, parts: Content | list[Part]) -> Content:
        """A line, with the cursor's bar and ground if it is there."""
        content = parts if isinstance(parts, Content) else Content.assemble(*parts)
        width = max(1, self.size.width - EDGE)
        content = content.truncate(width, ellipsis=True)
        if not self._is_at(at) or not self.has_focus:
            return content
        content = content.pad_right(max(0, width - content.cell_length))
        bar = Content.assemble((glyphs_of(self.app).cursor, "$primary"))
        content = Content.assemble(content[:2], bar, content[3:])
        return content.stylize("on $primary 16%", 2, width)

    def _is_at(self, at: int) -> bool:
        return self.cursor == at

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
        lines = self._lines()
        y = next((y for y, (_, at) in enumerate(lines) if at == self.cursor), 0)
        region = Region(0, 0 if self.cursor == 0 else y, 1, y + 1 if self.cursor == 0 else 1)
        widget: Widget = self
        while isinstance(parent := widget.parent, Widget):
            region = region.translate(widget.virtual_region.offset)
            if parent.allow_vertical_scroll:
                parent.scroll_to_region(region, animate=False)
                return
            widget = parent

    def on_key(self, event: Key) -> None:
        """`K` and `J` move the row."""
        if self._editing is None and event.character in ("K", "J"):
            event.stop()
            self._shift(-1 if event.character == "K" else 1)

    def on_click(self, event: Click) -> None:
        """A tick toggles, a row is chosen, a chosen row is edited."""
        if event.widget is not self or not 0 <= event.y < len(self._lines()):
            return
        _, at = self._lines()[event.y]
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
        y = self._lines().index(("row", at))
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
        if event.input is name and self._has_values:
            value.focus()
            value.action_end()
        else:
            self._commit()
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
            self._commit()

    def _commit(self) -> None:
        at, self._editing = self._editing, None
        if at is None:
            return
        name, value = (field.value for field in self._fields())
        if self._is_new and not name and not value:
            self.rows = self.rows[:-1]
        else:
            self._set(at, self.rows[at].edited(name.strip(), value.strip()))
        self._close()

    def _close(self) -> None:
        self._is_new = False
        for field in self._fields():
            field.display = False
        self.refresh(layout=True)

    def _fields(self) -> tuple[Field, Field]:
        return self.query_one(f"#{self.id}-name", Field), self.query_one(f"#{self.id}-value", Field)

    def _set(self, at: int, row: SettingsRow) -> None:
        self.rows = (*self.rows[:at], row, *self.rows[at + 1 :])
        self.post_message(self.Changed(self))

    def _shift(self, step: int) -> None:
        at, to = self.cursor, self.cursor + step
        if at < len(self.rows) and 0 <= to < len(self.rows):
            rows = list(self.rows)
            rows[at], rows[to] = rows[to], rows[at]
            self.rows, self.cursor = tuple(rows), to
            self.post_message(self.Changed(self))
