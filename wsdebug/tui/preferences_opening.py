"""Shows the page of preferences, on the file of this user."""

from functools import partial
from typing import TYPE_CHECKING

from wsdebug.tui.configuring import check_config, themes_of, use_config
from wsdebug.tui.places import usual_keys
from wsdebug.tui.preferences import PreferencesScreen
from wsdebug.tui.preferences_file import PreferencesFile
from wsdebug.tui.preferences_model import key_preferences, own_preferences
from wsdebug.workspace.folders import config_file

if TYPE_CHECKING:
    from wsdebug.tui.app import WsdebugApp

__all__ = ["show_preferences"]


def show_preferences(app: "WsdebugApp") -> None:
    """Over whatever screen there is."""
    file = PreferencesFile(
        config_file(),
        [*own_preferences(), key_preferences(usual_keys(app))],
        check=partial(check_config, app),
        use=partial(use_config, app),
    )
    app.push_screen(PreferencesScreen(file, themes_of(app)))
