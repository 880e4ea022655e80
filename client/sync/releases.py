# SPDX-License-Identifier: AGPL-3.0-or-later
"""Learns from signed update metadata whether there is a newer program, and nothing else: no installer is ever fetched.

Rules:
1. What was believed once is kept in the encrypted record, so an older set that a mirror plays back is refused after
   a restart too. The root comes with the installation or by policy; later ones follow from it.
2. End dates count by the trusted estimate of time. A mirror that stands still is noticed when its timestamp ends; what
   was known before stays known and the trouble is said beside it.
3. A kept set that does not go on from the installed root was kept under a root that the administrator exchanged: it is
   dropped, and the beginning is a beginning.
4. The mirror is any web server with the files of ``build_installer.py repo tuf``; requests are not signed and carry
   nothing of the member or the device.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Final, Protocol
from urllib.parse import urlsplit

import msgspec

from client.clock import Clock, Millis, to_rfc3339
from client.crypto.metadata import releases, verify
from client.crypto.metadata.course import Kept, KeptSource, Source
from client.crypto.random import Random
from client.domain.ids import Moment
from client.domain.releases import Release, ReleaseNews, judge
from client.errors import BadInput, EcabinetError, FormatRefused, Untrusted
from client.sync.answers import NothingThere
from client.sync.transport import Transport

log = logging.getLogger(__name__)

REALM: Final = "releases/"
"""Where ``store.trusted`` keeps it apart from what the secretariat signed."""


class KeepsMetadata(Protocol):
    """Where verified bytes are kept between runs; ``sync.trust_store`` over the record."""

    def load_roots(self) -> tuple[bytes, ...]:
        """Roots kept after the installed one."""
        ...

    def save_root(self, version: int, data: bytes) -> None:
        """Keep one more root."""
        ...

    def load_metadata(self) -> tuple[int, Mapping[str, bytes]]:
        """The set verified last, and its root's version."""
        ...

    def save_metadata(self, root: int, roles: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep a verified set as a whole."""
        ...

    def forget(self) -> None:
        """Drop it all."""
        ...


class KeepsNothing:
    """For one look without a store: the self-test."""

    def load_roots(self) -> tuple[bytes, ...]:
        """None."""
        return ()

    def save_root(self, version: int, data: bytes) -> None:
        """Not kept."""

    def load_metadata(self) -> tuple[int, Mapping[str, bytes]]:
        """None."""
        return 0, {}

    def save_metadata(self, root: int, roles: Mapping[str, tuple[int, bytes]]) -> None:
        """Not kept."""

    def forget(self) -> None:
        """Nothing to forget."""


class Mirror:
    """A web server with update metadata; a ``Source``.

    Args:
        url: Folder that holds ``metadata/``; https, or http on this machine.
        verify: TLS context; None for the system's authorities.
        proxy: By policy.

    Raises:
        BadInput: No such address.
    """

    def __init__(
        self, url: str, *, verify: ssl.SSLContext | None, clock: Clock, rng: Random, proxy: str | None = None
    ) -> None:
        parts = urlsplit(url)
        if parts.query or parts.fragment:
            raise BadInput("update address")
        self._path = parts.path.rstrip("/")
        origin = f"{parts.scheme}://{parts.netloc}"
        self._transport = Transport(origin, verify=verify, clock=clock, rng=rng, signer=None, proxy=proxy)

    def root(self, version: int) -> bytes | None:
        """One version of the root, None where the server has no such file."""
        try:
            return self.metadata(verify.file_name(verify.ROOT, version), verify.LIMITS[verify.ROOT])
        except NothingThere:
            return None

    def metadata(self, name: str, limit: int) -> bytes:
        """A file by its name."""
        return self._transport.fetch(f"{self._path}/metadata/{name}", limit)

    def abort(self) -> None:
        """End what is in flight, from any thread."""
        self._transport.abort()

    def close(self) -> None:
        """Give up all connections."""
        self._transport.close()


class Releases:
    """What is known of published releases. ``load`` and ``look`` belong on one thread, ``news`` on any.

    Args:
        root: The root that came with the installation or by policy.
        store: Where verified bytes are kept.
        running: Version and channel of the program that runs, and the system it is for.
        now: The estimate of present time.
    """

    def __init__(
        self, root: bytes, store: KeepsMetadata, *, running: tuple[str, str, str], now: Callable[[], Millis]
    ) -> None:
        self._running, self._now, self._store = running, now, store
        self._kept = Kept((root,), {})
        self._lock = threading.Lock()
        self._news = ReleaseNews()

    @property
    def news(self) -> ReleaseNews:
        """What can be told."""
        with self._lock:
            return self._news

    def load(self) -> None:
        """Take up what earlier runs believed."""
        installed = self._kept.roots[0]
        try:
            self._kept = self._loaded(installed)
            if not self._kept.roles:
                return
            announced, _ = releases.follow(self._kept, KeptSource(self._kept), at=None)
        except Untrusted as error:
            log.info("update metadata kept under another root dropped: %s", error)
            self._store.forget()
            self._kept = Kept((installed,), {})
        else:
            self._tell(self._judged(announced))

    def look(self, source: Source) -> ReleaseNews:
        """Ask the mirror; what goes wrong is told in the news and changes nothing that was believed."""
        try:
            announced, kept = releases.follow(self._kept, source, at=self._now(), keep_root=self._keep_root)
            news = msgspec.structs.replace(self._judged(announced), looked=Moment(to_rfc3339(self._now())))
            if kept.roles != self._kept.roles:
                marked = {role: (announced.versions[role], data) for role, data in kept.roles.items()}
                self._store.save_metadata(announced.versions[verify.ROOT], marked)
            self._kept = kept
            self._tell(news)
        except EcabinetError as error:
            log.info("update metadata: %s", error)
            self._tell(msgspec.structs.replace(self.news, trouble=error.code))
        return self.news

    def _loaded(self, installed: bytes) -> Kept:
        first = verify.root_version((installed,))
        newer = [data for data in self._store.load_roots() if verify.peek_unverified(verify.ROOT, data)[0] > first]
        chain = (installed, *newer)
        verify.root_version(chain)
        _under, roles = self._store.load_metadata()
        return Kept(chain, roles)

    def _keep_root(self, version: int, data: bytes) -> None:
        self._store.save_root(version, data)
        self._kept = Kept((*self._kept.roots, data), self._kept.roles)

    def _judged(self, announced: releases.Announced) -> ReleaseNews:
        version, channel, target = self._running
        described = [info.custom for name, info in announced.files.items() if name.startswith(f"{target}/")]
        try:
            found = [msgspec.convert(custom, Release) for custom in described]
        except msgspec.ValidationError as error:
            raise FormatRefused("update metadata: description") from error
        return ReleaseNews(*judge(found, running=version, channel=channel, target=target))

    def _tell(self, news: ReleaseNews) -> None:
        with self._lock:
            self._news = news
