# SPDX-License-Identifier: AGPL-3.0-or-later
"""Addresses the program is opened with: ``ecabinet://enrol?server=https://...``, from a message of the secretariat.

A link is a stranger's text. It can suggest where a device enrols and nothing else: the member sees the address, may
change it, and the trust root that was installed decides whether that service is the body's. What is not such a link is
refused.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from client.errors import BadInput

SCHEME: Final = "ecabinet"
MAX_LINK: Final = 500
_ADDRESS: Final = re.compile(r"https://[A-Za-z0-9.-]{1,470}(:[0-9]{1,5})?/?")


def is_link(word: str) -> bool:
    """Whether an argument is meant as a link rather than an option."""
    return word.lower().startswith(SCHEME + ":")


def suggested_server(link: str) -> str:
    """The service's address a link suggests.

    Raises:
        BadInput: Not a link of this program, too long, or an address that is not ``https://host[:port]``.
    """
    try:
        parts = urlsplit(link)
        ((name, server),) = parse_qsl(parts.query, strict_parsing=True, max_num_fields=2)
    except ValueError as error:
        raise BadInput("link") from error
    whole = (parts.scheme, parts.netloc, parts.path, parts.fragment, name) == (SCHEME, "enrol", "", "", "server")
    if len(link) > MAX_LINK or not whole or not _ADDRESS.fullmatch(server):
        raise BadInput("link")
    return server.rstrip("/")
