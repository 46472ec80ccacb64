"""The same colours in fewer bytes, for terminals at the end of a slow line.

Each piece of text comes with all of its colours, and a reset behind it. Most of what follows
changes one of two colours: a row of JSON takes half of the bytes.
"""

import re
from functools import lru_cache

__all__ = ["shorter"]

SGR = re.compile(r"\x1b\[0?m\x1b\[([1-9][0-9;]*)m|\x1b\[([0-9;]*)m")  # ECMA-48 8.3.117
EXTENDED = {"38": "fg", "48": "bg"}
LENGTHS = {"2": 5, "5": 3}  # numbers of a colour: by red, green and blue, or of a palette


@lru_cache(1024)
def _parts(numbers: str) -> tuple[str, str, str]:
    """Foreground, background and the rest."""
    found = {"fg": "", "bg": "", "": ""}
    rest = numbers.split(";")
    while rest:
        size = LENGTHS.get(rest[1], 1) if rest[0] in EXTENDED and len(rest) > 1 else 1
        now, rest = rest[:size], rest[size:]
        kind = EXTENDED.get(now[0]) or _plain_kind(now[0])
        words = ";".join(now)
        found[kind] = f"{found[kind]};{words}" if kind == "" and found[""] else words
    return found["fg"], found["bg"], found[""]


def _plain_kind(number: str) -> str:
    if len(number) == 2 and number[0] in "39":
        return "fg"
    return "bg" if (len(number) == 2 and number[0] == "4") or number[:2] == "10" else ""


@lru_cache(4096)
def _change(before: str, now: str) -> str:
    """What leads from one to the other."""
    (fg, bg, rest), (new_fg, new_bg, new_rest) = _parts(before), _parts(now)
    if rest != new_rest or (fg and not new_fg) or (bg and not new_bg):
        return f"\x1b[0;{now}m"
    changed = [new for old, new in ((fg, new_fg), (bg, new_bg)) if new != old]
    return f"\x1b[{';'.join(changed)}m" if changed else ""


def shorter(text: str) -> str:
    """What puts the same on the screen."""
    before: str | None = ""  # all that was set since a reset; None where that is not known

    def change(found: re.Match[str]) -> str:
        nonlocal before
        now, single = found.groups()
        if now is None:
            is_reset = single in ("", "0")
            before = "" if is_reset else single if before == "" else None
            return found[0]
        was, before = before, now
        return _change(was, now) if was else found[0]

    return SGR.sub(change, text)
