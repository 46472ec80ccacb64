"""Frames to bytes, every bit as set (RFC 6455 section 5.2)."""

from wsdebug.wire.frame import Frame

__all__ = ["FORM_LIMITS", "apply_mask", "encode_frame", "encode_head", "minimal_form"]

BLOCK = 1 << 14  # bytes that are masked at a time; more leave the processor's cache
FORM_LIMITS = {7: 125, 16: 0xFFFF, 64: 0xFFFF_FFFF_FFFF_FFFF}  # bytes


def minimal_form(length: int) -> int:
    """The shortest length form, 7, 16 or 64 bits, for a payload of `length` bytes."""
    return 7 if length <= 125 else 16 if length <= 0xFFFF else 64


def apply_mask(data: bytes, key: bytes) -> bytes:
    """XOR with a 4-byte masking key; masking and unmasking are the same (section 5.3)."""
    if not data:
        return b""
    size = len(data)
    if size > BLOCK:
        starts = range(0, size, BLOCK)
        return b"".join([apply_mask(data[start : start + BLOCK], key) for start in starts])
    repeated = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(data, "little") ^ int.from_bytes(repeated, "little")
    return mixed.to_bytes(size, "little")


def encode_head(frame: Frame) -> bytes:
    """The head: 2 to 14 bytes, up to and including the masking key.

    Raises ValueError where the frame cannot be written: an opcode over 15, a key that is not 4
    bytes, a declared length that its form cannot hold.
    """
    if not 0 <= frame.opcode <= 15:
        raise ValueError(f"opcode {frame.opcode} does not fit in 4 bits")
    if frame.mask is not None and len(frame.mask) != 4:
        raise ValueError(f"a masking key has 4 bytes, not {len(frame.mask)}")
    length = frame.declared_length if frame.declared_length is not None else len(frame.payload)
    form = frame.length_form or minimal_form(length)
    if form not in FORM_LIMITS or not 0 <= length <= FORM_LIMITS[form]:
        raise ValueError(f"a length of {length} does not fit in the {form}-bit form")
    first = frame.fin << 7 | frame.rsv1 << 6 | frame.rsv2 << 5 | frame.rsv3 << 4 | frame.opcode
    mask_bit = 0x80 if frame.mask is not None else 0
    if form == 7:
        head = bytes((first, mask_bit | length))
    elif form == 16:
        head = bytes((first, mask_bit | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, mask_bit | 127)) + length.to_bytes(8, "big")
    return head + frame.mask if frame.mask is not None else head


def encode_frame(frame: Frame) -> bytes:
    """Head and masked payload. Raises ValueError as `encode_head` does."""
    head = encode_head(frame)
    if frame.mask is None:
        return head + frame.payload
    return head + apply_mask(frame.payload, frame.mask)
