"""What must stand in a line whose payload matches a JSON query: a member's name and its value."""

import math
import re
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from wsdebug.payload.json_query import JsonQuery

__all__ = ["member_pattern"]

GAP = rb"(?: |\\[tnr])*+"  # between name, colon and value, as a line spells it
EXPONENT = rb"[0-9.]++[eE]"
NUMBER = rb"[-0-9]"
ESCAPED = re.compile(r"[\\/]")  # may be spelled otherwise, from there on
MOST = 30  # digits of a number that are worth a look


def member_pattern(query: JsonQuery) -> bytes | None:
    """A regular expression that finds a member which a query may select, with its value as far
    as that is known, in a line of a payload without backslashes; None if none is known.
    """
    name = query.last_name
    if name is None or (written := _written(name)) is None or ESCAPED.search(name):
        return None
    return rb'\\"' + written + rb'\\"' + GAP + b":" + GAP + _value(query.operator, query.value)


def _written(text: str) -> bytes | None:
    try:
        escaped = encode_basestring(text)[1:-1]
        return re.escape(escaped.encode()) if escaped == text else None
    except UnicodeEncodeError:
        return None


def _value(operator: str, value: Any) -> bytes:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    match operator:
        case "==":
            return _number(value) if is_number else _other(value)
        case ">" | ">=" if is_number:
            return _beyond(value, b"")
        case "<" | "<=" if is_number:
            return _beyond(-value, b"-") if value < 0 else _below(value)
    return b""


def _number(value: int | Decimal) -> bytes:
    """One that equals another, and maybe others that begin alike."""
    if value == 0:
        return b"-?0"
    if not 10**-MOST < abs(value) < 10**MOST:
        return NUMBER
    digits = format(value, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    end = rb"(?![0-9])" if "." not in digits else b""
    return rb"(?:%b%b|-?%b)" % (re.escape(digits.encode()), end, EXPONENT)


def _beyond(bound: int | Decimal, sign: bytes) -> bytes:
    """Numbers with a sign whose digits make at least so much, and maybe others."""
    if not 1 <= bound < 10**MOST:
        return NUMBER
    digits = str(math.floor(bound))
    ways = [rb"[0-9]{%d}" % (len(digits) + 1)]
    for at, digit in enumerate(digits):
        least = int(digit) + (at < len(digits) - 1)
        if least <= 9:
            rest = len(digits) - at - 1
            ways.append(b"%b[%d-9][0-9]{%d}" % (digits[:at].encode(), least, rest))
    return sign + b"(?:%b|%b)" % (b"|".join(ways), EXPONENT)


def _below(bound: int | Decimal) -> bytes:
    """Negative numbers, and those with no more digits before the point."""
    if bound >= 10**MOST:
        return NUMBER
    return rb"(?:-|[0-9]{1,%d}+(?![0-9])|%b)" % (len(str(math.floor(bound))), EXPONENT)


def _other(value: Any) -> bytes:
    if isinstance(value, str):
        start = ESCAPED.split(value)[0]
        written = _written(start)
        if written is None:
            return rb'\\"'
        return rb'\\"' + written + (rb'\\"' if start == value else b"")
    if value is None or isinstance(value, bool):
        return {True: b"true", False: b"false", None: b"null"}[value]
    return rb"\[" if isinstance(value, list) else rb"\{"
