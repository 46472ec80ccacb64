"""Everything that `config.toml` can say, as rows to read and change. No widgets."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wsdebug.engine.option_names import DEFAULTS, FLAGS, LISTS, NAMES
from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.redact import MASK, Redactor
from wsdebug.tui.preferences_words import CONNECTION, OWN, REDACTION
from wsdebug.workspace.config_edit import Value

__all__ = [
    "Preference",
    "Section",
    "choices_of",
    "is_secret",
    "key_preferences",
    "own_preferences",
    "read_typed",
    "shown_value",
    "stepped",
    "typed_value",
]

Kind = Literal[
    "flag", "ascii", "theme", "number", "size", "text", "names", "list", "key", "unknown"
]
Section = tuple[str, tuple["Preference", ...]]

SECRETS = ("user", "bearer", "passphrase", "cookie", "secret")  # of a connection
REFERENCES = ("@", "env:")  # where a secret stands, rather than the secret
YES_NO = (("yes", True), ("no", False))
SPECIAL = {"max-size": "64M", "family": "any", "client-max-window-bits": "any"}  # defaults
NUMBERS = ("max-redirs", "family", "connect-timeout", "close-timeout", "ping-interval",
           "ping-timeout", "server-max-window-bits", "client-max-window-bits")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preference:
    """One key: where it stands in the file, what it does, and from when on.

    `default` is what holds without it, in words.
    """

    keys: tuple[str, ...]
    kind: Kind
    help: str
    when: str
    default: str

    @property
    def name(self) -> str:
        """Its own name, where that says enough."""
        says_enough = self.keys[0] in ("connection", "keymap")
        return self.keys[-1] if says_enough else ".".join(self.keys)


def own_preferences() -> list[Section]:
    """All but the keys, in sections."""
    found: list[Section] = [
        (title, tuple(Preference((name,), kind, *words) for name, kind, *words in rows))
        for title, rows in OWN
    ]
    redacted = [
        Preference(("redaction", name), "names", words, "for new connections", "none")
        for name, words in REDACTION
    ]
    title, recording = found[-1]
    found[-1] = (title, (*recording, *redacted))
    connection = tuple(_connection(name) for name in NAMES)
    return [*found, ("New connections", connection)]


def _connection(name: str) -> Preference:
    kind: Kind = "flag" if name in FLAGS else "list" if name in LISTS else "text"
    if name in NUMBERS:
        kind = "number"
    if name == "max-size":
        kind = "size"
    default = DEFAULTS[name]
    if isinstance(default, bool):
        words = "yes" if default else "no"
    else:
        words = f"{default:g}" if default else "none"
    words = SPECIAL.get(name, words)
    return Preference(("connection", name), kind, CONNECTION[name], "for new connections", words)


def key_preferences(actions: Mapping[str, tuple[str, tuple[str, ...]]]) -> Section:
    """A row for each action: its name, what it does and its keys."""
    return (
        "Keys",
        tuple(
            Preference(("keymap", name), "key", title, "at once", ", ".join(keys))
            for name, (title, keys) in actions.items()
        ),
    )


def choices_of(preference: Preference, themes: tuple[str, ...]) -> tuple[tuple[str, Value], ...]:
    """The values to choose from, with their words; none where one types."""
    if preference.kind in ("flag", "ascii"):
        return YES_NO
    return tuple((theme, theme) for theme in themes) if preference.kind == "theme" else ()


def stepped(choices: Sequence[tuple[str, Value]], now: Any, default: str, step: int) -> Value:
    """The value after the one of now, or before it, around the ends; what is none of them stands
    for the default."""
    values, words = [value for _, value in choices], [word for word, _ in choices]
    if now not in values and default not in words:
        return values[0 if step > 0 else -1]
    at = values.index(now) if now in values else words.index(default)
    return values[(at + step) % len(values)]


def is_secret(preference: Preference) -> bool:
    """Whether its value is not to be read over a shoulder."""
    return preference.keys[0] == "connection" and preference.name in SECRETS


def shown_value(preference: Preference, value: Any) -> str:
    """A value of the file as a row shows it; the default for none."""
    if value is None:
        return preference.default
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(shown_value(preference, one) for one in value) or "none"
    text = str(value)
    if is_secret(preference):
        name, equals, text = text.rpartition("=") if preference.kind == "list" else ("", "", text)
        return f"{escape(name)}{equals}{escape(text) if text.startswith(REFERENCES) else MASK}"
    if preference.keys == ("connection", "header"):
        name, colon, rest = text.partition(":")
        text = f"{name}{colon} {Redactor().header(name, rest.strip())}".rstrip()
    if preference.keys == ("connection", "proxy"):
        text = Redactor().url(text)
    return escape(text, newlines=True)


def typed_value(preference: Preference, value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, list):
        plain = [one for one in value if isinstance(one, str)]
        if preference.kind == "names":
            return ", ".join(plain)
        if len(plain) == 1 and not plain[0].startswith("["):
            return plain[0]
        return json.dumps(plain, ensure_ascii=False) if plain else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_typed(preference: Preference, text: str) -> Value | None:
    """What was typed, as a value of the file; None for nothing. Raises UsageError."""
    text = text.strip()
    if not text:
        return None
    match preference.kind:
        case "number" | "size":
            return _number(text)
        case "names":
            return [name for one in text.split(",") if (name := one.strip())]
        case "list":
            return _list(text)
        case _:
            return text


def _number(text: str) -> Value:
    """A number; what is none is judged, and named, by those who take it."""
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _list(text: str) -> list[str]:
    if not text.startswith("["):
        return [text]
    try:
        found = tomllib.loads(f"x = {text}")["x"]
    except tomllib.TOMLDecodeError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise UsageError('write one, or a list such as ["a", "b"]', field="config")
    return found
