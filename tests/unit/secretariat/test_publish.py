# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publishing against the real service: whole or not at all, once, and readable by an enrolled device alone."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from msgspec import structs

from client.domain.ids import Hash
from client.domain.paper import SecrecyLevel
from client.errors import DiskFull, SecretWithBytes, Unreachable
from client.protocol import names
from server.embedded import EmbeddedService
from server.secretariat import publish, spool
from server.secretariat.desk_file import SealedFile
from server.secretariat.findings import FolderRefused
from server.secretariat.release import DeskOutdated, ServiceBehind
from server.secretariat.reports import Change
from tests.unit.secretariat.office import Office, make_pdf, write_session

CANARY = b"CANARY-OF-A-STATE-SECRET"


def stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_published_folder_opens_on_an_enrolled_device(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    report = office.desk.publish(folder)
    assert (report.rev, report.blobs, report.envelopes, report.polls) == (1, 2, 1, 1)
    assert report.pack is not None
    manifest = office.manifest(report.pack, 1)
    assert manifest.session.agenda[0].papers == tuple(paper.id for paper in manifest.papers)
    for paper, name in zip(manifest.papers[:2], ("01-to-trinh.pdf", "02-du-thao.pdf"), strict=True):
        assert office.paper(paper) == (folder / name).read_bytes()
    stub = manifest.papers[2]
    assert (stub.secrecy, stub.carries_bytes, stub.copy_number) == (SecrecyLevel.SECRET, False, "01/27")
    [poll] = manifest.polls
    assert poll.text == {"q1": "Thông qua dự thảo?"}
    view = office.desk.poll_status(poll.id)
    assert (view.eligible, view.state.value) == (2, "published")  # a guest does not vote
    assert manifest.prev is None
    assert not list((tmp_path / "desk" / "spool").iterdir())


def test_a_deadline_for_comments_goes_with_the_pack(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    toml = folder / "session.toml"
    toml.write_text(f"comments_until = 2027-11-25T17:00:00\n{toml.read_text('utf-8')}", "utf-8")
    report = office.desk.publish(folder)
    assert report.pack is not None
    assert office.manifest(report.pack, 1).session.comments_due == "2027-11-25T10:00:00.000Z"


def test_the_service_sees_neither_titles_nor_papers(office: Office, tmp_path: Path) -> None:
    office.enrol()
    office.desk.publish(write_session(tmp_path / "papers"))
    held = stored(tmp_path / "service")
    for text in ("Phiên họp", "Tờ trình", "Thông qua", "Báo cáo mật", "%PDF-1"):
        assert text.encode() not in held
        assert text.encode() not in stored(tmp_path / "desk")


def test_an_unchanged_folder_sends_nothing(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    office.desk.publish(folder)
    version = office.version()
    client = office.client()
    report = office.desk.publish(folder)
    assert (report.changed, report.rev, report.blobs) == (False, 1, 0)
    assert client.requests == ["GET /tuf/metadata/snapshot.json"]
    moved = Path(shutil.move(folder, tmp_path / "moved"))
    assert office.desk.publish(moved).changed is False
    assert office.version() == version


def test_a_changed_paper_is_the_next_version_and_the_only_blob(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    first = office.desk.publish(folder)
    assert first.pack is not None
    before = office.manifest(first.pack, 1)
    make_pdf(folder / "02-du-thao.pdf", ["DỰ THẢO", "bản 2"], pages=3)
    client = office.client()
    report = office.desk.publish(folder)
    assert (report.pack, report.rev, report.blobs, report.polls, report.envelopes) == (first.pack, 2, 1, 0, 0)
    assert sum(line.startswith("PUT /blobs/") for line in client.requests) == 1
    after = office.manifest(first.pack, 2)
    assert after.papers[0] == before.papers[0]
    assert (after.papers[1].id, after.papers[1].version) == (before.papers[1].id, 2)
    assert after.papers[1].blob != before.papers[1].blob
    assert after.papers[1].key != before.papers[1].key
    assert after.polls == before.polls
    assert names.pack_target(first.pack, 1) not in office.in_force().targets()


def test_a_renamed_paper_and_a_corrected_title_move_no_bytes(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    first = office.desk.publish(folder)
    assert first.pack is not None
    before = office.manifest(first.pack, 1)
    (folder / "02-du-thao.pdf").rename(folder / "02-du-thao-nghi-dinh.pdf")
    toml = folder / "session.toml"
    text = toml.read_text("utf-8").replace("02-du-thao.pdf", "02-du-thao-nghi-dinh.pdf")
    toml.write_text(text.replace('title = "Tờ trình"', 'title = "Tờ trình (đính chính)"'), "utf-8")
    report = office.desk.publish(folder)
    assert (report.rev, report.blobs) == (2, 0)
    after = office.manifest(first.pack, 2)
    assert [paper.id for paper in after.papers] == [paper.id for paper in before.papers]
    assert [paper.version for paper in after.papers] == [1, 1, 1]
    assert after.papers[0].title == "Tờ trình (đính chính)"


def test_replace_sends_one_paper(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    first = office.desk.publish(folder)
    assert first.pack is not None
    new = make_pdf(tmp_path / "ban-2.pdf", ["DỰ THẢO", "thay thế"])
    dry = office.desk.replace_paper(first.pack, "02-du-thao.pdf", new, dry_run=True)
    assert (dry.rev, dry.changed, dry.folder.to_send) == (2, True, 1)
    report = office.desk.replace_paper("phien hop", "Dự thảo", new)
    assert (report.rev, report.blobs) == (2, 1)
    assert office.paper(office.manifest(first.pack, 2).papers[1]) == new.read_bytes()
    assert office.desk.replace_paper(first.pack, "Dự thảo", new).changed is False


def test_a_dry_run_makes_no_request_and_changes_nothing(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    client = office.client()
    before = stored(tmp_path / "desk")
    report = office.desk.publish(folder, dry_run=True)
    assert client.requests == []
    assert stored(tmp_path / "desk") == before
    assert [paper.change for item in report.folder.items for paper in item.papers] == [
        Change.NEW,
        Change.NEW,
        Change.STUB,
    ]
    warned = {found.code for found in report.folder.findings}
    assert "dossier.missing" in warned


def test_late_papers_are_shown(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    toml = folder / "session.toml"
    toml.write_text(toml.read_text("utf-8").replace("2027-11-27", "2020-11-27"), "utf-8")
    report = office.desk.check_folder(folder)
    assert {found.file for found in report.findings if found.code == "paper.late"} == {
        "01-to-trinh.pdf",
        "02-du-thao.pdf",
        "Báo cáo mật",
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "01-to-trinh.pdf").write_bytes(b"%PDF-1.7 broken"),
        lambda folder: (folder / "01-to-trinh.pdf").unlink(),
        lambda folder: make_pdf(folder / "01-to-trinh.pdf", ["MẬT"]),
        lambda folder: (folder / "session.toml").write_text("title = ", "utf-8"),
        lambda folder: os.truncate(folder / "01-to-trinh.pdf", 2 << 30),
    ],
    ids=["broken", "absent", "stamped", "toml", "2 GB"],
)
def test_one_bad_file_publishes_nothing(office: Office, tmp_path: Path, spoil) -> None:
    folder = write_session(tmp_path / "papers")
    spoil(folder)
    version, client = office.version(), office.client()
    with pytest.raises(FolderRefused) as refused:
        office.desk.publish(folder)
    assert client.requests == []
    assert office.version() == version
    assert any(found.file for found in refused.value.findings)
    assert not office.desk.is_interrupted


def test_secret_bytes_never_leave(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    (folder / "mat.pdf").write_bytes(b"%PDF-1.7\n" + CANARY * 100)
    toml = folder / "session.toml"
    toml.write_text(toml.read_text("utf-8").replace('secrecy = "mat"', 'secrecy = "mat"\nfile = "mat.pdf"'), "utf-8")
    opened: list[str] = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    report = office.desk.publish(folder)
    assert report.blobs == 2
    assert [path for path in opened if path.endswith("mat.pdf")] == []
    assert [path for path in opened if path.endswith("01-to-trinh.pdf")] != []
    for place in ("service", "desk"):
        assert CANARY not in stored(tmp_path / place)


def test_a_stub_that_leads_to_bytes_is_refused_before_signing(office: Office, tmp_path: Path) -> None:
    office.enrol()
    pack = office.desk.publish(write_session(tmp_path / "papers")).pack
    assert pack is not None
    manifest = office.manifest(pack, 1)
    bad = structs.replace(manifest.papers[2], blob=Hash("sha256:" + "0" * 64))
    with pytest.raises(SecretWithBytes):
        publish._check_no_secret_bytes(structs.replace(manifest, papers=(bad,)))
    keyless = structs.replace(manifest, papers=(structs.replace(manifest.papers[0], key=None),))
    with pytest.raises(SecretWithBytes):
        publish._check_no_secret_bytes(keyless)


def test_a_file_that_changes_while_publishing_stops_it(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_session(tmp_path / "papers")
    real = spool.seal

    def change_first(core, path, plain, key, progress):
        path.write_bytes(path.read_bytes() + b"\n")
        return real(core, path, plain, key, progress)

    version = office.version()
    monkeypatch.setattr(spool, "seal", change_first)
    with pytest.raises(spool.FileChanged):
        office.desk.publish(folder)
    assert office.version() == version
    monkeypatch.undo()
    assert office.desk.publish(folder).rev == 1


@pytest.mark.parametrize("answered", [False, True], ids=["request lost", "answer lost"])
def test_interrupted_anywhere_the_same_command_finishes(office: Office, tmp_path: Path, answered: bool) -> None:
    office.enrol()
    cut_at, cuts = 1, 0
    while True:
        folder = write_session(tmp_path / f"papers-{cut_at}", title=f"Phiên {cut_at}")
        before, released = office.version(), office.desk.released
        office.client(cut_at=cut_at, answered=answered)
        try:
            report = office.desk.publish(folder)
        except Unreachable:
            cuts += 1
            assert office.version() in {before, before + 1}
            office.reopen()  # the process may have died
            report = office.desk.publish(folder)
            pack = office.desk.packs[-1]
            assert (report.pack, report.rev) == (pack.pack, 1)
            assert office.version() == before + 1
            assert office.desk.released == released + 1
            after = office.in_force().targets()
            papers = office.manifest(pack.pack, 1).papers
            assert [office.paper(paper)[:5] for paper in papers[:2]] == [b"%PDF-", b"%PDF-"]
            office.desk.poll_status(pack.polls[0].id)
            assert len([name for name in after if name.startswith("p/")]) == cut_at
            assert not office.desk.is_interrupted
            assert office.desk.publish(folder).changed is False
        else:
            assert report.changed
            break
        cut_at += 1
    assert cuts == 8  # snapshot read, two blobs, manifest, envelope, poll, session plan, release


def test_ctrl_c_leaves_a_publish_that_goes_on(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    office.client(cut_at=3, error=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        office.desk.publish(folder)
    assert office.desk.is_interrupted
    client = office.client()
    report = office.desk.publish(folder)
    assert report.resumed
    assert sum(line.startswith("PUT /blobs/") for line in client.requests) == 1  # the first was there already


def test_an_interrupted_publish_is_abandoned_when_the_folder_changes(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    first = office.desk.publish(folder)
    assert first.pack is not None
    make_pdf(folder / "02-du-thao.pdf", ["sai"])
    office.client(cut_at=4)  # snapshot read, blob, manifest; cut before the release
    with pytest.raises(Unreachable):
        office.desk.publish(folder)
    make_pdf(folder / "02-du-thao.pdf", ["đúng"])
    report = office.desk.publish(folder)
    assert not report.resumed
    assert (report.pack, report.rev) == (first.pack, 3)  # number 2 is taken at the service, by other bytes
    assert office.paper(office.manifest(first.pack, report.rev).papers[1]) == (folder / "02-du-thao.pdf").read_bytes()


def test_a_device_approved_between_cut_and_repeat_still_opens_the_pack(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    office.client(cut_at=5)
    with pytest.raises(Unreachable):
        office.desk.publish(folder)
    office.client()
    office.enrol()
    report = office.desk.publish(folder)
    assert report.pack is not None
    assert len(office.manifest(report.pack, report.rev).papers) == 3


def test_a_device_enrolled_later_opens_what_is_there(office: Office, tmp_path: Path) -> None:
    report = office.desk.publish(write_session(tmp_path / "papers"))
    assert report.pack is not None
    assert report.envelopes == 0
    office.enrol()
    assert office.manifest(report.pack, 1).session.title == "Phiên họp (dữ liệu giả định)"


def test_after_a_revocation_new_papers_get_new_keys(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = write_session(tmp_path / "papers")
    report = office.desk.publish(folder)
    assert report.pack is not None
    name = names.pack_target(report.pack, 1)
    old = office.in_force().targets()[name]
    office.desk.revoke("d_tablet1")
    assert [entry.state.value for entry in office.desk.devices] == ["revoked"]
    make_pdf(folder / "02-du-thao.pdf", ["bản 2"])
    again = office.desk.publish(folder)
    new = office.in_force().targets()[names.pack_target(report.pack, 2)]
    assert (again.envelopes, new.epoch) == (0, old.epoch + 1)
    assert new.key_hash != old.key_hash


def test_an_old_copy_of_the_desk_sends_nothing(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    backup = (tmp_path / "desk" / "desk.sealed").read_bytes()
    office.desk.publish(folder)
    office.desk.close()
    (tmp_path / "desk" / "desk.sealed").write_bytes(backup)
    office.reopen()
    client = office.client()
    with pytest.raises(DeskOutdated):
        office.desk.publish(folder)
    assert client.requests == ["GET /tuf/metadata/snapshot.json"]


def test_a_service_that_forgot_gets_nothing(office: Office, tmp_path: Path) -> None:
    office.desk.publish(write_session(tmp_path / "papers"))
    empty = EmbeddedService(tmp_path / "other", root=office.desk.root())
    office.desk.connect(empty.start())
    make_pdf(tmp_path / "papers" / "02-du-thao.pdf", ["khác"])
    with pytest.raises(ServiceBehind):
        office.desk.publish(tmp_path / "papers")
    empty.stop()


def test_a_full_disk_is_said_and_nothing_is_lost(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_session(tmp_path / "papers")

    def full(self, content):
        raise DiskFull("desk")

    with monkeypatch.context() as patch:
        patch.setattr(SealedFile, "write", full)
        with pytest.raises(DiskFull):
            office.desk.publish(folder)
    assert not office.desk.is_interrupted
    assert office.desk.publish(folder).rev == 1


def test_progress_counts_to_the_end(office: Office, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    office.desk.publish(write_session(tmp_path / "papers"), progress=lambda *step: seen.append(step))
    for step in ("seal", "send"):
        counts = [(done, total) for name, done, total in seen if name == step]
        assert counts[-1][0] == counts[-1][1] > 0
