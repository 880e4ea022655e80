# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the machine provides to the client, as one value; and how the client starts its render process.

Light to import on purpose: it stands between the program's start and its first paint.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from client.clock import Clock, SystemClock
from client.crypto.random import Random, system_random
from client.policy import Policy

if TYPE_CHECKING:
    from client.crypto.kdf import Argon2Params
    from client.keys.keyring_store import SecretStore
    from client.keys.unlock import Vault
    from client.paths import ProfilePaths
    from client.viewer.events import Event
    from client.viewer.host import RenderHost


def render_command() -> tuple[str, ...]:
    """How this program starts its render process."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "--render-worker")
    return (sys.executable, "-I", "-m", "client", "--render-worker")


def accepted_sandboxes(policy: Policy) -> frozenset[str]:
    """Confinements in which papers may open on this machine.

    Linux always has one; on the other systems ``none`` is accepted until their confinement is built, and said so
    in the diagnostics.
    """
    confined = frozenset({"landlock+seccomp", "seccomp", "landlock"})
    return confined | {"none"} if policy.open_without_sandbox or sys.platform != "linux" else confined


@dataclass(frozen=True)
class Surroundings:
    """What the machine provides; tests provide their own.

    Attributes:
        keystore: Where the device's secret and freshness anchor are kept.
        on_render: Receives render events, on the render host's thread.
    """

    keystore: SecretStore
    clock: Clock = field(default_factory=SystemClock)
    rng: Random = system_random
    policy: Policy = field(default_factory=Policy)
    on_render: Callable[[Event], None] = lambda _event: None


def make_render_host(around: Surroundings) -> RenderHost:
    """A render host as this machine's policy wants it, not started."""
    from client.viewer.host import RenderHost

    sandboxes = accepted_sandboxes(around.policy)
    return RenderHost(render_command(), around.clock, around.on_render, accepted_sandboxes=sandboxes)


def vault_of(
    paths: ProfilePaths, around: Surroundings, device: str | None, params: Argon2Params | None = None
) -> Vault:
    """The key file of a profile. Loads cryptography and nothing of the network: the keypad waits for it."""
    from client.keys.unlock import Vault

    return Vault(paths.key_file, around.keystore, around.clock, around.rng, params, device_id=device)
