# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key ceremony: made, kept in files and on a token, replaced in use, lost, cut anywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.crypto import signing
from client.crypto.metadata.keys import HeldKey, SigningPort
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR
from client.crypto.random import system_random
from client.crypto.signing import SigningKey
from client.errors import BadInput, FormatRefused, SignatureInvalid, Unreachable, Untrusted
from server.embedded import EmbeddedService
from server.secretariat import ceremony, keyfile, places, token
from server.secretariat.cli import app
from server.secretariat.desk import Desk
from server.secretariat.desk_file import DeskExists, WrongPassphrase
from server.secretariat.founding import KEYS
from server.secretariat.places import KeyPlaces
from server.secretariat.token import TokenFault, WrongTokenPin
from tests.helpers.ceremony import MemoryTrustStore, held
from tests.helpers.softhsm import PIN, make_token, uri
from tests.unit.secretariat.office import LIGHT, PASSPHRASE, DeskWire, Followed, Office, SetClock, write_session

OTHER = "mật khẩu riêng của khóa này"


def root_keys(office: Office, *numbers: int) -> list[SigningPort]:
    """Some root keys of the office, from the files beside its desk."""
    folder = office.base / "desk" / KEYS
    return [keyfile.open_(folder / f"root-{number}.ecabkey", PASSPHRASE, testing=True) for number in numbers]


def follow(office: Office, trust: Followed | None = None) -> Followed:
    """A member's device that was installed at the very beginning."""
    trust = trust or Followed(office.desk.root(), MemoryTrustStore())
    trust.refresh(DeskWire(office.client()), office.clock.now())
    return trust


# -- files ------------------------------------------------------------------------------------------------------------


def test_a_key_file_opens_with_its_passphrase_and_with_nothing_else(tmp_path: Path) -> None:
    key, path = held("root-1"), tmp_path / "root-1.ecabkey"
    keyfile.write(path, key, OTHER, rng=system_random, params=LIGHT)
    assert keyfile.public_half(path).sign == key.public
    opened = keyfile.open_(path, OTHER, testing=True)
    signing.verify(key.public, opened.sign(b"x"), b"x")
    private = key.key
    assert isinstance(private, SigningKey)
    assert private.private_bytes().reveal()[-24:] not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(WrongPassphrase):
        keyfile.open_(path, PASSPHRASE, testing=True)
    with pytest.raises(FormatRefused):
        keyfile.open_(path, OTHER)  # a test's cheap cost is not accepted in earnest
    with pytest.raises(DeskExists):
        keyfile.write(path, held("root-1"), OTHER, rng=system_random, params=LIGHT)
    with pytest.raises(BadInput):
        keyfile.write(tmp_path / "short", key, "quá ngắn", rng=system_random, params=LIGHT)


def test_every_altered_byte_of_a_key_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "root-1.ecabkey"
    keyfile.write(path, held("root-1"), OTHER, rng=system_random, params=LIGHT)
    good = path.read_bytes()
    for at in range(0, len(good), 11):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        with pytest.raises((Untrusted, BadInput)):
            keyfile.open_(path, OTHER, testing=True)
    for cut in (0, 5, 60, len(good) - 1):
        path.write_bytes(good[:cut])
        with pytest.raises((Untrusted, BadInput)):
            keyfile.open_(path, OTHER, testing=True)
    path.write_bytes(good.ljust(keyfile.MAX_FILE + 1, b"x"))
    with pytest.raises(FormatRefused):
        keyfile.open_(path, OTHER, testing=True)


# -- the token --------------------------------------------------------------------------------------------------------


def test_a_whole_ceremony_on_a_token_and_a_release_signed_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_token(tmp_path, monkeypatch)
    receipt = EmbeddedService.prepare(tmp_path / "service")
    asked: list[str] = []

    def secrets(name: str) -> str:
        asked.append(name)
        return OTHER if name == "root-3" else PIN

    where = KeyPlaces(
        (uri(made, "root-1"), uri(made, "root-2"), str(tmp_path / "usb" / "root-3.ecabkey")),
        secrets,
        registrar=uri(made, "registrar-1"),
        publisher=uri(made, "publisher-1"),
    )
    clock = SetClock()
    arguments = (tmp_path / "desk", PASSPHRASE, "Chính phủ", clock, system_random)
    Desk.create(*arguments, service_key=receipt.sign, params=LIGHT, places=where).close()
    assert sorted(asked) == ["publisher-1", "registrar-1", "root-1", "root-2", "root-3"]
    with Desk.open(tmp_path / "desk", PASSPHRASE, clock, system_random, testing=True) as desk:
        with pytest.raises(BadInput):  # nobody can be asked for the PIN
            desk.connect("http://127.0.0.1:9")
        desk.ask_secrets(secrets, testing=True)
        with EmbeddedService(tmp_path / "service", root=desk.root(), clock=clock) as service:
            desk.connect(service.url)
            (tmp_path / "members.csv").write_text("id,name\nm_001,Người thử (dữ liệu giả định)\n", "utf-8")
            assert desk.import_members(tmp_path / "members.csv").published
            new = token.generate("publisher-2", token.parse(uri(made, "publisher-2")), PIN)
            signers = [places.open_(place, secrets, desk.root_keys(), testing=True) for place in where.root[1:]]
            assert desk.replace_role_key(PUBLISHER, new, uri(made, "publisher-2"), signers=signers)
            assert desk.publish(write_session(tmp_path / "papers")).changed
    assert not (tmp_path / "desk" / KEYS).exists()


