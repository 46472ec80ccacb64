"""Messages on their way to a reader who may be slow."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

__all__ = ["Inbox"]

MESSAGES = 256
SIZE = 4 << 20  # characters and bytes


class Inbox:
    """Keeps every message; past 256 of them or 4 MiB it wants no more, until half is read.

    `hold` is called with true when reading is to pause, with false when it may go on.
    """

    def __init__(self, hold: Callable[[bool], None]) -> None:
        self.is_holding = False
        self._hold = hold
        self._messages: deque[str | bytes] = deque()
        self._size = 0
        self._changed = asyncio.Event()
        self._is_open = True
        self._takes_all = False

    def put(self, messages: Iterable[str | bytes]) -> None:
        """Take what has come."""
        for message in messages:
            self._messages.append(message)
            self._size += len(message)
        self._changed.set()
        is_full = len(self._messages) > MESSAGES or self._size > SIZE
        if is_full and not self.is_holding and not self._takes_all:
            self.is_holding = True
            self._hold(True)

    async def get(self) -> str | bytes | None:
        """The next message, None after the last."""
        if not await self._has_some():
            return None
        message = self._messages.popleft()
        self._size -= len(message)
        if self.is_holding and len(self._messages) <= MESSAGES // 2 and self._size <= SIZE // 2:
            self._release()
        return message

    async def get_all(self) -> list[str | bytes] | None:
        """All that have come, at least one; None after the last."""
        if not await self._has_some():
            return None
        messages = list(self._messages)
        self._messages.clear()
        self._size = 0
        if self.is_holding:
            self._release()
        return messages

    async def _has_some(self) -> bool:
        """Wait for a message; false where none will come."""
        while not self._messages:
            if not self._is_open:
                return False
            self._changed.clear()
            await self._changed.wait()
        return True

    def take_all(self) -> None:
        """From now on hold nothing back: the end of the stream must be seen."""
        self._takes_all = True
        if self.is_holding:
            self._release()

    def close(self) -> None:
        """Nothing more will come."""
        self._is_open = False
        self._changed.set()

    def _release(self) -> None:
        self.is_holding = False
        self._hold(False)
