"""Texts are found in every spelling that a payload may have of them."""

import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wsdebug.payload.redact import Redactor
from wsdebug.payload.spellings import Spellings

TEXTS = st.text(st.characters(codec="utf-8"), min_size=6, max_size=20)


def found(text: str, data: bytes) -> list[bytes]:
    """What is found of a text."""
    return [data[start:end] for start, end in Spellings([text]).find(data)]


@pytest.mark.parametrize(
    "spelled",
    [
        b's3cr "t\\/\xc3\xbc',
        b's3cr \\"t\\\\/\xc3\xbc',
        b's3cr \\"t\\\\\\/\\u00fc',
        b's3cr \\\\\\"t\\\\\\\\/\xc3\xbc',
        b"\\u0073\\u0033cr \\u0022t\\u005C\\u002f\\u00FC",
        b"s3cr%20%22t%5C%2F%C3%BC",
        b"s3cr+%22t%5c/%c3%bc",
    ],
)
def test_each_character_may_be_spelled_in_its_own_way(spelled: bytes) -> None:
    """As JSON, with the shortest escapes or others, and as URLs have it."""
    assert found('s3cr "t\\/ü', b"<" + spelled + b">") == [spelled]


@pytest.mark.parametrize("spelled", [b"pass+of ann", b"pass+of+ann", b"pass of ann"])
def test_a_plus_is_a_space_where_nothing_else_is_escaped(spelled: bytes) -> None:
    """In a form that is sent, and in a query."""
    assert found("pass of ann", b"u=x&p=" + spelled + b"&q") == [spelled]
    assert found("  ", b"a++b+ ") == [b"++", b"+ "]


@given(TEXTS, st.text(max_size=5), st.text(max_size=5))
def test_common_encoders_hide_nothing(text: str, before: str, after: str) -> None:
    """Whatever stands beside it."""
    assume(text not in before + after)
    whole = before + text + after
    redactor = Redactor([text])
    assume(redactor.has_secrets)
    for encode in (str, json.dumps, quote, quote_plus):
        assert encode(text).strip('"') not in redactor.shown(encode(whole))
    assert text.encode() not in redactor.shown_bytes(whole.encode())


@given(TEXTS, st.binary(max_size=5), st.binary(max_size=5))
def test_base64_hides_nothing(text: str, before: bytes, after: bytes) -> None:
    """At any place in what was encoded; the first and the last character are others' too."""
    for encode in (b64encode, urlsafe_b64encode):
        data = encode(before + text.encode() + after)
        (part,) = found(text, data)[:1]
        assert len(part) >= len(text.encode()) * 4 // 3 - 1


def test_short_texts_are_not_looked_for_in_base64() -> None:
    """They would be found by chance."""
    assert found("short", b64encode(b"a short one")) == []
    assert found("longer", b64encode(b"a longer one")) == [b"sb25nZX"]


@pytest.mark.parametrize(
    ("data", "begun", "going_on"),
    [
        (b"say sec", 3, 0),
        (b"say secre", 5, 0),
        (b"say secret", 0, 0),
        (b"se", 0, 0),
        (b"ret", 0, 3),
        (b"ecret then sec", 3, 5),
        (b"", 0, 0),
    ],
)
def test_a_part_at_an_end_is_found(data: bytes, begun: int, going_on: int) -> None:
    """From three characters on; all of it is another matter."""
    spellings = Spellings(["secret"])
    assert (spellings.begun(data), spellings.going_on(data)) == (begun, going_on)


@pytest.mark.parametrize(
    "form", ["schlüssel", "schl\\u00fcssel", "schl%C3%BCssel", "c2NobMO8c3Nlb"]
)
def test_a_part_of_each_usual_spelling_is_found_at_an_end(form: str) -> None:
    """As it is, in JSON of ASCII, in a URL and in base64."""
    spellings = Spellings(["schlüssel"])
    data = form.encode()
    first, rest = data[:-2], data[2:]
    assert spellings.begun(b"is " + first) == len(first)
    assert spellings.going_on(rest + b" it is") == len(rest)


@pytest.mark.parametrize("text", ["a", "geheim", 'ü"\\', "𝄞𝄞"])
def test_no_spelling_reaches_further(text: str) -> None:
    """As many bytes are enough to find all of one."""
    spelled = "".join(f"\\u{ord(char):04x}" if ord(char) < 65536 else "" for char in text)
    reach = Spellings([text]).reach
    assert reach >= max(len(spelled), len(json.dumps(text)) - 2, len(quote(text)))
