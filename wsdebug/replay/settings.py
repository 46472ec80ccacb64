"""How a session is replayed: one frozen value, from the command line, a header or a screen."""

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from wsdebug.payload.json_query import JsonQuery

__all__ = ["Pace", "Settings", "SettingsError", "replay_settings"]

Pace = Literal["answers", "clock", "both", "none", "step"]
LEAST = {"speed": 0.001, "max_gap": 0.0, "timeout": 0.0}
MOST = 1e9  # of any of them
PACES: tuple[Pace, ...] = get_args(Pace)


class SettingsError(ValueError):
    """A setting of a header that cannot be taken, in words."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`pace` says what each send waits for: the answers before it, its time in the recording,
    both, nothing, or `Replay.step`.

    `speed` divides the recorded times and the waits, of which each lasts `max_gap` seconds at
    most; `timeout` is how many seconds an answer may take. `extra_allowed` says whether there may
    be messages that nobody expected; None: only where a script that was written by hand expects
    nothing at all. `first` and `last` bound the lines that are played, `connection` picks one of
    several.
    """

    pace: Pace = "answers"
    speed: float = 1.0
    max_gap: float | None = None
    timeout: float = 10.0
    extra_allowed: bool | None = None
    unordered: bool = False
    strict_frames: bool = False
    correlate: bool = False
    frames: bool = False
    exact_mask: bool = False
    ignore: tuple[JsonQuery, ...] = ()
    connection: int | None = None
    first: int = 1
    last: int | None = None

    @property
    def awaits_answers(self) -> bool:
        """Whether each send waits for the answers before it."""
        return self.pace in ("answers", "both")

    @property
    def keeps_time(self) -> bool:
        """Whether each send waits for its time."""
        return self.pace in ("clock", "both")

    @property
    def plays_stretches(self) -> bool:
        """Whether messages in a row can be played without an object for each: in order, at no
        time of their own, none left out, and nothing looked for in all of them.
        """
        is_whole = self.first == 1 and self.last is None
        is_odd = self.unordered or self.strict_frames or self.correlate or self.frames
        return is_whole and not is_odd and self.pace in ("answers", "none")

    def with_defaults(self, defaults: dict[str, Any]) -> "Settings":
        """These settings with those of a header, by field name."""
        return replace(self, **defaults)


def replay_settings(written: Any) -> dict[str, Any]:
    """The fields that a header's `replay` sets; unknown keys are left out.

    Raises SettingsError.
    """
    if not isinstance(written, dict):
        raise SettingsError("replay is not an object")
    found: dict[str, Any] = {}
    if "pace" in written:
        if written["pace"] not in PACES:
            raise SettingsError(f"replay: pace is none of {', '.join(PACES)}")
        found["pace"] = written["pace"]
    for name, least in LEAST.items():
        if name in written:
            number = written[name]
            is_number = isinstance(number, int | float) and not isinstance(number, bool)
            if not is_number or not least <= number < MOST:
                raise SettingsError(f"replay: {name} is not a number from {least:g} up")
            found[name] = float(number)
    if "extra" in written:
        if written["extra"] not in ("fail", "allow"):
            raise SettingsError("replay: extra is neither fail nor allow")
        found["extra_allowed"] = written["extra"] == "allow"
    return found
