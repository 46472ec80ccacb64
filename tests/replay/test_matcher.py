"""Messages that come, matched with a script: what is right, differs, is missing, is extra."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wsdebug.log.joined import Message
from wsdebug.replay.came import Rules
from wsdebug.replay.expected import Expected
from wsdebug.replay.matcher import LOOK_AHEAD, Matcher
from wsdebug.replay.plan import Plan, make_plans
from wsdebug.replay.report import SIGNS
from wsdebug.replay.results import Result
from wsdebug.replay.script import Script
from wsdebug.replay.settings import Settings
from wsdebug.replay.unordered import UnorderedMatcher
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

Make = Callable[..., Script]


def live(text: str, number: int = 0) -> Message:
    """A text message that came."""
    line = parse_line(b'{"recv":"%b"}' % text.encode(), number)
    assert isinstance(line, FrameLine)
    return Message((line,))


def matched(
    plan: Plan, came: list[str], *, unlocked: int | None = None, make: Any = Matcher, **options: Any
) -> str:
    """The results as signs with the lines, in the order of the script: `=2 !3 +3`."""
    found: dict[int, str] = {}
    extras: list[tuple[int, str]] = []

    def take(result: Result) -> None:
        sign = SIGNS[result.verdict]
        if result.line is None:
            extras.append((result.after, f"{sign}{result.after}{'' if result.counts else '?'}"))
        else:
            found[result.line] = f"{sign}{result.line}"

    matcher = make(plan.expected, Rules(), take, variables={}, **options)
    matcher.unlock(len(plan.expected) if unlocked is None else unlocked)
    for text in came:
        matcher.feed(live(text))
    matcher.finish()
    each = [(line, 0, text) for line, text in found.items()]
    each += [(after, 1, text) for after, text in extras]
    return " ".join(text for _, _, text in sorted(each))


def plan_of(script: Script) -> Plan:
    """Its one connection."""
    return make_plans(script, Settings(), ())[0]


@pytest.mark.parametrize(
    ("came", "found"),
    [
        ("a b c", "=1 =2 =3"),
        ("a x c", "=1 !2 =3"),
        ("a c", "=1 -2 =3"),
        ("c", "-1 -2 =3"),
        ("a b", "=1 =2 -3"),
        ("", "-1 -2 -3"),
        ("a b c d", "=1 =2 =3 +3"),
        ("x a b c", "+0 =1 =2 =3"),
        ("a x b c", "=1 +1 =2 =3"),
        ("a x y c", "=1 !2 +2 =3"),
        ("x y z", "!1 !2 !3"),
        ("b a c", "-1 =2 +2 =3"),
        ("a a b c", "=1 +1 =2 =3"),
    ],
)
def test_in_order_each_message_is_right_wrong_missing_or_extra(
    script: Make, came: str, found: str
) -> None:
    """And one that was added or left out does not put out those after it."""
    plan = plan_of(script({"recv": "a"}, {"recv": "b"}, {"recv": "c"}))
    assert matched(plan, came.split()) == found


@pytest.mark.parametrize(
    ("came", "found"),
    [
        ("c b a", "=1 =2 =3"),
        ("c x a", "=1 !2 =3"),
        ("c a", "=1 -2 =3"),
        ("c b a a", "=1 =2 =3 +3"),
        ("x y z", "!1 !2 !3"),
    ],
)
def test_without_order_any_message_may_be_any(script: Make, came: str, found: str) -> None:
    """What is left over is paired in the order of the script."""
    plan = plan_of(script({"recv": "a"}, {"recv": "b"}, {"recv": "c"}))
    assert matched(plan, came.split(), make=UnorderedMatcher) == found


def test_without_order_an_answer_may_come_before_it_is_asked_for(script: Make) -> None:
    """What else comes is told of at once where nothing is due, and else in place of what is."""
    plan = plan_of(script({"recv": "a"}, {"recv": "b"}, {"recv": "c"}))
    told: list[str] = []
    matcher = UnorderedMatcher(
        plan.expected, Rules(), lambda result: told.append(result.verdict), variables={}
    )
    matcher.unlock(1)
    for text, verdict in (("b", "ok"), ("x", "differs"), ("y", "extra"), ("c", "ok")):
        matcher.feed(live(text))
        assert told == [verdict]
        told.clear()
    matcher.finish()
    assert told == []


@pytest.mark.parametrize(
    "other", [{"recv": "b", "optional": True}, {"op": "close", "recv": {"code": 1000}}]
)
def test_without_order_nothing_stands_for_what_need_not_come(script: Make, other: Any) -> None:
    """An optional message, or a close, which is judged by its code."""
    plan = plan_of(script({"recv": "a"}, other))
    assert matched(plan, ["a", "x"], make=UnorderedMatcher).startswith("=1 +1")


@pytest.mark.parametrize("make", [Matcher, UnorderedMatcher])
def test_extra_messages_may_be_allowed(script: Make, make: Any) -> None:
    """They pass and do not count; what is awaited is still awaited."""
    plan = plan_of(script({"recv": "a"}, {"recv": "b"}))
    found = matched(plan, ["x", "a", "y", "b", "z"], extra_allowed=True, make=make)
    assert found.replace("0", "").replace("1?", "?").replace("2?", "?") == "+? =1 +? =2 +?"


def test_where_extra_is_allowed_what_came_instead_is_shown(script: Make) -> None:
    """Once it is clear that the right one does not come."""
    plan = plan_of(script({"recv": "a"}, {"recv": "b"}))
    assert matched(plan, ["x", "b"], extra_allowed=True) == "!1 =2"


def test_what_was_not_asked_for_yet_is_not_looked_for(script: Make) -> None:
    """Only the one that is awaited may come early: the server has not seen the rest."""
    plan = plan_of(script({"recv": "a"}, {"send": "?"}, {"recv": "b"}, {"recv": "c"}))
    assert matched(plan, ["a", "b"], unlocked=1) == "=1 =3 -4"
    assert matched(plan, ["a", "c"], unlocked=1) == "=1 +1 -3 -4"


def test_optional_messages_may_come_late_or_never(script: Make) -> None:
    """Neither is a difference."""
    plan = plan_of(script({"recv": "a", "optional": True}, {"recv": "b"}, {"recv": "c"}))
    assert matched(plan, ["b", "c"]) == "=2 =3"
    assert matched(plan, ["a", "b", "c"]) == "=1 =2 =3"
    assert matched(plan, ["b", "a", "c"]) == "=1 =2 =3"
    assert matched(plan, ["x", "b", "c"]) == "+0 =2 =3"


def test_skip_lets_others_pass(script: Make) -> None:
    """Until the one has come; they are not even extra."""
    plan = plan_of(script({"recv": "a"}, {"recv": "b", "skip": True}, {"recv": "c"}))
    assert matched(plan, ["a", "x", "c", "y", "b", "c"]) == "=1 =2 =3"
    assert matched(plan, ["a", "x", "y"]) == "=1 -2 -3"


def test_a_close_stands_for_the_one_that_is_expected(script: Make) -> None:
    """Whatever its code, and with all that did not come before it."""
    close = {"op": "close", "recv": {"code": 1000}}
    plan = plan_of(script({"recv": "a"}, close))
    found: list[str] = []
    matcher = Matcher(
        plan.expected,
        Rules(),
        lambda result: found.append(f"{SIGNS[result.verdict]}{result.line}"),
        variables={},
    )
    line = parse_line(b'{"op":"close","recv":{"code":4000}}', 1)
    assert isinstance(line, FrameLine)
    matcher.feed(Message((line,)))
    assert found == ["-1", "!2"]


def test_after_the_cut_of_a_recording_nothing_counts(script: Make) -> None:
    """A stream goes on for longer or shorter each time."""
    head = {"wsdebug": 1, "url": "ws://h/", "app": "wsdebug 0.1.0"}
    close = {"op": "close", "send": {"code": 1000}}
    plan = plan_of(script(head, {"recv": "a"}, close, {"recv": "b"}))
    assert plan.cut_at == 1
    assert matched(plan, ["a", "b", "c"], cut_at=1) == "=2 =4 +4?"
    assert matched(plan, ["a", "x", "b"], cut_at=1) == "=2 +2? =4"
    assert matched(plan, ["a"], cut_at=1) == "=2"
    assert matched(plan, ["x", "a"], cut_at=1) == "+0 =2"


def test_captures_are_taken_as_they_come(script: Make) -> None:
    """Even from an answer that is otherwise wrong; one that is not there is a difference."""
    text = '{"recv":"{\\"id\\":7,\\"ok\\":true}","capture":{"id":"$.id","no":"$.no"}}'
    plan = plan_of(script(text))
    found: list[Result] = []
    variables: dict[str, Any] = {}
    matcher = Matcher(plan.expected, Rules(), found.append, variables=variables)
    matcher.feed(live('{\\"id\\":8,\\"ok\\":true}'))
    matcher.finish()
    matcher.unlock(1)
    assert variables == {}
    assert [result.verdict for result in found] == ["extra", "missing"]
    matcher = Matcher(plan.expected, Rules(), found.append, variables=variables)
    matcher.unlock(1)
    matcher.feed(live('{\\"id\\":8,\\"ok\\":true}'))
    assert variables == {"id": 8}
    assert [one.path for one in found[-1].differences] == ["$.id", "capture no"]


@pytest.mark.parametrize("make", [Matcher, UnorderedMatcher])
@pytest.mark.parametrize("is_right", [True, False])
def test_the_work_is_linear_in_the_messages(
    script: Make, make: Any, is_right: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are expected, and even where none is right."""
    count, compared = 1000, 0
    compare = Expected.compare

    def counted(*arguments: Any) -> Any:
        nonlocal compared
        compared += 1
        return compare(*arguments)

    monkeypatch.setattr(Expected, "compare", counted)
    plan = plan_of(script(*({"recv": f"m{number}"} for number in range(count))))
    matched(plan, [f"{'m' if is_right else 'x'}{number}" for number in range(count)], make=make)
    assert compared <= count * (2 if is_right else LOOK_AHEAD + 3)


letters = st.lists(st.sampled_from("abcd"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(letters, letters, st.sampled_from([Matcher, UnorderedMatcher]), st.booleans())
def test_every_message_is_counted_once(
    script: Make, expected: list[str], came: list[str], make: Any, extra_allowed: bool
) -> None:
    """What is expected is right, wrong or missing; what came is right, wrong or extra."""
    plan = plan_of(script(*({"recv": text} for text in expected), {"send": "x"}))
    signs = matched(plan, came, make=make, extra_allowed=extra_allowed).replace("+0", "+")
    counts = {sign: signs.count(sign) for sign in "=!-+"}
    assert counts["="] + counts["!"] + counts["-"] == len(expected)
    assert counts["="] + counts["!"] + counts["+"] == len(came)
    if sorted(expected) == sorted(came) and make is UnorderedMatcher:
        assert counts["="] == len(came)
    if expected == came:
        assert counts["="] == len(came)
