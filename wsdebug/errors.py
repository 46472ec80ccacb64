"""What the user must act on, as exceptions; what a peer does wrong is data, never an exception."""

from collections.abc import Sequence

__all__ = [
    "PRECEDENCE",
    "CannotConnect",
    "ConnectionClosed",
    "ExpectationFailed",
    "HandshakeRefused",
    "QueryInvalid",
    "RecordingFailed",
    "SessionUnreadable",
    "UsageError",
    "WaitTimedOut",
    "WsdebugError",
]

PRECEDENCE = (2, 6, 7, 3, 130, 5, 1, 4)  # of the exit codes that hold together


class WsdebugError(Exception):
    """Base of all; `str()` is one sentence that says what is wrong and what to do.

    `exit_code` is what a command ends with when this is what stopped it (CLI.md's table).
    """

    exit_code = 1


class UsageError(WsdebugError):
    """An option, URL or field cannot be taken as it is.

    `field` names it by its long command-line name (`url`, `header`, `max-size`), so that a form
    can show the words at the right place.
    """

    exit_code = 2

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class QueryInvalid(UsageError):
    """A filter, query or regular expression that does not parse.

    `position` is the place of the mistake in `text`, in characters from 0; `why` says it alone.
    """

    def __init__(self, why: str, text: str, position: int | None) -> None:
        self.why = why
        self.text = text
        self.position = position or 0
        super().__init__(f"at character {self.position + 1} of {text}: {why}")


class CannotConnect(WsdebugError):
    """No connection came to be.

    `step` is one of `DNS`, `TCP`, `proxy`, `TLS`, `upgrade`; `timed_out` is true if the step took
    longer than `--connect-timeout`. `not_trusted` is true if the certificate was refused.
    """

    exit_code = 3

    def __init__(
        self, message: str, *, step: str, timed_out: bool = False, not_trusted: bool = False
    ) -> None:
        super().__init__(message)
        self.step = step
        self.timed_out = timed_out
        self.not_trusted = not_trusted


class HandshakeRefused(CannotConnect):
    """The server answered, but did not open a WebSocket (RFC 6455 section 4.1); or, where `step`
    is `proxy`, the proxy did, and opened no way to the server (RFC 9110 section 9.3.6).

    `status` is the HTTP status (0 if the answer was not HTTP), `headers` the pairs as received,
    `body` at most the first 64 KiB, `why` a few words such as `wants Basic`.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        reason: str = "",
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        why: str = "",
        step: str = "upgrade",
    ) -> None:
        super().__init__(message, step=step)
        self.status = status
        self.reason = reason
        self.headers = tuple(headers)
        self.body = body
        self.why = why


class ExpectationFailed(WsdebugError):
    """What came is not what was expected; the words have both."""


class WaitTimedOut(WsdebugError):
    """A message or answer that was waited for did not come in time."""

    exit_code = 4


class ConnectionClosed(WsdebugError):
    """The connection ended otherwise than by 1000 or 1001, or is no longer open for sending.

    `code` is the received close code, 1005 if it was empty, 1006 if none came (RFC 6455 section
    7.1.5); `by` is `client`, `server` or `network`.
    """

    exit_code = 5

    def __init__(self, message: str, *, code: int, reason: str = "", by: str = "network") -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.by = by


class SessionUnreadable(WsdebugError):
    """A session or input file cannot be read; `line` counts from 1, 0 for the whole file."""

    exit_code = 6

    def __init__(self, message: str, *, path: str, line: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class RecordingFailed(WsdebugError):
    """A recording or output could not be written."""

    exit_code = 7

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path
