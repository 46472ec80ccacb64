"""Lines that the disk does not take yet, in bounded memory, oldest first."""

from collections import deque
from collections.abc import Iterable

__all__ = ["HELD_LIMIT", "HeldLines"]

HELD_LIMIT = 64 << 20  # bytes
BLOCK = 1 << 20  # bytes that are held together


class HeldLines:
    """Whole lines in blocks; not safe by itself to use from several threads.

    `size` counts bytes, `frames` the frames among the lines. Once one line was refused, all
    later ones are, so that what is missing is one stretch.
    """

    def __init__(self, limit: int = HELD_LIMIT) -> None:
        self.size = 0
        self.frames = 0
        self.lost_frames = 0
        self.lost_bytes = 0
        self._limit = limit
        self._blocks: deque[bytearray] = deque()
        self._counts: deque[int] = deque()  # frames of each

    @property
    def room(self) -> int:
        """Bytes that would still be taken."""
        return 0 if self.lost_bytes else self._limit - self.size

    def fitting(self, pieces: Iterable[bytes]) -> bytes | int:
        """The pieces as one, or only their size where they do not fit into `room`."""
        parts: list[bytes] = []
        size, room = 0, self.room
        for piece in pieces:
            size += len(piece)
            if size <= room:
                parts.append(piece)
            else:
                parts.clear()
        return b"".join(parts) if size <= room else size

    def add(self, data: bytes, frames: int) -> None:
        """Hold lines that fit into `room`."""
        if self._blocks and len(self._blocks[-1]) + len(data) <= BLOCK:
            self._blocks[-1] += data
            self._counts[-1] += frames
        else:
            self._blocks.append(bytearray(data))
            self._counts.append(frames)
        self.size += len(data)
        self.frames += frames

    def lose(self, frames: int, size: int) -> None:
        """Count lines that are not held."""
        self.lost_frames += frames
        self.lost_bytes += size

    def first(self) -> bytearray | None:
        """The oldest block."""
        return self._blocks[0] if self._blocks else None

    def drop_first(self) -> None:
        """The oldest block has been written."""
        self.size -= len(self._blocks.popleft())
        self.frames -= self._counts.popleft()

    def forget_lost(self) -> None:
        """What is missing stands in the file now."""
        self.lost_frames = self.lost_bytes = 0

    def read(self, size: int, offset: int) -> bytes:
        """At most `size` bytes from an offset into what is held."""
        parts: list[bytes] = []
        for block in self._blocks:
            if size <= 0:
                break
            if offset < len(block):
                parts.append(bytes(block[offset : offset + size]))
                size -= len(parts[-1])
            offset = max(0, offset - len(block))
        return b"".join(parts)
