"""JSON values as compact text, numbers as exact as they came, and places in them as paths."""

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from wsdebug.payload.json_layout import segment

__all__ = ["json_path", "json_text"]

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LITERALS = {None: "null", True: "true", False: "false"}


def json_text(value: Any) -> str:
    """Compact JSON of a value as `parse_strict_json` gives it, a `Decimal` digit by digit.

    Characters stay literal, but for lone surrogates, which no UTF-8 has.
    """
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if isinstance(value, dict):
        members = [f"{json_text(name)}:{json_text(item)}" for name, item in value.items()]
        return f"{{{','.join(members)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join([json_text(item) for item in value])}]"
    if value is None or isinstance(value, bool):
        return LITERALS[value]
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(value, allow_nan=False)


def json_path(location: Iterable[str | int]) -> str:
    """Where a value stands: `$.orders[0].px` (RFC 9535, with short names where it allows)."""
    steps = (key if isinstance(key, int) else json.dumps(key) for key in location)
    return "$" + "".join(map(segment, steps))
