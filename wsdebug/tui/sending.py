"""What the composer asks for, given to the connection; in the engine's loop, without widgets."""

import asyncio

from wsdebug.engine.live import LiveSession
from wsdebug.engine.repeat import Repeat
from wsdebug.errors import WsdebugError
from wsdebug.tui.compose_model import SendRequest
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["repeat_while_open", "send_request"]


async def send_request(live: LiveSession, request: SendRequest) -> None:
    """Send a message or frame. Raises ConnectionClosed."""
    match request:
        case SendRequest(kind="close"):
            await live.close(request.code, request.reason)
        case SendRequest(kind="raw", frame=Frame() as frame):
            await live.send_frame(frame)
        case SendRequest(kind="ping", payload=bytes() as data):
            await live.ping(data)
        case SendRequest(kind="pong", payload=bytes() as data):
            await live.pong(data)
        case SendRequest(payload=str() as text, fragment=size) if size:
            await live.sender.fragments(Opcode.TEXT, text.encode(), size)
        case SendRequest(payload=bytes() as data, fragment=size) if size:
            await live.sender.fragments(Opcode.BINARY, data, size)
        case _:
            await live.send(request.payload)


async def repeat_while_open(live: LiveSession, repeat: Repeat[SendRequest]) -> None:
    """Send again and again, as long as the connection of now is open.

    Raises what sending raises.
    """

    async def stop_at_the_end() -> None:
        await live.until("closing", "closed", "failed", "waiting", "connecting")
        repeat.stop()

    problem: WsdebugError | None = None
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(stop_at_the_end())
        try:
            await repeat.run()
        except WsdebugError as error:
            problem = error  # not in a group
        watching.cancel()
    if problem is not None:
        raise problem
