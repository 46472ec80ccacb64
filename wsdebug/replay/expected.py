"""One message that a script expects, and how a live one compares with it."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wsdebug.payload.json_query import JsonQuery, Location
from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.replay.messages import Message
from wsdebug.replay.patterns import compare_json, compile_template, expand_pattern
from wsdebug.replay.results import ABSENT, Difference
from wsdebug.replay.templates import expand_text
from wsdebug.wire.close import CloseBody, parse_close
from wsdebug.wire.frame import Opcode, opcode_name

__all__ = ["NO_VALUE", "Capture", "Expected", "Live", "Rules", "json_of"]

NO_VALUE = object()  # of a payload that is not JSON
CONTAINERS = (b"{", b"[")
BITS = ("fin", "rsv1", "rsv2", "rsv3", "length_form")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every comparison of a session.

    `ignore` are places that are left out, `replace` what is normalised before, in order; with
    `strict_frames` frames are compared, with their bits.
    """

    ignore: tuple[JsonQuery, ...] = ()
    replace: tuple[tuple[re.Pattern[str], str], ...] = ()
    strict_frames: bool = False

    def normalised(self, payload: bytes) -> bytes:
        """The payload after `replace`; what is not UTF-8 stays as it is."""
        if not self.replace:
            return payload
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            return payload
        for pattern, replacement in self.replace:
            text = pattern.sub(replacement, text)
        return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Capture:
    """A variable taken from an answer: by a query, or by the first group of an expression."""

    name: str
    query: JsonQuery | None = None
    pattern: re.Pattern[str] | None = None

    def take(self, live: "Live") -> Any:
        """The value, or ABSENT."""
        if self.query is not None:
            value = json_of(live.message.payload or b"", live.message.opcode)
            found = self.query.values(value) if value is not NO_VALUE else []
            return found[0] if found else ABSENT
        assert self.pattern is not None
        match = self.pattern.search((live.message.payload or b"").decode("utf-8", "replace"))
        if match is None:
            return ABSENT
        return match[1 if self.pattern.groups else 0] or ""

    def words(self) -> str:
        """The query or the expression."""
        return self.query.text if self.query else self.pattern.pattern if self.pattern else ""


class Live:
    """A message that came, parsed once however often it is compared.

    `after` is the line of the script that was played, or had come, before it; `is_late` says
    that it came after everything that the recording has.
    """

    def __init__(
        self, message: Message, rules: Rules, *, after: int = 0, is_late: bool = False
    ) -> None:
        self.message = message
        self.after = after
        self.is_late = is_late
        self._rules = rules

    @cached_property
    def payload(self) -> bytes:
        """Normalised; empty where it could not be inflated."""
        return self._rules.normalised(self.message.payload or b"")

    @cached_property
    def value(self) -> Any:
        """As JSON, or NO_VALUE."""
        return json_of(self.payload, self.message.opcode)

    @cached_property
    def ignored(self) -> frozenset[Location]:
        """Where the session's `ignore` points."""
        return _locations(self._rules.ignore, self.value)


