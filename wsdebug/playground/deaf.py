"""A connection that nobody answers any more."""

import asyncio

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from wsdebug.wire.decode import FrameDecoder
from wsdebug.wire.frame import Opcode

__all__ = ["go_deaf"]


async def go_deaf(connection: ServerConnection, data: bytes, *, hangs_up: bool) -> None:
    """Write bytes, answer nothing from then on, and wait for the end.

    With `hangs_up`, the end of TCP follows the client's close frame (RFC 6455 section 7.1.1).
    """
    if connection.state is not State.OPEN:
        return
    transport = connection.transport
    transport.set_protocol(_Deaf(connection, hangs_up=hangs_up))
    transport.resume_reading()
    transport.write(data)
    await connection.wait_closed()


class _Deaf(asyncio.Protocol):
    """Takes the place of websockets' protocol, which would answer pings and closes."""

    def __init__(self, connection: ServerConnection, *, hangs_up: bool) -> None:
        self._connection = connection
        self._hangs_up = hangs_up
        self._decoder = FrameDecoder(limit=0)

    def data_received(self, data: bytes) -> None:
        opcodes = [decoded.frame.opcode for decoded in self._decoder.feed(data)]
        if self._hangs_up and Opcode.CLOSE in opcodes:
            self._connection.transport.close()

    def pause_writing(self) -> None:
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        self._connection.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connection.connection_lost(exc)
