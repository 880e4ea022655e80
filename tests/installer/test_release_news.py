# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client learns of releases from a real web server with real update metadata, keeps what it believed in a real
encrypted record, downloads nothing, and is misled by none of the ways a mirror could try.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from client import selftest, updates
from client.clock import Clock, Millis, SystemClock
from client.core import Core
from client.crypto.metadata.course import LIMITS
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.domain.ids import DeviceId, MemberId
from client.domain.releases import ReleaseNews, Standing
from client.errors import BadInput
from client.keys import device as devices
from client.keys.keyring_store import MemoryStore
from client.paths import ProfilePaths
from client.policy import Policy
from client.profile import Profile
from client.store.connection import open_record
from client.store.gate import Gate
from client.surroundings import Surroundings
from client.sync.releases import REALM, KeepsNothing, Mirror, Releases
from client.sync.trust_store import GateTrustStore
from client.updates import UpdateRootUnusable, UpdateWatch
from resources.packaging.builder import tuf_repo
from resources.packaging.builder.release import Release
from resources.packaging.builder.tuf_keys import TufKeys
from tests.helpers.web_folder import WebFolder, web_folder
from tests.installer.keys import of_updates

DAY_S = 86_400
TARGET = {"linux": "linux", "win32": "win-x64", "darwin": "macos"}[sys.platform]
RUNNING = ("1.2.3", "test", TARGET)


@dataclasses.dataclass
class Publisher:
    """Whoever makes releases; ``folder`` is what a mirror gives out."""

    release: Release
    folder: Path
    keys: TufKeys

    def publish(self, version: str, *, minimum: str = "1.0.0", channel: str = "test", days_ago: int = 0) -> None:
        installer = self.folder / f"ecabinet-{version}"
        self.folder.mkdir(exist_ok=True)
        installer.write_text(f"installer {version}")
        release = dataclasses.replace(self.release, version=version, channel=channel)
        now = int(time.time()) - days_ago * DAY_S
        tuf_repo.publish(release, self.folder, {TARGET: installer}, self.keys, now=now, min_version=minimum)

    @property
    def root(self) -> bytes:
        return (self.folder / "metadata" / "1.root.json").read_bytes()


class Member:
    """One device: its record on disk, its clock, its way to the mirror."""

    def __init__(self, folder: Path, root: bytes, url: str) -> None:
        self.root, self.ahead_ms = root, 0
        self._path, self._key = folder / "record.db", Secret.random(48, system_random)
        self.mirror = Mirror(url, verify=None, clock=SystemClock(), rng=system_random)
        self.start()

    def start(self) -> None:
        self.gate = Gate(lambda: open_record(self._path, self._key), "record")
        self.gate.start().result()
        store = GateTrustStore(self.gate, REALM)
        self.releases = Releases(self.root, store, running=RUNNING, now=self.now)
        self.releases.load()

    def restart(self) -> None:
        self.gate.stop()
        self.start()

    def now(self) -> Millis:
        return Millis(SystemClock().now() + self.ahead_ms)

    def look(self) -> ReleaseNews:
        return self.releases.look(self.mirror)

    def close(self) -> None:
        self.mirror.close()
        self.gate.stop()


@pytest.fixture
def publisher(release: Release, tmp_path: Path) -> Publisher:
    made = Publisher(release, tmp_path / "mirror", of_updates())
    made.publish("1.2.3")
    return made


@pytest.fixture
def web(publisher: Publisher) -> Iterator[WebFolder]:
    with web_folder(publisher.folder) as served:
        yield served


@pytest.fixture
def member(publisher: Publisher, web: WebFolder, tmp_path: Path) -> Iterator[Member]:
    folder = tmp_path / "device"
    folder.mkdir()
    made = Member(folder, publisher.root, web.url)
    yield made
    made.close()


def test_a_newer_release_is_told_and_nothing_is_fetched_but_metadata(
    member: Member, publisher: Publisher, web: WebFolder
) -> None:
    assert member.releases.news == ReleaseNews()
    assert member.look().standing is Standing.CURRENT
    publisher.publish("1.2.4")
    news = member.look()
    assert (news.standing, news.version, news.trouble) == (Standing.NEWER, "1.2.4", "")
    assert news.looked is not None
    assert all(path.startswith("/metadata/") for path in web.asked)


