"""What a filter says, as a small tree; and its terms in words, for every help screen."""

import re
from dataclasses import dataclass
from typing import Literal

from wsdebug.payload.json_query import JsonQuery

__all__ = [
    "TERMS",
    "AllOf",
    "AnyOf",
    "BadIs",
    "DirectionIs",
    "EventIs",
    "FactHas",
    "FactName",
    "Filter",
    "FlagIs",
    "JsonIs",
    "Node",
    "Not",
    "NoteHas",
    "NumberIn",
    "NumberName",
    "OpcodeIs",
    "Pattern",
    "TermHelp",
    "Word",
]

NumberName = Literal["size", "wire", "c", "code", "t", "line", "frames", "duration"]
FactName = Literal["host", "name", "tag", "title"]


@dataclass(frozen=True, slots=True)
class Word:
    """Text in the payload of a message; in any case where it has no capital letter itself."""

    text: str

    @property
    def any_case(self) -> bool:
        """Whether capital letters do not count."""
        return self.text == self.text.lower()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that is found in the payload of a message."""

    compiled: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class JsonIs:
    """A query that the payload of a message matches."""

    query: JsonQuery


@dataclass(frozen=True, slots=True)
class DirectionIs:
    """A frame that was sent, or received."""

    sent: bool


@dataclass(frozen=True, slots=True)
class OpcodeIs:
    """A frame of an opcode, 0 to 15."""

    opcode: int


@dataclass(frozen=True, slots=True)
class NumberIn:
    """A number of a line, both bounds included; None is without end.

    `size` and `wire` count bytes, `t` and `duration` microseconds. `code` is that of a close
    frame or of a `closed` event. `frames` and `duration` are those of a whole session.
    """

    name: NumberName
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class FlagIs:
    """A bit of a frame: `fin`, `rsv1`, `rsv2`, `rsv3` or `mask`."""

    name: str
    value: bool


@dataclass(frozen=True, slots=True)
class BadIs:
    """A frame with a violation; None for any."""

    name: str | None


@dataclass(frozen=True, slots=True)
class EventIs:
    """An event; None for any."""

    name: str | None


@dataclass(frozen=True, slots=True)
class NoteHas:
    """A note with a text in it, case as in `Word`; None for any note."""

    text: str | None


@dataclass(frozen=True, slots=True)
class FactHas:
    """Text in a fact of a whole session, in any case. A line has none."""

    name: FactName
    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not hold for."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All parts hold; true without any."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: "tuple[Node, ...]"


Term = (
    Word
    | Pattern
    | JsonIs
    | DirectionIs
    | OpcodeIs
    | NumberIn
    | FlagIs
    | BadIs
    | EventIs
    | NoteHas
    | FactHas
)
Node = Term | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter and the text that it was."""

    text: str
    tree: Node


@dataclass(frozen=True, slots=True)
class TermHelp:
    """A kind of term for help screens: how it is written, what it finds, an example."""

    form: str
    words: str
    example: str


TERMS = (
    TermHelp("word", "text in the message, any case while it has no capital", "trade"),
    TermHelp('"two words"', 'the same with spaces; quotes inside as \\"', '"not found"'),
    TermHelp("/regex/", "regular expression in the message; /regex/i for any case", "/id=\\d+/"),
    TermHelp("$.path", "RFC 9535 query, alone or with == != < <= > >= =~", "$.type==trade"),
    TermHelp("dir:", "in or out", "dir:in"),
    TermHelp("op:", "text, binary, cont, ping, pong, close or a number", "op:ping"),
    TermHelp("size:", "bytes of the payload, inflated; k and M", "size:>1k"),
    TermHelp("wire:", "bytes of the payload on the wire", "wire:10..20"),
    TermHelp("code:", "code of the close", "code:4000..4999"),
    TermHelp("bad:", "a broken rule, or any", "bad:invalid-utf8"),
    TermHelp("fin: rsv1: mask:", "a bit of the frame, yes or no", "fin:no"),
    TermHelp("c:", "number of the connection", "c:2"),
    TermHelp("t:", "time since the start; ms, s, m, h", "t:1m..2m"),
    TermHelp("line:", "number of the line", "line:100..200"),
    TermHelp("event:", "name of an event, or any", "event:closed"),
    TermHelp("note:", "text in a note, or any", "note:any"),
    TermHelp("a b", "both", "dir:in trade"),
    TermHelp("(a | b)", "either", "(op:ping | op:pong)"),
    TermHelp("-a", "not", "-op:ping"),
)
