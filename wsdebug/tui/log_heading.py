"""The log's heading: its name, its filter, and what there is to know and to do."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from wsdebug.log.filter_terms import TERMS
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.keys import KeyGroup, KeyLine
from wsdebug.tui.paint import lacks_hues

__all__ = ["FIELD_AT", "FilterField", "LogHeading"]

Piece = tuple[str, list[Part]]  # what a click on it asks for, and its words
WIDE = 84  # cells from which examples of filters are shown
FIELD_AT = 11  # first cell of the field's box; what is typed begins one further
BESIDE = 50  # cells for what stands right of the field
EXAMPLES = "dir:in  bad:any  size:>1k"


class FilterField(Field):
    """Where a filter is typed."""

    BINDING_GROUP_TITLE = "Filter"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "drop", "Drop the filter", show=False),
        Binding("tab", "hide", "Hide the other rows, or only go from match to match", show=False),
        Binding("ctrl+s", "keep", "Keep the filter by a name", show=False),
        Binding("down", "leave", "To the rows", show=False),
    ]

    TYPED: ClassVar[KeyGroup] = KeyGroup(
        "What a filter says",
        tuple(KeyLine((term.form,), f"{term.words}: {term.example}") for term in TERMS),
        is_text=True,
    )

    class Dropped(Message):
        """No filter is wanted."""

    class Toggled(Message):
        """The other rows are to be hidden, or no more."""

    class Kept(Message):
        """The filter is to be kept by a name."""

    class Left(Message):
        """On to the rows."""

    def action_drop(self) -> None:
        """Leave without a filter."""
        self.post_message(self.Dropped())

    def action_hide(self) -> None:
        """Hide the other rows, or only go from match to match."""
        self.post_message(self.Toggled())

    def action_keep(self) -> None:
        """Keep it by a name."""
        self.post_message(self.Kept())

    def action_leave(self) -> None:
        """On to the rows."""
        self.post_message(self.Left())


class LogHeading(Widget):
    """`Frames`, the filter, and what there is to know: each piece at the right is a button."""

    DEFAULT_CSS = """
    LogHeading { height: 1; }
    LogHeading FilterField { position: absolute; display: none; }
    """

    class Pressed(Message):
        """A piece was clicked: `violation`, `follow`, `inspect` or `filter`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    narrow: reactive[bool] = reactive(False)
    has_focus_near: reactive[bool] = reactive(False)  # the log has the focus
    rows: reactive[int] = reactive(0)
    violations: reactive[int] = reactive(0)
    shown: reactive[int | None] = reactive[int | None](None)  # rows that a filter takes
    progress: reactive[float] = reactive(1.0)  # how much of the log the filter looked through
    filter_text: reactive[str] = reactive("")
    hides: reactive[bool] = reactive(True)  # the filter hides other rows
    newer: reactive[int | None] = reactive[int | None](None)  # rows; None while following
    is_inspected: reactive[bool] = reactive(False)  # the inspector is in sight
    silence: reactive[str] = reactive("")  # for how long nothing has come, in words
    is_live: reactive[bool] = reactive(True)  # more rows may come

    def compose(self) -> ComposeResult:
        """The field, shown while a filter is typed."""
        yield FilterField(id="filter")

    @property
    def field(self) -> FilterField:
        """Where the filter is typed."""
        return self.query_one(FilterField)

    @property
    def is_editing(self) -> bool:
        """Whether a filter is being typed."""
        return bool(self.field.display)

    def edit(self, known: list[str]) -> None:
        """Let the person type a filter; `known` completes it."""
        field = self.field
        field.suggester = SuggestFromList(known) if known else None
        field.value = self.filter_text
        field.display = True
        self._place_field()
        field.focus()
        field.action_end()
        self.refresh()

    def done(self) -> None:
        """Leave the field."""
        self.field.display = False
        self.refresh()

    def on_resize(self) -> None:
        """Give the field the room there is."""
        self._place_field()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what is typed."""
        self.filter_text = event.value

    def _place_field(self) -> None:
        self.field.styles.offset = (FIELD_AT, 0)
        self.field.styles.width = max(18, self.size.width - FIELD_AT - BESIDE)

    def render(self) -> Content:
        """The name left, the pieces right."""
        bar = glyphs_of(self.app).cursor if self.has_focus_near else " "
        hue = self._hue("$primary")
        style = f"bold {hue}" if self.has_focus_near else "bold $foreground"
        right = [part for _, parts in self._pieces() for part in parts]
        left: list[Part] = [(bar, hue), ("Frames", style), *self._filter_parts()]
        return spread(left, right, self.size.width)

    def _filter_parts(self) -> list[Part]:
        if self.is_editing:
            return []
        if self.filter_text:
            return [("   / ", "bold $foreground"), (escape(self.filter_text), "$foreground")]
        parts: list[Part] = [("   ", ""), *hints(("/", "filter"))]
        if self.size.width >= WIDE:
            parts.append((f"   {EXAMPLES}", "$foreground-disabled"))
        return parts

    def _rows_words(self) -> str:
        total = with_commas(self.rows)
        unit = "row" if self.rows == 1 else "rows"
        if self.shown is None:
            return f"{total} {unit}"
        words = f"{with_commas(self.shown)}/{total} {unit}"
        if not self.hides:
            words = f"{with_commas(self.shown)} found"
        return words if self.progress >= 1 else f"{words}, {int(self.progress * 100)} %"

    def _hue(self, colour: str) -> str:
        """A colour that stands out; as a grey it would be weaker than the text."""
        return "$foreground" if lacks_hues(self.app) else colour

    def _pieces(self) -> list[Piece]:
        gap: Part = ("  " if self.narrow else "   ", "")
        pieces: list[Piece] = []
        if self.violations:
            words = f"! {with_commas(self.violations)}"
            if not self.narrow:
                words += " violation" if self.violations == 1 else " violations"
            pieces += [("violation", [(words, self._hue("$error"))]), ("", [gap])]
        pieces.append(("", [(self._rows_words(), "$foreground-muted")]))
        if self.is_mounted and self.is_editing:
            verb = "show all" if self.hides else "hide others"
            return [*pieces, ("", [gap, *hints(("tab", verb), ("esc", "drop"))])]
        if self.silence:
            pieces += [("", [gap]), ("follow", [(f"silent {self.silence}", "$foreground")])]
        if self.newer or (self.newer is not None and self.is_live):
            verb = f"{with_commas(self.newer)} newer" if self.newer else "follow"
            newer = hints(("End", verb))
            pieces += [("", [gap]), ("follow", newer)]
        elif self.is_live:
            pieces.append(("", [gap, ("following", "$foreground-muted")]))
        if self.narrow and not self.is_inspected:
            pieces += [("", [gap]), ("inspect", hints(("enter", "inspect", "inspect")))]
        return pieces

    def on_click(self, event: Click) -> None:
        """Ask for what the piece under the mouse says."""
        pieces = self._pieces()
        sizes = [sum(len(text) for text, _ in parts) for _, parts in pieces]
        at = self.size.width - 2 - sum(sizes)
        if event.x < at and not self.is_editing:
            self.post_message(self.Pressed("filter"))
            return
        for (what, _), size in zip(pieces, sizes, strict=True):
            if what and at <= event.x < at + size:
                self.post_message(self.Pressed(what))
            at += size
