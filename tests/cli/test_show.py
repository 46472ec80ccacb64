"""`show`: what each of its forms prints, and how it is put on a terminal."""

import contextlib
import fcntl
import gzip
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
from pathlib import Path
from typing import Any

import pytest

from wsdebug.cli import show
from wsdebug.errors import SessionUnreadable, UsageError
from wsdebug.payload.escape import escape
from wsdebug.session.reader import open_source

SESSION = [
    "# by hand",
    '{"wsdebug":1,"url":"ws://h/","started":"2026-08-03T12:00:00.000000Z"}',
    '{"t":0.1,"event":"tcp","remote":"127.0.0.1:80"}',
    '{"t":0.2,"event":"open","subprotocol":null,"extensions":""}',
    '{"t":0.3,"mask":"00000000","send":"{\\"id\\":1,\\"ask\\":\\"px\\"}"}',
    '{"t":0.4,"fin":false,"recv":"{\\"id\\":1,"}',
    '{"t":0.4,"op":"ping","recv":"p"}',
    '{"t":0.45,"op":"cont","recv":"\\"px\\":7.5}"}',
    '{"t":0.5,"recv":{"b64":"AAEC/w=="}}',
    '{"t":0.6,"bad":["invalid-utf8"],"op":"text","recv":{"b64":"/3g="}}',
    "not json",
    '{"t":0.7,"note":"odd","on":10}',
    '{"t":0.8,"op":"close","recv":{"code":4000,"reason":"bye\\u001b"}}',
    '{"t":0.9,"event":"closed","by":"server","code":4000,"clean":true}',
    '{"t":0.9,"event":"end","frames":8,"bytes":60}',
]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """The session above."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text("\n".join(SESSION) + "\n")
    return str(file)


@pytest.fixture
def printed(capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Runs the command and gives what it printed on stdout, as text."""

    def run(*arguments: str) -> str:
        assert show.run(list(arguments)) == 0
        return capfdbinary.readouterr().out.decode()

    return run


def numbers(table: str) -> list[int]:
    """The line numbers of a table."""
    return [int(row.split()[0]) for row in table.splitlines()]


def test_a_table_has_a_row_a_line(path: str, printed: Any) -> None:
    """Not of what is no row; whole where it is piped."""
    table = printed(path)
    assert numbers(table) == [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    rows = dict(zip(numbers(table), table.splitlines(), strict=True))
    assert rows[5].endswith('0.300000 > text         19 {"id":1,"ask":"px"}')
    assert rows[6].endswith('< text          8 (fragment 1) {"id":1,')
    assert rows[8].endswith('< cont          9 (fragment 2, the last) "px":7.5}')
    assert rows[9].endswith("< binary        4 00 01 02 ff")
    assert rows[10].endswith("! invalid-utf8 \\xffx")
    assert rows[11].endswith("-- damaged not JSON: expecting value")
    assert rows[12].endswith("-- note odd")
    assert rows[13].endswith("< close         6 4000 bye\\x1b")
    assert rows[14].endswith("-- closed by=server code=4000 clean=true")


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("dir:in op:text", [6, 10]),
        ("$.px==7.5", [6, 8]),
        ("-dir:in -dir:out t:0.2..", [4, 12, 14]),
        ("event:tcp", [3]),
        ("code:4000", [13, 14]),
        ("nothing", []),
    ],
)
def test_a_filter_takes_lines(path: str, printed: Any, query: str, lines: list[int]) -> None:
    """In the table, and as session lines."""
    assert numbers(printed(path, f"--filter={query}")) == lines
    text = printed(path, "--json", f"--filter={query}")
    found = [json.loads(line) for line in text.splitlines()]
    kept = [line for line in found if line.get("event") != "end"]
    assert kept == [json.loads(SESSION[number - 1]) for number in lines]


