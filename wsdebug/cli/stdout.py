"""Standard output that does not hold up anything else while its reader is slow."""

import asyncio
import os
import select
import sys

from wsdebug.errors import RecordingFailed

__all__ = ["Stdout"]

PATIENCE = 0.01  # seconds
PIECE = 4096  # bytes (PIPE_BUF): where some can be written, so many can, without waiting


class Stdout:
    """Written to from an event loop."""

    def __init__(self) -> None:
        self._fd = sys.stdout.fileno()

    async def write(self, data: bytes) -> None:
        """Write all of it. Raises BrokenPipeError where the reader has gone, RecordingFailed."""
        view = memoryview(data)
        while view:
            if not select.select([], [self._fd], [], 0)[1]:
                await self._room()
            try:
                view = view[os.write(self._fd, view[:PIECE]) :]
            except BlockingIOError:  # somebody else made it so, and was faster
                await asyncio.sleep(PATIENCE)
            except BrokenPipeError:
                raise
            except OSError as error:
                why = os.strerror(error.errno).lower() if error.errno else str(error)
                words = f"the output could not be written: {why}"
                raise RecordingFailed(words, path="-") from error

    async def _room(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_writer(self._fd, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_writer(self._fd)
