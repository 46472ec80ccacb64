"""Recorded frames made ready to be sent once more, bit by bit."""

import os
from collections.abc import Iterable

from wsdebug.errors import UsageError
from wsdebug.payload.redact import MASK
from wsdebug.replay.plan import Plan
from wsdebug.replay.script import Script
from wsdebug.replay.steps import Send
from wsdebug.wire.frame import Frame

__all__ = ["FrameMaker", "check_exact"]

DEFLATE = "permessage-deflate"


def check_exact(plans: Iterable[Plan], script: Script) -> None:
    """Raise UsageError where the file cannot give the bytes that were sent."""
    is_redacted = script.header is not None and any(script.header.redacted)
    for plan in plans:
        for step in plan.steps:
            if isinstance(step, Send) and (why := _why_not(step, is_redacted=is_redacted)):
                words = f"--exact-mask: line {step.message.number} {why}"
                raise UsageError(words, field="exact-mask")


def _why_not(step: Send, *, is_redacted: bool) -> str:
    line = step.message.first
    if line.wire_length is not None:
        return "was recorded with --no-wire"
    if line.frame.mask is None and step.keys.get("mask", "") is not None:
        return "has no masking key"
    if step.names:
        return "has variables in it"
    if is_redacted and MASK.encode() in (line.payload or b""):
        return "is redacted"
    return ""


class FrameMaker:
    """Makes the frames of one connection.

    `exact` keeps the masking keys and refuses other compression than that of the recording. Else
    compressed payloads are sent as they were where the same compression was agreed on and no
    value in them is another (`may_change`), and inflated where not; a frame that was masked gets
    a fresh key.
    """

    def __init__(
        self,
        plan: Plan,
        agreed: str,
        *,
        exact: bool,
        may_change: bool = False,
    ) -> None:
        """Raises UsageError for a connection whose compression is not that of the recording."""
        self._exact = exact
        self._same = _is_same(plan.extensions, agreed)
        compressed = [step for step in plan.steps if isinstance(step, Send) and _is_deflated(step)]
        if exact and compressed and not self._same:
            was = plan.extensions or "compression of a kind that the file does not tell"
            words = (
                f"--exact-mask: line {compressed[0].message.number} was sent with {was}; "
                f"the server agreed to {agreed or 'none'}"
            )
            raise UsageError(words, field="exact-mask")
        may_change = may_change or any(step.names for step in compressed)
        is_lost = any(step.message.first.wire_length is not None for step in compressed)
        self._as_wire = exact or (self._same and not may_change and not is_lost)

    def frame(self, step: Send, payload: bytes) -> Frame:
        """The frame of a step; `payload` is what it says with its variables, inflated."""
        frame = step.message.first.frame
        is_deflated = _is_deflated(step)
        as_wire = is_deflated and self._as_wire
        was_masked = frame.mask is not None or step.keys.get("mask", "") is not None
        fresh = os.urandom(4) if was_masked else None
        is_as_it_was = as_wire or payload == frame.payload
        return Frame(
            opcode=frame.opcode,
            payload=frame.payload if as_wire else payload,
            fin=frame.fin,
            rsv1=frame.rsv1 and (as_wire or not is_deflated),
            rsv2=frame.rsv2,
            rsv3=frame.rsv3,
            mask=frame.mask if self._exact else fresh,
            length_form=frame.length_form if is_as_it_was else None,
            declared_length=frame.declared_length if is_as_it_was else None,
        )


def _is_deflated(step: Send) -> bool:
    """Whether its payload is not what was on the wire."""
    line = step.message.first
    return line.wire_length is not None or line.frame.payload != line.payload


def _is_same(recorded: str | None, agreed: str) -> bool:
    """Whether both ends agreed on the same, parameters in any order (RFC 7692 section 7)."""
    if recorded is None or DEFLATE not in recorded:
        return False
    return _parameters(recorded) == _parameters(agreed)


def _parameters(extensions: str) -> frozenset[str]:
    return frozenset(part.strip() for part in extensions.split(";"))
