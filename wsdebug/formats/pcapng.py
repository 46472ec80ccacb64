"""Sessions as pcapng for Wireshark: each frame as it crossed the wire, an exported PDU.

The link type is 252, LINKTYPE_WIRESHARK_UPPER_PDU: before the bytes stand tags that name the
dissector and the addresses (`epan/exported_pdu.h` of Wireshark; pcapng: draft-ietf-opsawg-pcapng).
"""

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO
from urllib.parse import urlsplit

from wsdebug import __version__
from wsdebug.formats.losses import FACTS
from wsdebug.formats.source import Source
from wsdebug.session.lines import Event, FrameLine
from wsdebug.wire.encode import encode_frame
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["HOLDS", "write"]

HOLDS = frozenset(FACTS.keys() - {"cut", "pattern", "rule"} | {"event:tcp", "event:clock"})
LINKTYPE = 252
LARGEST = 262_144  # bytes of a packet that Wireshark still reads
SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6  # block types
END, COMMENT, APPLICATION, NAME, FLAGS = 0, 1, 4, 2, 2  # options; the last two of their blocks
INBOUND, OUTBOUND = 1, 2
# Tags of an exported PDU.
DISSECTOR, SOURCE4, TARGET4, SOURCE6, TARGET6 = 12, 20, 21, 22, 23
PORT_TYPE, SOURCE_PORT, TARGET_PORT, DIRECTION = 24, 25, 26, 35
TCP = 2
P2P_SENT, P2P_RECEIVED = 0, 1
ANY_KEY = bytes(4)  # for a frame by hand, which is sent with any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NO_START = "start time, taken for 1970"
NO_ADDRESS = (
    "connection without addresses: its own port is its number",
    "connections without addresses: their own ports are their numbers",
)
CUT = (
    "frame over 256 KiB, of which Wireshark reads no more",
    "frames over 256 KiB, of which Wireshark reads no more",
)
NOT_KEPT = (
    "frame whose bytes on the wire were not kept, written uncompressed",
    "frames whose bytes on the wire were not kept, written uncompressed",
)
NO_FRAME = ("frame that no wire can carry, left out", "frames that no wire can carry, left out")


@dataclass(frozen=True, slots=True)
class _Peers:
    """Both ends of a connection; addresses where both are known."""

    local_port: int
    remote_port: int
    local: Address | None = None
    remote: Address | None = None

    def tags(self, *, sent: bool) -> bytes:
        """The tags before a frame's bytes."""
        ends = [(self.local, self.local_port), (self.remote, self.remote_port)]
        (source, source_port), (target, target_port) = ends if sent else ends[::-1]
        tags = [_tag(DISSECTOR, b"websocket")]
        if source is not None and target is not None:
            is_4 = source.version == 4
            tags.append(_tag(SOURCE4 if is_4 else SOURCE6, source.packed))
            tags.append(_tag(TARGET4 if is_4 else TARGET6, target.packed))
        tags += [
            _tag(PORT_TYPE, struct.pack(">I", TCP)),
            _tag(SOURCE_PORT, struct.pack(">I", source_port)),
            _tag(TARGET_PORT, struct.pack(">I", target_port)),
            _tag(DIRECTION, struct.pack(">I", P2P_SENT if sent else P2P_RECEIVED)),
            _tag(END, b""),
        ]
        return b"".join(tags)


def write(source: Source, out: BinaryIO) -> None:
    """Write a section with one interface, and a packet for each frame.

    Raises SessionUnreadable, and OSError.
    """
    if source.started_us is None:
        source.losses.add(NO_START, NO_START)
    out.write(_start(source.header.url))
    peers: dict[int, _Peers] = {}
    for line, time_us in source.lines(HOLDS):
        if isinstance(line, Event) and line.name == "tcp":
            peers[line.connection] = _peers(line, source)
        elif isinstance(line, FrameLine):
            if line.connection not in peers:
                peers[line.connection] = _peers(Event(0, 0, "", {}, line.connection), source)
            packet = _packet(line, peers[line.connection], source)
            if packet is not None:
                out.write(_packet_block(line, source.wall_us(time_us), *packet))


