"""What is wrong with one frame by itself; sequences are the conversation's to judge."""

from wsdebug.wire.close import close_code_allowed, parse_close
from wsdebug.wire.frame import OPCODE_NAMES, Frame, Opcode

__all__ = ["CONTROL_LIMIT", "problems"]

CONTROL_LIMIT = 125  # bytes, RFC 6455 section 5.5
TOP_BIT = 1 << 63


def problems(
    frame: Frame, *, from_client: bool, rsv1_allowed: bool, length: int | None = None
) -> tuple[str, ...]:
    """Names of the violations of one frame, most basic first; empty if there are none.

    `rsv1_allowed`: permessage-deflate was agreed and the frame may begin a compressed message.
    `length` is the declared payload length in bytes where less of it was kept.
    """
    size = length if length is not None else len(frame.payload)
    found = []
    if frame.rsv2 or frame.rsv3 or (frame.rsv1 and not rsv1_allowed):
        found.append("reserved-bit")
    if frame.opcode not in OPCODE_NAMES:
        found.append("reserved-opcode")
    if from_client and frame.mask is None:
        found.append("unmasked-by-client")
    elif not from_client and frame.mask is not None:
        found.append("masked-by-server")
    if frame.length_form is not None or size >= TOP_BIT:
        found.append("long-length")
    if frame.is_control:
        if not frame.fin:
            found.append("fragmented-control")
        if size > CONTROL_LIMIT:
            found.append("long-control")
    if frame.opcode == Opcode.CLOSE and not found:
        body = parse_close(frame.payload)
        if body is None:
            found.append("bad-close-payload")
        elif body.code is not None and not close_code_allowed(body.code):
            found.append("bad-close-code")
    return tuple(found)
