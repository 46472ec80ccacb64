"""What must stand in a line for a filter to take it, so that the other lines need no decoding."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from json.encoder import encode_basestring
from typing import Any

import regex

from wsdebug.log.filter_terms import (
    AllOf,
    AnyOf,
    BadIs,
    EventIs,
    FlagIs,
    JsonIs,
    Node,
    NoteHas,
    OpcodeIs,
    Pattern,
    Word,
)
from wsdebug.log.index import LineIndex
from wsdebug.log.json_needles import member_pattern
from wsdebug.log.windows import Window
from wsdebug.payload.json_query import JsonQuery
from wsdebug.wire.frame import Opcode

__all__ = ["HASTE", "Needle", "PlainWindows", "are_dense", "find_lines", "needles_of"]

HASTE = 1 << 19  # bytes of a window that is worth a look before it is decoded
SHORTEST = 2  # bytes that are worth looking for
SAMPLE = 1 << 14  # bytes in which they are counted first
DENSE = 8  # where every eighth line has one, decoding all lines is faster
DENSE_JSON = 3  # JSON takes longer
FAR = 1 << 16  # bytes in which lines are counted, rather than asked for
# The library lets other threads run meanwhile, and is faster at this than `in`.
FRAGMENT = regex.compile(rb'fin"')  # faster than with its first quote, and hardly less exact
ESCAPE = regex.compile(rb"\\u")
HAND_WRITTEN = regex.compile(rb'"json"')
# İ and the sign of Kelvin: their small letters begin with, or are, one of ASCII
FOLDED = [regex.compile(letter.encode()) for letter in "\u0130\u212a"]
LETTERS = re.compile(rb"[a-zA-Z_\x80-\xff-]+")
LITERAL = re.compile(r"[^\\.^$*+?{}\[\]|()]+")  # of a regular expression
IMPLIED = (Opcode.TEXT, Opcode.BINARY, Opcode.CLOSE)  # by the form of the payload
OPTIONAL = ("*", "?", "{")


@dataclass(frozen=True, slots=True)
class Needle:
    """Bytes as they stand in a line; in lower case, for any case, with `any_case`; or a regular
    expression for them.
    """

    data: bytes
    any_case: bool = False
    is_pattern: bool = False


class PlainWindows:
    """Which windows of a log are plain for which needles; remembers, since any filter asks.

    In a plain window every line is a frame whose payload is a string with no escapes but those
    that are needed, no letter beyond ASCII whose small one is within, and a message by itself:
    what does not stand in the line as a needle is not in its payload. A `json` payload, which is
    spelled anew, could only pass for one where it has a member of the right name: needles of
    letters are the same there too.
    """

    def __init__(self) -> None:
        self._plain: dict[tuple[int, int], bool] = {}  # by first line and lines
        self._recorded: dict[tuple[int, int], bool] = {}  # also without `json`

    def __len__(self) -> int:
        """Windows that were looked at."""
        return len(self._plain)

    def is_plain(self, window: Window, needles: Sequence[Needle] = ()) -> bool:
        """Whether lines of a window without any of the needles have them nowhere."""
        if len(window.data) < HASTE:
            return False
        place = (window.first, window.lines)
        if place not in self._plain:
            self._plain[place] = _is_plain(window)
        if not self._plain[place] or all(LETTERS.fullmatch(needle.data) for needle in needles):
            return self._plain[place]
        if place not in self._recorded:
            self._recorded[place] = HAND_WRITTEN.search(window.data, concurrent=True) is None
        return self._recorded[place]


def _is_plain(window: Window) -> bool:
    data = window.data
    strings = data.count(b',"recv":"')
    if strings != window.lines:
        strings += data.count(b',"send":"')
    return (
        strings == window.lines
        and FRAGMENT.search(data, concurrent=True) is None
        and ESCAPE.search(data, concurrent=True) is None
        and (
            data.isascii() or all(letter.search(data, concurrent=True) is None for letter in FOLDED)
        )
    )


def needles_of(node: Node) -> tuple[Needle, ...]:
    """At least one of these stands in the line of what a filter takes; empty if none is known."""
    match node:
        case AllOf(parts):
            known = [found for found in map(needles_of, parts) if found]
            return max(known, key=_worth, default=())
        case AnyOf(parts):
            found = [needles_of(part) for part in parts]
            return tuple(needle for part in found for needle in part) if all(found) else ()
        case Word(text):
            return _needle(text, any_case=node.any_case)
        case JsonIs(query):
            return _of_query(query)
        case Pattern(compiled):
            return _of_pattern(compiled)
    return _of_key(node)


def _of_key(node: Node) -> tuple[Needle, ...]:
    """The key that a line has where it is not as most are."""
    match node:
        case OpcodeIs(opcode) if opcode not in IMPLIED:
            key = "op"
        case FlagIs(name, value) if value is (name != "fin") and name != "mask":
            key = name
        case BadIs():
            key = "bad"
        case EventIs():
            key = "event"
        case NoteHas():
            key = "note"
        case _:
            return ()
    return (Needle(f'"{key}"'.encode()),)


def _of_query(query: JsonQuery) -> tuple[Needle, ...]:
    pattern = member_pattern(query)
    if pattern is not None:
        best: tuple[Needle, ...] = (Needle(pattern, is_pattern=True),)
    else:
        literals = [_needle(literal, any_case=False) for literal in query.literals]
        best = max((found for found in literals if found), key=_worth, default=())
    # a payload with a backslash in it may spell them otherwise
    return (*best, Needle(b"\\\\")) if best else ()


def _worth(needles: tuple[Needle, ...]) -> tuple[int, int]:
    return -len(needles), min(len(needle.data) for needle in needles)


def _needle(text: str, *, any_case: bool) -> tuple[Needle, ...]:
    """The longest part of a text that is spelled in one way only."""
    # a slash may be escaped, and capitals beyond ASCII are found by other means
    parts = re.split(r"[^\x00-.0-\x7f]" if any_case else r"/", text)
    try:
        best = encode_basestring(max(parts, key=len))[1:-1].encode()
    except UnicodeEncodeError:
        return ()
    if len(best) < SHORTEST or b"\\u" in best:
        return ()
    return (Needle(best.lower() if any_case else best, any_case),)


def _of_pattern(compiled: re.Pattern[str]) -> tuple[Needle, ...]:
    """The longest run of characters that stand for themselves in every match."""
    pattern, best = compiled.pattern, ""
    if "|" in pattern or "(?" in pattern or compiled.flags & re.VERBOSE:
        return ()
    any_case = bool(compiled.flags & re.IGNORECASE)
    depth = 0
    for found in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]|" + LITERAL.pattern, pattern):
        text = found[0]
        depth += (text == "(") - (text == ")")
        if depth or text[0] in "\\[()":
            continue
        if pattern[found.end() : found.end() + 1] in OPTIONAL:
            text = text[:-1]
        parts = re.split("[iksIKS]", text) if any_case else [text]  # they match beyond ASCII
        best = max(best, *parts, key=len)
    return _needle(best, any_case=any_case)


def are_dense(window: Window, needles: tuple[Needle, ...]) -> bool:
    """Whether so many lines seem to have a needle that all of them are best decoded."""
    sample = window.data[:SAMPLE]
    folded = sample.lower()
    found = sum(
        sum(1 for _ in re.finditer(_source(each), folded if each.any_case else sample))
        for each in needles
    )
    dense = DENSE_JSON if any(each.is_pattern for each in needles) else DENSE
    return found * dense * len(window.data) > window.lines * len(sample)


def find_lines(
    window: Window, needles: Sequence[Needle], index: LineIndex
) -> list[tuple[int, bytes]]:
    """The numbers and bytes of the lines with a needle in them, without newlines."""
    data = window.data
    folded = data.lower() if any(needle.any_case for needle in needles) else data
    starts: set[int] = set()
    for needle in needles:
        searched, search = folded if needle.any_case else data, _search(needle)
        found = search(searched)
        while found:
            starts.add(data.rfind(b"\n", 0, found.start()) + 1)
            end = data.find(b"\n", found.start())
            found = search(searched, end) if end >= 0 else None
    lines = []
    number, counted = window.first, 0
    offset = window.after[0] - len(data)
    for start in sorted(starts):
        if start - counted > FAR:
            known, first = index.before(offset + start)
            if known - offset > counted:
                number, counted = first, known - offset
        number += data.count(b"\n", counted, start)
        counted = start
        end = data.find(b"\n", start)
        lines.append((number, data[start : end if end >= 0 else len(data)]))
    return lines


def _source(needle: Needle) -> bytes:
    return needle.data if needle.is_pattern else re.escape(needle.data)


@lru_cache(maxsize=16)
def _search(needle: Needle) -> Callable[..., Any]:
    if needle.is_pattern:
        return re.compile(needle.data).search
    compiled = regex.compile(regex.escape(needle.data, special_only=True, literal_spaces=True))
    return partial(compiled.search, concurrent=True)
