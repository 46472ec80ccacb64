"""Lines of whole text messages read many at a time, for whoever wants their payloads only."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wsdebug.session.parse import LONGEST

__all__ = ["plain_texts"]

BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


class _Plain(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A recorded text message of one frame without a violation, masked or compressed or not."""

    t: Annotated[float, Meta(ge=0, lt=LONGEST)]
    c: Annotated[int, Meta(ge=1, lt=1 << 31)] = 1
    rsv1: bool = False
    mask: Annotated[str, Meta(pattern="^[0-9a-f]{8}$")] | None = None
    send: str | UnsetType = UNSET
    recv: str | UnsetType = UNSET
    wire: Annotated[str, Meta(pattern=BASE64)] | None = None
    wlen: Annotated[int, Meta(ge=0, lt=1 << 31)] | None = None


DECODER = msgspec.json.Decoder(_Plain)


def plain_texts(lines: Sequence[bytes]) -> list[str] | None:
    """The payloads of lines without their newlines; None unless each is a recorded text message
    of one frame without a violation.
    """
    try:
        found = DECODER.decode_lines(b"\n".join(lines))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    texts = [line.recv if line.send is UNSET else line.send for line in found]
    are_one = len(found) == len(lines) and [line.recv for line in found].count(UNSET) == (
        len(found) - [line.send for line in found].count(UNSET)
    )
    return texts if are_one and UNSET not in texts else None  # type: ignore[return-value]
