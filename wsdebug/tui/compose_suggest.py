"""A text field that shows what may stand next in JSON, and writes it for a key."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from wsdebug.payload.json_complete import Completion, completions
from wsdebug.payload.json_names import JsonNames
from wsdebug.payload.json_scan import looks_like_json
from wsdebug.tui.paint import lacks_colour

__all__ = ["SuggestingArea"]


class SuggestingArea(TextArea):
    """Completes names and strings of JSON by those that were `seen`; several can be gone through.

    `suggests` turns it on. What is offered stands faintly behind the cursor.
    """

    DEFAULT_CSS = """
    SuggestingArea .text-area--suggestion { color: $foreground-disabled; text-style: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", "Take what is suggested", show=False, id="take_suggestion"),
        Binding("alt+down", "other(1)", "Next suggestion", show=False, id="next_suggestion"),
        Binding("alt+up", "other(-1)", "Previous suggestion", show=False, id="previous_suggestion"),
    ]

    class Offered(Message):
        """Other words are offered, of which the one at `at` stands behind the cursor."""

        def __init__(self, words: tuple[str, ...], at: int) -> None:
            super().__init__()
            self.words = words
            self.at = at

    class NamesWanted(Message):
        """JSON is being typed: it is time to look what was seen since."""

    suggests = False
    seen = JsonNames()
    _offered: tuple[Completion, ...] = ()
    _at = 0
    _looked_at: tuple[str, int, JsonNames] | None = None
    _picked = ""  # a word that was gone to

    @property
    def cursor_index(self) -> int:
        """The cursor's place in the text, in characters."""
        row, column = self.cursor_location
        ends = len(self.document.newline)
        return column + sum(len(self.document.get_line(at)) + ends for at in range(row))

    def see(self, seen: JsonNames) -> None:
        """Suggest by these from now on."""
        self.seen = seen
        self.update_suggestion()

    def update_suggestion(self) -> None:
        """Called by Textual where the text changed."""
        found: list[Completion] = []
        if self.suggests and self.has_focus and self.selection.is_empty:
            state = (self.text, self.cursor_index, self.seen)
            if state == self._looked_at:
                return  # called for the change and for the cursor
            self._looked_at = state
            found = completions(*state)
            if looks_like_json(self.text):
                self.post_message(self.NamesWanted())
        else:
            self._looked_at = None
        words = [one.word for one in found]
        at = words.index(self._picked) if self._picked in words else 0
        self._offer(tuple(found), at)

    def watch_selection(self) -> None:
        """Elsewhere, something else may stand."""
        if self.is_mounted:
            self.update_suggestion()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only where something is offered are there keys for it."""
        if action == "take":
            return bool(self._offered)
        return len(self._offered) > 1 if action == "other" else True

    def action_take(self) -> None:
        """Write what is suggested."""
        self._picked = ""
        self.insert(self._offered[self._at].rest)

    def action_other(self, step: int) -> None:
        """Suggest another word."""
        at = (self._at + step) % len(self._offered)
        self._picked = self._offered[at].word
        self._offer(self._offered, at)

    def action_cursor_right(self, select: bool = False) -> None:
        """To the right; at the end of a line, where a suggestion stands, that is written."""
        if self._offered and self.cursor_at_end_of_line and not select:
            self.action_take()
            return
        self.suggestion = ""
        super().action_cursor_right(select)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """What was offered may be again, and is not while nobody types here."""
        super().watch_has_focus(_has_focus)
        self.update_suggestion()

    def _offer(self, found: tuple[Completion, ...], at: int) -> None:
        is_new = (found, at) != (self._offered, self._at)
        self._offered, self._at = found, at
        # Without colours it could not be told from what is typed.
        shows = bool(found) and not lacks_colour(self.app)
        self.suggestion = found[at].rest if shows else ""
        if is_new:
            self.post_message(self.Offered(tuple(one.word for one in found), at))
