"""Advice: what is said about each failure, and the form under a pilot."""

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import CannotConnect, ConnectionClosed, HandshakeRefused, WsdebugError
from wsdebug.tui.advice import Advice, AdviceText, advice_of, room_for
from wsdebug.tui.advice_challenges import challenges
from wsdebug.tui.field import Field
from wsdebug.tui.glyphs import ASCII, UNICODE

URL = "wss://api.example.com/auth"
OPTIONS = ConnectOptions(URL)


def refusal(
    status: int, *headers: tuple[str, str], why: str = "", body: bytes = b""
) -> HandshakeRefused:
    """A refusal as the engine makes it."""
    return HandshakeRefused(
        "refused", status=status, reason="Reason", headers=headers, body=body, why=why
    )


def wants(*challenge: str) -> HandshakeRefused:
    """A 401 with these challenges."""
    return refusal(401, *(("WWW-Authenticate", value) for value in challenge))


BASIC = wants('Basic realm="orders", charset="UTF-8"')
BEARER = wants('Bearer realm="orders", error="invalid_token", error_description="it has expired."')
UNSENT = "None were sent. Nothing else went wrong on the way."

# failure, options, heading, words that are said, form
CASES: list[tuple[WsdebugError, ConnectOptions, str, str, str | None]] = [
    (
        BASIC,
        OPTIONS,
        "Refused: 401, wants Basic",
        f"The server wants a user name and a password for “orders”.\n{UNSENT}",
        "basic",
    ),
    (
        BASIC,
        ConnectOptions(URL, user="demo:wrong"),
        "Refused: 401, wants Basic",
        "It did not take those that were sent.",
        "basic",
    ),
    (
        BASIC,
        ConnectOptions("wss://demo:wrong@api.example.com/"),
        "Refused: 401, wants Basic",
        "It did not take those that were sent.",
        "basic",
    ),
    (BASIC, ConnectOptions(URL, bearer="x"), "401", "A token was sent instead.", "basic"),
    (BASIC, ConnectOptions("ws://a.example/"), "401", "anyone on the way can read", "basic"),
    (
        BASIC,
        ConnectOptions(URL, header=(("authorization", "Basic eA=="),)),
        "Refused: 401, wants Basic",
        "did not take the Authorization header that was sent",
        None,
    ),
    (BEARER, OPTIONS, "wants Bearer", "The server wants a token for “orders”.", "bearer"),
    (
        BEARER,
        ConnectOptions(URL, bearer="old"),
        "wants Bearer",
        "It did not take the one that was sent: it has expired.",
        "bearer",
    ),
    (wants("Negotiate", "Basic realm=x"), OPTIONS, "wants Negotiate or Basic", UNSENT, "basic"),
    (wants('Digest realm="r", nonce="n"'), OPTIONS, "wants Digest", "does not make", None),
    (wants(), OPTIONS, "Refused: 401", "does not say how", None),
    (refusal(403), OPTIONS, "Refused: 403", "does not let you in", None),
    (
        refusal(404, why="nothing at /feed; check the path"),
        OPTIONS,
        "Refused: 404",
        "Nothing at /feed; check the path.",
        None,
    ),
    (refusal(404), OPTIONS, "Refused: 404", "Nothing at /auth; check the path.", None),
    (refusal(400), OPTIONS, "Refused: 400", "could not make sense", None),
    (
        refusal(400, body=b"The plain HTTP request was sent to HTTPS port"),
        OPTIONS,
        "this port wants TLS",
        "wss://",
        None,
    ),
    (refusal(405, ("Allow", "POST")), OPTIONS, "Refused: 405", "It takes POST.", None),
    (
        refusal(400, ("Content-Type", "text/plain"), body=b"no such \x1b[1mkind\n"),
        OPTIONS,
        "Refused: 400",
        "It says: no such \\x1b[1mkind",
        None,
    ),
    (refusal(407), OPTIONS, "Refused: 407", "A proxy on the way", None),
    (refusal(408), OPTIONS, "Refused: 408", "did not wait", None),
    (refusal(410), OPTIONS, "Refused: 410", "gone", None),
    (
        refusal(426, ("Sec-WebSocket-Version", "8")),
        OPTIONS,
        "Refused: 426, wants version 8",
        "speaks version 8 of the protocol; 13 was asked for.",
        None,
    ),
    (refusal(426, ("Upgrade", "h2c")), OPTIONS, "Refused: 426", "goes on with h2c only", None),
    (refusal(426), OPTIONS, "Refused: 426", "removed the Upgrade header", None),
    (refusal(429, ("Retry-After", "30")), OPTIONS, "Refused: 429", "to wait 30 s.", None),
    (refusal(503, ("Retry-After", "Fri")), OPTIONS, "Refused: 503", "to wait until Fri.", None),
    (refusal(500), OPTIONS, "Refused: 500", "failed on its own", None),
    (refusal(501), OPTIONS, "Refused: 501", "may not know WebSockets", None),
    (refusal(502), OPTIONS, "Refused: 502", "A gateway answered", None),
    (refusal(504), OPTIONS, "Refused: 504", "did not in time", None),
    (refusal(511), OPTIONS, "Refused: 511", "wants you to log in", None),
    (refusal(418), OPTIONS, "Refused: 418", "The server answered 418 Reason.", None),
    (refusal(200), OPTIONS, "Refused: 200", "an ordinary web page; check the path", None),
    (
        refusal(302, ("Location", "https://b.example/\x1b[2J")),
        OPTIONS,
        "Refused: 302, sends on",
        "The server sends on to https://b.example/\\x1b[2J\n",
        None,
    ),
    (
        refusal(302, ("Location", "/x"), why="more than 3 redirects; --max-redirs allows more"),
        ConnectOptions(URL, location=True),
        "Refused: 302, sends on",
        "More than 3 redirects.",
        None,
    ),
    (refusal(304), OPTIONS, "Refused: 304", "but not where to", None),
    (
        refusal(101, why="invalid Sec-WebSocket-Accept header: x"),
        OPTIONS,
        "Refused: wrong accept key",
        "RFC 6455 section 4.1",
        None,
    ),
    (refusal(101, why="unsupported subprotocol: x"), OPTIONS, "subprotocol", "offered", None),
    (refusal(101, why="Unsupported extension: x"), OPTIONS, "extension", "offered", None),
    (refusal(101, why="invalid Upgrade header: h2c"), OPTIONS, "101", "Upgrade header", None),
    (
        refusal(0, why="the answer is not HTTP", body=b"SSH-2.0"),
        OPTIONS,
        "no answer in HTTP",
        "another protocol",
        None,
    ),
    (refusal(0, why="x", body=b"\x15\x03\x01"), OPTIONS, "wants TLS", "wss://", None),
    (refusal(0, why="x"), ConnectOptions("ws://a/"), "no answer", "wss://", None),
    (refusal(0, why="x"), OPTIONS, "no answer", "restarting", None),
    (
        CannotConnect("example.test has no address; check the name", step="DNS"),
        OPTIONS,
        "No answer: the name has no address",
        "example.test has no address; check the name.",
        None,
    ),
    (
        CannotConnect("nobody listens on 127.0.0.1:9911", step="TCP"),
        OPTIONS,
        "No answer: nobody listens",
        "Nobody listens on 127.0.0.1:9911.",
        None,
    ),
    (CannotConnect("a:1: no route", step="TCP"), OPTIONS, "No answer", "a:1: no route.", None),
    (
        CannotConnect("TCP: no answer", step="TCP", timed_out=True),
        OPTIONS,
        "No answer in 10 s",
        "Nothing came back from api.example.com",
        None,
    ),
    (
        CannotConnect("upgrade: no answer", step="upgrade", timed_out=True),
        OPTIONS,
        "No answer in 10 s",
        "does not answer the request",
        None,
    ),
    (
        CannotConnect("certificate expired 3 days ago", step="TLS", not_trusted=True),
        OPTIONS,
        "Not trusted",
        "Certificate expired 3 days ago.",
        None,
    ),
    (
        CannotConnect("a:1 does not speak TLS; try ws://", step="TLS"),
        OPTIONS,
        "No answer: not TLS",
        "a:1 does not speak TLS.\n",
        None,
    ),
    (
        CannotConnect("a:1 wants a client certificate; --cert gives one", step="TLS"),
        OPTIONS,
        "No answer: TLS failed",
        "a:1 wants a client certificate.",
        None,
    ),
    (CannotConnect("TLS with a:1 failed: eof", step="TLS"), OPTIONS, "TLS failed", "eof.", None),
    (
        CannotConnect("a:1 broke the connection: reset", step="upgrade"),
        ConnectOptions("ws://a:1/"),
        "No answer: the connection broke",
        "the URL begins with wss://",
        None,
    ),
]


