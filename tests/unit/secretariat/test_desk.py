# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk on disk, members and devices."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse
from client.crypto.fingerprint import fingerprint, qr_text
from client.crypto.hpke import SealingKey
from client.crypto.random import system_random
from client.crypto.signing import SigningKey
from client.errors import BadInput, EcabinetError, FormatRefused, StoreBusy, Unreachable, Untrusted
from client.keys import device as device_keys
from client.protocol import codec, names
from client.protocol.messages import Directory
from server.secretariat import desk_file, enrolment, members
from server.secretariat.desk import Desk
from server.secretariat.desk_file import DeskExists, DeskMissing, WrongPassphrase
from server.secretariat.members import BadMembers
from server.secretariat.rules import PRESETS
from server.secretariat.serving import BadLink
from tests.unit.secretariat.office import LIGHT, PASSPHRASE, Office, SetClock, write_session

SERVICE_KEY = SigningKey.generate().public


def create(path: Path) -> Desk:
    return Desk.create(path, PASSPHRASE, "Chính phủ", SetClock(), system_random, service_key=SERVICE_KEY, params=LIGHT)


def reopen(path: Path, passphrase: str = PASSPHRASE, *, testing: bool = True) -> Desk:
    return Desk.open(path, passphrase, SetClock(), system_random, testing=testing)


def test_a_desk_opens_again_with_its_keys_and_with_nothing_else(tmp_path: Path) -> None:
    with create(tmp_path / "desk") as desk:
        root = desk.root()
    with reopen(tmp_path / "desk") as desk:
        assert desk.root() == root
    with pytest.raises(WrongPassphrase):
        reopen(tmp_path / "desk", "một mật khẩu khác hẳn")
    with pytest.raises(FormatRefused):
        reopen(tmp_path / "desk", testing=False)  # a test's cheap cost is not accepted in earnest
    with pytest.raises(DeskMissing):
        reopen(tmp_path / "none")
    with pytest.raises(DeskExists):
        create(tmp_path / "desk")
    with pytest.raises(BadInput):
        Desk.create(
            tmp_path / "short", "quá ngắn", "X", SetClock(), system_random, service_key=SERVICE_KEY, params=LIGHT
        )
    assert not (tmp_path / "short").exists()


def test_every_altered_byte_of_the_desk_is_refused(tmp_path: Path) -> None:
    create(tmp_path).close()
    path = tmp_path / desk_file.FILE_NAME
    good = path.read_bytes()
    places = [*range(0, len(desk_file.MAGIC), 3), *range(30, 160, 7), len(good) // 2, len(good) - 1]
    for at in places:
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        with pytest.raises((Untrusted, BadInput)):
            reopen(tmp_path)
    for cut in (0, 5, 60, 200, len(good) - 1):
        path.write_bytes(good[:cut])
        with pytest.raises((Untrusted, BadInput)):
            reopen(tmp_path)
    path.write_bytes(good)
    reopen(tmp_path).close()


def test_no_key_or_name_stands_in_the_desk_in_clear(office: Office, tmp_path: Path) -> None:
    state = office.desk._core.state
    held = (tmp_path / "desk" / desk_file.FILE_NAME).read_bytes()
    for secret in (state.publisher.private, state.registrar.private, state.reader.private, "Bộ trưởng".encode()):
        assert secret[-24:] not in held
    assert repr(state.publisher) == "NamedKey(publisher-1)"
    assert "Bộ" not in repr(state)


def test_one_process_at_a_desk(tmp_path: Path) -> None:
    desk = create(tmp_path)
    with pytest.raises(StoreBusy):
        reopen(tmp_path)
    desk.close()
    reopen(tmp_path).close()


def test_a_power_cut_while_saving_leaves_the_old_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = create(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(5, "Input/output error")))
    with pytest.raises(desk_file.DeskFault):
        desk._core.edit(lambda state: structs.replace(state, body="Cơ quan khác"))
    monkeypatch.undo()
    desk.close()
    with reopen(tmp_path) as again:
        assert again.root().body == "Chính phủ"


# -- members -----------------------------------------------------------------------------------------------


