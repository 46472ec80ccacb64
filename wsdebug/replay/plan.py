"""A script made ready to be played: what is sent when, and what is expected in between."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wsdebug.errors import QueryInvalid, UsageError
from wsdebug.log.joined import Joiner, Message
from wsdebug.replay.automatic import Automatic
from wsdebug.replay.awaited import Awaited
from wsdebug.replay.came import Rules
from wsdebug.replay.expected import Expected
from wsdebug.replay.expected_keys import make_expected
from wsdebug.replay.script import Script, ScriptConnection, ScriptFrame
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import SECOND, Pause, Send, SendRun
from wsdebug.replay.templates import names_in
from wsdebug.session.checked import unreadable
from wsdebug.session.lines import FrameLine, Wait
from wsdebug.session.stretch import Stretch
from wsdebug.wire.close import parse_close
from wsdebug.wire.frame import Opcode

__all__ = ["Plan", "make_plans"]


@dataclass(slots=True)
class Plan:
    """One connection of a script.

    From `cut_at` expected messages on, what else comes is not counted: the recording was cut
    off there, inside a stream that nobody had asked for. `bad` are violations that stand in the
    recording, `opened_us` is when it was open, `extensions` what was agreed on (None if not
    known), `ended` the code of its end.
    """

    number: int
    steps: list[Send | SendRun | Pause] = field(default_factory=list)
    expected: Sequence[Expected] = field(default_factory=list)
    cut_at: int | None = None
    opened_us: int | None = None
    extensions: str | None = None
    ended: int | None = None
    bad: frozenset[str] = frozenset()

    def each_step(self) -> Iterator[Send | Pause]:
        """The steps without runs: every message by itself."""
        for step in self.steps:
            if isinstance(step, SendRun):
                yield from step.sends()
            else:
                yield step

    @property
    def closes(self) -> frozenset[int]:
        """Codes of the close frames that are sent, 1005 for one without."""
        frames = (step.message for step in self.steps if isinstance(step, Send))
        bodies = [
            parse_close(each.payload or b"") for each in frames if each.opcode == Opcode.CLOSE
        ]
        codes = (body.code if body is not None else None for body in bodies)
        return frozenset(1005 if code is None else code for code in codes)

    @property
    def sends(self) -> int:
        """How many messages are sent."""
        runs = sum(step.stretch.sent for step in self.steps if isinstance(step, SendRun))
        return runs + sum(isinstance(step, Send) for step in self.steps)


def make_plans(
    script: Script, settings: Settings, variables: Iterable[str], *, auto_pong: bool = True
) -> list[Plan]:
    """The connections that are played, in order; `variables` are the names that have a value.

    Raises UsageError for a value that is missing or a connection that is not there, and
    SessionUnreadable, with the line, for a key that cannot be taken.
    """
    declared = set(variables)
    needed = [name for name, text in script.variables.items() if text is None]
    if missing := [name for name in needed if name not in declared]:
        names = ", ".join(missing)
        words = f"{script.name} needs a value for {names}; give --variable {missing[0]}=…"
        raise UsageError(words, field="variable")
    declared.update(script.variables)
    rules = Rules.of(settings, script)
    plans: list[Plan] = []
    outside: dict[str, int] = {}  # captures that are not played, and their lines
    for connection in script.connections:
        if settings.connection in (None, connection.number):
            maker = _Maker(script, connection, settings, rules, declared, outside)
            plan = maker.make(auto_pong=auto_pong)
            if plan.steps or plan.expected or connection.opened_us is not None:
                plans.append(plan)
    if not plans:
        if settings.connection is not None:
            words = f"--connection {settings.connection}: the file has no such connection"
            raise UsageError(words, field="connection")
        raise UsageError(f"there is nothing to replay in {script.name}")
    return plans


class _Maker:
    """Makes the plan of one connection; names that it captures are declared for the next."""

    def __init__(
        self,
        script: Script,
        connection: ScriptConnection,
        settings: Settings,
        rules: Rules,
        declared: set[str],
        outside: dict[str, int],
    ) -> None:
        self._script = script
        self._connection = connection
        self._settings = settings
        self._rules = rules
        self._declared = declared
        self._outside = outside
        self._captured: dict[str, int] = {}  # by which expected message of this connection
        self._sent_data = self._received_data = 0  # messages
        self._expected_all = Awaited(rules)
        self._keys = {
            item.line.number: item.keys
            for item in connection.items
            if isinstance(item, ScriptFrame) and item.keys
        }
        self._plan = Plan(
            connection.number,
            opened_us=connection.opened_us,
            extensions=connection.extensions,
            ended=connection.ended,
            expected=self._expected_all,
        )

    def make(self, *, auto_pong: bool) -> Plan:
        plan = self._plan
        automatic = Automatic(self._script, auto_pong=auto_pong)
        closes: list[bool] = []  # whose, true for ours
        for item, at_us in self._in_order():
            if isinstance(item, Wait):
                if self._is_played(item.number):
                    plan.steps.append(Pause(item.number, item.seconds, len(plan.expected), at_us))
                continue
            if isinstance(item, Stretch):
                self._stretch(item)
                continue
            is_automatic = not self._settings.frames and automatic.takes(item)
            if item.opcode == Opcode.CLOSE:
                # the answer to a close frame is the engine's
                is_automatic = item.sent and False in closes
                closes.append(item.sent)
                self._note_cut(closes)
            if item.sent and not is_automatic:
                self._send(item, at_us)
            elif not item.sent:
                self._expect(item, is_late=True in closes, auto_pong=auto_pong)
        if not closes:
            self._note_cut([True])
        frames = (i.line for i in self._connection.items if isinstance(i, ScriptFrame))
        plan.bad = frozenset(name for frame in frames if not frame.sent for name in frame.bad)
        return plan

    def _in_order(self) -> Iterator[tuple[Message | Wait | Stretch, int]]:
        """Messages by their first frames, and waits, with their times on the timeline."""
        settings = self._settings
        sent = Joiner(by_frame=settings.frames)
        received = Joiner(by_frame=settings.strict_frames)
        found: list[tuple[Message | Wait | Stretch, int]] = []
        times: dict[int, int] = {}
        for item, at_us in self._timeline():
            if not isinstance(item, FrameLine):
                found.append((item, at_us))
                continue
            times[item.number] = at_us
            whole = (sent if item.sent else received).feed(item)
            found += [(message, times[message.number]) for message in whole]
        unfinished = (*sent.rest(), *received.rest())
        found += [(message, times[message.number]) for message in unfinished]
        return iter(sorted(found, key=lambda pair: pair[0].number))

    def _items(self) -> Iterator[FrameLine | Wait | Stretch]:
        """What stands in the file, with frames in the place of stretches if need be."""
        for item in self._connection.items:
            if isinstance(item, ScriptFrame):
                yield item.line
            elif isinstance(item, Wait) or self._settings.plays_stretches:
                yield item
            else:
                yield from item.frames()

    def _timeline(self) -> Iterator[tuple[FrameLine | Wait | Stretch, int]]:
        most = self._settings.max_gap
        limit = int(most * SECOND) if most is not None else None
        at_us, last_us = 0, self._connection.opened_us
        for item in self._items():
            gap = 0
            if isinstance(item, Wait):
                gap = int(item.seconds * SECOND)
            elif isinstance(item, FrameLine) and item.time_us is not None:
                gap = max(0, item.time_us - last_us) if last_us is not None else 0
                last_us = item.time_us
            at_us += gap if limit is None else min(gap, limit)
            yield item, at_us

    def _is_played(self, line: int) -> bool:
        last = self._settings.last
        return self._settings.first <= line and (last is None or line <= last)

    def _note_cut(self, closes: list[bool]) -> None:
        """At our close, unless the server has closed: whether the recording was cut off here."""
        plan = self._plan
        is_stream = self._received_data > self._sent_data
        if closes == [True] and self._script.is_recorded and is_stream:
            plan.cut_at = len(plan.expected)

    def _stretch(self, stretch: Stretch) -> None:
        plan = self._plan
        if stretch.sent:
            plan.steps.append(SendRun(stretch, len(plan.expected)))
        self._expected_all.extend(stretch)
        self._sent_data += stretch.sent
        self._received_data += stretch.received

    def _send(self, message: Message, at_us: int) -> None:
        keys = self._keys.get(message.number, {})
        written = keys.get("send")
        forms = written if isinstance(written, dict) else {}
        names = self._names(message, forms)
        if not self._is_played(message.number):
            return
        for name in names:
            if name in self._outside:
                words = (
                    f"line {message.number} uses {{{{{name}}}}}, which line {self._outside[name]} "
                    f"captures, and that line is not played; give --variable {name}=…"
                )
                raise UsageError(words, field="variable")
        if message.payload is None or message.kept is not None:
            why = "was cut" if message.payload is not None else "could not be inflated"
            words = f"line {message.number}: what was sent {why} when it was recorded"
            raise UsageError(words)
        after = tuple(self._captured[name] for name in names if name in self._captured)
        before = len(self._plan.expected)
        self._plan.steps.append(Send(message, keys, before, at_us, names, after))
        self._sent_data += not message.is_control

    def _names(self, message: Message, forms: Mapping[str, Any]) -> frozenset[str]:
        known = self._declared | self._outside.keys()
        if "json" in forms:
            return names_in(forms["json"], known)
        try:
            return names_in((message.payload or b"").decode(), known)
        except UnicodeDecodeError:
            return frozenset()

    def _expect(self, message: Message, *, is_late: bool, auto_pong: bool) -> None:
        is_judged = self._rules.strict_frames
        if message.opcode in (Opcode.PING, Opcode.PONG) and not is_judged:
            # a ping is waited for where our pong to it is part of the script
            if message.opcode == Opcode.PONG or (auto_pong and not self._settings.frames):
                return
        else:
            # what comes between our close and the server's is a matter of luck
            is_data = not message.is_control
            is_judged = not (is_late and is_data and self._script.is_recorded)
        keys = self._keys.get(message.number, {})
        expected = self._expected(message, keys, is_judged=is_judged)
        is_played = self._is_played(message.number)
        for capture in expected.captures:
            if is_played:
                self._declared.add(capture.name)
                self._outside.pop(capture.name, None)
                self._captured[capture.name] = expected.index
            elif capture.name not in self._declared:
                self._outside[capture.name] = message.number
        if is_played:
            self._expected_all.append(expected)
            self._received_data += not message.is_control

    def _expected(self, message: Message, keys: Mapping[str, Any], *, is_judged: bool) -> Expected:
        try:
            return make_expected(
                message,
                keys,
                rules=self._rules,
                index=len(self._plan.expected),
                is_judged=is_judged,
                declared=self._declared,
            )
        except (ValueError, QueryInvalid) as error:
            raise unreadable(self._script.path, message.number, str(error)) from None
