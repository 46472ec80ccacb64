"""What a file of somebody else may not decide by itself: a person is asked, or has said it."""

import sys
from collections.abc import Callable
from pathlib import Path

from wsdebug.engine.options import ConnectOptions
from wsdebug.engine.route import place_elsewhere
from wsdebug.engine.variables import environment_variables, variables_of
from wsdebug.errors import UsageError
from wsdebug.payload.escape import escape
from wsdebug.payload.numbers import with_commas
from wsdebug.session.checked import STDIN
from wsdebug.workspace.own import is_own

__all__ = ["agrees", "can_ask", "confirm_sending", "is_trusted"]

# Options of a file that lead a URL elsewhere without a question of their own.
LEADING = frozenset(("resolve", "connect_to"))


def is_trusted(path: str, given: frozenset[str]) -> bool:
    """Whether a file does what it says: this user recorded it, or says that he trusts it."""
    return "trust" in given or (path != STDIN and is_own(Path(path)))


def can_ask() -> bool:
    """Whether somebody is there who can answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def agrees(question: str) -> bool:
    """Ask on stderr; only yes is a yes."""
    sys.stderr.write(f"wsdebug: {escape(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def confirm_sending(
    path: str, options: ConnectOptions, given: frozenset[str], what: Callable[[], tuple[int, str]]
) -> None:
    """Before a file of somebody else is sent off this machine, a person is asked, or has given
    the URL himself. `what` counts what is sent: a number, and one of it in a word.

    Raises UsageError without a yes.
    """
    if is_trusted(path, given) or ("url" in given and not _is_led_away(options, given)):
        return
    place = place_elsewhere(options)
    if not place:
        return
    count, one = what()
    sent = f"{with_commas(count)} {one}{'' if count == 1 else 's'}"
    if names := _ambient(options):
        sent += f", with the environment's {', '.join(names)},"
    words = f"{path} was not recorded here, and sends {sent} to {place}"
    if not can_ask():
        hint = "--trust allows it" if "url" in given else "--trust allows it, or its URL after it"
        raise UsageError(f"{words}: {hint}", field="trust")
    if not agrees(f"{words}. Allow it?"):
        raise UsageError("not allowed; nothing was connected", field="trust")


def _is_led_away(options: ConnectOptions, given: frozenset[str]) -> bool:
    """Whether the file says where the given URL is found."""
    return any(getattr(options, name) and name not in given for name in LEADING)


def _ambient(options: ConnectOptions) -> list[str]:
    """The environment's variables that the file takes."""
    declared = {name for name, value in (*options.variable, *options.secret) if value is not None}
    taken = variables_of(options).values.keys() & environment_variables().keys()
    return sorted(taken - declared)
