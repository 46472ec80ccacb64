"""What was sent before, walked through by up and down; the draft of now waits at the end."""

from dataclasses import replace

from wsdebug.tui.compose_model import Draft, Kind

__all__ = ["SentHistory"]

LIMIT = 500  # messages in memory


class SentHistory:
    """Sent drafts, oldest first; only those of the present kind are offered."""

    def __init__(self) -> None:
        self._sent: list[Draft] = []
        self._at: int | None = None  # index into the drafts of the kind; None: not walking
        self._waiting: Draft | None = None

    def add(self, draft: Draft) -> None:
        """Remember what was sent; the same again moves to the end. Empty ones are not kept."""
        self.leave()
        if not draft.text:
            return
        if draft in self._sent:
            self._sent.remove(draft)
        self._sent.append(draft)
        del self._sent[:-LIMIT]

    def has(self, kind: Kind) -> bool:
        """Whether there is anything to offer for a kind."""
        return any(draft.kind == kind for draft in self._sent)

    def leave(self) -> None:
        """Stop walking: the next step begins at the newest again."""
        self._at = self._waiting = None

    def step(self, draft: Draft, step: int) -> Draft | None:
        """The draft one older (-1) or newer (+1) than `draft`; None where there is none."""
        sent = [one for one in self._sent if one.kind == draft.kind]
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
        return replace(sent[at])
