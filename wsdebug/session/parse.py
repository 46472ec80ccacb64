"""Lines of a session file to values; never raises, whatever the line says."""

import json
from typing import Any

from wsdebug.session.fields import Wrong, base64_bytes, seconds, typed, whole
from wsdebug.session.lines import Damaged, Event, FrameLine, Header, Line, Note, Wait
from wsdebug.session.parse_payload import is_hand_written, parse_payload
from wsdebug.session.parse_plain import parse_plain
from wsdebug.wire.encode import minimal_form
from wsdebug.wire.frame import OPCODE_NAMES, Frame

__all__ = ["VALUES", "VERSION", "parse_line"]

VERSION = 1
BOM = "\ufeff"  # some editors write one
KEPT = 1 << 16  # bytes of a damaged line
LONG = 1 << 14  # bytes of a line that may be too heavy
VALUES = 16 << 20  # bytes of a line that may be something else than a payload's strings
DEEPEST = 200  # levels of values within each other
OPCODES = {name: opcode for opcode, name in OPCODE_NAMES.items()}
KINDS = ("wsdebug", "send", "recv", "event", "note", "wait")
RECORDED = frozenset(
    {"t", "c", "op", "fin", "rsv1", "rsv2", "rsv3", "mask", "len", "bad", "cut"}
    | {"send", "recv", "wire", "wlen"}
)


class _Newer(Wrong):
    """A header of a later format version."""


def _no_constant(name: str) -> Any:
    raise Wrong(f"{name} is not JSON")


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
            raise Wrong("not a JSON object")
        if data.count(b"[") + data.count(b"{") > DEEPEST:
            _no_depths(value)
        _no_lone_surrogates(data, value)
        return _parse(value, number, first, data)
    except _Newer as error:
        return Damaged(number, str(error), data[:KEPT], is_newer=True)
    except Wrong as error:
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
    raise Wrong("nested too deeply")


def _no_lone_surrogates(data: bytes, value: dict[str, Any]) -> None:
    if b"\\ud" in data or b"\\uD" in data:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise Wrong("a lone surrogate in a string") from None


def _parse(value: dict[str, Any], number: int, first: bool, data: bytes) -> Line:
    kinds = [kind for kind in KINDS if kind in value]
    if not kinds and first and "url" in value:
        return _header(value, number)
    if len(kinds) != 1:
        what = " and ".join(kinds) or "none"
        raise Wrong(f"needs exactly one of {', '.join(KINDS)}; has {what}")
    time = seconds(value, "t")
    time_us = round(time * 1_000_000) if time is not None else None
    match kinds[0]:
        case "wsdebug":
            return _header(value, number)
        case "event":
            fields = {k: v for k, v in value.items() if k not in ("t", "c", "event")}
            return Event(
                number, time_us, typed(value, "event", str, ""), fields, _connection(value)
            )
        case "note":
            return Note(number, time_us, typed(value, "note", str, ""), whole(value, "on"))
        case "wait":
            wait = seconds(value, "wait")
            if wait is None:
                raise Wrong("wait is not a number of seconds")
            return Wait(number, float(wait))
        case kind:
            return _frame_line(value, number, time_us, kind, data)


def _connection(value: dict[str, Any]) -> int:
    return whole(value, "c", least=1) or 1


def _header(value: dict[str, Any], number: int) -> Header:
    version = whole(value, "wsdebug")
    if version is not None and version > VERSION:
        raise _Newer(f"format version {version}; this wsdebug reads up to {VERSION}")
    headers = typed(value, "headers", list, [])
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in headers):
        raise Wrong("headers is not a list of [name, value]")
    return Header(
        number=number,
        url=typed(value, "url", str, ""),
        version=version,
        started=typed(value, "started", str, None),
        headers=tuple((str(name), str(text)) for name, text in headers),
        subprotocols=tuple(str(name) for name in typed(value, "subprotocols", list, [])),
        connect=typed(value, "connect", dict, {}),
        redacted=tuple(str(name) for name in typed(value, "redacted", list, [])),
        keeps_wire=typed(value, "keeps_wire", bool, True),
        raw=value,
    )


def _frame_line(
    value: dict[str, Any], number: int, time_us: int | None, kind: str, data: bytes
) -> Line:
    written, sent = value[kind], kind == "send"
    payload, implied = parse_payload(written, kind, data)
    opcode = value.get("op", implied)
    if isinstance(opcode, str):
        if opcode not in OPCODES:
            raise Wrong(f"op is none of {', '.join(OPCODES)}")
        opcode = OPCODES[opcode]
    if isinstance(opcode, bool) or not isinstance(opcode, int) or not 0 <= opcode <= 15:
        raise Wrong("op is not a number from 0 to 15")
    wire = value.get("wire")
    wire_length = whole(value, "wlen")
    on_wire = base64_bytes(wire, "wire") if wire is not None else payload or b""
    frame = Frame(
        opcode=opcode,
        payload=b"" if wire_length is not None else on_wire,
        fin=typed(value, "fin", bool, True),
        rsv1=typed(value, "rsv1", bool, False),
        rsv2=typed(value, "rsv2", bool, False),
        rsv3=typed(value, "rsv3", bool, False),
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
        bad=tuple(str(name) for name in typed(value, "bad", list, [])),
        cut=whole(value, "cut"),
        wire_length=wire_length,
        raw=value if extra or is_hand_written(written) else {},
        is_text=opcode == 1 or (opcode == 0 and isinstance(written, str)),
        any_mask=sent and "mask" not in value,
    )


def _mask(value: Any) -> bytes | None:
    if value is None:
        return None
    try:
        key = bytes.fromhex(value)
    except (TypeError, ValueError):
        key = b""
    if len(key) != 4:
        raise Wrong("mask is not 8 hex digits")
    return key


def _length(value: dict[str, Any], size: int) -> dict[str, int | None]:
    length = value.get("len")
    if length is None:
        return {}
    if not isinstance(length, dict) or length.get("form") not in (7, 16, 64):
        raise Wrong("len needs a form of 7, 16 or 64")
    declared = whole(length, "declared")
    if declared is None:
        raise Wrong("len needs a declared length")
    form = length["form"]
    return {
        "length_form": None if form == minimal_form(declared) else form,
        "declared_length": None if declared == value.get("cut", size) else declared,
    }
