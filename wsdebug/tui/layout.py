"""Where the regions of the main screen stand, for every size of terminal."""

from dataclasses import dataclass
from typing import Literal

from textual.geometry import Region

__all__ = [
    "HEADING_ROWS",
    "MINIMUM",
    "TIMELINE_FROM",
    "TIMELINE_ROWS",
    "Arrangement",
    "Density",
    "Whole",
    "advice_region",
    "arrange",
    "density_of",
]

Density = Literal["tall", "medium", "short"]
Whole = Literal["", "log", "inspector"]
Regions = tuple[Region, Region, Region]  # of log, inspector and composer

MINIMUM = (80, 24)  # cells; below, one sentence says so
WIDE = 120  # columns from which the inspector stands beside the log
BAR_ROWS: dict[Density, int] = {"tall": 4, "medium": 2, "short": 1}
TIMELINE_FROM = 50  # rows of the terminal
# with a free one above and below
TIMELINE_ROWS: dict[Density, int] = {"tall": 5, "medium": 3, "short": 3}
HEADING_ROWS: dict[Density, int] = {"tall": 3, "medium": 2, "short": 1}  # above the log's rows
NOWHERE = Region(0, 0, 0, 0)
LOG_LEAST = 8  # rows beside an open inspector: heading and 7 rows


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One region a part, empty where the part is not shown."""

    bar: Region
    log: Region
    inspector: Region
    composer: Region
    status: Region
    density: Density
    is_wide: bool


ADVICE_LEAST = 4  # rows: heading, a sentence, the form in one row
ADVICE_ENOUGH = 16  # rows with all the air it wants


def advice_region(log: Region, rows: int) -> Region:
    """The lower part of the log's region for advice, below a heading and `rows` rows.

    As much as the rows leave; where they leave little, enough for the advice.
    """
    wanted = max(log.height - rows, min(ADVICE_ENOUGH, log.height * 2 // 3), ADVICE_LEAST)
    height = max(0, min(wanted, log.height - 4))
    return Region(log.x, log.bottom - height, log.width, height)


def density_of(height: int) -> Density:
    """How much air there is: `tall` from 40 rows, `medium` from 30, else `short`."""
    return "tall" if height >= 40 else "medium" if height >= 30 else "short"


def arrange(
    width: int,
    height: int,
    *,
    composer_rows: int | None,
    inspector_open: bool,
    whole: Whole = "",
    inspector_width: int | None = None,
    has_tabs: bool = False,
) -> Arrangement:
    """The regions for a terminal of `width` by `height` cells.

    `composer_rows` is None where the composer covers the log. `whole` gives one region all but
    the bar and the status line. `inspector_width` is what a person dragged it to; None for the
    rule `clamp(52, 36 %, 84)`. With `has_tabs` the first row is left free for them.
    """
    density, is_wide = density_of(height), width >= WIDE
    bar = Region(0, int(has_tabs), width, BAR_ROWS[density])
    room = Region(0, bar.bottom, width, height - bar.bottom - 1)
    rows = room.height if composer_rows is None else min(composer_rows, room.height)
    if whole:
        regions = (room, NOWHERE, NOWHERE) if whole == "log" else (NOWHERE, room, NOWHERE)
    elif is_wide:
        wanted = inspector_width or max(52, min(84, round(width * 0.36)))
        regions = _side_by_side(room, max(40, min(wanted, width - 60)), rows)
    else:
        regions = _stacked(room, rows, inspector_open=inspector_open)
    return Arrangement(bar, *regions, Region(0, height - 1, width, 1), density, is_wide)


def _side_by_side(room: Region, side: int, composer_rows: int) -> Regions:
    """The inspector on the right, `side` cells wide."""
    left, inspector = room.split_vertical(room.width - side)
    log, composer = left.split_horizontal(left.height - composer_rows)
    return log, inspector, composer


def _stacked(room: Region, composer_rows: int, *, inspector_open: bool) -> Regions:
    """One below the other; an open inspector takes 60 % of the rows, and leaves the log some."""
    above, composer = room.split_horizontal(room.height - composer_rows)
    wanted = min(round(room.height * 0.6), above.height - LOG_LEAST) if inspector_open else 0
    log, inspector = above.split_horizontal(above.height - max(0, wanted))
    return log, inspector, composer
