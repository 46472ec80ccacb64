"""One recording at a glance: what its first and last lines say, without reading the rest."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wsdebug.session.file import is_being_recorded
from wsdebug.session.lines import Event, Header
from wsdebug.session.parse import parse_line

__all__ = ["RecordingInfo", "read_info"]

HEAD = 64 * 1024  # bytes looked at for the header
TAIL = 256 * 1024  # bytes looked at for the end: room for a refusal with its whole body
COUNTED = 256 << 20  # bytes of an unfinished recording that are counted
CHUNK = 1 << 20
AFTER_THE_END = ("meta",)  # events that may be appended to a finished recording
# By one of these a line is known that is not a frame; `"event":` and `"note":` follow `t` and `c`.
STARTS = (b'"event":"', b'"note":"', b'{"wsdebug":', b'\n{"url":', b'\n{"wait":', b"\n#", b"\n\n")
LONGEST_START = max(map(len, STARTS))
FINE_CODES = ("1000", "1001", "1005")


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """What a list shows of a session file.

    `last` is how it ended, in two words: `closed 1000`, `refused 401`, `no answer`,
    `interrupted`, `live`, or empty. `crashed` is a recording that nobody writes and that has no
    `end`; `torn` says that its last line is cut off, so not all was kept.
    """

    path: Path
    url: str
    started: datetime
    frames: int | None  # None where counting would take long
    size: int  # bytes
    last: str
    live: bool = False
    crashed: bool = False
    torn: bool = False
    saved: bool = False  # has a name of its own: in the library or ./sessions
    title: str = ""
    tags: tuple[str, ...] = ()
    duration_us: int | None = None  # from the start to the last line; None if it tells no time

    @property
    def place(self) -> str:
        """The URL without scheme and query: `stream.example.com/v2/feed`. Not escaped."""
        rest = self.url.partition("://")[2] or self.url
        for mark in "?#":
            rest = rest.partition(mark)[0]
        return rest.rpartition("@")[2].removesuffix("/") if "/" in rest else rest

    @property
    def is_wrong(self) -> bool:
        """Whether it ended otherwise than it should."""
        word, _, code = self.last.partition(" ")
        return word in ("refused", "no", "not") or (word == "closed" and code not in FINE_CODES)


def read_info(path: Path, *, saved: bool = False) -> RecordingInfo | None:
    """The facts of a session file, None if it cannot be read or is none."""
    try:
        if path.name.endswith(".gz"):
            return _archive(path, saved)
        with path.open("rb", buffering=0) as file:
            fd = file.fileno()
            # Asked before the end is looked for: a writer that ends in between leaves its `end`.
            live = is_being_recorded(path)
            status = os.fstat(fd)
            header = _header(os.pread(fd, HEAD, 0))
            if header is None:
                return None
            tail = _Tail(fd, status.st_size)
            # A file written by hand has neither a start time nor an end.
            crashed = header.started is not None and not live and tail.end is None
            frames = tail.frames
            if frames is None:
                frames = _count(fd, status.st_size)
    except OSError:
        return None
    title, tags = _named(header, tail.meta)
    return RecordingInfo(
        path=path,
        url=header.url,
        started=_started(header, status.st_mtime),
        frames=frames,
        size=status.st_size,
        last="live" if live else "interrupted" if crashed else tail.last,
        live=live,
        crashed=crashed,
        torn=tail.torn,
        saved=saved,
        title=title,
        tags=tags,
        duration_us=tail.time_us,
    )


def _archive(path: Path, saved: bool) -> RecordingInfo | None:
    import gzip
    import zlib

    try:
        with gzip.open(path, "rb") as file:
            header = _header(file.read(HEAD))
    except (EOFError, zlib.error):
        return None
    if header is None:
        return None
    status = path.stat()
    started = _started(header, status.st_mtime)
    title, tags = _named(header, None)
    size = status.st_size
    return RecordingInfo(
        path, header.url, started, None, size, "", saved=saved, title=title, tags=tags
    )


def _header(data: bytes) -> Header | None:
    """The first line that is neither blank nor a comment, if it is a header."""
    for line in data.split(b"\n"):
        if line.strip() and not line.startswith(b"#"):
            parsed = parse_line(line, 1, first=True)
            return parsed if isinstance(parsed, Header) else None
    return None


def _named(header: Header, meta: Event | None) -> tuple[str, tuple[str, ...]]:
    """Title and tags: of the last `meta` that has them, else of the header."""
    known = {**header.raw, **(meta.fields if meta is not None else {})}
    title, tags = known.get("title"), known.get("tags")
    words = tags if isinstance(tags, list) else []
    return (
        title if isinstance(title, str) else "",
        tuple(word for word in words if isinstance(word, str)),
    )


def _started(header: Header, modified: float) -> datetime:
    try:
        started = datetime.fromisoformat(header.started or "")
    except ValueError:
        return datetime.fromtimestamp(modified, UTC)
    return started if started.tzinfo else started.replace(tzinfo=UTC)


class _Tail:
    """What the last lines say: how the last connection ended, and whether the recording did."""

    def __init__(self, fd: int, size: int) -> None:
        data = os.pread(fd, TAIL, max(0, size - TAIL))
        self.torn = bool(data) and not data.endswith(b"\n")
        lines = data.split(b"\n")
        if size > TAIL:
            del lines[0]  # begins somewhere inside
        if self.torn:
            del lines[-1:]
        self._lines = lines
        self.end = self._find_end()
        self.last = self._find_last()
        self.meta = next((one for one in self._events_backward() if one.name == "meta"), None)
        self.time_us = self._find_time()

    @property
    def frames(self) -> int | None:
        """The count that the `end` line gives."""
        frames = self.end.fields.get("frames") if self.end else None
        return frames if isinstance(frames, int) and frames >= 0 else None

    def _find_end(self) -> Event | None:
        for line in reversed(self._lines):
            if not line.strip() or line.startswith(b"#") or b'"note":' in line[:80]:
                continue
            event = _event(line)
            if event is None:
                return None
            if event.name not in AFTER_THE_END:
                return event if event.name == "end" else None
        return None

    def _find_time(self) -> int | None:
        """The time of the last line that has one."""
        for line in reversed(self._lines):
            time_us = getattr(parse_line(line, 1), "time_us", None) if line.strip() else None
            if isinstance(time_us, int):
                return time_us
        return None

    def _find_last(self) -> str:
        failed = ""
        for event in self._events_backward():
            fields = event.fields
            if event.name == "closed":
                return f"closed {_number(fields.get('code'))}".rstrip()
            if event.name == "response" and failed:
                status = _number(fields.get("status"))
                return f"refused {status}" if status not in ("", "101") else failed
            if event.name == "error" and not failed:
                failed = _failure(fields)
            elif event.name == "open" or (event.name == "connecting" and failed):
                return failed
        return failed

    def _events_backward(self) -> Iterator[Event]:
        for line in reversed(self._lines):
            event = _event(line)
            if event is not None:
                yield event


def _event(line: bytes) -> Event | None:
    """The line as an event. Quotes in payloads are escaped, so the search is exact."""
    if b'"event":' not in line[:80]:
        return None
    parsed = parse_line(line, 1)
    return parsed if isinstance(parsed, Event) else None


def _number(value: Any) -> str:
    return json.dumps(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _failure(fields: Any) -> str:
    kind, message = str(fields.get("kind", "")), str(fields.get("message", ""))
    return "not trusted" if kind == "TLS" and "certificate" in message else "no answer"


def _count(fd: int, size: int) -> int | None:
    """Frames among whole lines: all lines but header, events and notes."""
    if size > COUNTED:
        return None
    end = _end_of_whole_lines(fd, size)
    frames = offset = 0
    before = b"\n"
    while offset < end and (data := os.pread(fd, min(CHUNK, end - offset), offset)):
        offset += len(data)
        frames += data.count(b"\n") - _others(before + data) + _others(before)
        before = (before + data)[-LONGEST_START + 1 :]
    return frames


def _end_of_whole_lines(fd: int, size: int) -> int:
    """The offset after the last newline."""
    start = size
    while start > 0:
        begin = max(0, start - CHUNK)
        newline = os.pread(fd, start - begin, begin).rfind(b"\n")
        if newline >= 0:
            return begin + newline + 1
        start = begin
    return 0


def _others(data: bytes) -> int:
    """How many lines that are not frames begin here. Quotes in payloads are escaped: exact."""
    return sum(data.count(start) for start in STARTS)
