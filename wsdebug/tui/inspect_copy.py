"""What the inspector has to copy: the value at its cursor, a handshake, or nothing of its own."""

import json
from base64 import b64decode
from binascii import Error as Base64Error

from wsdebug.payload.json_source import source_at
from wsdebug.session.lines import Event
from wsdebug.tui.inspect_make import HANDSHAKE, Made
from wsdebug.tui.row_copies import Copy

__all__ = ["copy_of", "filter_of", "path_of"]


def copy_of(made: Made, position: str) -> Copy | None:
    """What `y` copies where the document says `position` at the cursor.

    A JSON string is copied as what it says, any other value as it stands; of the handshake, both
    heads and the body as they were received and sent.
    """
    if made.request.tab == HANDSHAKE:
        heads = [_head(event) for event in made.handshake if event.name in ("request", "response")]
        text = "".join(head for head in heads if head)
        return Copy("y", "handshake", text) if text else None
    if made.text is None or not position.startswith("$"):
        return None
    value = source_at(made.text, position)
    if value is None:
        return None
    if value.startswith('"'):
        try:
            value = str(json.loads(value))
        except ValueError:
            return None
    return Copy("y", position, value)


def path_of(position: str) -> Copy | None:
    """The path that the document says at the cursor, to be copied."""
    return Copy("j", "path", position) if position.startswith("$") else None


def filter_of(made: Made, position: str) -> str:
    """The filter for messages with the same value at the same place; empty where there is none."""
    if made.text is None or not position.startswith("$"):
        return ""
    value = source_at(made.text, position)
    if value is None:
        return ""
    return position if value[:1] in "[{" else f"{position}=={value}"


def _head(event: Event) -> str:
    raw, body = event.fields.get("raw"), event.fields.get("body")
    text = _decoded(raw) if isinstance(raw, str) else ""
    if isinstance(body, dict):
        return text + (_decoded(body["b64"]) if isinstance(body.get("b64"), str) else "")
    return text + (body if isinstance(body, str) else "")


def _decoded(data: str) -> str:
    try:
        return b64decode(data, validate=True).decode("utf-8", "replace")
    except (Base64Error, ValueError):
        return ""
