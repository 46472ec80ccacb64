"""Lines of a session file to values; never raises, whatever the line says."""

import binascii
import json
from base64 import b64decode
from typing import Any

from wsdebug.session.lines import Damaged, Event, FrameLine, Header, Line, Note, Wait
from wsdebug.session.parse_plain import parse_plain
from wsdebug.wire.close import encode_close
from wsdebug.wire.encode import minimal_form
from wsdebug.wire.frame import OPCODE_NAMES, Frame

__all__ = ["LONGEST", "VALUES", "VERSION", "parse_line"]

VERSION = 1
BOM = "\ufeff"  # some editors write one
KEPT = 1 << 16  # bytes of a damaged line
LONG = 1 << 14  # bytes of a line that may be too heavy
VALUES = 16 << 20  # bytes of a line that may be something else than a payload's strings
DEEPEST = 200  # levels of values within each other
LONGEST = 1e10  # seconds, some three centuries: what clocks and calendars can still show
OPCODES = {name: opcode for opcode, name in OPCODE_NAMES.items()}
KINDS = ("wsdebug", "send", "recv", "event", "note", "wait")
FORMS = frozenset(("b64", "hex", "json", "file", "regex"))  # of a payload that is an object
CLOSE = frozenset(("code", "reason"))
ONE_FORM = "a payload object has one of b64, hex, json, file, regex, or code and reason"
RECORDED = frozenset(
    {"t", "c", "op", "fin", "rsv1", "rsv2", "rsv3", "mask", "len", "bad", "cut"}
    | {"send", "recv", "wire", "wlen"}
)


class _Wrong(ValueError):
    """Why a line is damaged, in words."""


class _Newer(_Wrong):
    """A header of a later format version."""


