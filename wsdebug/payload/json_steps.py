"""The values that a simple query selects, without their places: for very many payloads."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathQuery

__all__ = ["Step", "selected", "steps_of"]

EVERY: Final = object()  # the wildcard
Step = tuple[bool, Any]  # whether it goes to all descendants first; a name, an index, or EVERY


def steps_of(query: "JSONPathQuery") -> tuple[Step, ...] | None:
    """What a query does, one selector after the other (RFC 9535 2.3.1 to 2.3.3, 2.5); None where
    it has slices, filters, or several selectors beside one another.
    """
    from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment
    from jsonpath_rfc9535.selectors import IndexSelector, NameSelector, WildcardSelector

    steps: list[Step] = []
    for segment in query.segments:
        descends = isinstance(segment, JSONPathRecursiveDescentSegment)
        match segment.selectors:
            case [NameSelector(name=key)] | [IndexSelector(index=key)]:
                steps.append((descends, key))
            case [WildcardSelector()]:
                steps.append((descends, EVERY))
            case _:
                return None
    return tuple(steps)


def selected(value: Any, steps: Sequence[Step]) -> Iterator[Any]:
    """The values that some steps select, in no order."""
    values: Iterator[Any] = iter((value,))
    for descends, key in steps:
        if descends:
            values = _descendants(values)
        values = _every(values) if key is EVERY else _under(values, key)
    return values


def _descendants(values: Iterator[Any]) -> Iterator[Any]:
    """Each value, and all that is in it."""
    left = [*values]
    while left:
        value = left.pop()
        yield value
        if value.__class__ is dict:
            left += value.values()
        elif value.__class__ is list:
            left += value


def _every(values: Iterator[Any]) -> Iterator[Any]:
    for value in values:
        if value.__class__ is dict:
            yield from value.values()
        elif value.__class__ is list:
            yield from value


def _under(values: Iterator[Any], key: str | int) -> Iterator[Any]:
    if isinstance(key, str):
        for value in values:
            if value.__class__ is dict and key in value:
                yield value[key]
    else:
        for value in values:
            if value.__class__ is list and -len(value) <= key < len(value):
                yield value[key]
