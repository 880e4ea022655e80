# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key ceremony on the command line: new keys, replaced keys, and how all of them stand.

A key's place is a file (``/media/usb/root-1.ecabkey``) or a token (``pkcs11:token=...;object=...?module-path=...``).
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer
from msgspec import Struct

from client.clock import SystemClock
from client.crypto import signing
from client.crypto.kdf import Argon2Params
from client.crypto.metadata.keys import HeldKey, SigningPort
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, ROOT, TARGETS
from client.crypto.random import system_random
from client.crypto.signing import SigningKey
from client.errors import BadInput
from server.secretariat import ceremony, places
from server.secretariat.commands.options import DESK, Ca, DeskOption, DryRun, Json, Lang, PassFile, Server
from server.secretariat.console import Options, guarded, passphrase, run
from server.secretariat.desk import Desk
from server.secretariat.founding import KEYS
from server.secretariat.keys import KeyLine
from server.secretariat.places import KeyPlaces

keys: Final = typer.Typer(no_args_is_help=True, help="Khóa: nghi thức, thay khóa, tình trạng / keys.")

SOON_DAYS: Final = 90
MAX_SECRET: Final = 1024

Place = Annotated[
    list[str] | None,
    typer.Option("--root", help="Nơi giữ một khóa gốc, đủ 3 lần: tệp hoặc pkcs11:... / a root key's place, 3 times."),
]
SecretFile = Annotated[
    list[str] | None,
    typer.Option("--secret", help="TÊN=TỆP: mật khẩu hoặc PIN của một khóa / passphrase or PIN of one key."),
]


class Made(Struct, frozen=True):
    """A ceremony's outcome; ``root export`` writes what service and members' devices are given."""

    desk: str
    root_keys: dict[str, str]
    registrar: str
    publisher: str
    dry_run: bool = False


class Rotated(Struct, frozen=True):
    """A replaced key.

    Attributes:
        old, new: Ids; the same when root and targets were only prolonged.
        sent: The service has it. Otherwise it needs the new root file.
    """

    role: str
    old: str
    new: str
    sent: bool
    dry_run: bool = False


