"""The wall clock beside the monotonic one: where they part, the record must say so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

__all__ = ["WallClock"]

JUMP = 1_000_000_000  # ns by which the wall clock may be off what is expected
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WallClock:
    """Sees jumps: a clock that was set, and a suspend, during which the monotonic one stood still.

    Both clocks give nanoseconds.
    """

    def __init__(self, clock: Callable[[], int], wall: Callable[[], int]) -> None:
        self._clock, self._wall = clock, wall
        self._offset = wall() - clock()

    def jump(self) -> str | None:
        """The time of now, RFC 3339 in UTC, where it is not what it should be; else None.

        From then on it is what later ones are compared with.
        """
        offset = self._wall() - self._clock()
        if abs(offset - self._offset) < JUMP:
            return None
        self._offset = offset
        return self.now()

    def now(self) -> str:
        """The time of now, RFC 3339 in UTC with microseconds."""
        moment = EPOCH + timedelta(microseconds=self._wall() // 1000)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
