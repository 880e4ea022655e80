# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other end of ``make demo``: a real service, a real desk and invented papers, kept between runs.

Everything here is the same code that serves members; only names and papers are invented and say so. The desk's
passphrase and the folder are a demonstration's, not a secret.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from client.clock import Clock
from client.crypto.random import Random
from client.domain.ballot import ServicePollState
from client.domain.ids import ItemId
from client.domain.live import PagePointer, Presence
from client.protocol import live_commands as do
from client.protocol.messages import Root
from server.demo.documents_folder import DemoFolder, write_demo_folder, write_revision
from server.embedded import EmbeddedService
from server.secretariat.ballots import definition_of
from server.secretariat.build import manifest_of
from server.secretariat.desk import Desk
from server.secretariat.model import PackRecord

PASSPHRASE: Final = "ban trinh dien e-Cabinet"  # noqa: S105 - a demonstration's, printed in its README
BODY: Final = "Chính phủ (dữ liệu giả định)"
MEMBER: Final = "m_017"
AIDE: Final = "m_801"
HANOI: Final = timezone(timedelta(hours=7))
_PORTFOLIOS: Final = (
    *("Quốc phòng", "Công an", "Ngoại giao", "Nội vụ", "Tư pháp", "Tài chính", "Công Thương", "Xây dựng"),
    *("Nông nghiệp và Môi trường", "Giáo dục và Đào tạo", "Y tế", "Khoa học và Công nghệ"),
    *("Văn hóa, Thể thao và Du lịch", "Dân tộc và Tôn giáo"),
)

_PRESENT: Final = 24
"""Of the twenty-seven, the demonstration's member among them."""
Say = Callable[[str], None]


def members_csv() -> str:
    """Twenty-seven invented members, by office, and the aide of the demonstration's member; nobody's name."""
    rows = ["id,name,groups,role,serves", "m_001,Thủ tướng Chính phủ (dữ liệu giả định),government,prime_minister"]
    offices = [f"Phó Thủ tướng thứ {k}" for k in range(1, 10)]
    offices += [f"Bộ trưởng Bộ {name}" for name in _PORTFOLIOS]
    offices += ["Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ", "Thống đốc Ngân hàng Nhà nước", "Tổng Thanh tra Chính phủ"]
    rows += [
        f'm_{number:03d},"{office} (dữ liệu giả định)",government,member' for number, office in enumerate(offices, 2)
    ]
    rows.append(f"{AIDE},Thư ký của Bộ trưởng (dữ liệu giả định),government,aide,{MEMBER}")
    return "\n".join(rows) + "\n"


def session_start(now: datetime) -> datetime:
    """08:00 in Hà Nội, four days from now: late papers and early ones can both be seen."""
    return (now.astimezone(HANOI) + timedelta(days=4)).replace(hour=8, minute=0, second=0, microsecond=0)


class DemoStage:
    """Service and desk of the demonstration.

    Args:
        folder: Kept between runs; delete it to start anew.
        fonts: Folder with the document fonts.
        clock, rng: The machine's.
        say: Told what takes a while.
    """

    def __init__(self, folder: Path, *, fonts: Path, clock: Clock, rng: Random, say: Say) -> None:
        self._folder, self._fonts, self._clock, self._say = folder, fonts, clock, say
        folder.mkdir(parents=True, exist_ok=True)
        receipt = EmbeddedService.prepare(folder / "service")
        desk = folder / "desk"
        self.is_new = not desk.exists()
        if self.is_new:
            self.desk = Desk.create(desk, PASSPHRASE, BODY, clock, rng, service_key=receipt.sign)
        else:
            self.desk = Desk.open(desk, PASSPHRASE, clock, rng)
        self.service = EmbeddedService(folder / "service", root=self.desk.root(), clock=clock, port=self._port())
        self._papers: DemoFolder | None = None

    @property
    def root(self) -> Root:
        """What the client is given at installation."""
        return self.desk.root()

    def __enter__(self) -> Self:
        url = self.service.start()
        (self._folder / "port").write_text(url.rpartition(":")[2])
        self.desk.connect(url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.desk.close()
        self.service.stop()

    def publish(self) -> None:
        """Members, the regular session and the opinion ballot; nothing is sent again on a second run."""
        self.desk.finish()
        if not self.is_new and self.desk.packs:
            return
        members = self._folder / "members.csv"
        members.write_text(members_csv(), "utf-8")
        self.desk.import_members(members)
        self._say("Đang soạn tài liệu giả định …")
        papers = write_demo_folder(self._folder / "papers" / "session", fonts=self._fonts, start=self._start())
        self._papers = papers
        self._say("Đang niêm phong và phát hành …")
        self.desk.publish(papers.session)
        if papers.opinion is not None:
            self.desk.publish(papers.opinion)

    def revise(self) -> None:
        """Replace one paper by its second version, begin the session and open its vote."""
        if self._papers is None:
            return
        write_revision(self._papers.session, fonts=self._fonts, start=self._start())
        self.desk.publish(self._papers.session)
        for pack in self.desk.packs:
            for poll in pack.polls:
                if self.desk.poll_status(poll.id).state is ServicePollState.PUBLISHED:
                    self._begin_session(pack, definition_of(poll).item)
                    self.desk.open_poll(poll.id)

    def _begin_session(self, pack: PackRecord, item: ItemId | None) -> None:
        """Roll call with a quorum, the item that is voted on, the second page of its first paper."""
        manifest = manifest_of(pack)
        session, desk = manifest.session, self.desk
        found = next(each for each in session.agenda if each.id == item)
        stubs = {paper.id for paper in manifest.papers if paper.is_stub}
        shown = next((paper for paper in found.papers if paper not in stubs), None)
        desk.run_session(session.id, lambda _target: do.CallRoll())
        desk.mark_presence(session.id, {f"m_{n:03d}": Presence.PRESENT for n in range(1, _PRESENT + 1)})
        desk.run_session(session.id, lambda _target: do.BeginSession())
        desk.run_session(session.id, lambda _target: do.GoToItem(found.id))
        if shown is not None:
            desk.run_session(session.id, lambda _target: do.ShowPage(PagePointer(shown, 1)))

    def enrol(self, hand_in: Callable[[str], tuple[str, str]], member: str = MEMBER) -> None:
        """Play the registrar: a ticket for the demo's member or the aide, digits compared, device approved.

        Args:
            hand_in: Given the ticket; returns device id and the 24 digits the device shows.
            member: Whose device it becomes.
        """
        device, digits = hand_in(self.desk.open_ticket(member).ticket)
        self.desk.approve(device, digits)

    def _start(self) -> datetime:
        """Of the session; remembered, because the papers name it."""
        note = self._folder / "start"
        if not note.exists():
            start = session_start(datetime.fromtimestamp(self._clock.now() / 1000, HANOI))
            note.write_text(start.isoformat())
        return datetime.fromisoformat(note.read_text())

    def _port(self) -> int:
        """The same address as last time: the device is enrolled with it."""
        note = self._folder / "port"
        return int(note.read_text()) if note.exists() else 0
