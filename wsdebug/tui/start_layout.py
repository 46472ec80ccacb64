"""How many rows of the start screen fit, and how much air stands between them."""

from dataclasses import dataclass

__all__ = ["BLOCK", "StartPlan", "plan"]

BLOCK = 84  # cells of the block; its text begins and ends 2 cells within
INTERRUPTED = 3  # rows at most
RECENT = 5  # rows with air, where the screen is not very high
RECENT_AIRY = 12  # rows at most
RECENT_DENSE = 8
AROUND = 15  # rows free above and below, before more than RECENT are shown


@dataclass(frozen=True, slots=True)
class StartPlan:
    """Rows above the block, whether blank rows stand under headings, rows of both lists."""

    top: int
    is_airy: bool
    interrupted: int
    recent: int


def plan(height: int, *, interrupted: int, recent: int, has_more: bool) -> StartPlan:
    """The plan for `height` rows above the status, with so many recordings to show."""
    interrupted = min(interrupted, INTERRUPTED)
    is_airy = _rows(True, interrupted, min(recent, RECENT), has_more) + 2 <= height
    fixed = _rows(is_airy, interrupted, min(recent, 1), has_more) - min(recent, 1)
    if is_airy:
        shown = min(recent, RECENT_AIRY, max(RECENT, height - fixed - AROUND))
    else:
        shown = min(recent, RECENT_DENSE, max(1, height - fixed - 2))
    spare = max(0, height - fixed - shown) // 2
    top = max(min(1, spare), spare - is_airy)  # with air, a little above the middle
    return StartPlan(top, is_airy, interrupted, shown)


def _rows(is_airy: bool, interrupted: int, recent: int, has_more: bool) -> int:
    """Rows of the whole block."""
    rows = 13 if is_airy else 8  # title, URL, demo
    above = 4 if is_airy else 2  # a heading and the blank rows around it
    rows += above + interrupted if interrupted else 0
    rows += above + recent if recent else 0
    return rows + (2 if is_airy else 1) * has_more
