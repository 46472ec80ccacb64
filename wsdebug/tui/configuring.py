"""A configuration while the application runs: whether it can be taken, and taking it."""

from typing import TYPE_CHECKING, Any

from textual.app import App

from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import QueryInvalid
from wsdebug.log.filter_parse import parse_filter
from wsdebug.payload.redact import keep_secret
from wsdebug.tui.places import chosen_keys, use_chosen_keys
from wsdebug.tui.themes import DARK, LIGHT
from wsdebug.workspace.config import Config
from wsdebug.workspace.config_file import nearest

if TYPE_CHECKING:
    from wsdebug.tui.app import WsdebugApp

__all__ = ["check_config", "check_heartbeats", "check_theme", "themes_of", "use_config"]

SECOND = 1_000_000  # microseconds


def themes_of(app: App[Any]) -> tuple[str, ...]:
    """The names of all themes, our own first."""
    return tuple(dict.fromkeys([DARK.name, LIGHT.name, *app.available_themes]))


def check_theme(app: App[Any], config: Config) -> None:
    """Raise UsageError for a theme that there is not."""
    themes = themes_of(app)
    if config.theme not in themes:
        raise config.mistake(nearest(config.theme, themes, kind="theme"), "theme")


def check_heartbeats(config: Config) -> None:
    """Raise UsageError for a filter that is none."""
    try:
        parse_filter(config.heartbeats)
    except QueryInvalid as error:
        raise config.mistake(f"heartbeats: {error}", "heartbeats") from error


def check_config(app: "WsdebugApp", config: Config) -> ConnectOptions:
    """What it says of new connections. Raises UsageError for what cannot be taken."""
    check_theme(app, config)
    check_heartbeats(config)
    chosen_keys(app, config)
    return app.desk.read_defaults(config)


def use_config(app: "WsdebugApp", config: Config) -> None:
    """Take all of it that does not want a new start. Raises UsageError before anything is taken."""
    defaults = check_config(app, config)
    app.desk.configure(config, defaults)
    keep_secret(headers=config.redaction.headers, query=config.redaction.query)
    app.silence_us = config.silence * SECOND
    use_chosen_keys(app, config, app.glyphs)
    if app.theme != config.theme:
        app.theme = config.theme
    for main in app.tabs:
        if main.is_mounted:
            main.use_config()
            for widget in main.query("*"):
                widget.refresh()  # they name keys
