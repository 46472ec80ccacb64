"""In the place of a recorder where nothing is kept: a one-shot send needs no file."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from wsdebug.engine.outgoing import PlainSent
    from wsdebug.payload.redact import Redactor
    from wsdebug.session.frames import Happened

__all__ = ["Record", "Unrecorded"]


class Record(Protocol):
    """What a connection tells of itself; each call says what happened now."""

    tap: "Callable[[Happened], None] | None"

    @property
    def is_kept(self) -> bool:
        """Whether any of it is looked at: what is dear to make need not be made."""

    @property
    def redactor(self) -> "Redactor":
        """Replaces secrets in what is told."""

    @property
    def takes_plain(self) -> bool:
        """Whether plain frames may come by `plain_sent`."""

    def event(self, name: str, connection: int, /, **facts: Any) -> None:
        """A step of the connection."""

    def frames_happened(self, happened: "Sequence[Happened]", connection: int) -> None:
        """What one read or one send made."""

    def plain_sent(self, sent: "PlainSent", connection: int) -> None:
        """Sent messages of one plain frame each."""


class Unrecorded:
    """Takes what a `Recorder` takes, and keeps none of it."""

    is_kept = False
    takes_plain = True

    def __init__(self, *, keep_secrets: bool = False) -> None:
        self._keep_secrets = keep_secrets
        self.tap: Callable[[Happened], None] | None = None

    @cached_property
    def redactor(self) -> "Redactor":
        """For words to a person."""
        from wsdebug.payload.redact import Redactor

        return Redactor(keep=self._keep_secrets)

    def event(self, name: str, connection: int, /, **facts: Any) -> None:
        """Nothing."""

    def frames_happened(self, happened: "Sequence[Happened]", connection: int) -> None:
        """Nothing but for the tap."""
        if self.tap is not None:
            for each in happened:
                self.tap(each)

    def plain_sent(self, sent: "PlainSent", connection: int) -> None:
        """Nothing."""
