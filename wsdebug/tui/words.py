"""The state of a connection in words: one word, one number, and the reason in the second row."""

from dataclasses import dataclass

from wsdebug.engine.advice import error_words
from wsdebug.engine.status import Status
from wsdebug.errors import CannotConnect, HandshakeRefused
from wsdebug.payload.escape import escape
from wsdebug.tui.keymap import shown
from wsdebug.wire.close import CLOSE_CODES
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["StateWords", "describe"]

SECOND = 1_000_000_000  # ns


@dataclass(frozen=True, slots=True)
class StateWords:
    """What the connection bar says.

    `glyph` names an entry of the glyph table, `colour` a theme variable without `$`; `action` is
    the verb of F5.
    """

    glyph: str
    word: str
    number: str
    reason: str
    colour: str
    action: str


def describe(status: Status, now_ns: int, facts: str = "", *, dot: str = "·") -> StateWords:
    """The words for a status at a monotonic time; `facts` is the second row of an open connection.

    Peer text in the result is escaped; `dot` stands between facts.
    """
    match status.state:
        case "idle":
            return StateWords("closed", "not connected", "", facts, "foreground-muted", "connect")
        case "connecting":
            return _connecting(status, now_ns)
        case "open":
            if status.recording_problem:
                reason = escape(status.recording_problem)
                return StateWords("wrong", "not recorded", "", reason, "error", "disconnect")
            elapsed = clock(now_ns - status.since_ns)
            return StateWords("open", "open", elapsed, facts, "success", "disconnect")
        case "closing":
            left = seconds_left(status.due_ns, now_ns)
            reason = f"waiting for the server's close, {left} s left"
            return StateWords("busy", "closing", "", reason, "warning", "break off")
        case "waiting":
            left = seconds_left(status.due_ns, now_ns)
            reason = f"connects again in {left} s, attempt {status.attempt}; {shown('F5')} now"
            return StateWords("busy", "waiting", "", reason, "warning", "connect now")
        case "closed":
            return _closed(status, dot)
        case "failed":
            return _failed(status)


def clock(elapsed_ns: int) -> str:
    """Elapsed time as `00:44`, from an hour on `1:02:03`."""
    minutes, seconds = divmod(max(0, elapsed_ns) // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def seconds_left(due_ns: int, now_ns: int) -> int:
    """Whole seconds until a moment, rounded up, never negative."""
    return max(0, -(-(due_ns - now_ns) // SECOND))


def _connecting(status: Status, now_ns: int) -> StateWords:
    seconds = max(0, now_ns - status.since_ns) // SECOND
    reason = f"{status.step} with {escape(status.host)}, {seconds} s" if status.step else ""
    return StateWords("busy", "connecting", "", reason, "warning", "break off")


def _closed(status: Status, dot: str) -> StateWords:
    code = status.code if status.code is not None else 1006
    if status.violation in VIOLATIONS:
        reason = f"closed by you for a broken rule: {VIOLATIONS[status.violation].title}"
        return StateWords("wrong", "closed", str(code), reason, "error", "connect")
    if code == 1006 and not status.clean:
        reason = "the connection broke; no close frame came"
        if status.by == "client":
            reason = "closed by you, but no close frame came back"
        return StateWords("wrong", "closed", "1006", reason, "error", "connect")
    by = {"client": "by you", "server": "by the server"}.get(status.by, "by the network")
    how = "cleanly" if status.clean else "but not cleanly"
    parts = [f"closed {by}, {how}"]
    if status.reason:
        parts.append(escape(status.reason))
    elif code not in (1000, 1005) and code in CLOSE_CODES:
        parts.append(CLOSE_CODES[code].name)
    ordinary = status.clean and code in (1000, 1001, 1005)
    return StateWords(
        "closed" if ordinary else "wrong",
        "closed",
        str(code),
        f" {dot} ".join(parts),
        "foreground" if ordinary else "error",
        "connect",
    )


def _failed(status: Status) -> StateWords:
    failure = status.failure
    if isinstance(failure, HandshakeRefused) and failure.status:
        reason = "the server answered, but did not open a WebSocket"
        if failure.step == "proxy":
            reason = error_words(failure)
        elif failure.why and failure.status != 401:  # the log says what a login wants
            reason = error_words(failure.why)
        return StateWords("wrong", "refused", str(failure.status), reason, "error", "try again")
    word = "no answer"
    if isinstance(failure, HandshakeRefused):
        word = "refused"
    elif isinstance(failure, CannotConnect) and failure.not_trusted:
        reason = f"{error_words(failure)}; {shown('F2')} to go on regardless"
        return StateWords("wrong", "not trusted", "", reason, "error", "try again")
    return StateWords("wrong", word, "", error_words(failure), "error", "try again")
