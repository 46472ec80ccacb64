"""`wsdebug convert` by the real program: what it writes is run, and every end has its code."""

import gzip
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ECHO = ROOT / "sessions" / "echo.ws.jsonl"
TARGETS = [
    "session",
    "har",
    "http",
    "csv",
    "pcapng",
    "python",
    "wsdebug",
    "websocat",
    "wscat",
    "curl",
]


def convert(
    *arguments: str | Path, stdin: bytes = b"", code: int = 0
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end."""
    command = [sys.executable, "-m", "wsdebug", "convert", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=60)
    assert done.returncode == code, done.stderr.decode()
    return done


def script(url: str, path: Path) -> Path:
    """A session by hand that the playground's echo answers."""
    lines = [
        {"url": f"{url}/echo", "headers": [["X-A", "b c"]]},
        {"send": "-dash $HOME it's"},
        {"recv": "-dash $HOME it's"},
        {"send": "two\nlines"},
        {"recv": "two\nlines"},
        {"op": "close", "send": {"code": 1000, "reason": "done"}},
    ]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return path


@pytest.mark.parametrize("target", TARGETS)
def test_every_format_comes_out_of_a_pipe(target: str) -> None:
    """From stdin to stdout, the same as from file to file."""
    piped = convert("--to", target, "-", "-", stdin=ECHO.read_bytes())
    named = convert("--to", target, ECHO, "-")
    assert piped.stdout == named.stdout
    assert piped.stdout
    if target == "session":
        assert (piped.stdout, piped.stderr) == (ECHO.read_bytes(), b"")
    else:
        first, *rest = piped.stderr.decode().splitlines()
        assert first.endswith("does not hold:")
        assert rest
        assert all(line.startswith("  ") for line in rest)


def test_the_suffixes_tell_the_formats(tmp_path: Path) -> None:
    """There and back through an archive."""
    har, back = tmp_path / "a.har", tmp_path / "b.ws.jsonl"
    convert(ECHO, har)
    assert json.loads(har.read_text())["log"]["entries"][0]["_resourceType"] == "websocket"
    convert(har, back)
    texts = [json.loads(line) for line in back.read_text().splitlines()]
    assert [line["send"] for line in texts if "send" in line][1] == "hello"
    shown = subprocess.run(
        [sys.executable, "-m", "wsdebug", "show", str(back)], capture_output=True, timeout=30
    )
    assert (shown.returncode, shown.stdout.count(b"hello")) == (0, 2)
    archive = tmp_path / "c.ws.jsonl.gz"
    archive.write_bytes(gzip.compress(ECHO.read_bytes()))
    assert convert("--to", "session", archive, "-").stdout == ECHO.read_bytes()


def test_a_python_script_runs(url: str, tmp_path: Path) -> None:
    """Against the server that was recorded, in the library that it needs."""
    session, target = script(url, tmp_path / "a.ws.jsonl"), tmp_path / "a.py"
    convert(session, target)
    command = [sys.executable, "-W", "error", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "-dash $HOME it's\ntwo\nlines\n"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_a_curl_command_shakes_hands(url: str, tmp_path: Path) -> None:
    """Run by a shell: the server switches protocols."""
    text = convert("--to", "curl", script(url, tmp_path / "a.ws.jsonl"), "-").stdout.decode()
    line = text.replace("curl ", "curl -sS --max-time 0.5 ", 1)
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=30)
    assert done.stdout.startswith(b"HTTP/1.1 101 Switching Protocols\r\n"), done.stderr


def test_our_own_command_connects_where_the_session_did(url: str, tmp_path: Path) -> None:
    """A session that only listened becomes a recording of as many messages."""
    session = tmp_path / "a.ws.jsonl"
    session.write_text(
        json.dumps({"url": f"{url}/ticker?rate=100", "connect": {"close-timeout": 1.5}})
        + '\n{"recv":"1"}\n{"recv":"2"}\n'
    )
    line = convert("--to", "wsdebug", session, "-").stdout.decode()
    assert line.startswith("wsdebug record --close-timeout 1.5 --count 2 ")
    script = f'wsdebug() {{ {sys.executable} -m wsdebug "$@"; }}\n{line}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert done.stdout.count("< text") >= 2


@pytest.mark.parametrize("last", [{"send": "plain"}, {"send": {"hex": "0001ff"}}])
def test_our_own_command_sends_what_was_sent(
    url: str, tmp_path: Path, last: dict[str, object]
) -> None:
    """Run by a shell, recorded, and compared: odd texts as arguments, others on stdin."""
    session, again = script(url, tmp_path / "a.ws.jsonl"), tmp_path / "b.ws.jsonl"
    with session.open("a") as file:
        file.write(f'{json.dumps(last)}\n{{"recv":"answer"}}\n')
    line = convert("--to", "wsdebug", session, "-").stdout.decode()
    line = line.replace("wsdebug send ", f"wsdebug send --record {again} ", 1)
    shell = f'wsdebug() {{ {sys.executable} -m wsdebug "$@"; }}\n{line}'
    done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")
    data = [
        value["send"]
        for value in map(json.loads, again.read_text().splitlines())
        if "send" in value and value.get("op") != "close"
    ]
    binary = {"b64": "AAH/"}
    expected = last["send"] if isinstance(last["send"], str) else binary
    assert data == ["-dash $HOME it's", "two\nlines", expected]


def test_a_copied_command_becomes_a_session(tmp_path: Path) -> None:
    """Of a file without a telling name; what is not known is named, secrets are masked."""
    source, target = tmp_path / "cmd.txt", tmp_path / "out.ws.jsonl"
    source.write_text("curl 'wss://h/feed?token=abc' \\\n -H 'X-A: b' -u ann:pw --ciphers X -k")
    done = convert(source, target)
    header = json.loads(target.read_text())
    assert header["url"] == "wss://h/feed?token=***"
    assert header["connect"] == {"user": "***", "insecure": True}
    assert done.stderr.decode().splitlines() == [
        "wsdebug: a session does not hold:",
        "  1 option of curl (--ciphers)",
        "wsdebug: masked: user, token; --keep-secrets keeps what there is",
    ]
    convert("--from", "curl", "--keep-secrets", "--force", source, target)
    assert json.loads(target.read_text())["connect"]["user"] == "ann:pw"


def test_secrets_are_masked_by_name(tmp_path: Path) -> None:
    """In payloads too, given in the open, by file or by the environment."""
    session = tmp_path / "a.ws.jsonl"
    session.write_text('{"url":"ws://h/"}\n{"send":"my s3cret"}\n')
    (tmp_path / "pw").write_text("s3cret\n")
    done = convert("--to", "csv", "--secret", f"pw=@{tmp_path / 'pw'}", session, "-")
    assert b"my ***" in done.stdout
    assert b"with a secret, masked in full" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "required: IN, OUT"),
        (["IN"], 2, "required: OUT"),
        (["IN", "out.xyz"], 2, "no format is known by this name; add --to session or har"),
        (["IN", "-"], 2, "stdout has no suffix; add --to"),
        (["IN", "out.ws.jsonl.gz"], 2, "write without .gz"),
        (["--to", "pdf", "IN", "-"], 2, "--to"),
        (["--from", "pdf", "IN", "out.csv"], 2, "--from"),
        (["--secret", "x", "IN", "out.csv"], 2, "NAME=VALUE"),
        (["--nonsense", "IN", "out.csv"], 2, "--nonsense"),
        (["/no/such/file", "out.csv"], 6, "cannot read /no/such/file: no such file"),
        (["/no/such/file", "taken.csv"], 6, "cannot read /no/such/file: no such file"),
        (["/", "out.csv"], 6, "cannot read /: is a directory"),
        (["--from", "har", "IN", "out.csv"], 6, "echo.ws.jsonl, line 2, column 1"),
        (["--from", "curl", "IN", "out.csv"], 6, "no curl command"),
        (["IN", "/no/such/folder/out.csv"], 7, "cannot write /no/such/folder/out.csv"),
        (["IN", "/dev/full"], 2, "no format is known"),
        (["--to", "csv", "IN", "/dev/full"], 7, "cannot write /dev/full: the disk is full"),
        (["IN", "taken.csv"], 7, "taken.csv exists; add --force, or choose another name"),
    ],
)
def test_a_mistake_is_one_clear_line(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    """On stderr, with the right exit code, and nothing is left behind."""
    (tmp_path / "taken.csv").write_text("mine")
    paths = {"IN": str(ECHO), "taken.csv": str(tmp_path / "taken.csv")}
    done = convert(*(paths.get(word, word) for word in arguments), code=code)
    assert done.stdout == b""
    assert words in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["taken.csv"]
    assert (tmp_path / "taken.csv").read_text() == "mine"


@pytest.mark.parametrize("target", ["har", "csv", "session", "curl"])
def test_bad_input_stops_it_before_anything_is_out(tmp_path: Path, target: str) -> None:
    """Line 7 is broken, or it is all junk."""
    lines = ['{"url":"ws://h/"}', *['{"recv":"a"}'] * 5, '{"recv":}', '{"recv":"b"}']
    broken = "\n".join(lines).encode()
    for data, words in (
        (broken, "standard input, line 7: not JSON"),
        (bytes(range(256)) * 40, "standard input, line 1: "),
    ):
        done = convert("--to", target, "-", "-", stdin=data, code=6)
        assert done.stdout == b""
        assert words in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
        out = tmp_path / "out"
        convert("--to", target, "-", out, stdin=data, code=6)
        assert not out.exists()


def test_a_reader_that_goes_is_no_mistake() -> None:
    """`convert … | head`."""
    command = [sys.executable, "-m", "wsdebug", "convert", "--to", "csv", "-", "-"]
    data = b'{"url":"ws://h/"}\n' + b'{"recv":"hello"}\n' * 30_000
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(data)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_what_is_stopped_leaves_nothing(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """Neither the file nor a part of it."""
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "wsdebug", "convert", "-", str(out)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b'{"url":"ws://h/"}\n' + b'{"recv":"hello"}\n' * 30_000)
        process.stdin.flush()
        while not list(tmp_path.iterdir()):
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(30) == code
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_sees_nothing_hidden(tmp_path: Path) -> None:
    """And no binary."""
    session = tmp_path / "a.ws.jsonl"
    session.write_bytes('{"url":"ws://h/"}\n{"send":"a\\u001b[2Jb\u202e\u009b"}\n'.encode())
    for target in TARGETS:
        parent, child = pty.openpty()
        command = [sys.executable, "-m", "wsdebug", "convert", "--to", target, str(session), "-"]
        done = subprocess.run(command, stdout=child, stderr=subprocess.PIPE, timeout=30)
        os.close(child)
        shown = b""
        try:
            while data := os.read(parent, 1 << 16):
                shown += data
        except OSError:  # Linux says so where nothing more comes
            pass
        os.close(parent)
        if target == "pcapng":
            assert (done.returncode, shown) == (2, b"")
            assert b"binary" in done.stderr
            continue
        assert done.returncode == 0
        text = shown.decode().replace("\r\n", "\n")
        assert all(char.isprintable() or char == "\n" for char in text), (target, text)
