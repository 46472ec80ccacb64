"""A recording made fit for version control: what is another in each run is left out."""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any

from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.payload.redact import Redactor
from wsdebug.replay.patterns import literal
from wsdebug.session.checked import checked_lines, unreadable
from wsdebug.session.lines import Event, FrameLine, Header, Line, Note

__all__ = ["cleaned"]

KEPT_EVENTS = ("meta", "gap")  # those that are not of the transport
COMPRESSED = ("wire", "wlen")


def cleaned(path: str, secrets: Mapping[str, str] | None = None) -> Iterator[bytes]:
    """The lines of a session, each with its newline, for a file of their own.

    `secrets` are values that must not stand in it: each becomes `{{name}}`, and the header
    declares the name, so that a replay asks for it. Lines with nothing to clean stay byte for
    byte. Raises SessionUnreadable at the first damaged line.
    """
    return _Cleaner(path, secrets or {}).lines()


class _Cleaner:
    def __init__(self, path: str, secrets: Mapping[str, str]) -> None:
        self._path = path
        self._secrets = dict(sorted(secrets.items(), key=lambda pair: -len(pair[1])))
        self._numbers: dict[int, int] = {}  # new line numbers by the old ones

    def lines(self) -> Iterator[bytes]:
        notes: list[tuple[int, dict[str, Any]]] = []
        found: list[bytes] = []
        for number, data, line in checked_lines(self._path):
            if isinstance(line, Event) and line.name not in KEPT_EVENTS:
                continue
            written = self._written(number, data) if line is not None else None
            if written is not None and self._clean(line, written):
                data = json_text(written).encode()
            found.append(data + b"\n")
            self._numbers[number] = len(found)
            if isinstance(line, Note) and written is not None and line.on is not None:
                notes.append((len(found) - 1, written))
        for at, written in notes:  # a note may stand before its line
            found[at] = self._renumbered(written, found[at])
        yield from found

    def _written(self, number: int, data: bytes) -> dict[str, Any]:
        try:
            value = parse_strict_json(data.removeprefix(BOM_UTF8))
        except JsonError as error:
            raise unreadable(self._path, number, str(error)) from None
        assert isinstance(value, dict)
        return value

    def _clean(self, line: Line | None, written: dict[str, Any]) -> bool:
        """Clean the keys of a line in place; whether there was anything to clean."""
        before = json_text(written)
        written.pop("t", None)
        match line:
            case Header():
                self._header(written)
            case FrameLine():
                self._frame(line, written)
            case Note() | Event():
                for key, value in written.items():
                    written[key] = self._hidden_value(value)
        return json_text(written) != before

    def _renumbered(self, written: dict[str, Any], data: bytes) -> bytes:
        on = self._numbers.get(written["on"])
        if on == written["on"]:
            return data
        if on is None:
            del written["on"]
        else:
            written["on"] = on
        return json_text(written).encode() + b"\n"

    def _header(self, written: dict[str, Any]) -> None:
        redactor = Redactor()
        if self._secrets:
            self._declare(written)
        if isinstance(written.get("url"), str):
            written["url"] = redactor.url(self._hidden(written["url"]))
        if isinstance(written.get("headers"), list):
            pairs = [(name, self._hidden(text)) for name, text in written["headers"]]
            written["headers"] = redactor.headers(pairs)
        if isinstance(written.get("connect"), dict):
            written["connect"] = {
                name: redactor.option(name, self._hidden_value(value))
                for name, value in written["connect"].items()
            }
        known = written.get("redacted", [])
        names = [*known, *(name for name in redactor.names if name not in known)]
        if names:
            written["redacted"] = names

    def _declare(self, written: dict[str, Any]) -> None:
        declared = written.get("vars")
        declared = declared if isinstance(declared, dict) else {}
        written["vars"] = {**declared, **dict.fromkeys(self._secrets)}

    def _frame(self, line: FrameLine, written: dict[str, Any]) -> None:
        if written.get("mask") is not None:  # null says that it was sent without one
            written.pop("mask", None)
        if any(written.pop(key, None) is not None for key in COMPRESSED):
            written.pop("rsv1", None)
            for key in COMPRESSED:
                written.pop(key, None)
        key = "send" if line.sent else "recv"
        payload = written[key]
        is_whole = line.frame.fin and line.frame.opcode == 1 and line.cut is None
        value = _container(payload) if is_whole else None
        if value is not None and (not line.sent or _is_as_sent(value, payload)):
            value = self._hidden_value(value)
            written[key] = {"json": value if line.sent else literal(value)}
        else:
            written[key] = self._hidden_value(payload)

    def _hidden_value(self, value: Any) -> Any:
        """A value with the names of secrets in their place, wherever a string has them."""
        if not self._secrets:
            return value
        if isinstance(value, str):
            return self._hidden(value)
        if isinstance(value, list):
            return [self._hidden_value(item) for item in value]
        if isinstance(value, dict):
            return {name: self._hidden_value(item) for name, item in value.items()}
        return value

    def _hidden(self, text: str) -> str:
        for name, secret in self._secrets.items():
            if secret:
                text = text.replace(secret, f"{{{{{name}}}}}")
                text = text.replace(json.dumps(secret)[1:-1], f"{{{{{name}}}}}")
        return text


def _container(payload: Any) -> Any:
    """The object or array that a string is, None for any other payload."""
    if not isinstance(payload, str):
        return None
    try:
        value = parse_strict_json(payload)
    except JsonError:
        return None
    return value if isinstance(value, dict | list) else None


def _is_as_sent(value: Any, payload: str) -> bool:
    """Whether every reader of the line makes the same bytes of it."""
    plain = json.dumps(json.loads(payload), ensure_ascii=False, separators=(",", ":"))
    return plain == payload == json_text(value)
