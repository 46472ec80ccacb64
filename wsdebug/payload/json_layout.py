"""JSON in lines, pretty and foldable, with every number and string spelled as it came."""

import json
import re
from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache

from wsdebug.payload.json_scan import JsonError, is_json, looks_like_json, position, scan, tokens

__all__ = [
    "LINE_LIMIT",
    "STRING_LIMIT",
    "JsonDocument",
    "JsonLine",
    "JsonProblem",
    "check",
    "layout",
    "looks_like_json",
    "segment",
    "tokens",
]

LINE_LIMIT = 20_000  # lines of a document that are laid out; the last one says what is left out
STRING_LIMIT = 20_000  # characters of one string, name or number that are shown
INLINE = 48  # cells: an array of scalars up to here stands on one line
INDENT = 2
# A letter, `_` or anything beyond ASCII, then digits too: by what they are not, since that is
# compiled a hundred times as fast.
SHORT_NAME = re.compile(r"[^\x00-@\[-^`{-\x7f][^\x00-/:-@\[-^`{-\x7f]*")

Tokens = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JsonProblem:
    """Where a text stops being JSON, both counted from 1, and why, in words."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A value's place in the document: the container's, and a spelled name or an index."""

    parent: "_Place | None"
    key: str | int


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One line. `number` is that of the unfolded document, so folding never renumbers.

    `tokens` are (kind, text): name, string, number, literal, punctuation, `cut` for words of ours
    about what is left out, `invalid` for the rest of what is not JSON. Their text is the peer's
    and not escaped. `indent` is in cells.
    """

    number: int
    indent: int
    tokens: Tokens
    foldable: bool = False
    folded: bool = False
    place: _Place | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The line without its indent and colours."""
        return "".join(text for _, text in self.tokens)

    @property
    def path(self) -> str:
        """Where the value stands: `$.orders[0].px` (RFC 9535, with short names where it allows)."""
        keys: list[str] = []
        place = self.place
        while place is not None:
            keys.append(segment(place.key))
            place = place.parent
        return "$" + "".join(reversed(keys))