@pytest.mark.parametrize(("failure", "options", "heading", "said", "form"), CASES)
def test_each_failure_has_its_advice(
    failure: WsdebugError, options: ConnectOptions, heading: str, said: str, form: str | None
) -> None:
    """Heading, sentences and form; never a command-line option, and always a key."""
    text = advice_of(failure, options)
    assert text is not None
    assert heading in text.heading
    lines = "\n".join(words for words, _ in text.lines)
    assert said in lines
    assert text.form == form
    assert "--" not in lines
    assert ("enter" in dict(text.keys)) == (form is not None)
    assert text.keys
    assert "\x1b" not in lines


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<p>no</p>"),
        ("text/plain", b"x" * 121),
        ("text/plain", b"one\ntwo"),
        ("text/plain", b"\xff"),
        ("", b"no"),
    ],
)
def test_only_a_short_line_of_text_is_quoted(kind: str, body: bytes) -> None:
    """All of the body is in the inspector."""
    text = made(refusal(500, ("Content-Type", kind), body=body))
    assert [words for words, _ in text.lines] == [
        "The server failed on its own.",
        "Its log may say why.",
    ]


@pytest.mark.parametrize(
    "failure",
    [
        None,
        CannotConnect("broken off by you", step="DNS"),
        ConnectionClosed("closed", code=1006),
    ],
)
def test_nothing_is_said_where_nothing_failed(failure: WsdebugError | None) -> None:
    """Nor about what the person did."""
    assert advice_of(failure, OPTIONS) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Basic realm="a, b"', [("Basic", {"realm": "a, b"})]),
        (r'Basic realm="a\"b"', [("Basic", {"realm": 'a"b'})]),
        (
            'basic Realm=x, Bearer scope="y z"',
            [("basic", {"realm": "x"}), ("Bearer", {"scope": "y z"})],
        ),
        ("Negotiate, NTLM", [("Negotiate", {}), ("NTLM", {})]),
        ("Negotiate dG9rZW4==", [("Negotiate", {})]),
        ('Digest realm="r" , nonce = "n"', [("Digest", {"realm": "r", "nonce": "n"})]),
        ('Basic realm="cut off', [("Basic", {"realm": "cut off"})]),
        (", ,", []),
        ("realm=x", []),
    ],
)
def test_challenges(header: str, expected: list[tuple[str, dict[str, str]]]) -> None:
    """RFC 9110 section 11.6.1, and what servers make of it."""
    assert challenges(wants(header)) == expected


