"""What a JSON query says of values that were read with floats, many at a time."""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from msgspec import UNSET

from wsdebug.payload.json_query import MISSING, JsonQuery, value_at

__all__ = ["UNREAD", "look_at"]

EXACT = 1 << 53  # whole numbers below this are floats too
NUMBERS = frozenset((int, float))
UNREAD = object()  # in the place of a member of what may be no object
Holds = Callable[[Any, Any], bool]
HoldsAll = Callable[[list[Any], Any], list[bool]]
ORDERS: dict[str, tuple[Holds, HoldsAll]] = {
    "<": (operator.lt, lambda found, value: [one < value for one in found]),
    "<=": (operator.le, lambda found, value: [one <= value for one in found]),
    ">": (operator.gt, lambda found, value: [one > value for one in found]),
    ">=": (operator.ge, lambda found, value: [one >= value for one in found]),
}

Look = Callable[[Any], bool | None]  # at a value with floats; None where it must be read exactly
Looks = Callable[[list[Any]], Sequence[bool | None]]


def look_at(query: JsonQuery) -> Looks:
    """What a query says of the outermost members that it names, UNSET where there is none; None of
    those that must be read exactly.
    """
    rest = (query.place or ())[1:]
    compares, compares_all = _compares(query), _compares_all(query)

    def look(values: list[Any]) -> Sequence[bool | None]:
        for key in rest:
            values = _inner(values, key)
        found = compares_all(values)
        if found is not None:
            return found
        return [
            None if value is UNREAD else value is not UNSET and compares(value) for value in values
        ]

    return look


def _inner(values: list[Any], key: str | int) -> list[Any]:
    """What stands under a name, or at an index, of each."""
    if isinstance(key, str):
        return [
            value.get(key, UNSET)
            if value.__class__ is dict
            else value
            if value is UNREAD
            else UNSET
            for value in values
        ]
    found = [value if value is UNREAD else value_at(value, (key,)) for value in values]
    return [UNSET if value is MISSING else value for value in found]


def _compares_all(query: JsonQuery) -> Callable[[list[Any]], list[bool] | None]:
    """The same as `_compares` of each, where all are strings, or numbers, as they mostly are;
    else None.
    """
    value = query.value
    if query.operator == "==" and isinstance(value, str):
        return lambda found: (
            [one == value for one in found] if {*map(type, found)} == {str} else None
        )
    _, holds = ORDERS.get(query.operator, (None, None))
    if holds is None or type(value) not in (int, Decimal) or abs(value) >= EXACT:
        return lambda found: None
    about = float(value)

    def ordered(found: list[Any]) -> list[bool] | None:
        kinds = {*map(type, found)}
        if kinds == {int}:
            return holds(found, value)
        return holds(found, about) if kinds <= NUMBERS and about not in found else None

    return ordered


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
            return _is_ordered(value, about, ORDERS[query.operator][0])
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


def _is_ordered(value: Any, about: float, holds: Holds) -> Look:
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
