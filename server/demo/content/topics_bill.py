# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vocabulary of the law and the resolution on the demo agenda. Invented throughout."""

from __future__ import annotations

from typing import Final

from server.demo.content.topic import Topic

UPKEEP: Final = Topic(
    key="upkeep",
    field="bảo trì công trình công cộng",
    agency="Bộ Xây dựng",
    mark="BXD",
    things=(
        "công trình công cộng",
        "hồ sơ bảo trì điện tử",
        "kế hoạch bảo trì nhiều năm",
        "chi phí bảo trì",
        "cầu, hầm và đường đô thị",
        "trường học, bệnh viện công lập",
        "công trình cấp, thoát nước",
        "tiêu chuẩn đánh giá mức độ xuống cấp",
        "hợp đồng bảo trì theo kết quả",
        "quỹ dự phòng sửa chữa khẩn cấp",
    ),
    acts=(
        "lập kế hoạch bảo trì ngay từ bước thiết kế",
        "kiểm định định kỳ công trình đã sử dụng trên hai mươi năm",
        "gắn mã nhận diện cho từng công trình",
        "giao bảo trì theo kết quả đầu ra",
        "công khai tình trạng kỹ thuật của công trình",
        "bố trí kinh phí bảo trì trong dự toán trung hạn",
        "sửa chữa khẩn cấp trong thời hạn bảy ngày",
        "đánh giá mức độ xuống cấp theo thang năm bậc",
        "tiếp nhận phản ánh của người dân về hư hỏng",
        "lưu hồ sơ bảo trì trên môi trường điện tử",
    ),
    aims=(
        "kéo dài tuổi thọ công trình",
        "bảo đảm an toàn cho người sử dụng",
        "giảm tổng chi phí trong vòng đời công trình",
        "xác định rõ trách nhiệm của chủ sở hữu và đơn vị quản lý",
        "khắc phục tình trạng đầu tư mới nhưng thiếu bảo trì",
        "minh bạch việc sử dụng kinh phí bảo trì",
        "nâng cao khả năng chống chịu thiên tai",
    ),
    troubles=(
        "kinh phí bảo trì mới đáp ứng một phần nhu cầu",
        "nhiều công trình không còn hồ sơ hoàn công",
        "kiểm định định kỳ chưa được thực hiện đầy đủ",
        "trách nhiệm sau sắp xếp đơn vị hành chính chưa được bàn giao rõ",
        "sửa chữa chủ yếu khi đã xảy ra hư hỏng",
        "định mức chi phí bảo trì chậm được cập nhật",
        "dữ liệu công trình phân tán ở nhiều cơ quan",
    ),
    causes=(
        "quy định về bảo trì nằm rải rác ở nhiều văn bản",
        "chưa có chế tài đối với việc không lập kế hoạch bảo trì",
        "việc phân bổ vốn ưu tiên đầu tư mới",
        "thiếu tổ chức kiểm định độc lập ở địa phương",
        "chưa có hệ thống theo dõi tình trạng công trình",
    ),
    terms=(
        ("Công trình công cộng", "là công trình được đầu tư bằng vốn nhà nước để phục vụ nhu cầu chung của xã hội"),
        (
            "Bảo trì",
            "là tập hợp các công việc nhằm duy trì sự làm việc bình thường, an toàn của công trình trong quá trình sử dụng",
        ),
        (
            "Kế hoạch bảo trì nhiều năm",
            "là kế hoạch xác định công việc, thời gian và nguồn lực bảo trì cho tối thiểu năm năm",
        ),
        ("Bảo trì theo kết quả", "là phương thức trả chi phí bảo trì căn cứ mức độ đạt yêu cầu của công trình"),
        ("Mức độ xuống cấp", "là kết quả đánh giá tình trạng kỹ thuật so với thiết kế theo thang năm bậc"),
        ("Sửa chữa khẩn cấp", "là việc sửa chữa không thể trì hoãn để bảo đảm an toàn cho người và tài sản"),
    ),
    chapters=(
        (
            "NHỮNG QUY ĐỊNH CHUNG",
            (
                "Phạm vi điều chỉnh",
                "Đối tượng áp dụng",
                "Giải thích từ ngữ",
                "Nguyên tắc bảo trì công trình công cộng",
                "Chính sách của Nhà nước về bảo trì",
                "Các hành vi bị nghiêm cấm",
            ),
        ),
        (
            "KẾ HOẠCH BẢO TRÌ",
            (
                "Kế hoạch bảo trì nhiều năm",
                "Kế hoạch bảo trì hằng năm",
                "Thẩm định, phê duyệt kế hoạch",
                "Điều chỉnh kế hoạch",
                "Công khai kế hoạch",
            ),
        ),
        (
            "THỰC HIỆN BẢO TRÌ",
            (
                "Kiểm tra thường xuyên",
                "Kiểm định định kỳ",
                "Đánh giá mức độ xuống cấp",
                "Bảo dưỡng, sửa chữa",
                "Sửa chữa khẩn cấp",
                "Bảo trì theo kết quả",
                "Nghiệm thu công việc bảo trì",
                "Dừng sử dụng công trình không bảo đảm an toàn",
            ),
        ),
        (
            "HỒ SƠ, DỮ LIỆU BẢO TRÌ",
            (
                "Mã nhận diện công trình",
                "Hồ sơ bảo trì điện tử",
                "Cơ sở dữ liệu công trình công cộng",
                "Tiếp nhận phản ánh của người dân",
            ),
        ),
        (
            "KINH PHÍ BẢO TRÌ",
            (
                "Nguồn kinh phí",
                "Định mức chi phí bảo trì",
                "Dự toán và phân bổ",
                "Dự phòng sửa chữa khẩn cấp",
                "Quyết toán, kiểm toán",
            ),
        ),
        (
            "QUẢN LÝ NHÀ NƯỚC VÀ ĐIỀU KHOẢN THI HÀNH",
            (
                "Trách nhiệm của Chính phủ",
                "Trách nhiệm của Bộ Xây dựng",
                "Trách nhiệm của các bộ, cơ quan ngang bộ",
                "Trách nhiệm của Ủy ban nhân dân các cấp",
                "Thanh tra, kiểm tra",
                "Điều khoản chuyển tiếp",
                "Hiệu lực thi hành",
            ),
        ),
    ),
    measures=(
        ("Công trình đã lập kế hoạch bảo trì", "công trình"),
        ("Kinh phí bảo trì", "tỷ đồng"),
        ("Công trình được kiểm định", "công trình"),
        ("Phản ánh đã xử lý", "%"),
    ),
)

