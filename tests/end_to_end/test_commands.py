"""The real program against the real playground, by its exit codes and what it prints."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


def wsdebug(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    command = [sys.executable, "-m", "wsdebug", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30)


def test_a_recording_is_shown_again(url: str, tmp_path: Path) -> None:
    """Record, show as a table, as lines, one frame."""
    path = tmp_path / "ticker.ws.jsonl"
    done = wsdebug("record", f"{url}/ticker?rate=100", "--count", "3", "-o", str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "< text" in done.stdout
    assert "closed" in done.stdout
    table = wsdebug("show", str(path))
    assert table.returncode == 0
    assert table.stdout.count("< text") >= 3
    lines = wsdebug("show", "--json", str(path)).stdout.splitlines()
    assert lines == path.read_text().splitlines()
    number = next(i for i, line in enumerate(lines, 1) if "recv" in json.loads(line))
    frame = wsdebug("show", "--frame", str(number), str(path))
    assert "opcode   1 text" in frame.stdout


def test_a_recording_is_filtered_and_counted(url: str, tmp_path: Path) -> None:
    """In a file, and as it comes through a pipe."""
    path = tmp_path / "ticker.ws.jsonl"
    wsdebug("record", f"{url}/ticker?rate=200", "--count", "20", "-q", "-o", str(path))
    texts = [json.loads(line).get("recv") for line in path.read_text().splitlines()]
    trades = [json.loads(text) for text in texts if isinstance(text, str)]
    dear = [trade for trade in trades if trade["px"] > trades[0]["px"]]
    query = f"$.px>{trades[0]['px']} dir:in"
    found = wsdebug("show", "--payload", "--filter", query, str(path))
    assert [json.loads(line) for line in found.stdout.splitlines()] == dear
    table = wsdebug("show", "-", "--filter", query, stdin=path.read_text())
    assert len(table.stdout.splitlines()) == len(dear)
    counted = json.loads(wsdebug("show", "--stats", "--json", str(path)).stdout)
    assert counted["received"]["opcodes"]["text"] == len(trades)
    wrong = wsdebug("show", "--filter", "dir:inn", str(path))
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
    assert "at character 5 of dir:inn: a direction is in or out" in wrong.stderr


def test_json_goes_to_a_pipe(url: str) -> None:
    """Session lines, the header first, the end last."""
    done = wsdebug("record", f"{url}/close?code=1000", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0]["wsdebug"] == 1
    assert "closed" in [line.get("event") for line in lines]


def test_sigterm_completes_the_recording(url: str, tmp_path: Path) -> None:
    """`end` is the last line."""
    path = tmp_path / "a.ws.jsonl"
    command = [sys.executable, "-m", "wsdebug", "record", f"{url}/ticker", "-o", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "< text" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait(10) == 0
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["recrod"], 2, "did you mean record?"),
        (["frobnicate"], 2, "the nearest is "),
        (["record", "ws://127.0.0.1:1/", "-o", "a.ws.jsonl.gz"], 2, "archives are only read"),
        (["send", "ws://127.0.0.1:1/", "--record", "-"], 2, "stdout has other data"),
        (["clean", "sessions/echo.ws.jsonl", "-o", "a.gz"], 2, "archives are only read"),
        (["record", "ftp://h/"], 2, "is not a WebSocket"),
        (["record", "ws://h/#x"], 2, "no fragment"),
        (["record", "ws://h:99999/"], 2, "port"),
        (["record", "URL", "--nonsense"], 2, "--nonsense"),
        (["record", "-H", "no colon", "ws://127.0.0.1:1/"], 2, "is no header"),
        (["record", "-u", "env:NOT_SET_HERE", "ws://127.0.0.1:1/"], 2, "not set"),
        (["record", "-q", "ws://127.0.0.1:1/"], 3, "nobody listens on 127.0.0.1:1"),
        (["show", "/no/such/file"], 6, "no such file"),
        (["show", "/"], 6, "directory"),
        (["record", "ws://127.0.0.1:1/", "-o", "/no/such/folder/x"], 7, "cannot write"),
        (["serve", "--port", "99999"], 2, "not from 1 to 65535"),
    ],
)
def test_a_mistake_is_one_clear_line(arguments: list[str], code: int, words: str) -> None:
    """On stderr, with the right exit code and no traceback."""
    done = wsdebug(*arguments)
    assert done.returncode == code
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_ends_that_are_no_success_have_their_codes(url: str, tmp_path: Path) -> None:
    """Refused 3, abnormal close 5, a file that exists 7."""
    refused = wsdebug("record", f"{url}/auth")
    assert (refused.returncode, "wants Basic" in refused.stderr) == (3, True)
    assert wsdebug("record", f"{url}/auth", "-u", "demo:demo", "-m", "0.3").returncode == 0
    assert wsdebug("record", f"{url}/close?code=4000").returncode == 5
    path = tmp_path / "taken"
    path.write_text("mine")
    taken = wsdebug("record", f"{url}/echo", "-o", str(path))
    assert (taken.returncode, path.read_text()) == (7, "mine")


@pytest.mark.parametrize(
    ("arguments", "stop", "code"),
    [
        (["/ticker?rate=100", "--count", "3"], None, 0),
        (["/ticker?rate=100", "-m", "0.3"], None, 0),
        (["/ticker?rate=100"], signal.SIGINT, 0),
        (["/ticker?rate=100"], signal.SIGTERM, 0),
        (["/ticker?rate=100"], signal.SIGHUP, 0),
        (["/close?code=1000"], None, 0),
        (["/close?code=1001"], None, 0),
        (["/close?code=1011"], None, 5),
        (["/broken?kind=reserved-bit"], None, 5),
        (["/auth"], None, 3),
    ],
)
def test_every_end_of_a_recording_is_complete(
    url: str, tmp_path: Path, arguments: list[str], stop: signal.Signals | None, code: int
) -> None:
    """With `end` as its last line, whatever ended it."""
    path = tmp_path / "a.ws.jsonl"
    command = [sys.executable, "-m", "wsdebug", "record", url + arguments[0], *arguments[1:]]
    with subprocess.Popen(
        [*command, "-o", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        if stop is not None:
            while "< text" not in process.stdout.readline():
                pass
            process.send_signal(stop)
        process.communicate(timeout=20)
        assert process.returncode == code
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert (lines[0]["wsdebug"], lines[-1]["event"]) == (1, "end")
    if "--count" in arguments:
        assert sum("recv" in line and line.get("op") != "close" for line in lines) >= 3


def test_a_reader_that_goes_ends_a_recording_in_silence(url: str, tmp_path: Path) -> None:
    """`record | head`, and the file is complete."""
    path = tmp_path / "a.ws.jsonl"
    command = [sys.executable, "-m", "wsdebug", "record", f"{url}/ticker?rate=200", "-o", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0
    assert json.loads(path.read_text().splitlines()[-1])["event"] == "end"


@pytest.mark.parametrize("arguments", [["show", "FILE"], ["show", "--json", "FILE"], ["--help"]])
def test_a_reader_that_goes_is_no_mistake(tmp_path: Path, arguments: list[str]) -> None:
    """`show | head`, and an output that cannot be written is one."""
    path = tmp_path / "a.ws.jsonl"
    path.write_text('{"t":1,"recv":"hello"}\n' * 20_000)
    words = [str(path) if word == "FILE" else word for word in arguments]
    command = [sys.executable, "-m", "wsdebug", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(20) == 0
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=30)
    assert (done.returncode, done.stderr.count(b"\n")) == (7, 1)


def test_a_recording_that_does_not_fit_ends_with_7(url: str, tmp_path: Path) -> None:
    """Whole lines only, and how many frames are lost."""
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)); "
        "from wsdebug.__main__ import main; sys.exit(main())"
    )
    path = tmp_path / "a.ws.jsonl"
    arguments = ["record", f"{url}/ticker?rate=200", "--count", "40", "-q", "-o", str(path)]
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 7
    assert "frames are lost: file too large" in done.stderr
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_show_says_what_is_damaged_and_shows_the_rest(tmp_path: Path) -> None:
    """With line numbers; `--json` stays JSON."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(
        b'# mine\n{"t":1,"recv":"a\xc2\x9b"}\nnonsense\n{"t":2,"recv":"b"}\n{"t":3,"re'
    )
    table = wsdebug("show", str(path))
    assert table.returncode == 0
    assert [line.split()[0] for line in table.stdout.splitlines()] == ["2", "3", "4", "5"]
    assert "damaged not JSON" in table.stdout
    assert "\x9b" not in table.stdout
    assert "a\\x9b" in table.stdout
    lines = wsdebug("show", "--json", str(path))
    found = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [line.get("event", line.get("recv")) for line in found] == [
        "a\x9b",
        "damaged",
        "b",
        "damaged",
    ]
    assert [line["line"] for line in found if "line" in line] == [3, 5]
    assert "2 lines are damaged, the first is line 3: not JSON" in lines.stderr
    frame = wsdebug("show", "--frame", "2", str(path))
    assert "00000000  61 c2 9b" in frame.stdout
    damaged = wsdebug("show", "--frame", "3", str(path))
    assert (damaged.returncode, "a.ws.jsonl, line 3: not JSON" in damaged.stderr) == (6, True)
    assert wsdebug("show", "--frame", "1", str(path)).returncode == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"wsdebug":9,"url":"ws://h/"}\n', "line 1: format version 9"),
        (b"\x7fELF\xff\n\xff", "line 1 is not UTF-8"),
        (b"Dear reader\n\nhello\n", "line 1 is not JSON"),
    ],
)
def test_what_is_no_session_cannot_be_read(tmp_path: Path, content: bytes, words: str) -> None:
    """File and line are named."""
    path = tmp_path / "a.ws.jsonl"
    path.write_bytes(content)
    done = wsdebug("show", str(path))
    assert (done.returncode, done.stdout) == (6, "")
    assert str(path) in done.stderr
    assert words in done.stderr


