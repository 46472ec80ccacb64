"""What is converted: a session line by line, whatever it was read from."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from wsdebug.formats.losses import Losses
from wsdebug.formats.masked import masked_lines
from wsdebug.formats.redacted import encode_line, redacted
from wsdebug.log.joined import Joiner, Message
from wsdebug.payload.redact import Redactor
from wsdebug.session.attached import with_attached
from wsdebug.session.checked import checked
from wsdebug.session.lines import Event, FrameLine, Header, Line, Note, Wait
from wsdebug.wire.frame import Opcode

__all__ = ["Item", "Source", "epoch_us", "utc_text"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LAST_US = (datetime(9999, 12, 31, tzinfo=UTC) - EPOCH) // MICROSECOND
NOT_WHOLE = (
    "frame of a message that is not whole, left out",
    "frames of messages that are not whole, left out",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the session: as it stands, without its newline, its value (None for a comment),
    and its time.

    `time_us` counts from the start in microseconds: the line's own, or where it has none that of
    the line before, pauses included.
    """

    raw: bytes
    line: Line | None
    time_us: int


class Source:
    """A session that is read once, from its first line to its last, with its secrets masked.

    `path` is where it is, `-` for standard input, and `folder` where its files are; `header` is
    there before the first line is asked for. With `masks_payloads` the declared secrets of
    `redactor` are masked in payloads too.
    """

    def __init__(
        self,
        lines: Iterable[bytes],
        path: str,
        redactor: Redactor,
        losses: Losses,
        *,
        folder: Path,
        masks_payloads: bool = False,
    ) -> None:
        """Raises SessionUnreadable, as iterating does."""
        self.path = path
        self.masked: dict[str, None] = {}  # names of what was not masked before, in order
        self._folder = folder
        self.redactor = redactor
        self.losses = losses
        self._before: list[tuple[bytes, Line | None]] = []
        self._lines = self._redacted(checked(lines, path, self._torn))
        if masks_payloads:
            self._lines = masked_lines(self._lines, redactor, losses)
        self.header = self._find_header()
        self.started_us = epoch_us(self.header.started)
        self._zero_us = self.started_us or 0

    def wall_us(self, time_us: int) -> int:
        """Microseconds since 1970 in UTC at a time of the line that was read last: by the session's
        start, or by the last `clock` event where the wall clock jumped, as over a sleep.
        """
        return max(0, self._zero_us + time_us)

    def _torn(self, number: int) -> None:
        words = "line that was never finished, left out"
        self.losses.add(words, words, line=number)

    def _redacted(
        self, lines: Iterable[tuple[int, bytes, Line | None]]
    ) -> Iterator[tuple[bytes, Line | None]]:
        for _, data, line in lines:
            if line is None:
                yield data, None
                continue
            self.redactor.names.clear()
            shown = redacted(line, self.redactor)
            if shown is not line:
                data = encode_line(shown)
                self.masked |= dict.fromkeys(self.redactor.names)
            if isinstance(shown, FrameLine) and shown.raw:
                shown = with_attached(shown, self.path, self._folder)
            yield data, shown

    def _find_header(self) -> Header:
        for data, line in self._lines:
            self._before.append((data, line))
            if line is not None:
                return line if isinstance(line, Header) else Header(0, "")
        return Header(0, "")

    def __iter__(self) -> Iterator[Item]:
        """Every line, in order."""
        now = 0
        for data, line in chain(self._before, self._lines):
            now = _time(line, now)
            if isinstance(line, Event) and line.name == "clock" and self.started_us is not None:
                wall_us = epoch_us(str(line.fields.get("wall")))
                self._zero_us = wall_us - now if wall_us is not None else self._zero_us
            yield Item(data, line, now)

    def lines(self, held: Collection[str]) -> Iterator[tuple[Line, int]]:
        """Every line with a meaning and its time; what is not among `held` is counted."""
        for item in self:
            if item.line is not None:
                self.losses.look_at(item.line, held)
                yield item.line, item.time_us

    def messages(self, held: Collection[str]) -> Iterator[tuple[Line | Message, int]]:
        """Data messages in place of their frames, at the time of the last; other lines as they
        are, control frames among them.
        """
        joiner = Joiner()
        lost: list[Message] = []
        for line, time_us in self.lines(held):
            if not isinstance(line, FrameLine) or line.frame.opcode > Opcode.BINARY:
                yield line, time_us
                continue
            for message in joiner.feed(line):
                if not message.is_whole:
                    lost.append(message)
                elif message.payload is not None:
                    yield message, time_us
        for message in (*lost, *joiner.rest()):
            for frame in message.frames:
                self.losses.add(*NOT_WHOLE, line=frame.number)


def _time(line: Line | None, now: int) -> int:
    if isinstance(line, Wait):
        return now + round(line.seconds * 1_000_000)
    if isinstance(line, FrameLine | Event | Note) and line.time_us is not None:
        return max(now, line.time_us)
    return now


def epoch_us(started: str | None) -> int | None:
    """An RFC 3339 time as microseconds from 1970 in UTC, 0 before; None where it is none."""
    try:
        moment = datetime.fromisoformat(started or "")
        return max(0, (moment - EPOCH) // MICROSECOND) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def utc_text(us: int) -> str:
    """Microseconds from 1970 as RFC 3339, UTC; a time past the year 9999 is its end."""
    moment = EPOCH + timedelta(microseconds=min(max(us, 0), LAST_US))
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}Z"
