"""One message that a script expects, and how a live one compares with it."""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wsdebug.log.joined import Message
from wsdebug.payload.json_query import JsonQuery, Location
from wsdebug.payload.json_text import json_text
from wsdebug.payload.pattern import finder_of
from wsdebug.replay.came import NO_VALUE, Live, Rules, json_of, key_of, locations_of
from wsdebug.replay.patterns import compare_json, compile_template, expand_pattern
from wsdebug.replay.results import ABSENT, Difference
from wsdebug.replay.templates import expand_text
from wsdebug.wire.close import CloseBody, parse_close
from wsdebug.wire.frame import Opcode, opcode_name

__all__ = ["Capture", "Expected"]

BITS = ("fin", "rsv1", "rsv2", "rsv3", "length_form")


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
        text = (live.message.payload or b"").decode("utf-8", "replace")
        match = finder_of(self.pattern).search(text)
        if match is None:
            return ABSENT
        return match[1 if self.pattern.groups else 0] or ""

    def words(self) -> str:
        """The query or the expression."""
        return self.query.text if self.query else self.pattern.pattern if self.pattern else ""


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

    @property
    def is_answer(self) -> bool:
        """Whether it is data that has to come."""
        is_data = self.opcode is None or self.opcode <= Opcode.BINARY
        return is_data and self.is_judged and not self.optional

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
        return live.ignored | locations_of(self.ignore, live.value)

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
            is_like = came is not None and finder_of(regex).finds(text)
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
        return locations_of((*self.rules.ignore, *self.ignore), expected)

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


def _code(body: CloseBody) -> Any:
    return body.code if body.code is not None else ABSENT