def _start(url: str) -> bytes:
    section = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    section += _option(APPLICATION, f"wsdebug {__version__}".encode()) + _option(END, b"")
    interface = struct.pack("<HHI", LINKTYPE, 0, 0)  # times in microseconds, as it is by default
    interface += _option(NAME, url.encode()[:1000]) + _option(END, b"")
    return _block(SECTION, section) + _block(INTERFACE, interface)


def _packet(line: FrameLine, peers: _Peers, source: Source) -> tuple[bytes, int] | None:
    """Tags and frame as far as they are kept, and the length that they had."""
    frame, add = line.frame, source.losses.add
    declared = frame.declared_length if frame.declared_length is not None else line.cut
    if line.wire_length is not None:
        # the payload on the wire is gone: what it said stands for it
        add(*NOT_KEPT, line=line.number)
        frame, declared = replace(frame, payload=line.payload or b"", rsv1=False), None
    if line.any_mask:
        frame = replace(frame, mask=ANY_KEY)
    try:
        data = encode_frame(replace(frame, declared_length=declared))
    except ValueError:
        add(*NO_FRAME, line=line.number)
        return None
    tags = peers.tags(sent=line.sent)
    packet = tags + data
    missing = line.cut - len(frame.payload) if line.cut is not None and declared else 0
    size = min(len(packet) + max(0, missing), 0xFFFF_FFFF)
    if len(packet) > LARGEST:
        add(*CUT, line=line.number)
    return packet[:LARGEST], size


def _packet_block(line: FrameLine, epoch_us: int, packet: bytes, size: int) -> bytes:
    head = struct.pack(
        "<IIIII", 0, epoch_us >> 32, epoch_us & 0xFFFF_FFFF, len(packet), max(size, len(packet))
    )
    options = _option(FLAGS, struct.pack("<I", OUTBOUND if line.sent else INBOUND))
    options += b"".join(_option(COMMENT, text.encode()) for text in _comments(line))
    return _block(PACKET, head + _padded(packet) + options + _option(END, b""))


def _comments(line: FrameLine) -> Iterator[str]:
    """The violations in words."""
    for name in line.bad:
        violation = VIOLATIONS.get(name)
        if violation is not None:
            yield f"{name}: {violation.rule} {violation.section}"
        else:
            yield name[:1000]


def _peers(event: Event, source: Source) -> _Peers:
    """The ends of a connection by its `tcp` event; what is not known is made up, and counted."""
    local, local_port = _end(event.fields.get("local"))
    remote, remote_port = _end(event.fields.get("remote"))
    if local is None or remote is None or local.version != remote.version:
        source.losses.add(*NO_ADDRESS)
        local = remote = None
    return _Peers(
        local_port or event.connection & 0xFFFF,
        remote_port or _url_port(source.header.url),
        local,
        remote,
    )


def _end(place: object) -> tuple[Address | None, int]:
    """`127.0.0.1:80` or `[::1]:80`; nothing where it is neither."""
    host, _, port = str(place).rpartition(":")
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
        number = int(port)
    except ValueError:
        return None, 0
    return (address, number) if 0 < number < 65536 else (None, 0)


def _url_port(url: str) -> int:
    try:
        parts = urlsplit(url)
        return parts.port or (443 if parts.scheme == "wss" else 80)
    except ValueError:
        return 80


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _block(kind: int, body: bytes) -> bytes:
    size = len(body) + 12
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + _padded(value)


def _tag(code: int, value: bytes) -> bytes:
    """Big-endian; the length counts the zeros that fill it up."""
    value = _padded(value)
    return struct.pack(">HH", code, len(value)) + value
