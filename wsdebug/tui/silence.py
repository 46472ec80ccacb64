"""How long nothing must come or go for the screen to call it a silence; and one that lasts."""

from typing import Any

__all__ = ["SILENCE", "Quiet", "silence_of"]

SILENCE = 10_000_000  # microseconds


def silence_of(app: Any) -> int:
    """Microseconds, as the person chose; 0 for never."""
    silence = getattr(app, "silence_us", SILENCE)
    assert isinstance(silence, int)
    return silence


class Quiet:
    """How long the peer of an open connection has sent nothing; to be asked a few times a second.

    Of a connection that is half open nothing else tells before a ping is missed.
    """

    def __init__(self) -> None:
        self._seen: int | None = None  # frames; None without a connection
        self._since_ns = 0

    def look(self, frames: int, now_ns: int, *, is_open: bool) -> int:
        """Microseconds since the last of the frames, as far as was looked; 0 without a peer."""
        if not is_open:
            self._seen = None
            return 0
        if frames != self._seen:
            self._seen, self._since_ns = frames, now_ns
        return (now_ns - self._since_ns) // 1000
