"""What the inspector has to copy: the value at its cursor, a handshake, or nothing of its own."""

import json
from base64 import b64decode
from binascii import Error as Base64Error

from wsdebug.payload.byte_range import ByteRange
from wsdebug.payload.json_source import source_at
from wsdebug.session.lines import Event
from wsdebug.tui.inspect_make import HANDSHAKE, Made
from wsdebug.tui.row_copies import Copy

__all__ = ["copies_of", "copies_of_bytes", "filter_of"]

LARGEST = 4 * 1024 * 1024  # bytes that are copied of a selection


def copies_of(made: Made, position: str) -> list[Copy]:
    """What there is to copy where the document says `position` at the cursor: what `y` takes, and
    the path of a JSON value.
    """
    value = _value_at(made, position)
    path = [Copy("j", "path", position)] if position.startswith("$") else []
    return [*([value] if value is not None else []), *path]


def copies_of_bytes(data: bytes, picked: ByteRange) -> list[Copy]:
    """Picked bytes in all the ways they can be written; nothing for more than 4 MiB."""
    if len(picked) > LARGEST:
        return []
    count = f"{len(picked):,} bytes"
    text = picked.as_text(data)
    as_text = [Copy("t", f"{count} as text", text)] if text is not None else []
    return [
        Copy("h", f"{count} as hex", picked.as_hex(data)),
        *as_text,
        Copy("6", f"{count} as base64", picked.as_base64(data)),
        Copy("y", f"{count} as Python", picked.as_python(data)),
    ]


def _value_at(made: Made, position: str) -> Copy | None:
    """A JSON string as what it says, any other value as it stands; of the handshake, both heads
    and the body as they were received and sent.
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
