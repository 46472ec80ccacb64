"""What the main screen does to replay its session into another connection."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import WsdebugError
from wsdebug.payload.numbers import short_bytes, with_commas
from wsdebug.tui.keymap import shown
from wsdebug.tui.main_tabs import MainTabs
from wsdebug.tui.question import Question
from wsdebug.workspace.folders import display_name
from wsdebug.workspace.own import is_own

if TYPE_CHECKING:
    from wsdebug.replay.script import Script
    from wsdebug.replay.settings import Settings
    from wsdebug.tui.replay_dialog import ReplayChoice
    from wsdebug.tui.replay_session import Replayed, ReplaySession

__all__ = ["MainReplay"]

LARGEST = 16 << 20  # bytes of a session: a replay holds all of it, in some 15 times as much memory


class MainReplay(MainTabs):
    """Replays what is shown in a tab of its own, which is another one of these."""

    class Play(Message):
        """A replay is wanted, in a tab beside this one."""

        def __init__(
            self, replayed: "Replayed", settings: "Settings", options: ConnectOptions
        ) -> None:
            super().__init__()
            self.replayed = replayed
            self.settings = settings
            self.options = options

    _settings_of_replay: "Settings | None" = None  # what was chosen last

    def why_not(self) -> dict[str, str]:
        """Why actions can do nothing now, in words, by their names."""
        found = super().why_not()
        if reason := self._why_no_replay():
            found["replay"] = reason
        replay = self.session.replay
        if replay is None or not (replay.is_playing and replay.is_stepping):
            found |= dict.fromkeys(("replay_step", "replay_on"), "no replay waits for a step")
        if self.session.marks is not None:
            found.pop("violation", None)
        return found

    def _why_no_replay(self) -> str:
        session = self.session
        if session.replay is not None:
            return f"a replay is running; {shown('F5')} stops it" if session.is_live else ""
        if session.log is None:
            return "there is nothing yet"
        if session.is_live:
            return f"the connection is still open; {shown('F5')} closes it"
        if session.path is None:
            return f"there is no file of it; {shown('^S')} makes one"
        size = session.log.index.size
        if size > LARGEST:
            return f"{short_bytes(size)} are too many at once; wsdebug replay takes them"
        return ""

    def action_replay(self) -> None:
        """Ask how, then play the session in another tab; a replay is played again in its own."""
        if reason := self._why_no_replay():
            self.say(reason)
            return
        session = _replay_session(self)
        if session is not None:
            self._ask_how(session.replayed, session.settings)
        elif self.session.options is None:
            self.say(f"the session names no URL; {shown('^L')} gives it one")
        else:
            self.when_complete(self._read)

    def action_replay_step(self) -> None:
        """Let a replay send its next message."""
        session = _replay_session(self)
        if session is not None and "replay_step" not in self.why_not():
            session.step()
        else:
            self.say("no replay waits for a step")

    def action_replay_on(self) -> None:
        """Let a replay go on by itself."""
        session = _replay_session(self)
        if session is not None and "replay_on" not in self.why_not():
            session.run_on()
        else:
            self.say("no replay waits for a step")

    def connect(self) -> None:
        """Connect; a replay of what somebody else wrote asks before it sends that anywhere."""
        session = _replay_session(self)
        place = session.stranger_to() if session is not None else ""
        if session is None or not place:
            super().connect()
            return
        count = session.replayed.messages
        messages = "1 message" if count == 1 else f"{with_commas(count)} messages"
        question = Question(
            f"Send {messages} of {session.replayed.name} to {place}?",
            "It was not recorded here: whoever made it chose what is sent, and where.",
            answers=(("s", "send"), ("escape", "stay")),
        )

        def send(answer: str | None) -> None:
            if answer == "s":
                session.agree(place)
                self.connect()

        self.app.push_screen(question, send)

    def _read(self) -> None:
        """Read the session in a thread: all of it has to be right."""
        path = self.session.path
        assert path is not None
        self.run_worker(partial(self._in_thread, path), thread=True, group="replay")

    def _in_thread(self, path: Path) -> None:
        from wsdebug.replay.script import read_script

        try:
            script = read_script(str(path))
        except WsdebugError as error:
            self.app.call_from_thread(self.say, str(error), wrong=True)
        else:
            self.app.call_from_thread(self._take_script, script, path)

    def _take_script(self, script: "Script", path: Path) -> None:
        from wsdebug.replay.settings import Settings
        from wsdebug.tui.replay_session import Replayed

        name = display_name(path)
        own = self.session.file is None or is_own(path)
        settings = self._settings_of_replay or Settings().with_defaults(script.settings)
        self._ask_how(Replayed(script, name, own, self.session), settings)

    def _ask_how(self, replayed: "Replayed", settings: "Settings") -> None:
        from wsdebug.tui.replay_dialog import ReplayDialog

        options = self.session.options
        assert options is not None
        dialog = ReplayDialog(replayed.name, options.url, settings)
        self.app.push_screen(dialog, partial(self._play, replayed=replayed))

    def _play(self, choice: "ReplayChoice | None", replayed: "Replayed") -> None:
        if choice is None:
            return
        options = self.session.options
        assert options is not None
        options = replace(options, url=choice.url)
        session = _replay_session(self)
        if session is None:
            self._settings_of_replay = choice.settings
            self.post_message(self.Play(replayed, choice.settings, options))
        else:
            session.settings = choice.settings
            session.change(options)
            self.connect()


def _replay_session(main: MainReplay) -> "ReplaySession | None":
    """The session, if it is a replay: only then is there anything of that to import."""
    if main.session.replay is None:
        return None
    from wsdebug.tui.replay_session import ReplaySession

    return main.session if isinstance(main.session, ReplaySession) else None
