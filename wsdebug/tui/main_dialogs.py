"""What the main screen asks on screens of its own: settings, and whether to leave."""

from textual.screen import Screen

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.target import parse_url
from wsdebug.errors import WsdebugError
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.settings import SettingsResult, SettingsScreen
from wsdebug.tui.settings_model import SettingsDraft
from wsdebug.tui.status_line import StatusLine

__all__ = ["MainDialogs"]


class MainDialogs(Screen[None]):
    """A session, and the questions about it; the regions are the main screen's."""

    def __init__(self, session: OpenSession, desk: Desk) -> None:
        super().__init__()
        self.session = session
        self.desk = desk
        self._draft: SettingsDraft | None = None
        self._asked = False

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Tell the person, in place of the counters."""
        self.query_one(StatusLine).say(text, wrong=wrong)

    def connect(self) -> None:
        """Connect with the session's options; what is open is closed first."""
        options = self.session.options
        if options is None:
            return
        try:
            self.session.connect(self.desk.record_for)
        except WsdebugError as error:
            self.say(str(error), wrong=True)
        else:
            self.desk.remember(parse_url(options.url).url)

    def action_connect_again(self) -> None:
        """Connect anew with the settings there are; without any, ask for a URL."""
        if self.session.options is None:
            self.query_one(ConnectionBar).edit(self.desk.urls.urls())
        else:
            self.connect()

    def action_settings(self) -> None:
        """Everything about the connection but its URL."""
        options = self.session.options or ConnectOptions(url="")
        words = self.query_one(ConnectionBar).words
        screen = SettingsScreen(options, self._draft, words=words)
        self.app.push_screen(screen, self._take_settings)

    def _take_settings(self, result: SettingsResult | None) -> None:
        if result is None:
            return
        self._draft = result.draft
        self.session.change(result.options)
        if result.connect:
            self.connect()

    def ask_to_leave(self) -> None:
        """Quit; asks once where a connection is open or a text unsent."""
        unsent = self.query_one(Composer).has_unsent
        if not self._asked and (self.session.is_live or unsent):
            self._asked = True
            what = "a connection is open" if self.session.is_live else "a text is not sent"
            self.say(f"{what}; ctrl+q again quits, the recording is kept")
            return
        self.app.exit(0)