def test_the_token_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_token(tmp_path, monkeypatch)
    place = token.parse(uri(made, "root-7"))
    key = token.generate("root-7", place, PIN)
    signing.verify(key.public, key.sign(b"abc"), b"abc")
    assert token.open_(place, PIN).public == key.public
    assert PIN not in repr(key)
    with pytest.raises(BadInput):
        token.generate("root-7", place, PIN)
    with pytest.raises(WrongTokenPin):
        token.open_(place, "000000")
    for wrong in (uri(made, "none"), f"pkcs11:token=none;object=x?module-path={made}"):
        with pytest.raises(TokenFault):
            token.open_(token.parse(wrong), PIN)
    with pytest.raises(TokenFault):
        token.open_(token.parse("pkcs11:token=x;object=x?module-path=/none.so"), PIN)
    for text in ("file:x", "pkcs11:token=x", "pkcs11:object=x?module-path=/m.so", uri(made, "x") + "&pin-value=1234"):
        with pytest.raises(BadInput):
            token.parse(text)
    with pytest.raises(SignatureInvalid):
        places.open_(uri(made, "root-7"), lambda _name: PIN, {"root-7": held("x-1").public})


# -- replacing keys in use --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [REGISTRAR, PUBLISHER])
def test_a_daily_key_is_replaced_and_work_goes_on(office: Office, tmp_path: Path, role: str) -> None:
    office.enrol()
    office.desk.publish(write_session(tmp_path / "one"))
    trust = follow(office)
    before = trust.versions
    old = HeldKey(f"{role}-1", getattr(office.desk._core, role).key)
    new = held(office.desk.next_key_id(role))
    assert new.keyid == f"{role}-2"
    assert office.desk.replace_role_key(role, new, "", signers=root_keys(office, 1, 3))
    follow(office, trust)
    assert trust.versions["targets"] == before["targets"] + 1
    assert len(office.manifest(office.desk.packs[0].pack, 1).papers) == 3, "the old publisher's envelope still opens"
    office.reopen()
    assert office.desk.publish(write_session(tmp_path / "two", title="Phiên sau (dữ liệu giả định)")).changed
    (tmp_path / "more.csv").write_text("name\nNgười mới (dữ liệu giả định)\n", "utf-8")
    assert office.desk.import_members(tmp_path / "more.csv").published
    follow(office, trust)
    assert len(trust.targets()) == 2 + 1 + sum(name.startswith("r/") for name in trust.targets())
    thief = office.client()
    thief.sign_as(**{"publisher": office.desk._core.publisher, "registrar": office.desk._core.registrar, role: old})
    with pytest.raises(Exception, match=r"service\.refused|untrusted"):
        thief.put_target("d/directory.99", b"x", registrar=True) if role == REGISTRAR else thief.put_poll("po_x", b"x")


def test_a_lost_root_key_is_replaced_by_the_two_that_are_left(office: Office, tmp_path: Path) -> None:
    trust = follow(office)
    new = held(office.desk.next_key_id("root"))
    with pytest.raises(SignatureInvalid):
        office.desk.replace_root_key("root-2", new, signers=root_keys(office, 1))
    assert office.desk.replace_root_key("root-2", new, signers=root_keys(office, 1, 3))
    assert set(office.desk.root_keys()) == {"root-1", "root-3", "root-4"}
    follow(office, trust)
    assert trust.versions["root"] == 2
    with pytest.raises(SignatureInvalid):  # the lost one and one that stays no longer suffice
        office.desk.replace_role_key(PUBLISHER, held("publisher-2"), "", signers=root_keys(office, 1, 2))
    assert office.desk.replace_role_key(PUBLISHER, held("publisher-2"), "", signers=[new, *root_keys(office, 1)])
    assert office.desk.replace_root_key("", None, signers=[new, *root_keys(office, 3)]), "prolonged"
    follow(office, trust)
    assert trust.versions["root"] == 3
    assert office.desk.publish(write_session(tmp_path / "papers")).changed
    office.reopen()
    assert office.desk.next_key_id("root") == "root-5"


