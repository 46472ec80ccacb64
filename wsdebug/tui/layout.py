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

MINIMUM = (80, 24)  # cells; below, one sentence says so
WIDE = 120  # columns from which the inspector stands beside the log
BAR_ROWS: dict[Density, int] = {"tall": 4, "medium": 2, "short": 1}
TIMELINE_FROM = 50  # rows of the terminal
# with a free one above and below
TIMELINE_ROWS: dict[Density, int] = {"tall": 5, "medium": 3, "short": 3}
HEADING_ROWS: dict[Density, int] = {"tall": 3, "medium": 2, "short": 1}  # above the log's rows
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
    inspector_open: bool = False,
    whole: Whole = "",
    inspector_width: int | None = None,
    has_tabs: bool = False,
) -> Arrangement:
    """The regions for a terminal of `width` by `height` cells.

    `composer_rows` is None where the composer covers the log. `whole` gives one region all but
    the bar and the status line. `inspector_width` is what a person dragged it to; None for the
    rule `clamp(52, 36 %, 84)`. With `has_tabs` the first row is left free for them.
    """
    density = density_of(height)
    bar = Region(0, int(has_tabs), width, BAR_ROWS[density])
    status = Region(0, height - 1, width, 1)
    top, rows = bar.bottom, height - bar.bottom - 1
    is_wide = width >= WIDE
    nothing = Region(0, 0, 0, 0)
    everything = Region(0, top, width, rows)
    if whole == "inspector":
        return Arrangement(bar, nothing, everything, nothing, status, density, is_wide)
    if whole == "log":
        return Arrangement(bar, everything, nothing, nothing, status, density, is_wide)
    if composer_rows is None:
        composer_rows = rows
    if is_wide:
        wanted = inspector_width or max(52, min(84, round(width * 0.36)))
        side = max(40, min(wanted, width - 60))
        left = width - side
        return Arrangement(
            bar=bar,
            log=Region(0, top, left, rows - composer_rows),
            inspector=Region(left, top, side, rows),
            composer=Region(0, top + rows - composer_rows, left, composer_rows),
            status=status,
            density=density,
            is_wide=True,
        )
    room = rows - composer_rows
    below = min(round(rows * 0.6), max(0, room - LOG_LEAST)) if inspector_open else 0
    log_rows = room - below
    return Arrangement(
        bar=bar,
        log=Region(0, top, width, log_rows),
        inspector=Region(0, top + log_rows, width, below),
        composer=Region(0, top + room, width, composer_rows),
        status=status,
        density=density,
        is_wide=False,
    )
