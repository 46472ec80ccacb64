"""What a person keeps of the composer by a name: a message as it was typed, or a raw frame."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from wsdebug.payload.variables import expand, placeholders
from wsdebug.tui.compose_history import draft_of_message
from wsdebug.tui.compose_model import Draft
from wsdebug.tui.compose_raw_model import LENGTH_FORMS, PAYLOAD_FORMS, RawDraft
from wsdebug.wire.frame import opcode_name
from wsdebug.workspace.history import SentMessage

__all__ = ["Kept", "filled_in", "kept_of_message", "message_of", "one_line", "placeholders_of"]

Kept = Draft | RawDraft

LOOKED_AT = 2000  # characters of a message that stand in its row, if they fit
USUAL: dict[str, Any] = asdict(RawDraft())
BITS = ("fin", "rsv1", "rsv2", "rsv3")
PAYLOAD = ("payload", "form")  # these have fields of their own in a message


def message_of(kept: Kept) -> SentMessage:
    """As it is written; of a raw frame's head only what is not as usual."""
    if isinstance(kept, Draft):
        return SentMessage(**asdict(kept))
    set_otherwise = {
        name: value
        for name, value in asdict(kept).items()
        if name not in PAYLOAD and value != USUAL[name]
    }
    return SentMessage("raw", kept.form, kept.payload, head=json.dumps(set_otherwise))


def kept_of_message(message: SentMessage) -> Kept | None:
    """A message of a file; None for what a later version wrote."""
    if message.kind != "raw":
        return draft_of_message(message)
    try:
        head = json.loads(message.head or "{}")
    except (ValueError, RecursionError):
        return None
    if not isinstance(head, dict) or message.form not in PAYLOAD_FORMS:
        return None
    if not all(_is_of_head(name, value) for name, value in head.items()):
        return None
    draft = RawDraft(**head, payload=message.text, form=message.form)
    return draft if draft.length_form in LENGTH_FORMS and 0 <= draft.opcode <= 15 else None


def _is_of_head(name: str, value: Any) -> bool:
    return name in USUAL and name not in PAYLOAD and type(value) is type(USUAL[name])


def placeholders_of(kept: Kept) -> list[str]:
    """The names that are to be filled in, each once, in their order."""
    return list(dict.fromkeys(placeholders(" ".join(_texts(kept).values()))))


def filled_in(kept: Kept, values: Mapping[str, str]) -> Kept:
    """With the values of placeholders in their places."""
    texts: dict[str, Any] = {name: expand(text, values) for name, text in _texts(kept).items()}
    return replace(kept, **texts)


def one_line(kept: Kept) -> str:
    """What a row shows of it, not escaped."""
    if isinstance(kept, Draft):
        if kept.kind == "close":
            return f"{kept.code} {kept.reason}"
        return " ".join(kept.text[:LOOKED_AT].split())
    bits = [name.upper() for name in BITS if getattr(kept, name)]
    unmasked = [] if kept.is_masked else ["no mask"]
    length = [f"length {kept.length}"] if kept.length else []
    payload = " ".join(kept.payload[:LOOKED_AT].split())
    return " ".join([opcode_name(kept.opcode), *bits, *unmasked, *length, payload]).rstrip()


def _texts(kept: Kept) -> dict[str, str]:
    names = ("text", "reason") if isinstance(kept, Draft) else ("payload", "key", "length")
    return {name: getattr(kept, name) for name in names}
