"""The steps of a handshake as rows, with a bar at each one's place."""

from collections.abc import Sequence

from wsdebug.log.handshake import Step
from wsdebug.tui.glyphs import Glyphs, duration_words
from wsdebug.tui.inspect_lines import EDGE, TextLine, columns

__all__ = ["step_lines"]

BAR = 19


def step_lines(found: Sequence[Step], width: int, glyphs: Glyphs) -> list[TextLine]:
    """A row a step: its name, its duration and a bar at its place in the whole."""
    if not found:
        return []
    full = max(8, width - BAR - EDGE - 1)
    begin, end = found[0].start_us, found[-1].end_us
    whole = max(1, end - begin)
    rows = []
    for step in found:
        size = min(full, max(1, round(full * (step.end_us - step.start_us) / whole)))
        start = min(full - size, round(full * (step.start_us - begin) / whole))
        rows.append(
            TextLine(
                (
                    *columns((1, f"{step.name:<9.9}", "muted")),
                    (f"{duration_words(step.end_us - step.start_us, glyphs):>6}   ", "fg"),
                    (glyphs.rule * start, "rule"),
                    (glyphs.active * size, "error bold" if step.failed else "fg bold"),
                    (glyphs.rule * (full - size - start), "rule"),
                )
            )
        )
    return rows
