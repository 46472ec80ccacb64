"""Ids and tokens that are others in each run: carried from live answers into later sends."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from wsdebug.payload.json_scan import JsonError, scan
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.replay.came import NO_VALUE, json_of
from wsdebug.replay.expected import Expected
from wsdebug.replay.patterns import scalars_of
from wsdebug.replay.results import Difference

__all__ = ["Correlation"]

# fmt: off
ID_WORDS = frozenset((
    "auth", "csrf", "cursor", "guid", "handle", "id", "ids", "jwt", "key", "nonce", "ref",
    "secret", "session", "sid", "ticket", "token", "uid", "uuid",
))
# fmt: on
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# By its looks: a UUID, a long mix of letters and digits, a long number.
LOOKS = re.compile(
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?=[^0-9]*[0-9])[A-Za-z0-9_\-+/=.~]{16,}|[0-9]{6,}"
)
TOKEN = re.compile(r"[A-Za-z0-9_\-+/=.~]{4,}")
WORD = re.compile(r"[A-Za-z0-9_\-]{4,}")
SHORT = 4  # characters: what is shorter is only looked for where a name says that it is an id


class Correlation:
    """Which values of the recorded answers stand in later sends, and what they are this time.

    Values are compared as they are spelled: 17 in an answer is `17` in a text.
    """

    def __init__(self) -> None:
        self._first: dict[str, int] = {}  # recorded values, and the first answer with each
        self._used: set[str] = set()  # those that later sends carry
        self._carried: dict[str, Any] = {}  # what they are in this run

    def learn(self, expected: Expected) -> None:
        """Note the ids of a recorded answer; called in the order of the script."""
        payload = expected.message.payload or b""
        value = json_of(payload, expected.message.opcode)
        if value is NO_VALUE:
            for token in TOKEN.findall(payload.decode("utf-8", "replace")):
                if LOOKS.fullmatch(token):
                    self._first.setdefault(token, expected.index)
            return
        for location, item in scalars_of(value):
            if _is_id(_name(location), item):
                self._first.setdefault(_spelled(item), expected.index)

    def needs(self, payload: str | bytes) -> set[int]:
        """The answers whose values a later send carries."""
        if isinstance(payload, bytes):
            return set()
        found: set[int] = set()

        def note(spelled: str) -> None:
            if spelled in self._first:
                self._used.add(spelled)
                found.add(self._first[spelled])

        _replaced(payload, note)
        return found

    def explains(self, differences: Iterable[Difference]) -> list[Difference] | None:
        """The values that are carried from here on, where nothing but they differ; else None."""
        found: list[Difference] = []
        for difference in differences:
            pairs = _pairs(difference)
            if pairs is None:
                return None
            for was, now in pairs:
                spelled = _spelled(was)
                if spelled in self._carried:
                    if _spelled(self._carried[spelled]) != _spelled(now):
                        return None
                elif spelled in self._used:
                    found.append(Difference(difference.what, was, now))
                else:
                    return None
        return found

    def carry(self, differences: Iterable[Difference]) -> None:
        """From now on these are sent as they came."""
        for difference in differences:
            self._carried[_spelled(difference.expected)] = difference.got

    def apply(self, payload: str | bytes) -> str | bytes:
        """What is sent, with the values of this run."""
        if isinstance(payload, bytes) or not self._carried:
            return payload
        return _replaced(payload, self._carried.get)


def _replaced(text: str, value_of: Callable[[str], Any]) -> str:
    """A text in which each value is another where there is one; all else stays as it is spelled.

    In JSON these are strings and numbers, and tokens inside of strings; else tokens.
    """
    try:
        found = list(scan(text))
    except JsonError:
        return _inside(text, value_of)
    parts: list[str] = []
    name, done = "", 0
    for kind, start, end in found:
        piece = text[start:end]
        if kind == "name":
            name = parse_strict_json(piece)
        elif kind in ("string", "number"):
            new = _scalar(piece, value_of, may_be_short=_is_id_name(name))
            if new is not None:
                parts += (text[done:start], new)
                done = end
    return "".join((*parts, text[done:]))


def _scalar(piece: str, value_of: Callable[[str], Any], *, may_be_short: bool) -> str | None:
    """A string or number as it is spelled now, None where it stays."""
    is_string = piece.startswith('"')
    value: str = parse_strict_json(piece) if is_string else piece
    whole = value_of(value) if len(value) >= SHORT or may_be_short else None
    if whole is not None:
        return json_text(_spelled(whole) if is_string else whole)
    inner = _inside(value, value_of) if is_string else value
    return json_text(inner) if inner != value else None


def _inside(text: str, value_of: Callable[[str], Any]) -> str:
    """A text with its tokens replaced, or the words that a token is made of."""

    def word(match: re.Match[str]) -> str:
        return _text_of(value_of(match[0])) or match[0]

    def token(match: re.Match[str]) -> str:
        return _text_of(value_of(match[0])) or WORD.sub(word, match[0])

    return TOKEN.sub(token, text)


def _pairs(difference: Difference) -> list[tuple[Any, Any]] | None:
    """What was and what is in a difference, if it is one of ids."""
    was, now = difference.expected, difference.got
    if isinstance(difference.what, tuple):
        is_same_kind = isinstance(was, str) == isinstance(now, str)
        fits = is_same_kind and _is_scalar(was) and _is_scalar(now)
        return [(was, now)] if fits else None
    if difference.what != "payload" or not (isinstance(was, bytes) and isinstance(now, bytes)):
        return None
    one, other = was.decode("utf-8", "replace"), now.decode("utf-8", "replace")
    if TOKEN.sub("\0", one) != TOKEN.sub("\0", other):
        return None
    pairs = zip(TOKEN.findall(one), TOKEN.findall(other), strict=True)
    return [(old, new) for old, new in pairs if old != new]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | Decimal) and not isinstance(value, bool)


def _is_id(name: str, value: Any) -> bool:
    if not _is_scalar(value) or value == "":
        return False
    return _is_id_name(name) or LOOKS.fullmatch(_spelled(value)) is not None


def _is_id_name(name: str) -> bool:
    words = WORDS.findall(name)
    return bool(words) and words[-1].lower() in ID_WORDS


def _name(location: tuple[str | int, ...]) -> str:
    return next((key for key in reversed(location) if isinstance(key, str)), "")


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json_text(value)


def _text_of(value: Any) -> str | None:
    return None if value is None else _spelled(value)
