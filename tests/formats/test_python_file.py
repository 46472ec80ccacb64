"""Python scripts: they compile, say what was sent, and wait for what came."""

import ast
from pathlib import Path

import pytest

from tests.formats.conftest import Convert

ROOT = Path(__file__).parents[2]
SESSION = """{"url":"wss://h/feed","headers":[["X-A","b"],["User-Agent",""]],\
"subprotocols":["v2"],"connect":{"origin":"https://o","user":"ann:pw","insecure":true,\
"cacert":"ca.pem","cert":"c.pem","key":"k.pem","passphrase":"p","servername":"s",\
"ping-interval":5,"no-compression":true,"max-size":99,"lenient":true},"vars":{"who":"ann"}}
{"recv":"welcome"}
{"recv":"again"}
{"send":"it's \\u202e {{who}}"}
{"send":{"hex":"00ff"}}
{"op":"ping","send":"p"}
{"op":"pong","send":"p"}
{"recv":"answer"}
{"op":"close","send":{"code":4000,"reason":"bye"}}
{"op":"close","recv":{"code":4000,"reason":"bye"}}
{"recv":"too late"}
{"c":2,"send":"another"}
"""
SCRIPT = '''"""Connects and sends what was recorded. Needs: pip install websockets"""

import ssl

from websockets.sync.client import connect

context = ssl.create_default_context(cafile='ca.pem')
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.load_cert_chain('c.pem', keyfile='k.pem', password='p')

with connect(
    'wss://h/feed',
    user_agent_header=None,
    origin='https://o',
    server_hostname='s',
    ping_interval=5,
    compression=None,
    max_size=99,
    additional_headers=[('Authorization', 'Basic YW5uOnB3'), ('X-A', 'b')],
    subprotocols=['v2'],
    ssl=context,
) as websocket:
    for _ in range(2):
        print(websocket.recv())
    websocket.send("it's \\u202e ann")
    websocket.send(b'\\x00\\xff')
    websocket.ping(b'p')
    print(websocket.recv())
    websocket.close(4000, 'bye')
'''


def test_a_script_does_what_was_done(converted: Convert) -> None:
    """All that the library can do; the rest is counted."""
    data, report = converted(SESSION, "python", keep_secrets=True)
    ast.parse(data)
    lines = data.decode().splitlines()
    assert sorted(lines) == sorted(SCRIPT.splitlines())
    assert lines[-7:] == SCRIPT.splitlines()[-7:]
    assert report.losses == (
        "1 setting (lenient)",
        "4 received messages, only waited for (lines 2, 3, 8, …)",
        "1 pong (line 7)",
        "1 line of another connection, left out (line 12)",
    )


def test_secrets_are_stars_in_a_script(converted: Convert) -> None:
    """The names of their places stay."""
    text = converted(SESSION, "python")[0].decode()
    assert "password='***'" in text
    assert "('Authorization', 'Basic ***')" in text
    assert "pw" not in text.replace("password", "")


@pytest.mark.parametrize(
    "lines",
    ["", '{"recv":"x"}\n', '{"op":"close","recv":{"code":1001}}\n', '{"op":"close","send":{}}\n'],
)
def test_every_script_compiles(converted: Convert, lines: str) -> None:
    """Also one that sends nothing."""
    data, _ = converted(f'{{"url":"ws://h/"}}\n{lines}', "python")
    ast.parse(data)
    assert "ssl" not in data.decode()


def test_what_a_file_says_is_never_a_part_of_the_script(converted: Convert) -> None:
    """A number that is none is left out, and an option that is there twice is given once."""
    session = (
        '{"url":"ws://h/\\n","connect":{"ping-interval":"exit(1)","max-size":"64M",'
        '"connect-timeout":true,"close-timeout":1e999,"ping-timeout":[1,2],"proxy":["a","b"],'
        '"no-proxy":true,"origin":["a","b\\n"]},"headers":[["A\\nB","c"]]}\n'
    )
    text = converted(session, "python")[0].decode()
    [call] = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.withitem)]
    assert ast.unparse(call.context_expr) == (
        "connect('ws://h/\\n', origin='a', proxy=None, max_size=67108864)"
    )


@pytest.mark.parametrize(
    "session", sorted((ROOT / "sessions").glob("*.jsonl")), ids=lambda path: path.name
)
def test_every_example_is_a_script(converted: Convert, session: Path) -> None:
    """That compiles."""
    compile(converted(session, "python")[0], "script", "exec")
