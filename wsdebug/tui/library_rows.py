"""A recording as one row of a list: place, when, frames, how it ended; without a screen."""

from datetime import datetime

from wsdebug.payload.escape import cell_width, cut_cells, escape
from wsdebug.payload.numbers import ago, duration, short_bytes, short_count, when
from wsdebug.tui.inspect_lines import Part
from wsdebug.workspace.folders import display_name
from wsdebug.workspace.library import RecordingInfo

__all__ = ["ended", "kept", "recording_parts"]

WHEN = 15  # cells, with the gap behind
FRAMES = 13
SIZE = 9
DURATION = 13
GAP = 3
LAST = 11  # `refused 401`, `interrupted`, `end cut off`
NAME = 0.4  # of the first columns, where name and place both are shown
MANY_FRAMES = "many frames"  # where counting would take long


def ended(info: RecordingInfo) -> Part:
    """How it ended, and the style that goes with it."""
    if info.live:
        return "live", "success"
    if info.crashed:
        return "interrupted", "warning"
    return info.last, "error" if info.is_wrong else "muted"


def kept(info: RecordingInfo) -> Part:
    """What there is of an interrupted recording."""
    return ("end cut off" if info.torn else "all kept"), "muted"


def recording_parts(
    info: RecordingInfo,
    *,
    width: int,
    now: datetime,
    cut: str,
    last: Part,
    is_recent: bool = False,
    shows_size: bool = False,
    shows_name: bool = False,
    indent: int = 0,
) -> tuple[Part, ...]:
    """The row in exactly `width` cells; `cut` ends what is too long.

    `is_recent` tells the time as `11 min ago`. With `shows_name` a saved one stands under its
    title or name, with its tags, and its place beside it if there is room. `shows_size` shows
    how long it lasted, too. `indent` cells stay free before all that.
    """
    room = max(0, width - WHEN - FRAMES - GAP - LAST - (SIZE + DURATION if shows_size else 0))
    indent = min(indent, room // 2)
    room -= indent
    moment = (ago if is_recent else when)(info.started, now)
    parts = [
        *([(" " * indent, "")] if indent else []),
        *(_named(info, room, cut) if shows_name else [(_cell(info.place, room - 2, cut), "fg")]),
        ("  ", ""),
        (moment.ljust(WHEN), "muted"),
        (_frames(info.frames).rjust(FRAMES), "muted"),
    ]
    if shows_size:
        parts.append((short_bytes(info.size).rjust(SIZE), "muted"))
        lasted = "" if info.duration_us is None else duration(info.duration_us)
        parts.append((lasted.rjust(DURATION), "muted"))
    words, style = last
    return (*parts, (" " * GAP, ""), (_cell(words, LAST, cut), style))


def _named(info: RecordingInfo, room: int, cut: str) -> list[Part]:
    room -= 2
    if info.place and not (info.saved or info.title):
        return [(_cell(info.place, room, cut), "fg")]
    name = " ".join((info.title or display_name(info.path), *(f"#{tag}" for tag in info.tags)))
    if room < 60:
        return [(_cell(name, room, cut), "fg bold")]
    wide = round(room * NAME)
    return [
        (_cell(name, wide - 2, cut), "fg bold"),
        ("  ", ""),
        (_cell(info.place, room - wide, cut), "muted"),
    ]


def _cell(text: str, width: int, cut: str) -> str:
    shown = cut_cells(escape(text), max(0, width), cut)
    return shown + " " * max(0, width - cell_width(shown))


def _frames(count: int | None) -> str:
    if count is None:
        return MANY_FRAMES
    # The numbers stay under each other: `1 frame` is one cell shorter.
    return f"{short_count(count)} {'frame ' if count == 1 else 'frames'}"
