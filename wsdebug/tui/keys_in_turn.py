"""Keys one after the other: none is taken up before what the last one did has been done."""

import asyncio
import time
from collections import deque
from typing import TypeVar

from textual.app import App
from textual.events import AppBlur, AppFocus, Event, InputEvent, Key, MouseMove, Paste
from textual.message import Message
from textual.message_pump import MessagePump

__all__ = ["KeysInTurn"]

Result = TypeVar("Result")
Behind = InputEvent | AppFocus | AppBlur  # a click moves the focus, a window that is left drops it

TRIPS = 2  # a key's action may itself post a message, which is behind the first fence
PATIENCE = 0.25  # seconds after which a fence is looked for: its widget may have gone with it
LOOKS = 20  # until one that may still come is given up
LEAVING_LOOKS = 2  # until then, once somebody wants to leave
WAYS_OUT = ("leave", "copy_or_leave")  # actions


class Fence(Message):
    """Goes the way of a key, behind it: from the focused widget through all parents."""


class KeysInTurn(App[Result]):
    """Textual forwards a key while the last one is still on its way up to its binding, so that
    `ctrl+j` and what is typed at once afterwards would meet. Here each waits for the one before;
    nothing that is typed or pasted fast is lost or goes to the wrong place. Only who wants to
    leave does not wait for what hangs.
    """

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self._typed: deque[Event] = deque()
        self._fence: Fence | None = None
        self._fenced: MessagePump | None = None
        self._trips = 0
        self._typed_at = 0.0  # monotonic seconds
        self._giving_up: asyncio.TimerHandle | None = None

    @property
    def quiet(self) -> float:
        """Seconds since the last key."""
        return time.monotonic() - self._typed_at

    async def on_event(self, event: Event) -> None:
        """Keep keys and pastes until it is their turn, and what would take it from them."""
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            self._typed.append(event)
            self._typed_at = time.monotonic()
            if self._fence is None:
                await self._next()
            elif self._leads_out(event):
                self._leave_in_time(event)
        elif self._typed and isinstance(event, Behind) and not event.is_forwarded:
            self._typed.append(event)
        else:
            await super().on_event(event)

    async def on_fence(self, fence: Fence) -> None:
        """A fence came through: another trip, or the next key."""
        if fence is self._fence:
            await self._go_on()

    def key_is_due(self) -> None:
        """Called for each key before it is taken up, when those before have been handled."""

    def key_was_handled(self, key: str) -> None:
        """Called for each key once what it did has been done."""

    async def _next(self) -> None:
        while self._typed:
            self._trips = TRIPS
            event = self._typed[0]
            if isinstance(event, Key):
                self.key_is_due()
            await super().on_event(event)
            if not isinstance(event, MouseMove) and self._send_fence():
                return
            self._handled()

    async def _go_on(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
        self._trips -= 1
        # What opened or was focused gets the time to be there.
        is_elsewhere = self._target() is not self._fenced
        if (self._trips > 0 or is_elsewhere) and self._send_fence():
            return
        self._handled()
        await self._next()

    def _handled(self) -> None:
        self._fence = self._fenced = None
        event = self._typed.popleft()
        if isinstance(event, Key):
            self.key_was_handled(event.key)

    def _target(self) -> MessagePump | None:
        if not self.screen_stack:
            return None
        return self.focused or self.screen

    def _send_fence(self) -> bool:
        target = self._target()
        if target is None:
            return False
        self._fence, self._fenced = Fence(), target
        self._fence.set_sender(target)
        if not target.post_message(self._fence):
            return False
        self._look_later(self._fence, target, LOOKS)
        return True

    def _look_later(self, fence: Fence, target: MessagePump, looks: int) -> None:
        loop = asyncio.get_running_loop()
        self._giving_up = loop.call_later(PATIENCE, self._look_for, fence, target, looks - 1)

    def _look_for(self, fence: Fence, target: MessagePump, looks: int) -> None:
        """On a machine that is busy, what a key does may take a while; the next one waits."""
        if looks and target.is_running and target.is_attached:
            self._look_later(fence, target, looks)
        else:
            self.post_message(fence)

    def _leads_out(self, event: Event) -> bool:
        if not isinstance(event, Key) or event.is_printable:  # what is typed fast costs nothing
            return False
        bound = self.active_bindings.get(event.key)
        return bound is not None and bound.binding.action in WAYS_OUT

    def _leave_in_time(self, leaving: Event) -> None:
        """Look now and then whether the keys before this one go on."""
        self._look_whether(leaving, self._typed[0], LEAVING_LOOKS)

    def _look_whether(self, leaving: Event, first: Event, looks: int) -> None:
        if leaving not in self._typed or leaving is self._typed[0]:
            return
        if first is not self._typed[0]:
            first, looks = self._typed[0], LEAVING_LOOKS
        if looks:
            loop = asyncio.get_running_loop()
            loop.call_later(PATIENCE, self._look_whether, leaving, first, looks - 1)
            return
        while self._typed[0] is not leaving:  # typed at something that hangs
            self._typed.popleft()
        if self._giving_up is not None:
            self._giving_up.cancel()
        self._fence = self._fenced = None
        self.call_later(self._next)
