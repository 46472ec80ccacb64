"""JSON as a sequence of tokens with their places, by RFC 8259 and without recursion."""

import json
import re
from collections.abc import Iterator
from typing import NoReturn

__all__ = ["JsonError", "Scanned", "is_json", "looks_like_json", "position", "scan", "tokens"]

# (kind, start, end): kind is name, string, number, literal, or the character of a punctuation.
Scanned = tuple[str, int, int]

BLANK = frozenset(" \t\n\r")
SPACE = re.compile(r"[ \t\n\r]*+")
STRING = re.compile(
    r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"', re.DOTALL
)
STRING_START = re.compile(STRING.pattern[:-1], re.DOTALL)
ANY_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?\\?', re.DOTALL)
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+")
LITERAL = re.compile(r"(?:true|false|null)\b")
WORD = re.compile(r"[^\s{}\[\],:\"]{1,40}")
VALUE, FIRST_VALUE, NAME, FIRST_NAME, COLON, AFTER = range(6)  # what may come next
MAY_CLOSE = (FIRST_VALUE, FIRST_NAME, AFTER)
NAMES = (NAME, FIRST_NAME)
CLOSING = {"{": "}", "[": "]"}
SAID_OTHERWISE = {"True": "true", "False": "false", "None": "null", "nil": "null"}
LEXED = re.compile(
    rf"(?P<string>{ANY_STRING.pattern})|(?P<number>{NUMBER.pattern}(?![\w.]))"
    rf"|(?P<literal>{LITERAL.pattern})|(?P<punctuation>[{{}}\[\],:\s]++)"
    r'|(?P<text>[^\s{}\[\],:"]++)',
    re.DOTALL,
)


class JsonError(ValueError):
    """Not JSON from `position` (characters) on; `str()` says why, in words."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def looks_like_json(text: str) -> bool:
    """Whether an object or array seems to begin here; says nothing of the rest."""
    start = SPACE.match(text)
    return text[start.end() if start else 0 :][:1] in ("{", "[")


def is_json(text: str) -> bool:
    """Whether the whole text is JSON; fast, and without the constants that JSON does not have."""
    try:
        json.loads(text, parse_int=len, parse_float=len, parse_constant=_refuse)
    except RecursionError:
        try:
            for _ in scan(text):
                pass
        except JsonError:
            return False
    except ValueError:
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def position(text: str, index: int) -> tuple[int, int]:
    """(line, column) of a character, both from 1; lines end at `\\n` only."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _skip(text: str, at: int) -> int:
    if text[at : at + 1] not in BLANK:
        return at
    found = SPACE.match(text, at)
    return found.end() if found else at


def scan(text: str) -> Iterator[Scanned]:
    """Every token of one JSON document, in order.

    Yields what is right before it raises `JsonError` for what is not. Any nesting depth is taken,
    in memory of one character a level.
    """
    open_brackets: list[str] = []
    at = _skip(text, 0)
    if at == len(text):
        raise JsonError("nothing here yet", at)
    state = VALUE
    while True:
        char = text[at : at + 1]
        token = (char, at, at + 1)
        if state == AFTER and not open_brackets:
            if char:
                raise JsonError("something stands after the end of the JSON", at)
            return
        if state in MAY_CLOSE and char == CLOSING[open_brackets[-1]]:
            open_brackets.pop()
            state = AFTER
        elif state == AFTER:
            if char != ",":
                raise JsonError(_not_closed(char, open_brackets[-1]), at)
            state = NAME if open_brackets[-1] == "{" else VALUE
        elif state in NAMES:
            token = _name(text, at, state)
            state = COLON
        elif state == COLON:
            if char != ":":
                raise JsonError("a : is missing after the name", at)
            state = VALUE
        elif char == "{" or char == "[":
            open_brackets.append(char)
            state = FIRST_NAME if char == "{" else FIRST_VALUE
        else:
            token = _scalar(text, at)
            state = AFTER
        yield token
        at = _skip(text, token[2])


