"""Words as a POSIX shell takes them: nothing that is not seen, nothing that is expanded."""

import re
import shlex
from collections.abc import Iterable

from wsdebug.payload.escape import escape

__all__ = ["command", "quote"]

SPELLED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\", "'": "\\'"}
ATTACHED = re.compile(r"--[a-z0-9-]+=")


def quote(word: str) -> str:
    r"""One word, quoted where it must be: `$'a\nb'` (bash, zsh, ksh) where a character would not
    be seen, plain single quotes else.

    No argument can hold NUL: it is spelled out all the same, but a shell ends the word there.
    """
    if escape(word) == word:
        return shlex.quote(word)
    return "$'" + "".join(_spelled(char) for char in word) + "'"


def _spelled(char: str) -> str:
    if char in SPELLED:
        return SPELLED[char]
    if escape(char) == char:
        return char
    # a shell in another locale knows no \u; three digits, so that no digit after them is taken
    return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))


def command(words: Iterable[str]) -> str:
    """The words as one line; the value of `--name=value` is quoted for itself."""
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    flag = ATTACHED.match(word)
    if flag is None or shlex.quote(word) == word:
        return quote(word)
    return flag[0] + quote(word[flag.end() :])
