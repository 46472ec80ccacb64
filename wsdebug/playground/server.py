"""A small WebSocket server on loopback that shows what servers do, right and wrong."""

import asyncio
import contextlib
import logging
from base64 import b64encode
from types import TracebackType
from urllib.parse import urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request, Response

from wsdebug.playground.broken import BROKEN_KINDS
from wsdebug.playground.paths import PATHS, path_of
from wsdebug.playground.query import Query, QueryRefused, read_query

__all__ = ["Playground"]

CREDENTIALS = "Basic " + b64encode(b"demo:demo").decode()
LOOPBACK = ("127.0.0.1", "localhost", "::1")
GRACE = 1.0  # seconds that clients have to close when the server stops

logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())  # a traceback on stderr would spoil the screen


class Playground:
    """`async with Playground() as playground:` serves on `playground.url` until it is left."""

    def __init__(self, port: int = 0) -> None:
        """`port` 0 takes a free one."""
        self._port = port
        self._server: Server | None = None
        self.url = ""

    async def __aenter__(self) -> "Playground":
        """Listen. Raises OSError where the port is taken."""
        self._server = await serve(
            _handle,
            "127.0.0.1",
            self._port,
            process_request=_process_request,
            process_response=_process_response,
            create_connection=_Connection,
            extensions=[ServerPerMessageDeflateFactory()],  # agrees to all four parameters
            compression=None,
            open_timeout=90,  # seconds; longer than /slow takes
            ping_interval=None,
            max_size=64 << 20,
            logger=logger,
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close all connections and stop."""
        if self._server is None:
            return
        self._server.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._server.wait_closed()
        for connection in tuple(self._server.all_connections):
            connection.transport.abort()
        await self._server.wait_closed()


class _Connection(ServerConnection):
    """Known to the server from TCP on, so that none outlives it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.server.all_connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.all_connections.discard(self)
        super().connection_lost(exc)


def _is_local(authority: str) -> bool:
    try:
        return urlsplit(authority).hostname in LOOPBACK
    except ValueError:
        return False


async def _process_request(connection: ServerConnection, request: Request) -> Response | None:
    """Answer what is not to be upgraded."""
    if not _is_local("//" + ",".join(request.headers.get_all("Host"))):
        return connection.respond(403, "this server answers on loopback only\n")
    if not all(map(_is_local, request.headers.get_all("Origin"))):
        return connection.respond(403, "this server takes pages of this machine only\n")
    path, text = path_of(connection)
    if path not in PATHS:
        return connection.respond(404, "no such path; / lists them\n")
    try:
        query = read_query(path, text)
    except QueryRefused as refused:
        return connection.respond(400, f"{refused}\n")
    if path == "/redirect":
        return _redirect(connection, query)
    if path == "/auth" and request.headers.get_all("Authorization") != [CREDENTIALS]:
        return _login_first()
    if path == "/slow":
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(query.numbers["delay"]):
                await connection.wait_closed()
    return None


def _redirect(connection: ServerConnection, query: Query) -> Response:
    target = query.words.get("to", "/echo")
    response = connection.respond(int(query.words.get("status", "302")), f"go to {target}\n")
    response.headers["Location"] = target
    return response


def _login_first() -> Response:
    body = b'{"error": "login first", "code": "E401"}'
    headers = Headers({"WWW-Authenticate": 'Basic realm="playground"'})
    headers["Content-Type"] = "application/json"
    headers["Content-Length"] = str(len(body))
    return Response(401, "Unauthorized", headers, body)


def _process_response(connection: ServerConnection, _: Request, response: Response) -> None:
    """Make the faults of an upgrade."""
    path, text = path_of(connection)
    if path != "/broken" or response.status_code != 101:
        return
    for name, value in BROKEN_KINDS[read_query(path, text).words["kind"]].headers.items():
        response.headers.pop(name, None)
        if value is not None:
            response.headers[name] = value


async def _handle(connection: ServerConnection) -> None:
    """Do what the path does, until one of the two has enough."""

    async def play() -> None:
        path, text = path_of(connection)
        try:
            await PATHS[path](connection, read_query(path, text))
        except* (ConnectionClosed, ConnectionError):
            pass

    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(play())
        closed = tasks.create_task(connection.wait_closed())
        await asyncio.wait([playing, closed], return_when=asyncio.FIRST_COMPLETED)
        playing.cancel()
        closed.cancel()
