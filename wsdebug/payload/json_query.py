"""What a JSON payload says at a place: an RFC 9535 query, and a comparison with what it finds."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wsdebug.errors import QueryInvalid
from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_steps import Step, selected, steps_of
from wsdebug.payload.json_values import MAX_DEPTH, json_equal, parse_strict_json
from wsdebug.payload.pattern import Finder, compile_pattern

if TYPE_CHECKING:
    from jsonpath_rfc9535 import JSONPathQuery
    from jsonpath_rfc9535.environment import JSONPathEnvironment

__all__ = ["MISSING", "JsonQuery", "Location", "parse_json_path", "parse_json_query", "value_at"]

Location = tuple[str | int, ...]  # names and indices from the root

OPERATOR = re.compile(r"==|!=|<=|>=|=~|<|>|=")
INSIDE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|\'[^\'\\]*+(?:\\.[^\'\\]*+)*+\'?+|[\[\](){}]')
EDGE = " \t"
MISSING = object()


@dataclass(frozen=True, slots=True)
class JsonQuery:
    """A query, and what the nodes that it selects are compared with.

    `path` is the RFC 9535 query; `operator` is one of `== != < <= > >= =~`, or empty where the
    query stands alone. Values are those of `parse_strict_json`, or of `json.loads`.
    """

    text: str
    path: str
    operator: str = ""
    value: Any = None
    _compiled: "JSONPathQuery | None" = field(default=None, compare=False, repr=False)
    _finder: Finder | None = field(default=None, compare=False, repr=False)
    _keys: Location | None = field(default=None, compare=False, repr=False)  # if it names one node
    _steps: tuple[Step, ...] | None = field(default=None, compare=False, repr=False)

    @property
    def first_name(self) -> str | None:
        """The member of the outermost object that alone decides, None if more may count."""
        first = self._keys[0] if self._keys else None
        return first if isinstance(first, str) else None

    @property
    def place(self) -> Location | None:
        """Where the one node stands that a singular query (RFC 9535 2.3.5.1) names, else None."""
        return self._keys

    @property
    def last_name(self) -> str | None:
        """The name of every member that the query selects, None where it may select others."""
        from jsonpath_rfc9535.selectors import NameSelector

        segments = self._compiled.segments if self._compiled is not None else ()
        selectors = segments[-1].selectors if segments else ()
        match selectors:
            case [NameSelector(name=name)]:
                return str(name)
        return None

    @property
    def literals(self) -> tuple[str, ...]:
        """Texts that stand in every payload that matches, unless there are escapes in it."""
        names = tuple(key for key in self._keys or () if isinstance(key, str))
        is_text = self.operator == "==" and isinstance(self.value, str)
        return (*names, self.value) if is_text else names

    def matches(self, value: Any) -> bool:
        """Whether any node that the query selects compares as asked; alone, whether it exists."""
        if self._keys is not None:
            found = value_at(value, self._keys)
            return found is not MISSING and self.compares(found)
        if self._steps is not None:
            return any(map(self.compares, selected(value, self._steps)))
        return any(True for _ in self._nodes(value))

    def matches_payload(self, payload: bytes | str) -> bool:
        """Whether a payload is JSON and matches."""
        try:
            return self.matches(parse_strict_json(payload))
        except JsonError:
            return False

    def values(self, value: Any) -> list[Any]:
        """The values of the nodes that match, in the order of RFC 9535."""
        return [found for _, found in self._nodes(value)]

    def locations(self, value: Any) -> list[Location]:
        """Where the nodes that match stand."""
        return [location for location, _ in self._nodes(value)]

    def _nodes(self, value: Any) -> Iterator[tuple[Location, Any]]:
        assert self._compiled is not None
        if self._keys is not None and value_at(value, self._keys) is MISSING:
            return
        # the library compares int and float only, in filters (`?`)
        plain = _with_floats(value) if "?" in self.path else value
        for node in self._compiled.finditer(plain):
            found = node.value if plain is value else _at(value, node.location)
            if self.compares(found):
                yield node.location, found

    def compares(self, found: Any) -> bool:
        """Whether the value of a node that the query selects compares as asked."""
        match self.operator:
            case "":
                return True
            case "==":
                kind = found.__class__
                if kind is str or (kind is int and self.value.__class__ is int):
                    return bool(found == self.value)
                return json_equal(found, self.value)
            case "!=":
                return not json_equal(found, self.value)
            case "=~":
                scalar = _scalar(found)
                return (
                    scalar is not None and self._finder is not None and self._finder.finds(scalar)
                )
        order = _order(found, self.value)
        if order is None:
            return self.operator in ("<=", ">=") and json_equal(found, self.value)
        if self.operator[0] == "<":
            return order < 0 or (order == 0 and self.operator == "<=")
        return order > 0 or (order == 0 and self.operator == ">=")


def parse_json_query(text: str) -> JsonQuery:
    """A query, alone or followed by an operator and a JSON value or else a bare string.

    `$.type==ok`, `$.px > 100`, `$.id`, `$.name=~^a`. For `=~` the value is a regular expression,
    searched for in strings and numbers. Raises QueryInvalid with the place of the mistake.
    """
    found = _operator(text)
    if found is None:
        return parse_json_path(text)
    at, operator = found
    if operator == "=":
        raise QueryInvalid("write == to compare", text, at)
    start = at + len(operator)
    written = text[start:].strip(EDGE)
    start += len(text[start:]) - len(text[start:].lstrip(EDGE))
    if not written:
        raise QueryInvalid(f"a value is missing after {operator}", text, len(text))
    path = text[:at].rstrip(EDGE)
    compiled = _compile(path, text)
    value: Any = written
    with contextlib.suppress(JsonError):
        value = parse_strict_json(written)
    finder = None
    if operator == "=~":
        value = value if isinstance(value, str) else written
        try:
            finder = Finder(compile_pattern(value))
        except QueryInvalid as error:
            place = start + (error.position if value == written else 0)
            raise QueryInvalid(error.why, text, place) from None
    keys, steps = _keys(compiled), steps_of(compiled)
    return JsonQuery(text, path, operator, value, compiled, finder, keys, steps)


def parse_json_path(text: str) -> JsonQuery:
    """An RFC 9535 query alone, as `--ignore` and `capture` take it. Raises QueryInvalid."""
    compiled = _compile(text, text)
    keys, steps = _keys(compiled), steps_of(compiled)
    return JsonQuery(text, text, _compiled=compiled, _keys=keys, _steps=steps)


def _operator(text: str) -> tuple[int, str] | None:
    """Where the first operator outside of brackets and quotes stands."""
    depth = at = 0
    while at < len(text):
        inside = INSIDE.match(text, at)
        if inside is not None:
            depth += 1 if inside[0] in "[({" else -1 if inside[0] in "])}" else 0
            at = inside.end()
            continue
        operator = OPERATOR.match(text, at) if depth <= 0 else None
        if operator is not None:
            return at, operator[0]
        at += 1
    return None


def _compile(path: str, text: str) -> "JSONPathQuery":
    from jsonpath_rfc9535 import JSONPathError

    if not path.startswith("$"):
        raise QueryInvalid("a query begins with $", text, 0)
    try:
        return _environment().compile(path)
    except JSONPathError as error:
        place = error.token.index if error.token is not None else 0
        why = str(error.args[0]) if error.args else "not a query"
        raise QueryInvalid(why, text, min(max(place, 0), len(path))) from None
    except (RecursionError, OverflowError):
        raise QueryInvalid("a query that is too large", text, 0) from None


def _keys(query: "JSONPathQuery") -> Location | None:
    """The names and indices of a singular query (RFC 9535 2.3.5.1), else None."""
    from jsonpath_rfc9535.segments import JSONPathChildSegment
    from jsonpath_rfc9535.selectors import IndexSelector, NameSelector

    keys: list[str | int] = []
    for segment in query.segments:
        if not isinstance(segment, JSONPathChildSegment) or len(segment.selectors) != 1:
            return None
        match segment.selectors[0]:
            case NameSelector(name=name):
                keys.append(name)
            case IndexSelector(index=index):
                keys.append(index)
            case _:
                return None
    return tuple(keys)


@lru_cache(maxsize=1)
def _environment() -> "JSONPathEnvironment":
    from jsonpath_rfc9535 import JSONPathEnvironment

    class Deep(JSONPathEnvironment):
        max_recursion_depth = MAX_DEPTH + 2

    return Deep()


def _with_floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_floats(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def _at(value: Any, location: Location) -> Any:
    for key in location:
        value = value[key]
    return value


def value_at(value: Any, keys: Location) -> Any:
    """What stands at the place that a singular query names, else MISSING."""
    for key in keys:
        if isinstance(key, str):
            if not isinstance(value, dict) or key not in value:
                return MISSING
        elif not isinstance(value, list) or not -len(value) <= key < len(value):
            return MISSING
        value = value[key]
    return value


def _order(one: Any, other: Any) -> int | None:
    """RFC 9535 2.3.5.2.2: only numbers with numbers and strings with strings have an order."""
    if isinstance(one, float):
        one = Decimal(repr(one))
    numbers = (int, Decimal)  # by type: true is an int too
    if type(one) in numbers:
        if type(other) not in numbers:
            return None
    elif not isinstance(one, str) or not isinstance(other, str):
        return None
    return int(one > other) - int(one < other)


def _scalar(value: Any) -> str | None:
    """The text of a string or number."""
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return str(value) if is_number else None