def test_members_come_from_csv_in_either_language_and_keep_their_ids(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    with create(tmp_path / "desk") as desk:
        file.write_text("\ufeffHọ và tên;Vai trò;Nhóm\nNguyễn A;Thủ tướng;government\nTrần B;;\n", "utf-8")
        assert desk.import_members(file, dry_run=True).added == 2
        assert desk.members == ()
        assert desk.import_members(file).total == 2
        first = {member.name: member for member in desk.members}
        assert first["Nguyễn A"].role == "prime_minister"
        assert first["Trần B"].groups == ("government",)
        file.write_text("name,role,groups\nTRẦN B,member,government;party\nLê C,guest,\n", "utf-8")
        report = desk.import_members(file)
        assert (report.added, report.changed, report.total) == (1, 1, 3)
        assert {member.id for member in first.values()} < {member.id for member in desk.members}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("ten,role\nA,member\n", 1),
        ("name,role\n,member\n", 2),
        ("name,role\nA,king\n", 2),
        ("name,id\nA,m_0001\nB,m_0001\n", 3),
        ("name,id\nA,../etc\n", 2),
        ("name\n" + "A" * 601 + "\n", 2),
        ("name,groups\nA,Nhóm Lạ\n", 2),
    ],
)
def test_a_bad_members_file_changes_nothing_and_names_the_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "m.csv").write_text(text, "utf-8")
    with create(tmp_path / "desk") as desk:
        with pytest.raises(BadMembers, match=f"line {line}:"):
            desk.import_members(tmp_path / "m.csv")
        assert desk.members == ()


PEOPLE = """id,name,role,serves
m_001,Bộ trưởng A,member,
m_002,Bộ trưởng B,member,
m_801,Thư ký C,aide,Bộ trưởng A; m_002
m_802,Chuyên viên D,aide,
"""


