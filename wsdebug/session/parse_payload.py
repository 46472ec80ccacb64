"""What stands under `send` and `recv` to bytes."""

import json
import re
from codecs import BOM_UTF8
from typing import Any

from wsdebug.session.fields import Wrong, base64_bytes, typed, whole
from wsdebug.wire.close import encode_close

__all__ = ["is_hand_written", "parse_payload"]

FORMS = frozenset(("b64", "hex", "json", "file", "regex"))
CLOSE = frozenset(("code", "reason"))
ONE_FORM = "a payload object has one of b64, hex, json, file, regex, or code and reason"
FRACTION = re.compile(rb"[0-9][.eE][0-9+-]")  # in a number, or in a text that looks like one


def is_hand_written(payload: Any) -> bool:
    """Whether no recorder writes a payload like this."""
    return isinstance(payload, dict) and bool(payload.keys() & (FORMS - {"b64"}))


def parse_payload(value: Any, kind: str, line: bytes) -> tuple[bytes | None, int]:
    """The bytes of what stands in a line under `send` or `recv`, None for null, and the opcode
    that its form implies; raises Wrong for what is no payload.
    """
    if value is None:
        return None, 1
    if isinstance(value, str):
        return value.encode(), 1
    if not isinstance(value, dict):
        raise Wrong("a payload is a string, an object or null")
    if len(value.keys() & FORMS) + (not value.keys().isdisjoint(CLOSE)) > 1:
        raise Wrong(ONE_FORM)
    if kind == "send" and "regex" in value:
        raise Wrong("regex is for recv only")
    if "json" in value:
        return _json(value["json"], kind, line), 1
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


def _json(value: Any, kind: str, line: bytes) -> bytes:
    """Compact JSON; numbers are as they are written, where that can be kept."""
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if FRACTION.search(line) is None:
        return compact.encode()
    from wsdebug.payload.json_scan import JsonError
    from wsdebug.payload.json_text import json_text
    from wsdebug.payload.json_values import parse_strict_json

    try:
        return json_text(parse_strict_json(line.removeprefix(BOM_UTF8))[kind]["json"]).encode()
    except JsonError:
        return compact.encode()
