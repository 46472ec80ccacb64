"""The library's field: what is typed finds sessions; at its edges the arrows fold."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message

from wsdebug.log.filter_facts import FACT_TERMS
from wsdebug.tui.field import Field
from wsdebug.tui.keys import KeyGroup, KeyLine

__all__ = ["FindField"]


class FindField(Field):
    """Takes a filter of sessions. Where an arrow or the space bar has no text to act on, it folds
    and unfolds the tree instead.
    """

    TYPED: ClassVar[KeyGroup] = KeyGroup(
        "To find a session",
        tuple(KeyLine((term.form,), f"{term.words}: {term.example}") for term in FACT_TERMS),
        is_text=True,
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "unfold", "Unfold, at the end of the text"),
        Binding("left", "fold", "Fold, or go out of the folder, at its start"),
    ]

    class Fold(Message):
        """Fold (True), unfold (False), or the other way round (None) where the cursor is."""

        def __init__(self, fold: bool | None) -> None:
            super().__init__()
            self.fold = fold

    def action_unfold(self) -> None:
        """Right."""
        if self.cursor_position < len(self.value) or not self.selection.is_empty:
            self.action_cursor_right()
        else:
            self.post_message(self.Fold(False))

    def action_fold(self) -> None:
        """Left."""
        if self.cursor_position > 0 or not self.selection.is_empty:
            self.action_cursor_left()
        else:
            self.post_message(self.Fold(True))

    def on_key(self, event: Key) -> None:
        """No filter begins with a space."""
        if event.key == "space" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.Fold(None))
