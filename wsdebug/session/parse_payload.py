"""What stands under `send` and `recv` to bytes."""

import json
from typing import Any

from wsdebug.session.fields import Wrong, base64_bytes, typed, whole
from wsdebug.wire.close import encode_close

__all__ = ["is_hand_written", "parse_payload"]

FORMS = frozenset(("b64", "hex", "json", "file", "regex"))
CLOSE = frozenset(("code", "reason"))
ONE_FORM = "a payload object has one of b64, hex, json, file, regex, or code and reason"


def is_hand_written(payload: Any) -> bool:
    """Whether no recorder writes a payload like this."""
    return isinstance(payload, dict) and bool(payload.keys() & (FORMS - {"b64"}))


def parse_payload(value: Any) -> tuple[bytes | None, int]:
    """The bytes, None for null, and the opcode that their form implies; raises Wrong for what is
    no payload.
    """
    if value is None:
        return None, 1
    if isinstance(value, str):
        return value.encode(), 1
    if not isinstance(value, dict):
        raise Wrong("a payload is a string, an object or null")
    if len(value.keys() & FORMS) + (not value.keys().isdisjoint(CLOSE)) > 1:
        raise Wrong(ONE_FORM)
    if "json" in value:
        return _compact(value["json"]).encode(), 1
    if "b64" in value:
        return base64_bytes(value["b64"], "b64"), 2
    if "hex" in value:
        try:
            return bytes.fromhex(value["hex"]), 2
        except (TypeError, ValueError):
            raise Wrong("hex is not pairs of hex digits") from None
    if "regex" in value or "file" in value:
        return b"", 1 if "regex" in value else 2
    if value.keys() <= CLOSE:
        code = whole(value, "code")
        if code is not None and code > 65535:
            raise Wrong("a close code is from 0 to 65535")
        reason = typed(value, "reason", str, "")
        if code is None and reason:
            raise Wrong("a close reason needs a code")
        return encode_close(code, reason), 8
    raise Wrong(ONE_FORM)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
