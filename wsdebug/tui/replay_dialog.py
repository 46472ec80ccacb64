"""How a session is to be replayed: where to, in which pace, how fast."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from wsdebug.engine.target import parse_url
from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.replay.settings import PACES, Pace, Settings
from wsdebug.tui.bars import Hint
from wsdebug.tui.field import Field
from wsdebug.tui.form_dialog import FormDialog
from wsdebug.tui.keymap import shown
from wsdebug.tui.one_of import Choice
from wsdebug.tui.settings_form import Check, FormRow, Note

__all__ = ["ReplayChoice", "ReplayDialog"]

WORDS: dict[Pace, str] = {
    "answers": "each message waits for the answers before it",
    "clock": "each message waits for its time in the recording",
    "both": "each message waits for its time and the answers before it",
    "none": "all messages at once",
    "step": "each message waits for {key}",
}
SPEEDS = (0.001, 1e6)
CORRELATE = "carry new ids and tokens of answers into later messages"


@dataclass(frozen=True, slots=True)
class ReplayChoice:
    """Play with these settings, to this URL."""

    url: str
    settings: Settings


class ReplayDialog(FormDialog[ReplayChoice | None]):
    """Dismisses with a ReplayChoice, or None for escape. `name` is what is replayed."""

    DEFAULT_CSS = """
    ReplayDialog #replay-speed { margin: 0; }
    ReplayDialog #replay-words { margin: 0 2 1 9; color: $foreground-muted; }
    ReplayDialog #replay-pace-row { margin: 1 0 0 0; }
    ReplayDialog #replay-speed-row { margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "play", "Replay", show=False, priority=True)
    ]

    def __init__(self, name: str, url: str, settings: Settings) -> None:
        hints = (Hint("enter", "replay", "play"), Hint("esc", "back", "leave"))
        super().__init__(f"Replay {escape(name)}", hints)
        self._url = url
        self._settings = settings

    def parts(self) -> Iterable[Widget]:
        """Where to, and how."""
        yield FormRow("to", Field(self._url, id="replay-url"))
        yield Note(id="replay-url-problem")
        paces = [(pace, pace) for pace in PACES]
        pace = Choice(paces, self._settings.pace, id="replay-pace")
        yield FormRow("pace", pace, id="replay-pace-row")
        yield Static("", id="replay-words")
        speed = Field(f"{self._settings.speed:g}", id="replay-speed", classes="-medium")
        unit = Static(Content(" times as fast"), classes="unit")
        yield FormRow("speed", speed, unit, id="replay-speed-row")
        yield Note(id="replay-speed-problem")
        yield FormRow("", Check(CORRELATE, self._settings.correlate, id="replay-correlate"))

    def on_mount(self) -> None:
        """The pace is what is chosen most often."""
        self.query_one("#replay-pace").focus()
        self._show()

    def on_one_of_changed(self, event: Choice.Changed) -> None:
        """Each pace says what it means; only those by the clock have a speed."""
        event.stop()
        self._show()

    def on_input_changed(self, event: Input.Changed) -> None:
        """A change takes the complaint away."""
        event.stop()
        self.query_one(f"#{event.input.id}-problem", Note).say("")

    @property
    def pace(self) -> Pace:
        """The pace chosen."""
        chosen = self.query_one("#replay-pace", Choice).value
        return next(pace for pace in PACES if pace == chosen)

    def _show(self) -> None:
        self.query_one("#replay-words", Static).update(
            Content(WORDS[self.pace].format(key=shown("x")))
        )
        keeps_time = replace(self._settings, pace=self.pace).keeps_time
        self.query_one("#replay-speed-row").display = keeps_time

    def action_play(self) -> None:
        """Leave with the choice, or say what is wrong with it."""
        settings = replace(
            self._settings,
            pace=self.pace,
            correlate=self.query_one("#replay-correlate", Check).value,
        )
        speed = self._speed()
        if speed is None and settings.keeps_time:
            words = "a number from 0.001 to 1,000,000"
            self.query_one("#replay-speed-problem", Note).say(words, "wrong")
            self.query_one("#replay-speed").focus()
            return
        url = self.query_one("#replay-url", Field).value.strip()
        try:
            parse_url(url)
        except UsageError as error:
            self.query_one("#replay-url-problem", Note).say(escape(str(error)), "wrong")
            self.query_one("#replay-url").focus()
            return
        self.dismiss(ReplayChoice(url, replace(settings, speed=speed or 1.0)))

    def _speed(self) -> float | None:
        try:
            speed = float(self.query_one("#replay-speed", Field).value)
        except ValueError:
            return None
        return speed if math.isfinite(speed) and SPEEDS[0] <= speed <= SPEEDS[1] else None
