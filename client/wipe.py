# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erases a profile: by the registrar's signed order, or because its member starts anew without the old keys.

What makes the data unreadable is the loss of the keys; that is why the keystore's secret goes first and the large store
last. Deleting files after that is tidiness: on flash memory nobody can promise more.

Rules:
1. The intent is on the disk before anything is destroyed; whoever starts the program next carries it on, without a PIN.
   Every step may be repeated.
2. Order: keystore secret, key file (with counter and anchor), ``record.db``, ``papers.db``, everything else.
3. A keystore that does not answer does not keep the files alive: they go all the same, and the secret is tried again at
   the next start.
4. The report to the service is signed before the keys are destroyed and sent after everything is gone; it is sent until
   the service has it.
5. The intent holds public facts only: address, device, times, the signed report.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, structs

from client import durable, left_behind
from client.clock import to_rfc3339
from client.core import Core, tls_context
from client.crypto import dsse
from client.domain.ids import DeviceId, Moment
from client.errors import EnvironmentFault, FormatRefused, KeyFileDamaged, KeystoreUnavailable
from client.keys import files
from client.keys.device import DeviceKeys
from client.left_behind import LeftBehind
from client.paths import ProfilePaths
from client.profile import Profile
from client.protocol import codec
from client.protocol.messages import WipeReport
from client.surroundings import Surroundings, vault_of
from client.sync.crashpoints import crash_point
from client.sync.transport import Transport


class Erasure(Struct, frozen=True, forbid_unknown_fields=True):
    """An erasure that was decided, and how far it is.

    Attributes:
        device: Whose keystore entries go.
        body: For the screen: which body's data it was.
        report: The signed report; empty when the member erased the profile.
        left: What was signed and may never have been sent; told after the next enrolment.
        done: Nothing is left.
        reported: When the service had the report.
    """

    device: DeviceId
    body: Annotated[str, Meta(max_length=300)]
    server_url: Annotated[str, Meta(max_length=300)]
    ca_file: str | None
    decided: Moment
    report: bytes = b""
    left: LeftBehind | None = None
    done: bool = False
    reported: Moment | None = None

    @property
    def ordered(self) -> bool:
        """Whether the registrar ordered it."""
        return bool(self.report)


def load(paths: ProfilePaths) -> Erasure | None:
    """The erasure of this profile, under way or done; None for none.

    Raises:
        KeyFileDamaged: Its file cannot be read.
    """
    data = files.read(paths.erasure)
    try:
        return None if data is None else codec.decode(data, Erasure, limit=codec.MAX_SMALL)
    except FormatRefused as error:
        raise KeyFileDamaged("erasure") from error


def order(paths: ProfilePaths, profile: Profile, keys: DeviceKeys, around: Surroundings, *, directory: int) -> Erasure:
    """Note the registrar's order, with the report that will be sent once it was carried out.

    Args:
        paths: The profile; its stores must be closed before :func:`carry_out`.
        profile: Its public facts; names the member.
        keys: Sign the report.
        around: The clock.
        directory: Version of the signed directory that gave the order.
    """
    now = Moment(to_rfc3339(around.clock.now()))
    assert profile.member is not None
    report = WipeReport(profile.device, profile.member, directory, now)
    signed = dsse.sign(codec.encode(report), keyid=profile.device, key=keys.signing)
    noted = structs.replace(_intent(profile, now), report=signed)
    _keep(paths, noted)
    crash_point("wipe.ordered")
    return noted


def obey(core: Core, keys: DeviceKeys) -> Erasure:
    """Carry out the order that the signed directory gives this unlocked device; it is closed and gone afterwards.

    Raises:
        EnvironmentFault: Something resisted; the next start goes on.
    """
    directory = core.trust.directory()
    assert directory is not None
    paths, around = core.paths, core.around
    order(paths, core.profile, keys, around, directory=directory.version)
    core.close()
    return carry_out(paths, around)


