"""A configuration with mistakes in it: what they are, and what holds without them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wsdebug.errors import UsageError
from wsdebug.workspace.config import Config, config_of, read_toml
from wsdebug.workspace.config_file import ConfigFile

__all__ = ["Check", "Mistake", "refuse_new_mistakes", "sound_config"]

MOST = 20  # mistakes that are looked for

Check = Callable[[Config], object]  # raises UsageError for what it would not take


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a key, in words; without `keys`, with something else."""

    keys: tuple[str, ...]
    words: str
    line: int


def sound_config(text: str, check: Check) -> tuple[Config, tuple[Mistake, ...]]:
    """The configuration without the keys that are wrong, and these.

    Raises UsageError, with line and column, for a text that is no TOML.
    """
    values = read_toml(text, None)
    file = ConfigFile(None, text)
    found: list[Mistake] = []
    while len(found) < MOST:
        words = _wrong(values, file, check)
        if not words:
            return config_of(values, file), tuple(found)
        # The key to blame is the one without which this is not said.
        for keys in _leaves(values):
            less = _without(values, keys)
            if _wrong(less, file, check) != words:
                found.append(Mistake(keys, words, file.line(*keys)))
                values = less
                break
        else:
            found.append(Mistake((), words, 1))
            break
    return Config(), tuple(found)


def refuse_new_mistakes(before: str, after: str, check: Check) -> None:
    """Raise UsageError for a mistake that was not there before."""
    _, mistakes = sound_config(after, check)
    if mistakes:
        known = {one.words for one in sound_config(before, check)[1]}
        for mistake in mistakes:
            if mistake.words not in known:
                raise UsageError(mistake.words, field="config")


def _wrong(values: Mapping[str, Any], file: ConfigFile, check: Check) -> str:
    try:
        check(config_of(values, file))
    except UsageError as error:
        return str(error)
    return ""


def _leaves(values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Keys, and those in tables; last ones first, since what comes later is rather the new one."""
    for key, value in reversed([*values.items()]):
        if isinstance(value, dict) and value:
            yield from ((key, name) for name in reversed(value))
        else:
            yield (key,)


def _without(values: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    key, *rest = keys
    if not rest:
        return {name: value for name, value in values.items() if name != key}
    return {**values, key: _without(values[key], tuple(rest))}
