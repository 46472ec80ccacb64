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
    assert (finder.search(hostile), finder.sub("", hostile)) == (None, hostile)
    assert finder.gave_up == 3


@given(
    st.sampled_from(
        [
            *(
                "a",
                "A",
                "[ab]+c",
                "a.*b",
                "(a|b){2}",
                "^b",
                "c$",
                "(?i)AB",
                r"a\.",
                "a??b",
                "b*",
                "(a)|b",
            )
        ]
    ),
    st.text(st.sampled_from("abc.\n"), max_size=30),
    st.booleans(),
)
def test_both_ways_of_searching_find_the_same(text: str, subject: str, any_case: bool) -> None:
    """However long the text is."""
    compiled = compile_pattern(text, ignore_case=any_case)
    expected, finder = compiled.search(subject), Finder(compiled)
    for limit in (finder._limit, -1):
        finder._limit = limit
        found = finder.search(subject)
        assert finder.finds(subject) is (found is not None)
        assert (found and (found.span(), found.groups())) == (
            expected and (expected.span(), expected.groups())
        )
        assert finder.sub(r"<\g<0>>", subject) == compiled.sub(r"<\g<0>>", subject)
