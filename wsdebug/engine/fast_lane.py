"""A conversation that takes floods of whole messages in one go each read."""

from typing import Any

from wsdebug.engine.bulk import frames_size, held_size, kinds, odd_end, plain_frames
from wsdebug.engine.conversation import Conversation
from wsdebug.session.lines import FrameLine, Happened, MessageRun

__all__ = ["FastConversation"]


class FastConversation(Conversation):
    """The same, with whole messages of one frame after another as one run: no object for each.

    What is no such frame goes the way of every frame, and only that.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._kinds = kinds(compressed=self._may_be_compressed)
        self._held = b""  # the beginning of a frame

    def receive_runs(self, data: bytes) -> list[Happened]:
        """Take bytes as read; give what they complete, and our answers to it.

        The beginning of another message at the end is held until more has come.
        """
        if self._held:
            data, self._held = self._held + data, b""
        happened: list[Happened] = []
        position, end, limit = 0, len(data), self.limits.max_size
        while position < end:
            start = position
            if not self._is_client or self.state not in ("open", "closing"):
                position = end
            elif not self._decoder.is_between_frames:
                position = min(end, start + (self._decoder.missing or end))
            elif not self._incoming.is_between_messages:
                position = odd_end(data, start, self._kinds)
            elif (found := self._run(data, start)) is not None:
                run, position = found
                happened.append(run)
                continue
            elif held_size(data, start, limit, self._kinds):
                self._held = data[start:]
                break
            else:
                position = odd_end(data, start, self._kinds)
            happened += self.receive(data[start:position])
        return happened

    def receive_eof(self) -> list[FrameLine]:
        """The peer sent its last byte; gives a frame that was cut off."""
        held, self._held = self._held, b""
        lines = self.receive(held) if held else []
        return lines + super().receive_eof()

    def _run(self, data: bytes, start: int) -> tuple[MessageRun, int] | None:
        """The messages at a place, and where they end."""
        kind = self._kinds.get(data[start])
        if kind is None:
            return None
        is_text, is_compressed = kind
        payloads, end = plain_frames(data, start, self.limits.max_size)
        run = self._incoming.run(payloads, is_text=is_text, is_compressed=is_compressed)
        if run is None:
            return None
        if len(run.payloads) < len(payloads):
            end = start + frames_size(run.wires or run.payloads)
        return run, end
