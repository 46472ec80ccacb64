"""JSON payloads as values that can be compared: strict, and with exact numbers."""

import json
import math
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from wsdebug.payload.json_scan import JsonError

__all__ = ["MAX_DEPTH", "MAX_DIGITS", "json_equal", "parse_strict_json"]

MAX_DEPTH = 256  # arrays and objects inside each other
MAX_DIGITS = 4300  # of an integer
QUOTED = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
BRACKET = re.compile(r"[\[\]{}]")


def parse_strict_json(payload: bytes | str) -> Any:
    """The value of a payload: dict, list, str, int, Decimal, bool or None.

    Floats are `Decimal`, so that 0.1 is 0.1. Raises JsonError for what the format does not count
    as JSON: bytes that are not UTF-8, duplicate keys, NaN and Infinity, numbers like 1e400,
    integers of more than 4,300 digits, and nesting deeper than `MAX_DEPTH`.
    """
    try:
        text = payload if isinstance(payload, str) else payload.decode()
    except UnicodeDecodeError as error:
        raise JsonError("not UTF-8", error.start) from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse,
        )
    except json.JSONDecodeError as error:
        raise JsonError(error.msg.lower(), error.pos) from None
    except RecursionError:
        raise JsonError("nested too deeply", 0) from None
    if _depth_exceeds(text):
        raise JsonError("nested too deeply", 0)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise JsonError("a key stands twice in an object", 0)
    return found


def _decimal(text: str) -> Decimal:
    if math.isinf(float(text)):
        raise JsonError("a number that is too large", 0)
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of more than 18 digits
        raise JsonError("a number that is too small", 0) from None


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise JsonError("an integer of too many digits", 0)
    return int(text)


def _refuse(constant: str) -> NoReturn:
    raise JsonError(f"{constant} is not in JSON", 0)


def _depth_exceeds(text: str) -> bool:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in BRACKET.findall(QUOTED.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def json_equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: 1 is 1.0, but true is not 1; keys in any order.

    A float counts as the shortest decimal that spells it.
    """
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(json_equal(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(json_equal, one, other))
    return bool(_exact(one) == _exact(other))


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value