@pytest.mark.parametrize("height", range(3, 40))
def test_the_room_is_enough(height: int) -> None:
    """Each layout is used as soon as it fits."""
    layout = room_for(height, lines=2, fields=2, keys=3)
    assert layout.air == ("full" if height >= 16 else "some" if height >= 9 else "none")
    assert layout.above <= 3


class Host(App[None]):
    """Shows the advice in a region of its own and keeps what it posts."""

    AUTO_FOCUS = None

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.glyphs = UNICODE
        self.posted: list[tuple[str, ...]] = []

    def compose(self) -> ComposeResult:
        """The log's part of the screen."""
        with Vertical() as region:
            region.styles.height = self.rows
            yield Advice()

    @property
    def advice(self) -> Advice:
        """The widget."""
        return self.query_one(Advice)

    def field(self, name: str) -> Field:
        """One of its fields."""
        return self.query_one(f"#advice-{name}-field", Field)

    @property
    def text(self) -> str:
        """What the terminal shows."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips).rstrip()

    def on_advice_retry(self, event: Advice.Retry) -> None:
        """Keep it."""
        self.posted.append((event.user, event.password))

    def on_advice_retry_bearer(self, event: Advice.RetryBearer) -> None:
        """Keep it."""
        self.posted.append((event.token,))

    def on_advice_pressed(self, event: Advice.Pressed) -> None:
        """Keep it."""
        self.posted.append((event.key,))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Must stay inside."""
        self.posted.append(("leaked", event.value))


