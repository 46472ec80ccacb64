"""The few facts of an X.509 certificate that a record keeps, whether it was trusted or not.

`ssl` tells them of trusted certificates only; of others it gives the bytes (RFC 5280 section 4.1).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

__all__ = ["Certificate", "read_certificate"]

VERSION = 0xA0  # [0], absent in certificates of version 1
UTC_TIME, GENERAL_TIME = 0x17, 0x18
ENCODINGS = {0x0C: "utf-8", 0x1E: "utf-16-be", 0x1C: "utf-32-be"}  # others are a byte a character
NAMES = {
    b"\x55\x04\x03": "CN",
    b"\x55\x04\x06": "C",
    b"\x55\x04\x07": "L",
    b"\x55\x04\x08": "ST",
    b"\x55\x04\x0a": "O",
    b"\x55\x04\x0b": "OU",
}

Node = tuple[int, bytes]  # tag and content


@dataclass(frozen=True, slots=True)
class Certificate:
    """`subject` and `issuer` as `CN=…, O=…`; None for what could not be read."""

    sha256: str
    subject: str | None = None
    issuer: str | None = None
    not_after: datetime | None = None

    def facts(self) -> dict[str, Any]:
        """As the `tls` event has them."""
        end = self.not_after
        return {
            "subject": self.subject,
            "issuer": self.issuer,
            "not_after": end.strftime("%Y-%m-%dT%H:%M:%SZ") if end is not None else None,
            "sha256": self.sha256,
        }


def read_certificate(der: bytes) -> Certificate:
    """Read a certificate; of one that is not DER only the digest is known."""
    digest = sha256(der).hexdigest()
    try:
        (_, whole), *_ = _nodes(der)
        (_, signed), *_ = _nodes(whole)
        fields = _nodes(signed)
        if fields[0][0] == VERSION:
            del fields[0]
        _, _, issuer, validity, subject = fields[:5]  # after serial number and algorithm
        return Certificate(
            digest, _name(subject[1]), _name(issuer[1]), _moment(_nodes(validity[1])[1])
        )
    except (ValueError, IndexError):
        return Certificate(digest)


def _nodes(data: bytes) -> list[Node]:
    """The values that stand one after another. Raises ValueError, IndexError."""
    nodes = []
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[at : at + size], "big")
            at += size
        if at + length > len(data):
            raise ValueError("a value is longer than what holds it")
        nodes.append((tag, data[at : at + length]))
        at += length
    return nodes


def _name(data: bytes) -> str:
    parts = []
    for _, group in _nodes(data):
        for _, pair in _nodes(group):
            (_, kind), (tag, value) = _nodes(pair)[:2]
            text = value.decode(ENCODINGS.get(tag, "latin-1"))
            parts.append(f"{NAMES.get(kind) or _dotted(kind)}={text}")
    return ", ".join(parts)


def _dotted(oid: bytes) -> str:
    """`2.5.4.5` for an object identifier without a short name (X.690 section 8.19)."""
    numbers = []
    value = 0
    for byte in oid:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(str(number) for number in (first, numbers[0] - 40 * first, *numbers[1:]))


def _moment(node: Node) -> datetime:
    tag, value = node
    text = value.decode("ascii")
    if tag == UTC_TIME:
        # 4.1.2.5.1: two digits of a year from 50 on are of the last century
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != GENERAL_TIME:
        raise ValueError("not a time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
