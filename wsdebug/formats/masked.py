"""Secrets in payloads, masked before any format sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wsdebug.formats.losses import Losses
from wsdebug.formats.redacted import encode_line
from wsdebug.payload.redact import Redactor
from wsdebug.session.lines import FrameLine, Line
from wsdebug.wire.frame import Frame, Opcode

__all__ = ["masked_lines"]

Numbered = tuple[bytes, Line | None]
MASKED = (
    "message with a secret, masked in full and uncompressed",
    "messages with a secret, masked in full and uncompressed",
)


def masked_lines(
    lines: Iterable[Numbered], redactor: Redactor, losses: Losses
) -> Iterator[Numbered]:
    """The lines with the payloads as `redactor` shows them.

    A secret may lie across fragments: then the first takes the whole text and the others are
    left empty. So a message's lines, and those between them, wait for its end.
    """
    waiting: list[Numbered] = []
    unfinished: dict[tuple[int, bool], list[int]] = {}  # places in `waiting`

    def mask(places: list[int]) -> None:
        frames = [line for _, line in (waiting[at] for at in places) if isinstance(line, FrameLine)]
        for at, frame in zip(places, _masked(frames, redactor), strict=True):
            if frame is not waiting[at][1]:
                waiting[at] = encode_line(frame), frame
        if waiting[places[0]][1] is not frames[0]:
            losses.add(*MASKED, line=frames[0].number)

    for data, line in lines:
        waiting.append((data, line))
        if isinstance(line, FrameLine):
            key, place = (line.connection, line.sent), len(waiting) - 1
            if line.frame.is_control:
                mask([place])
            else:
                if line.frame.opcode != Opcode.CONT and key in unfinished:
                    mask(unfinished.pop(key))
                places = [*unfinished.pop(key, []), place]
                if line.frame.fin:
                    mask(places)
                else:
                    unfinished[key] = places
        if not unfinished:
            yield from waiting
            waiting.clear()
    for places in unfinished.values():
        mask(places)
    yield from waiting


def _masked(frames: list[FrameLine], redactor: Redactor) -> list[FrameLine]:
    """The same frames where nothing is to be masked."""
    data = b"".join(frame.payload or b"" for frame in frames)
    text = data.decode("utf-8", "surrogateescape")
    shown = redactor.shown(text)
    if shown == text:
        return frames
    payloads = [shown.encode("utf-8", "surrogateescape")] + [b""] * (len(frames) - 1)
    return [_with_payload(frame, data) for frame, data in zip(frames, payloads, strict=True)]


def _with_payload(line: FrameLine, payload: bytes) -> FrameLine:
    """The frame with another payload, as an honest peer would send it."""
    frame = Frame(
        line.frame.opcode,
        payload,
        fin=line.frame.fin,
        rsv2=line.frame.rsv2,
        rsv3=line.frame.rsv3,
        mask=line.frame.mask,
    )
    return replace(line, frame=frame, payload=payload, wire_length=None, cut=None)
