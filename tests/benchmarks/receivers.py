"""Clients that merely receive, by the libraries that people would choose; and one that records.

    python tests/benchmarks/receivers.py websockets|picows|bare URL

Prints how many messages came, and their size in characters or bytes. `bare` writes each message
to stdout as JSON has it, text escaped and binary in base64, in a plain loop and with no header,
time, rule or index: what a recording in Python costs at least.
"""

import asyncio
import os
import socket
import sys
from urllib.parse import urlsplit

REQUEST = (
    b"GET / HTTP/1.1\r\nHost: flood\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
READ = 1 << 18  # bytes


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


def by_loop(url: str) -> None:
    """A loop around a socket; nothing is printed but the messages."""
    from msgspec.json import encode
    from pybase64 import b64encode

    from wsdebug.engine.bulk import plain_frames

    bytes(1 << 20)  # as `Wire` does
    target = urlsplit(url)
    view = memoryview(bytearray(READ))
    with socket.create_connection((target.hostname, target.port)) as server:
        server.sendall(REQUEST)
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += server.recv(1)
        data = b""
        while size := server.recv_into(view):
            data += view[:size]
            payloads, end = plain_frames(data, 0, READ)
            if payloads:
                together = b"\x7f".join(payloads)
                is_text = data[0] == 0x81
                line = encode(together.decode()) if is_text else b64encode(together)
                os.write(1, line.replace(b"\x7f", b'"\n"') if is_text else line)
                data = data[end:]


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        by_loop(sys.argv[2])
    else:
        receive = {"websockets": by_websockets, "picows": by_picows}[sys.argv[1]]
        print(*asyncio.run(receive(sys.argv[2])))  # noqa: T201
