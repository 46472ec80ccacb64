"""One broken rule each, as the bytes that a server writes."""

from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame

__all__ = ["BROKEN_KINDS"]

KEY = b"\xa1\xb2\xc3\xd4"

BROKEN_KINDS: dict[str, bytes] = {
    kind: b"".join(encode_frame(frame) for frame in frames)
    for kind, frames in {
        "invalid-utf8": [Frame(1, b'{"name":"J\xffrgen"}')],
        "masked-by-server": [Frame(1, b"masked", mask=KEY)],
        "reserved-bit": [Frame(1, b"rsv2", rsv2=True)],
        "reserved-opcode": [Frame(3, b"opcode 3")],
        "fragmented-control": [Frame(9, b"ping", fin=False)],
        "long-control": [Frame(9, bytes(126))],
        "unexpected-cont": [Frame(0, b"continues nothing")],
        "missing-cont": [Frame(1, b"first", fin=False), Frame(1, b"second")],
        "long-length": [Frame(1, b"short", length_form=64)],
        "bad-close-code": [Frame(8, b"\x03\xed")],
        "bad-close-payload": [Frame(8, b"\x03")],
        "inflate-failed": [Frame(1, b"\xff\xff\xff", rsv1=True)],
        "too-big": [Frame(2, b"only the claim is big", declared_length=1 << 40)],
        "data-after-close": [Frame(8, b"\x03\xe8"), Frame(1, b"after")],
        "truncated": [Frame(1, b"hel", declared_length=5)],
    }.items()
}
