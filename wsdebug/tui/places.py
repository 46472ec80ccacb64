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
from wsdebug.tui.keys_help import KeysHelp
from wsdebug.tui.library import LibraryScreen
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.message_dialog import MessageDialog
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.settings_table import RowTable
from wsdebug.tui.start import StartScreen
from wsdebug.tui.start_parts import RecordingRows
from wsdebug.workspace.config import Config

__all__ = ["use_chosen_keys"]

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
    anywhere = [PALETTE, *Binding.make_bindings(app.BINDINGS)]
    fields = [*Binding.make_bindings(TextArea.BINDINGS), *Binding.make_bindings(Input.BINDINGS)]
    places = [Place([*anywhere, *_own(kinds)]) for kinds in WITHOUT_TEXT]
    places += [Place([*anywhere, *_own(kinds)], fields) for kinds in WITH_TEXT]
    keymap = keys_by_action(config, places)
    main = [*anywhere, *_own((MainScreen,))]
    use_keymap(keymap, main, [one for place in places for one in place.bindings], glyphs)
    app.set_keymap({name: ",".join(keys) for name, keys in keymap.items()})


def _own(kinds: Kinds) -> Iterable[Binding]:
    """The bindings of classes and of those that they come from, as far as they are ours."""
    for kind in kinds:
        for one in kind.__mro__:
            if not one.__module__.startswith("textual."):
                yield from Binding.make_bindings(one.__dict__.get("BINDINGS", ()))
