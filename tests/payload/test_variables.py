"""Placeholders in texts."""

import pytest

from wsdebug.payload.variables import expand, is_template, is_variable_name, placeholders

VALUES = {"who": "ann", "a.b": "{{who}}", "empty": ""}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("hello {{who}}", "hello ann"),
        ("{{who}}{{who}}", "annann"),
        ("{{a.b}}", "{{who}}"),  # a value is not looked at again
        ("x{{empty}}y", "xy"),
        ("{{other}} {{ who }} {who} {{}}", "{{other}} {{ who }} {who} {{}}"),
        ("{{{who}}}", "{ann}"),
        ('{"a":{"b":{}}}', '{"a":{"b":{}}}'),
    ],
)
def test_only_declared_names_are_replaced(text: str, wanted: str) -> None:
    """Recorded template text is never damaged."""
    assert expand(text, VALUES) == wanted
    assert expand(text, {}) == text


def test_the_names_in_a_text_are_found() -> None:
    """Declared or not, in their order."""
    assert list(placeholders("{{b}} {{a}} {{b}} {{ c }}")) == ["b", "a", "b"]


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("a", True), ("a.b-c_1", True), ("", False), ("a b", False), ("a=b", False), ("{a", False)],
)
def test_a_name_is_what_a_placeholder_can_have(name: str, is_one: bool) -> None:
    """No blanks, braces or equals signs."""
    assert is_variable_name(name) is is_one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("{{token}}", True),
        ("Bearer {{token}}", True),
        ("{{user}}:{{password}}", True),
        ("Bearer abc", False),
        ("abc{{token}}", False),
        ("", False),
    ],
)
def test_placeholders_alone_tell_nothing(text: str, is_one: bool) -> None:
    """Such a text needs no mask."""
    assert is_template(text) is is_one
