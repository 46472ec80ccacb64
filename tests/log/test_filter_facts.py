"""The filter language for whole sessions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import QueryInvalid
from wsdebug.log.filter_facts import FACT_TERMS, Facts, facts_test
from wsdebug.log.filter_parse import parse_filter
from wsdebug.log.filter_values import FACTS

MB = 1 << 20
LOGIN = Facts(
    "orders/login\nThe Login\n#auth #slow\nws://localhost:9911/v2/feed?x=1\nclosed 1006",
    {"host": "localhost:9911", "name": "orders/login", "tag": "auth\nslow", "title": "The Login"},
    {"size": 3 * MB, "frames": 120, "duration": 90_000_000, "code": 1006},
)
EMPTY = Facts("")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("login", True),
        ("LOGIN", True),
        ("the auth", True),
        ("-login", False),
        ('"the login"', True),
        ("'login the'", False),
        ("/log[a-z]n/", True),
        ("/the/", False),
        ("/the/i", True),
        ("#slow", True),
        ("localhost:9911", True),
        ("localhost:9911/v2", True),
        ("localhost:9912", False),
        ("ws://localhost", True),
        ("$.id", False),
        ("host:LOCAL", True),
        ("host:login", False),
        ("name:orders/", True),
        ("name:feed", False),
        ("tag:slow", True),
        ("-tag:slow", False),
        ('title:"the login"', True),
        ("size:>1M", True),
        ("size:<1M", False),
        ("size:3M", True),
        ("size:2M..4M", True),
        ("frames:>=120", True),
        ("frames:121..", False),
        ("frames:..120", True),
        ("duration:>1m", True),
        ("duration:1m..1m30s", True),
        ("duration:<=89s", False),
        ("code:1006", True),
        ("code:any", True),
        ("code:4000..4999", False),
        ("size:>1M code:1006", True),
        ("(code:1000 | tag:auth)", True),
        ("-(code:1000 | tag:auth)", False),
    ],
)
def test_a_session_is_found(text: str, holds: bool) -> None:
    """By any fact, alone and together."""
    assert facts_test(text)(LOGIN) is holds


@pytest.mark.parametrize("text", ["size:>=0", "code:any", "frames:<9", "duration:>=0", "host:a"])
def test_what_is_not_known_is_not_found(text: str) -> None:
    """Nor is it where that is wanted: only `-` finds it."""
    assert not facts_test(text)(EMPTY)
    assert facts_test(f"-{text}")(EMPTY)


@pytest.mark.parametrize(
    ("text", "why", "at"),
    [
        ("x size:>", "a size is a number of bytes", 7),
        ("szie:>1M", "no term szie: in filters, did you mean size?; text is found in quotes", 0),
        ("op:ping", "no term op: in filters, it is one of size, frames, duration, code, host", 0),
        ("duration:5", "write duration:>5, duration:<=5 or duration:5..10", 9),
        ("code:bye", "write code:5", 5),
        ("host:", "a value is missing after host:", 5),
        ("(login", "a ) is missing for this (", 0),
        ("/v2", "the closing / is missing", 0),
    ],
)
def test_a_mistake_is_said_with_its_place(text: str, why: str, at: int) -> None:
    """As in the filter bar."""
    with pytest.raises(QueryInvalid) as caught:
        facts_test(text)
    assert caught.value.why.startswith(why)
    assert caught.value.position == at


def test_lines_have_no_such_terms() -> None:
    """The languages share their grammar, not their words."""
    for name in ("frames", "duration", "host", "tag", "title", "name"):
        assert name in FACTS
        with pytest.raises(QueryInvalid):
            parse_filter(f"{name}:5")


def test_every_term_of_the_help_is_one() -> None:
    """And every term has its help."""
    for term in FACT_TERMS:
        facts_test(term.example)
    forms = " ".join(term.form for term in FACT_TERMS)
    assert [name for name in FACTS if f"{name}:" not in forms] == []


@given(st.text(max_size=40))
def test_any_text_is_a_filter_or_a_mistake(text: str) -> None:
    """Nothing else is raised, neither by the text nor by what it makes."""
    try:
        test = facts_test(text)
    except QueryInvalid as error:
        place = error.position
    else:
        place = 0
        assert {test(LOGIN), test(EMPTY)} <= {True, False}
    assert 0 <= place <= len(text)