@pytest.mark.parametrize("answered", [False, True], ids=["request lost", "answer lost"])
def test_a_replacement_cut_on_its_way_is_finished_not_made_twice(office: Office, answered: bool) -> None:
    trust = follow(office)
    office.client(cut_at=3, answered=answered)  # two looks at the snapshot, then the release
    with pytest.raises(Unreachable):
        office.desk.replace_role_key(PUBLISHER, held("publisher-2"), "", signers=root_keys(office, 1, 2))
    office.reopen()
    assert office.desk.resume_key_replacement(PUBLISHER)
    assert office.desk.next_key_id("publisher") == "publisher-3"
    assert not office.desk.resume_key_replacement(PUBLISHER)
    follow(office, trust)
    assert "publisher-2" in trust.publisher_keys()


def test_one_key_never_has_two_purposes(office: Office) -> None:
    core = office.desk._core
    reused: Sequence[SigningPort] = [
        HeldKey("publisher-2", core.registrar.key),
        HeldKey("publisher-2", core.publisher.key),
    ]
    for port in reused:
        with pytest.raises(BadInput):
            office.desk.replace_role_key(PUBLISHER, port, "", signers=root_keys(office, 1, 2))
    with pytest.raises(BadInput):
        office.desk.replace_root_key("root-9", held("root-4"), signers=root_keys(office, 1, 2))
    with pytest.raises(BadInput):
        office.desk.replace_root_key(
            "root-1", HeldKey("root-4", root_keys(office, 2)[0].key), signers=root_keys(office, 2, 3)
        )


def test_metadata_in_its_last_months_is_signed_again_with_any_release(tmp_path: Path) -> None:
    clock = SetClock()
    office = Office(tmp_path, clock=clock)
    try:
        before = follow(office).versions
        clock.at += (ceremony.ROLE_DAYS - ceremony.RENEW_DAYS + 1) * ceremony.DAY_MS
        office.desk.publish(write_session(tmp_path / "papers"))
        after = follow(office).versions
        assert after[REGISTRAR] == before[REGISTRAR] + 1, "nothing changed in the directory"
    finally:
        office.close()


# -- on the command line ----------------------------------------------------------------------------------------------


class Line:
    """The command line with a desk whose keys lie in a drawer."""

    def __init__(self, base: Path) -> None:
        self.base, self.desk, self.drawer = base, base / "desk", base / "drawer"
        self.drawer.mkdir()
        self.key = EmbeddedService.prepare(base / "service").sign
        self.places = [str(self.drawer / f"root-{number}.ecabkey") for number in (1, 2, 3)]

    def run(self, *arguments: str, code: int = 0) -> dict:
        answer = CliRunner().invoke(app, [*arguments, "--json"], env={"ECABINET_DESK": str(self.desk)})
        assert answer.exit_code == code, (answer.exit_code, answer.output, answer.exception)
        found = json.loads(answer.stdout)
        return found["result"] if code == 0 else found["error"]

    def init(self, *more: str, code: int = 0) -> dict:
        roots = [part for place in self.places for part in ("--root", place)]
        body = ("--body", "Chính phủ", "--service-key", self.key)
        return self.run("keys", "init", str(self.desk), *body, *roots, *more, code=code)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setenv("ECABINET_DESK_PASSPHRASE", PASSPHRASE)
    return Line(tmp_path)


def test_the_ceremony_on_the_command_line(line: Line) -> None:
    assert line.init("--dry-run")["dry_run"] is True
    assert not line.desk.exists()
    assert list(line.drawer.iterdir()) == []
    (line.base / "secret").write_text(OTHER + "\n", "utf-8")
    made = line.init("--secret", f"root-2={line.base / 'secret'}")
    assert made["root_keys"]["root-2"] == line.places[1]
    assert len(list(line.drawer.iterdir())) == 3
    assert line.init(code=2)["code"] == "user.bad_input", "no key is replaced"
    standing = line.run("keys", "status")
    assert [(role["role"], role["threshold"], len(role["keys"])) for role in standing["roles"]] == [
        ("root", 2, 3),
        ("targets", 2, 3),
        ("registrar", 1, 1),
        ("publisher", 1, 1),
    ]
    assert standing["warnings"] == []
    using = ["--with", line.places[0], "--with", line.places[1]]
    new = str(line.drawer / "root-4.ecabkey")
    rotate = ("keys", "rotate", "root-3", "--to", new, *using)
    assert line.run(*rotate, "--secret", f"root-2={line.base / 'secret'}", "--dry-run")["new"] == "root-4"
    assert not Path(new).exists()
    assert line.run(*rotate, "--dry-run", code=2)["code"] == "user.wrong_passphrase"
    one = ("keys", "rotate", "publisher", "--with", line.places[0], "--with", line.places[0], "--dry-run")
    assert line.run(*one, code=2)["code"] == "user.bad_input"
    for wrong in ("root-9", "receipt-1"):
        assert line.run("keys", "rotate", wrong, "--to", new, *using, "--dry-run", code=2)["code"] == "user.bad_input"


def test_fewer_or_equal_places_are_refused(line: Line) -> None:
    line.places = line.places[:2]
    assert line.init(code=2)["code"] == "user.bad_input"
    line.places = [*line.places, line.places[0]]
    assert line.init(code=2)["code"] == "user.bad_input"
    assert not line.desk.exists()
