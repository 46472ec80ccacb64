"""A session file as a script: what stands in it, checked, before anything is played."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wsdebug.errors import QueryInvalid
from wsdebug.payload.json_query import JsonQuery, parse_json_path
from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.payload.pattern import compile_pattern
from wsdebug.payload.variables import is_variable_name
from wsdebug.replay.settings import SettingsError, replay_settings
from wsdebug.session.attached import with_attached
from wsdebug.session.checked import STDIN, checked_lines, unreadable
from wsdebug.session.lines import Event, FrameLine, Header, Wait
from wsdebug.session.stretch import Stretch, stretched_lines
from wsdebug.wire.frame import Opcode

__all__ = ["Script", "ScriptConnection", "ScriptFrame", "read_script"]


@dataclass(frozen=True, slots=True)
class ScriptFrame:
    """A frame of the file. `keys` are those of its line, numbers exact, where the value does not
    say everything (written by hand, a received close, no mask); else `{}`.
    """

    line: FrameLine
    keys: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ScriptConnection:
    """What the file has of one connection, in order.

    `opened_us` and `extensions` are those of its `open` event, `ended` the code of its `closed`
    event; None where there is none.
    """

    number: int
    items: list[ScriptFrame | Wait | Stretch] = field(default_factory=list)
    opened_us: int | None = None
    extensions: str | None = None
    ended: int | None = None
    _unfinished: set[bool] = field(default_factory=set)  # directions with a message under way
    _is_closing: bool = False

    def add(self, frame: ScriptFrame) -> None:
        """Add a frame of it."""
        self.items.append(frame)
        line = frame.line
        if line.frame.opcode == Opcode.CLOSE:
            self._is_closing = True
        elif not line.frame.is_control:
            self._unfinished.discard(line.sent)
            if not line.frame.fin:
                self._unfinished.add(line.sent)

    @property
    def takes_stretches(self) -> bool:
        """Whether messages that come now are those of an open connection, and between others."""
        return not self._unfinished and not self._is_closing


@dataclass(slots=True)
class Script:
    """A file that can be replayed or compared."""

    path: str
    header: Header | None = None
    variables: dict[str, str | None] = field(default_factory=dict)
    ignore: tuple[JsonQuery, ...] = ()
    replace: tuple[tuple[re.Pattern[str], str], ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)  # fields of Settings
    connections: list[ScriptConnection] = field(default_factory=list)

    @property
    def is_recorded(self) -> bool:
        """Whether a recorder wrote it, even if it was cleaned since."""
        return self.header is not None and "app" in self.header.raw

    @property
    def name(self) -> str:
        """The file's name, for words."""
        return "standard input" if self.path == STDIN else self.path


def read_script(path: str, *, stretches: bool = False) -> Script:
    """Read a session; `-` is standard input. With `stretches`, plain messages in a row stay in
    the file.

    Raises SessionUnreadable with the line where something is not of the format.
    """
    script = Script(path)
    connections: dict[int, ScriptConnection] = {}
    latest = 1
    for each in stretched_lines(path) if stretches else checked_lines(path):
        if isinstance(each, Stretch):
            latest = each.kind.connection
            connection = connections.setdefault(latest, ScriptConnection(latest))
            if connection.takes_stretches:
                connection.items.append(each)
            else:
                connection.items += map(ScriptFrame, each.frames())
            continue
        number, data, line = each
        match line:
            case Header():
                _take_header(script, line)
            case FrameLine() | Event():
                latest = line.connection
                connection = connections.setdefault(latest, ScriptConnection(latest))
                if isinstance(line, Event):
                    _take_event(connection, line)
                else:
                    connection.add(_frame(script, line, data))
            case Wait():
                connection = connections.setdefault(latest, ScriptConnection(latest))
                connection.items.append(replace(line, number=number))
    script.connections = [connections[number] for number in sorted(connections)]
    return script


def _take_event(connection: ScriptConnection, event: Event) -> None:
    if event.name == "open":
        connection.opened_us = event.time_us if event.time_us is not None else 0
        connection.extensions = str(event.fields.get("extensions") or "")
    elif event.name == "closed":
        code = event.fields.get("code")
        connection.ended = code if isinstance(code, int) else None


def _take_header(script: Script, header: Header) -> None:
    raw, number = header.raw, header.number
    script.header = header
    variables = raw.get("vars", {})
    fits = isinstance(variables, dict)
    if not fits or not all(isinstance(text, str | None) for text in variables.values()):
        raise unreadable(script.path, number, "vars is not {name: string or null}")
    if wrong := [name for name in variables if not is_variable_name(name)]:
        raise unreadable(script.path, number, f"vars: no placeholder can be {wrong[0]!r}")
    script.variables = dict(variables)
    script.ignore = _queries(script.path, number, raw.get("ignore", []))
    script.replace = _replacements(script.path, number, raw.get("replace", []))
    try:
        script.settings = replay_settings(raw.get("replay", {}))
    except SettingsError as error:
        raise unreadable(script.path, number, str(error)) from None


def _queries(path: str, number: int, written: Any) -> tuple[JsonQuery, ...]:
    if not isinstance(written, list) or not all(isinstance(text, str) for text in written):
        raise unreadable(path, number, "ignore is not a list of JSONPath queries")
    try:
        return tuple(parse_json_path(text) for text in written)
    except QueryInvalid as error:
        raise unreadable(path, number, f"ignore: {error}") from None


def _replacements(path: str, number: int, written: Any) -> tuple[tuple[re.Pattern[str], str], ...]:
    found: list[tuple[re.Pattern[str], str]] = []
    is_list = isinstance(written, list)
    for item in written if is_list else [None]:
        if not isinstance(item, dict) or not (
            isinstance(item.get("re"), str) and isinstance(item.get("with"), str)
        ):
            raise unreadable(path, number, 'replace is not a list of {"re": …, "with": …}')
        try:
            pattern = compile_pattern(item["re"])
            pattern.sub(item["with"], "")  # a group that is not there shows itself
        except (QueryInvalid, re.error, IndexError) as error:
            raise unreadable(path, number, f"replace: {error}") from None
        found.append((pattern, item["with"]))
    return tuple(found)


def _frame(script: Script, line: FrameLine, data: bytes) -> ScriptFrame:
    """With the keys that matter, and the bytes of a `file`."""
    is_plain = line.frame.mask is not None if line.sent else line.frame.opcode != Opcode.CLOSE
    if not line.raw and is_plain:
        return ScriptFrame(line)
    try:
        keys = parse_strict_json(data)
    except JsonError as error:
        raise unreadable(script.path, line.number, str(error)) from None
    payload = keys["send" if line.sent else "recv"]
    forms = payload if isinstance(payload, dict) else {}
    if "file" in forms:
        folder = Path() if script.path == STDIN else Path(script.path).parent
        line = with_attached(line, script.path, folder)
    elif "json" in forms:
        line = _with_payload(line, json_text(forms["json"]).encode())
    return ScriptFrame(line, keys)


def _with_payload(line: FrameLine, payload: bytes) -> FrameLine:
    return replace(line, payload=payload, frame=replace(line.frame, payload=payload))
