"""Peer text made safe for a terminal: whatever is not plainly printable becomes visible."""

import re
import unicodedata

__all__ = ["escape", "escape_bytes"]

SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Control, format (bidi overrides, zero-width), surrogates, private use, unassigned, line and
# paragraph separators. A combining mark is shown as long as it follows something.
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
PLAIN = re.compile(r"[ -~]*")


def escape(text: str, *, newlines: bool = True) -> str:
    """Text with every character that is not printable as `\\n`, `\\x1b`, `\\u202e`.

    With `newlines` false, newlines stay.
    """
    if PLAIN.fullmatch(text):
        return text
    return "".join(
        character if character == "\n" and not newlines else _shown(character) for character in text
    )


def escape_bytes(data: bytes) -> str:
    """Bytes as escaped text; what is not UTF-8 as `\\xff`."""
    return "".join(
        f"\\x{ord(character) - 0xDC00:02x}"
        if "\udc80" <= character <= "\udcff"
        else _shown(character)
        for character in data.decode("utf-8", "surrogateescape")
    )


def _shown(character: str) -> str:
    if " " <= character <= "~":
        return character
    if character in SHORT:
        return SHORT[character]
    if unicodedata.category(character) not in HIDDEN:
        return character
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
