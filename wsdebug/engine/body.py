"""The body of a refused handshake: where it ends, and its chunks taken apart (RFC 9112)."""

import re
from base64 import b64encode

__all__ = ["BODY_LIMIT", "body_object", "read_body"]

BODY_LIMIT = 1 << 16  # bytes that are kept
CHUNKED_LIMIT = 1 << 20  # bytes that are taken for them: chunks may be of a byte each
NO_BODY = frozenset((204, 304))
# compiled where they are used: most answers have no body
SIZE = rb"([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n"
LENGTH = rb"(?i)\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n"
CHUNKED = rb"(?i)\r\ntransfer-encoding:[^\r\n]*chunked[ \t]*\r\n"


def read_body(status: int, head: bytes, data: bytes) -> tuple[bytes, bool]:
    """At most 64 KiB of a body out of what came after the head, and whether that is all of it.

    Without a length the body ends with the connection: then it is never all.
    """
    if status < 200 or status in NO_BODY:
        return b"", True
    if re.search(CHUNKED, head):  # 6.3: stronger than a length
        body, is_whole = _unchunked(data)
        is_whole = is_whole or len(data) >= CHUNKED_LIMIT
    else:
        length = re.search(LENGTH, head)
        wanted = int(length[1]) if length else BODY_LIMIT
        body, is_whole = data[:wanted], len(data) >= wanted
    return body[:BODY_LIMIT], is_whole or len(body) >= BODY_LIMIT


def body_object(body: bytes) -> str | dict[str, str]:
    """A body as an event has it: text, or base64 of what is none."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"b64": b64encode(body).decode()}


def _unchunked(data: bytes) -> tuple[bytes, bool]:
    """The chunks joined, and whether the last has come; what is no chunk is kept as it is."""
    body = bytearray()
    at = 0
    while len(body) < BODY_LIMIT:
        size = re.compile(SIZE).match(data, at)
        if size is None:
            is_cut = b"\n" not in data[at : at + 64] and len(data) - at < 64
            return bytes(body) + (b"" if is_cut else data[at:]), False
        length = int(size[1], 16)
        if length == 0:
            return bytes(body), True
        body += data[size.end() : size.end() + length]
        at = size.end() + length
        end = data[at : at + 2]
        if end != b"\r\n":
            return bytes(body) + (b"" if len(end) < 2 else data[at:]), False
        at += 2
    return bytes(body), True