def test_payloads_are_kept_up_to_a_limit(url: str, tmp_path: Path) -> None:
    """And say how long they were."""
    path = tmp_path / "a.ws.jsonl"
    arguments = ["--max-payload", "10", "--count", "1", "-q", "-o", str(path)]
    assert wsdebug("record", f"{url}/ticker", *arguments).returncode == 0
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    frame = next(line for line in lines if isinstance(line.get("recv"), str))
    assert (len(frame["recv"]), frame["cut"] > 10) == (10, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--append"], "--append needs a file"),
        (["--force"], "--force needs a file"),
        (["--append", "--force", "-o", "x"], "exclude each other"),
        (["--count", "0"], "no number above 0"),
        (["-m", "soon"], "no number of seconds"),
        (["--max-payload", "-1"], "--max-payload"),
        (["--appen"], "--appen"),
        (["--log"], "--log needs a file"),
    ],
)
def test_options_that_make_no_sense_are_refused(arguments: list[str], words: str) -> None:
    """Before anything is done."""
    done = wsdebug("record", "ws://127.0.0.1:1/", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_the_debug_log_tells_the_steps_and_no_secrets(url: str, tmp_path: Path) -> None:
    """For every command, wherever `--log` stands; mode 0600."""
    log = tmp_path / "debug.log"
    target = f"{url}/auth?token=hidden1".replace("://", "://me:hidden2@")
    arguments = ["-u", "demo:hidden3", "-H", "X-Api-Key: hidden4", "--cookie", "a=hidden5"]
    assert wsdebug("--log", str(log), "record", target, *arguments).returncode == 3
    text = log.read_text()
    for words in ("command record", "connection 1: connecting", "connection 1: response"):
        assert words in text
    assert "hidden" not in text
    assert log.stat().st_mode & 0o777 == 0o600
    assert wsdebug("show", "/no/such", f"--log={log}").returncode == 6
    assert "command show" in log.read_text()
    refused = wsdebug("show", "x", "--log", "/no/such/folder/x")
    assert (refused.returncode, "cannot write" in refused.stderr) == (7, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo"],
        ["show", "-"],
        ["replay", "-"],
        ["clean", "-"],
        ["convert", "-", "a.har", "--force"],
    ],
)
def test_a_closed_stdin_is_an_empty_one(tmp_path: Path, arguments: list[str]) -> None:
    """It says the same, and ends in the same way."""
    said = set()
    for stdin in ("<&-", "</dev/null"):
        command = ["sh", "-c", f'exec "$@" {stdin}', "sh", sys.executable, "-m", "wsdebug"]
        done = subprocess.run([*command, *arguments], capture_output=True, cwd=tmp_path, timeout=30)
        said.add((done.returncode, done.stdout, done.stderr))
    ((code, _, words),) = said
    assert code in (0, 2, 6)
    assert b"fault of its own" not in words


