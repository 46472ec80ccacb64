"""Long work beside the screen: it ends when it is over, and leaves nothing changed behind."""

import sys

import pytest

from wsdebug.tui.gently import OFTEN, go_through


def test_steps_are_done_while_there_are_more() -> None:
    """Threads take turns more often meanwhile."""
    before, seen = sys.getswitchinterval(), []

    def step() -> bool:
        seen.append(sys.getswitchinterval())
        return len(seen) < 3

    go_through(step, lambda: False)
    assert seen == [pytest.approx(OFTEN)] * 3
    assert sys.getswitchinterval() == before


def test_what_is_over_is_left() -> None:
    """Before the next step, also one inside another; a mistake changes nothing."""
    before, done = sys.getswitchinterval(), []

    def inner() -> bool:
        done.append(sys.getswitchinterval())
        raise OSError

    def outer() -> bool:
        with pytest.raises(OSError):  # noqa: PT011 - it has no words
            go_through(inner, lambda: False)
        done.append(sys.getswitchinterval())
        return True

    go_through(outer, lambda: bool(done))
    assert done == [pytest.approx(OFTEN)] * 2
    assert sys.getswitchinterval() == before
    go_through(outer, lambda: True)
    assert len(done) == 2
