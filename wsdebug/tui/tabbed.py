"""Several sessions at once, each on a main screen of its own: one is shown, all go on."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from weakref import WeakKeyDictionary

from textual.events import Event, InputEvent, Key, Paste, Resize

from wsdebug.tui.beat import Beat
from wsdebug.tui.keys_in_turn import KeysInTurn
from wsdebug.tui.main_screen import MainScreen
from wsdebug.tui.main_tabs import MainTabs
from wsdebug.tui.open_session import OpenSession
from wsdebug.tui.session_words import state_words
from wsdebug.tui.tab_row import TabLabel, tab_name

__all__ = ["Tabbed"]

LABEL_SECONDS = 0.2  # at least, between two looks at the labels: four a second, at any beat


class Tabbed(KeysInTurn[int]):
    """Keeps the main screens in the order of their tabs."""

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)
        self._tabs: list[MainScreen] = []
        self._shown: MainScreen | None = None
        self._names = count(1)
        self._beat = Beat(self._look, self._handle_exception)
        self._labelled = 0.0  # monotonic seconds
        self._facts: object = None  # what the labels tell
        self._words: WeakKeyDictionary[OpenSession, tuple[object, tuple[str, str]]]
        self._words = WeakKeyDictionary()

    @property
    def tab(self) -> MainScreen | None:
        """The main screen that is shown, whatever stands over it."""
        return self._shown

    @property
    def tabs(self) -> Sequence[MainScreen]:
        """All of them, in their order."""
        return self._tabs

    @property
    def sessions(self) -> list[OpenSession]:
        """The sessions of all tabs."""
        return [main.session for main in self._tabs]

    def add_tab(self, main: MainScreen) -> None:
        """Show a session in a tab of its own, behind the others."""
        self._tabs.append(main)
        main.session.stirred = partial(self._stirred, main)
        # Installed, a screen stays whole while another is shown.
        self.install_screen(main, f"tab-{next(self._names)}")
        if self._shown is None:
            self._shown = main
            self.push_screen(main)
            self._beat.start()
        else:
            self.show_tab(len(self._tabs) - 1)
        self._label()

    def show_tab(self, index: int) -> None:
        """Show another tab, from 0; nothing for one that is not there."""
        if not 0 <= index < len(self._tabs) or self._tabs[index] is self._shown:
            return
        before, self._shown = self._shown, self._tabs[index]
        if before is not None:
            before.leave_tab()
        self._label()
        self.switch_screen(self._shown)
        self._shown.enter_tab()
        self._beat.wake()

    def step_tab(self, step: int) -> None:
        """The next tab or the one before, around the ends."""
        if self._shown is not None:
            at = self._tabs.index(self._shown)
            self.show_tab((at + step) % len(self._tabs))

    def close_tab(self) -> OpenSession | None:
        """Close the tab that is shown; its session is to be finished. None for the only one."""
        if self._shown is None or len(self._tabs) == 1:
            return None
        closed = self._shown
        at = self._tabs.index(closed)
        self.show_tab(at - 1 if at else 1)
        self._tabs.remove(closed)
        self.uninstall_screen(closed)
        closed.remove()
        self._label()
        return closed.session

    def on_main_tabs_step(self, event: MainTabs.Step) -> None:
        """The next tab, or the one before."""
        self.step_tab(event.step)

    def on_main_tabs_pick(self, event: MainTabs.Pick) -> None:
        """The tab that was clicked."""
        self.show_tab(event.index)

    def tab_labels(self) -> tuple[TabLabel, ...]:
        """What the row of tabs says now; nothing for a single one."""
        if len(self._tabs) < 2:
            return ()
        return tuple(
            TabLabel(*self._words_of(main.session), main is self._shown, main.unread)
            for main in self._tabs
        )

    def _words_of(self, session: OpenSession) -> tuple[str, str]:
        """A tab's name and what is wrong; made anew only where something changed."""
        state = _state_of(session)
        known = self._words.get(session)
        if known is None or known[0] != state:
            words = state_words(session, self._tabs[0].desk.clock())
            wrong = words.word if words.colour == "error" else ""
            known = self._words[session] = (state, (tab_name(session), wrong))
        return known[1]

    async def on_event(self, event: Event) -> None:
        """What a person does is seen at once."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self._beat.key_came()
        elif isinstance(event, InputEvent | Resize):
            self._beat.wake()
        await super().on_event(event)

    def key_is_due(self) -> None:
        """A key in the inspector is about the row that the log's cursor is on."""
        if self._shown is not None:
            self._shown.inspector_catches_up()

    def on_unmount(self) -> None:
        """Nothing moves any more."""
        self._beat.stop()

    def _stirred(self, main: MainScreen) -> None:
        """In a thread: something happens in a tab. Of one out of sight the labels tell."""
        if main is self._shown and self._beat.is_slow:
            self.call_later(self._beat.wake)

    def _look(self) -> bool:
        """Only at what is in sight; whether something has changed there."""
        if self._shown is None or self._exit or not self.is_running:
            return False
        if time.monotonic() - self._labelled >= LABEL_SECONDS:
            self._label()
        return self._shown.look(at_rest=self._beat.is_slow)

    def _label(self) -> None:
        self._labelled = time.monotonic()
        tabs = [(main.unread, *_state_of(main.session)) for main in self._tabs]
        facts = (self._shown, tabs)
        if self._shown is not None and facts != self._facts:
            self._facts = facts
            self._shown.labels = self.tab_labels()

    def finish_sessions(self) -> None:
        """Close all connections, complete all recordings; side by side, since each may wait."""
        sessions = self.sessions
        if sessions:
            with ThreadPoolExecutor(len(sessions)) as pool:
                list(pool.map(OpenSession.finish, sessions))


def _state_of(session: OpenSession) -> tuple[object, ...]:
    """What a label is made of, but for what is new."""
    problem = session.log.problem if session.log is not None else ""
    return session.options, session.file, session.status, problem
