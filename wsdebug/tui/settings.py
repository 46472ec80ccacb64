"""The settings page: everything about a connection but its URL, on one page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from wsdebug.engine.options import ConnectOptions
from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import press
from wsdebug.tui.keys import keys_of
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.layout import Density, density_of
from wsdebug.tui.one_of import OneOf
from wsdebug.tui.settings_bar import ACTIONS, KEYS, top_rows
from wsdebug.tui.settings_check import problems, summary
from wsdebug.tui.settings_command import command_line
from wsdebug.tui.settings_form import Check, Note, Section
from wsdebug.tui.settings_model import SettingsDraft, options_of, resume
from wsdebug.tui.settings_sections import sections
from wsdebug.tui.settings_table import RowTable
from wsdebug.tui.words import StateWords

__all__ = ["SettingsResult", "SettingsScreen"]

WIDE = 120  # cells; below, one scrolling column
BAR_SECONDS = 0.25  # between two looks at the state


@dataclass(frozen=True, slots=True)
class SettingsResult:
    """What the page was left with. `options` are the ones before where a field is wrong; `draft`
    keeps what options cannot hold: rows that are off, and what is wrong.
    """

    options: ConnectOptions
    connect: bool
    draft: SettingsDraft


CONNECT = "Connect with these"


class SettingsScreen(Screen[SettingsResult]):
    """Edits options; dismisses with a SettingsResult. Give the last `draft` to go on with it."""

    DEFAULT_CSS = """
    SettingsScreen { background: $background; layout: vertical; }
    SettingsScreen #settings-bar { height: 4; background: $panel; }
    SettingsScreen #settings-page { height: 1fr; layout: horizontal; overflow: hidden; }
    SettingsScreen .column {
        height: 100%; padding: 1 0 0 0; overflow-y: auto; scrollbar-size-vertical: 1;
        scrollbar-background: $surface; scrollbar-color: $border-blurred;
    }
    SettingsScreen #settings-left { width: 1fr; }
    SettingsScreen #settings-right { width: 64; background: $surface; }
    SettingsScreen #settings-command { height: 3; background: $panel; }
    SettingsScreen #settings-status { height: 1; background: $panel; }
    SettingsScreen .airy { margin: 1 0 0 0; }
    SettingsScreen.-dense .airy { margin: 0; }
    SettingsScreen.-dense .column { padding: 0; }
    SettingsScreen.-medium #settings-bar { height: 2; }
    SettingsScreen.-short #settings-bar { height: 1; }
    SettingsScreen.-dense #settings-command { height: 1; }
    SettingsScreen.-narrow #settings-page {
        layout: vertical; overflow-y: auto; scrollbar-size-vertical: 1;
        scrollbar-background: $background; scrollbar-color: $border-blurred;
    }
    SettingsScreen.-narrow .column { height: auto; overflow: hidden; }
    SettingsScreen.-narrow #settings-right { width: 100%; background: $background; }
    """
    AUTO_FOCUS: ClassVar[str | None] = ""  # on_mount knows better
    BINDING_GROUP_TITLE = "Settings"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,f8,ctrl+enter", "connect", CONNECT, priority=True, id="send"),
        Binding("f5", "connect", CONNECT, priority=True, id="toggle_connection"),
        Binding("escape", "back", "Back", show=False),
        Binding("f2", "back", "Back", show=False, id="settings"),
        Binding("f1,question_mark", "keys", "Keys", show=False, id="keys"),
    ]

    def __init__(
        self,
        options: ConnectOptions,
        draft: SettingsDraft | None = None,
        *,
        words: Callable[[], StateWords | None] = lambda: None,
        notice: str = "",
        first: str = "header",
    ) -> None:
        """`words` gives the state of the connection as it is now; `notice` says what is wanted,
        and the focus begins at the field or the table `first`.
        """
        super().__init__()
        self._options = options
        self._words = words
        self._notice = notice
        self._first = first
        self.draft = resume(draft, options)
        self.problems: Mapping[str, str] = {}
        self._density: Density = "tall"
        self._bar_shown: Content | None = None

    def compose(self) -> ComposeResult:
        """Bar, both columns, command, status."""
        yield Static("", id="settings-bar")
        with Widget(id="settings-page"):
            with Vertical(id="settings-left", classes="column"):
                yield RowTable("Query", id="query")
                yield RowTable("Headers", id="header")
                yield RowTable(
                    "Subprotocols", note="first is preferred", has_values=False, id="subprotocol"
                )
            with Vertical(id="settings-right", classes="column"):
                yield from sections(self.draft)
        yield Static("", id="settings-command")
        yield Static("", id="settings-status")

    # Showing

    def on_mount(self) -> None:
        """Fill the tables, and go to what is wanted first."""
        self._lay_out(self.app.size)  # before the first paint
        for name in ("query", "header", "subprotocol"):
            self.query_one(f"#{name}", RowTable).rows = getattr(self.draft, name)
        self._show()
        first = self.query_one(f"#{self._first}")
        first.focus(scroll_visible=not isinstance(first, RowTable))
        self.set_interval(BAR_SECONDS, self._show_bar)

    def on_resize(self) -> None:
        """Two columns or one; air or none."""
        self._lay_out(self.size)
        self.call_after_refresh(self._show)

    def _lay_out(self, size: Size) -> None:
        self._density = density_of(size.height)
        self.set_class(size.width < WIDE, "-narrow")
        self.set_class(self._density != "tall", "-dense")
        self.set_class(self._density == "medium", "-medium")
        self.set_class(self._density == "short", "-short")
        for table in self.query(RowTable):
            table.is_airy = self._density == "tall"

    def _show(self) -> None:
        """Judge the draft and say everything that follows from it."""
        draft = self.draft
        self.problems = problems(draft)
        for table in self.query(RowTable):
            prefix = f"{table.id} "
            table.problems = {
                int(name.removeprefix(prefix)): words
                for name, words in self.problems.items()
                if name.startswith(prefix)
            }
        self.query_one("#header", RowTable).defaults = draft.defaults
        for row, shown in (
            ("#row-user", draft.auth == "basic"),
            ("#row-password", draft.auth == "basic"),
            ("#row-token", draft.auth == "bearer"),
            ("#row-key", bool(draft.cert)),
            ("#row-passphrase", bool(draft.cert)),
            ("#row-context", draft.compress),
            ("#row-window", draft.compress),
            ("#most_redirs", draft.location),
            ("#max_redirs", draft.location),
        ):
            self.query_one(row).display = shown
        for field in self.query(Field):
            field.set_class(field.id in self.problems, "-wrong")
        self._show_notes()
        self._show_rows()

    def _show_notes(self) -> None:
        draft = self.draft
        for note in self.query(Note):
            name = (note.id or "").removeprefix("note-")
            words = self.problems.get(name, "")
            note.say(words, "wrong" if words else "")
        secret = "" if draft.auth == "none" else "not kept in the recording"
        self.query_one("#note-secret", Note).say(secret)
        risky = "" if draft.verify else "anyone on the way can read this"
        self.query_one("#note-verify", Note).say(risky, "risky" if risky else "")
        plain = self.draft.url.startswith(("ws://", "http://"))
        self.query_one("#section-tls", Section).aside("not used by ws://" if plain else "")

    def _show_bar(self) -> None:
        """The connection goes on while its settings are changed."""
        glyphs, width = glyphs_of(self.app), self.size.width
        bar = top_rows(self.draft, self._words(), glyphs, width, self._density)
        if bar != self._bar_shown:
            self._bar_shown = bar
            self.query_one("#settings-bar", Static).update(bar, layout=False)

    def _show_rows(self) -> None:
        width = self.size.width
        self._show_bar()
        keys = hints(*KEYS["settings-command"])
        room = max(20, width - 8 - sum(len(text) for text, _ in keys))
        command = command_line(self.options, room)
        left: list[Part] = [("  $ ", "$foreground-disabled"), (command, "$foreground-muted")]
        row = spread(left, keys, width)
        if self._density == "tall":
            row = Content("\n").join([Content(""), row, Content("")])
        self.query_one("#settings-command", Static).update(row)
        words = summary(dict(self.problems))
        status: list[Part] = [(f" {escape(words)}", "$error")]
        if not words:
            status = [(f" {escape(self._notice)}", "$warning")]
        right = hints(*KEYS["settings-status"])
        self.query_one("#settings-status", Static).update(spread(status, right, width))

    async def on_click(self, event: Click) -> None:
        """The hints are buttons."""
        row, _ = self.get_widget_at(*event.screen_offset)
        if row.id in KEYS:
            await press(row, event, hints(*KEYS[row.id]), ACTIONS)

    # Changing

    @property
    def options(self) -> ConnectOptions:
        """The options of the page; those it began with where a field is wrong."""
        return self._options if self.problems else options_of(self.draft)

    def on_row_table_changed(self, event: RowTable.Changed) -> None:
        """Other rows."""
        self._change(**{str(event.table.id): event.table.rows})

    def on_row_table_default_toggled(self, event: RowTable.DefaultToggled) -> None:
        """A default header on or off."""
        removed = self.draft.removed
        is_off = event.name in removed
        names = tuple(name for name in removed if name != event.name)
        self._change(removed=names if is_off else (*names, event.name))

    def on_check_changed(self, event: Check.Changed) -> None:
        """A tick."""
        self._change(**{str(event.check.id): event.check.value})

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        """Authentication, an IP version, or what a violation does."""
        value = event.field.value
        if event.field.id == "lenient":
            self._change(lenient=value == "lenient")
        else:
            self._change(**{str(event.field.id): value})

    def on_input_changed(self, event: Input.Changed) -> None:
        """Text."""
        self._change(**{str(event.input.id): event.value})

    def on_input_submitted(self) -> None:
        """Enter goes on to the next field."""
        self.focus_next()

    def _change(self, **fields: Any) -> None:
        self.draft = replace(self.draft, **fields)
        self._show()

    def action_connect(self) -> None:
        """Leave and connect, unless a field needs a look."""
        self._finish()
        if not self.problems:
            self._leave(connect=True)

    def action_keys(self) -> None:
        """Show the keys of the focused field."""
        self.app.push_screen(KeysHelp(keys_of(self)))

    def action_back(self) -> None:
        """Leave; what was changed is kept for the next connection."""
        self._finish()
        self._leave(connect=False)

    def _finish(self) -> None:
        """Take the row that is being edited, too."""
        for table in self.query(RowTable):
            table.finish()
            if table.rows != getattr(self.draft, str(table.id)):
                self._change(**{str(table.id): table.rows})

    def _leave(self, *, connect: bool) -> None:
        options = self.options
        self.dismiss(SettingsResult(options, connect, replace(self.draft, rest=options)))
