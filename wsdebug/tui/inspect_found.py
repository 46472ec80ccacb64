"""What a replay found of an answer: what was expected and what came, at each place."""

from typing import TYPE_CHECKING

from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine, join, line, width_of, wrap

if TYPE_CHECKING:
    from wsdebug.replay.marks import Found, Place

__all__ = ["found_lines"]

INDENT = "   "
LABELS = (("expected ", "muted"), ("got      ", "muted"))


def found_lines(found: "Found", width: int, glyphs: Glyphs, most: int) -> list[TextLine]:
    """At most about `most` rows: on a tinted ground where something is wrong; what is left out is
    counted.
    """
    sign: Part = (glyphs.violation, "error bold")
    if found.is_right:
        sign = (glyphs.right, "success")
    style = "fg" if found.is_right else "error bold"
    title = wrap(found.title, width - EDGE - len(INDENT))
    rows = [line((" ", ""), sign, (f" {title[0]}", style))]
    rows += [line((INDENT, ""), (more, style)) for more in title[1:]]
    shown = 0
    for place in found.places:
        lines = list(_place_lines(place, width))
        if len(rows) + len(lines) > most and shown:
            break
        rows += lines
        shown += 1
    left_out = len(found.places) - shown + found.more
    if left_out:
        places = "1 more place" if left_out == 1 else f"{left_out:,} more places"
        rows.append(line((INDENT, ""), (f"and at {places}", "muted")))
    return rows if found.is_right else join(rows, "box")


def _place_lines(place: "Place", width: int) -> list[TextLine]:
    """One row where it fits, else one for the place, and some for each value."""
    row = line(
        (INDENT, ""),
        (f"{place.where}  ", "fg bold"),
        ("expected ", "muted"),
        (place.expected, "fg"),
        (", got ", "muted"),
        (place.got, "fg"),
    )
    if width_of(row.parts) <= width - EDGE:
        return [row]
    where = wrap(place.where, width - EDGE - len(INDENT) - 1)
    rows = [line((INDENT, ""), (each, "fg bold")) for each in where]
    for (label, style), value in zip(LABELS, (place.expected, place.got), strict=True):
        room = width - EDGE - len(INDENT) - len(label) - 1
        first, *others = wrap(value, room) or [""]
        rows.append(line((INDENT, ""), (label, style), (first, "fg")))
        rows += [line((INDENT + " " * len(label), ""), (other, "fg")) for other in others]
    return rows
