"""The two themes: blue is you, red is wrong, everything else is quiet."""

from textual.theme import Theme

__all__ = ["DARK", "FALLBACKS", "LIGHT"]

FALLBACKS = {"foreground-disabled": "ansi_bright_black"}  # what Textual's ansi themes leave out

DARK = Theme(
    name="wsdebug-dark",
    dark=True,
    background="#0f1217",
    surface="#151a21",
    panel="#1e242e",
    foreground="#d9dee7",
    primary="#7db2ff",
    accent="#7db2ff",
    secondary="#b9abea",
    success="#7fcc9c",
    warning="#e9b95c",
    error="#f47a80",
    variables={
        "foreground-muted": "#99a2b1",
        "foreground-disabled": "#667080",
        "border-blurred": "#2c3440",
    },
)
LIGHT = Theme(
    name="wsdebug-light",
    dark=False,
    background="#fdfdfb",
    surface="#f4f5f3",
    panel="#e8ebec",
    foreground="#1f252d",
    primary="#1b5fb8",
    accent="#1b5fb8",
    secondary="#6a4bb5",
    success="#146536",
    warning="#855300",
    error="#b21f2d",
    variables={
        "foreground-muted": "#565e69",
        "foreground-disabled": "#858c96",
        "border-blurred": "#d5d9dc",
    },
)
