"""Modules that wait until they are used."""

import subprocess
import sys

import pytest


def run(script: str) -> str:
    """What a fresh Python prints."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("use", "value"),
    [
        ("import ssl; print(ssl.OP_ALL == ssl.OP_ALL, 'ssl' in str(ssl.SSLSocket))", "True True"),
        ("import ssl; ssl.OP_ALL; print(ssl.SSLSocket.__module__)", "ssl"),
        ("from ssl import SSLContext; print(SSLContext.__module__)", "ssl"),
        ("import inspect; print(inspect.isfunction(print))", "False"),
        ("from inspect import *; print(isfunction(print))", "False"),
        ("import importlib.metadata as m; print(bool(m.version('wsdebug')))", "True"),
        ("import importlib.metadata; print(bool(importlib.metadata.version('pytest')))", "True"),
        ("from asyncio import sslproto; print(sslproto.SSLProtocol.__name__)", "SSLProtocol"),
        ("import asyncio, sys; print('_ssl' in sys.modules)", "False"),
    ],
)
def test_a_deferred_module_is_itself_once_it_is_used(use: str, value: str) -> None:
    """By every way of importing it."""
    prepare = "from wsdebug.cli.deferred import defer; defer(); "
    assert run(prepare + use) == value


def test_a_module_that_is_loaded_already_stays() -> None:
    """Nothing is taken from anybody."""
    script = (
        "import ssl; from wsdebug.cli.deferred import defer; defer(); "
        "import sys; print(sys.modules['ssl'] is ssl, ssl.SSLSocket.__module__)"
    )
    assert run(script) == "True ssl"


def test_the_screen_needs_none_of_them_before_it_is_there() -> None:
    """But `inspect`, which Textual asks at once."""
    script = (
        "import gc, sys; from wsdebug.cli.deferred import defer, load; defer(); "
        "load('wsdebug.tui.run'); print('_ssl' in sys.modules, 'email.message' in sys.modules, "
        "gc.isenabled(), gc.get_freeze_count() > 100_000)"
    )
    assert run(script) == "False False True True"
