# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vocabulary of the two decrees on the demo agenda. Invented throughout."""

from __future__ import annotations

from typing import Final

from server.demo.content.topic import Topic

DATA_SHARING: Final = Topic(
    key="data",
    field="quản lý, kết nối và chia sẻ dữ liệu trong cơ quan nhà nước",
    agency="Bộ Khoa học và Công nghệ",
    mark="BKHCN",
    things=(
        "dữ liệu dùng chung",
        "danh mục dữ liệu mở",
        "cơ sở dữ liệu chuyên ngành",
        "mã định danh của cơ quan, tổ chức",
        "nền tảng tích hợp dữ liệu",
        "hồ sơ điện tử của người dân",
        "siêu dữ liệu",
        "nhật ký truy cập dữ liệu",
        "kho lưu trữ kết quả thủ tục hành chính",
        "tài khoản khai thác dữ liệu",
    ),
    acts=(
        "rà soát, công bố danh mục dữ liệu dùng chung",
        "chuẩn hóa mã định danh và cấu trúc siêu dữ liệu",
        "kết nối cơ sở dữ liệu chuyên ngành với nền tảng tích hợp dữ liệu",
        "cập nhật dữ liệu trong thời hạn 24 giờ kể từ khi phát sinh thay đổi",
        "lưu nhật ký truy cập tối thiểu 24 tháng",
        "đánh giá chất lượng dữ liệu theo bộ tiêu chí thống nhất",
        "cấp, thu hồi tài khoản khai thác dữ liệu",
        "công khai dữ liệu mở ở định dạng máy đọc được",
        "sao lưu dữ liệu tại hai trung tâm dữ liệu độc lập",
        "thông báo sự cố dữ liệu cho đơn vị đầu mối",
    ),
    aims=(
        "người dân chỉ phải cung cấp thông tin một lần cho cơ quan nhà nước",
        "giảm chi phí tuân thủ thủ tục hành chính",
        "bảo đảm dữ liệu đúng, đủ, sạch, sống và thống nhất",
        "phục vụ chỉ đạo, điều hành dựa trên số liệu",
        "bảo vệ dữ liệu cá nhân trong toàn bộ quá trình xử lý",
        "thúc đẩy khai thác dữ liệu mở trong nghiên cứu và kinh doanh",
        "tránh đầu tư trùng lặp hệ thống thông tin",
    ),
    troubles=(
        "một số cơ quan chưa cập nhật dữ liệu đúng thời hạn",
        "cùng một thông tin được lưu ở nhiều hệ thống với nội dung khác nhau",
        "yêu cầu cung cấp dữ liệu còn phải thực hiện bằng văn bản giấy",
        "chưa xác định rõ đơn vị chịu trách nhiệm về chất lượng dữ liệu",
        "việc kết nối phụ thuộc vào thỏa thuận riêng giữa từng cặp cơ quan",
        "nhật ký truy cập chưa được lưu giữ thống nhất",
        "dữ liệu lịch sử chưa được số hóa đầy đủ",
    ),
    causes=(
        "quy định hiện hành chưa gắn trách nhiệm với thời hạn cụ thể",
        "các hệ thống được xây dựng ở những thời điểm khác nhau, theo chuẩn khác nhau",
        "nhân lực quản trị dữ liệu còn thiếu, nhất là ở cấp xã",
        "kinh phí duy trì kết nối chưa được bố trí thường xuyên",
        "chưa có cơ chế giải quyết khi từ chối chia sẻ dữ liệu",
    ),
    terms=(
        (
            "Dữ liệu dùng chung",
            "là dữ liệu do một cơ quan nhà nước tạo lập và được nhiều cơ quan khác sử dụng để thực hiện nhiệm vụ theo quy định",
        ),
        (
            "Cơ quan chủ quản dữ liệu",
            "là cơ quan nhà nước có thẩm quyền quyết định việc tạo lập, cập nhật và chia sẻ dữ liệu",
        ),
        (
            "Siêu dữ liệu",
            "là thông tin mô tả nội dung, định dạng, nguồn gốc, chất lượng và điều kiện sử dụng của dữ liệu",
        ),
        ("Dữ liệu mở", "là dữ liệu được cơ quan nhà nước công bố để tổ chức, cá nhân tự do sử dụng, tái sử dụng"),
        (
            "Nền tảng tích hợp dữ liệu",
            "là hệ thống kỹ thuật làm trung gian kết nối, xác thực và ghi nhận việc chia sẻ dữ liệu",
        ),
        ("Sự cố dữ liệu", "là tình huống dữ liệu bị sai lệch, gián đoạn, mất mát hoặc bị truy cập trái phép"),
    ),
    chapters=(
        (
            "QUY ĐỊNH CHUNG",
            (
                "Phạm vi điều chỉnh",
                "Đối tượng áp dụng",
                "Giải thích từ ngữ",
                "Nguyên tắc quản lý, kết nối và chia sẻ dữ liệu",
                "Các hành vi không được thực hiện",
            ),
        ),
        (
            "QUẢN LÝ DỮ LIỆU",
            (
                "Danh mục dữ liệu dùng chung",
                "Mã định danh và siêu dữ liệu",
                "Cập nhật, điều chỉnh dữ liệu",
                "Chất lượng dữ liệu",
                "Lưu giữ và sao lưu dữ liệu",
                "Hủy dữ liệu hết giá trị sử dụng",
            ),
        ),
        (
            "KẾT NỐI, CHIA SẺ DỮ LIỆU",
            (
                "Phương thức kết nối, chia sẻ",
                "Trình tự kết nối dữ liệu",
                "Hồ sơ đề nghị khai thác dữ liệu",
                "Thời hạn trả lời đề nghị",
                "Từ chối chia sẻ và giải quyết vướng mắc",
                "Tạm dừng, chấm dứt kết nối",
            ),
        ),
        (
            "DỮ LIỆU MỞ VÀ BẢO VỆ DỮ LIỆU",
            (
                "Công bố dữ liệu mở",
                "Điều kiện sử dụng dữ liệu mở",
                "Bảo vệ dữ liệu cá nhân",
                "Nhật ký truy cập",
                "Ứng phó sự cố dữ liệu",
            ),
        ),
        (
            "TRÁCH NHIỆM VÀ ĐIỀU KHOẢN THI HÀNH",
            (
                "Trách nhiệm của cơ quan chủ quản dữ liệu",
                "Trách nhiệm của Bộ Khoa học và Công nghệ",
                "Trách nhiệm của Bộ Công an",
                "Trách nhiệm của Ủy ban nhân dân cấp tỉnh",
                "Kinh phí thực hiện",
                "Điều khoản chuyển tiếp",
                "Hiệu lực thi hành",
            ),
        ),
    ),
    measures=(
        ("Cơ sở dữ liệu đã kết nối", "hệ thống"),
        ("Giao dịch chia sẻ dữ liệu", "nghìn lượt"),
        ("Bộ dữ liệu mở đã công bố", "bộ"),
        ("Yêu cầu trả lời đúng hạn", "%"),
    ),
)