def decide(paths: ProfilePaths, profile: Profile, around: Surroundings, *, left: LeftBehind) -> Erasure:
    """Note that the member gives this profile up; the keys need not be there any more."""
    noted = structs.replace(_intent(profile, Moment(to_rfc3339(around.clock.now()))), left=left)
    _keep(paths, noted)
    return noted


def carry_out(paths: ProfilePaths, around: Surroundings) -> Erasure:
    """Erase, from wherever an earlier run was cut short.

    Raises:
        KeystoreUnavailable: The files are gone, the keystore kept its part; again at the next start.
        EnvironmentFault: A file could not be deleted; likewise.
    """
    noted = load(paths)
    if noted is None:
        raise EnvironmentFault("nothing to erase was noted")
    if noted.done:
        return noted
    vault = vault_of(paths, around, noted.device)
    refused: KeystoreUnavailable | None = None
    try:
        vault.forget_secret()
        crash_point("wipe.secret_gone")
        vault.destroy()
    except KeystoreUnavailable as error:
        refused = error
        files.remove(paths.key_file)
    crash_point("wipe.keys_gone")
    _remove(paths.base, paths.record.name)
    crash_point("wipe.record_gone")
    _remove(paths.base, paths.papers.name)
    crash_point("wipe.papers_gone")
    _remove_rest(paths)
    crash_point("wipe.all_gone")
    if refused is not None:
        raise refused
    done = structs.replace(noted, done=True)
    _keep(paths, done)
    return done


def send_report(paths: ProfilePaths, around: Surroundings) -> Erasure:
    """Tell the service, unless it knows.

    Raises:
        ServiceError: It could not be told; try again later.
    """
    noted = load(paths)
    if noted is None or not noted.done:
        raise EnvironmentFault("not erased yet")
    if not noted.ordered or noted.reported is not None:
        return noted
    transport = Transport(
        noted.server_url,
        verify=tls_context(noted.ca_file, around.policy.ca_pins),
        clock=around.clock,
        rng=around.rng,
        signer=None,
        proxy=around.policy.proxy,
    )
    try:
        transport.report_wiped(noted.report)
    finally:
        transport.close()
    told = structs.replace(noted, reported=Moment(to_rfc3339(around.clock.now())))
    _keep(paths, told)
    crash_point("wipe.reported")
    return told


def forget(paths: ProfilePaths) -> None:
    """The member read that all is gone and starts anew; what was left behind is remembered until then and beyond."""
    noted = load(paths)
    if noted is not None and noted.left is not None:
        left_behind.keep(paths, noted.left)
    files.remove(paths.erasure)


def _intent(profile: Profile, now: Moment) -> Erasure:
    return Erasure(profile.device, profile.root.body, profile.server_url, profile.ca_file, now)


def _keep(paths: ProfilePaths, noted: Erasure) -> None:
    files.write(paths.erasure, codec.encode(noted))


def _remove(folder: Path, name: str) -> None:
    """A store with everything SQLite and we put beside it.

    Raises:
        EnvironmentFault: Something of it could not be deleted.
    """
    try:
        for path in [path for path in folder.iterdir() if path.name == name or path.name.startswith(f"{name}-")]:
            path.unlink(missing_ok=True)
        durable.sync_folder(folder)
    except OSError as error:
        raise EnvironmentFault(f"cannot delete {name}: errno {error.errno}") from error


def _remove_rest(paths: ProfilePaths) -> None:
    """Copies, notes of withdrawal, profile, log: all that is in the folder but the intent itself.

    The program's own log may be open, which Windows does not let go: it is emptied instead.
    """
    try:
        for path in paths.base.iterdir():
            if path == paths.erasure:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, onerror=_empty)
            else:
                path.unlink(missing_ok=True)
        durable.sync_folder(paths.base)
    except OSError as error:
        raise EnvironmentFault(f"cannot delete: errno {error.errno}") from error


def _empty(_function: object, name: str, _info: object) -> None:
    with contextlib.suppress(OSError):  # a folder that is not empty because of the open log in it
        os.truncate(name, 0)
