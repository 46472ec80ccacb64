"""Results in words and as JSON; what a peer sent is escaped and bounded."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from wsdebug.log.joined import Message
from wsdebug.payload.escape import cut_cells, escape
from wsdebug.payload.hexdump import hex_preview
from wsdebug.payload.json_text import json_text
from wsdebug.payload.redact import Redactor
from wsdebug.replay.results import ABSENT, Difference, Result, ResultRun, Totals
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode, opcode_name

__all__ = ["SIGNS", "Reporter", "totals_words"]

SIGNS = {"ok": "=", "differs": "!", "missing": "-", "extra": "+", "carried": "~"}
WIDTH = 100  # cells of a payload
NUMBER = 6  # cells of a line number
SAME = 20  # characters shown before the first that differs
KEPT = 1 << 16  # bytes of a payload in JSON
VISIBLE = bytes(range(0x20, 0x7F))  # what is shown as it is
MISSING = "did not come"
LEADING = " " * (2 + NUMBER + 1)


class Reporter:
    """Words for results. `redactor` knows the secrets that nobody may see."""

    def __init__(self, redactor: Redactor | None = None) -> None:
        redactor = redactor or Redactor()
        self._redactor = redactor
        self._shown, self._shown_bytes = redactor.shown, redactor.shown_bytes

    def lines(self, result: Result) -> Iterator[str]:
        """A result as lines of text: sign, line, what it is about; then each difference."""
        number = result.line if result.line is not None else result.after
        start = f"{SIGNS[result.verdict]} {number or '':<{NUMBER}} "
        first, *others = self.words(result)
        yield (start + first).rstrip()
        yield from (LEADING + other for other in others)

    def run_lines(self, run: ResultRun) -> list[str]:
        """The same of many results; short texts without secrets stand for themselves."""
        messages, texts = run.run, run.run.texts()
        sizes = {*map(len, texts)} or {0}
        is_odd = b"".join(messages.payloads).translate(None, VISIBLE) or self._redactor.has_secrets
        if is_odd or min(sizes) == 0 or max(sizes) > WIDTH:
            texts = [self.message(Message((line,))) for line in messages.lines()]
        start = SIGNS[run.verdict]
        end = "" if run.verdict == "ok" else f"  {run.note or MISSING}"
        pairs = zip(run.lines, texts, strict=True)
        return [f"{start} {number:<{NUMBER}} {text}{end}".rstrip() for number, text in pairs]

    def words(self, result: Result) -> list[str]:
        """What a result says, without sign and line; at least one piece."""
        match result.verdict:
            case "differs":
                return [self._difference(difference) for difference in result.differences]
            case "carried":
                return [
                    f"{self._cut(d.path)}: {self._value(d.expected)} is now {self._value(d.got)}"
                    for d in result.differences
                ]
            case "extra":
                assert result.live is not None
                said = "came after this line" if result.after else "came first"
                return [f"{self.message(result.live)}  {result.note or said}"]
            case "missing":
                assert result.message is not None
                return [f"{self.message(result.message)}  {result.note or MISSING}"]
        message = result.live or result.message
        assert message is not None
        return [self.message(message)]

    def message(self, message: Message) -> str:
        """A message in one bounded line: text as it is, all else with its kind."""
        if message.payload is None:
            return "(could not be inflated)"
        payload = self._shown_bytes(message.payload)
        if message.opcode == Opcode.CLOSE:
            body = parse_close(payload)
            if body is not None:
                code = body.code if body.code is not None else "without a code"
                return cut_cells(f"close {code} {self.text(body.reason)}".rstrip(), WIDTH)
        if message.opcode == Opcode.TEXT:
            return self._payload(payload)
        name = opcode_name(message.opcode)
        is_text = payload.isascii() and payload.decode().isprintable()
        return f"{name} {self._payload(payload) if is_text else _hex(payload)}".rstrip()

    def as_json(self, result: Result) -> str:
        """A result as one line of JSON: verdict, lines, and what differs."""
        fields: dict[str, Any] = {"verdict": result.verdict, "line": result.line}
        if result.verdict == "extra":
            fields["after"] = result.after
        fields["live"] = result.live_line
        message = result.live or result.message
        if message is not None and message.first.connection != 1:
            fields["c"] = message.first.connection
        if result.differences:
            fields["differences"] = [self._json_difference(one) for one in result.differences]
        if result.verdict == "missing" and result.message is not None:
            key = "send" if result.message.sent else "expected"
            fields[key] = self.payload(result.message)
        elif result.verdict == "extra" and result.live is not None:
            fields["got"] = self.payload(result.live)
        if not result.counts:
            fields["counts"] = False
        if result.note:
            fields["note"] = result.note
        return self.json(fields)

    def json(self, fields: dict[str, Any]) -> str:
        """A line of JSON without secrets."""
        return json_text(self._masked(fields))

    def place(self, difference: Difference) -> tuple[str, str, str]:
        """Where something differs, what was expected there and what came, each bounded."""
        where, was, now = self._cut(difference.path), difference.expected, difference.got
        if isinstance(was, bytes) and isinstance(now, bytes):
            return where, *self._beside(self._shown_bytes(was), self._shown_bytes(now))
        return where, self._cut(difference.rule) or self._value(was), self._value(now)

    def _difference(self, difference: Difference) -> str:
        where, was, now = self.place(difference)
        return f"{where}: expected {was}, got {now}"

    def _beside(self, was: bytes, now: bytes) -> tuple[str, str]:
        """Two payloads, each from shortly before the place where they begin to differ."""
        same = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), None)
        at = min(len(was), len(now)) if same is None else same
        start = max(0, at - SAME) if at > WIDTH // 2 else 0
        starts = range(start, max(-1, start - 4), -1)  # not inside of a character
        start = next((at for at in starts if not _goes_on(was[at : at + 1])), start)
        mark = "…" if start else ""
        return mark + self._payload(was[start:]), mark + self._payload(now[start:])

    def _value(self, value: Any) -> str:
        if value is ABSENT:
            return "nothing"
        if isinstance(value, bytes):
            return self._payload(value)
        return self._cut(json_text(value))

    def _payload(self, payload: bytes) -> str:
        if not payload:
            return "(empty)"
        payload = self._shown_bytes(payload)
        try:
            text = payload[: WIDTH * 8].decode()
        except UnicodeDecodeError as error:
            is_cut = error.start > WIDTH * 8 - 4
            if not is_cut:
                return _hex(payload)
            text = payload[: error.start].decode()
        return self._cut(text)

    def _cut(self, text: str) -> str:
        return cut_cells(self.text(text), WIDTH)

    def text(self, text: str) -> str:
        """Any text, escaped and without secrets."""
        return escape(self._shown(text))

    def _json_difference(self, difference: Difference) -> dict[str, Any]:
        fields: dict[str, Any] = {"path": difference.path}
        if difference.rule:
            fields["rule"] = difference.rule
        for key, value in (("expected", difference.expected), ("got", difference.got)):
            if value is not ABSENT:
                fields[key] = self._json_payload(value) if isinstance(value, bytes) else value
        return fields

    def payload(self, message: Message) -> Any:
        """A message's payload as a session file has it; of a long one only the beginning."""
        payload = message.payload
        if payload is None:
            return None
        body = parse_close(payload) if message.opcode == Opcode.CLOSE else None
        if body is not None:
            reason = self._shown(body.reason)
            return {} if body.code is None else {"code": body.code, "reason": reason}
        return self._json_payload(payload)

    def _json_payload(self, payload: bytes) -> Any:
        """As a session file has it; of a long one only the beginning."""
        payload = self._shown_bytes(payload)
        kept = payload[:KEPT]
        try:
            return kept.decode()
        except UnicodeDecodeError as error:
            if len(payload) > KEPT and error.start > KEPT - 4:
                return kept[: error.start].decode()
            return {"b64": b64encode(kept).decode()}

    def _masked(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._shown(value)
        if isinstance(value, list):
            return [self._masked(item) for item in value]
        if isinstance(value, dict):
            return {self._shown(name): self._masked(item) for name, item in value.items()}
        return value


def totals_words(totals: Totals) -> str:
    """`12 ok, 1 differs`: all counts that are not zero."""
    counts = [
        (totals.ok, "ok"),
        (totals.differs, "differs" if totals.differs == 1 else "differ"),
        (totals.missing, "missing"),
        (totals.extra, "extra"),
    ]
    return ", ".join(f"{count:,} {word}" for count, word in counts if count) or "nothing compared"


def _goes_on(byte: bytes) -> bool:
    """Whether a byte of UTF-8 goes on with the character before it."""
    return b"\x80" <= byte < b"\xc0"


def _hex(payload: bytes) -> str:
    shown = hex_preview(payload, limit=WIDTH // 3)
    return shown + (" …" if len(payload) > WIDTH // 3 else "")