def test_whom_an_aide_serves_comes_from_the_file_or_a_command_and_stays_until_said_anew(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    with create(tmp_path / "desk") as desk:
        file.write_text(PEOPLE, "utf-8")
        desk.import_members(file)
        assert serves(desk) == {"m_801": ("m_001", "m_002")}
        file.write_text("id,name,role\nm_801,Thư ký C,aide\n", "utf-8")
        assert desk.import_members(file).changed == 0, "a file without the column leaves links as they are"
        report = desk.set_serves("chuyên viên d", ("Bộ trưởng B",), dry_run=True)
        assert (report.changed, report.published) == (True, False)
        assert "m_802" not in serves(desk)
        desk.set_serves("chuyên viên d", ("Bộ trưởng B", "m_002"))
        desk.set_serves("m_801", ())
        assert serves(desk) == {"m_802": ("m_002",)}
        file.write_text("id,name,role\nm_802,Chuyên viên D,guest\n", "utf-8")
        desk.import_members(file)
        assert serves(desk) == {}, "who is no aide any more serves nobody"


def serves(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {one.id: one.serves for one in desk.members if one.serves}


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        ("m_001", ("m_002",)),
        ("m_801", ("m_802",)),
        ("m_801", ("Ai đó",)),
        ("m_801", tuple(f"m_{n:03}" for n in range(1, 10))),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_a_reason(tmp_path: Path, who: str, wanted: tuple[str, ...]) -> None:
    file = tmp_path / "m.csv"
    people = "".join(f"m_{n:03},Bộ trưởng {n},member,\n" for n in range(1, 10))
    people += "m_801,Thư ký C,aide,\nm_802,Chuyên viên D,aide,\n"
    with create(tmp_path / "desk") as desk:
        file.write_text("id,name,role,serves\n" + people, "utf-8")
        desk.import_members(file)
        with pytest.raises(BadLink):
            desk.set_serves(who, wanted)
        assert serves(desk) == {}
        desk.set_serves("m_801", tuple(f"m_{n:03}" for n in range(1, 9)))  # one under
        file.write_text("name,role,serves\nNgười mới,aide,Ai đó\n", "utf-8")
        with pytest.raises(BadMembers, match="line 2:"):
            desk.import_members(file)


def test_member_limits_one_over_and_one_under(tmp_path: Path) -> None:
    fresh = [f"m_{number:06}" for number in range(3000)]
    rows = "name\n" + "\n".join(f"Người {number}" for number in range(members.MAX_MEMBERS))
    assert len(members.read_csv(rows.encode(), (), list(fresh))) == members.MAX_MEMBERS
    with pytest.raises(BadMembers):
        members.read_csv((rows + "\nThêm").encode(), (), list(fresh))
    header = b"name\nA\n"
    assert members.read_csv(header + b"\n" * (members.MAX_FILE - len(header)), (), list(fresh))
    with pytest.raises(BadMembers):
        members.read_csv(header + b"\n" * (members.MAX_FILE - len(header) + 1), (), list(fresh))


# -- devices -----------------------------------------------------------------------------------------------


def test_the_digits_are_those_the_device_shows() -> None:
    sign, seal = SigningKey.generate().public, SealingKey.generate().public
    assert enrolment.fingerprint_digits(sign, seal) == device_keys.fingerprint(sign, seal).digits24


def test_a_device_becomes_active_only_with_its_digits(office: Office) -> None:
    digits = office.ask_to_enrol(office.desk.open_ticket("Bộ trưởng A (dữ liệu giả định)").ticket)
    [waiting] = office.desk.pending()
    assert (waiting.member, waiting.digits, waiting.problem) == ("m_017", digits, "")
    wrong = digits.replace(digits[0], str((int(digits[0]) + 1) % 10))
    with pytest.raises(enrolment.FingerprintMismatch):
        office.desk.approve("d_tablet1", wrong)
    assert office.desk.devices == ()
    version = office.version()
    assert office.desk.approve("d_tablet1", digits, dry_run=True).dry_run
    assert office.version() == version
    assert office.desk.approve("d_tab", digits.replace(" ", "")).state.value == "active"
    assert office.desk.pending() == ()
    assert office.desk.approve("d_tablet1", digits).state.value == "active"  # said twice, done once
    assert len(office.desk.devices) == 1


def test_a_scanned_code_counts_as_a_whole(office: Office) -> None:
    office.ask_to_enrol(office.desk.open_ticket("m_017").ticket)
    [(waiting, request)] = enrolment._pending(office.desk._core)
    assert request is not None
    code = qr_text(waiting.device, fingerprint(request.sign, request.seal))
    last = "0" if code[-1] != "0" else "1"
    for wrong in (code[:-1] + last, code.replace("d_tablet1", "d_tablet2"), code[:-1], code + "0"):
        with pytest.raises(enrolment.FingerprintMismatch):
            office.desk.approve("d_tablet1", wrong)
    [entry] = [office.desk.approve("d_tablet1", f"  {code.upper()}\n")]
    assert entry.state.value == "active"
    assert office.desk.devices[0].name == request.name, "the member's other devices say which one it is"


def test_an_approval_cut_anywhere_is_finished_by_the_same_command(office: Office, tmp_path: Path) -> None:
    office.desk.publish(write_session(tmp_path / "papers"))
    digits = office.ask_to_enrol(office.desk.open_ticket("m_017").ticket)
    version = office.version()
    # Snapshot, pending list, directory, envelope, release at first; a repeat skips the list.
    for cut_at, answered in ((3, False), (3, False), (4, True)):
        office.client(cut_at=cut_at, answered=answered)
        with pytest.raises(Unreachable):
            office.desk.approve("d_tablet1", digits)
        office.reopen()
    assert office.desk.approve("d_tablet1", digits).envelopes == 1
    assert office.version() == version + 1
    assert len(office.manifest(office.desk.packs[0].pack, 1).papers) == 3


def test_a_ticket_this_desk_did_not_open_is_not_approved(office: Office) -> None:
    opened = office.desk.open_ticket("m_017")
    digits = office.ask_to_enrol(opened.ticket)
    office.desk._core.edit(lambda state: structs.replace(state, tickets=()))
    [waiting] = office.desk.pending()
    assert waiting.problem == "ticket-unknown"
    with pytest.raises(Untrusted):
        office.desk.approve("d_tablet1", digits)
    assert office.desk.devices == ()


def test_the_directory_lists_members_reader_and_service(office: Office) -> None:
    trust = office.in_force()
    [name] = [name for name in trust.targets() if name.startswith(names.DIRECTORY)]
    data = office.client()._get(f"/tuf/targets/{name}", limit=codec.MAX_DIRECTORY)
    assert data is not None
    payload = dsse.open_(data, {"registrar-1": office.desk._core.registrar.public}).payload
    directory = codec.decode(payload, Directory, limit=codec.MAX_DIRECTORY)
    assert [member.id for member in directory.members] == ["m_001", "m_017", "m_090"]
    assert [role.id for role in directory.services] == ["receipt-1"]
    assert [reader.id for reader in directory.readers] == ["reader-1"]
    assert sorted(name for name in trust.targets() if name.startswith("r/")) == sorted(
        names.rules_target(*rule.id.split("/")) for rule in PRESETS.values()
    )


def test_members_noted_while_a_publish_is_on_its_way_are_not_lost(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    office.client(cut_at=3)
    with pytest.raises(EcabinetError):
        office.desk.publish(folder)
    office.desk.close()
    office.desk = reopen(tmp_path / "desk")  # not connected
    (tmp_path / "more.csv").write_text("name\nNgười mới\n", "utf-8")
    office.desk.import_members(tmp_path / "more.csv")
    office.client()
    assert office.desk.publish(folder).resumed
    assert "Người mới" in [member.name for member in office.desk.members]
    assert office.desk.publish_directory() is True
    assert office.desk.publish_directory() is False


def test_what_waits_in_the_spool_is_sealed(office: Office, tmp_path: Path) -> None:
    office.client(cut_at=2)
    with pytest.raises(EcabinetError):
        office.desk.publish(write_session(tmp_path / "papers"))
    spooled = list((tmp_path / "desk" / "spool").iterdir())
    assert len(spooled) == 2
    assert all(b"%PDF" not in path.read_bytes() for path in spooled)
