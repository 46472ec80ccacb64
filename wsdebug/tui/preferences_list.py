"""The rows of the page of preferences: sections, names, values, and what is not understood."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wsdebug.payload.escape import cut_cells, escape
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.paint import lacks_colour
from wsdebug.tui.preferences_model import Preference, Section, shown_value
from wsdebug.workspace.config_edit import value_at

__all__ = ["PreferenceList"]

NAME = 30  # cells of a name
VALUE = 34  # cells of a value, where the help stands beside it
ROOMY = 110  # cells from which it does


class PreferenceList(OptionList):
    """Takes no focus: the typing goes to the filter. Headings are never under the cursor."""

    DEFAULT_CSS = """
    PreferenceList, PreferenceList:focus {
        height: 1fr; border: none; padding: 0; background: $background;
        scrollbar-size-vertical: 1; scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-color: $border-blurred; scrollbar-color-hover: $border-blurred;
    }
    PreferenceList > .option-list--option, PreferenceList > .option-list--option-disabled {
        padding: 0 1; color: $foreground; text-style: none;
    }
    PreferenceList > .option-list--option-highlighted {
        background: $primary 16%; color: $foreground; text-style: none;
    }
    PreferenceList.-framed > .option-list--option-highlighted {
        background: $foreground; color: $background;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self.can_focus = False
        self._rows: dict[int, Preference] = {}

    def on_mount(self) -> None:
        """The cursor without colours."""
        self.set_class(lacks_colour(self.app), "-framed")

    @property
    def chosen(self) -> Preference | None:
        """The row under the cursor."""
        return self._rows.get(self.highlighted) if self.highlighted is not None else None

    def show(
        self,
        sections: Sequence[Section],
        values: Mapping[str, Any],
        wrong: Mapping[tuple[str, ...], str],
        words: Sequence[str],
    ) -> None:
        """Rows that have all the words; the cursor stays on its key."""
        before = self.chosen
        options: list[Option] = []
        self._rows.clear()
        for title, preferences in sections:
            found = [one for one in preferences if _has(one, words)]
            if not found:
                continue
            if options:
                options.append(Option(Content(""), disabled=True))
            options.append(Option(self._heading(title), disabled=True))
            for one in found:
                self._rows[len(options)] = one
                options.append(
                    Option(self._row(one, value_at(values, one.keys), one.keys in wrong))
                )
        self.clear_options()
        self.add_options(options)
        same = [at for at, one in self._rows.items() if before and one.keys == before.keys]
        self.highlighted = next(iter([*same, *self._rows]), None)

    def move(self, step: int) -> None:
        """Another row; at the ends it stays."""
        at = list(self._rows)
        if self.highlighted in self._rows:
            now = at.index(self.highlighted)
            self.highlighted = at[max(0, min(len(at) - 1, now + step))]
            if self.highlighted == at[0]:
                self.scroll_home(animate=False)  # its heading too

    def _heading(self, title: str) -> Content:
        return Content.assemble((title, "bold" if self._is_plain else "bold $foreground"))

    def _row(self, one: Preference, value: Any, is_wrong: bool) -> Content:
        glyphs = glyphs_of(self.app)
        muted = "" if self._is_plain else "$foreground-muted"
        mark = glyphs.violation if is_wrong else " "
        name = cut_cells(escape(one.name), NAME, glyphs.cut)
        width = max(40, self.size.width - 4)
        room = VALUE if width >= ROOMY else width - NAME - 4
        shown = cut_cells(shown_value(one, value), room, glyphs.cut)
        style = muted if value is None else "" if self._is_plain else "$foreground"
        red = "" if self._is_plain else "$error"
        parts = [(f"{mark} ", red), (name.ljust(NAME + 2), red if is_wrong else ""), (shown, style)]
        row = Content.assemble(*parts)
        if width >= ROOMY:
            row = row.pad_right(max(0, NAME + 4 + VALUE + 2 - row.cell_length))
            help_room = max(0, width - row.cell_length)
            row = Content.assemble(row, (cut_cells(escape(one.help), help_room, glyphs.cut), muted))
        return row

    @property
    def _is_plain(self) -> bool:
        """The cursor turns colours around: none of its own may stand there."""
        return lacks_colour(self.app)


def _has(one: Preference, words: Sequence[str]) -> bool:
    whole = f"{'.'.join(one.keys)} {one.help}".lower()
    return all(word in whole for word in words)
