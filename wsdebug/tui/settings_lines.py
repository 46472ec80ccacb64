"""The lines of a table of the settings page: heading, rows, what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.content import Content

from wsdebug.payload.escape import escape
from wsdebug.payload.redact import MASK, is_secret_header, is_secret_name
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.glyphs import UNICODE, Glyphs
from wsdebug.tui.settings_model import SettingsRow

__all__ = ["EDGE", "NAME", "TICK", "VALUE", "TableLines"]

TICK, NAME, VALUE = 4, 9, 33  # columns
EDGE = 3  # cells free at the right
ROOMY = 90  # cells from which a focused heading has room for its note
KEYS = (("space", "on/off"), ("+", "add"), ("-", "remove"), ("K J", "move"))


@dataclass(frozen=True, slots=True)
class TableLines:
    """What a table shows, as lines of `width` cells.

    The cursor stops at each row, at `add`, and at each default, counted from 0. `problems` are
    words by row, from 1. `editing` is the row that has fields in its place; `has_focus`: the
    table itself has it, `is_here`: it or its fields.
    """

    title: str
    name: str  # of the setting: query, header or subprotocol
    rows: tuple[SettingsRow, ...]
    width: int
    note: str = ""
    has_values: bool = True
    defaults: tuple[SettingsRow, ...] = ()
    problems: Mapping[int, str] = field(default_factory=dict)
    cursor: int = 0
    editing: int | None = None
    has_focus: bool = False
    is_here: bool = False
    is_airy: bool = True
    glyphs: Glyphs = UNICODE

    def kinds(self) -> list[tuple[str, int]]:
        """What stands in each line: its kind and the stop of the cursor it belongs to, or -1."""
        lines = [("heading", -1)]
        if self.is_airy:
            lines.append(("blank", -1))
        for at in range(len(self.rows)):
            lines.append(("row", at))
            if at + 1 in self.problems and at != self.editing:
                lines.append(("problem", at))
        lines.append(("add", len(self.rows)))
        if self.defaults:
            lines += [("blank", -1), ("defaults", -1)]
            first = len(self.rows) + 1
            lines += [("default", first + at) for at in range(len(self.defaults))]
        return lines

    def content(self) -> Content:
        """All of them."""
        return Content("\n").join(self._line(kind, at) for kind, at in self.kinds())

    def _line(self, kind: str, at: int) -> Content:
        match kind:
            case "heading":
                return self._heading()
            case "problem":
                words = f"{self.glyphs.violation} {self.problems[at + 1]}"
                return Content.assemble(" " * NAME, (words, "$error"))
            case "defaults":
                return Content.assemble(" " * TICK, ("Sent by default", "$foreground-muted"))
            case "add":
                is_here = self.cursor == at and self.has_focus
                style = "$foreground" if is_here else "$foreground-disabled"
                return self._on_ground(at, Content.assemble(" " * NAME, ("add", style)))
            case "row":
                return self._row(at, self.rows[at], wrong=at + 1 in self.problems)
            case "default":
                return self._row(at, self.defaults[at - len(self.rows) - 1], wrong=False)
        return Content("")

    def _heading(self) -> Content:
        bar = self.glyphs.cursor if self.is_here else " "
        style = "bold $primary" if self.is_here else "bold $foreground"
        left: list[Part] = [(f" {bar}", "$primary"), (self.title, style)]
        if self.note and not (self.is_here and self.width < ROOMY):
            left.append((f"   {self.note}", "$foreground-muted"))
        right: list[Part] = []
        if self.editing is not None:
            right = hints(("enter", "done"), ("esc", "as it was"))
        elif self.is_here:
            right = hints(*KEYS)
        return spread(left, right, self.width, edge=EDGE)

    def _row(self, at: int, row: SettingsRow, *, wrong: bool) -> Content:
        style = "$foreground" if row.is_on else "$foreground-muted"
        tick = "[x]" if row.is_on else "[ ]"
        room = VALUE - NAME - 1 if self.has_values else self.width
        name = Content(escape(row.name)).truncate(room, ellipsis=True)
        parts: list[Part] = [(" " * TICK, ""), (tick, style), ("  ", "")]
        content = Content.assemble(*parts, name.stylize("$error" if wrong else style))
        if self.has_values:
            content = content.pad_right(max(0, VALUE - content.cell_length))
            content = Content.assemble(content, (self._value(row), style))
        return self._on_ground(at, content)

    def _value(self, row: SettingsRow) -> str:
        if self.name == "query":
            return MASK if row.value and is_secret_name(row.name) else escape(row.value)
        if not is_secret_header(row.name) or not row.value:
            return escape(row.value)
        if row.name.lower() != "cookie":
            return MASK
        count = len([one for one in row.value.split(";") if one.strip()])
        return f"{MASK} ({count} cookie{'' if count == 1 else 's'})"

    def _on_ground(self, at: int, content: Content) -> Content:
        """A line, with the cursor's bar and ground if it is there."""
        width = max(1, self.width - EDGE)
        content = content.truncate(width, ellipsis=True)
        if self.cursor != at or not self.has_focus:
            return content
        content = content.pad_right(max(0, width - content.cell_length))
        bar = Content.assemble((self.glyphs.cursor, "$primary"))
        content = Content.assemble(content[:2], bar, content[3:])
        return content.stylize("on $primary 16%", 2, width)
