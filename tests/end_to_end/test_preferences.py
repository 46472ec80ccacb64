"""Preferences in the real program: what is changed there holds at the next start."""

from pathlib import Path

from tests.end_to_end.terminal import Terminal

SHIFT_F2 = "\x1b[1;2Q"


def test_a_default_of_new_connections_is_set_and_taken(tmp_path: Path) -> None:
    """Mistakes are told first; the file keeps its remark."""
    (tmp_path / "seen").write_text('"tour"\n')
    config = tmp_path / "config.toml"
    config.write_text('# mine\ntheme = "wsdebug-dark"\n')
    terminal = Terminal(tmp_path)
    terminal.shows("Connect to")
    terminal.type(SHIFT_F2)
    terminal.shows("Preferences", "retention_days")
    terminal.type("connect-timeout")
    terminal.until(lambda: "retention_days" not in terminal.text)
    terminal.type("\r")
    terminal.shows("as it was")
    terminal.type("soon\r")
    terminal.shows("soon is no number of seconds above 0")
    assert "connect" not in config.read_text()
    terminal.type("\x15" + "2.5\r")
    terminal.shows("written; it holds for new connections")
    assert config.read_text() == (
        '# mine\ntheme = "wsdebug-dark"\n\n[connection]\nconnect-timeout = 2.5\n'
    )
    terminal.type("\x11")
    assert terminal.wait() == 0
    terminal.close()
    again = Terminal(tmp_path)
    again.shows("Connect to")
    again.type("\x1bOQ")  # F2
    again.shows("wsdebug --connect-timeout 2.5")
    again.type("\x11")
    assert again.wait() == 0
    again.close()
