"""The keys that the person chose for actions, and their names in hints and sentences.

One keymap for the process: there is one application in it, and words that name a key are made in
many places. An action has the same name, as a binding's id, wherever it is bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from string import punctuation
from typing import Any

from textual.binding import Binding
from textual.keys import Keys

from wsdebug.tui.glyphs import UNICODE, Glyphs
from wsdebug.tui.key_words import key_words
from wsdebug.workspace.config import Config
from wsdebug.workspace.config_file import nearest

__all__ = ["bound", "keys_by_action", "shown", "use_keymap"]

MODIFIERS = ("ctrl", "shift", "alt")
NAMES = frozenset(
    [str(key.value) for key in Keys if str(key.value).isalnum()]
    + [one.key for one in Binding.make_bindings((c, "", "") for c in punctuation if c != ",")]
    + ["comma"]
)
OTHER_WORDS = {"^PgDn": "ctrl+pagedown", "^PgUp": "ctrl+pageup"}  # where room is short
# What a place calls an action that has another name elsewhere.
ALIASES = {
    "connect_again": ("again",),
    "edit_url": ("url",),
    "toggle_connection": ("connect",),
    "whole_screen": ("whole",),
}

_keys: dict[str, tuple[str, ...]] = {}  # chosen ones, by action
_words: dict[str, tuple[str, str]] = {}  # action and its new key's words, by the old key's words


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

    `action` is what it does in a place of its own; without it, what it does on the main screen.
    """
    name, now = _words.get(word, ("", word))
    if action is None or not name:
        return now
    asked = action.partition("(")[0].removeprefix("screen.")
    return now if asked in (name, *ALIASES.get(name, ())) else word


def use_keymap(
    keymap: Mapping[str, tuple[str, ...]],
    bindings: Iterable[Any] = (),
    glyphs: Glyphs = UNICODE,
) -> None:
    """Take these keys from now on; `bindings` are those that they replace."""
    _keys.clear()
    _words.clear()
    _keys.update(keymap)
    short = {key: word for word, key in OTHER_WORDS.items()}
    for binding in Binding.make_bindings(bindings):
        if binding.id is not None and binding.id in keymap:
            now = key_words(keymap[binding.id][0], glyphs)
            for word in (key_words(binding.key, glyphs), short.get(binding.key)):
                if word is not None:
                    _words[word] = (binding.id, now)


def keys_by_action(
    config: Config,
    main: Sequence[Iterable[Any]],
    others: Sequence[Iterable[Any]],
    fields: Sequence[Iterable[Any]] = (),
) -> dict[str, tuple[str, ...]]:
    """The keys of the configuration, by Textual's names.

    `main` are the bindings of places that are on the screen together, `others` those of screens
    of their own, `fields` those of editing text. Raises UsageError, with the line, for an action
    or a key that there is not, and for a key that does something else already.
    """
    places = [Binding.make_bindings(bindings) for bindings in (*main, *others)]
    listed = [list(place) for place in places]
    known = list(dict.fromkeys(one.id for place in listed for one in place if one.id))
    keymap: dict[str, tuple[str, ...]] = {}
    for name, text in config.keymap.items():
        if name not in known:
            raise config.mistake(nearest(name, known, kind="action"), "keymap", name)
        keymap[name] = tuple(_key(config, name, word) for word in text.split(","))
    for name in keymap:
        for number, place in enumerate(listed):
            if number >= len(main) and name not in [one.id for one in place]:
                continue
            _check(config, keymap, name, place)
        is_first = any(one.priority for place in listed for one in place if one.id == name)
        for bindings in () if is_first else fields:
            _check(config, keymap, name, list(Binding.make_bindings(bindings)))
    return keymap


def _check(
    config: Config, keymap: Mapping[str, tuple[str, ...]], name: str, place: Iterable[Binding]
) -> None:
    """Whether the keys of an action do something else in a place."""
    for binding in place:
        if binding.id == name:
            continue
        taken = keymap.get(binding.id or "", (binding.key,))
        for key in keymap[name]:
            if key in taken:
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