def test_what_was_learnt_outlives_a_restart_without_a_network(
    member: Member, publisher: Publisher, web: WebFolder
) -> None:
    publisher.publish("1.2.4")
    member.look()
    asked = len(web.asked)
    member.restart()
    assert (member.releases.news.standing, member.releases.news.version) == (Standing.NEWER, "1.2.4")
    assert len(web.asked) == asked


def test_below_the_minimum_is_told_apart(member: Member, publisher: Publisher) -> None:
    publisher.publish("1.3.0", minimum="1.2.9")
    assert member.look().standing is Standing.TOO_OLD


def test_an_older_set_played_back_is_refused_before_and_after_a_restart(
    member: Member, publisher: Publisher, web: WebFolder, tmp_path: Path
) -> None:
    old = shutil.copytree(publisher.folder, tmp_path / "old")
    publisher.publish("1.2.4")
    member.look()
    web.folder = old
    for _ in range(2):
        news = member.look()
        assert (news.standing, news.version, news.trouble) == (Standing.NEWER, "1.2.4", "untrusted.rollback")
        member.restart()
    web.folder = publisher.folder
    assert member.look().trouble == ""


def test_a_mirror_that_stands_still_is_noticed(member: Member) -> None:
    member.look()
    member.ahead_ms = 31 * DAY_S * 1000
    news = member.look()
    assert (news.standing, news.trouble) == (Standing.CURRENT, "untrusted.expired")


def test_a_set_that_ended_before_the_first_look_is_not_believed(
    release: Release, tmp_path: Path, publisher: Publisher, web: WebFolder
) -> None:
    stale = Publisher(release, tmp_path / "stale", publisher.keys)
    stale.publish("9.9.9", days_ago=31)
    web.folder = stale.folder
    (tmp_path / "late").mkdir()
    late = Member(tmp_path / "late", stale.root, web.url)
    try:
        assert late.look() == ReleaseNews(Standing.UNKNOWN, trouble="untrusted.expired")
    finally:
        late.close()


def test_somebody_elses_keys_are_refused(member: Member, release: Release, web: WebFolder, tmp_path: Path) -> None:
    stranger = Publisher(release, tmp_path / "stranger", of_updates())
    stranger.publish("9.9.9")
    web.folder = stranger.folder
    assert member.look() == ReleaseNews(Standing.UNKNOWN, trouble="untrusted.signature")


@pytest.mark.parametrize("role", ["timestamp", "1.snapshot", "1.targets"])
def test_altered_metadata_is_refused(member: Member, publisher: Publisher, role: str) -> None:
    path = publisher.folder / "metadata" / f"{role}.json"
    document = json.loads(path.read_bytes())
    document["signed"]["expires"] = "2099-01-01T00:00:00Z"
    path.write_text(json.dumps(document))
    news = member.look()
    assert news.standing is Standing.UNKNOWN
    assert news.trouble.startswith("untrusted.")


@pytest.mark.parametrize(("role", "name"), [("timestamp", "timestamp"), ("root", "2.root")])
@pytest.mark.parametrize("extra", [0, 1])
def test_too_large_is_refused_before_it_is_parsed(
    member: Member, publisher: Publisher, role: str, name: str, extra: int
) -> None:
    """At the limit a file is read and judged; a byte more and it is not even parsed."""
    path = publisher.folder / "metadata" / f"{name}.json"
    path.write_bytes(b" " * (LIMITS[role] + extra))
    assert member.look().trouble == ("untrusted.limit" if extra else "untrusted.format")


def test_a_portal_and_a_dead_mirror_say_nothing_about_releases(
    member: Member, publisher: Publisher, web: WebFolder
) -> None:
    publisher.publish("1.2.4")
    member.look()
    web.page = b"<html>sign in</html>"
    news = member.look()
    assert (news.version, news.trouble) == ("1.2.4", "service.captive_portal")
    web.page = None
    assert member.look().trouble == ""


