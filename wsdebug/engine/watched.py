"""The state of a live session as one sees it who waits for it to change."""

import asyncio

from wsdebug.engine.ending import error_of
from wsdebug.engine.status import State, Status

__all__ = ["Watched"]


class Watched:
    """Has a state, and wakes those who wait for another. All of it belongs to one event loop."""

    def __init__(self, status: Status) -> None:
        self._status = status
        self._change = asyncio.Event()  # the next change of state

    async def until(self, *states: State) -> Status:
        """Wait until the session is in one of the states; gives it as it was then."""
        while (status := self._status).state not in states:
            await self._next_change()
        return status

    def raise_for_status(self) -> None:
        """Raise what the person must act on: no connection, or an end that was not 1000 or 1001."""
        error = error_of(self._status)
        if error is not None:
            raise error

    def _changed(self) -> None:
        """Wake those who wait for the next change."""
        self._change.set()
        self._change = asyncio.Event()

    async def _next_change(self) -> None:
        await self._change.wait()
