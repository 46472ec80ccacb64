"""How the verdicts about a handshake are shown."""

from collections.abc import Sequence

from wsdebug.log.handshake_checks import Check
from wsdebug.payload.escape import escape
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspect_lines import EDGE, Part, TextLine, cut, line

__all__ = ["check_lines"]

VALUE = 16  # first cell of a check's words


def check_lines(found: Sequence[Check], width: int, glyphs: Glyphs) -> list[TextLine]:
    """A row a check, and one for each further parameter."""
    marks: dict[str, Part] = {
        "right": (f"{glyphs.right} ", "success"),
        "wrong": (f"{glyphs.wrong} ", "error bold"),
        "risky": (f"{glyphs.violation} ", "warning"),
        "open": (f"{glyphs.dot} ", "muted"),
    }
    rows = []
    for check in found:
        words = "muted" if check.verdict == "open" else "fg"
        parts: list[Part] = [marks[check.verdict], (f"{check.name:<13}", "muted")]
        if check.words:
            parts.append((escape(check.words), words))
        if check.aside:
            parts.append((("  " if check.words else "") + escape(check.aside), "muted"))
        rows.append(line(*cut(parts, width - EDGE - 1, glyphs.cut)))
        for more in check.more:
            rest = cut([(escape(more), "muted")], width - EDGE - VALUE, glyphs.cut)
            rows.append(TextLine(((" " * VALUE, ""), *rest)))
    return rows
