"""How a connection ended: the facts of its last event, and what people are told."""

from typing import TYPE_CHECKING, Any

from wsdebug.engine.conversation import Conversation
from wsdebug.engine.status import Status
from wsdebug.errors import ConnectionClosed, HandshakeRefused, UsageError, WsdebugError
from wsdebug.wire.violations import VIOLATIONS

if TYPE_CHECKING:
    from wsdebug.payload.redact import Redactor

__all__ = ["closed_facts", "error_of", "failure_facts", "goes_on", "not_open"]


def closed_facts(conversation: Conversation, *, is_silent: bool) -> dict[str, Any]:
    """The code that was received, 1005 for an empty close frame, 1006 if none came (section 7.1.5).

    `is_silent` says that no pong came any more: then it was the network that ended it.
    """
    received, sent = conversation.close_received, conversation.close_sent
    by = "network" if is_silent or conversation.closed_by is None else conversation.closed_by
    return {
        "by": by,
        "code": _code(conversation),
        "reason": received.reason if received is not None else "",
        "clean": received is not None and sent is not None and not conversation.failure,
    }


def failure_facts(error: WsdebugError, redactor: "Redactor") -> dict[str, Any]:
    """Of the `error` event where no connection came to be."""
    facts = {"kind": getattr(error, "step", "usage"), "message": redactor.text(str(error))}
    certificate = getattr(error, "certificate", None)
    return facts if certificate is None else facts | {"cert": certificate.facts()}


def not_open(conversation: Conversation | None) -> ConnectionClosed:
    """What a sender gets who comes too late."""
    if conversation is None:
        return ConnectionClosed("the connection is not open; nothing was sent", code=1006)
    received, code = conversation.close_received, _code(conversation)
    why = (
        f"the connection is closed: {code}" if received is not None else "the connection is closed"
    )
    if conversation.failure:
        why = f"the connection was failed because of {VIOLATIONS[conversation.failure].title}"
    elif conversation.state == "closing":
        why = "the connection is closing"
    return ConnectionClosed(
        f"{why}; nothing was sent",
        code=code,
        reason=received.reason if received is not None else "",
        by=conversation.closed_by or "network",
    )


def error_of(status: Status) -> WsdebugError | None:
    """What the person must act on: no connection, or an end that was not 1000 or 1001."""
    if status.state == "failed":
        return status.failure
    if status.state != "closed" or (status.code in (1000, 1001) and not status.violation):
        return None
    code = status.code or 1006
    words = f"closed {code}" + (f": {status.reason}" if status.reason else "")
    if status.violation:
        rule = VIOLATIONS[status.violation]
        words = f"failed because of {rule.title}: {rule.rule} {rule.section}"
    elif code == 1006:
        words = "closed 1006: the connection broke; no close frame came"
    return ConnectionClosed(words, code=code, reason=status.reason, by=status.by)


def goes_on(status: Status) -> bool:
    """Whether another attempt may do better, for who wants to reconnect."""
    if isinstance(status.failure, HandshakeRefused):
        return not 300 <= status.failure.status < 500  # these will not get better
    if isinstance(status.failure, UsageError):
        return False
    is_ours = status.by == "client" and not status.violation
    return not (status.state == "closed" and status.clean and is_ours)


def _code(conversation: Conversation) -> int:
    received = conversation.close_received
    return 1006 if received is None else 1005 if received.code is None else received.code
