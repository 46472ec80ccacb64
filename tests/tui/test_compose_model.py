"""What is typed, as a message to send or as words."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsdebug.errors import UsageError
from wsdebug.tui.compose_history import SentHistory
from wsdebug.tui.compose_model import (
    Draft,
    Kind,
    SendRequest,
    make_request,
    parse_base64,
    parse_hex,
    read_draft,
)
from wsdebug.workspace.history import MessageHistory, SentMessage

HEX = [
    ("plain", "68656c6c6f", b"hello"),
    ("blanks", "68 65 6c\n6c 6f", b"hello"),
    ("commas and 0x", "0x68, 0x65", b"he"),
    ("colons", "68:65", b"he"),
    ("a string literal", r"\x68\x65", b"he"),
    ("nothing", " ", b""),
]


@pytest.mark.parametrize(("what", "text", "expected"), HEX)
def test_hex_is_read_as_people_write_it(what: str, text: str, expected: bytes) -> None:
    """Blanks, commas, colons and prefixes may stand between the digits."""
    assert parse_hex(text) == expected, what


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("68 6g", "line 1, column 5: “g” is not a hex digit"),
        ("68\n6", "line 2, column 1: half a byte; a byte is two hex digits"),
        ("68 \x1b", "line 1, column 4: “\\x1b” is not a hex digit"),
    ],
)
def test_a_mistake_in_hex_is_named_at_its_place(text: str, words: str) -> None:
    """Line and column count from 1."""
    with pytest.raises(UsageError) as caught:
        parse_hex(text)
    assert str(caught.value) == words


@given(st.binary(max_size=200))
def test_hex_and_base64_give_the_bytes_back(data: bytes) -> None:
    """Whatever the spelling: with blanks, without padding, in the alphabet for URLs."""
    assert parse_hex(data.hex(" ")) == data
    assert parse_base64(base64.b64encode(data).decode()) == data
    assert parse_base64(base64.urlsafe_b64encode(data).decode().rstrip("=")) == data


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("aGVs*", "line 1, column 5: “*” is not base64"),
        ("aGVsb", "a character of the base64 is missing at the end"),
        ("aA==bB==", "line 1, column 5: nothing can follow the = at the end"),
    ],
)
def test_a_mistake_in_base64_is_named(text: str, words: str) -> None:
    """In words, at its place."""
    with pytest.raises(UsageError) as caught:
        parse_base64(text)
    assert str(caught.value) == words


READINGS = [
    ("JSON", Draft("text", text='{"a": 1}'), "JSON", "", ("8 bytes", "one frame")),
    ("bare words", Draft("text", text="hello"), "text", "", ("5 bytes", "one frame")),
    ("true story", Draft("text", text="true story"), "text", "", ("10 bytes", "one frame")),
    ("one byte", Draft("text", text="x"), "text", "", ("1 byte", "one frame")),
    ("two-byte letters", Draft("text", text="ü"), "text", "", ("2 bytes", "one frame")),
    ("hex", Draft("binary", "hex", "6865"), "hex", "", ("2 bytes", "one frame")),
    ("a ping", Draft("ping", "text", "hi"), "text", "", ("2 of 125 bytes", "one frame")),
    (
        "a ping too long",
        Draft("ping", "text", "x" * 126),
        "text",
        "126 of 125 bytes: a ping carries no more",
        (),
    ),
    ("close", Draft("close"), "close", "", ("the server has 5 s to answer",)),
    (
        "close with a code that never stands in a frame",
        Draft("close", code="1006"),
        "close",
        "1006 never stands in a close frame: abnormal",
        (),
    ),
    (
        "close with a code of nobody",
        Draft("close", code="2000"),
        "close",
        "2000 means nothing yet; your own are 3000 to 4999",
        (),
    ),
    (
        "close with a number too large",
        Draft("close", code="5000"),
        "close",
        "5000 is not a close code; your own are 3000 to 4999",
        (),
    ),
    (
        "close with a long reason",
        Draft("close", reason="ü" * 62),
        "close",
        "the reason is 1 bytes too long",
        (),
    ),
]


@pytest.mark.parametrize(("what", "draft", "word", "problem", "facts"), READINGS)
def test_a_draft_is_judged(
    what: str, draft: Draft, word: str, problem: str, facts: tuple[str, ...]
) -> None:
    """The last row says what it is, how many bytes, and what is wrong."""
    reading = read_draft(draft)
    assert (reading.word, reading.problem, reading.facts) == (word, problem, facts), what


def test_broken_json_is_named_but_can_be_sent() -> None:
    """A debugger sends what one types; the place of the mistake is shown."""
    draft = Draft("text", text='{"a": 1,,}')
    reading = read_draft(draft)
    assert reading.problem.startswith("line 1, column 9: ")
    assert reading.sendable
    assert make_request(draft) == SendRequest("text", '{"a": 1,,}')


REQUESTS: list[tuple[Draft, SendRequest]] = [
    (Draft("text", text="hello"), SendRequest("text", "hello")),
    (Draft("binary", "hex", "00 ff"), SendRequest("binary", b"\x00\xff")),
    (Draft("pong", "base64", "AP8="), SendRequest("pong", b"\x00\xff")),
    (Draft("ping", "text", "ü"), SendRequest("ping", "ü".encode())),
    (Draft("close", code="4001", reason="x"), SendRequest("close", b"", 4001, "x")),
]


@pytest.mark.parametrize(("draft", "request_made"), REQUESTS)
def test_a_draft_becomes_a_message(draft: Draft, request_made: SendRequest) -> None:
    """Each kind in each form."""
    assert make_request(draft) == request_made


@pytest.mark.parametrize("form", ["hex", "file"])
def test_a_file_is_sent_by_its_name(tmp_path: Path, form: str) -> None:
    """`@name` is a file in every form of a binary message."""
    file = tmp_path / "picture.bin"
    file.write_bytes(b"\x00" * 1200)
    draft = Draft("binary", "hex" if form == "hex" else "file", f"@{file}")
    assert read_draft(draft).facts == ("1,200 bytes", "one frame")
    assert make_request(draft) == SendRequest("binary", b"\x00" * 1200)


def test_a_file_that_cannot_be_sent_is_named(tmp_path: Path) -> None:
    """A missing file, a folder, no name at all, and nobody's folder."""
    table = [
        (f"{tmp_path}/none", f"there is no file {tmp_path}/none"),
        (str(tmp_path), f"{tmp_path} is not a file"),
        ("", "the name of a file is missing"),
        ("@~nobody at all/a", "there is no file ~nobody at all/a"),
    ]
    for text, words in table:
        assert read_draft(Draft("binary", "file", text)).problem == words
        with pytest.raises(UsageError):
            make_request(Draft("binary", "file", text))


