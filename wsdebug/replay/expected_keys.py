"""The keys of a hand-written `recv` line to what it expects."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from wsdebug.log.joined import Message
from wsdebug.payload.json_query import parse_json_path
from wsdebug.payload.pattern import compile_pattern
from wsdebug.payload.variables import is_variable_name
from wsdebug.replay.came import Rules
from wsdebug.replay.expected import Capture, Expected
from wsdebug.replay.patterns import check_pattern
from wsdebug.replay.templates import names_in

__all__ = ["make_expected"]

MATCHES = ("subset", "equal")
LONGEST = 1e9  # seconds


def make_expected(
    message: Message,
    keys: Mapping[str, Any],
    *,
    rules: Rules,
    index: int,
    is_judged: bool,
    declared: Collection[str],
) -> Expected:
    """A message with what its line says besides; `declared` are the names that have a value.

    Raises ValueError and QueryInvalid, in words, for a key that cannot be taken.
    """
    written = keys.get("recv")
    forms = written if isinstance(written, dict) else {}
    if len(message.frames) > 1 and ("json" in forms or "regex" in forms):
        raise ValueError("a fragment is neither a json pattern nor a regex")
    has_pattern, regex = "json" in forms, _regex(forms)
    if has_pattern:
        check_pattern(forms["json"])
    text = forms.get("json", forms.get("regex", _text(message)))
    return Expected(
        index=index,
        message=message,
        rules=rules,
        opcode=None if regex is not None and "op" not in keys else message.opcode,
        has_pattern=has_pattern,
        pattern=forms.get("json"),
        regex=regex,
        is_subset=_is_subset(keys, has_pattern=has_pattern),
        ignore=tuple(parse_json_path(text) for text in _strings(keys, "ignore")),
        captures=tuple(_captures(keys)),
        names=names_in(text, declared),
        timeout=_seconds(keys),
        optional=_flag(keys, "optional"),
        skip=_flag(keys, "skip"),
        any_reason=isinstance(written, dict) and "code" in written and "reason" not in written,
        is_judged=is_judged,
    )


def _is_subset(keys: Mapping[str, Any], *, has_pattern: bool) -> bool:
    match = keys.get("match", "subset" if has_pattern else "equal")
    if match not in MATCHES:
        raise ValueError("match is neither subset nor equal")
    return bool(match == "subset")


def _text(message: Message) -> str:
    try:
        return (message.payload or b"").decode()
    except UnicodeDecodeError:
        return ""


def _regex(forms: Mapping[str, Any]) -> re.Pattern[str] | None:
    if "regex" not in forms:
        return None
    if not isinstance(forms["regex"], str):
        raise ValueError("regex is not a string")
    return compile_pattern(forms["regex"])


def _captures(keys: Mapping[str, Any]) -> Iterator[Capture]:
    written = keys.get("capture", {})
    if not isinstance(written, dict):
        raise ValueError("capture is not {name: JSONPath}")
    for name, how in written.items():
        if not is_variable_name(name):
            raise ValueError(f"capture: no placeholder can be {name!r}")
        if isinstance(how, str):
            yield Capture(name, query=parse_json_path(how))
        elif isinstance(how, dict) and isinstance(how.get("re"), str):
            yield Capture(name, pattern=compile_pattern(how["re"]))
        else:
            raise ValueError(f'capture: {name} is neither a JSONPath nor {{"re": …}}')


def _strings(keys: Mapping[str, Any], name: str) -> list[str]:
    written = keys.get(name, [])
    if not isinstance(written, list) or not all(isinstance(text, str) for text in written):
        raise ValueError(f"{name} is not a list of strings")
    return written


def _seconds(keys: Mapping[str, Any]) -> float | None:
    written = keys.get("timeout")
    if written is None:
        return None
    if isinstance(written, bool | str | list | dict) or not 0 <= written < LONGEST:
        raise ValueError("timeout is not a number of seconds")
    return float(written)


def _flag(keys: Mapping[str, Any], name: str) -> bool:
    written = keys.get(name, False)
    if not isinstance(written, bool):
        raise ValueError(f"{name} is neither true nor false")
    return written
