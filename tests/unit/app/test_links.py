# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link suggests an address and nothing else."""

from __future__ import annotations

import pytest

from client.cli import split_link
from client.errors import BadInput
from client.links import MAX_LINK, is_link, suggested_server


@pytest.mark.parametrize(
    ("link", "server"),
    [
        ("ecabinet://enrol?server=https://ecabinet.example", "https://ecabinet.example"),
        ("ecabinet://enrol?server=https%3A%2F%2Fecabinet.example%3A8443%2F", "https://ecabinet.example:8443"),
    ],
)
def test_an_address_is_suggested(link: str, server: str) -> None:
    assert is_link(link)
    assert suggested_server(link) == server


@pytest.mark.parametrize(
    "link",
    [
        "ecabinet:",
        "ecabinet://enrol",
        "ecabinet://enrol?server=",
        "ecabinet://enrol?server=http://a.example",
        "ecabinet://enrol?server=file:///etc/passwd",
        "ecabinet://enrol?server=https://user@a.example",
        "ecabinet://enrol?server=https://a.example/path",
        "ecabinet://enrol?server=https://a.example:port",
        "ecabinet://enrol?server=https://a.example&server=https://b.example",
        "ecabinet://enrol?server=https://a.example&ticket=0123456789",
        "ecabinet://vote?server=https://a.example",
        "ecabinet://enrol/x?server=https://a.example",
        "ecabinet://enrol?server=https://a.example#x",
        "ecabinet://enrol?server=https://a.example%0a",
        "ecabinet://enrol?server=https://a\u202eexample",
        "https://a.example",
    ],
)
def test_anything_else_is_refused(link: str) -> None:
    with pytest.raises(BadInput):
        suggested_server(link)


def test_length() -> None:
    start = "ecabinet://enrol?server=https://"
    assert suggested_server(start + "a" * (MAX_LINK - len(start)))
    with pytest.raises(BadInput):
        suggested_server(start + "a" * (MAX_LINK - len(start) + 1))


def test_the_link_is_told_from_the_options() -> None:
    link = "ecabinet://enrol?server=https://a.example"
    assert split_link(["--language", "en", link]) == (["--language", "en"], link)
    assert split_link(["--self-test"]) == (["--self-test"], None)
    with pytest.raises(BadInput):
        split_link([link, link])
