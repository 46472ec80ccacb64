"""The values behind a filter's `name:`, each to its term."""

import math
import re
from collections.abc import Callable
from difflib import get_close_matches

from wsdebug.log.filter_terms import (
    BadIs,
    DirectionIs,
    EventIs,
    FactHas,
    FactName,
    FlagIs,
    Node,
    NoteHas,
    NumberIn,
    NumberName,
    OpcodeIs,
)
from wsdebug.wire.frame import OPCODE_NAMES
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["EVENTS", "FACTS", "NAMES", "BadValue", "Names", "near"]

EVENTS = (
    *("connecting", "dns", "tcp", "proxy", "tls", "request", "response", "open", "closed"),
    *("error", "reconnect", "gap", "clock", "bytes", "meta", "end"),
)
OPCODES = {name: opcode for opcode, name in OPCODE_NAMES.items()}
COMPARED = re.compile(r"(>=|<=|>|<|=?)(.+)")
UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
SIZE = re.compile(r"([0-9]{1,18}(?:\.[0-9]{1,9})?)([kmg]?)b?", re.IGNORECASE)
SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}
PART = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?)(h|ms|m|s|us|µs)")
PLAIN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
CLOCK = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,9})?)")
NO_NUMBER = "write {0}:5, {0}:>5, {0}:<=5 or {0}:5..10"
NUMBERS: tuple[NumberName, ...] = ("size", "wire", "c", "code", "t", "line")
FACT_NUMBERS: tuple[NumberName, ...] = ("size", "frames", "duration", "code")
WORDS: tuple[FactName, ...] = ("host", "name", "tag", "title")
TIMES = ("t", "duration")


class BadValue(ValueError):
    """A value that its term cannot take; `at` counts characters from the value's start."""

    def __init__(self, why: str, at: int = 0) -> None:
        super().__init__(why)
        self.at = at


def near(word: str, words: tuple[str, ...]) -> str:
    """The word that was probably meant, or all of them."""
    found = get_close_matches(word, words, n=1)
    return f"did you mean {found[0]}?" if found else f"it is one of {', '.join(words)}"


def _direction(name: str, value: str) -> Node:
    if value not in ("in", "out"):
        raise BadValue("a direction is in or out")
    return DirectionIs(value == "out")


def _opcode(name: str, value: str) -> Node:
    opcode = OPCODES.get(value)
    if opcode is None:
        try:
            opcode = int(value, 16 if value.lower().startswith("0x") else 10)
        except ValueError:
            raise BadValue(f"no such opcode; {near(value, tuple(OPCODES))}") from None
    if not 0 <= opcode <= 15:
        raise BadValue("an opcode is a number from 0 to 15")
    return OpcodeIs(opcode)


def _flag(name: str, value: str) -> Node:
    if value not in ("yes", "no", "1", "0"):
        raise BadValue(f"{name} is yes or no")
    return FlagIs(name, value in ("yes", "1"))


def _bad(name: str, value: str) -> Node:
    if value != "any" and value not in VIOLATIONS:
        raise BadValue(f"no such violation; {near(value, ('any', *VIOLATIONS))}")
    return BadIs(None if value == "any" else value)


def _event(name: str, value: str) -> Node:
    if value != "any" and value not in EVENTS:
        raise BadValue(f"no such event; {near(value, ('any', *EVENTS))}")
    return EventIs(None if value == "any" else value)


def _note(name: str, value: str) -> Node:
    return NoteHas(None if value == "any" else value)


def _fact(name: str, value: str) -> Node:
    return FactHas(next(word for word in WORDS if word == name), value.lower())


def _number(name: str, value: str) -> Node:
    number = next(number for number in (*NUMBERS, *FACT_NUMBERS) if number == name)
    read = _microseconds if name in TIMES else _bytes if name in ("size", "wire") else _whole
    if name == "code" and value == "any":
        return NumberIn(number, None, None)
    low, dots, high = value.partition("..")
    if dots:
        bounds = (
            read(name, low, 0) if low else None,
            read(name, high, len(low) + 2) if high else None,
        )
        if bounds == (None, None):
            raise BadValue(NO_NUMBER.format(name))
        if bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]:
            raise BadValue("a range goes from the lower to the higher")
        return NumberIn(number, *bounds)
    compared = COMPARED.fullmatch(value)
    if compared is None:
        raise BadValue(NO_NUMBER.format(name))
    operator = compared[1]
    bound = read(name, compared[2], len(operator))
    if name in TIMES and operator in ("", "="):
        raise BadValue(f"write {name}:>5, {name}:<=5 or {name}:5..10")
    return {
        ">": NumberIn(number, bound + 1, None),
        ">=": NumberIn(number, bound, None),
        "<": NumberIn(number, None, bound - 1),
        "<=": NumberIn(number, None, bound),
    }.get(operator, NumberIn(number, bound, bound))


def _whole(name: str, text: str, at: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise BadValue(NO_NUMBER.format(name) if not at else "a whole number should stand here", at)
    return int(text)


def _bytes(name: str, text: str, at: int) -> int:
    found = SIZE.fullmatch(text)
    if found is None:
        raise BadValue("a size is a number of bytes, with k or M behind it if need be", at)
    return math.ceil(float(found[1]) * UNITS[found[2].lower()])


def _microseconds(name: str, text: str, at: int) -> int:
    seconds = 0.0
    if PLAIN.fullmatch(text):
        seconds = float(text)
    elif clock := CLOCK.fullmatch(text):
        seconds = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3])
    else:
        end = 0
        for part in PART.finditer(text):
            if part.start() != end:
                break
            seconds += float(part[1]) * SECONDS[part[2]]
            end = part.end()
        if end < len(text) or not text:
            raise BadValue("a time is a number of seconds, or like 500ms, 1m, 1h30m, 01:30", at)
    return round(seconds * 1_000_000)


Names = dict[str, Callable[[str, str], Node]]
"""The terms `name:value` of a language: each makes a term, or raises BadValue."""

NAMES: Names = {
    "dir": _direction,
    "op": _opcode,
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(("fin", "rsv1", "rsv2", "rsv3", "mask"), _flag),
    "bad": _bad,
    "event": _event,
    "note": _note,
}
FACTS: Names = {
    **dict.fromkeys(FACT_NUMBERS, _number),
    **dict.fromkeys(WORDS, _fact),
}
