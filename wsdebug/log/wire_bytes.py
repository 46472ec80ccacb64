"""Bytes on the wire of many recorded lines at once, without a look at each."""

import re

__all__ = ["wire_bytes"]

PAYLOADS = {
    sent: re.compile(rb',"%b":(.*)\}$' % key, re.MULTILINE)
    for sent, key in ((True, b"send"), (False, b"recv"))
}
# A quote inside a payload is escaped: these are keys.
WIRE, LENGTH, BASE64 = b',"wire":"', b',"wlen":', b'{"b64":"'
CONTROLS = tuple(b"\\u00%d" % digit for digit in range(8))  # what escapes a single byte


def wire_bytes(data: bytes, start: int, end: int, *, sent: bool) -> tuple[int, int] | None:
    """Frames of one direction in a part of whole lines, and the bytes of their payloads on the
    wire; None where a line is not as a recorder writes most.
    """
    payloads: list[bytes] = PAYLOADS[sent].findall(data, start, end)
    size = _of_strings(payloads)
    if size is None:
        size = _of_each(payloads)
    return (len(payloads), size) if size is not None else None


def _of_each(payloads: list[bytes]) -> int | None:
    size = 0
    strings: list[bytes] = []
    encoded: list[bytes] = []
    for payload in payloads:
        _, wire, rest = payload.rpartition(WIRE)
        if wire:
            encoded.append(rest[:-1])
            continue
        _, length, rest = payload.rpartition(LENGTH)
        if length:
            if not rest.isdigit():
                return None
            size += int(rest)
        elif payload.startswith(BASE64):
            encoded.append(payload[len(BASE64) : -2])
        else:
            strings.append(payload)
    of_strings, of_encoded = _of_strings(strings), _of_base64(encoded)
    if of_strings is None or of_encoded is None:
        return None
    return size + of_strings + of_encoded


def _of_strings(payloads: list[bytes]) -> int | None:
    """Bytes of payloads that all are strings, as JSON writes them with their quotes."""
    if not payloads:
        return 0
    count, text = len(payloads), b"\n".join(payloads)
    if b"\\" in text:
        text = text.replace(b"\\\\", b"/")
        quotes = text.count(b'"') - text.count(b'\\"')
    else:
        quotes = text.count(b'"')
    are_strings = text.startswith(b'"') and text.endswith(b'"') and quotes == 2 * count
    if not are_strings or text.count(b'"\n"') != count - 1:
        return None
    codes = text.count(b"\\u")
    if codes and codes != sum(map(text.count, CONTROLS)):
        return None
    return len(text) - 3 * count + 1 - text.count(b"\\") - 4 * codes


def _of_base64(payloads: list[bytes]) -> int | None:
    """Bytes of payloads in base64."""
    text = b"".join(payloads)
    padding = text.count(b"=")
    has_other = b'"' in text or b"}" in text or len(text) % 4
    return len(text) // 4 * 3 - padding if not has_other else None