def test_json_is_every_line_with_a_meaning(
    path: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A damaged one says so in its place; the output is a session again."""
    assert show.run([path, "--json"]) == 0
    out, error = capfdbinary.readouterr()
    lines = out.decode().splitlines()
    assert [line for line in lines if "damaged" not in line] == [
        line for line in SESSION if line[0] not in "#n"
    ]
    assert json.loads(lines[9]) == {
        "event": "damaged",
        "line": 11,
        "why": "not JSON: expecting value",
        "text": "not json",
    }
    assert b"a.ws.jsonl, line 11: not JSON" in error


def test_what_is_damaged_is_counted_in_one_line(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """However much it is."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"recv":"a"}\n' + "no\n" * 1000)
    assert show.run([str(file), "--json"]) == 0
    out, error = capfdbinary.readouterr()
    assert out.count(b"damaged") == 1000
    assert error.count(b"\n") == 1
    assert b"1,000 lines are damaged, the first is line 2" in error


def test_of_a_line_beyond_all_limits_json_says_that_it_is_long(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that what was read of it is no JSON."""
    monkeypatch.setattr("wsdebug.log.log.LINE_LIMIT", 1 << 17)
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"op":"text","recv":"' + "x" * 200_000 + '"}\n{"recv":"a"}\n')
    assert show.run([str(file), "--json"]) == 0
    out, error = capfdbinary.readouterr()
    words = b"a line of 200,024 bytes, of which only the first are read"
    assert words in error
    assert words in out.splitlines()[0]
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "payloads"),
    [
        ([], b'{"id":1,"ask":"px"}\n{"id":1,"px":7.5}\n\x00\x01\x02\xff\xffx\n'),
        (["--filter=dir:out"], b'{"id":1,"ask":"px"}\n'),
        (["--filter=op:cont"], b'{"id":1,"px":7.5}\n'),
        (["--filter=7.5"], b'{"id":1,"px":7.5}\n'),
        (["--filter=op:ping"], b"p\n"),
        (["--filter=code:4000"], b"4000 bye\x1b\n"),
        (["--frame=6"], b'{"id":1,\n'),
        (["--frame=9"], b"\x00\x01\x02\xff"),
    ],
)
def test_payloads_are_those_of_messages(
    path: str,
    capfdbinary: pytest.CaptureFixture[bytes],
    arguments: list[str],
    payloads: bytes,
) -> None:
    """Text with a newline, bytes as they are; control frames where they are asked for."""
    assert show.run([path, "--payload", *arguments]) == 0
    assert capfdbinary.readouterr().out == payloads


def test_a_payload_that_could_not_be_inflated_is_named(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """On stderr."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"recv":null,"wire":"AA=="}\n{"recv":"b"}\n')
    assert show.run([str(file), "--payload"]) == 0
    assert capfdbinary.readouterr() == (
        b"b\n",
        b"wsdebug: line 1: the payload could not be inflated\n",
    )


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        (2, ["header", "url  ws://h/"]),
        (4, ["line 4: open", "subprotocol  null"]),
        (5, ["opcode   1 text", "mask     00000000", '\n  "ask": "px"\n', "00000000  7b 22 69"]),
        (8, ["2 frames", "line 6        text   8 bytes", '"px": 7.5', "00000000  22 70 78"]),
        (10, ["! invalid-utf8: A text message must be UTF-8. RFC 6455 §8.1"]),
        (12, ["line 12: note\nodd"]),
    ],
)
def test_one_line_is_shown_in_full(path: str, printed: Any, number: int, parts: list[str]) -> None:
    """A frame with its message, other lines with all they say."""
    text = printed(path, "--frame", str(number))
    for part in parts:
        assert part in text


def test_headers_stand_one_below_the_other(tmp_path: Path, printed: Any) -> None:
    """Escaped, as all that a peer said."""
    file = tmp_path / "a.ws.jsonl"
    headers = [["Host", "h"], ["X", "\x9b1m"]]
    event = {"t": 1, "event": "response", "status": 403, "headers": headers, "raw": "AAAA"}
    event["body"] = "one\ntwo"
    file.write_text(json.dumps(event) + '\n{"t":2,"event":"bytes","bytes":{"b64":"AAEC"}}\n')
    text = printed(str(file), "--frame", "1")
    assert text.splitlines()[2:] == [
        "status  403",
        "headers",
        "  Host: h",
        "  X: \\x9b1m",
        "body",
        "  one",
        "  two",
    ]
    assert "  00000000  00 01 02" in printed(str(file), "--frame", "2")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--filter=op:pign"], "--filter: at character 4 of op:pign: no such opcode; did you mean"),
        (["--filter=(a"], "a ) is missing"),
        (["--filter", "-op:ping"], "one that starts with - is joined to it by ="),
        (["--frame=99"], "the file has 15 lines"),
        (["--frame=1"], "blank or a comment"),
        (["--frame=0"], "no number above 0"),
        (["--frame=4", "--payload"], "no frame and has no payload"),
        (["--json", "--payload"], "--json and --payload exclude each other"),
        (["--frame=5", "--filter=a"], "--frame and --filter exclude each other"),
        (["--stats", "--follow"], "--stats and --follow exclude each other"),
    ],
)
def test_what_makes_no_sense_is_refused(path: str, arguments: list[str], words: str) -> None:
    """In one sentence."""
    with pytest.raises(UsageError) as caught:
        show.run([path, *arguments])
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_damaged_line_in_full_is_an_error(path: str) -> None:
    """There is nothing to show."""
    with pytest.raises(SessionUnreadable, match="line 11: not JSON"):
        show.run([path, "--frame", "11"])


