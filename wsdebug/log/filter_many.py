"""A filter's tree as a function of many lines at once: JSON is asked faster so."""

from collections.abc import Callable, Sequence
from itertools import compress

from wsdebug.log.filter_terms import AllOf, AnyOf, JsonIs, Node, Not
from wsdebug.log.json_many import json_tests
from wsdebug.log.records import Record, is_frame, payload_text
from wsdebug.payload.json_query import JsonQuery

__all__ = ["Many", "build_many", "has_json"]

LineTest = Callable[[Record, int], bool]  # of a line and its number
# of records, each a message by itself, and of their numbers: the places among some that are taken
Many = Callable[[Sequence[Record], Sequence[int], Sequence[int]], Sequence[int]]


def has_json(node: Node) -> bool:
    """Whether a payload is asked for what it says as JSON."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            return any(map(has_json, parts))
        case Not(part):
            return has_json(part)
    return isinstance(node, JsonIs)


def build_many(node: Node, line_test: Callable[[Node], LineTest]) -> Many:
    """The function of a tree, of those that `line_test` gives for what has no JSON in it."""
    match node:
        case JsonIs(query):
            return _matches(query)
        case _ if not has_json(node):
            return _each(line_test(node))
        case AllOf(parts):
            return _all([build_many(part, line_test) for part in sorted(parts, key=has_json)])
        case AnyOf(parts):
            return _any([build_many(part, line_test) for part in sorted(parts, key=has_json)])
        case Not(part):
            return _not(build_many(part, line_test))
    raise AssertionError(f"{node} has no JSON in it")


def _each(test: LineTest) -> Many:
    return lambda records, lines, places: [at for at in places if test(records[at], lines[at])]


def _all(parts: list[Many]) -> Many:
    def taken(
        records: Sequence[Record], lines: Sequence[int], places: Sequence[int]
    ) -> Sequence[int]:
        for part in parts:
            places = part(records, lines, places)
        return places

    return taken


def _any(parts: list[Many]) -> Many:
    def taken(
        records: Sequence[Record], lines: Sequence[int], places: Sequence[int]
    ) -> Sequence[int]:
        found: set[int] = set()
        for part in parts:
            found.update(part(records, lines, [at for at in places if at not in found]))
        return sorted(found)

    return taken


def _not(part: Many) -> Many:
    def taken(
        records: Sequence[Record], lines: Sequence[int], places: Sequence[int]
    ) -> Sequence[int]:
        gone = set(part(records, lines, places))
        return [at for at in places if at not in gone]

    return taken


def _matches(query: JsonQuery) -> Many:
    tests = json_tests(query)

    def taken(
        records: Sequence[Record], lines: Sequence[int], places: Sequence[int]
    ) -> Sequence[int]:
        chosen = records if len(places) == len(records) else [records[at] for at in places]
        texts = [
            record.recv if record.op is None and record.recv.__class__ is str else _text(record)
            for record in chosen
        ]
        if None in texts:
            places = [at for at, text in zip(places, texts, strict=True) if text is not None]
        found = tests([text for text in texts if text is not None])
        return [*compress(places, found)] if False in found else places

    return taken


def _text(record: Record) -> str | None:
    return payload_text(record) if is_frame(record) else None
