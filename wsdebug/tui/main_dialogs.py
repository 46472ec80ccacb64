"""What the main screen asks on screens of its own: settings, a name, whether to leave."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual.message import Message

from wsdebug.engine.variables import variables_of
from wsdebug.errors import WsdebugError
from wsdebug.tui.advice import Advice
from wsdebug.tui.composer import Composer
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.library import LibraryChoice
from wsdebug.tui.library_opening import show_library
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_saving import MainSaving
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.over_time_dialog import OverTimeDialog
from wsdebug.tui.question import Question
from wsdebug.tui.row_text import clock_of
from wsdebug.tui.session_words import public_url
from wsdebug.tui.settings import SettingsResult, SettingsScreen
from wsdebug.tui.settings_model import SettingsDraft
from wsdebug.tui.statistics_dialog import StatisticsDialog
from wsdebug.tui.values_dialog import ValuesDialog

__all__ = ["MainDialogs"]


class MainDialogs(MainSaving):
    """The questions about a session; the regions are the main screen's."""

    class OpenTab(Message):
        """Another tab is wanted: a saved session, or one that asks for a URL."""

        def __init__(self, choice: LibraryChoice | None = None) -> None:
            super().__init__()
            self.choice = choice

    def __init__(self, session: OpenSession, desk: Desk) -> None:
        super().__init__(session, desk)
        self._draft: SettingsDraft | None = None
        self._asked = False

    def connect(self) -> None:
        """Connect with the session's options; what is open is closed first."""
        if self.session.options is not None:
            self.when_complete(self._connect)

    def _connect(self) -> None:
        assert self.session.options is not None
        try:
            complain = partial(self.say, wrong=True)
            running = self.session.connect(partial(self.desk.begin, complain=complain))
        except WsdebugError as error:
            self.say(str(error), wrong=True)
        else:
            self.when_done(running, self._has_ended)
            self.query_one(LogRegion).view.action_follow()
            if url := public_url(self.session.options.url):
                self.desk.remember(url)

    def _has_ended(self, error: WsdebugError | None) -> None:
        if error is not None:
            self.say(str(error), wrong=True)

    def when_complete(self, then: Callable[[], None]) -> None:
        """Do something once the person has given, or refused, what a file may not switch on by
        itself and what it does not hold.
        """
        missing, options = self.session.missing, self.session.options
        assert options is not None
        unknown = variables_of(options).missing
        if missing is not None and missing.asked:
            self._ask_to_allow(missing.asked, then)
        elif missing is not None and (left_out := set(missing.redacted) - set(unknown)):
            names = ", ".join(name for name in missing.redacted if name in left_out)
            words = f"not kept in the recording: {names}; give it here, or go on without"
            self._settings(words, then)
        elif unknown:
            self.app.push_screen(ValuesDialog(unknown), partial(self._supply, then=then))
        else:
            then()

    def _ask_to_allow(self, names: Sequence[str], then: Callable[[], None]) -> None:
        wanted = " and ".join(f"--{name}" for name in names)
        question = Question(
            f"This file asks for {wanted}. Allow it?",
            "It was not recorded here: whoever made it chooses what is trusted or read.",
            answers=(("a", "allow"), ("w", "go on without"), ("escape", "stay")),
        )

        def allow(answer: str | None) -> None:
            if answer is not None:
                self.session.allow(everything=answer == "a")
                self.when_complete(then)

        self.app.push_screen(question, allow)

    def _supply(self, values: Mapping[str, str] | None, then: Callable[[], None]) -> None:
        if values is not None:
            self.session.supply(values)
            self.when_complete(then)

    def action_connect_again(self) -> None:
        """Connect anew with the settings there are; without any, ask for a URL."""
        if self.session.options is None:
            self.query_one(ConnectionBar).edit(self.desk.urls.urls())
        else:
            self.connect()

    def action_settings(self) -> None:
        """Everything about the connection but its URL."""
        self._settings()

    def _settings(self, notice: str = "", then: Callable[[], None] | None = None) -> None:
        options = self.session.options or self.desk.options_for("")
        bar = self.query_one(ConnectionBar)
        screen = SettingsScreen(
            options,
            self._draft,
            words=lambda: bar.words,
            notice=notice,
            first=self.query_one(Advice).place,
        )
        self.app.push_screen(screen, partial(self._take_settings, then=then or self.connect))

    def _take_settings(self, result: SettingsResult | None, then: Callable[[], None]) -> None:
        if result is None:
            return
        self._draft = result.draft
        self.session.change(result.options)
        if result.connect:
            self.when_complete(then)

    def action_keys(self) -> None:
        """The keys of the focused place."""
        self.app.action_show_help_panel()

    def action_statistics(self) -> None:
        """The session in numbers."""
        if self.session.log is None:
            self.say("nothing to count yet; F5 connects")
        else:
            live = self.session.file is None
            self.app.push_screen(StatisticsDialog(self.session.log, live=live))

    def action_over_time(self) -> None:
        """Throughput and latencies over time; what is chosen there is shown in the log."""
        log, view = self.session.log, self.query_one(LogRegion).view
        if log is None:
            self.say("nothing to count yet; F5 connects")
            return

        def go(line: int | None) -> None:
            if line is not None and self.session.log is log:
                view.focus()
                view.show_line(line)

        clock = clock_of(view.layout_of_rows)
        self.app.push_screen(OverTimeDialog(log, clock, live=self.session.file is None), go)

    def action_library(self) -> None:
        """Another session in place of this one."""
        show_library(self.app, self.desk, self._open)

    def _open(self, choice: LibraryChoice | None) -> None:
        """Show what was chosen; asks first where a connection is open."""
        if choice is None:
            return
        if not self.session.is_live:
            self._show(choice)
            return
        question = Question(
            "A connection is open. Close it?",
            "Closed, the other session takes its place; the recording is kept.",
            answers=(("t", "open the other in a tab"), ("c", "close"), ("escape", "stay")),
        )

        def open_other(answer: str | None) -> None:
            if answer == "t":
                self.post_message(self.OpenTab(choice))
            elif answer == "c":
                self._show(choice)

        self.app.push_screen(question, open_other)

    def _show(self, choice: LibraryChoice) -> None:
        try:
            session = self.desk.open_file(choice.path)
        except WsdebugError as error:
            self.say(str(error), wrong=True)
            return
        before, self.session = self.session, session
        self._draft = None
        # Closing may wait for the peer.
        self.run_worker(before.finish, thread=True)
        if choice.again:
            self.connect()

    def ask_to_leave(self, others: Sequence["MainDialogs"] = ()) -> None:
        """Quit; asks once where a connection is open or a text unsent, here or in other tabs."""
        reasons = _reasons_to_stay((self, *others))
        if not reasons or self._asked:
            self.app.exit(0)
            return
        self._asked = True
        answers = (("q", "quit"), ("s", "save and quit"), ("escape", "stay"))
        path = self.session.path
        kept = f"The recording is kept as {path.name}." if path else "Nothing is recorded."
        if path and (problem := self.session.status.recording_problem):
            kept = f"Not everything is recorded: {problem}."
        words = " and ".join(reasons)
        question = Question(f"{words[0].upper()}{words[1:]}. Quit?", kept, answers=answers)
        self.app.push_screen(question, self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "q":
            self.app.exit(0)
            return
        self._asked = False
        if answer == "s":
            self._save(then_leave=True)


def _reasons_to_stay(tabs: Sequence[MainDialogs]) -> list[str]:
    """What would be broken off or lost by quitting, in words."""
    live = sum(tab.session.is_live for tab in tabs)
    unsent = any(tab.query_one(Composer).has_unsent for tab in tabs)
    connections = "a connection is open" if live == 1 else f"{live} connections are open"
    return [*([connections] if live else []), *(["a text is not sent"] if unsent else [])]
