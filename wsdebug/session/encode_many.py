"""Many frames of one moment to lines at once, their payloads escaped together."""

from collections.abc import Sequence
from itertools import chain, repeat

from wsdebug.session.encode import base64, quoted, quoted_text
from wsdebug.session.frames import SEPARATOR, MessageRun

__all__ = ["encode_run", "encode_sent_lines"]


def encode_run(run: MessageRun, start: str, *, keeps_wire: bool = True) -> bytes:
    """The lines of a run of received messages; `start` as of `line_start`."""
    if run.wires:
        head = f'{start}"rsv1":true,"recv":'.encode()
        tails = (_wire if keeps_wire else _wire_length)(run.wires)
        lines = zip(_payloads(run), tails, strict=True)
        return b"".join([b"%b%b%b" % (head, payload, tail) for payload, tail in lines])
    head = f'{start}"recv":'.encode()
    if run.is_text:
        return b"%b%b}\n" % (head, _separated(run, b'"}\n%b"' % head))
    between = b'"}}\n%b{"b64":"' % head
    return b'%b{"b64":"%b"}}\n' % (head, between.join(map(base64, run.payloads)))


def _payloads(run: MessageRun) -> list[bytes]:
    """Each as JSON, in which there is no newline."""
    if run.is_text:
        return _separated(run, b'"\n"').split(b"\n")
    return [b'{"b64":"%b"}' % base64(payload) for payload in run.payloads]


def _wire(wires: Sequence[bytes]) -> list[bytes]:
    return [b',"wire":"%b"}\n' % base64(wire) for wire in wires]


def _wire_length(wires: Sequence[bytes]) -> list[bytes]:
    return [b',"wlen":%d}\n' % len(wire) for wire in wires]


def _separated(run: MessageRun, between: bytes) -> bytes:
    """Texts as JSON with something else than quotes between them."""
    together = quoted_text(run.joined)
    separated = together.replace(SEPARATOR, between)
    added = (len(run.payloads) - 1) * (len(between) - len(SEPARATOR))
    if len(separated) == len(together) + added:
        return separated
    # one of them has the separator in it
    return b'"%b"' % between.join([quoted(payload)[1:-1] for payload in run.payloads])


def encode_sent_lines(
    payloads: Sequence[bytes],
    masks: Sequence[bytes],
    start: str,
    *,
    is_text: bool,
    wires: Sequence[bytes] = (),
    keeps_wire: bool = True,
) -> bytes:
    """The lines of sent messages in one frame each, with the key of each, and the compressed
    payloads, if they are; text is UTF-8.
    """
    if not payloads:
        return b""
    joined = SEPARATOR.join(payloads).decode() if is_text else ""
    bodies = _payloads(MessageRun(payloads, is_text, joined))
    keys = b"".join(masks).hex("\n", 4).encode().split(b"\n")
    between = repeat(b'","send":')
    if wires:
        head = f'{start}"rsv1":true,"mask":"'.encode()
        tails = (_wire if keeps_wire else _wire_length)(wires)
        pairs = zip(payloads, wires, tails, strict=True)
        ends = [b"}\n" if payload == wire else tail for payload, wire, tail in pairs]
        parts = zip(repeat(head), keys, between, bodies, ends, strict=False)
        return b"".join(chain.from_iterable(parts))
    head = f'{start}"mask":"'.encode()
    heads = chain((head,), repeat(b"}\n" + head))
    return b"".join(chain.from_iterable(zip(heads, keys, between, bodies, strict=False))) + b"}\n"