GROUNDWATER: Final = Topic(
    key="water",
    field="khai thác, bảo vệ nước dưới đất",
    agency="Bộ Nông nghiệp và Môi trường",
    mark="BNNMT",
    things=(
        "tầng chứa nước",
        "giếng khai thác",
        "vùng hạn chế khai thác nước dưới đất",
        "mạng quan trắc mực nước",
        "giấy phép khai thác nước dưới đất",
        "vùng bổ cập nhân tạo",
        "hành lang bảo vệ nguồn nước sinh hoạt",
        "công trình khoan thăm dò",
        "ngưỡng khai thác của từng tầng chứa nước",
        "số liệu lún mặt đất",
    ),
    acts=(
        "khoanh định vùng hạn chế khai thác nước dưới đất",
        "trám lấp giếng không sử dụng theo đúng kỹ thuật",
        "lắp thiết bị giám sát lưu lượng và truyền số liệu tự động",
        "công bố ngưỡng khai thác hằng năm của từng tầng chứa nước",
        "cấp, gia hạn, điều chỉnh giấy phép trên môi trường điện tử",
        "bổ cập nhân tạo bằng nước mưa đã qua xử lý",
        "quan trắc độ mặn tại các tầng ven biển",
        "chuyển đổi nguồn cấp nước cho khu công nghiệp",
        "điều tra hiện trạng giếng khoan hộ gia đình",
        "cảnh báo sớm hạ thấp mực nước",
    ),
    aims=(
        "bảo đảm an ninh nguồn nước trong mùa khô",
        "hạn chế sụt lún và xâm nhập mặn",
        "ưu tiên nước cho sinh hoạt của người dân",
        "khôi phục mực nước tại các vùng đã khai thác quá mức",
        "giảm thời gian giải quyết thủ tục cấp phép",
        "quản lý nguồn nước theo tầng chứa nước thay cho địa giới hành chính",
        "chia sẻ số liệu quan trắc giữa trung ương và địa phương",
    ),
    troubles=(
        "mực nước tại một số tầng chứa nước tiếp tục hạ thấp",
        "nhiều giếng khoan cũ chưa được trám lấp",
        "mạng quan trắc còn thưa ở vùng ven biển",
        "số liệu khai thác do chủ công trình tự kê khai chưa được kiểm chứng",
        "việc cấp phép còn tách rời với quy hoạch cấp nước",
        "một số địa phương chưa công bố vùng hạn chế khai thác",
        "chi phí chuyển đổi nguồn nước vượt khả năng của hộ gia đình",
    ),
    causes=(
        "ngưỡng khai thác chưa được xác định cho từng tầng chứa nước",
        "nhu cầu nước của khu công nghiệp tăng nhanh hơn dự báo",
        "thiếu thiết bị giám sát tự động ở các công trình nhỏ",
        "việc phân cấp chưa đi cùng nguồn lực kiểm tra",
        "dữ liệu địa chất thủy văn chưa được chia sẻ",
    ),
    terms=(
        ("Nước dưới đất", "là nước tồn tại trong các tầng chứa nước dưới bề mặt đất"),
        (
            "Ngưỡng khai thác",
            "là giới hạn lượng nước được khai thác trong một năm để không gây hạ thấp mực nước quá mức cho phép",
        ),
        (
            "Vùng hạn chế khai thác",
            "là khu vực mà việc khai thác nước dưới đất phải giảm lưu lượng hoặc dừng theo lộ trình",
        ),
        ("Bổ cập nhân tạo", "là việc đưa nước từ mặt đất vào tầng chứa nước bằng giải pháp kỹ thuật"),
        ("Trám lấp giếng", "là việc lấp kín giếng không sử dụng để ngăn chất bẩn xâm nhập tầng chứa nước"),
    ),
    chapters=(
        (
            "QUY ĐỊNH CHUNG",
            (
                "Phạm vi điều chỉnh",
                "Đối tượng áp dụng",
                "Giải thích từ ngữ",
                "Nguyên tắc khai thác, bảo vệ nước dưới đất",
                "Cơ sở dữ liệu nước dưới đất",
            ),
        ),
        (
            "BẢO VỆ NƯỚC DƯỚI ĐẤT",
            (
                "Ngưỡng khai thác của tầng chứa nước",
                "Khoanh định vùng hạn chế khai thác",
                "Hành lang bảo vệ nguồn nước sinh hoạt",
                "Trám lấp giếng không sử dụng",
                "Bổ cập nhân tạo",
                "Quan trắc và cảnh báo",
            ),
        ),
        (
            "CẤP PHÉP KHAI THÁC",
            (
                "Trường hợp phải có giấy phép",
                "Điều kiện cấp giấy phép",
                "Hồ sơ đề nghị cấp giấy phép",
                "Trình tự, thời hạn giải quyết",
                "Gia hạn, điều chỉnh giấy phép",
                "Đình chỉ, thu hồi giấy phép",
                "Kê khai khai thác của hộ gia đình",
            ),
        ),
        (
            "TÀI CHÍNH VÀ KIỂM TRA",
            ("Tiền cấp quyền khai thác", "Hỗ trợ chuyển đổi nguồn nước", "Kiểm tra, giám sát", "Xử lý vi phạm"),
        ),
        (
            "ĐIỀU KHOẢN THI HÀNH",
            (
                "Trách nhiệm của Bộ Nông nghiệp và Môi trường",
                "Trách nhiệm của Ủy ban nhân dân các cấp",
                "Điều khoản chuyển tiếp",
                "Hiệu lực thi hành",
            ),
        ),
    ),
    measures=(
        ("Lưu lượng khai thác", "nghìn m³/ngày"),
        ("Giếng đã trám lấp", "giếng"),
        ("Điểm quan trắc tự động", "điểm"),
        ("Độ sâu mực nước trung bình", "m"),
    ),
)
