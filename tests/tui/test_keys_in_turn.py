"""Keys one after the other, however long one takes and whatever happens meanwhile."""

import asyncio
from collections.abc import Callable, Iterable
from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import AppBlur, AppFocus, Event, Key, MouseDown, MouseUp, Paste
from textual.widgets import Input

import wsdebug.tui.keys_in_turn as module
from tests.tui.conftest import until
from wsdebug.tui.keys_in_turn import KeysInTurn


class Field(Input):
    """F5 goes to the other one, when it may; F6 goes there and leaves nothing behind."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.may = asyncio.Event()
        self.is_busy = False

    async def on_key(self, event: Key) -> None:
        """As an action that takes its time."""
        if event.key in ("f5", "f6"):
            self.is_busy = True
            await self.may.wait()
            self.screen.query_one("#second").focus()
            if event.key == "f6":
                self.remove()


class Two(KeysInTurn[int]):
    """Two fields, the first one in use; rows 0 to 2 and 3 to 5."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave", priority=True)]

    def __init__(self) -> None:
        super().__init__()
        self.handled: list[str] = []
        self.texts_left: dict[str | None, str] | None = None

    def action_leave(self) -> None:
        """With what stood there."""
        self.texts_left = self.texts()

    def compose(self) -> ComposeResult:
        """One above the other."""
        yield Field("first")
        yield Field("second")

    def key_was_handled(self, key: str) -> None:
        """In this order."""
        self.handled.append(key)

    def texts(self) -> dict[str | None, str]:
        """What stands where."""
        return {field.id: field.value for field in self.screen.query(Field)}

    def type(self, events: Iterable[Event | str]) -> None:
        """All of it at once, as a terminal does; a character is its key."""
        for event in events:
            self.post_message(Key(event, event) if isinstance(event, str) else event)


def click(kind: Callable[..., Event], row: int) -> Event:
    """A part of one."""
    return kind(None, 5, row, 0, 0, 1, False, False, False, screen_x=5, screen_y=row)


LOOKS = 1000


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine where everything takes a thousand times as long."""
    monkeypatch.setattr(module, "PATIENCE", 0.0001)
    monkeypatch.setattr(module, "LOOKS", LOOKS)
    monkeypatch.setattr(module, "LEAVING_LOOKS", LOOKS)


async def test_keys_wait_for_the_one_before_as_long_as_that_takes() -> None:
    """They belong where it leads to."""
    app = Two()
    async with app.run_test() as pilot:
        first = app.query_one("#first", Field)
        app.type([*"ab", Key("f5", None), *"cd"])
        await until(pilot, lambda: first.is_busy)
        for _ in range(20):  # a fence is looked for now and then
            await asyncio.sleep(0.0001)
        first.may.set()
        await until(pilot, lambda: len(app.handled) == 5)
        assert app.texts() == {"first": "ab", "second": "cd"}
        assert app.handled == ["a", "b", "f5", "c", "d"]


async def test_a_field_that_goes_with_its_key_does_not_hold_up_the_next() -> None:
    """What waited behind the key went with it."""
    app = Two()
    async with app.run_test() as pilot:
        app.query_one("#first", Field).may.set()
        app.type([*"ab", Key("f6", None), *"cd"])
        await until(pilot, lambda: len(app.handled) == 5)
        assert app.texts() == {"second": "cd"}


async def test_a_key_that_is_never_done_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that one can still leave."""
    monkeypatch.setattr(module, "LOOKS", 3)
    app = Two()
    async with app.run_test() as pilot:
        first = app.query_one("#first", Field)
        app.type([Key("f5", None), Key("ctrl+x", None)])
        await until(pilot, lambda: "ctrl+x" in app.handled)
        first.may.set()
        await until(pilot, lambda: app.query_one("#second").has_focus)
        await pilot.pause()  # both are on their way up


async def test_whoever_leaves_does_not_wait_for_what_hangs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was typed at it goes nowhere."""
    monkeypatch.setattr(module, "LOOKS", 1_000_000)
    app = Two()
    async with app.run_test() as pilot:
        first = app.query_one("#first", Field)
        app.type([*"ab", Key("f5", None), *"cd", Key("ctrl+q", None)])
        await until(pilot, lambda: app.texts_left is not None)
        assert app.texts_left == {"first": "ab", "second": ""}
        assert "f5" not in app.handled
        first.may.set()
        await until(pilot, lambda: app.query_one("#second").has_focus)
        app.type("e")
        await until(pilot, lambda: app.texts()["second"] == "e")


async def test_whoever_leaves_waits_for_keys_that_go_on() -> None:
    """However many they are: they may send something."""
    app = Two()
    async with app.run_test() as pilot:
        app.type(["a" for _ in range(300)] + [Key("ctrl+q", None)])
        await until(pilot, lambda: app.texts_left is not None)
        assert app.texts_left == {"first": "a" * 300, "second": ""}


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ([*"ab", click(MouseDown, 4), click(MouseUp, 4), *"cd"], "ab", "cd"),
        ([*"ab", AppBlur(), AppFocus(), *"cd"], "abcd", ""),
        ([*"ab", AppBlur(), *"cd"], "abcd", ""),  # a key tells that the window is in use
        ([*"ab", Paste("x y"), *"cd"], "abx ycd", ""),
        (["a" for _ in range(300)], "a" * 300, ""),
    ],
    ids=["click", "another window", "no answer", "paste", "many"],
)
async def test_what_comes_behind_keys_does_not_overtake_them(
    typed: list[Event | str], first: str, second: str
) -> None:
    """Each goes where it went for whoever typed it."""
    app = Two()
    async with app.run_test() as pilot:
        app.type(typed)
        keys = sum(isinstance(event, str) for event in typed)
        await until(pilot, lambda: len(app.handled) == keys)
        assert app.texts() == {"first": first, "second": second}
