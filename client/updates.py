# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the organisation's mirror now and then whether there is a newer program; tells it, and does nothing about it.

On a thread of its own, seldom, and only where policy names a mirror (``UpdateURL``) and does not silence it
(``UpdateMode``). The root that is believed comes by policy (``UpdateRoot``) or with the package.
"""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from client.build_info import build_info
from client.clock import Clock, Millis
from client.crypto.metadata.course import LIMITS, ROOT
from client.crypto.random import Random
from client.domain.releases import ReleaseNews
from client.errors import EnvironmentFault, Text
from client.policy import Policy
from client.resources import resource_path
from client.sync.releases import KeepsMetadata, Mirror, Releases

FIRST_S: Final = 60.0
"""After the start, when nobody waits for anything any more."""
PERIOD_S: Final = 6 * 3600.0
SHIPPED_ROOT: Final = "update-root.json"
_TARGETS: Final = {"linux": "linux", "win32": "win-x64", "darwin": "macos"}


class UpdateRootUnusable(EnvironmentFault):
    """``UpdateURL`` is set, and no root says whose word counts there."""

    code = "machine.update_root"
    title = Text("Chưa có gốc tin cậy cho thông tin phiên bản", "No root for update metadata")
    next_step = Text("Cán bộ kỹ thuật cần đặt UpdateRoot.", "IT staff must set UpdateRoot.")


def wanted(policy: Policy) -> bool:
    """Whether this machine asks at all."""
    return policy.update_url is not None and policy.update_mode != "off"


def installed_root(policy: Policy) -> bytes:
    """The root whose successors count.

    Raises:
        UpdateRootUnusable: None was shipped or named, or the file cannot be used.
    """
    path = Path(policy.update_root) if policy.update_root else resource_path(SHIPPED_ROOT)
    try:
        with path.open("rb") as file:
            data = file.read(LIMITS[ROOT] + 1)
    except OSError as error:
        raise UpdateRootUnusable(type(error).__name__) from error
    if len(data) > LIMITS[ROOT]:
        raise UpdateRootUnusable("too large")
    return data


def follow(
    policy: Policy,
    store: KeepsMetadata,
    *,
    verify: ssl.SSLContext | None,
    clock: Clock,
    rng: Random,
    now: Callable[[], Millis],
) -> tuple[Releases, Mirror]:
    """What is known of releases, and whom to ask; both as policy wants them.

    Args:
        policy: Names a mirror.
        store: Where verified metadata is kept.
        verify: TLS context; None for the system's authorities. Pins are the service's and do not count here: what the
            mirror says is signed by itself.
        clock: For the connection.
        rng: For the connection.
        now: The estimate of present time.

    Raises:
        UpdateRootUnusable: See ``installed_root``.
        BadInput: ``UpdateURL`` is no address of a folder.
        Untrusted: The root is none.
    """
    assert policy.update_url is not None
    info = build_info()
    running = (info.version, info.channel, _TARGETS.get(sys.platform, sys.platform))
    releases = Releases(installed_root(policy), store, running=running, now=now)
    releases.load()
    return releases, Mirror(policy.update_url, verify=verify, clock=clock, rng=rng, proxy=policy.proxy)


class UpdateWatch:
    """Looks at the start and every few hours; ``stop`` ends a look under way.

    Args:
        releases: Already loaded.
        mirror: Closed by ``stop``.
        first_s: Seconds before the first look.
        on_look: Told what each look brought, on this object's thread.
    """

    def __init__(
        self,
        releases: Releases,
        mirror: Mirror,
        *,
        first_s: float = FIRST_S,
        on_look: Callable[[ReleaseNews], None] = lambda _news: None,
    ) -> None:
        self._releases, self._mirror, self._first_s, self._on_look = releases, mirror, first_s, on_look
        self._wake = threading.Condition()
        self._ended = self._offline = False
        self._thread: threading.Thread | None = None

    @property
    def news(self) -> ReleaseNews:
        """What can be told; any thread."""
        return self._releases.news

    def start(self) -> None:
        """Begin; later calls do nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="updates", daemon=True)
            self._thread.start()

    def set_offline(self, offline: bool) -> None:
        """Ask nobody while the member works offline on purpose."""
        with self._wake:
            self._offline = offline

    def stop(self) -> None:
        """End."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        self._mirror.abort()
        if self._thread is not None:
            self._thread.join()
        self._mirror.close()

    def _run(self) -> None:
        pause = self._first_s
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._ended, pause)
                if self._ended:
                    return
                offline = self._offline
            if not offline:
                self._on_look(self._releases.look(self._mirror))
            pause = PERIOD_S
