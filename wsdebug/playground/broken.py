"""The faults of `/broken?kind=…`: one misbehaviour each, its bytes made by `wire`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wsdebug.wire.encode import encode_frame
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["AFTERWARDS", "BROKEN_KINDS", "Broken"]

Then = Literal["echo", "deaf", "silence", "end", "reset"]

AFTERWARDS = Frame(Opcode.TEXT, b"and on it goes")  # after a fault that need not be the end


@dataclass(frozen=True, slots=True)
class Broken:
    """One misbehaviour, by the name of the violation that it makes, where there is one.

    `then` says what follows the frames: `echo` a good message and an ordinary server, `deaf` no
    answer and the end of TCP after the client's close, `silence` not even that, `end` the end of
    the stream at once, `reset` that of TCP. `headers` replaces those of the upgrade, None removes
    one.
    """

    frames: tuple[Frame, ...] = ()
    then: Then = "echo"
    headers: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        """What is written once the connection is open."""
        frames = (*self.frames, AFTERWARDS) if self.then == "echo" else self.frames
        return b"".join(map(encode_frame, frames))


def _text(payload: bytes, **bits: object) -> Frame:
    return Frame(Opcode.TEXT, payload, **bits)  # type: ignore[arg-type]


def _close(payload: bytes) -> Frame:
    return Frame(Opcode.CLOSE, payload)


BROKEN_KINDS: dict[str, Broken] = {
    "invalid-utf8": Broken((_text(b'{"name":"J\xf6rg"}'),)),
    "masked-by-server": Broken((_text(b"masked", mask=b"\xa1\xb2\xc3\xd4"),)),
    "reserved-bit": Broken((_text(b"RSV2 is set", rsv2=True),)),
    "reserved-opcode": Broken((Frame(0x3, b"opcode 3"),)),
    "fragmented-control": Broken((Frame(Opcode.PING, b"half", fin=False),)),
    "long-control": Broken((Frame(Opcode.PING, b"p" * 126),)),
    "unexpected-cont": Broken((Frame(Opcode.CONT, b"continues nothing"),)),
    "missing-cont": Broken((_text(b"begun, ", fin=False), _text(b"never ended"))),
    "long-length": Broken((_text(b"five!", length_form=64),)),
    "bad-close-code": Broken((_close(b"\x03\xedno status"),), "deaf"),
    "bad-close-payload": Broken((_close(b"\x03"),), "deaf"),
    # 7.2.2 of RFC 7692; it breaks the rule on reserved bits where compression was not offered
    "inflate-failed": Broken((_text(b"\xff\xff not deflate", rsv1=True),)),
    "too-big": Broken((Frame(Opcode.BINARY, b"a tebibyte", declared_length=1 << 40),), "deaf"),
    "data-after-close": Broken((_close(b"\x03\xe8bye"), _text(b"one more thing")), "deaf"),
    "truncated": Broken((_text(b"the first of", declared_length=100),), "end"),
    "no-close": Broken(then="silence"),
    "vanish": Broken(then="end"),
    "reset": Broken(then="reset"),
    "wrong-accept": Broken(headers={"Sec-WebSocket-Accept": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}),
    "unasked-extension": Broken(headers={"Sec-WebSocket-Extensions": "x-unasked"}),
    "unasked-subprotocol": Broken(headers={"Sec-WebSocket-Protocol": "unasked"}),
    "no-upgrade": Broken(headers={"Upgrade": None}),
}
