"""A session's first connection as the command of a tool, on one line where it can be."""

from typing import BinaryIO

from wsdebug.formats.commands import Sent, held_settings, make_command
from wsdebug.formats.source import Source
from wsdebug.log.joined import Message

__all__ = ["write"]

LEFT_OUT = (
    "message that the command line cannot hold, left out",
    "messages that the command line cannot hold, left out",
)
RECEIVED = ("received message", "received messages")
OTHERS = (
    "message of another connection, left out",
    "messages of other connections, left out",
)


def write(source: Source, out: BinaryIO, tool: str) -> None:
    """Write the command with a newline. Raises SessionUnreadable, and OSError."""
    held = held_settings(tool) | {"event:connecting"}
    sent: list[Sent] = []
    received, first = 0, None
    for line, _ in source.messages(held):
        if not isinstance(line, Message):
            continue
        first = line.connection if first is None else first
        if line.connection != first:
            source.losses.add(*OTHERS, line=line.number)
        elif line.sent:
            text = line.text()
            sent.append(Sent(line.data if text is None else text, line.number))
        else:
            received += 1
            source.losses.add(*RECEIVED, line=line.number)
    made = make_command(tool, source.header, sent, received, source.redactor)
    for message in made.left_out:
        source.losses.add(*LEFT_OUT, line=message.line)
    out.write(f"{made.text}\n".encode("utf-8", "surrogateescape"))
