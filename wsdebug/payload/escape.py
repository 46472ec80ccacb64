"""Peer text made safe: whatever comes in, only visible characters go out to a terminal."""

from unicodedata import category, east_asian_width

__all__ = [
    "HIDDEN",
    "byte_segments",
    "cell_width",
    "cut_cells",
    "escape",
    "escape_bytes",
    "segments",
]

# Categories that are never shown as they are: control, format (bidi overrides, zero-width),
# surrogates, private use, unassigned, line and paragraph separators.
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Letters and marks that print nothing, or change the width of what stands before them.
INVISIBLE = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0)
).union(range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
REMEMBERED = 1 << 14  # characters; all that there are would take 150 MB
MARKS_IN_A_ROW = 4  # more than any script needs; towers of marks spill over other rows


def _spelling(char: str) -> str:
    r"""How one character is shown: `\x1b`, `\u202e`, `\U000e0001`."""
    code = ord(char)
    if char in SHORT:
        return SHORT[char]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _is_mark(code: int) -> bool:
    """Whether the character stands on the one before it, without a cell of its own."""
    if 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FB:  # vowels and finals of Hangul
        return True
    return code >= 0x300 and category(chr(code)).startswith("M")


class _Table(dict[int, str]):
    """For `str.translate`: each character on its own, many remembered; `marks` need context."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: set[str] = set()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = category(char)
        # A space that is not the plain one looks like it and is not.
        hidden = kind in HIDDEN or (kind == "Zs" and char != " ") or code in INVISIBLE
        shown = _spelling(char) if hidden else char
        if not hidden and _is_mark(code):
            self.marks.add(char)
        if len(self) < REMEMBERED:
            self[code] = shown
        return shown


_TABLE = _Table()


def escape(text: str, *, newlines: bool = True) -> str:
    r"""Text with every character that is not visible spelled out: `\n`, `\x1b`, `\u202e`.

    Control characters, bidi and zero-width characters, line separators, lone surrogates, private
    and unassigned characters, unusual spaces, and marks with nothing to stand on. With
    `newlines=False` a line feed stays, for text that is shown in lines. A backslash of the text
    stays as it is; use `segments` to tell the two apart by style.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = [text] if newlines else text.split("\n")
    shown = "\n".join(line.translate(_TABLE) for line in lines)
    if _TABLE.marks.isdisjoint(text):
        return shown
    return "".join(part for part, _ in segments(text, newlines=newlines))


def escape_bytes(data: bytes, *, newlines: bool = True) -> str:
    r"""UTF-8 bytes as `escape` shows their text; bytes that are not UTF-8 as `\xff`."""
    return "".join(part for part, _ in byte_segments(data, newlines=newlines))


def segments(text: str, *, newlines: bool = True) -> list[tuple[str, bool]]:
    """The same as `escape`, in pieces: (what is shown, whether it is an escape)."""
    if text.isascii() and text.isprintable():
        return [(text, False)] if text else []
    return _segments(text, newlines=newlines, raw=False)


def byte_segments(data: bytes, *, newlines: bool = True) -> list[tuple[str, bool]]:
    """The same as `escape_bytes`, in pieces: (what is shown, whether it is an escape)."""
    text = data.decode("utf-8", "surrogateescape")
    if text.isascii() and text.isprintable():
        return [(text, False)] if text else []
    return _segments(text, newlines=newlines, raw=True)


def _segments(text: str, *, newlines: bool, raw: bool) -> list[tuple[str, bool]]:
    """`raw`: U+DC80 to U+DCFF stand for bytes that could not be decoded."""
    parts: list[tuple[str, bool]] = []
    pending: list[str] = []
    was_escaped = False
    marks = MARKS_IN_A_ROW  # nothing to stand on yet
    for char in text:
        shown = _TABLE[ord(char)]
        if char == "\n" and not newlines:
            shown = char
            marks = MARKS_IN_A_ROW
        elif raw and "\udc80" <= char <= "\udcff":
            shown = f"\\x{ord(char) - 0xDC00:02x}"
        elif char in _TABLE.marks:
            shown = char if marks < MARKS_IN_A_ROW else _spelling(char)
            marks += 1
        escaped = shown is not char and shown != char
        if escaped:
            marks = MARKS_IN_A_ROW
        elif char != "\n" and char not in _TABLE.marks:
            marks = 0
        if escaped != was_escaped and pending:
            parts.append(("".join(pending), was_escaped))
            pending = []
        was_escaped = escaped
        pending.append(shown)
    if pending:
        parts.append(("".join(pending), was_escaped))
    return parts


def cell_width(text: str) -> int:
    """Terminal cells that escaped text takes: wide characters two, marks none."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if char.isascii():
        return 1
    return 0 if _is_mark(ord(char)) else 1 + (east_asian_width(char) in "WF")


def cut_cells(text: str, width: int, mark: str = "…") -> str:
    """Escaped text in at most `width` cells, ending in `mark` where something is left out."""
    if len(text) <= width and (text.isascii() or cell_width(text) <= width):
        return text
    room = width - cell_width(mark)
    if room < 0:
        return ""
    used = 0
    for index, char in enumerate(text):
        used += _cells(char)
        if used > room:
            return text[:index] + mark
    return text
