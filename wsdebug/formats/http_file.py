"""Sessions as `.http` files of JetBrains' HTTP Client: a WEBSOCKET request a connection."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO

from wsdebug.formats.output import copy_rest, waiting_file
from wsdebug.formats.settings import CONTROL, as_headers, settings, variables
from wsdebug.formats.source import Source
from wsdebug.log.joined import Message
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import Event

__all__ = ["HOLDS", "write"]

HOLDS = frozenset(
    ["event:connecting", "setting:vars"]
    + [f"setting:{name}" for name in ("user", "bearer", "cookie", "origin")]
)
# A line that ends the message, begins another request, or names a file or a script.
SYNTAX = re.compile(r"^(?:===|###|<@?\w* |<> |>>?!? )", re.MULTILINE)
# What the client may replace, leave out or trim.
DOUBTFUL = re.compile(r"\A\s|\s\Z|\r|^(?://|#)", re.MULTILINE)
VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
BINARY = ("binary message, left out", "binary messages, left out")
UNHELD = (
    "empty message, or one with lines that mean something else there, left out",
    "empty messages, or such with lines that mean something else there, left out",
)
CHANGED = (
    "message that the client may change: {{…}}, comments, or space around it",
    "messages that the client may change: {{…}}, comments, or space around them",
)
RECEIVED = ("received message, only waited for", "received messages, only waited for")
AFTER_LAST = (
    "of them came after the last message sent: not waited for",
    "of them came after the last message sent: not waited for",
)
UNSAID = (
    "header that means something else there, left out",
    "headers that mean something else there, left out",
)
REMOVED = "default header that was removed"


@dataclass(slots=True)
class _Request:
    """A connection; `body` are separators and messages in turn."""

    url: str
    waits: int = 0  # messages received since the last one that was sent
    body: IO[bytes] = field(default_factory=waiting_file)


def write(source: Source, out: BinaryIO) -> None:
    """Write the requests. Raises SessionUnreadable, and OSError."""
    header = source.header
    declared = _declared(source)
    out.write("".join(f"@{name} = {value}\n" for name, value in declared.items()).encode())
    requests: dict[int, _Request] = {}
    try:
        for line, _ in source.messages(HOLDS):
            is_start = isinstance(line, Event) and line.name == "connecting"
            if not isinstance(line, Message | Event) or (isinstance(line, Event) and not is_start):
                continue
            if line.connection not in requests:
                url = line.fields.get("url") if isinstance(line, Event) else None
                requests[line.connection] = _Request(url if isinstance(url, str) else header.url)
            if isinstance(line, Message):
                _take(requests[line.connection], line, declared.keys(), source)
        if not requests:
            requests[1] = _Request(header.url)
        _write_requests(source, out, requests, is_first=not declared)
    finally:
        for request in requests.values():
            request.body.close()


def _write_requests(
    source: Source, out: BinaryIO, requests: dict[int, _Request], *, is_first: bool
) -> None:
    headers = "".join(f"{line}\n" for line in _headers(source))
    for number, request in sorted(requests.items()):
        source.losses.add(*AFTER_LAST, count=request.waits)
        url = CONTROL.sub(lambda found: f"%{ord(found[0]):02X}", request.url)
        start = f"### connection {number}\nWEBSOCKET {url}\n{headers}\n"
        out.write(start.encode() if is_first else f"\n{start}".encode())
        copy_rest(request.body, out)
        is_first = False


def _take(request: _Request, message: Message, declared: Collection[str], source: Source) -> None:
    add, number = source.losses.add, message.number
    if not message.sent:
        request.waits += 1
        add(*RECEIVED, line=number)
        return
    text = message.text()
    if text is None:
        add(*BINARY, line=number)
        return
    if not text.strip() or SYNTAX.search(text):
        add(*UNHELD, line=number)
        return
    if DOUBTFUL.search(text) or any(name not in declared for name in VARIABLE.findall(text)):
        add(*CHANGED, line=number)
    separator = "=== wait-for-server\n" * request.waits or "===\n"
    request.waits = 0
    request.body.write(f"{separator}{text}\n".encode())


def _declared(source: Source) -> dict[str, str]:
    """The variables with a name and a value that the format takes."""
    return {
        name: value
        for name, value in variables(source.header).items()
        if NAME.fullmatch(name) and value.isprintable()
    }


def _headers(source: Source) -> Iterator[str]:
    """Masked already."""
    for name, value in as_headers(settings(source.header, Redactor(keep=True))):
        if name == "header" and value is not None:
            if value.endswith(":"):
                source.losses.add(REMOVED, REMOVED.replace("header", "headers"), name=value[:-1])
            elif SYNTAX.search(value):
                source.losses.add(*UNSAID)
            else:
                yield value
