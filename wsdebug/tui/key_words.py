"""A key as people write it."""

from textual.keys import format_key

from wsdebug.tui.glyphs import Glyphs

__all__ = ["key_words"]

NAMES = {"insert": "ins", "escape": "esc", "enter": "enter", "backspace": "backspace"}
ARROWS = {"up": "up", "down": "down", "left": "received", "right": "sent"}  # glyphs


def key_words(key: str, glyphs: Glyphs) -> str:
    """A key as people write it: `^J`, `ctrl+enter`, `↑`, `?`, `esc`."""
    *modifiers, name = key.split("+")
    word = _name(name, glyphs)
    if "ctrl" in modifiers:
        is_letter = len(word) == 1 and word.isascii()
        modifiers = [one for one in modifiers if one != "ctrl" or not is_letter]
        word = f"^{word.upper()}" if is_letter else word
    return "+".join([*modifiers, word])


def _name(name: str, glyphs: Glyphs) -> str:
    if name in ARROWS:
        # `^` and `v` would be read as the keys of these characters.
        return name if glyphs.is_ascii else str(getattr(glyphs, ARROWS[name]))
    if name[:1] == "f" and name[1:].isdigit():
        return name.upper()
    return NAMES.get(name) or format_key(name)
