"""What was sent before, walked through by up and down; the draft of now waits at the end."""

from dataclasses import asdict
from typing import cast

from wsdebug.tui.compose_model import FORMS, Draft, Form, Kind
from wsdebug.workspace.history import MessageHistory, SentMessage

__all__ = ["SentHistory", "draft_of_message"]

LIMIT = 500  # messages in memory


class SentHistory:
    """Sent drafts, oldest first; only those of the present kind are offered.

    With a `file` it begins with what was sent at earlier times, and adds to it.
    """

    def __init__(self, file: MessageHistory | None = None) -> None:
        self._file = file
        self._sent: list[Draft] = []
        self._is_read = file is None
        self._at: int | None = None  # index into the drafts of the kind; None: not walking
        self._waiting: Draft | None = None

    def add(self, draft: Draft) -> None:
        """Remember what was sent; the same again moves to the end. Empty ones are not kept."""
        self.leave()
        if not draft.text:
            return
        sent = self._all()
        if draft in sent:
            sent.remove(draft)
        sent.append(draft)
        del sent[:-LIMIT]
        if self._file is not None:
            self._file.add(SentMessage(**asdict(draft)))

    def has(self, kind: Kind) -> bool:
        """Whether there is anything to offer for a kind."""
        return any(draft.kind == kind for draft in self._all())

    def newest(self) -> list[Draft]:
        """Everything that was sent, newest first, each once: here, at earlier times, and by other
        wsdebugs since.
        """
        sent = list(reversed(self._all()))
        if self._file is not None:
            messages = map(draft_of_message, reversed(self._file.messages()))
            sent += [draft for draft in messages if draft is not None and draft.text]
        return list(dict.fromkeys(sent))[:LIMIT]

    def leave(self) -> None:
        """Stop walking: the next step begins at the newest again."""
        self._at = self._waiting = None

    def step(self, draft: Draft, step: int) -> Draft | None:
        """The draft one older (-1) or newer (+1) than `draft`; None where there is none."""
        sent = [one for one in self._all() if one.kind == draft.kind]
        if self._at is None:
            if step > 0 or not sent:
                return None
            self._waiting, self._at = draft, len(sent)
        at = self._at + step
        if at < 0:
            return None
        if at >= len(sent):
            waiting = self._waiting
            self.leave()
            return waiting
        self._at = at
        return sent[at]

    def _all(self) -> list[Draft]:
        if not self._is_read and self._file is not None:
            self._is_read = True
            drafts = map(draft_of_message, self._file.messages())
            self._sent = [draft for draft in drafts if draft is not None and draft.text]
        return self._sent


def draft_of_message(message: SentMessage) -> Draft | None:
    """A message of a file as a draft; None for a kind or form of a later version."""
    kind, form = cast("Kind", message.kind), cast("Form", message.form)
    if form not in FORMS.get(kind, ()) or not (message.code.isdecimal() or not message.code):
        return None
    if kind == "close":
        return Draft(kind, form, code=message.code, reason=message.reason)
    return Draft(kind, form, message.text)
