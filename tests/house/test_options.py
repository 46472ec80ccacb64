"""The options of every command are those of the design, and no others."""

import re
import subprocess
import sys

import pytest

CONNECTION = (
    "-H --header -s --subprotocol --protocol --origin -u --user --auth --bearer --cookie "
    "-k --insecure --cacert --ca -E --cert --key --passphrase --servername -x --proxy --no-proxy "
    "-L --location --max-redirs --resolve --connect-to --unix-socket -4 -6 "
    "--compression --no-compression --server-no-context-takeover --client-no-context-takeover "
    "--server-max-window-bits --client-max-window-bits --connect-timeout --close-timeout "
    "--ping-interval --ping-timeout --no-auto-pong --max-size --lenient --reconnect "
    "--variable --secret "
    # what takes back a default of config.toml
    "--no-insecure --no-location --no-server-no-context-takeover "
    "--no-client-no-context-takeover --auto-pong --no-lenient --no-reconnect"
)
RECORDING = "-o --output --append --force --no-wire --max-payload --rotate --keep-secrets"
COMPARISON = "--connection --ignore --extra --unordered --strict-frames --json --color"
SENDING = (
    "-d -f --null --whole --jsonl -t -b --hex --base64 --ping --ping-data --close --fragment "
    "--count -w --wait --timeout -m --max-time "
    "--expect --expect-json --expect-exact --expect-close --expect-none --next "
    "--output-format --output --json -v --verbose -q --quiet --record"
)
EVERYWHERE = {"-h", "--help", "--log"}
DESIGNED = {
    "completion": "",
    "diagnose": f"{CONNECTION} {RECORDING} --record --json --color",
    "convert": "--from --to --force --keep-secrets --secret",
    "record": f"{CONNECTION} {RECORDING} --count -m --max-time --json -q --quiet --filter "
    "--payload-only --color",
    "send": f"{CONNECTION} {RECORDING} {SENDING}",
    "replay": f"{CONNECTION} {RECORDING} {COMPARISON} --record --frames --exact-mask --pace --fast "
    "--speed --max-gap --timeout --correlate --accept --report-junit --loop --from --to --trust "
    "--dry-run",
    "clean": "-o --output -i --in-place --force --secret",
    "diff": COMPARISON,
    "serve": "--port",
    "web": f"--host --port {CONNECTION} {RECORDING} --record --no-record",
    "show": "--json --filter --fold --frame --payload --stats --follow --no-pager --color",
}
UNASSIGNED = {"-n", "-c", "-p", "-0", "-1"}  # the tools people come from disagree on them


def options_of(command: str) -> set[str]:
    """What its help offers."""
    arguments = [sys.executable, "-m", "wsdebug", command, "--help"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=True)
    listing = done.stdout[done.stdout.index("\noptions:\n") :]
    heads = re.findall(r"^  (-.*?)(?:  |$)", listing, re.MULTILINE)
    return set(re.findall(r"(?<![\w-])--?[a-zA-Z0-9][\w-]*", " ".join(heads)))


@pytest.mark.parametrize("command", DESIGNED)
def test_a_command_has_only_designed_options(command: str) -> None:
    """A new one is designed first."""
    options = options_of(command)
    assert {"-h", "--help"} <= options
    assert options - EVERYWHERE <= set(DESIGNED[command].split())
    if command in ("diagnose", "record", "replay", "web"):
        assert set(CONNECTION.split()) <= options
    assert not options & UNASSIGNED
