"""What a line of a session file says, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wsdebug.session.frames import SEPARATOR, FrameLine, Happened, MessageRun

__all__ = [
    "LINE_LIMIT",
    "SEPARATOR",
    "Damaged",
    "Event",
    "FrameLine",
    "Happened",
    "Header",
    "Line",
    "MessageRun",
    "Note",
    "Wait",
]

# bytes of a line that are ever read at once: a message of 64 MiB takes at most some 400 MiB
LINE_LIMIT = 1 << 29


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: what was connected to, and how to connect again.

    `raw` is the whole JSON object as it stands, unknown keys included, for rewriting.
    """

    number: int
    url: str
    version: int | None = None
    started: str | None = None  # RFC 3339 UTC
    headers: tuple[tuple[str, str], ...] = ()
    subprotocols: tuple[str, ...] = ()
    connect: Mapping[str, Any] = field(default_factory=dict)
    redacted: tuple[str, ...] = ()
    keeps_wire: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a connection: `connecting`, `dns`, … `closed`, `end`."""

    number: int
    time_us: int | None
    name: str
    fields: Mapping[str, Any]  # all keys but `t`, `c` and `event`
    connection: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A person's remark, on a line or on the moment."""

    number: int
    time_us: int | None
    text: str
    on: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause written by hand."""

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Damaged:
    """A line that is not of this format; `why` says so in words."""

    number: int
    why: str
    data: bytes  # at most the first 64 KiB
    is_newer: bool = False  # a header of a later format version: the file cannot be read


Line = Header | FrameLine | Event | Note | Wait | Damaged