def test_an_expression_without_end_is_given_up_and_told(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other messages are searched all the same."""
    monkeypatch.setattr("wsdebug.payload.pattern.PATIENCE", 0.05)
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"recv":"aaab"}\n{"recv":"' + "a" * 5000 + '!"}\n{"recv":"aab"}\n')
    assert show.run([str(file), "--payload", "--filter", "/^(a|aa)+b$/"]) == 0
    out, error = capfdbinary.readouterr()
    assert out == b"aaab\naab\n"
    assert error.startswith(
        b"wsdebug: --filter: the regular expression took too long for 1 message,"
    )
    assert error.count(b"\n") == 1


def test_archives_and_pipes_are_read(path: str, tmp_path: Path, printed: Any) -> None:
    """`-` is stdin, whatever that is."""
    table = printed(path)
    archive = tmp_path / "a.ws.jsonl.gz"
    archive.write_bytes(gzip.compress(Path(path).read_bytes()))
    assert printed(str(archive)) == table
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(Path(path).read_bytes()))
    writer.start()
    assert printed(str(fifo)) == table
    writer.join()
    for file in (path, archive):
        stdin = os.dup(0)
        with open(file, "rb") as source:
            os.dup2(source.fileno(), 0)
        try:
            assert printed("-") == table
        finally:
            os.dup2(stdin, 0)
            os.close(stdin)


@pytest.fixture
def on_terminal(path: str) -> Any:
    """Runs the program on a terminal of 60 by 10 and gives what was written there."""

    def run(*arguments: str, **environment: str) -> str:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 60, 0, 0))
        names = ("COLUMNS", "LINES", "NO_COLOR", "LESS")
        kept = {name: value for name, value in os.environ.items() if name not in names}
        kept |= {"PAGER": "sed 's/^/P|/'", "TERM": "xterm", "LANG": "C.UTF-8", **environment}
        command = [sys.executable, "-m", "wsdebug", "show", path, *arguments]
        with subprocess.Popen(command, stdout=theirs, env=kept) as process:
            os.close(theirs)
            parts = []
            with contextlib.suppress(OSError):  # Linux: the other side has been closed
                while part := os.read(ours, 65536):
                    parts.append(part)
            os.close(ours)
            assert process.wait(30) == 0
        return b"".join(parts).decode().replace("\r\n", "\n")

    return run


def test_a_terminal_gets_a_heading_colours_and_rows_that_fit(on_terminal: Any) -> None:
    """And nothing that it would obey."""
    heading, *rows = on_terminal(PAGER="").splitlines()
    assert heading.startswith("\x1b[1m  line         time")
    assert any("\x1b[32m<\x1b[0m" in row for row in rows)
    assert any("\x1b[34m>\x1b[0m" in row for row in rows)
    text = on_terminal(PAGER="", NO_COLOR="1")
    assert escape(text, newlines=False) == text
    assert max(map(len, text.splitlines())) == 60
    assert "\x1b" not in on_terminal("--color", "never")


def test_a_pipe_gets_colours_where_they_are_asked_for(path: str, printed: Any) -> None:
    """For `less -R`."""
    assert "\x1b" not in printed(path)
    assert "\x1b[32m<\x1b[0m" in printed(path, "--color=always")


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--frame=9"], ["--payload"], ["--stats"]])
def test_a_terminal_is_shown_no_control_characters(on_terminal: Any, arguments: list[str]) -> None:
    """In every form."""
    text = on_terminal("--color=never", *arguments, PAGER="cat")
    assert escape(text, newlines=False) == text
    if "--json" in arguments:
        assert "\\u001b" in text
        assert all(json.loads(line) for line in text.splitlines())
    if "--payload" in arguments:
        assert "00000000  00 01 02 ff" in text


def test_what_does_not_fit_goes_through_the_pager(on_terminal: Any) -> None:
    """Unless one asks for none, or there is none."""
    assert all(line.startswith("P|") for line in on_terminal().splitlines())
    assert "P|" not in on_terminal("--no-pager")
    assert "P|" not in on_terminal("--filter=op:text")
    assert on_terminal("--json").startswith("P|")
    assert "P|" not in on_terminal(TERM="dumb")
    assert len(on_terminal(PAGER="no-such-program-here").splitlines()) == 12


def test_a_pager_that_is_left_ends_the_output(path: str, on_terminal: Any) -> None:
    """In silence, as a closed pipe does."""
    Path(path).write_text('{"t":1,"recv":"hello"}\n' * 20_000)
    assert on_terminal(PAGER="head -n 1").count("\n") == 1


def test_statistics_of_a_session(path: str, printed: Any) -> None:
    """For a person, and as JSON."""
    text = printed(path, "--stats")
    # the first of a name: what follows the tables has names of theirs
    rows = {line[:18].strip(): line[18:].split() for line in reversed(text.splitlines())}
    assert rows["received"][:2] == ["6", "30"]
    assert rows["received messages"] == ["3", "2", "4", "17", "17", "17"]
    assert rows["request to answer"] == ["1", *["150", "ms"] * 5]
    assert "violations        invalid-utf8 1" in text
    assert "request to answer       150 ms" in text
    assert "frames received          " in text
    value = json.loads(printed(path, "--stats", "--json"))
    slowest = {"kind": "request", "seconds": 0.15, "asked": 5, "answered": 8, "id": 1}
    assert value["slowest"] == [slowest]
    assert sum(one["received"]["frames"] for one in value["over_time"]) == 6
    assert sum("request" in one for one in value["over_time"]) == 1
    assert value["received"]["opcodes"] == {
        "cont": 1,
        "text": 2,
        "binary": 1,
        "close": 1,
        "ping": 1,
    }
    assert value["request"] == {
        "count": 1,
        "min": 0.15,
        "mean": 0.15,
        "p50": 0.15,
        "p90": 0.15,
        "p99": 0.15,
        "max": 0.15,
        "unanswered": 0,
    }
    assert value["duration"] == 0.8
    only = json.loads(printed(path, "--stats", "--json", "--filter=dir:out"))
    assert (only["received"]["frames"], only["sent"]["frames"]) == (0, 1)


def test_a_growing_file_is_followed_until_ctrl_c(tmp_path: Path) -> None:
    """What is added is shown at once, in the filter's choice; half a line waits for the rest."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"url":"ws://h/"}\n{"t":1,"recv":"yes 1"}\n{"t":1,"recv":"no"}\n')
    command = [sys.executable, "-m", "wsdebug", "show", "--follow", "--filter=yes", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"yes 1\n")
        with file.open("a") as writer:
            writer.write('{"t":2,"recv":"no"}\n{"t":2,"recv":"ye')
            writer.flush()
            writer.write('s 2"}\n')
        assert process.stdout.readline().endswith(b"yes 2\n")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == b""