def _not_closed(char: str, bracket: str) -> str:
    close = CLOSING[bracket]
    if not char:
        return f"a {close} is missing at the end"
    if char in "]}":
        return f"a {close} should stand here, not {char}"
    return f"a comma or {close} is missing here"


def _name(text: str, at: int, state: int) -> Scanned:
    if found := STRING.match(text, at):
        return ("name", at, found.end())
    raise JsonError(_no_name(text, at, state), _wrong_place(text, at))


def _no_name(text: str, at: int, state: int) -> str:
    char = text[at : at + 1]
    if char == '"':
        return _bad_string(text, at)
    if not char:
        return "a } is missing at the end"
    if char == "}" and state == NAME:
        return "a comma before } is one too many"
    return "a name in double quotes should stand here"


def _good_part(text: str, at: int) -> int:
    """Where the longest good beginning of a string ends: there it goes wrong."""
    good = STRING_START.match(text, at)
    return good.end() if good else at


def _wrong_place(text: str, at: int) -> int:
    """Where to point for a bad string: at the wrong character, or at its start if it has no end."""
    wrong = _good_part(text, at)
    return at if text[wrong : wrong + 1] in ("", "\n") else wrong


def _bad_string(text: str, at: int) -> str:
    wrong = _good_part(text, at)
    char = text[wrong : wrong + 1]
    if not char:
        return 'the string is not closed: a " is missing'
    if char == "\\":
        return 'after a \\ only one of " \\ / b f n r t u0000 may stand'
    if char == "\n":
        return 'the string is not closed on its line: a " is missing'
    return f"write \\u{ord(char):04x} for this character in a string"


def _scalar(text: str, at: int) -> Scanned:
    char = text[at : at + 1]
    if char == '"':
        if found := STRING.match(text, at):
            return ("string", at, found.end())
        raise JsonError(_bad_string(text, at), _wrong_place(text, at))
    if found := LITERAL.match(text, at):
        return ("literal", at, found.end())
    word = WORD.match(text, at)
    number = NUMBER.match(text, at)
    if number and (not word or number.end() >= word.end()):
        return ("number", at, number.end())
    if number and number.end() - at >= 40:
        following = text[number.end() : number.end() + 1]
        if not following or following in " \t\r\n,:]}[{":
            return ("number", at, number.end())
    raise JsonError(_no_value(char, word[0] if word else ""), at)


def _no_value(char: str, word: str) -> str:
    if not char:
        return "a value is missing at the end"
    if char == "]":
        return "a comma before ] is one too many"
    if char == "'":
        return "strings take double quotes"
    if word in SAID_OTHERWISE:
        return f"write {SAID_OTHERWISE[word]} for {word}"
    if word in ("NaN", "Infinity", "-Infinity", "undefined"):
        return f"{word} is not in JSON"
    if char in "-+.0123456789":
        return "this is not how JSON writes a number"
    return "a value should stand here"


def tokens(text: str) -> list[tuple[str, str]]:
    """Any text cut into (kind, text) for colour: a preview, the beginning of a document, a draft.

    Kinds: name, string, number, literal, punctuation (spaces too), text. All pieces together are
    the text again; nothing is escaped. What does not begin like an object or array is one `text`.
    """
    if not looks_like_json(text):
        return [("text", text)] if text else []
    found: list[tuple[str, str]] = []
    open_brackets: list[str] = []
    name_next = False
    for match in LEXED.finditer(text):
        kind = match.lastgroup or "text"
        piece = match[0]
        if kind == "punctuation":
            for char in piece:
                if char in "{[":
                    open_brackets.append(char)
                elif char in "}]" and open_brackets:
                    open_brackets.pop()
                if not char.isspace():
                    name_next = char in "{," and open_brackets[-1:] == ["{"]
        elif kind == "string" and name_next:
            kind, name_next = "name", False
        found.append((kind, piece))
    return found
