"""One frame, with every bit settable (RFC 6455 section 5.2)."""

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["OPCODE_NAMES", "Frame", "Opcode", "opcode_name"]


class Opcode(IntEnum):
    """The opcodes with a meaning (RFC 6455 section 11.8); 3-7 and 11-15 are reserved."""

    CONT = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


OPCODE_NAMES = {
    0x0: "cont",
    0x1: "text",
    0x2: "binary",
    0x8: "close",
    0x9: "ping",
    0xA: "pong",
}


def opcode_name(opcode: int) -> str:
    """The short name of an opcode, `0x3` for a reserved one."""
    return OPCODE_NAMES.get(opcode) or f"{opcode:#x}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it crosses the wire; `payload` is unmasked but still compressed, if it was.

    `mask` is the 4-byte masking key, or None for MASK bit 0. `length_form` is 7, 16 or 64 where
    the length is not in its minimal form, `declared_length` the payload length in bytes that the
    head claims where it is not the true one; None for both means minimal and true.
    """

    opcode: int
    payload: bytes = b""
    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False
    mask: bytes | None = None
    length_form: int | None = None
    declared_length: int | None = None

    @property
    def is_control(self) -> bool:
        """Whether this is a control frame: opcode 8-15 (RFC 6455 section 5.5)."""
        return self.opcode >= 0x8
