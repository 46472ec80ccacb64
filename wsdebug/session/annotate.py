"""A remark, a title or tags, written behind a session that nobody records any more."""

import os
from collections.abc import Sequence

from wsdebug.errors import RecordingFailed
from wsdebug.session.disk import disk_words
from wsdebug.session.encode import encode_event, encode_note
from wsdebug.session.file import cut_torn_tail, open_session_file

__all__ = ["add_meta", "add_note"]


def add_note(path: str, text: str, *, on: int | None, time_us: int) -> None:
    """Append a note at a time (microseconds since the session started) to a session file.

    `on` is the line that it is about. Raises RecordingFailed where somebody is writing the file,
    or it cannot be written: then it is as it was.
    """
    _append(path, encode_note(time_us, text, on), time_us)


def add_meta(path: str, *, title: str, tags: Sequence[str], time_us: int) -> None:
    """Append a title and tags in the same way; they take the place of those before."""
    fields = {"title": title, "tags": list(tags)}
    _append(path, encode_event(time_us, 1, "meta", fields), time_us)


def _append(path: str, data: bytes, time_us: int) -> None:
    if path.endswith(".gz"):
        words = f"{path} is an archive, which can only be read"
        raise RecordingFailed(words, path=path)
    fd = open_session_file(path, append=True, force=False)
    try:
        before = os.fstat(fd).st_size
        size, _ = cut_torn_tail(fd, path)
        if size < before:
            gap = {"frames": 0, "bytes": 0, "why": "interrupted"}
            data = encode_event(time_us, 1, "gap", gap) + data
        try:
            written = os.write(fd, data)
            if written < len(data):
                os.ftruncate(fd, size)
                raise RecordingFailed(f"{path} could not be written: no room", path=path)
            os.fsync(fd)
        except OSError as error:
            words = f"{path} could not be written: {disk_words(error)}"
            raise RecordingFailed(words, path=path) from error
    finally:
        os.close(fd)
