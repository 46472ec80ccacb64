"""What stands under the list of preferences: what a row is about, and where its value is typed."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Static

from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Hint, Part
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.preferences_model import Preference, is_secret
from wsdebug.tui.separator import Separator

__all__ = ["PreferenceDetail"]

DEFAULT = Hint("del", "default", "reset")


class PreferenceDetail(Vertical):
    """Name and words, the field while one types, and a sentence below it."""

    DEFAULT_CSS = """
    PreferenceDetail { height: auto; background: $surface; }
    PreferenceDetail .text { height: auto; padding: 0 2; }
    PreferenceDetail > Horizontal { height: 1; display: none; }
    PreferenceDetail Field { width: 1fr; margin: 0 1; }
    """

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Separator()
        yield Static("", id="preference-about", classes="text", markup=False)
        with Horizontal():
            yield Field(id="preference-value")
        yield Static("", id="preference-note", classes="text", markup=False)

    @property
    def field(self) -> Field:
        """Where a value is typed."""
        return self.query_one(Field)

    def show(self, preference: Preference | None, note: Part, *, is_edited: bool = False) -> None:
        """Say what a row is about, and a sentence on it."""
        parts: Sequence[Part] = ()
        if preference is not None:
            title = "bold $primary" if is_edited else "bold $foreground"
            about = (f"   {escape(preference.help)}", "$foreground-muted")
            parts = ((escape(preference.name), title), about)
        self.query_one("#preference-about", Static).update(Content.assemble(*parts))
        words, style = note
        said = Content.assemble((escape(words), style))
        self.query_one("#preference-note", Static).update(said)
        self.query_one(Horizontal).display = is_edited
        self.field.set_class(is_edited and style == "$error", "-wrong")

    def hints(
        self, preference: Preference, *, is_edited: bool, chosen_from: bool
    ) -> tuple[Hint, ...]:
        """The keys for a row; `chosen_from` a few values."""
        if is_edited:
            return (Hint("enter", "take", "change"), Hint("esc", "as it was", "back"))
        if preference.kind == "unknown":
            return (Hint("del", "take it out", "reset"),)
        if chosen_from:
            glyphs = glyphs_of(self.app)
            return (Hint(f"{glyphs.received} {glyphs.sent}", "change", "choose(1)"), DEFAULT)
        return (Hint("enter", "change", "change"), DEFAULT)

    def edit(self, preference: Preference, value: str, themes: Sequence[str]) -> None:
        """Let the person type a value."""
        field = self.field
        field.password = is_secret(preference)
        field.placeholder = f"nothing: {preference.default}"
        field.suggester = SuggestFromList(themes) if preference.kind == "theme" else None
        field.value = value
        field.focus()
        field.action_end()
