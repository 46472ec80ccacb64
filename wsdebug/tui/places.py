"""The places whose keys can be chosen, and the keymap of a configuration for them."""

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.widgets import Input, TextArea

from wsdebug.tui.compare_dialog import CompareDialog
from wsdebug.tui.compose_editor import Editor
from wsdebug.tui.compose_suggest import SuggestingArea
from wsdebug.tui.composer import Composer
from wsdebug.tui.frame_log import FrameLogView
from wsdebug.tui.glyphs import Glyphs
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import keys_by_action, use_keymap
from wsdebug.tui.library import LibraryScreen
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.settings import SettingsScreen
from wsdebug.tui.start import StartScreen
from wsdebug.tui.ticked_rows import TickedRows
from wsdebug.workspace.config import Config

__all__ = ["use_chosen_keys"]

TOGETHER = (MainScreen, FrameLogView, TickedRows, Inspector, Composer, Editor, SuggestingArea)
ALONE = (StartScreen, LibraryScreen, SettingsScreen, CompareDialog)
PALETTE = Binding(App.COMMAND_PALETTE_BINDING, "command_palette", "All actions")


def use_chosen_keys(app: App[Any], config: Config, glyphs: Glyphs) -> None:
    """Take the keys of the configuration. Raises UsageError for one that cannot be taken."""
    main: list[Iterable[Any]] = [[PALETTE], app.BINDINGS, *(place.BINDINGS for place in TOGETHER)]
    fields = [TextArea.BINDINGS, Input.BINDINGS]
    others: list[Iterable[Any]] = [place.BINDINGS for place in ALONE]
    keymap = keys_by_action(config, main, others, fields)
    use_keymap(keymap, [one for place in (*others, *main) for one in place], glyphs)
    app.set_keymap({name: ",".join(keys) for name, keys in keymap.items()})
