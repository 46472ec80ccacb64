"""A message that came, as it is compared: normalised, as JSON, with what is left out of it."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from wsdebug.log.joined import Message
from wsdebug.payload.json_query import JsonQuery, Location
from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.payload.pattern import finder_of
from wsdebug.replay.script import Script
from wsdebug.replay.settings import Settings
from wsdebug.wire.frame import Opcode

__all__ = ["NO_VALUE", "Live", "Rules", "json_of", "key_of", "locations_of"]

NO_VALUE = object()  # of a payload that is not JSON
CONTAINERS = (b"{", b"[")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every comparison of a session.

    `ignore` are places that are left out, `replace` what is normalised before, in order; with
    `strict_frames` frames are compared, with their bits.
    """

    ignore: tuple[JsonQuery, ...] = ()
    replace: tuple[tuple[re.Pattern[str], str], ...] = ()
    strict_frames: bool = False

    @classmethod
    def of(cls, settings: Settings, *scripts: Script) -> Self:
        """Those of the sessions that are compared, and of the settings."""
        ignore = [query for script in scripts for query in script.ignore]
        replaced = [rule for script in scripts for rule in script.replace]
        return cls((*ignore, *settings.ignore), tuple(replaced), settings.strict_frames)

    def normalised(self, payload: bytes) -> bytes:
        """The payload after `replace`; what is not UTF-8 stays as it is."""
        if not self.replace:
            return payload
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            return payload
        for pattern, replacement in self.replace:
            text = finder_of(pattern).sub(replacement, text)
        return text.encode("utf-8", "surrogatepass")


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
        return locations_of(self._rules.ignore, self.value)


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


def locations_of(queries: Iterable[JsonQuery], value: Any) -> frozenset[Location]:
    """Where queries point in a value that may be none."""
    if value is NO_VALUE:
        return frozenset()
    return frozenset(place for query in queries for place in query.locations(value))