def segment(key: str | int) -> str:
    """A step of a path: an index, or the name of a member as it stands in JSON, quotes included."""
    if isinstance(key, int):
        return f"[{key}]"
    name: str = json.loads(key)
    if SHORT_NAME.fullmatch(name):
        return f".{name}"
    # RFC 9535 2.7: a normalized path writes names in single quotes.
    inner = json.dumps(name, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"['{inner}']"


@dataclass(slots=True)
class _Built:
    depth: int
    tokens: list[tuple[str, str]]
    place: _Place | None
    last: int | None = None  # index of the line that closes the container opened here
    count: int = -1  # members; -1: opens nothing


@dataclass(slots=True)
class _Open:
    bracket: str
    line: int  # index of the line that opens it
    place: _Place | None
    count: int = 0
    only_scalars: bool = True
    width: int = 0
    name: str = field(default="")  # of the member being read


def check(text: str) -> JsonProblem | None:
    """What keeps the text from being JSON, or None."""
    if is_json(text):
        return None
    try:
        for _ in scan(text):
            pass
    except JsonError as error:
        line, column = position(text, error.position)
        return JsonProblem(line, column, str(error))
    return None


def layout(text: str, *, width: int, folded: Set[int] = frozenset()) -> list[JsonLine]:
    """The lines of a document with the containers that open on the lines `folded` folded.

    `width` (cells) only bounds the indent of deep nesting, so that line numbers stay when it
    changes; wrapping is left to who draws. At most the first `LINE_LIMIT` lines of the unfolded
    document are laid out, and of a text that is not JSON the part before the mistake.
    """
    return _document(text).lines(width=width, folded=folded)


@lru_cache(maxsize=1)
def _document(text: str) -> "JsonDocument":
    return JsonDocument(text)


class JsonDocument:
    """A text read once, to be laid out again and again as parts of it are folded."""

    def __init__(self, text: str, *, limit: int = LINE_LIMIT) -> None:
        self._lines: list[_Built] = []
        self._stack: list[_Open] = []
        self._limit = limit
        self._rest: tuple[str, str] | None = None
        self._read(text)

    @property
    def line_count(self) -> int:
        """Lines when nothing is folded."""
        return len(self._lines) + (self._rest is not None)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out and all of it is JSON."""
        return self._rest is None

    def foldable(self) -> frozenset[int]:
        """The numbers of all lines that open something."""
        return frozenset(i + 1 for i, line in enumerate(self._lines) if line.count >= 0)

    def lines(self, *, width: int, folded: Set[int] = frozenset()) -> list[JsonLine]:
        """The lines to show; see `layout`."""
        deepest = max(0, (width - 24) // INDENT)
        shown: list[JsonLine] = []
        index = 0
        while index < len(self._lines):
            line = self._lines[index]
            foldable = line.count >= 0
            is_folded = foldable and index + 1 in folded
            parts = self._summary(index) if is_folded else tuple(line.tokens)
            indent = min(line.depth, deepest) * INDENT
            shown.append(JsonLine(index + 1, indent, parts, foldable, is_folded, line.place))
            if is_folded:
                index = len(self._lines) if line.last is None else line.last + 1
            else:
                index += 1
        if self._rest is not None:
            shown.append(JsonLine(len(self._lines) + 1, 0, (self._rest,)))
        return shown

    def _summary(self, index: int) -> Tokens:
        line = self._lines[index]
        bracket = line.tokens[-1][1]
        noun = "key" if bracket == "{" else "item"
        more = "+" if line.last is None else ""
        words = f"{line.count:,}{more} {noun}{'' if line.count == 1 and not more else 's'}"
        closing = "}" if bracket == "{" else "]"
        comma = ","
        if line.last is None or self._lines[line.last].tokens[-1][1] != ",":
            comma = ""
        tail = f"{bracket} … {words} {closing}{comma}"
        return (*line.tokens[:-1], ("punctuation", tail))

    def _read(self, text: str) -> None:
        at = 0
        try:
            for kind, start, end in scan(text):
                if len(self._lines) >= self._limit and kind not in ",:":
                    left = len(text) - start
                    self._rest = ("cut", f"… {left:,} more characters are not laid out")
                    break
                self._take(kind, text, start, end)
                at = end
        except JsonError:
            rest = text[at : at + STRING_LIMIT].strip(" \t\r\n")
            self._rest = ("invalid", rest) if rest else ("cut", "… cut off here")
        for unclosed in self._stack:
            self._lines[unclosed.line].count = unclosed.count

    def _take(self, kind: str, text: str, start: int, end: int) -> None:
        if kind == "name":
            self._stack[-1].name = text[start:end]
        elif kind == ":":
            pass
        elif kind == ",":
            self._lines[-1].tokens.append(("punctuation", ","))
            self._stack[-1].width += 2
        elif kind in "]}":
            self._close(kind)
        else:
            self._value(kind, text, start, end)

    def _value(self, kind: str, text: str, start: int, end: int) -> None:
        parent = self._stack[-1] if self._stack else None
        place = None
        parts: list[tuple[str, str]] = []
        if parent is not None:
            key: str | int = parent.name if parent.bracket == "{" else parent.count
            place = _Place(parent.place, key)
            if isinstance(key, str):
                parts += [*_bounded("name", key, 0, len(key)), ("punctuation", ": ")]
            parent.count += 1
        if kind in "[{":
            if parent is not None:
                parent.only_scalars = False
            parts.append(("punctuation", kind))
            self._lines.append(_Built(len(self._stack), parts, place))
            self._stack.append(_Open(kind, len(self._lines) - 1, place))
            return
        parts += _bounded(kind, text, start, end)
        if parent is not None:
            parent.width += end - start
        self._lines.append(_Built(len(self._stack), parts, place))

    def _close(self, bracket: str) -> None:
        container = self._stack.pop()
        first = self._lines[container.line]
        short = bracket == "]" and container.only_scalars and container.width <= INLINE
        if not container.count or short:
            members = self._lines[container.line + 1 :]
            del self._lines[container.line + 1 :]
            for member in members:
                first.tokens += [
                    (kind, ", " if piece == "," and kind == "punctuation" else piece)
                    for kind, piece in member.tokens
                ]
            first.tokens.append(("punctuation", bracket))
            return
        first.count = container.count
        first.last = len(self._lines)
        parts = [("punctuation", bracket)]
        self._lines.append(_Built(len(self._stack), parts, container.place))


def _bounded(kind: str, text: str, start: int, end: int) -> list[tuple[str, str]]:
    """A token's text, its end left out and counted where it is too long to show."""
    if end - start <= STRING_LIMIT:
        return [(kind, text[start:end])]
    left = end - start - STRING_LIMIT
    return [(kind, text[start : start + STRING_LIMIT]), ("cut", f"… {left:,} more characters")]
