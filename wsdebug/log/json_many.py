"""Whether messages match a JSON query, many of them at a time."""

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import UNSET

from wsdebug.log.json_lines import decode_objects
from wsdebug.log.json_test import MAYBE_QUOTE, json_test, member_struct
from wsdebug.payload.json_query import MISSING, JsonQuery, value_at
from wsdebug.payload.json_values import MAX_DEPTH, MAX_DIGITS

__all__ = ["json_tests"]

MANY = 1024  # texts that are read together: other threads wait as long
FEW = 16  # that are read one by one where one of them is no object
BLANK = " \t\n\r"
WHOLE = msgspec.json.Decoder()
SPACED = re.compile(r'" ')  # there may be names that are not counted
NOTHING = re.compile(rb"0\.0(?<![0-9]0\.0)(?![0-9])")
TINY = re.compile(r"[eE][-+]?[0-9]{18}")
ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

Look = Callable[[Any], bool | None]  # at a value with floats; None where it must be read exactly


def json_tests(query: JsonQuery) -> Callable[[Sequence[str]], list[bool]]:
    """The same as `json_test` of each of many texts; at a third of the time, or less."""
    one, name = json_test(query), query.first_name
    if name is None:
        return lambda texts: [one(text) for text in texts]
    decode = msgspec.json.Decoder(member_struct(name)).decode_lines
    look = _look(query)

    def some(texts: Sequence[str]) -> list[bool]:
        members = _by_lines(decode, texts)
        if members is None:
            if len(texts) <= FEW:
                return [one(text) for text in texts]
            half = len(texts) // 2
            return some(texts[:half]) + some(texts[half:])
        found = [look(member.found) for member in members]
        likely = [text for text, is_it in zip(texts, found, strict=True) if is_it]
        if None not in found and (not likely or _are_surely_strict(likely)):
            return found  # type: ignore[return-value]
        pairs = zip(texts, found, strict=True)
        return [is_it is not False and one(text) for text, is_it in pairs]

    def all_of(texts: Sequence[str]) -> list[bool]:
        found: list[bool] = []
        for start in range(0, len(texts), MANY):
            found += some(texts[start : start + MANY])
        return found

    return all_of


def _by_lines(decode: Callable[[str], list[Any]], texts: Sequence[str]) -> list[Any] | None:
    """What each of some texts is, None where they are not one object each."""
    if any("\n" in text for text in texts[:FEW]):
        texts = [text.strip(BLANK) for text in texts]
    return decode_objects(decode, texts)


def _are_surely_strict(texts: Sequence[str]) -> bool:
    """Whether some objects are all JSON for this format, as far as can be said at once.

    The library is right in everything but names that stand twice and numbers without bounds.
    """
    joined = "\n".join(texts)
    if max(map(len, texts)) > MAX_DIGITS or "\t" in joined or "\r" in joined:
        return False
    if SPACED.search(joined) or (MAYBE_QUOTE in joined):
        return False
    deepest = joined.count("[") + joined.count("{") - (len(texts) - 1)
    if deepest > MAX_DEPTH and any(text.count("[") + text.count("{") > MAX_DEPTH for text in texts):
        return False
    values = _by_lines(WHOLE.decode_lines, texts)
    if values is None:
        return False
    encoded = msgspec.json.Encoder().encode_lines(values)
    if joined.count('":') != encoded.count(b'":'):
        return False
    return NOTHING.search(encoded) is None or TINY.search(joined) is None


def _look(query: JsonQuery) -> Look:
    """What a query says of the outermost member that it names, or of UNSET."""
    rest = (query.place or ())[1:]
    compares = _compares(query)
    if not rest:
        return lambda found: found is not UNSET and compares(found)

    def look(member: Any) -> bool | None:
        found = value_at(member, rest)
        return found is not MISSING and compares(found)

    return look


def _compares(query: JsonQuery) -> Look:
    value = query.value
    try:
        about = float(value) if type(value) in (int, Decimal) else None
    except OverflowError:
        return _compares_exactly(query)
    match query.operator:
        case "":
            return lambda found: True
        case "==" | "!=" if about is not None or isinstance(value, str):
            return _equals(value, about, query.operator == "==")
        case "<" | "<=" | ">" | ">=" if about is not None:
            return _is_ordered(value, about, ORDERS[query.operator])
    return _compares_exactly(query)


def _equals(value: Any, about: float | None, wanted: bool) -> Look:
    """Of a string, or of a number that is `about` as a float: equal numbers are equal floats."""
    kind = str if about is None else int

    def equals(found: Any) -> bool | None:
        if found.__class__ is kind:
            return (found == value) is wanted
        if found.__class__ is float and found == about:
            return None
        return not wanted

    return equals


def _is_ordered(value: Any, about: float, holds: Callable[[Any, Any], bool]) -> Look:
    """Of a number: what is not equal as a float has the same order exactly."""

    def ordered(found: Any) -> bool | None:
        if found.__class__ is int:
            return holds(found, value)
        if found.__class__ is float:
            return holds(found, about) if found != about else None
        return False

    return ordered


def _compares_exactly(query: JsonQuery) -> Look:
    exact = (str, int, bool, type(None))
    return lambda found: query.compares(found) if found.__class__ in exact else None
