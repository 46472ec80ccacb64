"""The places whose keys can be chosen, and the keymap of a configuration for them."""

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input, TextArea

from wsdebug.tui.compare_dialog import CompareDialog
from wsdebug.tui.compose_close import CodeList
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_rows import LastRow
from wsdebug.tui.composer import Composer
from wsdebug.tui.dialog import DialogBody
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import Place, keys_by_action, use_keymap
from wsdebug.tui.keys import title_of
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.library import LibraryScreen
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.message_dialog import MessageDialog
from wsdebug.tui.recording_rows import RecordingRows
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.settings_table import RowTable
from wsdebug.tui.start import StartScreen
from wsdebug.workspace.config import Config

__all__ = ["chosen_keys", "use_chosen_keys", "usual_keys"]

Kinds = tuple[type[DOMNode], ...]
# What has the keys at a time: a screen, what in it holds the focus, and what that stands in.
WITHOUT_TEXT: tuple[Kinds, ...] = (
    (MainScreen, FrameLogView),
    (MainScreen, Inspector),
    (MainScreen, Composer, LastRow),
    (MainScreen, Composer, CodeList),
    (StartScreen, RecordingRows),
    (SettingsScreen, RowTable),
    (CompareDialog, DialogBody),
    (KeysHelp, DialogBody),
)
WITH_TEXT: tuple[Kinds, ...] = (
    (MainScreen, Composer, Editor),
    (StartScreen,),
    (LibraryScreen,),
    (SettingsScreen,),
    (MessageDialog,),
)
PALETTE = Binding(App.COMMAND_PALETTE_BINDING, "command_palette", "All actions")


def use_chosen_keys(app: App[Any], config: Config, glyphs: Glyphs) -> None:
    """Take the keys of the configuration. Raises UsageError for one that cannot be taken."""
    keymap = chosen_keys(app, config)
    main = [*_anywhere(app), *_own((MainScreen,))]
    bindings = [one for place in _places(app) for one in place.bindings]
    use_keymap(keymap, main, bindings, glyphs)
    app.set_keymap({name: ",".join(keys) for name, keys in keymap.items()})


def chosen_keys(app: App[Any], config: Config) -> dict[str, tuple[str, ...]]:
    """The keys of the configuration, without taking them. Raises UsageError as above."""
    return keys_by_action(config, _places(app))


def usual_keys(app: App[Any]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every action whose keys can be chosen: what it does, and its keys where none are."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for place in _places(app):
        new: dict[str, tuple[str, tuple[str, ...]]] = {}
        for one in place.bindings:
            if one.id and one.id not in found:
                title, keys = new.get(one.id, (title_of(one), ()))
                new[one.id] = (title, tuple(dict.fromkeys((*keys, one.key))))
        found |= new
    return found


def _anywhere(app: App[Any]) -> list[Binding]:
    return [PALETTE, *Binding.make_bindings(app.BINDINGS)]


def _places(app: App[Any]) -> list[Place]:
    anywhere = _anywhere(app)
    fields = [*Binding.make_bindings(TextArea.BINDINGS), *Binding.make_bindings(Input.BINDINGS)]
    places = [Place([*anywhere, *_own(kinds)]) for kinds in WITHOUT_TEXT]
    return places + [Place([*anywhere, *_own(kinds)], fields) for kinds in WITH_TEXT]


def _own(kinds: Kinds) -> Iterable[Binding]:
    """The bindings of classes and of those that they come from, as far as they are ours."""
    for kind in kinds:
        for one in kind.__mro__:
            if not one.__module__.startswith("textual."):
                yield from Binding.make_bindings(one.__dict__.get("BINDINGS", ()))
