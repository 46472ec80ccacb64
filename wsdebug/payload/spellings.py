"""Where given texts stand: as they are, or as JSON, URLs, headers and base64 spell them."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote

__all__ = ["Spellings", "any_spelling"]

Span = tuple[int, int]  # bytes
LEAST = 3  # characters of a beginning that are looked for where a payload is cut
LEAST_ENCODED = 6  # bytes of a text that is looked for in base64
PARTS = re.compile(r"\\+|[^\\]", re.DOTALL)
SHORT = {'"': '"', "/": "/", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t"}
# RFC 4648 section 5 has other letters for these
ALPHABETS = bytes.maketrans(b"+/", b"-_")


class Spellings:
    """Finds texts, of which each has at least one character."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = sorted(set(texts), key=len, reverse=True)
        encoded = [core for text in texts for core in _base64(text)]
        # Without one of these, a percent sign or a backslash, there is nothing to be found.
        self._needles = [_unchanged(text) for text in texts] + encoded
        alternatives = ["".join(map(_character, PARTS.findall(text))) for text in texts]
        alternatives += [re.escape(core.decode()) for core in encoded]
        self._pattern = re.compile("|".join(alternatives).encode("utf-8", "surrogatepass"))
        self._literal = [form for text in texts for form in _literally(text)] + encoded
        self.reach = max(map(_longest, texts))  # bytes of the longest spelling

    def find(self, data: bytes) -> Iterator[Span]:
        """Where they stand, in order, none within another."""
        if any(map(data.__contains__, (b"%", b"\\", *self._needles))):
            for match in self._pattern.finditer(data):
                yield match.span()

    def begun(self, data: bytes) -> int:
        """How many bytes at the end may be the beginning of one that goes on elsewhere."""
        return max((_overlap(data, form) for form in self._literal), default=0)

    def going_on(self, data: bytes) -> int:
        """How many bytes at the beginning may be the end of one that began elsewhere."""
        return max((_overlap(data[::-1], form[::-1]) for form in self._literal), default=0)


def any_spelling(text: str) -> str:
    """A pattern for a text in a URL or a header: each character plain, as UTF-8 read as Latin-1,
    or percent-encoded; or all of it in base64.
    """
    plain = "".join(map(_in_header, text))
    return "|".join((plain, *(re.escape(core.decode()) for core in _base64(text))))


def _in_header(char: str) -> str:
    data = char.encode("utf-8", "surrogatepass")
    ways = [re.escape(char), _percent(data)]
    if char == " ":
        ways.append(r"\+")
    if len(data) > 1:
        ways += [re.escape(data.decode("latin-1"))]
        ways += [re.escape(data.decode("ascii", "surrogateescape"))]
    return f"(?:{'|'.join(ways)})"


def _unchanged(text: str) -> bytes:
    """The longest part of a text that stands in it in every spelling without escapes: a space
    may be a plus.
    """
    return max(text.split(" "), key=len).encode("utf-8", "surrogatepass")


def _overlap(data: bytes, form: bytes) -> int:
    """The longest end of the data, short of all of the form, with which the form begins."""
    for size in range(min(len(data), len(form) - 1), 0, -1):
        if data.endswith(form[:size]):
            return size if size >= min(LEAST, len(form) - 1) else 0
    return 0


def _character(char: str) -> str:
    """A pattern for a character in any spelling, JSON within JSON among them; a run of
    backslashes is one.
    """
    if char[0] == "\\":
        return rf"(?:\\{{{len(char)},{4 * len(char)}}}|(?:%5[cC]|\\u005[cC]){{{len(char)}}})"
    data = char.encode("utf-8", "surrogatepass")
    ways = [_percent(data)]
    units = char.encode("utf-16-be", "surrogatepass").hex()
    ways.append("".join(rf"\\u{_any_case(units[at : at + 4])}" for at in range(0, len(units), 4)))
    if char in SHORT:
        ways.append(rf"\\{{1,3}}{SHORT[char]}")
    if char == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join((*ways, re.escape(char)))})"


def _percent(data: bytes) -> str:
    return "".join(f"%{_any_case(f'{byte:02x}')}" for byte in data)


def _any_case(digits: str) -> str:
    return "".join(f"[{d}{d.upper()}]" if d.isalpha() else d for d in digits)


def _longest(text: str) -> int:
    """Bytes of the longest spelling: `%` and `\\u` take at most 12 for a character."""
    return sum(6 if char.isascii() else 12 for char in text)


def _literally(text: str) -> Iterator[bytes]:
    """The usual spellings."""
    forms = (text, *(json.dumps(text, ensure_ascii=ascii)[1:-1] for ascii in (True, False)))
    for form in dict.fromkeys(forms):
        yield form.encode("utf-8", "surrogatepass")
    yield quote(text, safe="", errors="surrogatepass").encode()


def _base64(text: str) -> Iterator[bytes]:
    """What is the same wherever a text stands in what was encoded, by its place in three bytes."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) < LEAST_ENCODED:
        return
    for before in range(3):
        core = b64encode(bytes(before) + data)[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
        yield from dict.fromkeys((core, core.translate(ALPHABETS)))
