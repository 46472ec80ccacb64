"""What was typed before."""

import json
import multiprocessing
import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from wsdebug.payload.redact import Redactor
from wsdebug.workspace.folders import history_file
from wsdebug.workspace.history import (
    LONGEST,
    HistoryFile,
    KeptMessages,
    MessageHistory,
    SentMessage,
    UrlHistory,
)

FEED = "wss://stream.example.com/v2/feed"
ECHO = "ws://127.0.0.1:9911/echo"


def is_text(entry: object) -> bool:
    """What these tests keep."""
    return isinstance(entry, str)


def test_urls_come_back_newest_first(home: Path) -> None:
    """The same again moves to the front; another start finds them; nobody else reads them."""
    history = UrlHistory(history_file("urls"))
    for url in (FEED, ECHO, FEED, "  "):
        history.add(url)
    assert UrlHistory(history_file("urls")).urls() == [FEED, ECHO]
    assert history_file("urls").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


def test_urls_are_completed_from_their_beginning_first() -> None:
    """With or without scheme, in any case, then anywhere."""
    history = UrlHistory(history_file("urls"))
    for url in (FEED, ECHO, "wss://echo.example.org/stream"):
        history.add(url)
    assert history.complete("stream") == [FEED, "wss://echo.example.org/stream"]
    assert history.complete("WS://") == [ECHO]
    assert history.complete("9911") == [ECHO]
    assert history.complete("nothing") == []
    assert len(history.complete("", limit=2)) == 2


def test_urls_are_kept_without_secrets() -> None:
    """Neither user info nor tokens."""
    history = UrlHistory(history_file("urls"))
    history.add("wss://me:hunter2@a.example/?token=hunter2&x=1")
    assert history.urls() == ["wss://***@a.example/?token=***&x=1"]
    assert b"hunter2" not in history_file("urls").read_bytes()


def test_messages_come_back_as_they_were_typed() -> None:
    """Oldest first, each once, whatever characters."""
    history = MessageHistory(history_file("messages"))
    hello = SentMessage("text", text="hello\n\u2028 ü")
    ping = SentMessage("ping", form="hex", text="7f3a")
    bye = SentMessage("close", code="1000", reason="bye")
    for message in (hello, ping, hello, bye):
        history.add(message)
    assert MessageHistory(history_file("messages")).messages() == [ping, hello, bye]
    history.clear()
    assert history.messages() == []


def test_a_long_message_is_not_kept() -> None:
    """History is for typing less, not for files."""
    history = MessageHistory(history_file("messages"))
    history.add(SentMessage("text", text="x" * LONGEST))
    assert history.messages() == []


def test_damaged_lines_are_skipped() -> None:
    """Torn ones, foreign ones, and deep ones; a torn last line does not eat the next."""
    path = history_file("messages")
    path.parent.mkdir()
    good = b'{"kind":"text","text":"a"}'
    path.write_bytes(
        b"\n".join(
            [b"\xff\x00", b"[]", b'{"text":1}', b'{"other":"x"}', b"[" * 50_000, good, b'{"ki']
        )
    )
    history = MessageHistory(path)
    assert history.messages() == [SentMessage("text", text="a")]
    history.add(SentMessage("text", text="b"))
    assert [message.text for message in history.messages()] == ["a", "b"]


def test_a_file_stays_small(tmp_path: Path) -> None:
    """Twice the limit is written anew, with the newest kept and the mode as it was."""
    path = tmp_path / "file"
    history = HistoryFile(path, limit=5, valid=is_text)
    for number in range(100):
        history.add(f"entry {number}")
        assert path.read_bytes().count(b"\n") <= 10
    assert history.entries() == [f"entry {number}" for number in range(95, 100)]
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["file"]


def test_no_history_is_no_error(tmp_path: Path) -> None:
    """A folder in the way, or a parent that is a file."""
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "below"):
        history = HistoryFile(path, limit=5, valid=is_text)
        history.add("x")
        assert history.entries() == []
        history.clear()


def _add_many(path: Path, name: str) -> None:
    history = HistoryFile(path, limit=500, valid=is_text)
    for number in range(40):
        history.add(f"{name} {number}")


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    """Each appends under the lock, also while the other writes the file anew."""
    path = tmp_path / "file"
    small = HistoryFile(path, limit=60, valid=is_text)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_add_many, args=(path, name)) for name in "ab"]
    for worker in workers:
        worker.start()
    for number in range(150):
        small.add(f"x {number}")
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    last = HistoryFile(path, limit=1000, valid=is_text).entries()
    assert len(last) >= 60
    assert [entry for entry in last if entry.startswith("x")] == sorted(
        (entry for entry in last if entry.startswith("x")), key=lambda entry: int(entry[2:])
    )
    for line in path.read_bytes().splitlines():
        assert isinstance(json.loads(line), str)


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=()), max_size=20)))
def test_what_goes_in_comes_out(entries: list[str]) -> None:
    """Any text, lone surrogates included; each once, in the order of its last use."""
    path = history_file(f"any-{os.getpid()}")
    history = HistoryFile(path, limit=1000, valid=is_text)
    history.clear()
    for entry in entries:
        history.add(entry)
    assert history.entries() == list(reversed(dict.fromkeys(reversed(entries))))


def test_kept_messages_have_names(tmp_path: Path) -> None:
    """Half a surrogate pair is kept too; what is no message is left out."""
    kept = KeptMessages(tmp_path / "state" / "messages.json")
    message = SentMessage("text", text="\ud800 {{a}}")
    kept.keep("b", SentMessage("ping"))
    kept.keep("a", message)
    kept.keep("c", message)
    kept.forget("c")
    assert list(kept.named().items()) == [("a", message), ("b", SentMessage("ping"))]
    (tmp_path / "state" / "messages.json").write_text('{"x": 1, "y": {"kind": "text"}}')
    assert kept.named() == {"y": SentMessage("text")}


def test_nothing_with_a_secret_is_kept(tmp_path: Path) -> None:
    """However it is spelled; of a URL the rest is. What is learnt later holds from then on."""
    redactor = Redactor()
    urls = UrlHistory(tmp_path / "urls", redactor)
    messages = MessageHistory(tmp_path / "messages", redactor)
    redactor.learn({"key": 'hun"ter2'})
    urls.add("ws://h/hun%22ter2/feed")
    for text in ('say hun"ter2', '{"a":"hun\\"ter2"}', "say {{key}}"):
        messages.add(SentMessage("text", text=text))
    assert urls.urls() == ["ws://h/***/feed"]
    assert messages.messages() == [SentMessage("text", text="say {{key}}")]


def _keep_many(path: Path, name: str) -> None:
    kept = KeptMessages(path)
    for number in range(20):
        kept.keep(f"{name} {number}", SentMessage("ping"))


def test_what_two_processes_keep_by_names_is_all_there(tmp_path: Path) -> None:
    """Neither writes over what the other has kept meanwhile."""
    path = tmp_path / "messages.json"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_keep_many, args=(path, name)) for name in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert len(KeptMessages(path).named()) == 60
    assert [entry.name for entry in tmp_path.iterdir()] == ["messages.json"]
