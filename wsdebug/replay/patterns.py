"""JSON compared with what is expected of it: values, patterns, and where they differ."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from wsdebug.errors import QueryInvalid
from wsdebug.payload.json_query import Location
from wsdebug.payload.json_values import json_equal
from wsdebug.payload.pattern import compile_pattern, finder_of
from wsdebug.replay.results import ABSENT, Difference
from wsdebug.replay.templates import expand, expand_text, names_in

__all__ = [
    "LIMIT",
    "Kept",
    "check_pattern",
    "compare_json",
    "compile_template",
    "expand_pattern",
    "literal",
    "merge",
    "scalars_of",
]

LIMIT = 100  # differences of one message that are listed
LITERAL = "#="
REGEX = "#regex "
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?")


def _is_time(value: Any) -> bool:
    """Whether it is a date and time as RFC 3339 and ISO 8601 write them."""
    if not isinstance(value, str) or not TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value[:16].replace(" ", "T").upper())
    except ValueError:
        return False
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_uuid(value: Any) -> bool:
    return isinstance(value, str) and UUID.fullmatch(value) is not None


# What each placeholder takes, and how that is called.
PLACEHOLDERS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "#string": ("a string", lambda value: isinstance(value, str)),
    "#number": ("a number", _is_number),
    "#boolean": ("true or false", lambda value: isinstance(value, bool)),
    "#null": ("null", lambda value: value is None),
    "#array": ("an array", lambda value: isinstance(value, list)),
    "#object": ("an object", lambda value: isinstance(value, dict)),
    "#any": ("any value", lambda value: True),
    "#ignore": ("anything, or nothing", lambda value: True),
    "#uuid": ("a UUID", _is_uuid),
    "#time": ("a date and time", _is_time),
}


def check_pattern(pattern: Any) -> None:
    """Raise QueryInvalid for a placeholder that is none, or a regular expression that is none."""
    if isinstance(pattern, str):
        if pattern.startswith("#") and not pattern.startswith(LITERAL):
            _placeholder(pattern)
    elif isinstance(pattern, list | dict):
        for item in pattern.values() if isinstance(pattern, dict) else pattern:
            check_pattern(item)


def literal(value: Any) -> Any:
    """A value as a pattern that takes only this value: a leading `#` becomes `#=`."""
    if isinstance(value, str):
        return f"{LITERAL}{value[1:]}" if value.startswith("#") else value
    if isinstance(value, list):
        return [literal(item) for item in value]
    if isinstance(value, dict):
        return {name: literal(item) for name, item in value.items()}
    return value


def expand_pattern(pattern: Any, variables: Mapping[str, Any]) -> Any:
    """A pattern with the variables in it, whose values are taken literally."""
    if isinstance(pattern, list):
        return [expand_pattern(item, variables) for item in pattern]
    if isinstance(pattern, dict):
        names = {expand_text(name, variables): name for name in pattern}
        return {new: expand_pattern(pattern[name], variables) for new, name in names.items()}
    if not isinstance(pattern, str) or "{{" not in pattern:
        return pattern
    if pattern.startswith(REGEX):
        return _quoted(pattern, variables)
    if pattern.startswith("#"):
        return expand_text(pattern, variables)
    return literal(expand(pattern, variables))


def compile_template(pattern: str, variables: Mapping[str, Any]) -> re.Pattern[str]:
    """A regular expression with the variables in it, whose values are taken literally."""
    return _compiled(_quoted(pattern, variables))


def _quoted(pattern: str, variables: Mapping[str, Any]) -> str:
    quoted = {
        name: re.escape(expand_text(f"{{{{{name}}}}}", variables))
        for name in names_in(pattern, variables)
    }
    return expand_text(pattern, quoted)


def compare_json(
    expected: Any,
    got: Any,
    *,
    is_pattern: bool = False,
    is_subset: bool = False,
    ignored: Collection[Location] = (),
) -> list[Difference]:
    """Where `got` is not as expected, at most 100 places; no place for none.

    With `is_pattern` strings that begin with `#` are placeholders; with `is_subset` objects may
    have more members than are expected. What stands at an ignored location is not looked at.
    """
    if not is_pattern and not is_subset and not ignored and json_equal(expected, got):
        return []
    comparison = _Comparison(is_pattern, is_subset, frozenset(ignored))
    comparison.compare((), expected, got)
    return comparison.differences


class _Comparison:
    def __init__(self, is_pattern: bool, is_subset: bool, ignored: frozenset[Location]) -> None:
        self.differences: list[Difference] = []
        self._is_pattern = is_pattern
        self._is_subset = is_subset
        self._ignored = ignored

    def compare(self, at: Location, expected: Any, got: Any) -> None:
        if at in self._ignored or len(self.differences) >= LIMIT:
            return
        if isinstance(expected, dict) and isinstance(got, dict):
            for name, item in expected.items():
                self.compare((*at, name), item, got.get(name, ABSENT))
            if not self._is_subset:
                for name, item in got.items():
                    if name not in expected:
                        self.compare((*at, name), ABSENT, item)
        elif isinstance(expected, list) and isinstance(got, list):
            for index in range(max(len(expected), len(got))):
                one = expected[index] if index < len(expected) else ABSENT
                other = got[index] if index < len(got) else ABSENT
                self.compare((*at, index), one, other)
        else:
            self._leaf(at, expected, got)

    def _leaf(self, at: Location, expected: Any, got: Any) -> None:
        rule = ""
        if self._is_pattern and isinstance(expected, str) and expected.startswith("#"):
            if expected.startswith(LITERAL):
                expected = f"#{expected[len(LITERAL) :]}"
            else:
                rule, takes = _placeholder(expected)
                if takes(got) if got is not ABSENT else expected == "#ignore":
                    return
        if not rule and _same(expected, got):
            return
        self.differences.append(Difference(at, expected, got, rule))


@dataclass(frozen=True, slots=True)
class Kept:
    """What of a pattern stays although the value is another: ignored places, and variables and
    placeholders that take the value.
    """

    variables: Mapping[str, Any]
    ignored: frozenset[Location] = frozenset()
    is_subset: bool = True


def merge(pattern: Any, got: Any, kept: Kept, at: Location = ()) -> Any:
    """The pattern changed where it does not take `got`, so that it does."""
    if at in kept.ignored:
        return pattern
    if isinstance(pattern, dict) and isinstance(got, dict):
        names = {name: expand_text(name, kept.variables) for name in pattern}
        members = {
            name: merge(item, got[names[name]], kept, (*at, names[name]))
            if names[name] in got
            else item
            for name, item in pattern.items()
            if names[name] in got or item == "#ignore" or (*at, names[name]) in kept.ignored
        }
        known = set(names.values())
        new = {} if kept.is_subset else {n: literal(v) for n, v in got.items() if n not in known}
        return members | new
    if isinstance(pattern, list) and isinstance(got, list):
        items = [
            merge(item, other, kept, (*at, index))
            for index, (item, other) in enumerate(zip(pattern, got, strict=False))
        ]
        return items + [literal(item) for item in got[len(items) :]]
    expanded = expand_pattern(pattern, kept.variables)
    fits = not compare_json(expanded, got, is_pattern=True, is_subset=kept.is_subset)
    return pattern if fits else literal(got)


def _same(expected: Any, got: Any) -> bool:
    if expected is ABSENT or got is ABSENT:
        return expected is got
    return json_equal(expected, got)


def _placeholder(text: str) -> tuple[str, Callable[[Any], bool]]:
    """What it takes. Raises QueryInvalid."""
    if text.startswith(REGEX):
        pattern = _compiled(text[len(REGEX) :])
        return (
            f"like {pattern.pattern}",
            lambda value: isinstance(value, str) and finder_of(pattern).finds(value),
        )
    if text not in PLACEHOLDERS:
        words = f"{text} is no placeholder; write {LITERAL}{text[1:]} for the text itself"
        raise QueryInvalid(words, text, 0)
    return PLACEHOLDERS[text]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return compile_pattern(pattern)


def scalars_of(value: Any) -> Iterator[tuple[Location, Any]]:
    """Every scalar of a value with its place."""
    stack: list[tuple[Location, Any]] = [((), value)]
    while stack:
        at, item = stack.pop()
        if isinstance(item, dict):
            stack += [((*at, name), member) for name, member in reversed(item.items())]
        elif isinstance(item, list):
            stack += [((*at, index), member) for index, member in reversed(list(enumerate(item)))]
        else:
            yield at, item