def _no_constant(name: str) -> Any:
    raise _Wrong(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def parse_line(data: bytes, number: int, *, first: bool = False) -> Line | None:
    """The value of one line, without its newline; None for a blank line or a comment.

    `first`: it is the first line that is neither, where `url` alone makes a header.
    """
    plain = parse_plain(data, number)
    if plain is not None:
        return plain
    if not data.strip() or data.startswith(b"#"):
        return None
    if len(data) > LONG and (why := _too_heavy(data)) is not None:
        return Damaged(number, why, data[:KEPT])
    try:
        value = _DECODER.decode(data.decode().removeprefix(BOM))
        if not isinstance(value, dict):
            raise _Wrong("not a JSON object")
        if data.count(b"[") + data.count(b"{") > DEEPEST:
            _no_depths(value)
        _no_lone_surrogates(data, value)
        return _parse(value, number, first)
    except _Newer as error:
        return Damaged(number, str(error), data[:KEPT], is_newer=True)
    except _Wrong as error:
        why = str(error)
    except UnicodeDecodeError:
        why = "not UTF-8"
    except RecursionError:
        why = "nested too deeply"
    except ValueError as error:
        why = f"not JSON: {str(error).split(':')[0].lower()}"
    return Damaged(number, why, data[:KEPT])


def _too_heavy(data: bytes) -> str | None:
    """Why the values of a long line would take too much memory."""
    from wsdebug.session.weight import is_mostly_payload, too_many_values

    if len(data) > VALUES and not is_mostly_payload(data, VALUES):
        return "over 16 MiB, and not for a payload in JSON"
    return too_many_values(data)


def _no_depths(value: Any) -> None:
    """What others walk by recursion must not be deeper than they can."""
    level = [value]
    for _ in range(DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in inner for each in some if isinstance(each, dict | list)]
        if not level:
            return
    raise _Wrong("nested too deeply")


def _no_lone_surrogates(data: bytes, value: dict[str, Any]) -> None:
    if b"\\ud" in data or b"\\uD" in data:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise _Wrong("a lone surrogate in a string") from None


def _parse(value: dict[str, Any], number: int, first: bool) -> Line:
    kinds = [kind for kind in KINDS if kind in value]
    if not kinds and first and "url" in value:
        return _header(value, number)
    if len(kinds) != 1:
        what = " and ".join(kinds) or "none"
        raise _Wrong(f"needs exactly one of {', '.join(KINDS)}; has {what}")
    time = _seconds(value, "t")
    time_us = round(time * 1_000_000) if time is not None else None
    match kinds[0]:
        case "wsdebug":
            return _header(value, number)
        case "event":
            fields = {k: v for k, v in value.items() if k not in ("t", "c", "event")}
            return Event(
                number, time_us, _typed(value, "event", str, ""), fields, _connection(value)
            )
        case "note":
            return Note(number, time_us, _typed(value, "note", str, ""), _whole(value, "on"))
        case "wait":
            wait = _seconds(value, "wait")
            if wait is None:
                raise _Wrong("wait is not a number of seconds")
            return Wait(number, float(wait))
        case kind:
            return _frame_line(value, number, time_us, sent=kind == "send")


def _typed(value: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    found = value.get(key, default)
    if found is not default and not isinstance(found, kind):
        raise _Wrong(f"{key} is not of the right type")
    return found


def _whole(value: dict[str, Any], key: str, *, least: int = 0) -> int | None:
    """A whole number that 64 bits hold."""
    found = value.get(key)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found < 1 << 64:
        raise _Wrong(f"{key} is not a whole number from {least} on")
    return found


def _seconds(value: dict[str, Any], key: str) -> float | int | None:
    found = value.get(key)
    if found is None:
        return None
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if not is_number or not 0 <= found < LONGEST:
        raise _Wrong(f"{key} is not a number of seconds")
    return found  # type: ignore[no-any-return]


def _connection(value: dict[str, Any]) -> int:
    return _whole(value, "c", least=1) or 1


def _header(value: dict[str, Any], number: int) -> Header:
    version = _whole(value, "wsdebug")
    if version is not None and version > VERSION:
        raise _Newer(f"format version {version}; this wsdebug reads up to {VERSION}")
    headers = _typed(value, "headers", list, [])
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in headers):
        raise _Wrong("headers is not a list of [name, value]")
    return Header(
        number=number,
        url=_typed(value, "url", str, ""),
        version=version,
        started=_typed(value, "started", str, None),
        headers=tuple((str(name), str(text)) for name, text in headers),
        subprotocols=tuple(str(name) for name in _typed(value, "subprotocols", list, [])),
        connect=_typed(value, "connect", dict, {}),
        redacted=tuple(str(name) for name in _typed(value, "redacted", list, [])),
        keeps_wire=_typed(value, "keeps_wire", bool, True),
        raw=value,
    )


def _frame_line(value: dict[str, Any], number: int, time_us: int | None, *, sent: bool) -> Line:
    written = value["send" if sent else "recv"]
    payload, implied = _payload(written)
    if sent and isinstance(written, dict) and "regex" in written:
        raise _Wrong("regex is for recv only")
    opcode = value.get("op", implied)
    if isinstance(opcode, str):
        if opcode not in OPCODES:
            raise _Wrong(f"op is none of {', '.join(OPCODES)}")
        opcode = OPCODES[opcode]
    if isinstance(opcode, bool) or not isinstance(opcode, int) or not 0 <= opcode <= 15:
        raise _Wrong("op is not a number from 0 to 15")
    wire = value.get("wire")
    wire_length = _whole(value, "wlen")
    on_wire = _base64(wire, "wire") if wire is not None else payload or b""
    frame = Frame(
        opcode=opcode,
        payload=b"" if wire_length is not None else on_wire,
        fin=_typed(value, "fin", bool, True),
        rsv1=_typed(value, "rsv1", bool, False),
        rsv2=_typed(value, "rsv2", bool, False),
        rsv3=_typed(value, "rsv3", bool, False),
        mask=_mask(value.get("mask")),
        **_length(value, len(on_wire)),
    )
    extra = {k: v for k, v in value.items() if k not in RECORDED}
    return FrameLine(
        number=number,
        time_us=time_us,
        sent=sent,
        frame=frame,
        payload=payload,
        connection=_connection(value),
        bad=tuple(str(name) for name in _typed(value, "bad", list, [])),
        cut=_whole(value, "cut"),
        wire_length=wire_length,
        raw=value if extra or _is_hand_written(written) else {},
        is_text=opcode == 1 or (opcode == 0 and isinstance(written, str)),
        any_mask=sent and "mask" not in value,
    )


def _is_hand_written(payload: Any) -> bool:
    return isinstance(payload, dict) and bool(payload.keys() & (FORMS - {"b64"}))


def _payload(value: Any) -> tuple[bytes | None, int]:
    """The bytes, and the opcode that their form implies."""
    if value is None:
        return None, 1
    if isinstance(value, str):
        return value.encode(), 1
    if not isinstance(value, dict):
        raise _Wrong("a payload is a string, an object or null")
    if len(value.keys() & FORMS) + (not value.keys().isdisjoint(CLOSE)) > 1:
        raise _Wrong(ONE_FORM)
    if "json" in value:
        return _compact(value["json"]).encode(), 1
    if "b64" in value:
        return _base64(value["b64"], "b64"), 2
    if "hex" in value:
        try:
            return bytes.fromhex(value["hex"]), 2
        except (TypeError, ValueError):
            raise _Wrong("hex is not pairs of hex digits") from None
    if "regex" in value or "file" in value:
        return b"", 1 if "regex" in value else 2
    if value.keys() <= CLOSE:
        code = _whole(value, "code")
        if code is not None and code > 65535:
            raise _Wrong("a close code is from 0 to 65535")
        reason = _typed(value, "reason", str, "")
        if code is None and reason:
            raise _Wrong("a close reason needs a code")
        return encode_close(code, reason), 8
    raise _Wrong(ONE_FORM)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _base64(value: Any, key: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise _Wrong(f"{key} is not base64") from None


def _mask(value: Any) -> bytes | None:
    if value is None:
        return None
    try:
        key = bytes.fromhex(value)
    except (TypeError, ValueError):
        key = b""
    if len(key) != 4:
        raise _Wrong("mask is not 8 hex digits")
    return key


def _length(value: dict[str, Any], size: int) -> dict[str, int | None]:
    length = value.get("len")
    if length is None:
        return {}
    if not isinstance(length, dict) or length.get("form") not in (7, 16, 64):
        raise _Wrong("len needs a form of 7, 16 or 64")
    declared = _whole(length, "declared")
    if declared is None:
        raise _Wrong("len needs a declared length")
    form = length["form"]
    return {
        "length_form": None if form == minimal_form(declared) else form,
        "declared_length": None if declared == value.get("cut", size) else declared,
    }
