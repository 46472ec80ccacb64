"""JSON as a sequence of tokens with their places, by RFC 8259 and without recursion."""

import re
from collections.abc import Iterator

__all__ = ["JsonError", "Scanned", "looks_like_json", "position", "scan", "tokens"]

# (kind, start, end): kind is name, string, number, literal, or the character of a punctuation.
Scanned = tuple[str, int, int]

SPACE = re.compile(r"[ \t\n\r]*+")
STRING = re.compile(
    r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"', re.DOTALL
)
ANY_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?\\?', re.DOTALL)
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+")
LITERAL = re.compile(r"(?:true|false|null)\b")
WORD = re.compile(r"[^\s{}\[\],:\"]{1,40}")
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


def position(text: str, index: int) -> tuple[int, int]:
    """(line, column) of a character, both from 1; lines end at `\\n` only."""
    return text.count("\n", 0, index) + 1, index - (text.rfind("\n", 0, index) + 1) + 1


def _skip(text: str, at: int) -> int:
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
    state = "value"  # value, first (value or end), name, first-name, after
    while True:
        if state == "after" and not open_brackets:
            if at < len(text):
                raise JsonError("something stands after the end of the JSON", at)
            return
        char = text[at : at + 1]
        if state == "after":
            if char == ",":
                yield (",", at, at + 1)
                at += 1
                state = "name" if open_brackets[-1] == "{" else "value"
            elif char == CLOSING[open_brackets[-1]]:
                yield (char, at, at + 1)
                at += 1
                open_brackets.pop()
            else:
                raise JsonError(_not_closed(char, open_brackets[-1]), at)
        elif state.startswith("first") and char == CLOSING[open_brackets[-1]]:
            yield (char, at, at + 1)
            at += 1
            open_brackets.pop()
            state = "after"
        elif state.endswith("name"):
            end = _string_end(text, at) if char == '"' else 0
            if not end:
                raise JsonError(_no_name(char, state), at)
            yield ("name", at, end)
            at = _skip(text, end)
            if text[at : at + 1] != ":":
                raise JsonError("a : is missing after the name", at)
            yield (":", at, at + 1)
            at += 1
            state = "value"
        elif char and char in "{[":
            yield (char, at, at + 1)
            at += 1
            open_brackets.append(char)
            state = "first-name" if char == "{" else "first"
        else:
            token = _scalar(text, at)
            yield token
            at = token[2]
            state = "after"
        at = _skip(text, at)


def _not_closed(char: str, bracket: str) -> str:
    close = CLOSING[bracket]
    if not char:
        return f"a {close} is missing at the end"
    if char in "]}":
        return f"a {close} should stand here, not {char}"
    return f"a comma or {close} is missing here"


def _no_name(char: str, state: str) -> str:
    if not char:
        return "a } is missing at the end"
    if char == "}" and state == "name":
        return "a comma before } is one too many"
    return "a name in double quotes should stand here"


def _string_end(text: str, at: int) -> int:
    found = STRING.match(text, at)
    if found:
        return found.end()
    # Where the longest good beginning of a string ends is where it goes wrong.
    good = re.compile(STRING.pattern[:-1], re.DOTALL).match(text, at)
    wrong = good.end() if good else at
    char = text[wrong : wrong + 1]
    if not char:
        raise JsonError('the string is not closed: a " is missing', at)
    if char == "\\":
        raise JsonError('after a \\ only one of " \\ / b f n r t u0000 may stand', wrong)
    if char == "\n":
        raise JsonError('the string is not closed on its line: a " is missing', at)
    raise JsonError(f"write \\u{ord(char):04x} for this character in a string", wrong)


def _scalar(text: str, at: int) -> Scanned:
    char = text[at : at + 1]
    if char == '"':
        return ("string", at, _string_end(text, at))
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
