# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentence patterns by the part of a paper they belong to.

Decides: how invented vocabulary becomes sentences. Slots: ``{thing}``, ``{thing2}`` nouns; ``{act}``, ``{act2}``
verb phrases; ``{aim}``, ``{aim2}``; ``{trouble}``, ``{trouble2}`` clauses; ``{cause}``; ``{body}``, ``{body2}``
ministries; ``{place}``, ``{place2}`` provinces; ``{field}``; ``{n}`` small count, ``{big}`` large count, ``{p}``,
``{q}`` and ``{r}`` percentages (large, middling, small), ``{money}`` billions of đồng, ``{days}`` and ``{months}`` terms, ``{article}`` a number.
"""

from __future__ import annotations

from typing import Final

NEED: Final = (
    "Thời gian qua, việc {act} đã đạt kết quả bước đầu; đến hết tháng 10 năm 2026, đã có {big} cơ quan, đơn vị triển khai, đạt {p}% kế hoạch.",
    "Tuy nhiên, {trouble}; {trouble2}.",
    "Nguyên nhân chủ yếu là {cause}.",
    "Kết quả rà soát tại {place} và {place2} cho thấy {trouble}, ảnh hưởng trực tiếp đến yêu cầu {aim}.",
    "Theo tổng hợp từ {n} bộ, cơ quan ngang bộ, {p}% ý kiến cho rằng cần có quy định thống nhất về {thing}.",
    "Qua {n} đợt kiểm tra, {body} ghi nhận {trouble} và kiến nghị sớm hoàn thiện quy định để {aim}.",
    "Quy định hiện hành về {thing} được ban hành trong bối cảnh tổ chức chính quyền ba cấp, không còn phù hợp với mô hình chính quyền địa phương hai cấp.",
    "Trong khi đó, yêu cầu {aim} ngày càng cấp thiết, nhất là tại {place}.",
    "Nếu không có giải pháp kịp thời, tình trạng {trouble} sẽ tiếp tục kéo dài và làm tăng chi phí của xã hội.",
    "Thực tiễn nêu trên đòi hỏi phải quy định rõ trách nhiệm, thời hạn và nguồn lực đối với {thing}.",
    "Việc {act} hiện mới dừng ở hướng dẫn hành chính, chưa có giá trị ràng buộc giữa các cơ quan.",
    "Khảo sát {big} người dân và doanh nghiệp cho thấy {q}% gặp khó khăn liên quan đến {thing}.",
    "Sau {n} năm thực hiện, khối lượng công việc liên quan đến {thing} đã tăng {p}%, trong khi bộ máy và quy trình chưa thay đổi tương ứng.",
    "Báo cáo của {n} địa phương, trong đó có {place}, đều kiến nghị sửa đổi quy định về {thing}.",
    "Kết luận thanh tra tại {body} chỉ ra {cause}, dẫn đến {trouble}.",
    "Kinh nghiệm thí điểm tại {place2} cho thấy {act} là khả thi và được người dân đồng tình.",
    "Chỉ tiêu đến năm 2030 là {aim}; nếu giữ tốc độ hiện nay thì chỉ đạt {p}% mục tiêu.",
)

VIEW: Final = (
    "Thể chế hóa đầy đủ chủ trương của Đảng, chính sách của Nhà nước về {field}, bảo đảm phù hợp với Hiến pháp và thống nhất với hệ thống pháp luật.",
    "Kế thừa các quy định còn phù hợp về {thing}; sửa đổi những nội dung đã bộc lộ bất cập trong thực tiễn.",
    "Đẩy mạnh phân cấp, phân quyền đi đôi với kiểm tra, giám sát; xác định rõ cơ quan chịu trách nhiệm trong việc {act}.",
    "Chỉ quy định tại văn bản này những vấn đề thuộc thẩm quyền, đã rõ, đã được kiểm nghiệm; nội dung mới thì thí điểm có thời hạn.",
    "Không làm phát sinh thủ tục hành chính mới ngoài các thủ tục thật sự cần thiết để {aim}.",
    "Bảo đảm tính khả thi, phù hợp với khả năng cân đối ngân sách và điều kiện của từng địa phương.",
    "Tham khảo có chọn lọc kinh nghiệm quốc tế về {thing} phù hợp với điều kiện Việt Nam.",
    "Lấy kết quả {aim} làm thước đo đánh giá mức độ hoàn thành nhiệm vụ.",
    "Mỗi việc chỉ giao một cơ quan chủ trì; cơ quan phối hợp về {thing} có thời hạn trả lời cụ thể.",
    "Thiết kế chính sách dựa trên số liệu; chỉ tiêu {aim} phải đo được hằng quý.",
    "Ưu tiên giải pháp dùng chung, tận dụng hạ tầng đã đầu tư cho {thing}.",
    "Tôn trọng quyền chủ động của địa phương trong việc {act}, đồng thời công khai kết quả để nhân dân giám sát.",
)

PROCESS: Final = (
    "Cơ quan chủ trì đã thành lập Tổ biên tập gồm đại diện {n} bộ, ngành, địa phương và các chuyên gia.",
    "Dự thảo đã được đăng tải trên Cổng Thông tin điện tử Chính phủ trong {days} ngày để lấy ý kiến rộng rãi.",
    "Đã tổ chức {n} hội thảo tại {place}, {place2} với sự tham gia của {big} đại biểu.",
    "Cơ quan chủ trì đã tổng hợp, tiếp thu, giải trình ý kiến của các bộ, cơ quan ngang bộ, Ủy ban nhân dân các tỉnh, thành phố.",
    "Bộ Tư pháp đã tổ chức thẩm định; trên cơ sở báo cáo thẩm định, cơ quan chủ trì đã hoàn thiện hồ sơ trình Chính phủ.",
    "Đã đánh giá tác động đối với {n} nhóm chính sách, trong đó có chính sách {act}.",
    "Ý kiến của Liên đoàn Thương mại và Công nghiệp Việt Nam và các hiệp hội đã được nghiên cứu, tiếp thu.",
    "Tổ biên tập đã khảo sát thực tế tại {place} và {place2}, tập trung vào {thing}.",
    "Đến hết thời hạn lấy ý kiến, có {n} bộ, cơ quan ngang bộ và {n} địa phương gửi văn bản góp ý.",
)

CONTENT: Final = (
    "Dự thảo quy định cơ quan có trách nhiệm {act}, bảo đảm {aim}.",
    "Đối với {thing}, dự thảo xác định ba nội dung: cơ quan chịu trách nhiệm, thời hạn thực hiện và biện pháp xử lý khi không thực hiện.",
    "So với quy định hiện hành, thời gian giải quyết được rút ngắn từ {days} ngày xuống còn {n} ngày làm việc.",
    "Việc {act} được phân cấp cho Ủy ban nhân dân cấp tỉnh; {body} thực hiện kiểm tra theo xác suất và công khai kết quả.",
    "Dự thảo bổ sung nghĩa vụ báo cáo về {thing} bằng số liệu điện tử, thay cho báo cáo giấy định kỳ.",
    "Trường hợp {trouble}, cơ quan phát hiện phải thông báo trong thời hạn {n} ngày làm việc và phối hợp khắc phục.",
    "Quy định chuyển tiếp được thiết kế để {thing} đang thực hiện không bị gián đoạn.",
    "Để {aim}, dự thảo cho phép sử dụng kết quả đã có trong cơ sở dữ liệu, không yêu cầu tổ chức, cá nhân nộp lại.",
    "Dự thảo giao {body} chủ trì, phối hợp với {body2} hướng dẫn việc {act}.",
    "Nội dung về {thing} được quy định theo hướng nguyên tắc; yêu cầu kỹ thuật do bộ quản lý ngành ban hành.",
    "Mức hỗ trợ tối đa cho một địa phương là {money} tỷ đồng trong giai đoạn 2027 - 2030, căn cứ kết quả {act}.",
    "Điều {article} dự thảo quy định cụ thể trình tự {act}, gồm {n} bước và đều thực hiện được trên môi trường điện tử.",
    "Trách nhiệm của người đứng đầu đối với {thing} được quy định thành một điều riêng.",
    "Đối với khu vực khó khăn như {place}, dự thảo cho phép thực hiện chậm hơn {months} tháng.",
    "Cơ chế kiểm tra sau được áp dụng cho {p}% trường hợp; chỉ kiểm tra trước khi có nguy cơ {trouble}.",
)

IMPACT: Final = (
    "Về kinh tế, phương án đề xuất giúp tiết kiệm khoảng {money} tỷ đồng mỗi năm nhờ {act}.",
    "Về xã hội, người dân tại {place} và các địa phương tương tự được hưởng lợi từ việc {aim}.",
    "Về thủ tục hành chính, số thành phần hồ sơ giảm {p}%, thời gian thực hiện giảm {q}%.",
    "Về giới, chính sách không tạo ra phân biệt đối xử; tỷ lệ nữ tiếp cận dịch vụ dự kiến tăng {n} điểm phần trăm.",
    "Chi phí tuân thủ tăng thêm của doanh nghiệp nhỏ ước khoảng {n} triệu đồng mỗi năm, chủ yếu do phải {act}.",
    "Phương án giữ nguyên quy định hiện hành không phát sinh chi phí ngay nhưng không khắc phục được việc {trouble}.",
    "Phương án ban hành quy định mới đáp ứng yêu cầu {aim} với chi phí chấp nhận được.",
    "Đối với hệ thống pháp luật, cần sửa đổi {n} thông tư liên quan đến {thing}.",
    "Rủi ro chính khi thực hiện là {trouble}; biện pháp giảm thiểu là {act}.",
    "Tác động đến ngân sách cấp xã được đánh giá ở mức thấp do {thing} đã được đầu tư tập trung.",
    "Theo phương án 2, số đơn vị phải thay đổi quy trình là {big}, tập trung ở {place} và {place2}.",
    "Tỷ suất lợi ích trên chi phí của giải pháp {act} ước đạt {r} lần sau {n} năm.",
    "Nhóm chịu tác động trực tiếp gồm {big} tổ chức có liên quan đến {thing}.",
    "So sánh {n} kịch bản, phương án chọn có chi phí thấp hơn {q}% và đáp ứng tốt hơn yêu cầu {aim}.",
)

COST: Final = (
    "Kinh phí thực hiện giai đoạn 2027 - 2030 ước {money} tỷ đồng, trong đó ngân sách trung ương bảo đảm {p}%.",
    "Nguồn lực chủ yếu sử dụng hạ tầng, thiết bị và nhân sự hiện có; không tăng biên chế.",
    "{body} bố trí kinh phí trong dự toán được giao hằng năm và lồng ghép với các chương trình đã được phê duyệt.",
    "Đối với địa phương khó khăn, ngân sách trung ương hỗ trợ có mục tiêu để {act}.",
    "Chi phí duy trì {thing} được tính vào chi thường xuyên, có định mức và được công khai.",
    "Về nhân lực, cần tập huấn cho {big} cán bộ, công chức, trong đó ưu tiên cấp xã tại {place}.",
    "Hạ tầng phục vụ việc {act} tận dụng {p}% thiết bị đã đầu tư; phần còn lại thuê dịch vụ.",
    "Sau khi văn bản được ban hành, {body} ban hành kế hoạch triển khai trong thời hạn {days} ngày.",
)

OPEN: Final = (
    "Loại ý kiến thứ nhất cho rằng cần {act} ngay khi văn bản có hiệu lực để {aim}.",
    "Loại ý kiến thứ hai đề nghị thực hiện theo lộ trình {months} tháng vì {cause}.",
    "Cơ quan chủ trì nhận thấy phương án có lộ trình bảo đảm khả thi hơn, đồng thời đáp ứng yêu cầu {aim}.",
    "{body} đề nghị giao thẩm quyền quyết định về {thing} cho Ủy ban nhân dân cấp tỉnh; {body2} đề nghị giữ thẩm quyền ở trung ương.",
    "Kính trình Chính phủ xem xét, cho ý kiến về vấn đề này.",
    "Một số ý kiến đề nghị quy định rõ hơn chế tài khi {trouble}.",
    "Đối với {thing}, còn ý kiến khác nhau giữa {body} và {body2} về thời điểm áp dụng.",
    "Phương án trình có {p}% ý kiến đồng thuận; các ý kiến còn lại đã được giải trình.",
)

APPRAISE: Final = (
    "Thống nhất với sự cần thiết ban hành văn bản vì {trouble}.",
    "Đề nghị cơ quan soạn thảo rà soát quy định về {thing} để bảo đảm thống nhất với các luật có liên quan.",
    "Quy định về việc {act} cần làm rõ chủ thể thực hiện, trình tự và hậu quả pháp lý khi không thực hiện.",
    "Điều {article} của dự thảo giao nhiều cơ quan cùng chịu trách nhiệm về {thing}; đề nghị xác định một cơ quan đầu mối.",
    "Về thủ tục hành chính, đề nghị cắt giảm thành phần hồ sơ đã có trong cơ sở dữ liệu quốc gia.",
    "Thời hạn {days} ngày là dài so với yêu cầu {aim}; đề nghị cân nhắc rút ngắn còn {n} ngày làm việc.",
    "Hồ sơ cơ bản đầy đủ; đề nghị bổ sung số liệu chứng minh nhận định {trouble}.",
    "Về điều kiện bảo đảm thi hành, cần làm rõ nguồn kinh phí và nhân lực để {act}, nhất là ở cấp xã.",
    "Ngôn ngữ, kỹ thuật soạn thảo cơ bản phù hợp; một số thuật ngữ liên quan đến {thing} chưa được dùng thống nhất.",
    "Tại khoản {n} Điều {article}, cụm từ “theo quy định” chưa xác định văn bản dẫn chiếu; đề nghị nêu cụ thể.",
    "Dự thảo không trái với điều ước quốc tế mà Việt Nam là thành viên; nội dung về {thing} phù hợp với cam kết hiện có.",
    "Đề nghị bổ sung quy định chuyển tiếp đối với {thing} đang được thực hiện trước ngày văn bản có hiệu lực.",
)

ANSWER: Final = (
    "Tiếp thu. Dự thảo đã được chỉnh lý tại Điều {article} theo hướng giao {body} làm đầu mối về {thing}.",
    "Tiếp thu một phần: đã rút ngắn thời hạn còn {n} ngày làm việc; giữ quy định về {thing} vì cần bảo đảm {aim}.",
    "Giải trình: việc {act} đã được quy định ở văn bản hiện hành, không nhắc lại để tránh chồng chéo.",
    "Tiếp thu, bổ sung khoản {n} Điều {article} quy định rõ trách nhiệm khi {trouble}.",
    "Giải trình: phương án được {n} trên 34 địa phương đồng thuận; mức chi phí đã được tính trong báo cáo đánh giá tác động.",
    "Tiếp thu, đã rà soát thuật ngữ về {thing} và dùng thống nhất trong toàn văn.",
    "Giải trình: kéo dài lộ trình thêm {months} tháng sẽ làm chậm mục tiêu {aim}; đề nghị cho giữ như dự thảo.",
    "Tiếp thu, đã bỏ yêu cầu nộp bản giấy và bổ sung việc khai thác dữ liệu sẵn có.",
)

RESULT: Final = (
    "Trong tháng, {thing} tăng {r}% so với tháng trước và tăng {q}% so với cùng kỳ năm trước.",
    "Lũy kế 11 tháng, {thing} ước đạt {p}% kế hoạch năm, cao hơn cùng kỳ {n} điểm phần trăm.",
    "Các bộ, địa phương đã tập trung {act}; đến ngày 15 tháng 11, đã có {big} nhiệm vụ hoàn thành.",
    "{body} đã chủ trì {act}, góp phần {aim}.",
    "Tại {place}, {thing} có chuyển biến rõ nét, vượt {n} điểm phần trăm so với mục tiêu đề ra.",
    "Nhờ {act}, nhiều vướng mắc kéo dài đã được xử lý, qua đó {aim}.",
    "{place} và {place2} là các địa phương có kết quả cao hơn bình quân chung của cả nước.",
    "Tổng nguồn lực huy động trong kỳ đạt {money} tỷ đồng, bằng {p}% dự toán.",
    "So với mục tiêu tại nghị quyết của Chính phủ, còn {n} chỉ tiêu cần phấn đấu trong tháng cuối năm.",
    "{thing_cap} giữ xu hướng tích cực, nhất là trong quý III và hai tháng đầu quý IV.",
    "Công tác kiểm tra, đôn đốc được tăng cường với {n} đoàn công tác tại {big} đơn vị cơ sở.",
    "Đã xử lý {n} trên {big} vướng mắc về {thing} do địa phương và doanh nghiệp phản ánh.",
    "{body} và {body2} đã thống nhất phương án {act}, tạo chuyển biến trong quý IV.",
    "Đến nay, {p}% nhiệm vụ được giao về {thing} đã hoàn thành đúng hạn, tăng {q} điểm phần trăm so với tháng 10.",
    "Khu vực {place} duy trì đà tăng, riêng {thing} tăng {q}% so với cùng kỳ.",
    "Chất lượng {thing} được cải thiện; số ý kiến phản ánh giảm {q}% so với quý trước.",
    "Nguồn lực cho việc {act} được bố trí đủ, giải ngân {money} tỷ đồng.",
    "Ban Chỉ đạo đã họp {n} phiên, tập trung tháo gỡ tình trạng {trouble}.",
)

TROUBLE: Final = (
    "Bên cạnh kết quả đạt được, {trouble}; {trouble2}.",
    "Tại {place}, {trouble}, cần tập trung chỉ đạo quyết liệt hơn.",
    "Nguyên nhân khách quan là {cause}; về chủ quan, công tác phối hợp giữa {body} và địa phương có lúc chưa chặt chẽ.",
    "Còn {n} bộ, cơ quan và {n} địa phương chưa đạt yêu cầu về {thing}.",
    "Áp lực {aim} trong tháng cuối năm còn lớn trong khi {trouble}.",
    "Việc {act} ở một số nơi còn hình thức, chưa gắn với trách nhiệm người đứng đầu.",
    "Số liệu về {thing} giữa các nguồn còn chênh lệch khoảng {n} điểm phần trăm, cần được đối chiếu.",
    "So với yêu cầu, {thing} mới đạt {p}% kế hoạch; khoảng cách lớn nhất ở {place2}.",
    "Công tác dự báo còn hạn chế nên {trouble}, nhất là trong tháng 10.",
    "{body2} chưa ban hành hướng dẫn về {thing}, khiến địa phương lúng túng khi thực hiện.",
    "Qua kiểm tra {big} hồ sơ, {q}% còn sai sót, chủ yếu do {cause}.",
    "Một số nhiệm vụ quá hạn trên {days} ngày, tập trung vào nội dung {act}.",
    "Khả năng {trouble} trong quý I năm 2027 vẫn cần được theo dõi chặt chẽ.",
)

TASK: Final = (
    "{body} chủ trì, phối hợp với {body2} {act}, báo cáo Thủ tướng Chính phủ trước ngày 20 tháng 12 năm 2026.",
    "Ủy ban nhân dân các tỉnh, thành phố tập trung {act}, bảo đảm {aim}.",
    "Tăng cường kiểm tra, xử lý dứt điểm tình trạng {trouble}.",
    "{body} khẩn trương rà soát quy định về {thing}, trình cấp có thẩm quyền sửa đổi trong quý I năm 2027.",
    "Người đứng đầu chịu trách nhiệm trực tiếp nếu để {trouble}.",
    "Đẩy mạnh thông tin, truyền thông về {thing} để tạo đồng thuận xã hội.",
    "Giao {body} theo dõi, tổng hợp kết quả {act}, báo cáo tại phiên họp Chính phủ thường kỳ tháng 12.",
    "Tiếp tục {act}; coi đây là nhiệm vụ trọng tâm nhằm {aim}.",
    "Trong tháng 12, {body} công bố danh sách đơn vị chậm tiến độ về {thing}.",
    "Bố trí tối thiểu {money} tỷ đồng cho việc {act}, ưu tiên {place} và các địa phương vùng khó khăn.",
    "{body} và {body2} thống nhất số liệu về {thing} trước ngày 15 tháng 12 năm 2026.",
    "Chủ tịch Ủy ban nhân dân {place} trực tiếp chỉ đạo {act}, hằng tuần báo cáo tiến độ.",
    "Xây dựng phương án ứng phó khi {trouble}, bảo đảm không gián đoạn hoạt động phục vụ người dân.",
    "Nghiên cứu nhân rộng cách làm của {place2} về {thing}.",
    "Sơ kết việc {act} sau {months} tháng; điều chỉnh chỉ tiêu nếu {cause}.",
)

CLAUSE: Final = (
    "Cơ quan, tổ chức quản lý {thing} có trách nhiệm {act} trong thời hạn {days} ngày kể từ ngày nhận được yêu cầu hợp lệ.",
    "Việc {act} phải bảo đảm {aim}, đúng thẩm quyền và được ghi nhận đầy đủ trên hệ thống thông tin.",
    "Trong thời hạn {n} ngày làm việc, cơ quan tiếp nhận kiểm tra tính đầy đủ của hồ sơ; trường hợp chưa đầy đủ thì thông báo một lần bằng phương thức điện tử, nêu rõ nội dung cần bổ sung.",
    "{body} chủ trì, phối hợp với {body2} hướng dẫn, kiểm tra việc {act}; công bố kết quả kiểm tra trước ngày 31 tháng 01 của năm sau.",
    "Ủy ban nhân dân cấp tỉnh quyết định cụ thể đối với {thing} trên địa bàn, phù hợp với điều kiện thực tế và khả năng cân đối nguồn lực.",
    "Không yêu cầu tổ chức, cá nhân cung cấp lại thông tin, giấy tờ về {thing} nếu thông tin đó đã có trong cơ sở dữ liệu được kết nối.",
    "Trường hợp {trouble}, cơ quan phát hiện phải thông báo cho cơ quan quản lý {thing} và áp dụng biện pháp khắc phục trong thời hạn {days} ngày.",
    "Tổ chức, cá nhân có quyền khiếu nại, tố cáo, kiến nghị về việc thực hiện quy định đối với {thing} theo quy định của pháp luật.",
    "Định kỳ {months} tháng, cơ quan chủ quản đánh giá kết quả {act} và cập nhật vào hệ thống theo dõi dùng chung.",
    "Nội dung liên quan đến {thing} phải được công khai tại trụ sở và trên cổng thông tin điện tử, trừ thông tin thuộc bí mật nhà nước, bí mật kinh doanh và dữ liệu cá nhân.",
    "Người đứng đầu cơ quan chịu trách nhiệm về tính chính xác, đầy đủ của {thing} do cơ quan mình quản lý.",
    "Việc ủy quyền thực hiện nội dung quy định tại Điều này phải bằng văn bản, xác định rõ phạm vi, thời hạn và trách nhiệm báo cáo.",
    "Thời hạn quy định tại khoản này có thể được kéo dài một lần, không quá {days} ngày, nếu phải lấy ý kiến của nhiều cơ quan và phải thông báo lý do.",
    "Chi phí phát sinh từ việc {act} được bố trí trong dự toán ngân sách nhà nước theo phân cấp.",
    "Kết quả điện tử có giá trị như kết quả bằng văn bản giấy và được sử dụng lại trong các thủ tục liên quan đến {thing}.",
    "Khi có ý kiến khác nhau về {thing}, cơ quan chủ trì báo cáo Thủ tướng Chính phủ xem xét, quyết định.",
)

LEAD: Final = (
    "Hồ sơ đề nghị liên quan đến {thing} bao gồm:",
    "Căn cứ để {act} gồm:",
    "Việc quản lý {thing} được thực hiện theo các yêu cầu sau đây:",
    "Cơ quan chủ trì có các nhiệm vụ sau đây trong việc {act}:",
    "Nội dung đánh giá bao gồm:",
)

POINT: Final = (
    "{act_cap};",
    "Bản mô tả hiện trạng {thing}, có xác nhận bằng chữ ký số của cơ quan có thẩm quyền;",
    "Phương án {act}, trong đó nêu rõ thời gian, nguồn lực và đơn vị chịu trách nhiệm;",
    "Bảo đảm {aim};",
    "Số liệu về {thing} trong {n} năm gần nhất;",
    "Ý kiến của {body} đối với nội dung thuộc phạm vi quản lý;",
    "Giải pháp khắc phục khi {trouble};",
    "Cam kết về thời hạn và chất lượng thực hiện;",
)

FIXED: Final = {
    "Phạm vi điều chỉnh": (
        "Văn bản này quy định về {field}.",
        "Văn bản này không áp dụng đối với thông tin, tài liệu thuộc phạm vi bí mật nhà nước.",
        "Trường hợp điều ước quốc tế mà Việt Nam là thành viên có quy định khác thì áp dụng điều ước quốc tế đó.",
    ),
    "Đối tượng áp dụng": (
        "Bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ, Ủy ban nhân dân các cấp và đơn vị sự nghiệp công lập có liên quan đến {thing}.",
        "Doanh nghiệp, hợp tác xã và tổ chức khác tham gia quản lý, cung cấp hoặc sử dụng {thing}.",
        "Cá nhân có quyền, nghĩa vụ liên quan đến {field}.",
    ),
    "Phạm vi, đối tượng thí điểm": (
        "Nghị quyết này quy định thí điểm một số cơ chế về {field} trong thời gian 03 năm.",
        "Cơ chế thí điểm áp dụng tại {place}, {place2} và các địa phương liền kề có {thing}.",
        "Cơ quan, tổ chức, doanh nghiệp và cá nhân liên quan đến {thing} thực hiện theo Nghị quyết này.",
    ),
    "Hiệu lực thi hành": (
        "Văn bản này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2027.",
        "Các quy định trước đây trái với văn bản này hết hiệu lực kể từ ngày văn bản này có hiệu lực.",
        "Các Bộ trưởng, Thủ trưởng cơ quan ngang bộ, Thủ trưởng cơ quan thuộc Chính phủ, Chủ tịch Ủy ban nhân dân các cấp chịu trách nhiệm thi hành văn bản này.",
    ),
    "Điều khoản thi hành": (
        "Nghị quyết này có hiệu lực kể từ ngày ký ban hành và được thực hiện trong 03 năm.",
        "Sau 18 tháng thực hiện, {body} chủ trì sơ kết, báo cáo Chính phủ kết quả {act}.",
        "Các bộ, cơ quan ngang bộ và Ủy ban nhân dân các địa phương liên quan chịu trách nhiệm thi hành Nghị quyết này.",
    ),
}
"""Articles whose clauses every draft of the kind has."""
