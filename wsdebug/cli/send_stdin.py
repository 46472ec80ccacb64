"""Standard input as it comes, in messages: by lines, by NUL, whole, or as session lines."""

import asyncio
import os
import select
import sys
from collections.abc import AsyncIterator

from wsdebug.cli.send_input import Encoding, Messages, StdinMode, Step
from wsdebug.errors import SessionUnreadable

__all__ = ["stdin_steps"]

READ = 1 << 16  # bytes read at a time


async def stdin_steps(mode: StdinMode, encoding: Encoding) -> AsyncIterator[Step]:
    """The steps of standard input, what one read brought together.

    Raises SessionUnreadable, naming the line, after the messages before it.
    """
    if mode == "whole":
        data = b"".join([chunk async for chunk in _chunks()])
        try:
            yield Messages(encoding.opcode, [encoding.decode(data)])
        except ValueError as error:
            raise _unreadable(str(error)) from None
    elif mode == "jsonl":
        from wsdebug.cli.send_lines import Lines

        lines = Lines(encoding.values)
        async for block in _blocks(b"\n"):
            for step in lines.steps(block):
                yield step
    else:
        number = 0
        async for block in _blocks(b"\0" if mode == "null" else b"\n"):
            good, why = _decoded(block, encoding)
            number += len(good)
            if good:
                yield Messages(encoding.opcode, good)
            if why:
                raise _unreadable(why, number + 1)


def _decoded(block: list[bytes], encoding: Encoding) -> tuple[list[bytes], str]:
    """The messages before the first that cannot be made, and why not."""
    if encoding.are_payloads(b"\n".join(block)):
        return block, ""
    good: list[bytes] = []
    try:
        for data in block:
            good.append(encoding.decode(data))
    except ValueError as error:
        return good, str(error)
    return good, ""


async def _blocks(separator: bytes) -> AsyncIterator[list[bytes]]:
    """What ended with each read, without separators; at the end, what lacks one."""
    parts: list[bytes] = []  # of one that is not ended yet
    async for chunk in _chunks():
        first, *others = chunk.split(separator)
        parts.append(first)
        if others:
            rest = others.pop()
            yield [b"".join(parts), *others]
            parts = [rest]
    if last := b"".join(parts):
        yield [last]


async def _chunks() -> AsyncIterator[bytes]:
    """Bytes as they come; what is there already is taken without waiting."""
    if sys.stdin is None:  # closed by whoever started us
        return
    fd = sys.stdin.fileno()
    try:
        while True:
            if not select.select([fd], [], [], 0)[0]:
                await _readable(fd)
            try:
                chunk = os.read(fd, READ)
            except BlockingIOError:  # somebody else was faster
                continue
            if not chunk:
                return
            yield chunk
            await asyncio.sleep(0)
    except OSError as error:
        raise _unreadable((error.strerror or str(error)).lower()) from error


async def _readable(fd: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)


def _unreadable(why: str, line: int = 0) -> SessionUnreadable:
    place = f", line {line}" if line else ""
    return SessionUnreadable(f"standard input{place}: {why}", path="-", line=line)
