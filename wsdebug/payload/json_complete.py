"""What may stand next in JSON that is being typed, by what was seen elsewhere."""

import re
from dataclasses import dataclass, field

from wsdebug.payload.json_names import ITEM, JsonNames, Path
from wsdebug.payload.json_scan import looks_like_json, tokens

__all__ = ["Completion", "completions"]

LIMIT = 8 * 1024  # characters before the cursor that are read: typing stays quick
AFTER = 4 * 1024  # characters after it
MOST = 20  # offered at once
CLOSED = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
ENDS = re.compile(r"[ \t,}\]]*(?:\n|\Z)")  # what may stand after the cursor on its line


@dataclass(frozen=True, slots=True)
class Completion:
    """A name or string, and the characters that complete what is typed to it."""

    word: str
    rest: str


@dataclass(slots=True)
class _Open:
    """An object or array that is not closed yet."""

    path: Path
    is_object: bool
    name: str = ""  # the last one
    names: set[str] = field(default_factory=set)

    @property
    def inside(self) -> Path:
        """The place of what stands in it next."""
        return (*self.path, self.name if self.is_object else ITEM)


def completions(text: str, index: int, seen: JsonNames) -> list[Completion]:
    """The likeliest first; nothing where neither name nor string can stand at a character, or
    where more than closing brackets follows on its line.
    """
    if index > LIMIT or not looks_like_json(text) or not ENDS.match(text, index):
        return []
    head = text[:index]
    stack, expected, last = _read(head)
    if not stack:
        return []
    space = "" if re.search(r'":\S', text) and '": ' not in text else " "
    inner = stack[-1]
    is_open = last[:1] == '"' and not CLOSED.fullmatch(last)
    if expected == "" and not is_open:
        return []
    typed = last[1:] if is_open else ""
    lead = '"' if not is_open else ""
    if lead and head[-1:] in (",", ":"):
        lead = f'{space}"'
    if expected == "name":
        others = inner.names | _names_after(text[index : index + AFTER])
        words, end = seen.names(inner.path, typed, others), f'":{space}'
    else:
        words, end = seen.strings(inner.inside, typed), '"'
    return [Completion(word, lead + word[len(typed) :] + end) for word in words[:MOST]]


def _read(head: str) -> tuple[list[_Open], str, str]:
    """What is open at the end of a text, what is expected there (a `name`, a `value`, or nothing),
    and its last string, if it ends with one.
    """
    stack: list[_Open] = []
    expected = last = ""
    for kind, piece in tokens(head):
        last = ""
        if kind == "punctuation":
            for char in piece:
                expected = _step(stack, char, expected)
        elif kind in ("name", "string"):
            last = piece
            if kind == "name" and stack and CLOSED.fullmatch(piece):
                stack[-1].name = piece[1:-1]
                stack[-1].names.add(piece[1:-1])
            if CLOSED.fullmatch(piece):
                expected = ""
        else:
            expected = ""
    return stack, expected, last


def _step(stack: list[_Open], char: str, expected: str) -> str:
    """What is expected after a character of punctuation."""
    if char in "{[":
        stack.append(_Open(stack[-1].inside if stack else (), char == "{"))
    elif char in "}]":
        del stack[-1:]
        return ""
    elif char == ":":
        return "value"
    elif char != ",":
        return expected  # a blank
    return "name" if stack and stack[-1].is_object else "value"


def _names_after(tail: str) -> set[str]:
    """The names that follow in the object whose inside the text begins in."""
    depth = 0
    names = set()
    for kind, piece in tokens("{" + tail):
        if kind == "name" and depth == 1:
            names.add(piece[1:-1])
        elif kind == "punctuation":
            for char in piece:
                depth += (char in "{[") - (char in "}]")
            if depth < 1:
                break
    return names
