"""The main screen: connection bar, log, inspector, composer, status; views of one session."""

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Key, Paste
from textual.widgets import Static

from wsdebug.engine.status import State
from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError, WsdebugError
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.log import FrameLog
from wsdebug.tui.actions import bindings
from wsdebug.tui.advice import Advice
from wsdebug.tui.compose_history import SentHistory
from wsdebug.tui.composer import Composer, SendRequest
from wsdebug.tui.connection_bar import ConnectionBar
from wsdebug.tui.desk import Desk
from wsdebug.tui.glyphs import glyphs_of
from wsdebug.tui.inspector import Inspector
from wsdebug.tui.keymap import shown
from wsdebug.tui.layout import MINIMUM
from wsdebug.tui.log_region import LogRegion
from wsdebug.tui.main_layout import MainLayout
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.session_words import shown_url, state_words, traffic_of
from wsdebug.tui.silence import Quiet
from wsdebug.tui.status_line import COUNTER_HZ, StatusLine
from wsdebug.tui.tab_row import TabRow
from wsdebug.tui.throttle import Throttle

__all__ = ["MainScreen"]

RESTLESS = 0.5  # seconds after a key in which more may change than lines tell
SECOND = 1_000_000_000  # ns
REDUCED_HZ = 1  # of all that moves by itself, for those who asked for less
TOO_SMALL = f"wsdebug needs {MINIMUM[0]} columns and {MINIMUM[1]} rows; this terminal has fewer."


