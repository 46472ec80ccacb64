"""Files whose bytes are sent, by the name typed into the composer."""

import os
import stat
from pathlib import Path

from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas

__all__ = ["file_bytes", "file_size", "path_of"]

FILE_LIMIT = 64 * 1024 * 1024  # bytes that are read into memory to be sent


def path_of(text: str) -> Path:
    """The path typed, with or without the @ before it. Raises UsageError."""
    name = text.strip().removeprefix("@").strip()
    if not name:
        raise UsageError("the name of a file is missing")
    try:
        return Path(name).expanduser()
    except RuntimeError:  # ~nobody
        return Path(name)


def file_size(text: str) -> int:
    """Bytes of the file typed. UsageError says why it cannot be sent."""
    path = path_of(text)
    shown = escape(str(path))
    try:
        found = path.stat()
    except FileNotFoundError:
        raise UsageError(f"there is no file {shown}") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name cannot be read"
        raise UsageError(f"{shown}: {why.lower()}") from None
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"{shown} is not a file")
    if found.st_size > FILE_LIMIT:
        raise UsageError(f"{shown} has {with_commas(found.st_size)} bytes; 64 MiB is the most")
    if not os.access(path, os.R_OK):
        raise UsageError(f"{shown} may not be read")
    return found.st_size


def file_bytes(text: str) -> bytes:
    """What stands in the file typed. Raises UsageError."""
    file_size(text)
    try:
        with path_of(text).open("rb") as file:
            return file.read(FILE_LIMIT)
    except OSError as error:
        raise UsageError(f"{escape(text.strip())}: {(error.strerror or '').lower()}") from None
