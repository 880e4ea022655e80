# SPDX-License-Identifier: AGPL-3.0-or-later
"""The error tree: one root, split by who must act.

Every error carries a stable ``code`` (for logs, ``--json`` output and tests), a short ``title`` and a
``next_step`` in Vietnamese and English that can be read out to a member. Texts never hold secrets, paper
titles or names; ``detail`` may hold ids, sizes and hash prefixes and is what reaches the log.

::

    EcabinetError
    ├── UserError              the person at the screen can put it right
    │   ├── WrongPin           PinLocked
    │   └── BadInput
    ├── ServiceError           the wire or the other end
    │   ├── Unreachable        WrongCertificate   CaptivePortal   ProxyBlocked
    │   └── ServiceRefused     DeviceRevoked   ClockSkew
    ├── Untrusted              something did not verify; nothing of it was used
    │   ├── FormatRefused      LimitExceeded
    │   ├── SignatureInvalid   DecryptionFailed   ContentMismatch
    │   └── RollbackDetected   MetadataExpired   SecretWithBytes
    ├── EnvironmentFault       this machine: IT staff act
    │   ├── KeystoreUnavailable   KeystoreMissing   KeyFileDamaged
    │   ├── StoreDamaged   StoreTooNew   StoreBusy   DiskFull   NotSaved   RecordIncomplete
    │   └── SandboxUnavailable
    ├── PaperFault             one paper cannot be shown
    │   ├── PaperBroken   PaperLocked   PaperEmpty   PaperTooBig
    │   └── RenderTimeout   RendererLost
    └── InternalFault          a bug of ours
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class Text(NamedTuple):
    """A sentence in both languages of the program."""

    vi: str
    en: str

    def of(self, language: str) -> str:
        """The sentence in ``language`` (``"vi"`` or ``"en"``; anything else reads as Vietnamese)."""
        return self.en if language == "en" else self.vi


class EcabinetError(Exception):
    """Root of all errors the program raises on purpose.

    Args:
        detail: For the log and IT staff: ids, sizes, hash prefixes. Never secrets, titles or names.
    """

    code: ClassVar[str] = "error"
    title: ClassVar[Text] = Text("Có lỗi", "Something went wrong")
    next_step: ClassVar[Text] = Text(
        "Thử lại; nếu vẫn lỗi, liên hệ cán bộ kỹ thuật.", "Try again; if it persists, contact IT staff."
    )

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


# -- the person at the screen ----------------------------------------------------------------------------


class UserError(EcabinetError):
    """The person at the screen can put it right."""

    code = "user"


class BadInput(UserError):
    """Something typed or chosen cannot be used; ``detail`` says which field."""

    code = "user.bad_input"
    title = Text("Nội dung nhập chưa đúng", "The input is not valid")
    next_step = Text("Kiểm tra lại nội dung vừa nhập.", "Check what you entered.")


class WrongPin(UserError):
    """The PIN did not open the key file.

    Args:
        tries_left: Attempts before the keys are destroyed.
    """

    code = "user.wrong_pin"
    title = Text("Mã PIN không đúng", "Wrong PIN")
    next_step = Text("Nhập lại mã PIN.", "Enter the PIN again.")

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class PinLocked(UserError):
    """Too many wrong PINs: wait, or (``wait_s`` is None) the keys are gone.

    Args:
        wait_s: Seconds until the next attempt is accepted; None when the keys were destroyed.
    """

    code = "user.pin_locked"
    title = Text("Tạm khóa do nhập sai mã PIN nhiều lần", "Locked after too many wrong PINs")
    next_step = Text("Chờ hết thời gian khóa hoặc liên hệ Thư ký.", "Wait, or contact the secretariat.")

    def __init__(self, wait_s: int | None) -> None:
        super().__init__("destroyed" if wait_s is None else f"wait {wait_s} s")
        self.wait_s = wait_s


# -- the wire and the other end --------------------------------------------------------------------------


class ServiceError(EcabinetError):
    """The wire or the service; what waits to be sent keeps waiting."""

    code = "service"


class Unreachable(ServiceError):
    """No answer: refused, no route, DNS, timeout, connection cut, 5xx or 429.

    Args:
        retry_after_s: What the service asked for in ``Retry-After``, seconds, if it did.
    """

    code = "service.unreachable"
    title = Text("Không kết nối được máy chủ", "The service cannot be reached")
    next_step = Text(
        "Tài liệu vẫn đọc được; mọi việc đã làm được giữ trên máy và tự gửi khi có mạng.",
        "Papers stay readable; what you did is kept and sent when the network returns.",
    )

    def __init__(self, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class WrongCertificate(ServiceError):
    """TLS verification failed; nothing was sent."""

    code = "service.wrong_certificate"
    title = Text("Chứng thư của máy chủ không hợp lệ", "The service's certificate is not valid")
    next_step = Text(
        "Không gửi gì đi. Kiểm tra mạng đang dùng hoặc báo cán bộ kỹ thuật.",
        "Nothing was sent. Check the network or tell IT staff.",
    )


class CaptivePortal(ServiceError):
    """The answer came from something that is not the service (HTML, wrong type)."""

    code = "service.captive_portal"
    title = Text("Mạng này cần đăng nhập", "This network wants a sign-in")
    next_step = Text("Đăng nhập mạng Wi-Fi rồi đồng bộ lại.", "Sign in to the Wi-Fi, then sync again.")


class ProxyBlocked(ServiceError):
    """A proxy or filter on the way let nothing through, or refused in the service's place."""

    code = "service.proxy_blocked"
    title = Text("Máy chủ trung gian (proxy) chặn kết nối", "A proxy on the way blocks the connection")
    next_step = Text(
        "Việc đã làm được giữ trên máy. Thử mạng khác hoặc báo cán bộ kỹ thuật.",
        "What you did is kept here. Try another network or tell IT staff.",
    )


