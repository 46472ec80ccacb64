"""What `send` prints: the payloads of received messages, in one of the output formats."""

import asyncio
import os
import select
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import Literal

from wsdebug.errors import RecordingFailed

__all__ = ["FORMATS", "Format", "Stdout", "formatter"]

PATIENCE = 0.01  # seconds
PIECE = 4096  # bytes (PIPE_BUF): where some can be written, so many can, without waiting

Format = Literal["raw", "text", "hex", "base64", "jsonl"]
FORMATS: tuple[Format, ...] = ("raw", "text", "hex", "base64", "jsonl")
Message = str | bytes
Formatter = Callable[[Message, int, int], bytes]  # message, µs since the start, connection


def formatter(chosen: Format | None, *, is_terminal: bool) -> Formatter:
    """What makes bytes of a message; for a terminal nothing that it would obey."""
    if chosen == "jsonl":
        return _jsonl_for_terminal if is_terminal else _jsonl
    if chosen == "hex":
        return lambda message, _time, _connection: _bytes(message).hex().encode() + b"\n"
    if chosen == "base64":
        return lambda message, _time, _connection: b64encode(_bytes(message)) + b"\n"
    if is_terminal:
        return _escaped if chosen == "text" else _shown
    if chosen == "text":
        return _as_text
    if chosen == "raw":
        return lambda message, _time, _connection: _bytes(message)
    return _plain


def _plain(message: Message, _time: int, _connection: int) -> bytes:
    return message.encode() + b"\n" if isinstance(message, str) else message


def _as_text(message: Message, _time: int, _connection: int) -> bytes:
    text = message if isinstance(message, str) else message.decode("utf-8", "backslashreplace")
    return text.encode() + b"\n"


def _shown(message: Message, time: int, connection: int) -> bytes:
    """Text in lines, bytes as a hex dump."""
    if isinstance(message, str):
        return _escaped(message, time, connection)
    from wsdebug.payload.hexdump import hex_lines

    lines = (
        f"{line.offset:08x}  {line.hex} {line.ascii}\n" for line in hex_lines(message, dot=".")
    )
    return "".join(lines).encode()


def _escaped(message: Message, _time: int, _connection: int) -> bytes:
    from wsdebug.payload.escape import escape_bytes

    return escape_bytes(_bytes(message), newlines=False).encode() + b"\n"


def _jsonl(message: Message, time: int, connection: int) -> bytes:
    from wsdebug.session.encode import line_start
    from wsdebug.session.encode_many import encode_run
    from wsdebug.session.frames import MessageRun

    joined = message if isinstance(message, str) else ""
    run = MessageRun((_bytes(message),), isinstance(message, str), joined)
    return encode_run(run, line_start(time, connection))


def _jsonl_for_terminal(message: Message, time: int, connection: int) -> bytes:
    from wsdebug.cli.text import json_text

    line = _jsonl(message, time, connection).removesuffix(b"\n")
    return json_text(line, is_terminal=True)


def _bytes(message: Message) -> bytes:
    return message if isinstance(message, bytes) else message.encode()


class Stdout:
    """Writes to standard output without holding up anything else while its reader is slow."""

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
