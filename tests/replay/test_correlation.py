"""Ids and tokens that are others in each run."""

from collections.abc import Callable
from typing import Any

import pytest

from wsdebug.log.joined import Message
from wsdebug.replay.came import Live
from wsdebug.replay.correlation import Correlation
from wsdebug.replay.plan import make_plans
from wsdebug.replay.replay import correlated
from wsdebug.replay.script import Script
from wsdebug.replay.settings import Settings
from wsdebug.replay.steps import Send
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

Make = Callable[..., Script]


def carried(script: Script, came: str) -> tuple[list[str] | None, list[Any]]:
    """Where values were carried from the first answer, and what is sent after it."""
    plan = make_plans(script, Settings(correlate=True), ())[0]
    correlation: Correlation = correlated(plan)
    line = parse_line(came.encode(), 1)
    assert isinstance(line, FrameLine)
    live = Live(Message((line,)), plan.expected[0].rules)
    found = correlation.explains(plan.expected[0].compare(live, {}))
    correlation.carry(found or [])
    sends = [step for step in plan.steps if isinstance(step, Send)]
    paths = None if found is None else [difference.path for difference in found]
    return paths, [correlation.apply(step.payload({})) for step in sends]


@pytest.mark.parametrize(
    ("answer", "send", "came", "paths", "sent"),
    [
        (
            '{"token":"old"}',
            '{"auth": "old", "x": 1.0}',
            '{"token":"new"}',
            ["$.token"],
            '{"auth": "new", "x": 1.0}',
        ),
        (
            '{"id":17}',
            '{"order_id":17,"qty":17}',
            '{"id":18}',
            ["$.id"],
            '{"order_id":18,"qty":17}',
        ),
        ('{"id":1234}', '{"path":"/o/1234/x"}', '{"id":9}', ["$.id"], '{"path":"/o/9/x"}'),
        ('{"sid":"ab\\"c d"}', '["ab\\"c d"]', '{"sid":"é"}', ["$.sid"], '["é"]'),
        ('{"sid":"abcd1"}', "SUB abcd1 now", '{"sid":"wxyz"}', ["$.sid"], "SUB wxyz now"),
        (
            '0{"sid":"lv_VI97HAXpY6yYWAAAC"}',
            "go lv_VI97HAXpY6yYWAAAC",
            '0{"sid":"zz_VI97HAXpY6yYWAAAC"}',
            ["payload"],
            "go zz_VI97HAXpY6yYWAAAC",
        ),
        ('{"px":100.5}', '{"px":100.5}', '{"px":101.5}', None, '{"px":100.5}'),
        ('{"id":"a","px":1}', '{"id":"a"}', '{"id":"b","px":2}', None, '{"id":"a"}'),
        ('{"id":"old"}', '{"x":"y"}', '{"id":"new"}', None, '{"x":"y"}'),
        ('{"id":"old"}', '{"id":"old"}', '{"id":7}', None, '{"id":"old"}'),
        ('{"id":"old"}', '{"id":"old"}', '{"id":"old"}', [], '{"id":"old"}'),
    ],
)
def test_an_id_is_carried_into_later_sends(
    script: Make, answer: str, send: str, came: str, paths: Any, sent: str
) -> None:
    """Where it stands in them; nothing else of them changes, and prices are no ids."""
    import json

    read = script({"recv": answer}, {"send": send})
    assert carried(read, json.dumps({"recv": came})) == (paths, [sent])


def test_a_send_waits_for_the_answer_whose_id_it_carries(script: Make) -> None:
    """The first one that has it; a send before it does not."""
    read = script(
        {"send": "abcd1234567890ef"},
        {"recv": "x"},
        {"recv": '{"id":"abcd1234567890ef"}'},
        {"recv": '{"id":"abcd1234567890ef"}'},
        {"send": "get abcd1234567890ef"},
    )
    plan = make_plans(read, Settings(), ())[0]
    correlated(plan)
    assert [step.after for step in plan.steps if isinstance(step, Send)] == [(), (1,)]


def test_a_carried_id_is_expected_from_then_on(script: Make) -> None:
    """The same new one, and no other."""
    read = script({"recv": '{"id":"one"}'}, {"send": '{"id":"one"}'}, {"recv": '{"id":"one"}'})
    plan = make_plans(read, Settings(), ())[0]
    correlation = correlated(plan)
    rules = plan.expected[0].rules

    def explained(text: str) -> Any:
        line = parse_line(text.encode(), 1)
        assert isinstance(line, FrameLine)
        return correlation.explains(plan.expected[1].compare(Live(Message((line,)), rules), {}))

    correlation.carry(explained('{"recv":"{\\"id\\":\\"two\\"}"}'))
    assert explained('{"recv":"{\\"id\\":\\"two\\"}"}') == []
    assert explained('{"recv":"{\\"id\\":\\"six\\"}"}') is None
