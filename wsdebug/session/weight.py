"""Whether a long line is a payload for the most part: values take far more memory than text."""

import msgspec

__all__ = ["is_mostly_payload"]

BASE64 = b'{"b64":"'


class _Strings(msgspec.Struct):
    """The long strings of a frame's line as they stand there; other keys are passed over."""

    send: msgspec.Raw = msgspec.Raw(b"")
    recv: msgspec.Raw = msgspec.Raw(b"")
    wire: msgspec.Raw = msgspec.Raw(b"")


_DECODER = msgspec.json.Decoder(_Strings)


def is_mostly_payload(data: bytes, limit: int) -> bool:
    """Whether a line has at most `limit` bytes beside a payload's strings; false for what is no
    JSON object. Nothing of it is made a value.
    """
    try:
        found = _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError):
        return False
    strings = (memoryview(raw) for raw in (found.send, found.recv, found.wire))
    return len(data) - sum(len(raw) for raw in strings if _is_string(raw)) <= limit


def _is_string(raw: memoryview) -> bool:
    start = bytes(raw[: len(BASE64)])
    # base64 has no quotes: with more than those of key and value, something else is in the object
    return start[:1] == b'"' or (start == BASE64 and bytes(raw).count(b'"') == 4)
