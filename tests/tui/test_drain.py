"""How far the terminal has come, as it says itself."""

import threading

import pytest

from wsdebug.tui.drain import Drain


class Clock:
    """A time that tests set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """It stands still."""
    return Clock()


@pytest.fixture
def drain(clock: Clock) -> Drain:
    """Nothing was asked yet."""
    return Drain(clock)


def answer(drain: Drain, clock: Clock, seconds: float) -> None:
    """A repaint that the terminal takes so long for."""
    assert drain.asks()
    clock.now += seconds
    assert drain.take(b"\x1b[0n") == b""


def test_a_repaint_waits_for_the_last_one_and_as_long_again(drain: Drain, clock: Clock) -> None:
    """Half of the time is left for keys; what an answer takes anyway is not counted."""
    answer(drain, clock, 0.002)
    assert not drain.is_behind
    assert not drain.is_slow
    assert drain.asks()
    assert not drain.asks()  # one at a time
    clock.now += 0.082
    assert drain.is_behind
    drain.take(b"\x1b[0n")
    assert drain.is_slow
    clock.now += 0.079
    assert drain.is_behind
    clock.now += 0.002
    assert not drain.is_behind


def test_a_key_painted_meanwhile_does_not_cut_the_rest_short(drain: Drain, clock: Clock) -> None:
    """Its own answer comes soon."""
    answer(drain, clock, 0.002)
    answer(drain, clock, 0.102)
    answer(drain, clock, 0.004)
    assert drain.is_behind
    assert drain.is_slow


def test_a_long_line_is_not_a_slow_one(drain: Drain, clock: Clock) -> None:
    """Each answer takes as long as the first."""
    for _ in range(3):
        answer(drain, clock, 0.2)
        assert not drain.is_behind
        assert not drain.is_slow


def test_a_terminal_that_does_not_answer_is_not_waited_for(drain: Drain, clock: Clock) -> None:
    """Nor asked again."""
    assert drain.asks()
    clock.now += 0.9
    assert drain.is_behind
    clock.now += 0.2
    assert not drain.is_behind
    assert not drain.asks()


def test_an_answer_that_is_lost_is_given_up(drain: Drain, clock: Clock) -> None:
    """But the terminal is asked again: it has answered before."""
    answer(drain, clock, 0.002)
    assert drain.asks()
    clock.now += 11
    assert not drain.is_behind
    assert drain.asks()


def test_an_answer_that_comes_after_all_is_no_key(drain: Drain, clock: Clock) -> None:
    """As where the process was stopped for a while: it would be typed into the field in use."""
    answer(drain, clock, 0.002)
    assert drain.asks()
    clock.now += 11
    assert not drain.is_behind
    assert drain.take(b"a\x1b[0n") == b"a"


@pytest.mark.parametrize(
    ("reads", "typed"),
    [
        ([b"\x1b[0n"], b""),
        ([b"a\x1b[0nb"], b"ab"),
        ([b"a\x1b", b"[0nb"], b"ab"),
        ([b"\x1b[", b"0", b"n"], b""),
        ([b"\x1b", b"[A"], b"\x1b[A"),  # the arrow up
        ([b"\x1b[0;5", b"n"], b"\x1b[0;5n"),
        ([b"hello"], b"hello"),
    ],
)
def test_answers_are_taken_out_of_what_is_typed(
    drain: Drain, reads: list[bytes], typed: bytes
) -> None:
    """However they are cut."""
    assert drain.asks()
    assert b"".join(map(drain.take, reads)) + drain.release() == typed


def test_escape_alone_is_a_key(drain: Drain) -> None:
    """It is kept only until nothing follows."""
    assert drain.take(b"\x1b") == b"\x1b"
    assert drain.asks()
    assert drain.take(b"\x1b") == b""
    assert drain.release() == b"\x1b"
    assert drain.release() == b""


def test_whoever_leaves_waits_for_an_answer_on_its_way() -> None:
    """It would be typed into the shell."""
    drain = Drain()
    drain.settle(10)  # none to come
    assert drain.asks()
    thread = threading.Timer(0.02, drain.take, (b"\x1b[0n",))
    thread.start()
    drain.settle(10)
    assert not drain.is_behind
    thread.join()
