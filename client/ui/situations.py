# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a device does not open, in words: what happened, what is safe, what to do. One table, no widget, no rule.

The words never promise more than is true: an act without a receipt whose keys are gone is lost, and is called lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from client.errors import EcabinetError, KeyFileDamaged, KeystoreMissing, KeystoreUnavailable
from client.ui.i18n import tr
from client.ui.theme.tokens import Tone


class Kind(Enum):
    """What stands in the way."""

    LEASE_LAPSED = "lease_lapsed"
    SUSPENDED = "suspended"
    ERASING = "erasing"
    WIPED = "wiped"
    KEYS_DESTROYED = "keys_destroyed"
    KEYSTORE_MISSING = "keystore_missing"
    KEYSTORE_CHANGED = "keystore_changed"
    KEYSTORE_SILENT = "keystore_silent"
    KEYS_DAMAGED = "keys_damaged"
    PIN_FORGOTTEN = "pin_forgotten"


class Step(Enum):
    """What the member can press."""

    SYNC = "sync"
    RETRY = "retry"
    BACK = "back"
    START_OVER = "start_over"
    """Erase what is here and enrol again."""
    SET_ASIDE = "set_aside"
    """Keep what is here, sealed as it is, and enrol again."""
    ENROL = "enrol"
    """Nothing is here any more."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words need to know.

    Args:
        waiting: Signed acts that were not sent, where the record can be read.
        days: Length of the lease.
        reported: The service has the report of an erasure.
        before, now: Names of the keystores.
    """

    waiting: int = 0
    days: int = 0
    reported: bool = False
    before: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """One situation as it is shown."""

    title: str
    happened: str
    safe: str
    todo: str
    steps: tuple[Step, ...]
    icon: str = "lock"
    tone: Tone = Tone.WARNING


def of_error(error: EcabinetError, *, before: str, now: str) -> Kind | None:
    """The situation behind an error of the vault; None when it is none of these.

    Args:
        error: What the vault raised.
        before: Name of the keystore at enrolment.
        now: Its name today.
    """
    if isinstance(error, KeystoreMissing):
        return Kind.KEYSTORE_CHANGED if before and before != now else Kind.KEYSTORE_MISSING
    if isinstance(error, KeystoreUnavailable):
        return Kind.KEYSTORE_SILENT
    return Kind.KEYS_DAMAGED if isinstance(error, KeyFileDamaged) else None


def words(kind: Kind, facts: Facts) -> Words:
    """The words for a situation."""
    return _WORDS[kind](facts)


def _counted() -> str:
    return tr("Phiếu và góp ý đã có biên nhận nằm ở máy chủ và vẫn được tính.")


def _kept(n: int) -> str:
    if n:
        return tr("{n} việc đã ký nhưng chưa gửi vẫn được giữ trên máy, không bị xóa.").format(n=n)
    return tr("Không có việc nào đang chờ gửi.")


def _lost() -> str:
    return tr(
        "Việc đã ký mà chưa gửi thì không lấy lại được. Sau khi đăng ký lại, chương trình đối chiếu với máy chủ"
        " và nêu rõ từng việc đó."
    )


def _lease(facts: Facts) -> Words:
    return Words(
        tr("Máy tạm khóa vì {days} ngày chưa kết nối").format(days=facts.days),
        tr("Để tài liệu không nằm mãi ngoài tầm kiểm soát, máy tự khóa khi quá lâu không liên lạc được với máy chủ."),
        _kept(facts.waiting) + " " + tr("Tài liệu và ghi chú còn nguyên. Việc chờ gửi được gửi trước tiên."),
        tr("Kết nối mạng rồi bấm “Kết nối lại”. Sau đó nhập mã PIN như thường lệ."),
        (Step.SYNC,),
        "offline",
    )


def _suspended(facts: Facts) -> Words:
    return Words(
        tr("Thiết bị đã bị ngừng quyền"),
        tr("Trong danh sách có chữ ký, thiết bị này bị ngừng quyền hoặc hết hạn. Tài liệu được đóng lại."),
        f"{_counted()} {_kept(facts.waiting)}",
        tr("Liên hệ Thư ký. Nếu được cấp quyền lại, bấm “Kết nối lại”; nếu không, đăng ký lại với mã mới."),
        (Step.SYNC, Step.START_OVER),
        tone=Tone.DANGER,
    )


def _erasing(_facts: Facts) -> Words:
    return Words(
        tr("Đang xóa dữ liệu trên máy"),
        tr("Việc xóa bắt đầu từ khóa và không dừng lại được. Nếu máy tắt, lần mở sau sẽ làm tiếp."),
        _counted(),
        tr("Chờ trong giây lát."),
        (),
        "delete",
    )


