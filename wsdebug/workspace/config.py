"""`config.toml`: what the user chose for every start; mistakes in words, with their line."""

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from wsdebug.errors import UsageError

__all__ = ["Config", "load_config", "parse_size"]

SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kKMGT]?)(i?)B?")
POWERS = {"": 0, "k": 1, "M": 2, "G": 3, "T": 4}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings, each a key of the same name in the file.

    `ascii` None asks the terminal. `retention_bytes` may be written as `"500 MB"` or `"1 GiB"`.
    """

    theme: str = "wsdebug-dark"
    record: bool = True
    retention_days: int = 30  # unnamed recordings; 0 keeps none after the next start
    retention_bytes: int = 1 << 30
    ascii: bool | None = None
    reduced_motion: bool = False


KINDS = {
    "theme": (str, "a name in quotes"),
    "record": (bool, "true or false"),
    "retention_days": (int, "a whole number of days, 0 or more"),
    "retention_bytes": (int, 'bytes, or a size such as "1 GiB"'),
    "ascii": (bool, "true or false"),
    "reduced_motion": (bool, "true or false"),
}


def load_config(path: Path) -> Config:
    """Read the file; the defaults where there is none.

    Raises UsageError, with file, line and what to write, for anything that is not understood.
    """
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return Config()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 at byte {error.start}", field="config") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read {path}: {why}", field="config") from error
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: {_toml_words(str(error), text)}", field="config") from error
    return Config(**{key: _checked(key, value, path, text) for key, value in values.items()})


def _checked(key: str, value: Any, path: Path, text: str) -> Any:
    if key not in KINDS:
        raise UsageError(_unknown(key, path, text), field="config")
    kind, words = KINDS[key]
    if key == "retention_bytes" and isinstance(value, str):
        value = parse_size(value)
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not right or (kind is int and value < 0) or value == "":
        raise UsageError(f"{path}, line {_line(key, text)}: {key} takes {words}", field="config")
    return value


def parse_size(text: str) -> int | None:
    """Bytes of `1 GiB`, `500 MB`, `64k`: powers of 1,024 with an `i`, of 1,000 without.

    None for what is no size.
    """
    found = SIZE.fullmatch(text.strip())
    if not found:
        return None
    unit = found[2].lower() if found[2] == "K" else found[2]
    return int(float(found[1]) * (1024 if found[3] else 1000) ** POWERS[unit])


def _unknown(key: str, path: Path, text: str) -> str:
    from difflib import get_close_matches

    known = [field.name for field in fields(Config)]
    near = get_close_matches(key, known, 1, 0.5)
    advice = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
    shown = key if key.isprintable() else ascii(key)
    return f"{path}, line {_line(key, text)}: there is no key {shown}; {advice}"


def _line(key: str, text: str) -> int:
    """The line of a top-level key; tomllib does not tell."""
    quoted = rf"(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')"
    pattern = re.compile(rf"^[ \t]*(?:\[+[ \t]*)?{quoted}[ \t]*(?:[=.]|\])", re.MULTILINE)
    found = pattern.search(text)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _toml_words(message: str, text: str) -> str:
    """`Invalid value (at line 3, column 9)` as `line 3, column 9: invalid value`."""
    found = re.fullmatch(r"(.*) \(at (.*)\)", message, re.DOTALL)
    if not found:
        return message
    said, place = found[1][:1].lower() + found[1][1:], found[2]
    if place == "end of document":
        last_line = text.rstrip("\n").count("\n") + 1
        place = f"line {last_line}"
    return f"{place}: {said}"