def test_history_walks_the_messages_of_one_kind() -> None:
    """Older, older, newer, and back to what was being typed."""
    history = SentHistory()
    kinds: list[tuple[Kind, str]] = [("text", "one"), ("ping", "p"), ("text", "two")]
    for kind, text in kinds:
        history.add(Draft(kind, text=text))
    typing = Draft("text", text="thr")
    assert history.has("ping")
    assert not history.has("binary")
    assert history.step(typing, 1) is None
    walked = [history.step(typing, step) for step in (-1, -1, -1, 1, 1, 1)]
    assert [draft and draft.text for draft in walked] == ["two", "one", None, "two", "thr", None]


def test_history_keeps_a_message_once() -> None:
    """The same message again moves to the end; an empty one is not kept."""
    history = SentHistory()
    for text in ("one", "two", "one", ""):
        history.add(Draft("text", text=text))
    walked = [history.step(Draft(), -1) for _ in range(3)]
    assert [draft and draft.text for draft in walked] == ["one", "two", None]


def test_history_lasts(tmp_path: Path) -> None:
    """What was sent is there at the next start; kinds of a later version are left out."""
    file = MessageHistory(tmp_path / "messages.jsonl")
    file.add(SentMessage("raw", "bits", "81"))
    SentHistory(file).add(Draft("binary", "base64", "AA=="))
    again = SentHistory(MessageHistory(tmp_path / "messages.jsonl"))
    assert again.step(Draft("binary", "hex"), -1) == Draft("binary", "base64", "AA==")
    assert not again.has("text")


@pytest.mark.parametrize(
    ("draft", "budget", "facts", "problem"),
    [
        (Draft(text="x" * 1204), 65_536, "1,204 of 65,536 bytes", ""),
        (Draft(text="é"), 2, "2 of 2 bytes", ""),
        (
            Draft(text="é"),
            1,
            "2 of 1 byte",
            "2 of 1 byte: over the budget; it is sent all the same",
        ),
        (Draft("binary", "hex", "00 01"), 1, "2 of 1 byte", "2 of 1 byte: over the budget"),
        (Draft(text="é"), 0, "2 bytes", ""),
    ],
)
def test_a_budget_is_counted_in_bytes(draft: Draft, budget: int, facts: str, problem: str) -> None:
    """More can be sent all the same: what a server does then may be what is asked."""
    reading = read_draft(draft, budget=budget)
    assert reading.facts == (facts, "one frame")
    assert reading.problem.startswith(problem)
    assert bool(reading.problem) is bool(problem)
    assert reading.sendable
