"""Many frames of one moment to lines at once, their payloads escaped together."""

from binascii import b2a_base64
from collections.abc import Iterator, Sequence

from wsdebug.session.encode import quoted
from wsdebug.session.lines import SEPARATOR, PlainRun

__all__ = ["encode_run", "encode_sent_lines"]


def encode_run(run: PlainRun, start: str) -> Iterator[bytes]:
    """The lines of a run of received messages, in pieces; `start` as of `line_start`."""
    if run.is_text:
        head = f'{start}"recv":'.encode()
        yield head
        yield _separated(run, b'"}\n' + head + b'"')
        yield b"}\n"
    else:
        head = f'{start}"recv":{{"b64":"'.encode()
        yield head
        yield (b'"}}\n' + head).join([b2a_base64(each, newline=False) for each in run.payloads])
        yield b'"}}\n'


def _separated(run: PlainRun, between: bytes) -> bytes:
    """Texts as JSON with something else than quotes between them."""
    together = quoted(run.joined)
    separated = together.replace(SEPARATOR, between)
    added = (len(run.payloads) - 1) * (len(between) - len(SEPARATOR))
    if len(separated) == len(together) + added:
        return separated
    # one of them has the separator in it
    return b'"%b"' % between.join([quoted(each)[1:-1] for each in run.payloads])


def encode_sent_lines(
    payloads: Sequence[bytes], masks: bytes, start: str, *, is_text: bool
) -> bytes:
    """The lines of sent messages in one uncompressed frame each, with 4 bytes of `masks` for
    each; text is UTF-8.
    """
    head = f'{start}"mask":"'.encode()
    keys = masks.hex().encode()
    return b"".join(
        b'%b%b","send":%b}\n' % (head, keys[at : at + 8], quoted(payload))
        if is_text
        else b'%b%b","send":{"b64":"%b"}}\n'
        % (head, keys[at : at + 8], b2a_base64(payload, newline=False))
        for at, payload in zip(range(0, len(keys), 8), payloads, strict=True)
    )
