"""When Python looks for garbage."""

import gc
from collections.abc import Iterator

import pytest

from wsdebug.tui.app import WsdebugApp
from wsdebug.tui.collector import ENOUGH, LONGEST, QUIET, Collector


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Here it is the real one, and nothing is frozen that it has not frozen."""
    gc.unfreeze()
    yield
    gc.freeze()


class Hand:
    """Keys and a clock that tests set, and the collections that there were."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.quiet = 0.0
        self.now = 0.0
        self.waiting = 0
        self.collections = 0
        self.collector = Collector(lambda: self.quiet, clock=lambda: self.now)
        self.collector.begin()
        monkeypatch.setattr(gc, "get_count", lambda: (0, 0, self.waiting))
        monkeypatch.setattr(gc, "collect", self._collect)

    def _collect(self, generation: int = 2) -> int:
        self.collections += generation == 2
        return 0

    def look(self) -> int:
        """How many full collections a look brings about."""
        before = self.collections
        self.collector.look()
        return self.collections - before


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    """Begun, and ended."""
    before = gc.get_threshold()
    hand = Hand(monkeypatch)
    yield hand
    monkeypatch.undo()
    hand.collector.end()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize(
    ("waiting", "quiet", "late", "expected"),
    [
        (ENOUGH, QUIET * 2, False, 1),
        (ENOUGH, 0.1, False, 0),  # somebody types
        (ENOUGH, 0.1, True, 1),  # but not forever
        (0, QUIET * 2, True, 0),  # nothing to find
    ],
)
def test_it_is_done_in_pauses(
    hand: Hand, waiting: int, quiet: float, late: bool, expected: int
) -> None:
    """And where it is worth it."""
    hand.waiting, hand.quiet = waiting, quiet
    hand.now = LONGEST + 1 if late else 1
    assert hand.look() == expected


def test_what_a_tab_was_made_of_is_looked_at_once_it_is_closed(hand: Hand) -> None:
    """Until then it is left alone."""
    hand.collector.settle()
    assert gc.get_freeze_count() > 0
    hand.quiet = QUIET * 2
    assert hand.look() == 0
    hand.collector.thaw()
    assert gc.get_freeze_count() == 0
    assert hand.look() == 1
    assert gc.get_freeze_count() > 0
    assert hand.look() == 0


async def test_the_process_is_left_as_it_was(app: WsdebugApp) -> None:
    """Whoever embeds the app has a collector afterwards."""
    before = gc.get_threshold()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
