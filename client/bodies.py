# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bodies this user belongs to on this machine: profiles side by side, each with stores, keys and engine of its own.

Nothing is shared between them but the program: another body means another enrolment. Only what a profile says of itself
in the clear is read here, no key, no store.
"""

from __future__ import annotations

import logging

from client import glance
from client.domain.bodies import Body
from client.errors import EcabinetError
from client.paths import ProfilePaths, siblings

log = logging.getLogger(__name__)


def beside(paths: ProfilePaths) -> tuple[Body, ...]:
    """The bodies of all profiles beside ``paths``; a profile that cannot be read is passed over and noted."""
    found = []
    for each in siblings(paths):
        try:
            profile = glance.at(each.profile)
        except EcabinetError as error:
            log.info("profile %s passed over: %s", each.base.name, error.code)
            continue
        if profile is not None:
            found.append(Body(each.base.name, profile.root.body, here=each.base == paths.base))
    return tuple(found)
