"""Secrets taken out of what is told of a connection: its state, its events, its errors."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wsdebug.errors import ConnectionClosed, HandshakeRefused, WsdebugError

if TYPE_CHECKING:
    from wsdebug.payload.redact import Redactor

__all__ = ["hide_in_error", "without_secrets"]

BYTES = frozenset(("raw", "b64", "body"))  # masked already, or recorded as they are


def without_secrets(facts: Mapping[str, Any], redactor: "Redactor") -> dict[str, Any]:
    """Facts by name, the secrets in their texts replaced."""
    return {
        name: fact if name in BYTES else _hidden(fact, redactor) for name, fact in facts.items()
    }


def hide_in_error(error: WsdebugError, redactor: "Redactor") -> None:
    """Replace the secrets in its words, and in what the server said."""
    error.args = tuple(_hidden(argument, redactor) for argument in error.args)
    match error:
        case HandshakeRefused():
            error.reason = redactor.shown(error.reason)
            error.why = redactor.shown(error.why)
            error.headers = tuple((name, redactor.text(value)) for name, value in error.headers)
            error.body = redactor.shown_bytes(error.body)
        case ConnectionClosed():
            error.reason = redactor.shown(error.reason)


def _hidden(fact: Any, redactor: "Redactor") -> Any:
    match fact:
        case str():
            return redactor.shown(fact)
        case list() | tuple():
            return type(fact)(_hidden(item, redactor) for item in fact)
        case dict():
            return {name: _hidden(item, redactor) for name, item in fact.items()}
        case WsdebugError():
            hide_in_error(fact, redactor)
    return fact