def _wiped(facts: Facts) -> Words:
    told = tr("Máy chủ đã nhận báo cáo xóa.") if facts.reported else tr("Sẽ tự báo máy chủ khi có mạng.")
    return Words(
        tr("Dữ liệu trên máy đã được xóa theo lệnh"),
        tr("Văn phòng đã ra lệnh xóa thiết bị này. Khóa, tài liệu và ghi chú trên máy đã bị hủy, không khôi phục được.")
        + f" {told}",
        _counted(),
        tr("Trao máy cho cán bộ kỹ thuật, hoặc đăng ký lại với mã mới của Thư ký."),
        (Step.ENROL,) if facts.reported else (Step.SYNC, Step.ENROL),
        "delete",
        Tone.DANGER,
    )


def _destroyed(_facts: Facts) -> Words:
    return Words(
        tr("Khóa của thiết bị đã bị hủy"),
        tr("Mã PIN bị nhập sai mười lần, hoặc khóa đã bị xóa. Không ai mở được dữ liệu trên máy nữa, kể cả Văn phòng."),
        f"{_counted()} {_lost()}",
        tr("Xin Thư ký mã kích hoạt mới rồi bấm “Xóa và đăng ký lại”."),
        (Step.START_OVER,),
        "key",
        Tone.DANGER,
    )


def _missing(_facts: Facts) -> Words:
    return Words(
        tr("Kho khóa của máy không còn khóa của chương trình"),
        tr("Thường do đổi tài khoản, cài lại hệ điều hành hoặc kho khóa bị xóa. Mã PIN không được tính là sai."),
        _sealed(),
        _first_it(),
        (Step.RETRY, Step.SET_ASIDE),
        "key",
    )


def _changed(facts: Facts) -> Words:
    return Words(
        tr("Máy đang dùng một kho khóa khác"),
        tr("Lúc đăng ký: {before}. Bây giờ: {now}. Khóa của e-Cabinet nằm ở kho cũ.").format(
            before=facts.before, now=facts.now
        ),
        _sealed(),
        _first_it(),
        (Step.RETRY, Step.SET_ASIDE),
        "key",
    )


def _silent(_facts: Facts) -> Words:
    return Words(
        tr("Kho khóa của máy không trả lời"),
        tr("Chưa mở được vì hệ điều hành không cho đọc kho khóa lúc này. Mã PIN không được tính là sai."),
        _sealed(),
        tr("Mở khóa hoặc đăng nhập lại hệ điều hành rồi bấm “Thử lại”. Nếu vẫn vậy, báo cán bộ kỹ thuật."),
        (Step.RETRY,),
        "key",
    )


def _damaged(_facts: Facts) -> Words:
    return Words(
        tr("Tệp khóa trên máy bị hỏng hoặc không còn"),
        tr("Tệp giữ khóa của thiết bị không còn nguyên vẹn. Mã PIN không được tính là sai."),
        _sealed(),
        _first_it(),
        (Step.RETRY, Step.SET_ASIDE),
        "key",
    )


def _forgotten(_facts: Facts) -> Words:
    return Words(
        tr("Quên mã PIN"),
        tr("Không ai, kể cả Văn phòng, xem hay đặt lại được mã PIN; nhờ vậy người nhặt được máy cũng không mở được."),
        f"{_counted()} {_lost()}",
        tr("Nếu nhớ ra, quay lại và nhập mã. Nếu không, xin Thư ký mã kích hoạt mới rồi bấm “Xóa và đăng ký lại”."),
        (Step.BACK, Step.START_OVER),
        "key",
    )


def _sealed() -> str:
    sealed = tr("Dữ liệu và việc chưa gửi còn trên máy, vẫn niêm phong; khôi phục được khóa thì mở lại được tất cả.")
    return f"{_counted()} {sealed}"


def _first_it() -> str:
    return tr("Báo cán bộ kỹ thuật trước. Chỉ đăng ký lại khi không khôi phục được; dữ liệu cũ được cất riêng.")


_WORDS: dict[Kind, Callable[[Facts], Words]] = {
    Kind.LEASE_LAPSED: _lease,
    Kind.SUSPENDED: _suspended,
    Kind.ERASING: _erasing,
    Kind.WIPED: _wiped,
    Kind.KEYS_DESTROYED: _destroyed,
    Kind.KEYSTORE_MISSING: _missing,
    Kind.KEYSTORE_CHANGED: _changed,
    Kind.KEYSTORE_SILENT: _silent,
    Kind.KEYS_DAMAGED: _damaged,
    Kind.PIN_FORGOTTEN: _forgotten,
}
