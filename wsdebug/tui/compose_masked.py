"""Messages in which a secret is masked on the screen: what stood there, what is sent instead."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle

from wsdebug.log.log import FrameLog
from wsdebug.payload.redact import MASK
from wsdebug.session.lines import Header
from wsdebug.tui.compose_model import SendRequest
from wsdebug.tui.row_copies import request_of

__all__ = ["filled_in", "masks_of", "secrets_in"]

MOST = 8  # values that are asked for one by one
HIDDEN = MASK.encode()


def masks_of(shown: FrameLog, whole: FrameLog, number: int) -> tuple[str, ...]:
    """What stands behind each mask in the message of a line, in order; "" where nobody kept it.

    `shown` and `whole` are the log as it is shown and as it is; one and the same for a file.
    """
    requests = request_of(shown, number), request_of(whole, number)
    if requests[0] is None or requests[1] is None:
        return ()
    masked, data = _data(requests[0]), _data(requests[1])
    if shown is whole:
        # as with the settings of a file: without a name of what it lacks, stars are stars
        is_redacted = isinstance(shown.header, Header) and bool(shown.header.redacted)
        return ("",) * masked.count(HIDDEN) if is_redacted else ()
    if masked == data:
        return ()
    pieces = map(re.escape, masked.split(HIDDEN))
    found = re.fullmatch(b"(.*?)".join(pieces), data, re.DOTALL)
    return tuple(map(_text, found.groups())) if found is not None else ("",)


def secrets_in(request: SendRequest, masks: Sequence[str]) -> dict[str, str]:
    """What has to be given before a message is sent, by what the person is asked for, with what is
    known of it; empty where there is no mask. `masks` are those of the row that it was.
    """
    count = _data(request).count(HIDDEN)
    if not masks or not count:
        return {}
    known = list(dict.fromkeys(masks)) if len(masks) == count else [""]
    if len(known) > MOST:
        known = [""]
    return {f"secret {at}" if at > 1 else "secret": value for at, value in enumerate(known, 1)}


def filled_in(request: SendRequest, masks: Sequence[str], values: Mapping[str, str]) -> SendRequest:
    """The message with values, by the names of `secrets_in`, in place of the masks."""
    asked = secrets_in(request, masks)
    given = {known: values[name] for name, known in asked.items()}
    pieces = _data(request).split(HIDDEN)
    fills = [given[mask] for mask in masks] if len(given) > 1 else [*given.values()]
    pairs = zip(cycle(map(_bytes, fills)), pieces[1:], strict=False)
    data = pieces[0] + b"".join(fill + piece for fill, piece in pairs)
    if request.frame is not None:
        return replace(request, frame=replace(request.frame, payload=data))
    if request.kind == "close":
        return replace(request, reason=_text(data))
    return replace(request, payload=_text(data) if isinstance(request.payload, str) else data)


def _data(request: SendRequest) -> bytes:
    if request.frame is not None:
        return request.frame.payload
    text = request.reason if request.kind == "close" else request.payload
    return _bytes(text) if isinstance(text, str) else text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