def test_a_followed_file_that_is_cut_ends_it(tmp_path: Path) -> None:
    """What was read can not be trusted any more."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"t":1,"recv":"a"}\n{"t":1,"recv":"b"}\n')
    command = [sys.executable, "-m", "wsdebug", "show", "--follow", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        os.truncate(file, 0)
        try:
            assert process.wait(20) == 6
        finally:
            process.kill()
        assert b"it was cut while it was followed" in process.stderr.read()


def test_a_recording_in_parts_is_followed_from_part_to_part(tmp_path: Path) -> None:
    """Once the one has its end and the next is there; said on stderr."""
    end = '{"t":3.000000,"event":"end","frames":1,"bytes":9}\n'
    files = [tmp_path / name for name in ("a.ws.jsonl", "a.2.ws.jsonl", "a.3.ws.jsonl")]
    files[0].write_text('{"t":1,"recv":"one"}\n')
    command = [sys.executable, "-m", "wsdebug", "show", "--follow", str(files[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().endswith(b"one\n")
        for file, following, text in zip(files, files[1:], ("two", "three"), strict=False):
            following.write_text(json.dumps({"t": 4, "recv": text}) + "\n")
            with file.open("a") as writer:
                writer.write(end)
            assert process.stdout.readline().endswith(text.encode() + b"\n")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        said = process.stderr.read().decode().splitlines()
    assert [line.endswith(f"goes on in {file}") for line, file in zip(said, files[1:], strict=True)]


def test_a_file_that_is_cut_before_the_first_look_is_seen_too(tmp_path: Path) -> None:
    """Its size at the opening counts."""
    file = tmp_path / "a.ws.jsonl"
    file.write_text('{"t":1,"recv":"a"}\n')
    source = open_source(str(file), follow=True)
    os.truncate(file, 0)
    with pytest.raises(SessionUnreadable, match="it was cut"):
        source.grow()
    source.close()


def test_what_follows_one_another_can_be_one_row(tmp_path: Path, printed: Any) -> None:
    """Rows of the table, under a filter too; a wrong query is told as that of the option."""
    path = tmp_path / "beats.ws.jsonl"
    beat = '{"t":%d.0,"op":"ping","recv":"p"}'
    lines = [
        '{"url":"ws://h/"}',
        *(beat % n for n in range(1, 4)),
        '{"t":4.0,"recv":"x"}',
        beat % 5,
    ]
    path.write_text("".join(f"{line}\n" for line in [*lines, beat % 6]))
    rows = printed(str(path), "--fold=op:ping").splitlines()
    assert [row.split()[0] for row in rows] == ["2", "5", "6"]
    assert rows[0].endswith("-- 3 lines folded, until 3.000000")
    rows = printed(str(path), "--fold=op:ping", "--filter=-x").splitlines()
    assert [row.split("-- ")[1] for row in rows] == ["5 lines folded, until 6.000000"]
    with pytest.raises(UsageError, match=r"--fold: .* missing"):
        show.run([str(path), "--fold=op:"])
