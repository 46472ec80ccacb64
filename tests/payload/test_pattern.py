"""Regular expressions: what a mistake says, and an end for every search."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import QueryInvalid
from wsdebug.payload import pattern
from wsdebug.payload.pattern import Finder, compile_pattern


@pytest.mark.parametrize(
    ("text", "position"), [("a(", 1), ("[b", 0), ("a**", 2), ("(?P<n", 4), ("a{99999999999}", 0)]
)
def test_a_mistake_is_named_with_its_place(text: str, position: int) -> None:
    """In characters from 0."""
    with pytest.raises(QueryInvalid, match="regular expression") as caught:
        compile_pattern(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    "text", [r"(a|aa)+$", r"(?:a?){30}a{30}$", r"a.*a.*a.*a.*a.*b", r"(a+)\1+$"]
)
def test_a_search_that_takes_too_long_is_given_up(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And counted; other threads go on meanwhile."""
    monkeypatch.setattr(pattern, "PATIENCE", 0.05)
    finder = Finder(compile_pattern(text))
    hostile = "a" * 5000 + "!"
    searched = threading.Event()

    def search() -> None:
        finder.finds(hostile)
        searched.set()

    thread = threading.Thread(target=search)
    thread.start()
    assert searched.wait(20)
    thread.join()
    assert finder.gave_up == 1
    assert not finder.finds("b")


@given(
    st.sampled_from(["a", "A", "[ab]+c", "a.*b", "(a|b){2}", "^b", "c$", "(?i)AB", r"a\.", "a??b"]),
    st.text(st.sampled_from("abc.\n"), max_size=30),
    st.booleans(),
)
def test_both_ways_of_searching_find_the_same(text: str, subject: str, any_case: bool) -> None:
    """However long the text is."""
    compiled = compile_pattern(text, ignore_case=any_case)
    expected = compiled.search(subject) is not None
    finder = Finder(compiled)
    assert finder.finds(subject) is expected
    finder._limit = -1
    assert finder.finds(subject) is expected
