"""What a writer asks of the disk, injected so that a full one can be tried."""

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Disk", "disk_words"]

FULL = (errno.ENOSPC, errno.EDQUOT)


def _sync(fd: int) -> None:
    # macOS has no fdatasync
    getattr(os, "fdatasync", os.fsync)(fd)


def _free(fd: int) -> int:
    facts = os.fstatvfs(fd)
    return facts.f_bavail * facts.f_frsize


@dataclass(frozen=True, slots=True)
class Disk:
    """The calls that can fail or take long; each takes a descriptor and raises OSError."""

    write: Callable[[int, memoryview], int] = os.write  # gives the bytes that it took
    sync: Callable[[int], None] = _sync
    free: Callable[[int], int] = _free  # bytes that this user may still take
    interval: float = 1.0  # seconds between two looks after the disk
    # bytes written after which the next look is at once: the disk works while more comes, and
    # little is left for the end to wait for
    burst: int = 1 << 24


def disk_words(error: OSError) -> str:
    """Why the disk refused, in words."""
    if error.errno in FULL:
        return "the disk is full"
    return (error.strerror or str(error)).lower()
