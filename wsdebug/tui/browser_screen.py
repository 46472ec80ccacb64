"""One page's screen: a process of its own that draws into packets, and ends with the page."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from wsdebug.payload.escape import escape
from wsdebug.tui.in_browser import DRIVER, REPAINT, VARIABLE

__all__ = ["BrowserScreen"]

READY = b"__GANGLION__\n"  # what Textual's driver says first
LEAVE = b"\x1b[?1049l"  # from the screen to what may be said after it
WINDOW = 1 << 18  # bytes that a page may have been given and not yet drawn
PATIENCE = 10.0  # seconds for a screen to end in order: a closing handshake takes up to 5
SIDES = 1000  # cells, that a page may ask for
# What Textual's driver says once, and a page that was loaded again has not heard: the other
# screen, no cursor, the mouse, pastes in brackets.
MODES = b"\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?2004h"
# The page's terminal is not the one that the server was started in.
ENVIRONMENT = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", VARIABLE: DRIVER}
OF_THE_OTHER = ("LINES", "STY", "TMUX")


class BrowserScreen(AppService):
    """textual-serve's process, started without a shell; waits for a page that does not draw.

    A page out of sight draws nothing. The screen then notices that it is behind, and makes no
    repaint that would only grow old in the browser.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        write: Callable[[bytes], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        """`write` sends to the page, `close` ends the page's connection."""
        super().__init__(
            " ".join(command),
            write_bytes=write,
            write_str=_say_nothing,
            close=close,
            download_manager=DownloadManager(),
        )
        self._words = tuple(command)
        self.is_over = False
        self._changed = asyncio.Event()
        self._undrawn = 0  # bytes
        self._may_write = asyncio.Event()
        self._may_write.set()

    def drawn(self, count: int) -> None:
        """The page has drawn so many bytes more."""
        self._undrawn = max(0, self._undrawn - count)
        if self._undrawn < WINDOW:
            self._may_write.set()

    def resize_to(self, width: int, height: int) -> Awaitable[None]:
        """The page has another size, in cells."""
        return self.set_terminal_size(_side(width), _side(height))

    async def start(self, width: int, height: int) -> None:
        """Start the process for a page of this size. Raises OSError if that cannot be done."""
        await super().start(_side(width), _side(height))

    async def take_up(
        self,
        width: int,
        height: int,
        *,
        write: Callable[[bytes], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        """Go on in another page, in place of the one there was, whether it has gone or not."""
        close_last = self.remote_close
        self.remote_write_bytes, self.remote_close = write, close
        self._changed.set()
        self._changed = asyncio.Event()
        self._undrawn = 0
        self._may_write.set()
        await close_last()
        await self._write_page(MODES)
        await self.resize_to(width, height)
        await self.send_meta({"type": REPAINT})

    async def has_gone_on_from(self, close: Callable[[], Awaitable[None]]) -> None:
        """Wait until a page has another one in its place, or the screen is over."""
        while self.remote_close is close and not self.is_over:
            await self._changed.wait()

    async def stop(self) -> None:
        """End the process in order, or else at once."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        self._may_write.set()
        self._ends()
        await self.send_meta({"type": "quit"})
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
        await task

    async def run(self) -> None:
        """Pass on what the process draws until it ends; then the page's connection ends too."""
        process = self._process
        assert process is not None
        assert process.stdout is not None
        assert process.stderr is not None
        async with asyncio.TaskGroup() as group:
            said = group.create_task(process.stderr.read())
            while await process.stdout.readline() not in (READY, b""):
                pass
            await self._pass_on(process.stdout)
        words = said.result().decode("utf-8", "replace")
        sys.stderr.write(words)
        await self._write_page(b"".join([LEAVE, *map(_line, words.splitlines())]))
        self._ends()
        await self.remote_close()

    def _ends(self) -> None:
        self.is_over = True
        self._changed.set()

    async def _pass_on(self, stdout: asyncio.StreamReader) -> None:
        """What comes after the page has gone is read all the same: the process must not wait."""
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = await stdout.readexactly(5)
                data = await stdout.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    await self._may_write.wait()
                    await self._write_page(data)
                elif head[:1] == b"M" and json.loads(data)["type"] == "exit":
                    self._ends()
                    await self.remote_close()  # what is left to do needs no screen

    async def _write_page(self, data: bytes) -> None:
        self._undrawn += len(data)
        if self._undrawn >= WINDOW:
            self._may_write.clear()
        try:
            await self.remote_write_bytes(data)
        except ConnectionError:  # it has gone
            self._may_write.set()
            self._undrawn = -sys.maxsize

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(width, height) | ENVIRONMENT
        for name in OF_THE_OTHER:
            environment.pop(name, None)
        self._process = await asyncio.create_subprocess_exec(
            *self._words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is the server's, which ends every screen in order
        )
        self._stdin = self._process.stdin
        return self._process


def _side(cells: int) -> int:
    return max(1, min(cells, SIDES))


def _line(words: str) -> bytes:
    return f"{escape(words)}\r\n".encode()


async def _say_nothing(_: str) -> None:
    """Of what textual-serve tells pages in words, this screen asks nothing."""
