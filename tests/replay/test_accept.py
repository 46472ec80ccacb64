"""Live answers written in place of those that were expected."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wsdebug.errors import RecordingFailed, UsageError
from wsdebug.log.joined import Joiner
from wsdebug.replay.accept import accept, check_acceptable
from wsdebug.replay.came import Rules
from wsdebug.replay.matcher import Matcher
from wsdebug.replay.plan import make_plans
from wsdebug.replay.results import Result
from wsdebug.replay.script import read_script
from wsdebug.replay.settings import Settings
from wsdebug.session.lines import FrameLine
from wsdebug.session.parse import parse_line

Session = Callable[..., Path]


def accepted(path: Path, *came: Any, variables: Any = None) -> int:
    """Compare a file with what came, and accept it."""
    variables = dict(variables or {})
    plan = make_plans(read_script(str(path)), Settings(), variables)[0]
    results: dict[int | None, Result] = {}
    matcher = Matcher(
        plan.expected,
        plan.expected[0].rules if plan.expected else Rules(),
        lambda result: results.__setitem__(result.line, result),
        variables=variables,
    )
    matcher.unlock(len(plan.expected))
    joiner = Joiner()
    for line in came:
        parsed = parse_line(json.dumps(line).encode(), 1)
        assert isinstance(parsed, FrameLine)
        for message in joiner.feed(parsed):
            matcher.feed(message)
    matcher.finish()
    return accept(str(path), results.values(), variables)


@pytest.mark.parametrize(
    ("line", "came", "became"),
    [
        ('{"t":0.500000,"recv":"a"}', {"recv": "b"}, '{"t":0.500000,"recv":"b"}'),
        (
            '{"t":1.0,"rsv1":true,"bad":["reserved-bit"],"cut":9,"recv":"a","wire":"SgQA","x":1}',
            {"recv": "é"},
            '{"t":1.0,"recv":"é","x":1}',
        ),
        ('{"len":{"form":64,"declared":1},"recv":"a"}', {"recv": "b"}, '{"recv":"b"}'),
        ('{"recv":"a"}', {"recv": {"b64": "AA=="}}, '{"op":"binary","recv":{"b64":"AA=="}}'),
        ('{"op":"binary","recv":{"b64":"AA=="}}', {"recv": "b"}, '{"op":"text","recv":"b"}'),
        ('{"recv":{"hex":"00"}}', {"recv": {"b64": "AQ=="}}, '{"recv":{"hex":"01"}}'),
        (
            '{"op":"close","recv":{"code":1000}}',
            {"op": "close", "recv": {"code": 1001}},
            '{"op":"close","recv":{"code":1001}}',
        ),
        (
            '{"op":"close","recv":{"code":1000,"reason":"a"}}',
            {"op": "close", "recv": {"code": 1000}},
            '{"op":"close","recv":{"code":1000,"reason":""}}',
        ),
        (
            '{"recv":{"json":{"id":"#number","ok":1.50,"n":2}},"capture":{"id":"$.id"}}',
            {"recv": '{"id":7,"ok":1.5,"n":3,"more":1}'},
            '{"recv":{"json":{"id":"#number","ok":1.50,"n":3}},"capture":{"id":"$.id"}}',
        ),
        (
            '{"recv":{"json":{"a":1}},"match":"equal"}',
            {"recv": '{"a":1,"c":"#x"}'},
            '{"recv":{"json":{"a":1,"c":"#=x"}},"match":"equal"}',
        ),
        ('{"recv":{"json":{"a":1}}}', {"recv": "plain"}, '{"recv":"plain"}'),
        ('{"recv":"hello {{who}}"}', {"recv": "bye ann"}, '{"recv":"bye {{who}}"}'),
        ('{"recv":{"regex":"^a"}}', {"recv": "b"}, '{"recv":"b"}'),
        (
            '{"recv":{"json":{"who":"{{who}}","n":1,"t":1}},"ignore":["$.t"]}',
            {"recv": '{"who":"ann","n":2,"t":2}'},
            '{"recv":{"json":{"who":"{{who}}","n":2,"t":1}},"ignore":["$.t"]}',
        ),
    ],
)
def test_a_line_takes_the_answer_and_keeps_its_keys(
    session: Session, line: str, came: Any, became: str
) -> None:
    """And its form, where the answer has it; then it is as expected."""
    path = session("# first", line, "", '{"send":"x"}')
    before = path.read_text().splitlines()
    if '"op":"binary"' in became and "op" not in json.loads(line):
        became = became.replace('"op":"binary",', "")
    if '"op":"text"' in became:
        became = became.replace('"op":"text",', "")
    assert accepted(path, came, variables={"who": "ann"}) == 1
    after = path.read_text().splitlines()
    assert after == [before[0], became, *before[2:]]
    assert accepted(path, came, variables={"who": "ann"}) == 0


def test_fragments_become_one_line_and_comments(session: Session) -> None:
    """Every other line keeps its number."""
    path = session(
        '{"t":1,"op":"text","fin":false,"recv":"a"}',
        '{"op":"ping","recv":"p"}',
        '{"t":2,"op":"cont","recv":"b"}',
        '{"recv":"c"}',
    )
    assert accepted(path, {"recv": "ax"}, {"recv": "c"}) == 1
    assert path.read_text().splitlines() == [
        '{"t":1,"recv":"ax"}',
        '{"op":"ping","recv":"p"}',
        '# {"t":2,"op":"cont","recv":"b"}',
        '{"recv":"c"}',
    ]
    assert accepted(path, {"recv": "ax"}, {"recv": "c"}) == 0


def test_missing_and_extra_messages_change_nothing(session: Session) -> None:
    """Only answers that differ are rewritten."""
    path = session('{"recv":"a"}', '{"recv":"b"}')
    before = path.read_bytes()
    assert accepted(path, {"recv": "a"}) == 0
    assert accepted(path, {"recv": "a"}, {"recv": "b"}, {"recv": "c"}) == 0
    assert path.read_bytes() == before


def test_permissions_links_and_a_missing_newline_stay(session: Session, tmp_path: Path) -> None:
    """The file is put in its place as a whole."""
    path = session('{"recv":"a"}')
    path.write_text('{"recv":"a"}')
    path.chmod(0o640)
    link = tmp_path / "link.ws.jsonl"
    link.symlink_to(path)
    assert accepted(link, {"recv": "b"}) == 1
    assert link.is_symlink()
    assert path.read_text() == '{"recv":"b"}'
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(tmp_path)) == ["a.ws.jsonl", "link.ws.jsonl"]


def test_what_cannot_be_rewritten_is_refused(session: Session) -> None:
    """Before anything is played: standard input and archives; a file that was changed after."""
    for name in ("-", "a.ws.jsonl.gz"):
        with pytest.raises(UsageError, match="--accept"):
            check_acceptable(name)
    path = session('{"recv":"a"}')
    plan = make_plans(read_script(str(path)), Settings(), ())[0]
    live = parse_line(b'{"recv":"b"}', 1)
    assert isinstance(live, FrameLine)
    result = Result("differs", plan.expected[0].message, next(iter(Joiner().feed(live))))
    path.write_text("\n")
    with pytest.raises(RecordingFailed, match="changed meanwhile"):
        accept(str(path), [result], {})
