"""The words of the connection bar, as UI.md numbers them."""

import pytest

from wsdebug.engine.status import Status
from wsdebug.errors import CannotConnect, HandshakeRefused
from wsdebug.tui.words import describe

SECOND = 1_000_000_000  # ns
REFUSED = "the server answered, but did not open a WebSocket"


def refused(status: int, why: str) -> Status:
    """A refusal."""
    return Status("failed", failure=HandshakeRefused("refused", status=status, why=why))


@pytest.mark.parametrize(
    ("status", "word", "number", "reason"),
    [
        (Status("open"), "open", "00:44", ""),
        (
            Status("open", recording_problem="the disk is full since line 8,112; frames go on"),
            "not recorded",
            "",
            "the disk is full since line 8,112; frames go on",
        ),
        (
            Status("connecting", step="TLS", host="h.example"),
            "connecting",
            "",
            "TLS with h.example, 44 s",
        ),
        (
            Status("closed", code=1000, by="client", clean=True),
            "closed",
            "1000",
            "closed by you, cleanly",
        ),
        (
            Status("closed", code=1006),
            "closed",
            "1006",
            "the connection broke; no close frame came",
        ),
        (
            Status("closed", code=1006, by="client"),
            "closed",
            "1006",
            "closed by you, but no close frame came back",
        ),
        (
            Status("closed", code=1006, by="client", violation="invalid-utf8"),
            "closed",
            "1006",
            "closed by you for a broken rule: invalid UTF-8",
        ),
        (refused(401, "wants Basic"), "refused", "401", REFUSED),
        (refused(500, ""), "refused", "500", REFUSED),
        (
            refused(404, "nothing at /feed; check the path"),
            "refused",
            "404",
            "nothing at /feed; check the path",
        ),
        (
            Status(
                "failed",
                failure=HandshakeRefused("the proxy p:1 refused: 407", status=407, step="proxy"),
            ),
            "refused",
            "407",
            "the proxy p:1 refused: 407",
        ),
        (
            refused(302, "the server sends on to ws://h/\x1b[2J; -L follows"),
            "refused",
            "302",
            "the server sends on to ws://h/\\x1b[2J",
        ),
        (
            Status(
                "failed",
                failure=CannotConnect("nobody listens on 127.0.0.1:9911", step="TCP"),
            ),
            "no answer",
            "",
            "nobody listens on 127.0.0.1:9911",
        ),
        (
            Status(
                "failed",
                failure=CannotConnect(
                    "certificate expired 3 days ago", step="TLS", not_trusted=True
                ),
            ),
            "not trusted",
            "",
            "certificate expired 3 days ago; F2 to go on regardless",
        ),
        (
            Status("closing", due_ns=50 * SECOND + 1),
            "closing",
            "",
            "waiting for the server's close, 7 s left",
        ),
        (
            Status("waiting", due_ns=48 * SECOND, attempt=3),
            "waiting",
            "",
            "connects again in 4 s, attempt 3; F5 now",
        ),
    ],
)
def test_a_state_in_words(status: Status, word: str, number: str, reason: str) -> None:
    """44 s after it began."""
    words = describe(status, 44 * SECOND)
    assert (words.word, words.number, words.reason) == (word, number, reason)


def test_facts_are_kept_apart_in_ascii_too() -> None:
    """By a sign of the glyphs there are."""
    status = Status("closed", code=4000, by="server", clean=True, reason="bye · now")
    assert describe(status, 0).reason == "closed by the server, cleanly · bye · now"
    assert describe(status, 0, dot=".").reason == "closed by the server, cleanly . bye · now"
