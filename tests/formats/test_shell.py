"""Words for a shell: what it gives back is what went in, and nothing in them is hidden."""

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsdebug.formats.shell import command, quote
from wsdebug.payload.escape import escape

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("plain", "plain"),
        ("", "''"),
        ("two words", "'two words'"),
        ("it's", "'it'\"'\"'s'"),
        ("$HOME `id` !x", "'$HOME `id` !x'"),
        ("a\nb", r"$'a\nb'"),
        ("it's\t\\", r"$'it\'s\t\\'"),
        ("\x1b[2J7", r"$'\033[2J7'"),
        ("\u202e1", r"$'\342\200\2561'"),
        ("é", "'é'"),
    ],
)
def test_a_word_is_quoted_where_it_must_be(word: str, quoted: str) -> None:
    """And readable as far as it can be."""
    assert quote(word) == quoted


@given(st.lists(texts, min_size=1, max_size=20))
@settings(max_examples=40)
def test_a_shell_takes_the_words_as_they_were(words: list[str]) -> None:
    """By bash itself; each argument ends with NUL."""
    line = command(["printf", "%s\\0", *words])
    done = subprocess.run(["bash", "-c", line], capture_output=True, check=True)
    assert done.stdout == "".join(f"{word}\0" for word in words).encode()
    assert escape(line) == line


def test_the_value_of_an_option_is_quoted_for_itself() -> None:
    """As a person would write it."""
    assert command(["x", "--header=A: b", "-HA: b"]) == "x --header='A: b' '-HA: b'"
