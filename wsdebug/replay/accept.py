"""The live answers put into a session in place of those that were expected."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.log.joined import Message
from wsdebug.payload.json_scan import JsonError
from wsdebug.payload.json_text import json_text
from wsdebug.payload.json_values import parse_strict_json
from wsdebug.replay.came import NO_VALUE, json_of
from wsdebug.replay.patterns import Kept, merge
from wsdebug.replay.results import Result
from wsdebug.replay.templates import expand_text, names_in
from wsdebug.session.checked import STDIN
from wsdebug.session.put import put_file
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import OPCODE_NAMES, Opcode

__all__ = ["accept", "check_acceptable"]

SHORT = 3  # characters: a shorter value stands in a text by chance
DROPPED = frozenset(("wire", "wlen", "rsv1", "cut", "bad", "len", "fin"))


def check_acceptable(path: str) -> None:
    """Raise UsageError for what cannot be rewritten."""
    if path == STDIN:
        raise UsageError("--accept: standard input cannot be rewritten", field="accept")
    if path.endswith(".gz"):
        words = f"--accept: {path} is an archive, which is only read; gunzip it first"
        raise UsageError(words, field="accept")


def accept(path: str, results: Iterable[Result], variables: Mapping[str, Any]) -> int:
    """Rewrite the lines of answers that differ, and no others; gives how many messages those were.

    An answer to several fragments goes to the line of the first, the others become comments, so
    that every line keeps its number. Raises RecordingFailed where the file cannot be written.
    """
    wanted = [result for result in results if result.verdict == "differs" and result.live]
    if not wanted:
        return 0
    try:
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
    except OSError as error:
        words = f"cannot read {path}: {(error.strerror or str(error)).lower()}"
        raise RecordingFailed(words, path=path) from error
    count = sum(_accept(path, lines, result, variables) for result in wanted)
    if count:
        put_file(path, b"\n".join(lines))
    return count


def _accept(path: str, lines: list[bytes], result: Result, variables: Mapping[str, Any]) -> bool:
    assert result.message is not None
    assert result.live is not None
    first, *others = (frame.number - 1 for frame in result.message.frames)
    try:
        written = parse_strict_json(lines[first])
        old = written["recv"]
    except (JsonError, KeyError, IndexError, TypeError):
        words = f"{path} was changed meanwhile; nothing was accepted"
        raise RecordingFailed(words, path=path) from None
    keep = Kept(variables, result.ignored, is_subset=written.get("match", "subset") == "subset")
    new = _line(written, old, result.live, keep)
    if new == lines[first] and not others:
        return False
    lines[first] = new
    for other in others:
        lines[other] = b"# " + lines[other]
    return True


def _line(written: Mapping[str, Any], old: Any, live: Message, keep: Kept) -> bytes:
    """The line with the live answer; all keys that do not describe the old one stay."""
    payload, implied = _payload(old, live, keep)
    op = OPCODE_NAMES.get(live.opcode, live.opcode)
    new: dict[str, Any] = {}
    for key, value in written.items():
        if key == "recv":
            if live.opcode != implied:
                new["op"] = op
            new[key] = payload
        elif key not in DROPPED and key != "op":
            new[key] = value
    return json_text(new).encode()


def _payload(old: Any, live: Message, keep: Kept) -> tuple[Any, int]:
    """The answer in the form of the old one where it has it, and the opcode that this implies."""
    data = live.payload
    forms = old if isinstance(old, dict) else {}
    if data is None:
        return None, Opcode.TEXT
    if live.opcode == Opcode.CLOSE and (body := parse_close(data)) is not None:
        close: dict[str, Any] = {} if body.code is None else {"code": body.code}
        if body.code is not None and (body.reason or "reason" in forms):
            close["reason"] = body.reason
        return close, -1
    if "json" in forms and (value := json_of(data, live.opcode)) is not NO_VALUE:
        return {"json": merge(forms["json"], value, keep)}, Opcode.TEXT
    if live.opcode == Opcode.TEXT:
        try:
            return _with_names(data.decode(), old, keep.variables), Opcode.TEXT
        except UnicodeDecodeError:
            pass
    if "hex" in forms:
        return {"hex": data.hex()}, Opcode.BINARY
    return {"b64": b64encode(data).decode()}, Opcode.BINARY


def _with_names(text: str, old: Any, variables: Mapping[str, Any]) -> str:
    """A text with the variables that the old one had, where their values stand in it: a secret
    does not come into the file by its answer.
    """
    for name in names_in(old, variables) if isinstance(old, str) else ():
        value = expand_text(f"{{{{{name}}}}}", variables)
        if len(value) >= SHORT:
            text = text.replace(value, f"{{{{{name}}}}}")
    return text