def made(failure: WsdebugError, options: ConnectOptions = OPTIONS) -> AdviceText:
    """Its advice."""
    text = advice_of(failure, options)
    assert text is not None
    return text


PICTURE = """\



                   Refused: 401, wants Basic

                   The server wants a user name and a password for “orders”.
                   None were sent. Nothing else went wrong on the way.


                ▌  user

                   password

                             [ ] show


                   enter connect with these
                      F5 try again unchanged
                      F2 use a token, cookie or header instead"""
MIDDLE = """\

  Refused: 401, wants Basic
  The server wants a user name and a password for “orders”.
  None were sent. Nothing else went wrong on the way.

▌ user
  password
            [ ] show

  enter connect with these   F5 try again unchanged"""
TIGHT = """\
  Refused: 401, wants Basic
  The server wants a user name and a password for “orders”.
▌ user                     password                     [ ] show
  enter connect with these   F5 try again unchanged"""


@pytest.mark.parametrize(
    ("width", "rows", "shown"),
    [(88, 30, PICTURE), (80, 10, MIDDLE), (80, 8, TIGHT), (80, 4, TIGHT)],
)
async def test_it_uses_the_room_there_is(width: int, rows: int, shown: str) -> None:
    """As drawn where there is room, down to four rows."""
    host = Host(rows)
    async with host.run_test(size=(width, 40)) as pilot:
        host.advice.show(made(BASIC))
        await pilot.pause()
        host.advice.focus_form()
        await pilot.pause()
        assert host.text == shown


async def test_ascii_is_enough() -> None:
    """Where the terminal has nothing else."""
    host = Host(30)
    host.glyphs = ASCII
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(BASIC))
        await pilot.pause()
        host.advice.focus_form()
        await pilot.pause()
        assert '"orders"' in host.text
        assert host.text.isascii()


@pytest.mark.parametrize("rows", [4, 30])
async def test_enter_connects_with_these(rows: int) -> None:
    """User, enter, password, enter; the password is hidden."""
    host = Host(rows)
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(BASIC))
        await pilot.pause()
        host.advice.focus_form()
        await pilot.press(*"demo", "enter", *"s3cret")
        await pilot.pause()
        assert "s3cret" not in host.text
        await pilot.press("enter")
        await pilot.pause()
        assert host.posted == [("demo", "s3cret")]


async def test_show_shows_the_password() -> None:
    """Until it is asked for again."""
    host = Host(20)
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(BASIC))
        await pilot.pause()
        host.field("password").focus()
        await pilot.press(*"s3cret", "tab", "space")
        await pilot.pause()
        assert "s3cret" in host.text
        host.advice.show(None)
        host.advice.show(made(BASIC))
        await pilot.pause()
        assert host.field("password").password
        assert host.field("password").value == ""


