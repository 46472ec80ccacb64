"""One question with a few answers, each a key."""

from collections.abc import Iterable

from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Static

from wsdebug.payload.escape import escape
from wsdebug.tui.bars import Hint
from wsdebug.tui.dialog import Dialog
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.hint_row import HintRow
from wsdebug.tui.key_words import key_words

__all__ = ["Question"]


class Question(Dialog[str | None]):
    """Dismisses with the key of the answer; None for escape, which always leaves.

    `answers` are (key, verb); a key is a character or one of Textual's names. There is no answer
    by enter: nothing is done by a key that was meant for what stood here before.
    """

    DEFAULT_CSS = """
    Question #question-detail { margin: 0 2 1 1; }
    Question #question-answers { width: auto; max-width: 1fr; margin: 0 0 0 1; }
    """

    def __init__(
        self, question: str, detail: str = "", *, answers: tuple[tuple[str, str], ...]
    ) -> None:
        super().__init__(escape(question))
        self._detail = escape(detail)
        self._answers = answers

    def parts(self) -> Iterable[Widget]:
        """What follows from the answers, and the answers."""
        if self._detail:
            yield Static(Content(self._detail), id="question-detail")
        glyphs = glyphs_of(self.app)
        row = [
            Hint(key_words(key, glyphs), verb, f"answer({key!r})") for key, verb in self._answers
        ]
        yield HintRow(row, edge=0, id="question-answers")

    def on_key(self, event: Key) -> None:
        """One of the answers; any other key does nothing."""
        for key, _ in self._answers:
            if key in (event.key, event.character):
                event.stop()
                event.prevent_default()
                self.action_answer(key)
                return

    def action_answer(self, key: str) -> None:
        """Leave with an answer."""
        self.dismiss(None if key == "escape" else key)
