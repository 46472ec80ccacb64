"""One row of text with a left and a right side, as the bars and headings are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from wsdebug.tui.keymap import shown

__all__ = ["Hint", "Part", "hints", "key_at", "plain_hints", "spread"]

Part = tuple[str, str]  # text, style such as "bold $primary"
KEY, VERB = "bold $foreground", "$foreground-muted"


@dataclass(frozen=True, slots=True)
class Hint:
    """A key, what it does, and the action of a click on it, on the screen or in its place."""

    key: str
    verb: str
    action: str


def hints(*parts: tuple[str, str] | tuple[str, str, str]) -> list[Part]:
    """Key hints of the main screen: bold key, muted verb, three cells apart.

    The keys are named as they are by default; others are shown if others were chosen. That of a
    place within the screen has the name of its action after the verb.
    """
    return plain_hints(*((shown(part[0], *part[2:]), part[1]) for part in parts))


def plain_hints(*pairs: tuple[str, str]) -> list[Part]:
    """Key hints with just these keys."""
    parts: list[Part] = []
    for key, verb in pairs:
        if parts:
            parts.append(("   ", ""))
        parts += [(key, KEY), (f" {verb}", VERB)]
    return parts


def key_at(x: int, width: int, right: Sequence[Part], *, edge: int = 2) -> str:
    """The key of the hint at a cell of a row that `spread` has made; empty for none."""
    at = begin = width - edge - sum(Content(text).cell_length for text, _ in right)
    key = ""
    for text, style in right:
        end = at + Content(text).cell_length
        if style == KEY:
            key, begin = text, at
        elif key and begin <= x < end:
            return key if style == VERB else ""
        elif style != VERB:
            key = ""
        at = end
    return ""


def spread(left: Sequence[Part], right: Sequence[Part], width: int, *, edge: int = 2) -> Content:
    """Both sides in `width` cells, `edge` free at the right; the left is cut if they meet."""
    left_content, right_content = Content.assemble(*left), Content.assemble(*right)
    room = max(0, width - edge - right_content.cell_length)
    if right_content:
        room = max(0, room - 2)
    if left_content.cell_length > room:
        left_content = left_content.truncate(room, ellipsis=True)
    gap = max(0, width - edge - right_content.cell_length - left_content.cell_length)
    return Content.assemble(left_content, " " * gap, right_content, " " * edge)