LOGISTICS: Final = Topic(
    key="logistics",
    field="phát triển trung tâm logistics vùng",
    agency="Bộ Công Thương",
    mark="BCT",
    things=(
        "trung tâm logistics vùng",
        "cảng cạn",
        "kho lạnh nông sản",
        "hành lang vận tải đa phương thức",
        "thủ tục hải quan một điểm dừng",
        "khu dịch vụ hậu cần cửa khẩu",
        "phương tiện vận tải phát thải thấp",
        "sàn giao dịch vận tải",
        "đất dành cho logistics",
        "chi phí vận chuyển hàng hóa",
    ),
    acts=(
        "thí điểm một đầu mối giải quyết thủ tục tại trung tâm logistics",
        "bố trí quỹ đất dành cho kho bãi và bãi đỗ",
        "kết nối đường sắt với cảng cạn",
        "hỗ trợ lãi suất đầu tư kho lạnh",
        "chia sẻ dữ liệu vận đơn điện tử",
        "rút ngắn thời gian thông quan hàng nông sản",
        "lựa chọn nhà đầu tư theo tiêu chí công khai",
        "khuyến khích phương tiện phát thải thấp",
        "đào tạo nhân lực logistics theo nhu cầu doanh nghiệp",
        "đánh giá kết quả thí điểm hằng năm",
    ),
    aims=(
        "giảm chi phí logistics so với tổng sản phẩm trong nước",
        "nâng sức cạnh tranh của hàng nông sản",
        "giảm áp lực cho đường bộ",
        "thu hút đầu tư tư nhân vào hạ tầng",
        "rút ngắn thời gian giao hàng liên vùng",
        "hình thành chuỗi cung ứng ổn định",
        "tận dụng các hiệp định thương mại",
    ),
    troubles=(
        "chi phí vận chuyển liên vùng còn cao",
        "kho lạnh mới đáp ứng một phần nhu cầu mùa vụ",
        "kết nối giữa đường sắt và cảng còn đứt đoạn",
        "doanh nghiệp phải làm thủ tục ở nhiều nơi",
        "quỹ đất logistics chưa được xác định trong quy hoạch",
        "xe chở một chiều rỗng còn nhiều",
        "thông tin luồng hàng chưa được chia sẻ",
    ),
    causes=(
        "chưa có cơ chế liên kết giữa các địa phương trong vùng",
        "thẩm quyền giải quyết thủ tục thuộc nhiều cơ quan",
        "vốn đầu tư ban đầu lớn, thời gian thu hồi dài",
        "chuẩn dữ liệu vận đơn chưa thống nhất",
        "hạ tầng đường sắt chậm được nâng cấp",
    ),
    terms=(
        (
            "Trung tâm logistics vùng",
            "là khu vực tập trung hạ tầng và dịch vụ phục vụ vận chuyển, lưu giữ, phân phối hàng hóa của nhiều địa phương",
        ),
        ("Cảng cạn", "là đầu mối vận tải trong nội địa có chức năng của cảng đối với hàng hóa xuất khẩu, nhập khẩu"),
        ("Vận đơn điện tử", "là chứng từ vận tải được lập, ký và chuyển giao trên môi trường điện tử"),
        ("Một điểm dừng", "là việc các cơ quan cùng kiểm tra hàng hóa tại một địa điểm, một lần"),
    ),
    chapters=(
        (
            "",
            (
                "Phạm vi, đối tượng thí điểm",
                "Nguyên tắc thực hiện thí điểm",
                "Cơ chế một đầu mối về thủ tục",
                "Đất đai, quy hoạch",
                "Ưu đãi, hỗ trợ đầu tư",
                "Chia sẻ dữ liệu vận tải",
                "Theo dõi, đánh giá",
                "Tổ chức thực hiện",
                "Điều khoản thi hành",
            ),
        ),
    ),
    measures=(
        ("Hàng hóa qua trung tâm", "nghìn tấn"),
        ("Thời gian thông quan", "giờ"),
        ("Công suất kho lạnh", "nghìn m³"),
        ("Chi phí vận chuyển bình quân", "nghìn đồng/tấn"),
    ),
)
