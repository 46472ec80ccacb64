"""Which keys do what where, read from the bindings themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from wsdebug.tui.keymap import bound

__all__ = [
    "ANYWHERE",
    "EDITING",
    "KeyGroup",
    "KeyLine",
    "keys_of",
    "own_bindings",
    "place_of",
    "title_of",
]

ANYWHERE = "Anywhere"
EDITING = "Editing"
# Textual's own actions that are worth knowing, in words of ours; what the others do is expected.
FOREIGN: Mapping[str, tuple[str, str]] = {
    "app.focus_next": (ANYWHERE, "Next field"),
    "app.focus_previous": (ANYWHERE, "Previous field"),
    "command_palette": (ANYWHERE, "All actions"),
    "cursor_word_left": (EDITING, "A word to the left"),
    "cursor_left_word": (EDITING, "A word to the left"),
    "cursor_word_right": (EDITING, "A word to the right"),
    "cursor_right_word": (EDITING, "A word to the right"),
    "cursor_line_start": (EDITING, "To the start of the line"),
    "home": (EDITING, "To the start of the line"),
    "cursor_line_end": (EDITING, "To the end of the line"),
    "end": (EDITING, "To the end of the line"),
    "delete_word_left": (EDITING, "Delete the word before"),
    "delete_left_word": (EDITING, "Delete the word before"),
    "delete_to_start_of_line": (EDITING, "Delete to the start"),
    "delete_left_all": (EDITING, "Delete to the start"),
    "delete_to_end_of_line_or_delete_line": (EDITING, "Delete to the end"),
    "delete_right_all": (EDITING, "Delete to the end"),
    "select_all": (EDITING, "Select all"),
    "undo": (EDITING, "Undo"),
    "redo": (EDITING, "Redo"),
    "cut": (EDITING, "Cut"),
    "copy": (EDITING, "Copy"),
    "paste": (EDITING, "Paste"),
}
UNKNOWN = {"slash": "/"}  # keys whose character Textual does not find by their name
ENOUGH = 2  # keys for one act of editing


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Keys that do the same, by Textual's names, and what they do."""

    keys: tuple[str, ...]
    title: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one place; with `is_text`, what can be typed there, as it stands."""

    title: str
    lines: tuple[KeyLine, ...]
    is_text: bool = False


def keys_of(screen: Screen[Any]) -> tuple[KeyGroup, ...]:
    """The keys that work now: those of the focused place first, those of anywhere last.

    A key that means something else further in, or that is typed into the focused field, is not
    there. A focused field whose class has `TYPED` words adds them.
    """
    groups: dict[str, dict[tuple[str, str], list[str]]] = {}
    for key, node, binding in _active(screen):
        place, title = _meaning(node, binding)
        lines = groups.setdefault(place, {})
        keys = lines.setdefault((binding.action, title), [])
        if place != EDITING or len(keys) < ENOUGH:
            keys.append(key)
    # A dictionary keeps the order of the focus chain; these two come last whatever it is.
    order = [place for place in groups if place not in (EDITING, ANYWHERE)]
    order += [place for place in (EDITING, ANYWHERE) if place in groups]
    found = [
        KeyGroup(
            place,
            tuple(KeyLine(tuple(keys), title) for (_, title), keys in groups[place].items()),
        )
        for place in order
    ]
    own = getattr(screen.focused, "TYPED", None)
    if isinstance(own, KeyGroup):
        found.insert(1, own)
    return tuple(found)


def _active(screen: Screen[Any]) -> list[tuple[str, DOMNode, Binding]]:
    """What works now and means something, in the order of our tables, Textual's last."""
    active = screen.active_bindings
    order: list[str] = []
    for node in dict.fromkeys(one.node for one in active.values()):
        order += [binding.key for binding in own_bindings(node)]
    found = {key: active[key] for key in dict.fromkeys([*order, *active]) if key in active}
    return [
        (key, one.node, one.binding)
        for key, one in found.items()
        if one.enabled
        and not key.startswith("super+")
        and not _is_typed(screen, key, one.node)
        and _meaning(one.node, one.binding)[1]
    ]


def _is_typed(screen: Screen[Any], key: str, node: DOMNode) -> bool:
    """Whether the focused field takes a key as a character that Textual does not know it by."""
    focused = screen.focused
    if key not in UNKNOWN or focused is None or node is focused:
        return False
    return focused.check_consume_key(key, UNKNOWN[key])


def own_bindings(node: DOMNode) -> tuple[Binding, ...]:
    """What classes of ours bind for this widget, screen or app; not what Textual binds."""
    bindings: dict[str, Binding] = {}
    for kind in type(node).__mro__:
        if not kind.__module__.startswith("textual."):
            for binding in bound(kind.__dict__.get("BINDINGS", ())):
                bindings.setdefault(binding.key, binding)
    return tuple(bindings.values())


def place_of(node: DOMNode) -> str:
    """The title of the place that a widget, screen or app belongs to."""
    for ancestor in node.ancestors_with_self:
        for kind in type(ancestor).__mro__:
            title = kind.__dict__.get("BINDING_GROUP_TITLE")
            if title and not kind.__module__.startswith("textual."):
                return str(title)
    return ANYWHERE


def title_of(binding: Binding) -> str:
    """What a binding does, with a capital."""
    return binding.description[:1].upper() + binding.description[1:]


def _meaning(node: DOMNode, binding: Binding) -> tuple[str, str]:
    """The place and the title; no title for what is left out."""
    if binding in own_bindings(node):
        return place_of(node), title_of(binding)
    return FOREIGN.get(binding.action, ("", ""))
