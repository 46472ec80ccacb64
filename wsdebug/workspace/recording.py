"""One recording at a glance: what its first and last lines say, without reading the rest."""

import os
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from wsdebug.session.file import after_newline, is_being_recorded
from wsdebug.session.lines import Damaged, Event, Header
from wsdebug.session.parse import parse_line
from wsdebug.workspace.recording_tail import Tail

__all__ = ["RecordingInfo", "look_at", "read_info"]

HEAD = 64 * 1024  # bytes looked at for the header
COUNTED = 256 << 20  # bytes of an unfinished recording that are counted
CHUNK = 1 << 20
UNPACKED = 32 << 20  # bytes of an archive that are looked at
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
    def host(self) -> str:
        """Host and port: `stream.example.com`, `127.0.0.1:9911`. Not escaped."""
        return self.place.partition("/")[0]

    @property
    def code(self) -> int | None:
        """The code of the last close, or the status that it was refused with."""
        number = self.last.rpartition(" ")[2]
        return int(number) if number.isascii() and number.isdecimal() else None

    @property
    def is_wrong(self) -> bool:
        """Whether it ended otherwise than it should."""
        word, _, code = self.last.partition(" ")
        return word in ("refused", "no", "not") or (word == "closed" and code not in FINE_CODES)


def read_info(path: Path, *, saved: bool = False) -> RecordingInfo | None:
    """The facts of a session file, None if it cannot be read or is none."""
    info = look_at(path, saved=saved)
    return info if isinstance(info, RecordingInfo) else None


def look_at(path: Path, *, saved: bool = False) -> RecordingInfo | str:
    """The facts of a session file, or why there are none, in words.

    Takes time in proportion to the size only where an interrupted recording of up to 256 MiB is
    counted, or an archive of up to 32 MiB is unpacked.
    """
    try:
        return (_archive if path.name.endswith(".gz") else _facts)(path, saved)
    except OSError as error:
        return f"cannot be read: {(error.strerror or str(error)).lower()}"
    except RecordingUnknown as error:
        return str(error)


class RecordingUnknown(Exception):
    """A file that is no session of this version, in words."""


def _facts(path: Path, saved: bool) -> RecordingInfo:
    with path.open("rb", buffering=0) as file:
        # Asked before the end is looked for: a writer that ends in between leaves its `end`.
        live = is_being_recorded(path)
        return replace(_facts_in(file.fileno(), path, live), saved=saved)


def _facts_in(fd: int, path: Path, live: bool) -> RecordingInfo:
    status = os.fstat(fd)
    header = _header(os.pread(fd, HEAD, 0))
    tail = Tail(fd, status.st_size)
    # A file written by hand has neither a start time nor an end.
    is_recorded = header is not None and header.started is not None
    crashed = is_recorded and not live and tail.end is None
    frames = tail.frames
    if frames is None:
        frames = _count(fd, status.st_size)
    title, tags = _named(header, tail.meta)
    return RecordingInfo(
        path=path,
        url=header.url if header else "",
        started=_started(header, status.st_mtime),
        frames=frames,
        size=status.st_size,
        last="live" if live else "interrupted" if crashed else tail.last,
        live=live,
        crashed=crashed,
        torn=tail.torn,
        title=title,
        tags=tags,
        duration_us=tail.time_us,
    )


def _archive(path: Path, saved: bool) -> RecordingInfo:
    """The facts of what is packed; of a large archive only those that its beginning tells."""
    import gzip
    import zlib

    status = path.stat()
    try:
        with gzip.open(path, "rb") as packed:
            data = packed.read(UNPACKED + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise RecordingUnknown("no gzip archive") from None
    with tempfile.TemporaryFile() as file:
        is_whole = len(data) <= UNPACKED
        file.write(data if is_whole else data[:HEAD])
        file.flush()
        os.utime(file.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
        info = _facts_in(file.fileno(), path, live=False)
    info = replace(info, size=status.st_size, saved=saved)
    if is_whole:
        return info
    return replace(info, frames=None, last="", crashed=False, torn=False, duration_us=None)


def _header(data: bytes) -> Header | None:
    """The first line that is neither blank nor a comment, if it is a header; a file written by
    hand may lack one. Raises RecordingUnknown where that is no line of a session.
    """
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        line = data[start : end if end >= 0 else len(data)]
        parsed = parse_line(line, 1, first=True)
        if isinstance(parsed, Damaged):
            words = "of a later version of the format" if parsed.is_newer else "no session"
            raise RecordingUnknown(words)
        if parsed is not None:
            return parsed if isinstance(parsed, Header) else None
        start += len(line) + 1
    raise RecordingUnknown("no session" if data.strip() else "empty")


def _named(header: Header | None, meta: Event | None) -> tuple[str, tuple[str, ...]]:
    """Title and tags: of the last `meta` that has them, else of the header."""
    known = {**(header.raw if header else {}), **(meta.fields if meta is not None else {})}
    title, tags = known.get("title"), known.get("tags")
    words = tags if isinstance(tags, list) else []
    return (
        title if isinstance(title, str) else "",
        tuple(word for word in words if isinstance(word, str)),
    )


def _started(header: Header | None, modified: float) -> datetime:
    try:
        started = datetime.fromisoformat((header.started if header else None) or "")
    except ValueError:
        return datetime.fromtimestamp(modified, UTC)
    return started if started.tzinfo else started.replace(tzinfo=UTC)


def _count(fd: int, size: int) -> int | None:
    """Frames among whole lines: all lines but header, events and notes."""
    if size > COUNTED:
        return None
    end = after_newline(fd, size)
    frames = offset = 0
    before = b"\n"
    while offset < end and (data := os.pread(fd, min(CHUNK, end - offset), offset)):
        offset += len(data)
        frames += data.count(b"\n") - _others(before + data) + _others(before)
        before = (before + data)[-LONGEST_START + 1 :]
    return frames


def _others(data: bytes) -> int:
    """How many lines that are not frames begin here. Quotes in payloads are escaped: exact."""
    return sum(data.count(start) for start in STARTS)
