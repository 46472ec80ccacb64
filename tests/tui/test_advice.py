"""Advice under a failed connection, and its form, under a pilot."""

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from wsdebug.engine.options import ConnectOptions
from wsdebug.errors import HandshakeRefused, WsdebugError
from wsdebug.tui.advice import Advice, AdviceText, advice_of, room_for
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
