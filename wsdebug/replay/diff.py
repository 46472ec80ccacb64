"""Two sessions compared message by message, with the rules of a replay."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from wsdebug.errors import QueryInvalid
from wsdebug.log.joined import Joiner, Message
from wsdebug.replay.came import Rules
from wsdebug.replay.expected import Expected
from wsdebug.replay.expected_keys import make_expected
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.results import Difference, Result, Verdict
from wsdebug.replay.script import Script, ScriptConnection, ScriptFrame
from wsdebug.replay.settings import Settings
from wsdebug.replay.unordered import UnorderedMatcher
from wsdebug.session.checked import unreadable
from wsdebug.wire.frame import Opcode

__all__ = ["compare_sessions"]

TURNED: dict[Verdict, Verdict] = {"missing": "extra", "extra": "missing"}


def compare_sessions(one: Script, other: Script, settings: Settings) -> Iterator[Result]:
    """What differs, and what does not, in the order of the first session's lines.

    Sent and received messages are compared on their own: how they fall between each other is a
    matter of time. Where one session has patterns, they are what the other is held against.
    """
    is_turned = _has_patterns(other) and not _has_patterns(one)
    expected, got = (other, one) if is_turned else (one, other)
    is_plain = _has_patterns(one) and _has_patterns(other)
    rules = Rules.of(settings, one, other)
    comparison = _Comparison(expected, rules, settings, is_plain=is_plain)
    theirs = {connection.number: connection for connection in got.connections}
    ours = {connection.number: connection for connection in expected.connections}
    for number in sorted(ours.keys() | theirs.keys()):
        if settings.connection in (None, number):
            empty = ScriptConnection(number)
            results = comparison.compare(ours.get(number, empty), theirs.get(number, empty))
            if is_turned:
                results = [_turned(result) for result in results]
            yield from sorted((_named(each, one, other) for each in results), key=_place)


class _Comparison:
    def __init__(self, script: Script, rules: Rules, settings: Settings, *, is_plain: bool) -> None:
        self._script = script
        self._rules = rules
        self._settings = settings
        self._is_plain = is_plain

    def compare(self, ours: ScriptConnection, theirs: ScriptConnection) -> list[Result]:
        found: dict[int, Result] = {}  # by line: a later result stands in the place of another
        extras: list[Result] = []

        def take(result: Result) -> None:
            if result.message is None:
                extras.append(result)
            else:
                found[result.message.number] = result

        declared = () if self._is_plain else self._script.variables.items()
        variables: dict[str, Any] = {name: text for name, text in declared if text is not None}
        names = set(variables)
        for sent in (False, True):  # what is captured stands in what was sent
            expected = list(self._expected(ours, names, sent=sent))
            matcher = self._matcher(expected, take, variables)
            matcher.unlock(len(expected))
            for message in self._messages(theirs, sent=sent):
                matcher.feed(message)
            matcher.finish()
        return [*found.values(), *extras]

    def _matcher(
        self,
        expected: list[Expected],
        take: Callable[[Result], None],
        variables: dict[str, Any],
    ) -> Matcher:
        make = UnorderedMatcher if self._settings.unordered else Matcher
        return make(
            expected,
            self._rules,
            take,
            variables=variables,
            extra_allowed=bool(self._settings.extra_allowed),
        )

    def _messages(self, connection: ScriptConnection, *, sent: bool) -> Iterator[Message]:
        joiner = Joiner(by_frame=self._rules.strict_frames)
        for item in connection.items:
            if isinstance(item, ScriptFrame) and item.line.sent == sent:
                for message in joiner.feed(item.line):
                    if self._is_compared(message):
                        yield message
        yield from joiner.rest()

    def _is_compared(self, message: Message) -> bool:
        is_heartbeat = message.opcode in (Opcode.PING, Opcode.PONG)
        return self._rules.strict_frames or not is_heartbeat

    def _expected(
        self, connection: ScriptConnection, names: set[str], *, sent: bool
    ) -> Iterator[Expected]:
        keys = {
            item.line.number: item.keys
            for item in connection.items
            if isinstance(item, ScriptFrame) and item.keys and not self._is_plain
        }
        for index, message in enumerate(self._messages(connection, sent=sent)):
            try:
                expected = make_expected(
                    message,
                    keys.get(message.number, {}),
                    rules=self._rules,
                    index=index,
                    is_judged=True,
                    declared=names,
                )
            except (ValueError, QueryInvalid) as error:
                raise unreadable(self._script.path, message.number, str(error)) from None
            names.update(capture.name for capture in expected.captures)
            yield expected


def _has_patterns(script: Script) -> bool:
    items = (item for connection in script.connections for item in connection.items)
    frames = (item for item in items if isinstance(item, ScriptFrame) and not item.line.sent)
    forms = (frame.keys.get("recv") for frame in frames)
    return any(isinstance(form, dict) and form.keys() & {"json", "regex"} for form in forms)


def _turned(result: Result) -> Result:
    differences = tuple(
        one if one.rule else Difference(one.what, one.got, one.expected)
        for one in result.differences
    )
    verdict = TURNED.get(result.verdict, result.verdict)
    return replace(
        result,
        verdict=verdict,
        message=result.live,
        live=result.message,
        differences=differences,
    )


def _named(result: Result, one: Script, other: Script) -> Result:
    if result.verdict == "missing":
        return replace(result, note=f"only in {one.name}")
    if result.verdict == "extra" and result.live is not None:
        return replace(result, note=f"only in {other.name}", after=result.live.number)
    return result


def _place(result: Result) -> tuple[int, bool]:
    return result.line if result.line is not None else result.after, result.line is None
