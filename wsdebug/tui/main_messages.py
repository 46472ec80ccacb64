"""What the main screen does with messages sent before, and with those kept by a name."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from wsdebug.errors import WsdebugError
from wsdebug.payload.escape import escape
from wsdebug.payload.redact import MASK
from wsdebug.tui.compose_kept import (
    Kept,
    filled_in,
    kept_of_message,
    message_of,
    placeholders_of,
)
from wsdebug.tui.compose_model import Draft
from wsdebug.tui.composer import Composer
from wsdebug.tui.keymap import shown
from wsdebug.tui.line_dialog import LineDialog
from wsdebug.tui.main_filters import MainFilters
from wsdebug.tui.message_dialog import MessageDialog, MessageRow
from wsdebug.tui.palette import Command
from wsdebug.workspace.history import SentMessage

__all__ = ["MainMessages"]


class MainMessages(MainFilters):
    """Loads them into the composer; asks for what their placeholders stand for."""

    def action_messages(self) -> None:
        """Choose one that is kept, or was sent before."""
        sent = self.query_one(Composer).history.newest()
        rows = [*self._kept(), *(MessageRow(draft, mask=self.desk.mask) for draft in sent)]
        self.app.push_screen(MessageDialog(rows), self._chosen)

    def action_keep_message(self) -> None:
        """Keep what stands in the composer, by a name."""
        composer = self.query_one(Composer)
        draft = composer.kept
        if composer.masks and isinstance(draft, Draft):
            draft = replace(draft, text=draft.text.replace(MASK, "{{secret}}"))
        if isinstance(draft, Draft) and not draft.text and draft.kind != "close":
            self.say("nothing is typed that could be kept")
            return

        def keep(name: str | None) -> None:
            if name is not None:
                words = f"{shown('F7')} loads “{escape(name)}” from now on"
                self._change_kept(words, name, message_of(draft))

        hint = "and {{word}} in the message is asked for when it is loaded"
        dialog = LineDialog("Keep the message", "name", placeholder=hint)
        self.app.push_screen(dialog, keep)

    def own_commands(self) -> Iterator[Command]:
        """The kept messages, for the palette."""
        yield from super().own_commands()
        for row in self._kept():
            name, text = escape(row.name), escape(row.text)
            yield Command(f"Message: {name}", text, (), partial(self._chosen, row))
            words = f"“{name}” is no longer kept"
            forget = partial(self._change_kept, words, row.name, None)
            yield Command(f"Forget the message {name}", text, (), forget)

    def _kept(self) -> list[MessageRow]:
        found = self.desk.kept.named().items()
        drafts = [(name, kept_of_message(message)) for name, message in found]
        return [
            MessageRow(draft, name, self.desk.mask) for name, draft in drafts if draft is not None
        ]

    def _change_kept(self, words: str, name: str, message: SentMessage | None) -> None:
        try:
            if message is None:
                self.desk.kept.forget(name)
            else:
                self.desk.kept.keep(name, message)
        except WsdebugError as error:
            self.say(str(error), wrong=True)
        else:
            self.say(words)

    def _chosen(self, row: MessageRow | None) -> None:
        if row is None:
            return
        # Only what has a name is a form to fill in: what was sent had its braces on purpose.
        names = placeholders_of(row.draft) if row.name else []
        self._fill_in(row.draft, names, {})

    def _fill_in(self, draft: Kept, names: list[str], values: dict[str, str]) -> None:
        """Ask for one value after the other; escape leaves the composer as it is."""
        if not names:
            filled, composer = filled_in(draft, values), self.query_one(Composer)
            if isinstance(filled, Draft):
                composer.load(filled)
            else:
                composer.load_raw(filled)
            composer.focus_input()
            return
        name, *others = names

        def take(value: str | None) -> None:
            if value is not None:
                self._fill_in(draft, others, {**values, name: value})

        dialog = LineDialog("Fill in", escape(name), placeholder="empty is possible", verb="go on")
        self.app.push_screen(dialog, take)
