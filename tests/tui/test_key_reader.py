"""Keys from a terminal, read in a thread that sleeps while there are none."""

import itertools
import os
import select
import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from textual.constants import ESCAPE_DELAY
from textual.events import Key
from textual.message import Message

from wsdebug.tui.drain import Drain
from wsdebug.tui.key_reader import SLACK, KeyReader

KEY_SECONDS = 10.0  # that a test waits for one


class Typed:
    """A reader on a pipe that stands for the terminal, with a time that tests set."""

    def __init__(self) -> None:
        self.now = 100.0
        self.came: SimpleQueue[Message] = SimpleQueue()
        self.gone = threading.Event()
        self.drain = Drain()
        self.terminal, self._keyboard = os.pipe()
        self.reader = KeyReader(
            self.terminal, self.drain, self.came.put, self.gone.set, clock=lambda: self.now
        )
        self.thread = threading.Thread(target=self.reader.run)
        self.thread.start()

    def type(self, keys: bytes) -> None:
        """As a terminal sends it."""
        os.write(self._keyboard, keys)

    def until_read(self) -> None:
        """Wait until the reader has taken what was typed."""
        while select.select([self.terminal], [], [], 0)[0]:
            pass

    def key(self) -> str:
        """The next key that was read."""
        message = self.came.get(timeout=KEY_SECONDS)
        assert isinstance(message, Key)
        return message.key

    def hang_up(self) -> None:
        """The terminal goes."""
        if self._keyboard >= 0:
            os.close(self._keyboard)
            self._keyboard = -1

    def close(self) -> None:
        """Told to end, the reader does, though no key comes."""
        self.reader.stop()
        self.thread.join(KEY_SECONDS)
        assert not self.thread.is_alive()
        self.reader.close()
        self.hang_up()
        os.close(self.terminal)


@pytest.fixture
def typed() -> Iterator[Typed]:
    """It has begun to read."""
    typed = Typed()
    yield typed
    typed.close()


def test_without_a_key_it_sleeps_until_there_is_one(typed: Typed) -> None:
    """Nothing wakes it again and again."""
    assert typed.reader.patience is None
    typed.type(b"a")
    assert typed.key() == "a"


def test_an_escape_is_a_key_once_nothing_has_followed_it(typed: Typed) -> None:
    """Only for that it looks at the time, and then no more."""
    typed.type(b"\x1b")
    assert typed.key() == "escape"
    assert typed.reader.patience is None


@pytest.mark.parametrize("sequence", ["27;1:1u", "2953722497u", "4:1R", "3:2~", ":H"])
def test_what_no_terminal_should_send_does_not_end_it(typed: Typed, sequence: str) -> None:
    """It is no key; the next one is."""
    typed.type(f"\x1b[{sequence}".encode())
    typed.until_read()
    typed.type(b"a")
    assert "a" in iter(typed.key, "")


def test_an_escape_with_more_behind_it_is_another_key(typed: Typed) -> None:
    """Though it comes in two parts."""
    typed.type(b"\x1b")
    typed.type(b"[A")
    assert typed.key() == "up"


def test_a_reader_that_gets_no_time_still_takes_what_has_come_first(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of a sequence that a read has cut was there before the delay was over."""
    seconds = itertools.count()
    monkeypatch.setattr("textual._parser.get_time", lambda: next(seconds))
    typed.type(b"a" * 4095 + b"\x1b[Ab")
    assert [typed.key() for _ in range(4097)] == ["a"] * 4095 + ["up", "b"]


def test_an_escape_is_looked_at_however_late(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would wait for the next key, and be one with it."""
    now = [0.0]
    monkeypatch.setattr("textual._parser.get_time", lambda: now[0])
    typed.type(b"\x1b")
    while typed.reader.patience is None:  # not yet read
        pass
    assert 0 < typed.reader.patience <= ESCAPE_DELAY + SLACK
    typed.now += 1
    assert typed.reader.patience == 0
    now[0] += 1
    assert typed.key() == "escape"


def test_what_may_be_an_answer_is_a_key_if_no_more_comes(typed: Typed) -> None:
    """The drain waits for a status report, of which an escape may be the beginning."""
    assert typed.drain.asks()
    typed.type(b"\x1b")
    assert typed.key() == "escape"
    typed.type(b"\x1b[0nb")
    assert typed.key() == "b"


def test_a_letter_may_be_cut_in_two_by_a_read(typed: Typed) -> None:
    """As in a long paste; what follows is read too."""
    typed.type("é".encode()[:1])
    typed.until_read()
    typed.type("é".encode()[1:] + b"z")
    assert [typed.key(), typed.key()] == ["é", "z"]


def test_a_terminal_that_goes_is_told(typed: Typed) -> None:
    """Then there is no more to read."""
    typed.hang_up()
    assert typed.gone.wait(KEY_SECONDS)
    typed.thread.join(KEY_SECONDS)
    assert not typed.thread.is_alive()
