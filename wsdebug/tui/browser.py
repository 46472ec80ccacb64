"""The terminal UI in a browser: a server on loopback that answers only to its own address.

Whoever reaches it could send and read files as the person who started it. So the address holds a
random token, without which nothing is answered; the name in it must be one of loopback, since any
other name may be made to lead here (DNS rebinding); and a page of another origin is refused, since
browsers let every page open WebSockets (RFC 6455, 10.2).
"""

import asyncio
import json
import re
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import textual_serve
from aiohttp import WSMsgType, web

from wsdebug.tui.browser_screen import BrowserScreen

__all__ = ["BrowserServer", "serve"]

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = Path(__file__).parent / "page"
TERMINAL = Path(textual_serve.__file__).parent / "static"
HOST = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?", re.IGNORECASE)
HEARTBEAT = 15.0  # seconds between pings to a page
KEPT = 20.0  # seconds that a session goes on without its page
PASTE = 64 << 20  # bytes that can be pasted at once
REFUSED = "Forbidden: open the whole address that wsdebug web printed.\n"
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' ws://{host}; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def serve(command: Sequence[str], host: str, port: int) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; prints the address. Raises OSError as `bind` does.

    Each page is a process of `command`; port 0 is a free one.
    """
    asyncio.run(_serve(command, host, port))


async def _serve(command: Sequence[str], host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    token = secrets.token_urlsafe(32)
    app = BrowserServer(command, token).app
    runner = web.AppRunner(app, access_log=None)  # addresses hold the token
    await runner.setup()
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
        await web.SockSite(runner, listener).start()
        name = f"[{host}]" if ":" in host else host
        sys.stdout.write(f"http://{name}:{listener.getsockname()[1]}/{token}/\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await runner.cleanup()


class BrowserServer:
    """Answers below `/TOKEN/`, and refuses everything else."""

    def __init__(self, command: Sequence[str], token: str) -> None:
        self._command = command
        self._token = token.encode()
        self._screens: set[BrowserScreen] = set()
        self._named: dict[str, BrowserScreen] = {}  # by the names of their pages
        self._is_ending = False
        self.app = web.Application(middlewares=[self._guard])
        self.app.add_routes(
            [
                web.get("/{token}/", self._page),
                web.get("/{token}/ws", self._screen),
                web.static(f"/{token}/page", PAGE),
                web.static(f"/{token}/static", TERMINAL),
            ]
        )
        self.app.on_response_prepare.append(_harden)
        self.app.on_shutdown.append(self._end)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse what does not know the token, and what another page sends."""
        given = request.path.split("/")[1].encode("utf-8", "surrogatepass")
        hosts, origin = request.headers.getall("Host", []), request.headers.get("Origin")
        is_ours = len(hosts) == 1 and HOST.fullmatch(hosts[0]) is not None
        is_ours = is_ours and origin in (None, f"http://{hosts[0]}")
        if not (secrets.compare_digest(given, self._token) and is_ours):
            return web.Response(status=403, text=REFUSED)
        return await handler(request)

    async def _page(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "page.html")

    async def _screen(self, request: web.Request) -> web.WebSocketResponse:
        """A screen for as long as the page is there, or comes again soon by the same name."""
        page = web.WebSocketResponse(heartbeat=HEARTBEAT, compress=False, max_msg_size=PASTE)
        await page.prepare(request)

        async def close() -> None:
            await page.close()

        name = request.query.get("page", "")
        cells = [_cells(request, side) for side in ("width", "height")]
        screen = self._named.get(name)
        if screen is None or screen.is_over:
            screen = BrowserScreen(self._command, write=page.send_bytes, close=close)
            self._screens.add(screen)
            begin = screen.start(*cells)
        else:
            begin = screen.take_up(*cells, write=page.send_bytes, close=close)
        if name:
            self._named[name] = screen
        try:
            await begin
            async for message in page:
                if message.type is WSMsgType.TEXT:
                    await _take(json.loads(message.data), screen)
        except ValueError:  # no JSON: none of our pages
            await page.close()
        finally:
            if name and not self._is_ending:
                with suppress(TimeoutError):
                    async with asyncio.timeout(KEPT):
                        await screen.has_gone_on_from(close)
            if screen.remote_close is close:
                await screen.stop()
                self._screens.discard(screen)
                self._named = {key: one for key, one in self._named.items() if one is not screen}
        return page

    async def _end(self, _: web.Application) -> None:
        """End all screens in order, side by side."""
        self._is_ending = True
        await asyncio.gather(*(screen.stop() for screen in self._screens))


async def _harden(request: web.Request, response: web.StreamResponse) -> None:
    """What a browser may do with an answer."""
    response.headers.update(HEADERS)
    host = request.headers.get("Host", "")
    if HOST.fullmatch(host):
        response.headers["Content-Security-Policy"] = POLICY.format(host=host)


async def _take(message: Any, screen: BrowserScreen) -> None:
    """What textual-serve's terminal says, and our page of its drawing."""
    match message:
        case ["stdin", str(keys)]:
            await screen.send_bytes(keys.encode("utf-8", "replace"))
        case ["resize", {"width": int(width), "height": int(height)}]:
            await screen.resize_to(width, height)
        case ["drawn", int(count)]:
            screen.drawn(count)
        case ["focus"]:
            await screen.focus()
        case ["blur"]:
            await screen.blur()


def _cells(request: web.Request, side: str) -> int:
    text = request.query.get(side, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 80
