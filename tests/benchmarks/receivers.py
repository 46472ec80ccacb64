"""Clients that merely receive, by the libraries that people would choose.

    python tests/benchmarks/receivers.py websockets|picows URL

Prints how many messages came, and their size in characters or bytes.
"""

import asyncio
import sys


async def by_websockets(url: str) -> tuple[int, int]:
    """The asyncio client of websockets, its messages iterated over."""
    from websockets.asyncio.client import connect

    messages = size = 0
    async with connect(url, max_size=None) as connection:
        async for message in connection:
            messages += 1
            size += len(message)
    return messages, size


async def by_picows(url: str) -> tuple[int, int]:
    """A listener of picows that takes each payload as text or bytes."""
    from picows import WSCloseCode, WSListener, WSMsgType, ws_connect

    class Listener(WSListener):  # type: ignore[misc]
        def __init__(self) -> None:
            self.messages = self.size = 0

        def on_ws_frame(self, transport: object, frame: object) -> None:
            kind = frame.msg_type  # type: ignore[attr-defined]
            if kind == WSMsgType.CLOSE:
                transport.send_close(WSCloseCode.OK)  # type: ignore[attr-defined]
                transport.disconnect()  # type: ignore[attr-defined]
                return
            self.messages += 1
            if kind == WSMsgType.TEXT:
                self.size += len(frame.get_payload_as_utf8_text())  # type: ignore[attr-defined]
            else:
                self.size += len(frame.get_payload_as_bytes())  # type: ignore[attr-defined]

    transport, listener = await ws_connect(Listener, url)
    await transport.wait_disconnected()
    return listener.messages, listener.size


if __name__ == "__main__":
    receive = {"websockets": by_websockets, "picows": by_picows}[sys.argv[1]]
    print(*asyncio.run(receive(sys.argv[2])))  # noqa: T201
