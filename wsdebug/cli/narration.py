"""What `-v` says on stderr: the steps of a connection and its handshake, with `-vv` each frame."""

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

from wsdebug.log.log import FrameLog
from wsdebug.payload.escape import cut_cells, escape, escape_bytes
from wsdebug.payload.hexdump import hex_preview
from wsdebug.session.lines import Event, FrameLine
from wsdebug.session.parse import parse_line
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode, opcode_name
from wsdebug.wire.violations import VIOLATIONS

__all__ = ["Narration"]

WIDTH = 200  # cells of a payload
BYTES = 48  # of a binary one
ARROWS = {True: ">", False: "<"}


class Narration:
    """Tells what is new in a growing log: `>` sent, `<` received, `*` what happened.

    `shown` is the same log masked; sizes are those of `log`, since a mask has another length.
    """

    def __init__(self, log: FrameLog, shown: FrameLog, *, with_frames: bool) -> None:
        self._log = log
        self._shown = shown
        self._with_frames = with_frames
        self._line = 1

    def news(self) -> Iterator[str]:
        """The lines of text about what has come since the last call."""
        first = self._line
        both = zip(self._log.raw_lines(first), self._shown.raw_lines(first), strict=False)
        for (number, recorded), (_, data) in both:
            self._line = number + 1
            line = parse_line(data, number)
            if isinstance(line, Event):
                yield from _event(line.name, dict(line.fields))
            elif isinstance(line, FrameLine) and self._with_frames:
                same = line if data == recorded else parse_line(recorded, number)
                yield _frame(line, len(getattr(same, "payload", None) or b""))


def _event(name: str, facts: dict[str, Any]) -> Iterator[str]:
    match name:
        case "connecting":
            yield f"* connecting to {escape(facts['url'])}"
        case "dns":
            yield f"* addresses: {escape(', '.join(facts['addresses']))}"
        case "tcp":
            yield f"* TCP from {escape(facts['local'])} to {escape(facts['remote'])}"
        case "proxy":
            answer = f": {facts['status']} {facts['reason']}" if "status" in facts else ""
            yield f"* proxy {escape(facts['url'])} to {escape(facts['to'] + answer)}"
        case "tls":
            agreed = [facts["version"], facts["cipher"]]
            agreed += [f"ALPN {facts['alpn']}"] if facts.get("alpn") else []
            yield f"* {escape(', '.join(agreed))}"
            if cert := facts.get("cert"):
                yield from (f"* certificate {name}: {escape(cert[name])}" for name in cert)
        case "request":
            yield from _head(">", facts["line"], facts["headers"])
        case "response":
            first = b64decode(facts["raw"]).partition(b"\r\n")[0].decode("latin-1")
            yield from _head("<", first, facts["headers"])
        case "closed":
            how = "" if facts["clean"] else ", not cleanly"
            reason = f": {facts['reason']}" if facts["reason"] else ""
            yield f"* closed by {facts['by']}{how}, {facts['code']}{escape(reason)}"
        case "open":
            agreed = [f"subprotocol {facts['subprotocol']}"] if facts.get("subprotocol") else []
            agreed += [facts["extensions"]] if facts.get("extensions") else []
            yield f"* open{escape(''.join(f', {words}' for words in agreed))}"
        case "end" | "clock":
            return
        case _:
            words = " ".join(f"{key}={value}" for key, value in facts.items() if key != "raw")
            yield f"* {escape(f'{name} {words}'.rstrip())}"


def _head(arrow: str, first: str, headers: list[list[str]]) -> Iterator[str]:
    yield f"{arrow} {escape(first)}"
    for name, value in headers:
        yield f"{arrow} {escape(f'{name}: {value}')}"
    yield arrow


def _frame(line: FrameLine, size: int) -> str:
    frame, payload = line.frame, line.payload
    name = opcode_name(frame.opcode)
    marks = "".join(f" ! {VIOLATIONS[bad].title}" for bad in line.bad if bad in VIOLATIONS)
    more = "" if frame.fin else " (more follows)"
    start = f"{ARROWS[line.sent]} {name}{more}{marks}"
    if payload is None:
        return f"{start} could not be inflated"
    if frame.opcode == Opcode.CLOSE and (body := parse_close(payload)) is not None:
        code = body.code if body.code is not None else "without a code"
        return f"{start} {code} {escape(body.reason)}".rstrip()
    if line.is_text or (payload.isascii() and payload.decode().isprintable()):
        shown = cut_cells(escape_bytes(payload[: WIDTH * 4]), WIDTH)
    else:
        shown = hex_preview(payload, limit=BYTES) + (" …" if len(payload) > BYTES else "")
    told = f"{size:,} byte{'s' if size != 1 else ''}"
    return f"{start} {told}: {shown}" if payload else f"{start} empty"