def test_a_mirror_that_is_not_there(publisher: Publisher, tmp_path: Path) -> None:
    with web_folder(publisher.folder) as gone:
        url = gone.url
    (tmp_path / "alone").mkdir()
    alone = Member(tmp_path / "alone", publisher.root, url)
    try:
        assert alone.look().trouble.startswith("service.")
    finally:
        alone.close()


def test_keys_are_replaced_by_a_new_root_which_stays(member: Member, publisher: Publisher, web: WebFolder) -> None:
    member.look()
    fresh = dataclasses.replace(of_updates(), before=publisher.keys.root)
    tuf_repo.renew_root(publisher.folder, fresh, now=int(time.time()))
    before, publisher.keys = publisher.keys, fresh
    publisher.publish("1.2.4")
    assert member.look().version == "1.2.4"
    member.restart()
    assert member.look().trouble == ""
    (publisher.folder / "metadata" / "2.root.json").unlink()
    publisher.keys = before
    publisher.publish("9.9.9")
    news = member.look()
    assert (news.version, news.trouble) == ("1.2.4", "untrusted.signature"), "a stolen old key counts for nothing"


def test_an_exchanged_root_begins_anew(member: Member, release: Release, web: WebFolder, tmp_path: Path) -> None:
    """The administrator turned to another publisher: what the old one said is dropped, and stays dropped."""
    member.look()
    other = Publisher(release, tmp_path / "other", of_updates())
    other.publish("1.2.5")
    web.folder, member.root = other.folder, other.root
    member.restart()
    assert member.releases.news == ReleaseNews()
    assert member.look().version == "1.2.5"
    member.restart()
    assert member.releases.news.version == "1.2.5"


def test_other_systems_and_other_peoples_trials_do_not_count(
    member: Member, publisher: Publisher, release: Release
) -> None:
    publisher.publish("1.2.4")
    store = KeepsNothing()
    elsewhere = Releases(publisher.root, store, running=("1.2.3", "test", "os2"), now=member.now)
    assert elsewhere.look(member.mirror).standing is Standing.CURRENT
    official = Releases(publisher.root, store, running=("1.2.3", "production", TARGET), now=member.now)
    assert official.look(member.mirror).standing is Standing.CURRENT
    publisher.publish("1.2.4", channel="production")
    assert official.look(member.mirror).standing is Standing.NEWER


