"""A raw frame as it is set bit by bit: the frame it makes, its bytes, and the rules it breaks."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.tui.compose_model import parse_base64, parse_hex
from wsdebug.wire.close import CLOSE_CODES
from wsdebug.wire.encode import apply_mask, encode_head, minimal_form
from wsdebug.wire.frame import Frame, Opcode
from wsdebug.wire.problems import problems
from wsdebug.wire.violations import VIOLATIONS

__all__ = [
    "LENGTH_FORMS",
    "PAYLOAD_FORMS",
    "RawDraft",
    "RawReading",
    "make_frame",
    "of_frame",
    "read_raw",
]

PayloadForm = Literal["hex", "text", "base64"]
LengthForm = Literal["shortest", "7", "16", "64"]

PAYLOAD_FORMS: tuple[PayloadForm, ...] = ("hex", "text", "base64")
LENGTH_FORMS: tuple[LengthForm, ...] = ("shortest", "7", "16", "64")
LARGEST = (1 << 64) - 1
SHOWN = 64  # bytes of the masked payload that can be shown


@dataclass(frozen=True, slots=True)
class RawDraft:
    """What is set. `key` is hex as typed, `length` decimal as typed, empty for the true length.

    `is_fresh` takes another masking key each time instead of `key`.
    """

    fin: bool = True
    rsv1: bool = False
    rsv2: bool = False
    rsv3: bool = False
    is_masked: bool = True
    opcode: int = 1  # 0-15
    key: str = ""
    is_fresh: bool = True
    length: str = ""
    length_form: LengthForm = "shortest"
    payload: str = ""
    form: PayloadForm = "hex"


@dataclass(frozen=True, slots=True)
class RawReading:
    """What a draft amounts to; `problem` says why there is no frame, `field` where.

    `head`, `key` and `payload` are the bytes as they will cross the wire, the payload masked and
    at most 64 bytes of it; `size` counts all. `rules` are (words, RFC section) of what is broken.
    """

    problem: str = ""
    field: str = ""
    head: bytes = b""
    key: bytes = b""
    payload: bytes = b""
    size: int = 0
    length: int = 0  # bytes the payload has
    shown: str = ""  # what the bytes say, where they were not typed as text
    lie: str = ""  # what a false length means for the peer
    rules: tuple[tuple[str, str], ...] = ()
    outcome: str = ""  # what a correct server does

    @property
    def is_sendable(self) -> bool:
        """Whether there is a frame."""
        return not self.problem


def make_frame(draft: RawDraft, *, random: Callable[[int], bytes] = os.urandom) -> Frame:
    """The frame, with a fresh masking key where one is wanted.

    Raises UsageError, with the draft's field, for what makes no frame.
    """
    payload = _payload(draft)
    form = None if draft.length_form == "shortest" else int(draft.length_form)
    declared = _length(draft.length)
    if declared == len(payload):
        declared = None
    length = len(payload) if declared is None else declared
    if form == minimal_form(length):
        form = None
    frame = Frame(
        draft.opcode,
        payload,
        fin=draft.fin,
        rsv1=draft.rsv1,
        rsv2=draft.rsv2,
        rsv3=draft.rsv3,
        mask=_key(draft, random) if draft.is_masked else None,
        length_form=form,
        declared_length=declared,
    )
    try:
        encode_head(frame)
    except ValueError:
        words = f"{with_commas(length)} does not fit in the {form}-bit form"
        raise UsageError(words, field="length") from None
    return frame


def read_raw(draft: RawDraft, *, key: bytes, is_compressing: bool = False) -> RawReading:
    """Judge a draft without sending it; `key` stands for the fresh masking key of next time.

    `is_compressing`: permessage-deflate was agreed, which gives RSV1 a meaning.
    """
    try:
        frame = make_frame(draft, random=lambda _: key)
    except UsageError as error:
        return RawReading(problem=str(error), field=error.field)
    size = len(frame.payload)
    head = encode_head(frame)
    mask = frame.mask or b""
    shown = frame.payload[:SHOWN]
    broken = _broken(frame, is_compressing=is_compressing)
    return RawReading(
        head=head[: len(head) - len(mask)],
        key=mask,
        payload=apply_mask(shown, mask) if mask else shown,
        size=len(head) + size,
        length=size,
        shown="" if draft.form == "text" else _as_text(shown),
        lie=_lie(size, frame.declared_length),
        rules=tuple((VIOLATIONS[name].title, VIOLATIONS[name].section) for name in broken),
        outcome=_outcome(frame, broken),
    )


def _broken(frame: Frame, *, is_compressing: bool) -> list[str]:
    begins = frame.opcode in (Opcode.TEXT, Opcode.BINARY)
    found = list(
        problems(
            frame,
            from_client=True,
            rsv1_allowed=is_compressing and begins,
            length=frame.declared_length,
        )
    )
    is_whole_text = frame.opcode == Opcode.TEXT and frame.fin and not frame.rsv1
    if is_whole_text and frame.declared_length is None and not _is_utf8(frame.payload):
        found.append("invalid-utf8")
    return found


def _outcome(frame: Frame, broken: list[str]) -> str:
    if broken:
        code = VIOLATIONS[broken[0]].close_code
        return f"a correct server fails the connection with {code}, {CLOSE_CODES[code].name}"
    if frame.opcode == Opcode.CONT:
        return "right only inside a message: a frame without FIN before it"
    if not frame.fin:
        return "begins a message; go on with opcode 0x0, FIN on the last"
    return "a correct server takes it"


def _lie(size: int, declared: int | None) -> str:
    if declared is None:
        return ""
    has = f"the payload has {with_commas(size)}"
    if declared > size:
        return f"{has}; the peer waits for {with_commas(declared - size)} more"
    rest = size - declared
    return f"{has}; the peer takes the last {with_commas(rest)} for the next frame"


def _as_text(data: bytes) -> str:
    """Text that says something to a person; control characters as escapes."""
    text = data.decode("utf-8", "replace")
    return escape(text) if any(character.isalnum() for character in text) else ""


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _payload(draft: RawDraft) -> bytes:
    try:
        if draft.form == "hex":
            return parse_hex(draft.payload)
        if draft.form == "base64":
            return parse_base64(draft.payload)
    except UsageError as error:
        raise UsageError(str(error), field="payload") from None
    return draft.payload.encode("utf-8", "surrogatepass")


def _length(typed: str) -> int | None:
    if not typed.strip():
        return None
    digits = typed.replace(",", "").replace("_", "").strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 20 or int(digits) > LARGEST:
        raise UsageError("a length is a number up to 2^64 - 1, or nothing", field="length")
    return int(digits)


def _key(draft: RawDraft, random: Callable[[int], bytes]) -> bytes:
    if draft.is_fresh:
        return random(4)
    try:
        key = parse_hex(draft.key)
    except UsageError:
        key = b""
    if len(key) != 4:
        raise UsageError("a masking key has 4 bytes, such as a1 b2 c3 d4", field="key")
    return key


def of_frame(frame: Frame) -> RawDraft:
    """A draft that makes the same frame again, its masking key included."""
    draft = RawDraft(
        fin=frame.fin,
        rsv1=frame.rsv1,
        rsv2=frame.rsv2,
        rsv3=frame.rsv3,
        is_masked=frame.mask is not None,
        opcode=frame.opcode,
        payload=frame.payload.hex(" "),
    )
    if frame.mask is not None:
        draft = replace(draft, key=frame.mask.hex(" "), is_fresh=False)
    if frame.declared_length is not None:
        draft = replace(draft, length=str(frame.declared_length))
    for form in LENGTH_FORMS:
        if form == str(frame.length_form):
            draft = replace(draft, length_form=form)
    return draft
