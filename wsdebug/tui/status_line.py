"""The last row: frames and bytes each way, rate, ping, the recording, or a message for 6 s."""

import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import short_bytes, short_size, with_commas
from wsdebug.tui.bars import Part, hints, spread
from wsdebug.tui.glyphs import Glyphs, glyphs_of
from wsdebug.tui.hint_row import press
from wsdebug.tui.open_session import ReplayProgress

__all__ = ["COUNTER_HZ", "Message", "StatusLine", "Traffic"]

MESSAGE_SECONDS = 6.0
BUCKETS = 16  # of the sparkline
COUNTER_HZ = 4  # buckets a second
ACTIONS = {"?": "keys", "^P": "app.command_palette", "^S": "save", "alt+s": "stop_sending"}
RECENT = 50  # messages kept for the palette's list


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the line shows of a session, as one value; equal values are not painted again."""

    frames_out: int | None = 0  # None while a file's are counted
    bytes_out: int | None = 0  # None where they are not known
    frames_in: int | None = 0
    bytes_in: int | None = 0
    round_trip_ns: int | None = None
    waiting: int = 0  # bytes that the peer does not read
    connected: bool = False
    file: str = ""  # name of the recording
    file_size: int = 0
    label: str = ""  # "recording", "saved", "not recorded", …
    problem: str = ""  # why frames are not recorded
    replay: ReplayProgress | None = None
    sending: str = ""  # what is sent again and again until it is stopped


@dataclass(frozen=True, slots=True)
class Message:
    """Something said to the person, at a local time; `wrong` makes it red."""

    text: str
    wrong: bool = False
    at: datetime | None = None


class StatusLine(Widget):
    """Counters at 4 Hz and messages; holds a view only."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; padding: 0 0 0 1; }
    """

    traffic: reactive[Traffic] = reactive(Traffic())
    message: reactive[Message | None] = reactive(None)
    spark: reactive[tuple[int, ...]] = reactive(())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.recent: deque[Message] = deque(maxlen=RECENT)
        self._rates: deque[int] = deque([0] * BUCKETS, maxlen=BUCKETS)
        self._last_total: int | None = None
        self._last_time = 0.0
        self._message_until = 0.0
        self.reduced_motion = False
        self._shown_right: list[Part] = []

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a message in place of the counters for 6 s; it stays among the recent ones."""
        self.message = Message(text, wrong, datetime.now())
        self.recent.append(self.message)
        self._message_until = time.monotonic() + MESSAGE_SECONDS

    def tick(self, traffic: Traffic) -> None:
        """Take the counters of now; called four times a second, at rest once."""
        now = time.monotonic()
        total = (traffic.frames_in or 0) + (traffic.frames_out or 0)
        if self._last_total is None or total < self._last_total:
            self._rates.extend([0] * BUCKETS)
        elif now > self._last_time:
            elapsed = now - self._last_time
            rate = round((total - self._last_total) / elapsed)
            # at rest the counters are looked at more rarely, and time goes on all the same
            self._rates.extend([rate] * min(BUCKETS, max(1, round(elapsed * COUNTER_HZ))))
        self._last_total, self._last_time = total, now
        self.traffic = traffic
        self.spark = tuple(self._rates)
        if self.message is not None and now >= self._message_until:
            self.message = None

    def render(self) -> Content:
        """The row for the width there is."""
        width = self.size.width
        glyphs = glyphs_of(self.app)
        narrow = width < 118
        left = self._left(glyphs, narrow)
        right = self._right(narrow)
        if _cells(left) + _cells(right) + 4 > width:
            right = self._right(True)  # numbers before the name of a file
        self._shown_right = right
        if _cells(left) + _cells(right) + 4 > width:
            left = self._left(glyphs, narrow, has_spark=False)
        return spread(left, right, width)

    async def on_click(self, event: Click) -> None:
        """The hints are buttons."""
        await press(self, event, self._shown_right, ACTIONS)

    def _right(self, narrow: bool) -> list[Part]:
        right = self._recording(narrow)
        keys = [("?", "keys")] if narrow else [("?", "keys"), ("^P", "all actions")]
        if self.traffic.problem:
            keys.insert(0, ("^S", "another file"))
        elif self.traffic.label == "recording" and not narrow:
            keys.insert(0, ("^S", "save"))
        if self.traffic.sending:
            keys.insert(0, ("alt+s", "stop"))
        right += [("   ", "")] if right else []
        return right + hints(*keys)

    def _left(self, glyphs: Glyphs, narrow: bool, *, has_spark: bool = True) -> list[Part]:
        if self.message is not None:
            style = "$error" if self.message.wrong else "$foreground"
            return [(escape(self.message.text), style)]
        if self.traffic.sending:
            return [(f"{glyphs.sent} ", "bold $primary"), (self.traffic.sending, "$foreground")]
        replay = self.traffic.replay
        said = _replay_parts(replay) if replay is not None else []
        if replay is not None and replay.is_playing:
            return said
        gap: list[Part] = [("   ", "")] if said else []
        return [*said, *gap, *self._counters(glyphs, narrow, has_spark=has_spark)]

    def _counters(self, glyphs: Glyphs, narrow: bool, *, has_spark: bool) -> list[Part]:
        traffic = self.traffic
        size = (lambda n: short_size(n)) if narrow else short_bytes
        parts: list[Part] = []
        for arrow, colour, frames, count in (
            (glyphs.sent, "$primary", traffic.frames_out, traffic.bytes_out),
            (glyphs.received, "$foreground", traffic.frames_in, traffic.bytes_in),
        ):
            if frames is None:
                continue
            volume = f" {size(count)}" if frames and count is not None else ""
            parts += [("   ", "")] if parts else []
            parts += [
                (f"{arrow} ", f"bold {colour}"),
                (with_commas(frames), "$foreground"),
                (volume, "$foreground-muted"),
            ]
        if traffic.problem and not traffic.connected:
            return [(f"not recorded: {escape(traffic.problem)}", "$error")]
        if not traffic.connected:
            if traffic.replay is not None and traffic.replay.done:
                return parts  # which says enough
            return [*parts, ("   " if parts else "", ""), ("not connected", "$foreground-muted")]
        if traffic.waiting:
            waiting = f"   peer is not reading: {short_bytes(traffic.waiting)} waiting"
            return [*parts, (waiting, "$warning")]
        rate = round(sum(self.spark[-4:]) / 4) if self.spark else 0
        if has_spark and not self.reduced_motion:
            parts += [("   ", ""), (sparkline(self.spark, glyphs), "$foreground-muted")]
        gap = " " if has_spark else "   "
        parts.append((f"{gap}{with_commas(rate)}/s", "$foreground"))
        if traffic.round_trip_ns is not None:
            parts += [
                ("   ping ", "$foreground-muted"),
                (round_trip(traffic.round_trip_ns), "$foreground"),
            ]
        return parts

    def _recording(self, narrow: bool) -> list[Part]:
        traffic = self.traffic
        if traffic.problem:
            # said at length in the left part, if not in the connection bar
            is_said = self.message is not None or not traffic.connected
            return [] if is_said else [("not recorded", "bold $error")]
        if not traffic.label:
            return []
        if narrow:
            label = "rec" if traffic.label == "recording" else traffic.label
            return [
                (f"{label} ", "$foreground-muted"),
                (short_size(traffic.file_size) if traffic.file else "", "$foreground"),
            ]
        parts: list[Part] = [(traffic.label, "$foreground-muted")]
        if traffic.file:
            parts += [
                (f" {escape(traffic.file)}", "$foreground"),
                (f" {short_bytes(traffic.file_size)}", "$foreground-muted"),
            ]
        return parts


def _cells(parts: list[Part]) -> int:
    return Content.assemble(*parts).cell_length


def sparkline(rates: tuple[int, ...], glyphs: Glyphs) -> str:
    """Frame rates as one row of blocks, the highest filling a cell."""
    top = max(rates, default=0)
    if not top:
        return glyphs.spark[0] * BUCKETS
    steps = len(glyphs.spark) - 1
    return "".join(glyphs.spark[-(-rate * steps // top)] for rate in rates)


def round_trip(elapsed_ns: int) -> str:
    """A round trip as `18 ms`, below 10 ms with one decimal."""
    ms = elapsed_ns / 1e6
    return f"{ms:.1f} ms" if ms < 10 else f"{ms:,.0f} ms"


def _replay_parts(replay: ReplayProgress) -> list[Part]:
    from wsdebug.tui.replay_words import replay_parts

    return replay_parts(replay)
