"""Many recorded lines to values at once: those of whole messages in one frame each."""

from base64 import b64decode
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Annotated, cast

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wsdebug.session.fields import LONGEST

__all__ = ["OTHER_WAY", "PlainKind", "PlainLines", "plain_kind"]

START = b'{"t":'  # of each of them
OTHER_WAY = bytes.maketrans(b"\0\1", b"\1\0")


class _Binary(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    b64: str


class _Line(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    t: Annotated[float, Meta(ge=0, lt=LONGEST)]
    c: Annotated[int, Meta(ge=1, lt=1 << 62)] = 1
    rsv1: bool = False
    mask: Annotated[str, Meta(min_length=8, max_length=8)] | UnsetType = UNSET
    send: str | _Binary | UnsetType = UNSET
    recv: str | _Binary | UnsetType = UNSET
    wire: str | UnsetType = UNSET
    wlen: Annotated[int, Meta(ge=0, lt=1 << 62)] | UnsetType = UNSET


_DECODER = msgspec.json.Decoder(_Line)


@dataclass(frozen=True, slots=True)
class PlainKind:
    """What lines have in common, all text or all binary, of one connection; and for each a byte
    in `ways`: 1 where it was sent, 0 where it was received.
    """

    connection: int
    is_text: bool
    ways: bytes


class PlainLines:
    """The values of lines of a `plain_kind`, which are not judged once more."""

    def __init__(self, data: bytes, kind: PlainKind) -> None:
        """Raises ValueError for lines that are clearly others."""
        self._lines = _DECODER.decode_lines(data)
        written = _written(self._lines)
        types = {*map(type, written)}
        if _ways(self._lines) != kind.ways or types != {str if kind.is_text else _Binary}:
            raise ValueError("not the lines of this kind")
        self.payloads = _payloads(written, is_text=kind.is_text)
        self._data = data

    def time_us(self, place: int) -> int:
        """Microseconds since the session started, of one of them, counted from 0."""
        return round(self._lines[place].t * 1_000_000)

    @property
    def times_us(self) -> list[int]:
        """The same of all of them."""
        return [round(line.t * 1_000_000) for line in self._lines]

    def data(self, place: int) -> bytes:
        """The bytes of one of them, without its newline."""
        return self._each[place]

    @cached_property
    def _each(self) -> list[bytes]:
        return self._data.split(b"\n")


def plain_kind(data: bytes) -> PlainKind | None:
    """The kind of whole lines with their newlines, in a tenth of the time that `parse_line` takes.

    None where one is anything else than a recorded message in one masked frame that was sent, or
    in one unmasked frame that was received, compressed or not, without `{{` in it; `parse_line`
    says what it is.
    """
    count = data.count(b"\n")
    is_one_each = data.startswith(START) and data.count(b"}\n" + START) == count - 1
    if not is_one_each or not data.endswith(b"}\n"):
        return None
    try:
        lines = _DECODER.decode_lines(data)
        return _kind(lines) if len(lines) == count else None
    except (ValueError, TypeError, RecursionError):  # of msgspec, UTF-8, base64 and masks
        return None


def _kind(lines: list[_Line]) -> PlainKind | None:
    ways = _ways(lines)
    if bytes([line.recv is UNSET for line in lines]) != ways:
        return None
    masks = [line.mask for line in lines]
    keys = bytes.fromhex("".join(cast(list[str], [*compress(masks, ways)])))
    if len(keys) != 4 * ways.count(1) or {*compress(masks, ways.translate(OTHER_WAY))} - {UNSET}:
        return None
    if len({line.c for line in lines}) > 1:
        return None
    for wire in [line.wire for line in lines if line.wire is not UNSET]:
        b64decode(wire, validate=True)
    written = _written(lines)
    is_text = isinstance(written[0], str)
    if len({*map(type, written)}) > 1 or _has_placeholder(written, is_text=is_text):
        return None
    return PlainKind(lines[0].c, is_text, ways)


def _ways(lines: list[_Line]) -> bytes:
    return bytes([line.send is not UNSET for line in lines])


def _written(lines: list[_Line]) -> list[str | _Binary | UnsetType]:
    return [line.recv if line.send is UNSET else line.send for line in lines]


def _has_placeholder(written: list[str | _Binary | UnsetType], *, is_text: bool) -> bool:
    """Raises ValueError where a payload is not base64."""
    if not is_text:
        return b"{{" in b"\n".join(_payloads(written, is_text=False))
    joined = "\n".join(cast(list[str], written))
    return "{" in joined and "{{" in joined  # the search for one character is ten times as fast


def _payloads(written: list[str | _Binary | UnsetType], *, is_text: bool) -> list[bytes]:
    if is_text:
        return [text.encode() for text in cast(list[str], written)]
    return [b64decode(each.b64, validate=True) for each in cast(list[_Binary], written)]