class ServiceRefused(ServiceError):
    """A problem document (RFC 9457) with a reason that repeating will not change.

    Args:
        problem: The ``urn:ecab:problem:*`` suffix, e.g. ``"not-eligible"``.
        status: HTTP status code.
        body: The problem document's bytes (signed heads of conflicts travel in it).
    """

    code = "service.refused"
    title = Text("Máy chủ từ chối", "The service refused")
    next_step = Text("Xem lý do trong Chờ gửi.", "See the reason in the outbox.")

    def __init__(self, problem: str, status: int, body: bytes = b"") -> None:
        super().__init__(f"{status} {problem}")
        self.problem = problem
        self.status = status
        self.body = body


class DeviceRevoked(ServiceRefused):
    """401: the directory no longer lists this device as active."""

    code = "service.device_revoked"
    title = Text("Thiết bị đã bị ngừng quyền", "This device was revoked")
    next_step = Text(
        "Mọi việc đã ký được giữ lại. Liên hệ Thư ký.", "What you signed is kept. Contact the secretariat."
    )


class ClockSkew(ServiceRefused):
    """The request's time was outside the window; ``body`` holds the service's signed time."""

    code = "service.clock_skew"
    title = Text("Giờ trên máy bị lệch", "The clock of this device is off")
    next_step = Text(
        "Chỉnh giờ của máy; phiếu đã ký không bị ảnh hưởng.", "Set the clock; signed votes are unaffected."
    )


# -- something did not verify ----------------------------------------------------------------------------


class Untrusted(EcabinetError):
    """Something did not verify; no byte of it was used and no state changed."""

    code = "untrusted"
    title = Text("Dữ liệu nhận được không đáng tin", "Received data cannot be trusted")
    next_step = Text(
        "Không dữ liệu nào được dùng. Báo cán bộ kỹ thuật mã lỗi này.", "Nothing was used. Tell IT staff this code."
    )


class FormatRefused(Untrusted):
    """Not of the documented form (JSON, ids, lengths, unknown type)."""

    code = "untrusted.format"


class LimitExceeded(FormatRefused):
    """Larger than the documented limit."""

    code = "untrusted.limit"


class SignatureInvalid(Untrusted):
    """A signature, signer or signed scope did not verify."""

    code = "untrusted.signature"


class DecryptionFailed(Untrusted):
    """Sealed bytes did not open: wrong key, wrong context, altered or cut."""

    code = "untrusted.sealed"


class ContentMismatch(Untrusted):
    """Bytes whose hash or length is not the promised one."""

    code = "untrusted.content"


class RollbackDetected(Untrusted):
    """Older than what this device has already seen."""

    code = "untrusted.rollback"


class MetadataExpired(RollbackDetected):
    """Signed metadata is past its end: the other side holds news back, or a clock is wrong; ``detail`` names the role.

    Nothing that was verified before is lost: it stays in force and readable.
    """

    code = "untrusted.expired"
    title = Text("Danh mục ký của máy chủ đã quá hạn", "The service's signed lists are out of date")
    next_step = Text(
        "Máy vẫn dùng bản đã kiểm tra gần nhất. Xem lại ngày giờ của máy; nếu đúng, báo Thư ký.",
        "The last verified lists stay in use. Check this device's date; if it is right, tell the secretariat.",
    )


class SecretWithBytes(Untrusted):
    """A manifest marks a paper as a state secret and still carries its bytes."""

    code = "untrusted.secret_with_bytes"
    title = Text("Bộ tài liệu vi phạm quy định bảo mật", "The pack breaks the secrecy rules")
    next_step = Text(
        "Khóa của bộ tài liệu đã được hủy. Báo ngay Thư ký.", "The pack's key was destroyed. Tell the secretariat."
    )


# -- this machine ----------------------------------------------------------------------------------------


class EnvironmentFault(EcabinetError):
    """This machine; IT staff act."""

    code = "machine"


class KeystoreUnavailable(EnvironmentFault):
    """No usable operating-system keystore; there is no plaintext fallback."""

    code = "machine.keystore_unavailable"
    title = Text("Máy không có kho khóa an toàn", "No secure keystore on this machine")
    next_step = Text(
        "Bật kho khóa của hệ điều hành (Windows Credential Manager, Secret Service) rồi mở lại.",
        "Enable the system keystore (Windows Credential Manager, Secret Service), then start again.",
    )


