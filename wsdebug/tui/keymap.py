"""The keys that the person chose for actions, and their names in hints and sentences.

One keymap for the process: there is one application in it, and words that name a key are made in
many places. An action has the same name, as a binding's id, wherever it is bound.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from string import punctuation
from typing import Any

from textual.binding import Binding
from textual.keys import Keys

from wsdebug.tui.glyphs import UNICODE, Glyphs
from wsdebug.tui.key_words import key_words
from wsdebug.workspace.config import Config
from wsdebug.workspace.config_file import nearest

__all__ = ["Place", "bound", "keys_by_action", "shown", "use_keymap"]

MODIFIERS = ("ctrl", "shift", "alt")
NAMES = frozenset(
    [str(key.value) for key in Keys if str(key.value).isalnum()]
    + [one.key for one in Binding.make_bindings((c, "", "") for c in punctuation if c != ",")]
    + ["comma"]
)
OTHER_WORDS = {"^PgDn": "ctrl+pagedown", "^PgUp": "ctrl+pageup"}  # where room is short


@dataclass(frozen=True, slots=True)
class Place:
    """Bindings that work together: those of a widget and of what it stands in. `fields` are those
    of editing text there, which an action with priority goes before.
    """

    bindings: Sequence[Binding]
    fields: Sequence[Binding] = ()


@dataclass(frozen=True, slots=True)
class _Changed:
    """What a key of before is in words now, for an action; `is_main`: of the main screen."""

    names: frozenset[str]  # of the action: in the keymap, and as Textual runs it
    words: str
    is_main: bool


_keys: dict[str, tuple[str, ...]] = {}  # chosen ones, by action
_words: dict[str, list[_Changed]] = {}  # by the old key's words


def bound(bindings: Iterable[Any]) -> list[Binding]:
    """Bindings, one a key, with the keys that were chosen for them."""
    found: dict[tuple[str, str], Binding] = {}
    for binding in Binding.make_bindings(bindings):
        for key in _keys.get(binding.id or "", (binding.key,)):
            changed = binding if key == binding.key else binding.with_key(key, None)
            found.setdefault((key, binding.action), changed)
    return list(found.values())


def shown(word: str, action: str | None = None) -> str:
    """A key's words as they are now: `F5`, or what stands in its place.

    `action` is what it does in a place of its own, by its name in the keymap or as Textual runs
    it; without it, what it does on the main screen.
    """
    asked = (action or "").removeprefix("screen.").removeprefix("app.")
    for one in _words.get(word, ()):
        if one.is_main if action is None else asked in one.names:
            return one.words
    return word


def use_keymap(
    keymap: Mapping[str, tuple[str, ...]],
    main: Iterable[Binding] = (),
    places: Iterable[Binding] = (),
    glyphs: Glyphs = UNICODE,
) -> None:
    """Take these keys from now on, for the bindings of the main screen and those of all places."""
    _keys.clear()
    _words.clear()
    _keys.update(keymap)
    short = {key: word for word, key in OTHER_WORDS.items()}
    for is_main, bindings in ((True, main), (False, places)):
        for binding in bindings:
            if binding.id is None or binding.id not in keymap:
                continue
            now = key_words(keymap[binding.id][0], glyphs)
            changed = _Changed(frozenset((binding.id, binding.action)), now, is_main)
            for word in (key_words(binding.key, glyphs), short.get(binding.key)):
                if word is not None and changed not in _words.setdefault(word, []):
                    _words[word].append(changed)


def keys_by_action(config: Config, places: Sequence[Place]) -> dict[str, tuple[str, ...]]:
    """The keys of the configuration, by Textual's names.

    Raises UsageError, with the line, for an action or a key that there is not, and for a key that
    does something else already in a place that has the action.
    """
    known = list(dict.fromkeys(one.id for place in places for one in place.bindings if one.id))
    keymap: dict[str, tuple[str, ...]] = {}
    for name, text in config.keymap.items():
        if name not in known:
            raise config.mistake(nearest(name, known, kind="action"), "keymap", name)
        keymap[name] = tuple(_key(config, name, word) for word in text.split(","))
    for name in keymap:
        for place in places:
            same = [one for one in place.bindings if one.id == name]
            if not same:
                continue
            fields = () if any(one.priority for one in same) else place.fields
            actions = {one.action for one in same}
            others = [one for one in (*place.bindings, *fields) if one.action not in actions]
            kept = {one.key for one in place.bindings if one.action in actions and not one.id}
            _check(config, keymap, name, others, kept)
    return keymap


def _check(
    config: Config,
    keymap: Mapping[str, tuple[str, ...]],
    name: str,
    others: Iterable[Binding],
    kept: Set[str],
) -> None:
    """Whether the keys of an action do something else in a place, but for those it has anyway."""
    for binding in others:
        if binding.id == name:
            continue
        taken = keymap.get(binding.id or "", (binding.key,))
        for key in keymap[name]:
            if key in taken and key not in kept:
                other = f"{key_words(key, UNICODE)} is the key of {binding.description!r} already"
                raise config.mistake(f"keymap.{name}: {other}", "keymap", name)


def _key(config: Config, name: str, text: str) -> str:
    """One key by Textual's name. A letter with shift is the capital letter."""
    text = text.strip()
    if not text:
        words = "write a key, or several with commas between; comma is the key of one"
        raise config.mistake(f"keymap.{name}: {words}", "keymap", name)
    *modifiers, last = text.split("+") if text != "+" else [text]
    if not all(one in MODIFIERS for one in modifiers) or len(set(modifiers)) < len(modifiers):
        known = [f"{one}+{last}" for one in MODIFIERS]
        raise config.mistake(f"keymap.{name}: {nearest(text, known)}", "keymap", name)
    if len(last) == 1 and last.isprintable() and not last.isspace():
        (key,) = Binding.make_bindings([(last, "", "")])
        last = key.key
    elif last not in NAMES:
        known = ["+".join((*modifiers, one)) for one in sorted(NAMES)]
        near = nearest(text, known).partition("; the keys are")[0]
        raise config.mistake(f"keymap.{name}: {near}", "keymap", name)
    return "+".join((*modifiers, last))