class Standing(Struct, frozen=True):
    """How the keys stand; ``warnings`` name what somebody should do."""

    roles: tuple[KeyLine, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asking:
    """Passphrases and PINs: from a file named for the key, asked for, or the desk's own."""

    options: Options
    files: dict[str, Path]
    desk: str

    def __call__(self, name: str) -> str:
        if name in self.files:
            try:
                with self.files[name].open("rb") as file:
                    return file.read(MAX_SECRET).decode().rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise BadInput(f"--secret {name}") from error
        if self.options.json or not sys.stdin.isatty():
            return self.desk
        prompt = self.options.say(
            f"Mật khẩu hoặc PIN của khóa {name} (Enter: như bàn làm việc): ",
            f"Passphrase or PIN of the key {name} (Enter: as the desk's): ",
        )
        return getpass.getpass(prompt) or self.desk


@keys.command("init")
def keys_init(
    *,
    desk: Annotated[Path, typer.Argument(help="Thư mục bàn làm việc mới / folder of the new desk.")],
    body: Annotated[str, typer.Option("--body", help="Tên cơ quan / name of the body.")],
    service_key: Annotated[str, typer.Option("--service-key", help="Khóa của máy chủ / the service's key.")],
    root: Place = None,
    registrar: Annotated[str, typer.Option("--registrar", help="Nơi giữ; bỏ trống: trong bàn / its place.")] = "",
    publisher: Annotated[str, typer.Option("--publisher", help="Nơi giữ; bỏ trống: trong bàn / its place.")] = "",
    secret: SecretFile = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Nghi thức tạo khóa: ba khóa gốc (hai khóa ký), khóa đăng ký, khóa phát hành / the key ceremony."""
    options = Options(desk, json, lang, passphrase_file)

    def work() -> Made:
        signing.decode_public(service_key)
        wanted = tuple(root or ())
        if len(wanted) != ceremony.ROOT_KEYS or len(set(wanted)) != len(wanted):
            raise BadInput(f"--root: {ceremony.ROOT_KEYS} different places are needed")
        for place in filter(None, (*wanted, registrar, publisher)):
            places.check_new(place)
        shown = {f"root-{number}": place for number, place in enumerate(wanted, 1)}
        if dry_run:
            return Made(str(desk), shown, registrar, publisher, dry_run=True)
        own = passphrase(options, confirm=True)
        asking = _Asking(options, _files(secret), own)
        where = KeyPlaces(wanted, asking, registrar, publisher)
        clock, rng = SystemClock(), system_random
        Desk.create(desk, own, body, clock, rng, service_key=service_key, places=where).close()
        return Made(str(desk), shown, registrar, publisher)

    guarded(options, work, lambda made: _made_lines(made, options))


@keys.command("rotate")
def keys_rotate(
    *,
    what: Annotated[
        str, typer.Argument(help="registrar | publisher | root-1 ... (thay khóa) | root (gia hạn / prolong)")
    ],
    to: Annotated[str, typer.Option("--to", help="Nơi giữ khóa mới: tệp, pkcs11:..., hoặc bỏ trống / new place.")] = "",
    using: Annotated[
        list[str] | None,
        typer.Option("--with", help="Nơi giữ khóa gốc còn lại, 2 lần / places of two root keys, twice."),
    ] = None,
    secret: SecretFile = None,
    desk: DeskOption = DESK,
    server: Server = None,
    ca: Ca = None,
    json: Json = False,
    lang: Lang = "vi",
    passphrase_file: PassFile = None,
    dry_run: DryRun = False,
) -> None:
    """Thay một khóa bằng khóa mới, với hai khóa gốc / replace a key, with two root keys."""
    options = Options(desk, json, lang, passphrase_file, server, ca)

    asked = _Rotation(what, to, tuple(using or ()), dry_run)

    def work(opened: Desk) -> Rotated:
        return _rotate(opened, asked, _Asking(options, _files(secret), passphrase(options)))

    run(options, work, lambda rotated: _rotated_lines(rotated, options), online=not dry_run)


@dataclass(frozen=True, slots=True)
class _Rotation:
    """What ``keys rotate`` was asked for."""

    what: str
    to: str
    using: tuple[str, ...]
    dry_run: bool


def _rotate(opened: Desk, asked: _Rotation, asking: _Asking) -> Rotated:
    opened.ask_secrets(asking)
    what, role = asked.what, asked.what if asked.what in (REGISTRAR, PUBLISHER) else ROOT
    current = {line.role: line.keys[-1] for line in opened.key_status()}
    old = what if role == ROOT else current[role]
    if not asked.dry_run and opened.resume_key_replacement(role):
        now = {line.role: line.keys[-1] for line in opened.key_status()}
        return Rotated(role, old, now[role], sent=True)
    if role == ROOT and what not in (ROOT, *opened.root_keys()):
        raise BadInput(f"{what}: root, {', '.join(sorted(opened.root_keys()))}, registrar or publisher")
    if role == ROOT and what != ROOT and not asked.to:
        raise BadInput("--to: a root key never lies in the desk")
    if asked.to:
        places.check_new(asked.to)
    signers = [places.open_(place, asking, opened.root_keys()) for place in asked.using]
    if len({port.public for port in signers}) < ceremony.THRESHOLD:
        raise BadInput(f"--with: {ceremony.THRESHOLD} root keys are needed")
    keyid = what if what == ROOT else opened.next_key_id(role)
    if asked.dry_run:
        return Rotated(role, old, keyid, sent=False, dry_run=True)
    if what == ROOT:
        return Rotated(role, old, keyid, opened.replace_root_key("", None, signers=signers))
    new = _new_key(keyid, asked.to, asking)
    if role == ROOT:
        return Rotated(role, old, keyid, opened.replace_root_key(what, new, signers=signers))
    return Rotated(role, old, keyid, opened.replace_role_key(role, new, asked.to, signers=signers))


def _new_key(keyid: str, place: str, asking: _Asking) -> SigningPort:
    if not place:
        return HeldKey(keyid, SigningKey.generate())
    return places.make(keyid, place, asking, rng=system_random, params=Argon2Params())


@keys.command("status")
def keys_status(
    *, desk: DeskOption = DESK, json: Json = False, lang: Lang = "vi", passphrase_file: PassFile = None
) -> None:
    """Ai ký gì, còn hạn bao lâu, cần làm gì / who signs what, for how long, what to do."""
    options = Options(desk, json, lang, passphrase_file)

    def work(opened: Desk) -> Standing:
        found = opened.key_status()
        return Standing(found, tuple(_warnings(found, desk, options)))

    def lines(standing: Standing) -> Iterator[str]:
        for line in standing.roles:
            left = "–" if line.days is None else options.say(f"còn {line.days} ngày", f"{line.days} days left")
            yield f"{line.role:<10} {line.threshold}/{len(line.keys)}  {', '.join(line.keys)}  v{line.version}  {left}"
        yield from standing.warnings

    run(options, work, lines, online=False)


def _warnings(found: tuple[KeyLine, ...], desk: Path, options: Options) -> Iterator[str]:
    for line in found:
        if line.days is not None and line.days < SOON_DAYS:
            top = line.role in (ROOT, TARGETS)
            vi = "chạy keys rotate root với hai khóa gốc" if top else "hãy phát hành lại"
            en = "run keys rotate root with two root keys" if top else "publish again"
            yield options.say(
                f"! {line.role} chỉ còn {line.days} ngày: {vi}.", f"! {line.role} ends in {line.days} days: {en}."
            )
    beside = sorted(path.name for path in (desk / KEYS).glob("root-*")) if (desk / KEYS).is_dir() else []
    if beside:
        yield options.say(
            f"! Khóa gốc vẫn nằm cạnh bàn làm việc ({', '.join(beside)}): chép ra USB, cất riêng, rồi xóa ở đây.",
            f"! Root keys still lie beside the desk ({', '.join(beside)}): move them to USB sticks and lock them away.",
        )


def _files(given: list[str] | None) -> dict[str, Path]:
    found = dict(entry.partition("=")[::2] for entry in given or ())
    if not all(found.values()):
        raise BadInput("--secret: NAME=FILE")
    return {name: Path(path) for name, path in found.items()}


def _made_lines(made: Made, options: Options) -> Iterator[str]:
    if made.dry_run:
        yield options.say("Chạy thử: chưa tạo gì.", "Dry run: nothing was made.")
        return
    yield options.say(f"Đã tạo bàn làm việc: {made.desk}", f"Made the desk: {made.desk}")
    for name, place in made.root_keys.items():
        yield f"  {name}: {place}"
    yield options.say(
        "Cất ba khóa gốc ở ba nơi, ba người giữ. Hai khóa bất kỳ đủ để thay mọi khóa khác.",
        "Lock the three root keys away in three places, with three people. Any two can replace every other key.",
    )


def _rotated_lines(rotated: Rotated, options: Options) -> Iterator[str]:
    if rotated.dry_run:
        yield options.say("Chạy thử: chưa thay gì.", "Dry run: nothing was replaced.")
    elif rotated.old == rotated.new:
        yield options.say("Đã gia hạn root và targets.", "Prolonged root and targets.")
    else:
        yield options.say(f"Đã thay {rotated.old} bằng {rotated.new}.", f"Replaced {rotated.old} by {rotated.new}.")
    if not rotated.sent and not rotated.dry_run:
        yield options.say(
            "Máy chủ chưa nhận: xuất lại tệp gốc (root export) và khởi động máy chủ với tệp đó.",
            "The service does not have it yet: export the root file again and start the service with it.",
        )