@pytest.mark.parametrize(
    ("failure", "rows", "typed", "words"),
    [
        (BASIC, 4, ["enter", "enter"], "type a user name and a password"),
        (BASIC, 20, ["a", "colon", "enter", "b", "enter"], "a user name has no colon in it"),
        (BEARER, 20, ["space", "enter"], "type or paste a token"),
    ],
)
async def test_what_cannot_be_sent_is_said(
    failure: WsdebugError, rows: int, typed: list[str], words: str
) -> None:
    """Until it is changed."""
    host = Host(rows)
    async with host.run_test(size=(80, 40)) as pilot:
        host.advice.show(made(failure))
        await pilot.pause()
        host.advice.focus_form()
        await pilot.press(*typed)
        await pilot.pause()
        assert words in host.text
        assert host.posted == []
        await pilot.press("x")
        await pilot.pause()
        assert words not in host.text
        assert "The server wants" in host.text


@pytest.mark.parametrize("rows", [4, 20])
async def test_a_token(rows: int) -> None:
    """One field, without the spaces that come with a paste."""
    host = Host(rows)
    async with host.run_test(size=(80, 40)) as pilot:
        host.advice.show(made(BEARER))
        await pilot.pause()
        host.advice.focus_form()
        assert "token" in host.text
        assert "user" not in host.text
        await pilot.press("space", *"abc", "enter")
        await pilot.pause()
        assert host.posted == [("abc",)]


async def test_a_second_refusal_keeps_the_name() -> None:
    """The password is asked for anew; the same advice again changes nothing."""
    host = Host(20)
    async with host.run_test(size=(88, 40)) as pilot:
        text = made(BASIC, ConnectOptions(URL, user="demo:wrong"))
        host.advice.show(text)
        await pilot.pause()
        host.advice.focus_form()
        await pilot.press("a")
        host.advice.show(made(BASIC, ConnectOptions(URL, user="demo:wrong")))
        await pilot.pause()
        assert host.field("user").value == "demo"
        assert host.field("password").value == "a"
        assert host.field("password").has_focus


@pytest.mark.parametrize(
    ("failure", "rows", "words", "posted"),
    [
        (BASIC, 20, "F5 try", [("F5",)]),
        (BASIC, 6, "F5 try", [("F5",)]),
        (refusal(404), 4, "^L change", [("^L",)]),
    ],
)
async def test_keys_are_buttons(
    failure: WsdebugError, rows: int, words: str, posted: list[tuple[str]]
) -> None:
    """In rows and side by side."""
    host = Host(rows)
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(failure))
        await pilot.pause()
        lines = host.text.split("\n")
        y = next(y for y, line in enumerate(lines) if words in line)
        await pilot.click(offset=(lines[y].index(words) + 1, y))
        await pilot.pause()
        assert host.posted == posted


async def test_enter_can_be_clicked() -> None:
    """It takes what was typed."""
    host = Host(20)
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(BASIC, ConnectOptions(URL, user="demo:x")))
        await pilot.pause()
        lines = host.text.split("\n")
        y = next(y for y, line in enumerate(lines) if "enter connect" in line)
        await pilot.click(offset=(lines[y].index("enter"), y))
        await pilot.pause()
        assert host.posted == [("demo", "")]


async def test_without_a_form_nothing_takes_the_focus() -> None:
    """And nothing is shown for no advice."""
    host = Host(20)
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(refusal(404)))
        await pilot.pause()
        host.advice.focus_form()
        await pilot.press("tab")
        assert host.focused is None
        assert "Nothing at /auth; check the path." in host.text


async def test_hidden_it_lets_the_focus_go() -> None:
    """Nothing is shown for no advice, and no key goes there."""
    host = Host(20)
    async with host.run_test(size=(88, 40)) as pilot:
        host.advice.show(made(BASIC))
        await pilot.pause()
        host.advice.focus_form()
        await pilot.press("a")
        host.advice.show(None)
        await pilot.pause()
        await pilot.press("b", "enter")
        assert host.text == ""
        assert host.focused is None
        assert host.posted == []