def test_an_unforeseen_error_is_one_line_and_whole_in_the_log(tmp_path: Path) -> None:
    """With its traceback, escaped."""
    log = tmp_path / "debug.log"
    script = (
        "import sys; from wsdebug.cli import show; from wsdebug.__main__ import main\n"
        "def run(arguments): raise KeyError('\\x1b[31m token=hidden')\n"
        "show.run = run\n"
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", script, "show", "x", "--log", str(log)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("wsdebug: stopped by a fault of its own (KeyError)")
    assert done.stderr.count("\n") == 1
    text = log.read_text()
    assert "Traceback" in text
    assert "raise KeyError" in text or "in run" in text
    assert "\x1b" not in text


def test_a_refusal_is_told_in_full(url: str) -> None:
    """Status, headers and body on stderr, so that stdout has data only."""
    done = wsdebug("record", f"{url}/auth", "--json", "-q")
    assert (done.returncode, done.stdout) == (3, "")
    first, *rest = done.stderr.splitlines()
    assert "wants Basic" in first
    assert rest[0].startswith("< 401")
    assert any(line.lower().startswith("< www-authenticate: basic") for line in rest)
    assert rest.index("<") < len(rest) - 1


def test_nothing_of_the_screen_is_imported_by_commands() -> None:
    """Textual costs more than the whole command."""
    script = (
        "import sys; from wsdebug.cli import record, serve, show; "
        "sys.exit('textual' in sys.modules or 'rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], env=dict(os.environ)).returncode == 0


def test_version_and_help_say_what_there_is() -> None:
    """On stdout."""
    assert wsdebug("--version").stdout.startswith("wsdebug 0.")
    assert "examples:" in wsdebug("--help").stdout
    assert "examples:" in wsdebug("record", "--help").stdout


@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_a_recording_to_stdout_is_a_session_and_nothing_else(url: str, quiet: list[str]) -> None:
    """For a pipe: `-o -`; no file of that name is made."""
    done = wsdebug("record", f"{url}/close?code=1000", "-o", "-", *quiet)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (lines[0]["wsdebug"], lines[-1]["event"]) == (1, "end")
    assert not Path("-").exists()
    refused = wsdebug("record", "ws://127.0.0.1:1/", "-o", "-", "--filter", "x")
    assert (refused.returncode, "leave out --filter" in refused.stderr) == (2, True)


def test_a_server_whose_url_nobody_can_read_ends() -> None:
    """In silence where the pipe is closed, with 7 where the disk is full."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "wb") as closed, open("/dev/full", "wb") as full:
        for target, code, words in ((closed, 0, ""), (full, 7, "could not be written")):
            command = [sys.executable, "-m", "wsdebug", "serve"]
            done = subprocess.run(
                command, stdout=target, stderr=subprocess.PIPE, text=True, timeout=30
            )
            assert (done.returncode, words in done.stderr) == (code, True)
            assert bool(done.stderr) is bool(words)