class MainScreen(MainLayout):
    """Asks the session and shows it; owns no connection."""

    DEFAULT_CSS = """
    MainScreen { background: $background; }
    MainScreen > * { position: absolute; }
    MainScreen > #too-small { width: 100%; height: 100%; display: none; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    AUTO_FOCUS: ClassVar[str | None] = ""  # on_mount knows better

    def __init__(
        self, session: OpenSession, desk: Desk, *, connect: bool, compose_first: bool
    ) -> None:
        super().__init__(session, desk)
        self._connect_first = connect
        self._compose_first = compose_first
        self._state_shown: State = "idle"
        self._log_shown: FrameLog | None = None
        self._shown_ns = 0
        self._folds_chosen: tuple[str, bool] | None = None
        self._quiet = Quiet()
        self._looked_at: object = None
        self._turn = 0  # of the clock since the state began, at the last look
        self._is_there = False
        self._counting = self._throttle()

    def compose(self) -> ComposeResult:
        """The five regions, and the row of tabs above them."""
        yield TabRow(id="tabs")
        yield ConnectionBar(id="bar")
        yield LogRegion(id="log")
        yield Advice(id="advice")
        yield Inspector(id="inspector")
        yield Composer(history=SentHistory(self.desk.messages), id="composer")
        yield StatusLine(id="status")
        yield Static(TOO_SMALL, id="too-small")

    def on_mount(self) -> None:
        """Connect if asked, and show the state of now."""
        self._is_there = True
        self.use_config()
        if self._connect_first:
            self.connect()
        self.query_one(TabRow).labels = self.labels
        self.catch_up()
        if self.session.options is None:
            self.ask_url()
        elif self._compose_first:
            self.query_one(Composer).focus_input()
        else:
            self.query_one(LogRegion).view.focus()

    def use_config(self) -> None:
        """Take what the configuration says now of motion, messages and heartbeats."""
        config = self.desk.config
        self.query_one(StatusLine).reduced_motion = config.reduced_motion
        self.query_one(Composer).budget = config.message_budget
        self._counting = self._throttle()
        folds = (config.heartbeats, config.fold)
        if folds != self._folds_chosen:
            self._folds_chosen = folds
            query = parse_filter(config.heartbeats)
            self.query_one(LogRegion).view.set_folds(query, is_on=config.fold)

    def _throttle(self) -> Throttle:
        hertz = REDUCED_HZ if self.desk.config.reduced_motion else COUNTER_HZ
        return Throttle(self, 1 / hertz, self._tick_counters)

    # What moves

    def catch_up(self) -> None:
        """Show the state of now."""
        self._looked_at = None
        self._tick()
        self._counting.now()

    def look(self, *, at_rest: bool = False) -> bool:
        """Take up what has happened since the last look; whether something has.

        `at_rest` tells that nothing has for a while: then only clocks go on, once a second.
        """
        if self.is_hidden or not self._is_there or getattr(self.app, "is_behind", False):
            return False
        session, region = self.session, self.query_one(LogRegion)
        status, marks, waits = session.status, session.marks, session.counters.buffered
        marked = marks.version if marks is not None else 0
        state = (session.log, status, marked, waits, region.is_busy, region.view.pulse)
        step = SECOND if at_rest and not self._is_on_its_way else SECOND // COUNTER_HZ
        turn = (self.desk.clock() - status.since_ns) // step
        is_new = state != self._looked_at or getattr(self.app, "quiet", 0.0) < RESTLESS
        if is_new or turn != self._turn:
            self._looked_at, self._turn = state, turn
            self._tick()
        return is_new

    @property
    def _is_on_its_way(self) -> bool:
        """Whether more changes than clocks and what `look` looks at."""
        session, region = self.session, self.query_one(LogRegion)
        is_passing = session.status.state in ("connecting", "waiting", "closing")
        return bool(is_passing or region.is_busy or session.counters.buffered or session.replay)

    def _tick(self) -> None:
        log = self.session.log
        region = self.query_one(LogRegion)
        if log is not self._log_shown:
            before, self._log_shown = self._log_shown, log
            is_reloaded = before is not None and log is not None and log.path == before.path
            line = region.view.line if is_reloaded else None
            region.set_log(log, follow=self.session.file is None)
            if log is not None:
                self.call_after_refresh(log.start_counting)
            if line is not None:
                region.view.go_to_line(line)
        region.is_live = self.session.is_live
        region.view.marks = self.session.marks
        if self._may_move():
            region.view.tick()
            region.show_heading()
        if self.session.status.state != self._state_shown:
            self._counting.now()  # what has just happened is not left to the next turn
        else:
            self._counting.at_leisure()

    def _may_move(self) -> bool:
        """Whether new rows may be shown now: with reduced motion, once a second."""
        now = self.desk.clock()
        if self.desk.config.reduced_motion and now - self._shown_ns < SECOND // REDUCED_HZ:
            return False
        self._shown_ns = now
        return True

    def _tick_counters(self) -> None:
        if self.is_hidden:
            return
        session = self.session
        self._state_shown = session.status.state
        bar, composer = self.query_one(ConnectionBar), self.query_one(Composer)
        bar.words = state_words(session, self.desk.clock(), dot=glyphs_of(self.app).dot)
        bar.url = shown_url(session)
        composer.is_connected = session.status.state == "open"
        composer.extensions = session.status.extensions
        region, is_open = self.query_one(LogRegion), session.status.state == "open"
        quiet_us = self._quiet.look(session.counters.frames_in, self.desk.clock(), is_open=is_open)
        region.show_silence(quiet_us)
        timeline = region.timeline
        timeline.look(live=session.file is None)
        traffic = traffic_of(session, timeline.timeline, sending=self.sending)
        self.query_one(StatusLine).tick(traffic)
        self.watch_recording()
        self.advise()

    # What the regions ask for

    def on_frame_log_view_selected(self) -> None:
        """The inspector follows the cursor: to where that is now, not when this was posted."""
        view = self.query_one(LogRegion).view
        self.query_one(Inspector).show(self.session.log, view.line, view.found)

    def inspector_catches_up(self) -> None:
        """With the focus, it is on the row of the log's cursor, which it else follows at leisure.

        Called before each key, so that what it does is done with that row.
        """
        if isinstance(self.focused, Inspector):
            self.on_frame_log_view_selected()

    def on_inspector_next_violation(self, event: Inspector.NextViolation) -> None:
        """The log moves, the inspector follows."""
        self.query_one(LogRegion).view.action_violation(event.backward)

    def on_composer_send(self, event: Composer.Send) -> None:
        """Send, and say so if that cannot be done."""
        self.when_filled(event.request, partial(self._send, typed=event.request))

    def _send(self, request: SendRequest, *, typed: SendRequest) -> None:
        composer = self.query_one(Composer)
        if not self.send_request(request):
            composer.refuse(f"not connected; {shown('F5')} connects")
            return
        composer.sent(request, as_typed=request == typed)
        self.query_one(LogRegion).view.action_follow()

    def send_request(self, request: SendRequest) -> bool:
        """Send; whether there was a connection to send on."""
        if self.session.status.state != "open":
            return False
        self.when_done(self.session.submit(request), self._was_sent)
        return True

    def _was_sent(self, error: WsdebugError | None) -> None:
        if error is not None:
            self.say(str(error), wrong=True)

    def on_connection_bar_submitted(self, event: ConnectionBar.Submitted) -> None:
        """Take a URL, or say what is wrong with it."""
        bar = self.query_one(ConnectionBar)
        try:
            parse_url(event.url)
        except UsageError as error:
            bar.problem(str(error))
            return
        bar.done()
        self.session.change(self.desk.options_for(event.url, self.session.options))
        self.query_one(LogRegion).view.focus()
        self.connect()

    def on_connection_bar_pressed(self, event: ConnectionBar.Pressed) -> None:
        """The hints are buttons."""
        match event.what:
            case "connection":
                self.action_toggle_connection()
            case "settings":
                self.action_settings()
            case _:
                self.action_edit_url()

    def on_key(self, event: Key) -> None:
        """Whoever leaves other programs by `q` is told how to leave this one."""
        if event.key == "q" and "q" not in self.active_bindings:
            self.say(f"{shown('^Q')} quits, {shown('?')} shows the keys")

    def on_paste(self, event: Paste) -> None:
        """What is pasted at the rows is to be sent, once the person has looked at it."""
        event.stop()
        self.query_one(Composer).paste(event.text)

    # Actions

    def action_toggle_connection(self) -> None:
        """Connect, or close, or break off; connect now instead of later."""
        if self.session.is_live and self.session.status.state != "waiting":
            self.session.disconnect()
        else:
            self.action_connect_again()

    def action_edit_url(self) -> None:
        """Change the URL."""
        self.query_one(ConnectionBar).edit(self.desk.urls.urls())

    def action_compose(self) -> None:
        """Go to the composer."""
        self.query_one(Composer).focus_input()

    def action_send(self) -> None:
        """Send what stands in the composer."""
        self.query_one(Composer).action_send()

    def action_next_kind(self) -> None:
        """The composer's next kind."""
        self.query_one(Composer).action_next_kind()