class KeystoreMissing(EnvironmentFault):
    """The keystore works but this device's secret is no longer in it."""

    code = "machine.keystore_missing"
    title = Text("Kho khóa không còn khóa của thiết bị", "The keystore lost this device's secret")
    next_step = Text("Đăng ký lại thiết bị với Thư ký.", "Enrol the device again with the secretariat.")


class KeyFileDamaged(EnvironmentFault):
    """The key file is missing, cut or altered."""

    code = "machine.key_file_damaged"
    title = Text("Tệp khóa của thiết bị bị hỏng", "The device's key file is damaged")
    next_step = Text("Đăng ký lại thiết bị với Thư ký.", "Enrol the device again with the secretariat.")


class StoreDamaged(EnvironmentFault):
    """A SQLCipher file does not open or is not whole."""

    code = "machine.store_damaged"
    title = Text("Kho dữ liệu trên máy bị hỏng", "The local store is damaged")
    next_step = Text(
        "Không xóa gì. Báo cán bộ kỹ thuật: phiếu đã ký có bản sao và khôi phục được.",
        "Delete nothing. Tell IT staff: signed votes have copies and can be recovered.",
    )


class StoreTooNew(EnvironmentFault):
    """Written by a newer program version; opening it would lose data."""

    code = "machine.store_too_new"
    title = Text("Dữ liệu thuộc phiên bản mới hơn", "The data belongs to a newer version")
    next_step = Text("Cập nhật chương trình rồi mở lại.", "Update the program, then start again.")


class StoreBusy(EnvironmentFault):
    """Another running program holds the store."""

    code = "machine.store_busy"
    title = Text("Chương trình đang chạy ở cửa sổ khác", "The program is already running")
    next_step = Text("Dùng cửa sổ đang mở.", "Use the window that is already open.")


class DiskFull(EnvironmentFault):
    """No space left; nothing was half-written."""

    code = "machine.disk_full"
    title = Text("Ổ đĩa đã đầy", "The disk is full")
    next_step = Text(
        "Giải phóng dung lượng rồi thử lại; chưa có gì bị mất.", "Free some space and retry; nothing was lost."
    )


class NotSaved(EnvironmentFault):
    """A save step of a signed act failed: the act does not count as saved."""

    code = "machine.not_saved"
    title = Text("Chưa lưu", "Not saved")
    next_step = Text("Phiếu chưa được lưu trên máy. Thử lại.", "The vote was not saved. Try again.")


class RecordIncomplete(EnvironmentFault):
    """Acts that were shown as saved are not all here, or the store is older than it should be."""

    code = "machine.record_incomplete"
    title = Text("Thiếu dữ liệu: kho trên máy cũ hơn lần lưu cuối", "Data is missing: the store is older than it was")
    next_step = Text(
        "Kiểm tra các phiếu trong Chờ gửi và báo ngay cán bộ kỹ thuật.",
        "Check your votes in the outbox and tell IT staff at once.",
    )


class SandboxUnavailable(EnvironmentFault):
    """The render process could not be confined; policy decides whether papers open."""

    code = "machine.sandbox_unavailable"
    title = Text("Không cô lập được phần hiển thị tài liệu", "The paper viewer cannot be isolated")
    next_step = Text(
        "Tài liệu chưa mở được trên máy này. Báo cán bộ kỹ thuật.", "Papers do not open here. Tell IT staff."
    )


# -- one paper -------------------------------------------------------------------------------------------


class PaperFault(EcabinetError):
    """One paper cannot be shown; everything else goes on."""

    code = "paper"
    title = Text("Không hiển thị được tài liệu", "The paper cannot be shown")
    next_step = Text("Các tài liệu khác vẫn mở được. Báo Thư ký.", "Other papers still open. Tell the secretariat.")


class PaperBroken(PaperFault):
    """Not a PDF, or damaged beyond repair."""

    code = "paper.broken"
    title = Text("Tệp tài liệu bị hỏng", "The paper's file is damaged")


class PaperLocked(PaperFault):
    """Needs a password that nobody gave us."""

    code = "paper.locked"
    title = Text("Tài liệu có mật khẩu", "The paper is password-protected")


class PaperEmpty(PaperFault):
    """Has no pages."""

    code = "paper.empty"
    title = Text("Tài liệu không có trang nào", "The paper has no pages")


class PaperTooBig(PaperFault):
    """More bytes, pages or pixels than the limits allow."""

    code = "paper.too_big"
    title = Text("Tài liệu vượt giới hạn", "The paper exceeds the limits")


class RenderTimeout(PaperFault):
    """A page took longer than the time limit."""

    code = "paper.timeout"
    title = Text("Trang quá phức tạp", "The page is too complex")


class RendererLost(PaperFault):
    """The render process died on this request; a new one takes over."""

    code = "paper.renderer_lost"
    title = Text("Phần hiển thị vừa khởi động lại", "The viewer restarted")


class InternalFault(EcabinetError):
    """A bug of ours; ``detail`` says where."""

    code = "internal"
    title = Text("Lỗi chương trình", "Program error")
