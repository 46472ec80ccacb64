"""A recording in parts: `feed.ws.jsonl`, `feed.2.ws.jsonl` …, each a whole session file."""

import os
import re
from bisect import bisect_right
from dataclasses import dataclass

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import disk_words
from wsdebug.session.file import open_session_file

__all__ = [
    "Parts",
    "check_recording",
    "last_part",
    "next_part",
    "open_part",
    "part_path",
    "resumed_part",
]

SUFFIX = ".ws.jsonl"
PART = re.compile(r"(?P<stem>.+)\.(?P<number>[0-9]{1,9})(?P<suffix>\.ws\.jsonl|\.[^./]*)")


def part_path(path: str, number: int) -> str:
    """The name of a part, from 1; the first has the recording's own."""
    if number == 1:
        return path
    stem, suffix = os.path.splitext(path)
    if path.endswith(SUFFIX):
        stem, suffix = path.removesuffix(SUFFIX), SUFFIX
    return f"{stem}.{number}{suffix}"


def next_part(path: str) -> str | None:
    """The part after the one at a path, if it is there."""
    first, number = path, 1
    found = PART.fullmatch(path)
    if found is not None and os.path.lexists(found["stem"] + found["suffix"]):
        first, number = found["stem"] + found["suffix"], int(found["number"])
    name = part_path(first, number + 1)
    return name if os.path.lexists(name) else None


def last_part(path: str) -> int:
    """The number of the last part that is there, 1 at least."""
    number = 1
    while os.path.lexists(part_path(path, number + 1)):
        number += 1
    return number


def resumed_part(path: str, *, append: bool, force: bool) -> int:
    """The number of the part in which a recording begins, or with `append` goes on.

    Raises RecordingFailed where parts of an earlier one would stand among the new ones.
    """
    number = last_part(path)
    if append:
        return number
    if number > 1 and not force:
        words = f"{part_path(path, 2)} exists; add --append or --force, or choose another name"
        raise RecordingFailed(words, path=path)
    return 1


def check_recording(path: str, *, append: bool, force: bool, rotates: bool) -> None:
    """Find out whether a recording can begin there; everything is left as it is.

    Raises RecordingFailed as its writer would.
    """
    number = resumed_part(path, append=append, force=force) if rotates else 1
    name = part_path(path, number)
    is_new = not os.path.lexists(name)
    # neither is emptied: what is there may be wanted, if it does not come to a recording
    os.close(open_session_file(name, append=append or force, force=False))
    if is_new:
        os.unlink(name)


def open_part(path: str, number: int, header: bytes, *, force: bool) -> tuple[int, str, int]:
    """Begin the next part from a number on whose name is free, or with `force` that very one:
    its number, name and descriptor.

    Raises RecordingFailed and leaves no file.
    """
    while True:
        name = part_path(path, number)
        try:
            fd = open_session_file(name, append=False, force=force)
            break
        except RecordingFailed:
            if force or not os.path.lexists(name):
                raise
        number += 1
    try:
        view = memoryview(header)
        while view:
            view = view[os.write(fd, view) :]
    except OSError as error:
        os.close(fd)
        os.unlink(name)
        words = f"cannot write {name}: {disk_words(error)}"
        raise RecordingFailed(words, path=name) from error
    return number, name, fd


@dataclass(frozen=True, slots=True)
class _Part:
    path: str
    skip: int  # bytes of its own header, which is no line of the whole


class Parts:
    """The earlier parts read as one: where each begins in the whole, and where it stands.

    They are opened for each read, so that they may be moved away while the recording goes on;
    of one that was, nothing can be read.
    """

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._parts: list[_Part] = []
        self.size = 0  # bytes of all

    def add(self, path: str, size: int, skip: int) -> None:
        """Take a part of so many bytes after its header."""
        self._parts.append(_Part(path, skip))
        self._starts.append(self.size)
        self.size += size

    def read(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset into the whole, all from one part."""
        at = bisect_right(self._starts, offset) - 1
        end = self._starts[at + 1] if at + 1 < len(self._starts) else self.size
        part = self._parts[at]
        try:
            fd = os.open(part.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return b""
        try:
            offset += part.skip - self._starts[at]
            return os.pread(fd, min(size, end + part.skip - self._starts[at] - offset), offset)
        finally:
            os.close(fd)