@dataclass(frozen=True, eq=False)
class Expected:
    """A message of the script with the keys of its line; `index` counts those of a connection.

    `pattern` is that of `{"json": …}`, `regex` that of `{"regex": …}`; both are None where the
    payload stands in the message. `opcode` is None where any will do. `is_judged` is false where
    it may come or not, and is not reported.
    """

    index: int
    message: Message
    rules: Rules
    opcode: int | None
    has_pattern: bool = False
    pattern: Any = None
    regex: re.Pattern[str] | None = None
    is_subset: bool = False
    ignore: tuple[JsonQuery, ...] = ()
    captures: tuple[Capture, ...] = ()
    names: frozenset[str] = frozenset()  # declared variables that stand in it
    timeout: float | None = None  # seconds
    optional: bool = False
    skip: bool = False
    any_reason: bool = False  # of a close
    is_judged: bool = True

    def compare(self, live: Live, variables: Mapping[str, Any]) -> list[Difference]:
        """Where the live message is not as expected."""
        message = live.message
        if self.opcode is not None and self.opcode != message.opcode:
            return [Difference("opcode", opcode_name(self.opcode), opcode_name(message.opcode))]
        found = self._bits(message) if self.rules.strict_frames else []
        if self.opcode == Opcode.CLOSE:
            return found + self._close(message, variables)
        if not self.is_judged and message.is_control:
            return []
        return found + self._payload(live, variables)

    def take(self, live: Live, into: dict[str, Any]) -> list[Difference]:
        """Take the captures of a message that came; gives those that were not there."""
        found: list[Difference] = []
        for capture in self.captures:
            value = capture.take(live)
            if value is ABSENT:
                found.append(Difference(f"capture {capture.name}", capture.words(), ABSENT))
            else:
                into[capture.name] = value
        return found

    def ignored(self, live: Live) -> frozenset[Location]:
        """The places of a live message that are left out."""
        return live.ignored | _locations(self.ignore, live.value)

    @cached_property
    def key(self) -> Hashable | None:
        """The same for every live message that is as expected, by `key_of`; None where only
        comparing tells.
        """
        is_exact = not (self.has_pattern or self.regex or self.is_subset or self.names)
        if not is_exact or self.ignore or self.opcode is None or self.opcode > Opcode.BINARY:
            return None
        if self.message.kept is not None or self.rules.strict_frames:
            return None
        return key_of(Live(self.message, self.rules))

    def _bits(self, message: Message) -> list[Difference]:
        one, other = self.message.first, message.first
        pairs = [(bit, getattr(one.frame, bit), getattr(other.frame, bit)) for bit in BITS]
        pairs.append(("bad", list(one.bad), list(other.bad)))
        return [Difference(bit, was, now) for bit, was, now in pairs if was != now]

    def _close(self, message: Message, variables: Mapping[str, Any]) -> list[Difference]:
        written, came = self.message.payload or b"", message.payload or b""
        expected, got = parse_close(written), parse_close(came)
        if expected is None or got is None:
            return [] if written == came else [Difference("payload", written, came)]
        found: list[Difference] = []
        if expected.code != got.code:
            found.append(Difference("code", _code(expected), _code(got)))
        reason = expand_text(expected.reason, variables)
        if not self.any_reason and reason != got.reason:
            found.append(Difference("reason", reason, got.reason))
        return found

    def _payload(self, live: Live, variables: Mapping[str, Any]) -> list[Difference]:
        came = live.message.payload
        if self.regex is not None:
            regex = self._regex(self.regex, variables)
            text = live.payload.decode("utf-8", "surrogateescape")
            is_like = came is not None and regex.search(text)
            rule = f"like {regex.pattern}"
            return [] if is_like else [Difference("payload", regex.pattern, came, rule)]
        if self.has_pattern:
            return self._json(live, self._pattern(variables))
        written = self.message.payload
        if written is None or came is None:
            is_same = written is None and came is None
            return [] if is_same else [Difference("payload", written, came)]
        if written == came and not self.names:
            return []
        known = [size for size in (self.message.kept, live.message.kept) if size is not None]
        if known:
            kept = min(known)
            is_same = written[:kept] == came[:kept]
            return [] if is_same else [Difference("payload", written, came)]
        expected = self._written(variables)
        value = json_of(expected, self.message.opcode)
        if value is NO_VALUE or live.value is NO_VALUE:
            is_same = expected == live.payload
            return [] if is_same else [Difference("payload", expected, live.payload)]
        return self._json(live, value)

    def _json(self, live: Live, expected: Any) -> list[Difference]:
        if live.value is NO_VALUE:
            return [Difference("payload", expected, live.message.payload, "JSON")]
        return compare_json(
            expected,
            live.value,
            is_pattern=self.has_pattern,
            is_subset=self.is_subset,
            ignored=self.ignored(live) | self._ignored_in(expected),
        )

    def _ignored_in(self, expected: Any) -> frozenset[Location]:
        return _locations((*self.rules.ignore, *self.ignore), expected)

    def _regex(self, regex: re.Pattern[str], variables: Mapping[str, Any]) -> re.Pattern[str]:
        return compile_template(regex.pattern, variables) if self.names else regex

    def _written(self, variables: Mapping[str, Any]) -> bytes:
        payload = self.message.payload or b""
        if self.names:
            payload = expand_text(payload.decode(), variables).encode("utf-8", "surrogatepass")
        return self.rules.normalised(payload)

    def _pattern(self, variables: Mapping[str, Any]) -> Any:
        if not self.names:
            return self._plain_pattern
        return self._normalised_pattern(expand_pattern(self.pattern, variables))

    @cached_property
    def _plain_pattern(self) -> Any:
        return self._normalised_pattern(self.pattern)

    def _normalised_pattern(self, pattern: Any) -> Any:
        if not self.rules.replace:
            return pattern
        text = self.rules.normalised(json_text(pattern).encode())
        value = json_of(text, Opcode.TEXT)
        return pattern if value is NO_VALUE else value


def json_of(payload: bytes, opcode: int) -> Any:
    """The JSON value of a payload, or NO_VALUE; a binary one only where it is an array or object:
    four digits in binary are no number.
    """
    if opcode != Opcode.TEXT and not payload.lstrip()[:1].startswith(CONTAINERS):
        return NO_VALUE
    try:
        return parse_strict_json(payload)
    except JsonError:
        return NO_VALUE


def key_of(live: Live) -> Hashable:
    """Equal for messages that are equal by structure, less what the session ignores."""
    opcode = live.message.opcode
    if live.message.payload is None:
        return opcode, None
    if live.value is NO_VALUE:
        return opcode, live.payload
    return opcode, _canonical(live.value, (), live.ignored)


def _canonical(value: Any, at: Location, ignored: frozenset[Location]) -> Hashable:
    if at in ignored:
        return ("ignored",)
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, dict):
        return frozenset(
            (name, _canonical(item, (*at, name), ignored))
            for name, item in value.items()
            if (*at, name) not in ignored
        )
    if isinstance(value, list):
        items = tuple(_canonical(item, (*at, i), ignored) for i, item in enumerate(value))
        return "list", items
    scalar: Hashable = value
    return scalar


def _code(body: CloseBody) -> Any:
    return body.code if body.code is not None else ABSENT


def _locations(queries: Iterable[JsonQuery], value: Any) -> frozenset[Location]:
    if value is NO_VALUE:
        return frozenset()
    return frozenset(place for query in queries for place in query.locations(value))