def test_a_description_that_is_none_is_refused_and_not_kept(
    member: Member, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    member.look()
    described = tuf_repo._described

    def nonsense(*args: object) -> object:
        made = described(*args)  # type: ignore[arg-type]
        for file in made.values():
            file.unrecognized_fields["custom"]["version"] = "latest"
        return made

    monkeypatch.setattr(tuf_repo, "_described", nonsense)
    publisher.publish("1.2.4")
    assert member.look().trouble == "untrusted.format"
    member.restart()
    assert member.releases.news.standing is Standing.CURRENT


@pytest.mark.parametrize("url", ["http://mirror.example/updates", "https://u:p@mirror.example", "https://m.example/?x"])
def test_an_address_that_could_leak_or_be_read_on_the_way_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        Mirror(url, verify=None, clock=SystemClock(), rng=system_random)


# -- as policy wants it ------------------------------------------------------------------------------------


def asking(policy: Policy, clock: Clock | None = None) -> tuple[Releases, Mirror]:
    chosen = clock or SystemClock()
    return updates.follow(policy, KeepsNothing(), verify=None, clock=chosen, rng=system_random, now=chosen.now)


def test_policy_names_mirror_and_root(publisher: Publisher, web: WebFolder, tmp_path: Path) -> None:
    root = tmp_path / "update-root.json"
    root.write_bytes(publisher.root)
    policy = Policy(update_url=f"{web.url}/", update_root=str(root))
    assert updates.wanted(policy)
    assert not updates.wanted(Policy())
    assert not updates.wanted(Policy(update_url=web.url, update_mode="off"))
    publisher.publish("99.0.0")
    releases, mirror = asking(policy)
    try:
        assert releases.look(mirror).version == "99.0.0"
    finally:
        mirror.close()


@pytest.mark.parametrize("content", [None, b" " * (LIMITS["root"] + 1)])
def test_without_a_usable_root_nobody_is_asked(web: WebFolder, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "root.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UpdateRootUnusable):
        asking(Policy(update_url=web.url, update_root=str(path)))
    assert web.asked == []


def test_the_watch_looks_by_itself_and_ends_at_once(publisher: Publisher, web: WebFolder, tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    heard: Queue[ReleaseNews] = Queue()
    policy = Policy(update_url=web.url, update_root=str(root))
    watch = UpdateWatch(*asking(policy), first_s=0, on_look=heard.put)
    watch.start()
    assert heard.get(timeout=20).trouble == ""
    watch.stop()
    assert "updates" not in {thread.name for thread in threading.enumerate()}


def test_working_offline_on_purpose_asks_nobody(publisher: Publisher, web: WebFolder, tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    watch = UpdateWatch(*asking(Policy(update_url=web.url, update_root=str(root))), first_s=0)
    watch.set_offline(True)
    watch.start()
    watch.stop()
    assert web.asked == []


def test_the_self_test_says_what_the_mirror_says(publisher: Publisher, web: WebFolder, tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    policy = Policy(update_url=web.url, update_root=str(root))
    assert selftest._releases(Policy()) == []
    publisher.publish("99.0.0", minimum="0.0.1")
    (found,) = selftest._releases(policy)
    assert (found.state, found.detail) == ("notice", "newer 99.0.0")
    web.page = b"<html>"
    (found,) = selftest._releases(policy)
    assert (found.state, found.detail) == ("notice", "unknown service.captive_portal")
    (found,) = selftest._releases(Policy(update_url=web.url, update_root=str(tmp_path / "none")))
    assert (found.state, found.detail) == ("notice", "machine.update_root")


def device(folder: Path, policy: Policy) -> Core:
    """A whole client without windows; its service is nowhere."""
    around = Surroundings(keystore=MemoryStore(), policy=policy)
    keys = devices.generate(DeviceId("d_news"), around.rng)
    root = selftest._root(around.clock.now())
    profile = Profile(
        selftest.NOWHERE, root, DeviceId("d_news"), "news", around.keystore.backend_name, member=MemberId("m_news")
    )
    return Core(ProfilePaths(folder / "profile"), profile, keys, around)


def test_a_whole_client_is_wired_to_the_mirror(publisher: Publisher, web: WebFolder, tmp_path: Path) -> None:
    root = tmp_path / "root.json"
    root.write_bytes(publisher.root)
    policy = Policy(update_url=web.url, update_root=str(root))
    publisher.publish("99.0.0", minimum="0.0.1")
    core = device(tmp_path, policy)
    try:
        assert core.release_news() == ReleaseNews()
        assert core.updates is not None
        heard: Queue[ReleaseNews] = Queue()
        watch = UpdateWatch(core.updates._releases, core.updates._mirror, first_s=0, on_look=heard.put)
        watch.start()
        assert heard.get(timeout=20).version == "99.0.0"
        watch.stop()
        found = core.release_news()
        assert found is not None
        assert found.standing is Standing.NEWER
        said = core.diagnostics().look().of("release")
        assert (said.value, said.attention) == ("newer 99.0.0", True)
    finally:
        core.close()


def test_a_client_without_a_root_says_so_and_opens_all_the_same(web: WebFolder, tmp_path: Path) -> None:
    core = device(tmp_path, Policy(update_url=web.url, update_root=str(tmp_path / "none")))
    try:
        assert core.release_news() == ReleaseNews(trouble="machine.update_root")
        assert core.diagnostics().look().of("release").attention
    finally:
        core.close()
    quiet = device(tmp_path / "quiet", Policy())
    try:
        assert (quiet.release_news(), quiet.diagnostics().look().of("release").value) == (None, "")
    finally:
        quiet.close()
