"""`config.toml`: what the user chose for every start; mistakes in words, with their line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from wsdebug.errors import UsageError
from wsdebug.workspace.config_file import ConfigFile, nearest

__all__ = [
    "Config",
    "Redaction",
    "config_of",
    "load_config",
    "parse_config",
    "parse_size",
    "read_config",
    "read_toml",
]

SIZE = re.compile(r"([0-9]{1,30}(?:\.[0-9]{1,30})?)\s*([kKMGT]?)(i?)B?")
POWERS = {"": 0, "k": 1, "M": 2, "G": 3, "T": 4}


@dataclass(frozen=True, slots=True)
class Redaction:
    """Names whose values are never recorded, beside those that are known to be secret."""

    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()  # parameters of URLs


@dataclass(frozen=True, slots=True)
class Config:
    """The settings, each a key or a table of the same name in the file.

    `ascii` None asks the terminal. `retention_bytes` and `message_budget` may be written as
    `"500 MB"` or `"1 GiB"`. What `keymap` and `connection` may hold, those know who use them;
    `mistake` says where in the file something is wrong.
    """

    theme: str = "wsdebug-dark"
    record: bool = True
    retention_days: int = 30  # unnamed recordings; 0 keeps none after the next start
    retention_bytes: int = 1 << 30
    ascii: bool | None = None
    reduced_motion: bool = False
    message_budget: int = 0  # bytes that a message typed should have at most; 0: any number
    silence: int = 10  # seconds without a frame that are marked; 0: none are
    fold: bool = False  # heartbeats, from the start
    heartbeats: str = "(op:ping | op:pong)"  # what they are, as a filter
    keymap: Mapping[str, str] = field(default_factory=dict)  # keys by the name of an action
    connection: Mapping[str, Any] = field(default_factory=dict)  # defaults, by long option names
    redaction: Redaction = Redaction()
    file: ConfigFile = field(default=ConfigFile(), compare=False, repr=False)

    def mistake(self, words: str, *keys: str) -> UsageError:
        """What is wrong with a key, the tables around it first, and in which line it stands."""
        return self.file.mistake(words, *keys)


KINDS = {
    "theme": (str, "a name in quotes"),
    "record": (bool, "true or false"),
    "retention_days": (int, "a whole number of days, 0 or more"),
    "retention_bytes": (int, 'bytes, or a size such as "1 GiB"'),
    "ascii": (bool, "true or false"),
    "reduced_motion": (bool, "true or false"),
    "fold": (bool, "true or false"),
    "heartbeats": (str, "a filter in quotes"),
    "silence": (int, "a whole number of seconds, 0 for no marks"),
    "message_budget": (int, 'bytes, or a size such as "64 KiB"'),
}
TABLES = ("keymap", "connection", "redaction")

SIZES = ("retention_bytes", "message_budget")  # keys that may be given as a size in words


def load_config(path: Path) -> Config:
    """Read the file; the defaults where there is none.

    Raises UsageError, with file, line and what to write, for anything that is not understood.
    """
    text = read_config(path)
    return Config() if text is None else parse_config(text, path)


def read_config(path: Path) -> str | None:
    """The file's text, None where there is none. Raises UsageError for one that is no text."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 at byte {error.start}", field="config") from error
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot read {path}: {why}", field="config") from error


def parse_config(text: str, path: Path | None) -> Config:
    """The settings of a text. Raises UsageError; without a path, its words alone."""
    return config_of(read_toml(text, path), ConfigFile(path, text))


def config_of(values: Mapping[str, Any], file: ConfigFile) -> Config:
    """The settings of a file's values. Raises UsageError."""
    found = {key: _checked(key, value, file) for key, value in values.items()}
    return replace(Config(**found), file=file)


def read_toml(text: str, path: Path | None) -> dict[str, Any]:
    """The values of a text. Raises UsageError, with line and column."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        words = _toml_words(str(error), text)
    except ValueError:
        words = "a number has too many digits"
    except RecursionError:
        words = "values are nested too deeply"
    raise UsageError(f"{path}: {words}" if path is not None else words, field="config")


def _checked(key: str, value: Any, file: ConfigFile) -> Any:
    if key in TABLES:
        return _table(key, value, file)
    if key not in KINDS:
        raise file.mistake(_unknown(key), key)
    kind, words = KINDS[key]
    if key in SIZES and isinstance(value, str):
        value = parse_size(value)
    right = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not right or (kind is int and value < 0) or value == "":
        raise file.mistake(f"{key} takes {words}", key)
    return value


def _table(key: str, value: Any, file: ConfigFile) -> Any:
    if not isinstance(value, dict):
        raise file.mistake(f"{key} is a table; write [{key}] and its keys below", key)
    if key == "keymap":
        for name, keys in value.items():
            if not isinstance(keys, str) or not keys.strip():
                words = f'keymap.{file.shown(name)} takes a key in quotes, such as "ctrl+s"'
                raise file.mistake(words, key, name)
    if key != "redaction":
        return value
    known = [one.name for one in fields(Redaction)]
    for name, names in value.items():
        if name not in known:
            raise file.mistake(nearest(name, known, "redaction"), key, name)
        are_names = isinstance(names, list) and all(isinstance(one, str) and one for one in names)
        if not are_names:
            words = f'redaction.{name} takes a list of names, such as ["X-Tenant"]'
            raise file.mistake(words, key, name)
    return Redaction(**{name: tuple(names) for name, names in value.items()})


def parse_size(text: str) -> int | None:
    """Bytes of `1 GiB`, `500 MB`, `64k`: powers of 1,024 with an `i`, of 1,000 without.

    None for what is no size.
    """
    found = SIZE.fullmatch(text.strip())
    if not found:
        return None
    unit = found[2].lower() if found[2] == "K" else found[2]
    return int(float(found[1]) * (1024 if found[3] else 1000) ** POWERS[unit])


def _unknown(key: str) -> str:
    return nearest(key, [*KINDS, *TABLES])


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
