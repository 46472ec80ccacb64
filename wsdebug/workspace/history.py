"""What was typed before: URLs and messages, in files that several wsdebugs may share."""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from wsdebug.payload.redact import Redactor
from wsdebug.workspace.folders import make_private
from wsdebug.workspace.named import NamedFile

__all__ = ["HistoryFile", "KeptMessages", "MessageHistory", "SentMessage", "UrlHistory"]

URLS = 500  # entries kept
MESSAGES = 500
LONGEST = 64 * 1024  # bytes of one entry; longer ones are not kept
LARGEST = 16 << 20  # bytes read of a file, from its end


class HistoryFile:
    """Lines of JSON, oldest first, the same again moving to the end; at most `limit` of them.

    Adding appends under a lock; when the file has grown to twice its limit, it is written anew.
    Lines that are damaged or not `valid` are skipped. A file that cannot be read or written is
    no history, never an error. What has one of the `redactor`'s secrets in it is not kept.
    """

    def __init__(
        self,
        path: Path,
        *,
        limit: int,
        valid: Callable[[Any], bool],
        redactor: Redactor | None = None,
    ) -> None:
        self._path = path
        self._limit = limit
        self._valid = valid
        self._redactor = redactor or Redactor()

    def entries(self) -> list[Any]:
        """All entries, oldest first, each once."""
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return []
        try:
            return self._newest(_tail(fd))
        except OSError:
            return []
        finally:
            os.close(fd)

    def add(self, entry: Any) -> None:
        """Append an entry; one that is too long is not kept."""
        line = json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
        if len(line) > LONGEST or any(map(self._has_secret, _texts(entry))):
            return
        with contextlib.suppress(OSError), self._locked() as fd:
            size = os.fstat(fd).st_size
            if size and os.pread(fd, 1, size - 1) != b"\n":
                line = b"\n" + line  # an earlier write was cut off
            os.write(fd, line)
            data = _tail(fd)
            if data.count(b"\n") > 2 * self._limit or size > LARGEST // 2:
                self._compact(self._newest(data))

    def _has_secret(self, text: str) -> bool:
        return self._redactor.shown(text) != text

    def clear(self) -> None:
        """Forget everything."""
        with contextlib.suppress(OSError):
            self._path.unlink()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        make_private(self._path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        while True:
            fd = os.open(self._path, flags, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                # Another wsdebug may have put a new file in its place while this one waited.
                if self._is_still(fd):
                    yield fd
                    return
            finally:
                os.close(fd)

    def _is_still(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), os.stat(self._path))
        except FileNotFoundError:
            return False

    def _compact(self, entries: list[Any]) -> None:
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            for entry in entries:
                file.write(json.dumps(entry, separators=(",", ":")).encode() + b"\n")
        os.replace(fresh, self._path)

    def _newest(self, data: bytes) -> list[Any]:
        """The newest entries of a file's bytes, oldest first, each once."""
        found: dict[bytes, Any] = {}
        for line in reversed(data.split(b"\n")):
            if len(found) >= self._limit:
                break
            if not line or line in found or len(line) > LONGEST:
                continue
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if self._valid(entry):
                found[line] = entry
        return list(reversed(found.values()))


def _texts(entry: Any) -> list[str]:
    """An entry's own text, or those of its values."""
    values = entry.values() if isinstance(entry, dict) else [entry]
    return [value for value in values if isinstance(value, str)]


def _tail(fd: int) -> bytes:
    size = os.fstat(fd).st_size
    return os.pread(fd, LARGEST, max(0, size - LARGEST))


class UrlHistory:
    """URLs that were connected to; kept without user info, secret query values, and what else
    the `redactor` knows.
    """

    def __init__(self, path: Path, redactor: Redactor | None = None) -> None:
        self._redactor = redactor or Redactor()
        self._file = HistoryFile(path, limit=URLS, valid=lambda entry: isinstance(entry, str))

    def add(self, url: str) -> None:
        """Remember a URL."""
        if url.strip():
            self._file.add(self._redactor.url(url.strip()))

    def urls(self) -> list[str]:
        """All of them, newest first."""
        return list(reversed(self._file.entries()))

    def complete(self, typed: str, limit: int = 8) -> list[str]:
        """URLs for what was typed so far, newest first: those that begin with it, with or without
        their scheme, and then those that have it anywhere.
        """
        wanted = typed.strip().lower()
        begin: list[str] = []
        within: list[str] = []
        for url in self.urls():
            lowered = url.lower()
            if lowered.startswith(wanted) or lowered.partition("://")[2].startswith(wanted):
                begin.append(url)
            elif wanted in lowered:
                within.append(url)
        return (begin + within)[:limit]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What stood in the composer when it was sent: the words typed, not the bytes made of them."""

    kind: str  # text, binary, ping, pong, close; kept by a name, raw too
    form: str = "text"  # how `text` was typed: text, hex, base64, file
    text: str = ""
    code: str = ""  # of a close
    reason: str = ""
    head: str = ""  # of a raw frame: what is set beside its payload, as JSON

    def entry(self) -> dict[str, str]:
        """As it is written; without a head where it has none."""
        return {name: value for name, value in asdict(self).items() if value or name != "head"}


class MessageHistory:
    """Messages that were sent, as they were typed; none with a secret of the `redactor`."""

    def __init__(self, path: Path, redactor: Redactor | None = None) -> None:
        self._file = HistoryFile(path, limit=MESSAGES, valid=_is_message, redactor=redactor)

    def add(self, message: SentMessage) -> None:
        """Remember a message; one over 64 KiB is not kept."""
        self._file.add(message.entry())

    def messages(self) -> list[SentMessage]:
        """All of them, oldest first, each once."""
        return [SentMessage(**entry) for entry in self._file.entries()]

    def clear(self) -> None:
        """Forget them."""
        self._file.clear()


class KeptMessages:
    """Messages that a person keeps by a name, as they were typed, placeholders included."""

    def __init__(self, path: Path) -> None:
        self._file = NamedFile(path, valid=_is_message)

    def named(self) -> dict[str, SentMessage]:
        """All of them, by name."""
        return {name: SentMessage(**entry) for name, entry in self._file.read().items()}

    def keep(self, name: str, message: SentMessage) -> None:
        """Keep one, in place of another of that name. Raises RecordingFailed."""
        self._file.keep(name, message.entry())

    def forget(self, name: str) -> None:
        """Keep it no longer. Raises RecordingFailed."""
        self._file.forget(name)


def _is_message(entry: Any) -> bool:
    known = {field.name for field in fields(SentMessage)}
    return (
        isinstance(entry, dict)
        and "kind" in entry
        and entry.keys() <= known
        and all(isinstance(value, str) for value in entry.values())
    )
