<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="vi_VN">
  <context>
    <name>ecabinet</name>
    <message>
      <source>(theo ghi chú của {name})</source>
      <translation>(from a note by {name})</translation>
    </message>
    <message>
      <source>1 trang</source>
      <translation>1 page</translation>
    </message>
    <message>
      <source>1 tuần</source>
      <translation>1 week</translation>
    </message>
    <message>
      <source>1. Máy chủ và mã</source>
      <translation>1. Service and code</translation>
    </message>
    <message>
      <source>2 tuần</source>
      <translation>2 weeks</translation>
    </message>
    <message>
      <source>2. Mã PIN</source>
      <translation>2. PIN</translation>
    </message>
    <message>
      <source>3 ngày</source>
      <translation>3 days</translation>
    </message>
    <message>
      <source>3. Đối chiếu</source>
      <translation>3. Comparison</translation>
    </message>
    <message>
      <source>Ba thẻ: đọc, làm việc ngoại tuyến, biểu quyết.</source>
      <translation>Three cards: reading, working offline, voting.</translation>
    </message>
    <message>
      <source>Biểu mẫu XFA: không hiển thị.</source>
      <translation>XFA form: not shown.</translation>
    </message>
    <message>
      <source>Biểu mẫu: chỉ xem, không điền được.</source>
      <translation>Form: to look at only, cannot be filled in.</translation>
    </message>
    <message>
      <source>Biểu quyết</source>
      <translation>Votes</translation>
    </message>
    <message>
      <source>Biểu quyết ({n})</source>
      <translation>Votes ({n})</translation>
    </message>
    <message>
      <source>Biểu quyết trong bốn bước</source>
      <translation>Voting in four steps</translation>
    </message>
    <message>
      <source>Biểu quyết tại phiên họp</source>
      <translation>Vote in session</translation>
    </message>
    <message>
      <source>Biểu quyết vắng mặt. Lý do: {reason}</source>
      <translation>Vote while absent. Reason: {reason}</translation>
    </message>
    <message>
      <source>Biểu quyết đang mở</source>
      <translation>Vote open</translation>
    </message>
    <message>
      <source>Biểu quyết đang mở: {title}</source>
      <translation>Vote open: {title}</translation>
    </message>
    <message>
      <source>Báo cán bộ kỹ thuật trước. Chỉ đăng ký lại khi không khôi phục được; dữ liệu cũ được cất riêng.</source>
      <translation>Tell IT staff first. Enrol again only if nothing can be restored; the old data is set aside.</translation>
    </message>
    <message>
      <source>Báo cáo</source>
      <translation>Report</translation>
    </message>
    <message>
      <source>Báo cáo thẩm định</source>
      <translation>Appraisal report</translation>
    </message>
    <message>
      <source>Báo cáo tiếp thu, giải trình</source>
      <translation>Response to comments</translation>
    </message>
    <message>
      <source>Báo có mặt</source>
      <translation>Presence reported</translation>
    </message>
    <message>
      <source>Báo vắng mặt</source>
      <translation>Report absence</translation>
    </message>
    <message>
      <source>Báo vắng đã lưu trên máy</source>
      <translation>Absence saved on this device</translation>
    </message>
    <message>
      <source>Bút mực</source>
      <translation>Pen</translation>
    </message>
    <message>
      <source>Bút mực, tô sáng, ghi chú ở thanh dưới cùng. Mỗi nét được lưu ngay.</source>
      <translation>Pen, highlighter and notes are in the bottom bar. Every stroke is saved at once.</translation>
    </message>
    <message>
      <source>Bản PDF có tên của đồng chí in mờ trên từng trang. Tệp chỉ được ghi vào nơi đồng chí chọn.</source>
      <translation>The PDF carries your name faintly on every page. The file is written only where you choose.</translation>
    </message>
    <message>
      <source>Bản của người bị bỏ chọn được gỡ ở lần đồng bộ tới; những gì đã đọc, đã chép thì không thu lại được.</source>
      <translation>The copy of whoever is no longer chosen is removed at the next synchronisation; what was read or copied cannot be called back.</translation>
    </message>
    <message>
      <source>Bản mới</source>
      <translation>New version</translation>
    </message>
    <message>
      <source>Bản mới của chương trình</source>
      <translation>New version of the program</translation>
    </message>
    <message>
      <source>Bản nháp, chưa ký và chưa gửi</source>
      <translation>Draft, neither signed nor sent</translation>
    </message>
    <message>
      <source>Bản này không còn trên máy.</source>
      <translation>This version is no longer on this device.</translation>
    </message>
    <message>
      <source>Bản số {n}</source>
      <translation>Copy no. {n}</translation>
    </message>
    <message>
      <source>Bản {n}</source>
      <translation>Version {n}</translation>
    </message>
    <message>
      <source>Bản đang dùng đã quá cũ, cần bản {version}: báo cán bộ kỹ thuật.</source>
      <translation>This version is too old, {version} is needed: tell IT staff.</translation>
    </message>
    <message>
      <source>Bảng ghi chú (.txt)</source>
      <translation>Sheet of notes (.txt)</translation>
    </message>
    <message>
      <source>Bảo vệ</source>
      <translation>Protection</translation>
    </message>
    <message>
      <source>Bật</source>
      <translation>On</translation>
    </message>
    <message>
      <source>Bắt đầu</source>
      <translation>Start</translation>
    </message>
    <message>
      <source>Bị khóa</source>
      <translation>Locked</translation>
    </message>
    <message>
      <source>Bỏ phần đã tải</source>
      <translation>Drop what was downloaded</translation>
    </message>
    <message>
      <source>Bỏ qua</source>
      <translation>Skip</translation>
    </message>
    <message>
      <source>Bỏ đánh dấu trang</source>
      <translation>Remove the bookmark</translation>
    </message>
    <message>
      <source>Bộ tài liệu chưa có trên máy này</source>
      <translation>This pack is not on this device yet</translation>
    </message>
    <message>
      <source>Bộ tài liệu chưa tải xong.</source>
      <translation>The pack is not downloaded completely.</translation>
    </message>
    <message>
      <source>Bộ tài liệu không dùng được.</source>
      <translation>The pack cannot be used.</translation>
    </message>
    <message>
      <source>Bộ tài liệu, theo trạng thái</source>
      <translation>Packs, by state</translation>
    </message>
    <message>
      <source>Bộ đếm lần nhập PIN đã bị thay đổi. Báo cán bộ kỹ thuật.</source>
      <translation>The PIN attempt counter was altered. Tell IT staff.</translation>
    </message>
    <message>
      <source>CN</source>
      <translation>Sun</translation>
    </message>
    <message>
      <source>Chia sẻ</source>
      <translation>Share</translation>
    </message>
    <message>
      <source>Chia sẻ tất cả…</source>
      <translation>Share all…</translation>
    </message>
    <message>
      <source>Chia sẻ với ai?</source>
      <translation>Share with whom?</translation>
    </message>
    <message>
      <source>Chia sẻ với {names}</source>
      <translation>Shared with {names}</translation>
    </message>
    <message>
      <source>Chia sẻ đang chờ ({n})</source>
      <translation>Sharing that waits ({n})</translation>
    </message>
    <message>
      <source>Chia sẻ: {what}</source>
      <translation>Share: {what}</translation>
    </message>
    <message>
      <source>Chia sẻ…</source>
      <translation>Share…</translation>
    </message>
    <message>
      <source>Chia đôi</source>
      <translation>Split view</translation>
    </message>
    <message>
      <source>Chuyến đi kết thúc khi nào?</source>
      <translation>When does the trip end?</translation>
    </message>
    <message>
      <source>Chuyển bằng tay</source>
      <translation>Hand over</translation>
    </message>
    <message>
      <source>Chuyển chỗ</source>
      <translation>Moved</translation>
    </message>
    <message>
      <source>Chuyển sang {name}</source>
      <translation>Switch to {name}</translation>
    </message>
    <message>
      <source>Chuyển đến đây</source>
      <translation>Move here</translation>
    </message>
    <message>
      <source>Chuyện gì đã xảy ra</source>
      <translation>What happened</translation>
    </message>
    <message>
      <source>Chào mừng đồng chí</source>
      <translation>Welcome</translation>
    </message>
    <message>
      <source>Chào đồng chí {name}</source>
      <translation>Welcome, {name}</translation>
    </message>
    <message>
      <source>Chép nội dung</source>
      <translation>Copy the text</translation>
    </message>
    <message>
      <source>Chép vào ghi chú của tôi</source>
      <translation>Copy to my notes</translation>
    </message>
    <message>
      <source>Chính sách do đơn vị đặt</source>
      <translation>Policy set by your organisation</translation>
    </message>
    <message>
      <source>Chính thức</source>
      <translation>Final</translation>
    </message>
    <message>
      <source>Chính thức, đã xác nhận</source>
      <translation>Final, certified</translation>
    </message>
    <message>
      <source>Chưa ai chia sẻ gì</source>
      <translation>Nobody has shared anything yet</translation>
    </message>
    <message>
      <source>Chưa biết có bản nào mới hơn.</source>
      <translation>No newer version is known of.</translation>
    </message>
    <message>
      <source>Chưa chắc chắn về vị trí.</source>
      <translation>Its place is not certain.</translation>
    </message>
    <message>
      <source>Chưa chọn phương án.</source>
      <translation>Nothing is chosen yet.</translation>
    </message>
    <message>
      <source>Chưa có bản cũ để so sánh.</source>
      <translation>There is no earlier version to compare with.</translation>
    </message>
    <message>
      <source>Chưa có chương trình</source>
      <translation>No agenda yet</translation>
    </message>
    <message>
      <source>Chưa có danh sách thành phần</source>
      <translation>No list of participants yet</translation>
    </message>
    <message>
      <source>Chưa có ghi chú</source>
      <translation>No notes yet</translation>
    </message>
    <message>
      <source>Chưa có ghi chú nào</source>
      <translation>No notes yet</translation>
    </message>
    <message>
      <source>Chưa có góp ý</source>
      <translation>No comments yet</translation>
    </message>
    <message>
      <source>Chưa có gốc tin cậy để kiểm tra thông tin phiên bản: báo cán bộ kỹ thuật ({code}).</source>
      <translation>There is no root to check the version information with: tell IT staff ({code}).</translation>
    </message>
    <message>
      <source>Chưa có kết luận</source>
      <translation>No conclusions yet</translation>
    </message>
    <message>
      <source>Chưa có mạng. Tài liệu được tải ngay khi có mạng.</source>
      <translation>No network yet. The paper is fetched as soon as there is one.</translation>
    </message>
    <message>
      <source>Chưa có phiên họp nào</source>
      <translation>No meetings yet</translation>
    </message>
    <message>
      <source>Chưa có phiếu nào</source>
      <translation>No ballots yet</translation>
    </message>
    <message>
      <source>Chưa có tài liệu</source>
      <translation>No papers yet</translation>
    </message>
    <message>
      <source>Chưa có tài liệu trên máy</source>
      <translation>No papers on this device yet</translation>
    </message>
    <message>
      <source>Chưa hỏi được nơi phát hành.</source>
      <translation>The publisher could not be asked yet.</translation>
    </message>
    <message>
      <source>Chưa khai mạc</source>
      <translation>Not started</translation>
    </message>
    <message>
      <source>Chưa lưu</source>
      <translation>Not saved</translation>
    </message>
    <message>
      <source>Chưa mở</source>
      <translation>Not open yet</translation>
    </message>
    <message>
      <source>Chưa mở được vì hệ điều hành không cho đọc kho khóa lúc này. Mã PIN không được tính là sai.</source>
      <translation>It cannot be opened because the operating system does not let its keystore be read now. No wrong PIN was counted.</translation>
    </message>
    <message>
      <source>Chưa sẵn sàng đến hết {day}: {n} việc cần xử lý.</source>
      <translation>Not ready until the end of {day}: {n} things to put right.</translation>
    </message>
    <message>
      <source>Chưa trả lời</source>
      <translation>Not answered yet</translation>
    </message>
    <message>
      <source>Chưa tải</source>
      <translation>Not downloaded</translation>
    </message>
    <message>
      <source>Chưa vào nội dung nào</source>
      <translation>No item taken up yet</translation>
    </message>
    <message>
      <source>Chưa xác nhận</source>
      <translation>Not confirmed</translation>
    </message>
    <message>
      <source>Chưa được tính</source>
      <translation>Not counted yet</translation>
    </message>
    <message>
      <source>Chưa đọc</source>
      <translation>Unread</translation>
    </message>
    <message>
      <source>Chưa đồng bộ lần nào.</source>
      <translation>Never synced.</translation>
    </message>
    <message>
      <source>Chưa đủ số thành viên có mặt để biểu quyết.</source>
      <translation>Too few members are present to vote.</translation>
    </message>
    <message>
      <source>Chương trình</source>
      <translation>Agenda</translation>
    </message>
    <message>
      <source>Chương trình không mở liên kết ra ngoài. Địa chỉ trong tài liệu là:</source>
      <translation>This program opens no links to the outside. The address in the paper is:</translation>
    </message>
    <message>
      <source>Chương trình vừa khởi động lại sau sự cố. Đã mở lại đúng chỗ đồng chí đang xem.</source>
      <translation>The program restarted after a failure. You are back where you were.</translation>
    </message>
    <message>
      <source>Chẩn đoán</source>
      <translation>Diagnostics</translation>
    </message>
    <message>
      <source>Chẩn đoán chi tiết</source>
      <translation>Detailed diagnostics</translation>
    </message>
    <message>
      <source>Chặn chụp màn hình không có trên hệ điều hành này.</source>
      <translation>This operating system offers no way to block screen captures.</translation>
    </message>
    <message>
      <source>Chỉ bút mới viết</source>
      <translation>Only the pen writes</translation>
    </message>
    <message>
      <source>Chỉ ghi trên máy này, không gửi đi.</source>
      <translation>Noted on this device only; nothing is sent.</translation>
    </message>
    <message>
      <source>Chỉ lưu trên máy này</source>
      <translation>Kept on this device only</translation>
    </message>
    <message>
      <source>Chỉ màu {colour}</source>
      <translation>Only {colour}</translation>
    </message>
    <message>
      <source>Chỉ mục tìm kiếm và trang lưu sẵn</source>
      <translation>Search index and pages kept ready</translation>
    </message>
    <message>
      <source>Chỉ người viết sửa hoặc thu lại được. Họ biết ghi chú đã đến máy, không biết đã đọc hay chưa.</source>
      <translation>Only its author can change it or take it back. They learn that it reached your device, never whether you read it.</translation>
    </message>
    <message>
      <source>Chỉ những người được chọn đọc được, trên máy của họ; máy chủ không đọc được. Họ thấy tên đồng chí và không sửa được.</source>
      <translation>Only the people you choose can read it, on their devices; the service cannot. They see your name and cannot change it.</translation>
    </message>
    <message>
      <source>Chỉ được tính khi có biên nhận. Nếu sau đó máy cũng gửi được qua mạng, vẫn chỉ tính một lần.</source>
      <translation>It counts only once there is a receipt. If this device sends it over the network later, it still counts once.</translation>
    </message>
    <message>
      <source>Chỉ để xem</source>
      <translation>For reading only</translation>
    </message>
    <message>
      <source>Chọn</source>
      <translation>Choose</translation>
    </message>
    <message>
      <source>Chọn Tất cả để xem mọi ghi chú.</source>
      <translation>Choose All to see every note.</translation>
    </message>
    <message>
      <source>Chọn Tất cả để xem mọi tài liệu.</source>
      <translation>Choose All to see every paper.</translation>
    </message>
    <message>
      <source>Chọn chữ</source>
      <translation>Select text</translation>
    </message>
    <message>
      <source>Chọn lại từ đầu</source>
      <translation>Choose anew</translation>
    </message>
    <message>
      <source>Chọn mọi nét bút và ghi chú của trang</source>
      <translation>Choose all strokes and notes of the page</translation>
    </message>
    <message>
      <source>Chọn người nhận…</source>
      <translation>Choose who receives it…</translation>
    </message>
    <message>
      <source>Chọn nơi lưu…</source>
      <translation>Choose where to save…</translation>
    </message>
    <message>
      <source>Chọn nội dung, ý kiến và ghi chú để giao cho người trình bày thay. Phiếu không có lá phiếu.</source>
      <translation>Choose items, positions and notes for whoever speaks in your place. The sheet holds no ballot.</translation>
    </message>
    <message>
      <source>Chọn trang khác</source>
      <translation>Choose another page</translation>
    </message>
    <message>
      <source>Chọn tệp biên nhận</source>
      <translation>Choose the receipt file</translation>
    </message>
    <message>
      <source>Chọn ít nhất một nội dung hoặc viết lời dặn.</source>
      <translation>Choose at least one item, or write a message.</translation>
    </message>
    <message>
      <source>Chọn: không có lựa chọn nào được đánh dấu sẵn.</source>
      <translation>Choose: nothing is marked beforehand.</translation>
    </message>
    <message>
      <source>Chỗ cũ</source>
      <translation>Old place</translation>
    </message>
    <message>
      <source>Chỗ cũ, bản {n}</source>
      <translation>Old place, version {n}</translation>
    </message>
    <message>
      <source>Chỗ mới gợi ý</source>
      <translation>Suggested new place</translation>
    </message>
    <message>
      <source>Chỗ sau</source>
      <translation>Next place</translation>
    </message>
    <message>
      <source>Chỗ trước</source>
      <translation>Previous place</translation>
    </message>
    <message>
      <source>Chờ biên nhận ({n})</source>
      <translation>Awaiting a receipt ({n})</translation>
    </message>
    <message>
      <source>Chờ góp ý</source>
      <translation>Awaits your comments</translation>
    </message>
    <message>
      <source>Chờ gửi</source>
      <translation>Outbox</translation>
    </message>
    <message>
      <source>Chờ gửi ({n})</source>
      <translation>Outbox ({n})</translation>
    </message>
    <message>
      <source>Chờ gửi {names}</source>
      <translation>Waiting to be sent to {names}</translation>
    </message>
    <message>
      <source>Chờ người viết đặt lại vị trí</source>
      <translation>Its author still has to place it</translation>
    </message>
    <message>
      <source>Chờ thu lại của {names}</source>
      <translation>Waiting to be taken back from {names}</translation>
    </message>
    <message>
      <source>Chờ trong giây lát.</source>
      <translation>Wait a moment.</translation>
    </message>
    <message>
      <source>Chờ {names} có thiết bị</source>
      <translation>Waiting until {names} has a device</translation>
    </message>
    <message>
      <source>Chờ ý kiến</source>
      <translation>Awaits your opinion</translation>
    </message>
    <message>
      <source>Chờ đồng chí cho ý kiến ({n})</source>
      <translation>Awaiting your opinion ({n})</translation>
    </message>
    <message>
      <source>Chụp màn hình</source>
      <translation>Screen captures</translation>
    </message>
    <message>
      <source>Chữ lớn</source>
      <translation>Large text</translation>
    </message>
    <message>
      <source>Chữ nhỏ hơn</source>
      <translation>Smaller text</translation>
    </message>
    <message>
      <source>Chữ to hơn</source>
      <translation>Larger text</translation>
    </message>
    <message>
      <source>Cuộn liên tục</source>
      <translation>Continuous</translation>
    </message>
    <message>
      <source>Cuộn một màn hình</source>
      <translation>Scroll one screen</translation>
    </message>
    <message>
      <source>Cài đặt</source>
      <translation>Settings</translation>
    </message>
    <message>
      <source>Các cơ quan</source>
      <translation>Bodies</translation>
    </message>
    <message>
      <source>Các phiếu đồng chí đã ký trên máy này</source>
      <translation>Votes you signed on this device</translation>
    </message>
    <message>
      <source>Các thiết bị của tôi</source>
      <translation>My devices</translation>
    </message>
    <message>
      <source>Cách xem</source>
      <translation>View</translation>
    </message>
    <message>
      <source>Còn trống trên ổ đĩa</source>
      <translation>Free on the disk</translation>
    </message>
    <message>
      <source>Còn {n} lần thử</source>
      <translation>{n} tries left</translation>
    </message>
    <message>
      <source>Còn {n} ngày trước khi máy tự khóa vì chưa kết nối: hãy nối mạng và đồng bộ.</source>
      <translation>{n} days left until this device locks itself for lack of contact: connect and synchronise.</translation>
    </message>
    <message>
      <source>Còn {n} trang tài liệu chưa đọc trước phiên họp {time}.</source>
      <translation>{n} pages are still unread before the meeting at {time}.</translation>
    </message>
    <message>
      <source>Có bản mới {version}; cán bộ kỹ thuật sẽ cài.</source>
      <translation>There is a new version, {version}; IT staff will install it.</translation>
    </message>
    <message>
      <source>Có ghi chú</source>
      <translation>Has notes</translation>
    </message>
    <message>
      <source>Có gì thay đổi</source>
      <translation>What changed</translation>
    </message>
    <message>
      <source>Có hồ sơ chờ góp ý của đồng chí, hạn {deadline} ({left}).</source>
      <translation>Papers await your comments, due {deadline} ({left}).</translation>
    </message>
    <message>
      <source>Có hồ sơ sắp hết hạn góp ý.</source>
      <translation>Comments on papers are due soon.</translation>
    </message>
    <message>
      <source>Có kết quả</source>
      <translation>Result available</translation>
    </message>
    <message>
      <source>Có mặt</source>
      <translation>Present</translation>
    </message>
    <message>
      <source>Có mặt {n}/{all}, còn thiếu {short} thành viên để đủ điều kiện họp (cần {needed})</source>
      <translation>{n} of {all} present, {short} more needed to meet ({needed} required)</translation>
    </message>
    <message>
      <source>Có mặt {n}/{all}, đủ số thành viên để họp (cần {needed})</source>
      <translation>{n} of {all} present, enough to meet ({needed} required)</translation>
    </message>
    <message>
      <source>Có phiếu chờ ý kiến của đồng chí, hạn gửi {deadline} ({left}).</source>
      <translation>A ballot awaits your opinion, due {deadline} ({left}).</translation>
    </message>
    <message>
      <source>Có phiếu chờ ý kiến sắp hết hạn.</source>
      <translation>A ballot that awaits you closes soon.</translation>
    </message>
    <message>
      <source>Có phiếu khác từ thiết bị khác của đồng chí</source>
      <translation>There is another vote from another device of yours</translation>
    </message>
    <message>
      <source>Có phiếu sắp hết hạn cần nhắc.</source>
      <translation>A ballot to remind of is about to close.</translation>
    </message>
    <message>
      <source>Có phần không được hiển thị hoặc thực thi</source>
      <translation>Something is not shown or run</translation>
    </message>
    <message>
      <source>Có thay đổi</source>
      <translation>Changed</translation>
    </message>
    <message>
      <source>Có thiết bị mới</source>
      <translation>A new device</translation>
    </message>
    <message>
      <source>Có thiết bị mới của đồng chí: {name}, từ {time}.</source>
      <translation>You have a new device: {name}, since {time}.</translation>
    </message>
    <message>
      <source>Có thể thông qua, không cần thảo luận</source>
      <translation>Can pass without debate</translation>
    </message>
    <message>
      <source>Có tài liệu cần đọc trước phiên họp.</source>
      <translation>There are papers to read before a meeting.</translation>
    </message>
    <message>
      <source>Có việc trùng số với việc khác ở máy chủ: {numbers}. Báo cán bộ kỹ thuật.</source>
      <translation>Acts here bear the numbers of other acts at the service: {numbers}. Tell IT staff.</translation>
    </message>
    <message>
      <source>Có ý kiến khác</source>
      <translation>Other opinion</translation>
    </message>
    <message>
      <source>Cô lập phần hiển thị tài liệu</source>
      <translation>Isolation of the paper viewer</translation>
    </message>
    <message>
      <source>Căn cứ: {articles}.</source>
      <translation>Basis: {articles}.</translation>
    </message>
    <message>
      <source>Cũng mở bằng phím F1.</source>
      <translation>F1 opens it too.</translation>
    </message>
    <message>
      <source>Cơ quan</source>
      <translation>Body</translation>
    </message>
    <message>
      <source>Cơ quan trình: {agency}</source>
      <translation>Submitted by: {agency}</translation>
    </message>
    <message>
      <source>Cơ quan: {name}</source>
      <translation>Body: {name}</translation>
    </message>
    <message>
      <source>Cả phiên họp</source>
      <translation>Whole session</translation>
    </message>
    <message>
      <source>Cất dữ liệu cũ và đăng ký lại</source>
      <translation>Set the old data aside and enrol again</translation>
    </message>
    <message>
      <source>Cất thiết bị</source>
      <translation>Put devices away</translation>
    </message>
    <message>
      <source>Cần cho ý kiến ({n})</source>
      <translation>Awaiting your answer ({n})</translation>
    </message>
    <message>
      <source>Cần ghi họ tên và chức vụ người dự thay.</source>
      <translation>Give the substitute's name and office.</translation>
    </message>
    <message>
      <source>Cần ghi nội dung</source>
      <translation>Needs words</translation>
    </message>
    <message>
      <source>Cần ghi nội dung cho lựa chọn này.</source>
      <translation>This choice needs words.</translation>
    </message>
    <message>
      <source>Cần giúp đỡ? Liên hệ Thư ký.</source>
      <translation>Need help? Contact the secretariat.</translation>
    </message>
    <message>
      <source>Cần giúp đỡ? Liên hệ {who}.</source>
      <translation>Need help? Contact {who}.</translation>
    </message>
    <message>
      <source>Cần kiểm tra</source>
      <translation>To check</translation>
    </message>
    <message>
      <source>Cần kiểm tra vị trí</source>
      <translation>Check the place</translation>
    </message>
    <message>
      <source>Cần nhắc lãnh đạo ({n})</source>
      <translation>To remind your principal of ({n})</translation>
    </message>
    <message>
      <source>Cần nêu lý do vắng mặt.</source>
      <translation>State why you are absent.</translation>
    </message>
    <message>
      <source>Cần nối mạng và đồng bộ để máy không tự khóa.</source>
      <translation>Connect and synchronise so that this device does not lock itself.</translation>
    </message>
    <message>
      <source>Cần xem lại ({n})</source>
      <translation>Needs attention ({n})</translation>
    </message>
    <message>
      <source>Cần xử lý</source>
      <translation>Needs action</translation>
    </message>
    <message>
      <source>Cắt lề</source>
      <translation>Crop margins</translation>
    </message>
    <message>
      <source>Cỡ chữ</source>
      <translation>Text size</translation>
    </message>
    <message>
      <source>Của ai</source>
      <translation>Whose</translation>
    </message>
    <message>
      <source>Của đồng chí: không bao giờ bị xóa ở đây.</source>
      <translation>Yours: never removed here.</translation>
    </message>
    <message>
      <source>Cử người dự thay</source>
      <translation>Name a substitute</translation>
    </message>
    <message>
      <source>Danh sách</source>
      <translation>List</translation>
    </message>
    <message>
      <source>Danh sách hiện ra khi Thư ký mở phiên họp trên hệ thống.</source>
      <translation>The list appears once the secretary opens the session in the system.</translation>
    </message>
    <message>
      <source>Danh sách hiện ra khi tải xong phần đầu.</source>
      <translation>The list appears once the first part has arrived.</translation>
    </message>
    <message>
      <source>Danh sách kiểm phiếu có người không thuộc thành phần biểu quyết.</source>
      <translation>The closing list names somebody who may not vote.</translation>
    </message>
    <message>
      <source>Danh sách kiểm phiếu ghi cho đồng chí một phiếu không do thiết bị của đồng chí ký.</source>
      <translation>The closing list gives you a vote that no device of yours signed.</translation>
    </message>
    <message>
      <source>Danh sách kiểm phiếu ghi phiếu cũ của đồng chí thay cho phiếu mới nhất.</source>
      <translation>The closing list counts an older vote of yours instead of your newest.</translation>
    </message>
    <message>
      <source>Danh sách kiểm phiếu tính một người hai lần.</source>
      <translation>The closing list counts one person twice.</translation>
    </message>
    <message>
      <source>Danh sách thành viên</source>
      <translation>Members</translation>
    </message>
    <message>
      <source>Do đơn vị quản lý, không đổi được trên máy này.</source>
      <translation>Managed by your organisation; cannot be changed here.</translation>
    </message>
    <message>
      <source>Dung lượng còn trống</source>
      <translation>Free space</translation>
    </message>
    <message>
      <source>Dung lượng sổ ghi</source>
      <translation>Size of the record</translation>
    </message>
    <message>
      <source>Dung lượng trên máy</source>
      <translation>Storage on this device</translation>
    </message>
    <message>
      <source>Dung lượng tài liệu</source>
      <translation>Storage for papers</translation>
    </message>
    <message>
      <source>Dành cho cán bộ kỹ thuật</source>
      <translation>For IT staff</translation>
    </message>
    <message>
      <source>Dòng chữ dưới nét bút đã xuống dòng khác.</source>
      <translation>The line under the ink now breaks elsewhere.</translation>
    </message>
    <message>
      <source>Dừng</source>
      <translation>Stop</translation>
    </message>
    <message>
      <source>Dữ liệu trên máy</source>
      <translation>Data on this machine</translation>
    </message>
    <message>
      <source>Dữ liệu trên máy đã được xóa theo lệnh</source>
      <translation>The data on this device was erased by order</translation>
    </message>
    <message>
      <source>Dữ liệu và việc chưa gửi còn trên máy, vẫn niêm phong; khôi phục được khóa thì mở lại được tất cả.</source>
      <translation>Data and unsent acts are still here, sealed; if the keys can be restored, all of it opens again.</translation>
    </message>
    <message>
      <source>Dự thảo</source>
      <translation>Draft</translation>
    </message>
    <message>
      <source>Dự trực tuyến</source>
      <translation>Attending remotely</translation>
    </message>
    <message>
      <source>Ghi chú</source>
      <translation>Note</translation>
    </message>
    <message>
      <source>Ghi chú của tài liệu nào?</source>
      <translation>Notes of which paper?</translation>
    </message>
    <message>
      <source>Ghi chú của tôi</source>
      <translation>My notes</translation>
    </message>
    <message>
      <source>Ghi chú dài quá {n} ký tự.</source>
      <translation>The note is longer than {n} characters.</translation>
    </message>
    <message>
      <source>Ghi chú người khác chia sẻ với đồng chí hiện ở đây.</source>
      <translation>Notes that others share with you appear here.</translation>
    </message>
    <message>
      <source>Ghi chú này</source>
      <translation>This note</translation>
    </message>
    <message>
      <source>Ghi chú và tiến độ đọc là của riêng đồng chí.</source>
      <translation>Notes and reading progress are yours alone.</translation>
    </message>
    <message>
      <source>Ghi chú vào trang đang xem</source>
      <translation>Note on the page in sight</translation>
    </message>
    <message>
      <source>Ghi chú được chia sẻ</source>
      <translation>A shared note</translation>
    </message>
    <message>
      <source>Ghi chú được chia sẻ với đồng chí</source>
      <translation>Notes shared with you</translation>
    </message>
    <message>
      <source>Ghi chú ở bản cũ đã được chuyển sang bản mới cùng đoạn văn.</source>
      <translation>Notes on the earlier version have moved to the new one with their passages.</translation>
    </message>
    <message>
      <source>Ghi chú, góp ý</source>
      <translation>Notes and comments</translation>
    </message>
    <message>
      <source>Ghi chú, phiếu và biên nhận của đồng chí vẫn còn trên máy.</source>
      <translation>Your notes, ballots and receipts are still on this device.</translation>
    </message>
    <message>
      <source>Ghi chú, phiếu, góp ý và biên nhận của đồng chí giữ nguyên.</source>
      <translation>Your notes, ballots, comments and receipts stay as they are.</translation>
    </message>
    <message>
      <source>Ghi chú, phiếu, góp ý, biên nhận</source>
      <translation>Notes, ballots, comments, receipts</translation>
    </message>
    <message>
      <source>Ghi cả tên và nơi họp</source>
      <translation>Include titles and places</translation>
    </message>
    <message>
      <source>Giao diện</source>
      <translation>Theme</translation>
    </message>
    <message>
      <source>Giao lại phiếu vừa thu</source>
      <translation>Hand over again what was taken back</translation>
    </message>
    <message>
      <source>Giao phiếu</source>
      <translation>Hand over</translation>
    </message>
    <message>
      <source>Giờ trên máy</source>
      <translation>Clock of this machine</translation>
    </message>
    <message>
      <source>Giữ phiếu này</source>
      <translation>Keep this vote</translation>
    </message>
    <message>
      <source>Giữ ở bản cũ</source>
      <translation>Keep on the old version</translation>
    </message>
    <message>
      <source>Gói chẩn đoán</source>
      <translation>Diagnostics bundle</translation>
    </message>
    <message>
      <source>Góp ý</source>
      <translation>Comment</translation>
    </message>
    <message>
      <source>Góp ý</source>
      <comment>các góp ý của một phiên họp</comment>
      <translation>Comments</translation>
    </message>
    <message>
      <source>Góp ý chung</source>
      <translation>General comment</translation>
    </message>
    <message>
      <source>Góp ý của thành viên</source>
      <translation>A member's comment</translation>
    </message>
    <message>
      <source>Góp ý của tôi</source>
      <translation>My comments</translation>
    </message>
    <message>
      <source>Góp ý của {name}</source>
      <translation>Comment by {name}</translation>
    </message>
    <message>
      <source>Góp ý dài quá {n} ký tự.</source>
      <translation>The comment is longer than {n} characters.</translation>
    </message>
    <message>
      <source>Góp ý hồ sơ</source>
      <translation>Comments on papers</translation>
    </message>
    <message>
      <source>Góp ý về một mục bằng nút bên cạnh mục trong chương trình.</source>
      <translation>Comment on an item with the button beside it in the agenda.</translation>
    </message>
    <message>
      <source>Góp ý đã ký và lưu trên máy; xem trong Chờ gửi.</source>
      <translation>The comment is signed and saved on this device; see the outbox.</translation>
    </message>
    <message>
      <source>Góp ý đã lưu trên máy, số {n}</source>
      <translation>Comment saved on this device, no. {n}</translation>
    </message>
    <message>
      <source>Góp ý được ký bằng khóa của thiết bị và niêm phong cho Thư ký; máy chủ không đọc được.</source>
      <translation>Comments are signed with this device's key and sealed to the secretariat; the service cannot read them.</translation>
    </message>
    <message>
      <source>Gạch chân</source>
      <translation>Underline</translation>
    </message>
    <message>
      <source>Gửi biểu mẫu đi: không gửi.</source>
      <translation>Sending a form: nothing is sent.</translation>
    </message>
    <message>
      <source>Gửi góp ý</source>
      <translation>Send comment</translation>
    </message>
    <message>
      <source>Gửi muộn</source>
      <translation>Sent late</translation>
    </message>
    <message>
      <source>Hai bản có cùng lời văn; trình bày có thể khác.</source>
      <translation>Both versions have the same words; the layout may differ.</translation>
    </message>
    <message>
      <source>Hai lần nhập không giống nhau.</source>
      <translation>The two entries differ.</translation>
    </message>
    <message>
      <source>Hai thiết bị của đồng chí đã gửi hai phiếu</source>
      <translation>Two of your devices sent two votes</translation>
    </message>
    <message>
      <source>Hai trang</source>
      <translation>Two pages</translation>
    </message>
    <message>
      <source>Hiển thị</source>
      <translation>Display</translation>
    </message>
    <message>
      <source>Hiện</source>
      <translation>Show</translation>
    </message>
    <message>
      <source>Hiện chữ dưới biểu tượng</source>
      <translation>Words under icons</translation>
    </message>
    <message>
      <source>Hiện lại</source>
      <translation>Show again</translation>
    </message>
    <message>
      <source>Hiện mã QR</source>
      <translation>Show QR codes</translation>
    </message>
    <message>
      <source>Hoàn tác</source>
      <translation>Undo</translation>
    </message>
    <message>
      <source>Hôm nay</source>
      <translation>Today</translation>
    </message>
    <message>
      <source>Hôm nay có phiên họp lúc {time}.</source>
      <translation>There is a meeting today at {time}.</translation>
    </message>
    <message>
      <source>Hướng dẫn ban đầu</source>
      <translation>First steps</translation>
    </message>
    <message>
      <source>Hạn góp ý</source>
      <translation>Comments due</translation>
    </message>
    <message>
      <source>Hạn góp ý: {moment}</source>
      <translation>Comments due: {moment}</translation>
    </message>
    <message>
      <source>Hạn gửi ý kiến</source>
      <translation>Opinion due</translation>
    </message>
    <message>
      <source>Hạn gửi: {moment}</source>
      <translation>Deadline: {moment}</translation>
    </message>
    <message>
      <source>Hạn theo giờ máy chủ nhận: {moment}. Phiếu đến sau hạn do Thư ký xem xét.</source>
      <translation>Deadline by the time the server receives it: {moment}. The secretariat decides on later votes.</translation>
    </message>
    <message>
      <source>Hệ điều hành không nhận yêu cầu chặn chụp màn hình.</source>
      <translation>The operating system did not accept the request to block screen captures.</translation>
    </message>
    <message>
      <source>Họ tên và chức vụ người dự thay</source>
      <translation>Substitute's name and office</translation>
    </message>
    <message>
      <source>Họ tên và chức vụ người dự thay (bắt buộc)</source>
      <translation>Substitute's name and office (required)</translation>
    </message>
    <message>
      <source>Hỏa tốc</source>
      <translation>Most urgent</translation>
    </message>
    <message>
      <source>Hồ sơ lấy ý kiến ({n})</source>
      <translation>Dossiers for opinion ({n})</translation>
    </message>
    <message>
      <source>Hủy trước khi gửi</source>
      <translation>Withdraw before sending</translation>
    </message>
    <message>
      <source>Khi Văn phòng Chính phủ gửi hồ sơ, phiên họp sẽ hiện ở đây.</source>
      <translation>When the Office of the Government sends a pack, the meeting appears here.</translation>
    </message>
    <message>
      <source>Khi có mạng, tải lại được chừng nào máy chủ còn lưu.</source>
      <translation>They can be fetched again as long as the service keeps them.</translation>
    </message>
    <message>
      <source>Khi mạng hỏng, đưa tệp hoặc mã QR này cho Thư ký. Nội dung được niêm phong cho Thư ký.</source>
      <translation>When the network is down, give this file or these QR codes to the secretariat. The content is sealed for it.</translation>
    </message>
    <message>
      <source>Khi tắt, tệp chỉ ghi “Phiên họp”, “Hạn gửi ý kiến” và “Hạn góp ý”.</source>
      <translation>When off, the file only says “Meeting”, “Opinion due” and “Comments due”.</translation>
    </message>
    <message>
      <source>Khi xem có gì thay đổi</source>
      <translation>When looking at what changed</translation>
    </message>
    <message>
      <source>Khi đọc tài liệu</source>
      <translation>When reading a paper</translation>
    </message>
    <message>
      <source>Kho khóa của hệ điều hành</source>
      <translation>System keystore</translation>
    </message>
    <message>
      <source>Kho khóa của máy không còn khóa của chương trình</source>
      <translation>The keystore of this machine no longer holds the key of this program</translation>
    </message>
    <message>
      <source>Kho khóa của máy không trả lời</source>
      <translation>The keystore of this machine does not answer</translation>
    </message>
    <message>
      <source>Khoanh chọn nét</source>
      <translation>Select strokes</translation>
    </message>
    <message>
      <source>Khung chữ nhật</source>
      <translation>Rectangle</translation>
    </message>
    <message>
      <source>Khách mời: {names}</source>
      <translation>Guests: {names}</translation>
    </message>
    <message>
      <source>Khóa của thiết bị đã bị hủy</source>
      <translation>The keys of this device were destroyed</translation>
    </message>
    <message>
      <source>Khóa máy</source>
      <translation>Locked</translation>
    </message>
    <message>
      <source>Khóa máy ngay</source>
      <translation>Lock now</translation>
    </message>
    <message>
      <source>Khóa, tài liệu, ghi chú và việc chưa gửi trên máy này sẽ mất vĩnh viễn. Không có cách lấy lại.</source>
      <translation>Keys, papers, notes and unsent acts on this device will be lost for good. There is no way to get them back.</translation>
    </message>
    <message>
      <source>Không ai, kể cả Văn phòng, xem hay đặt lại được mã PIN; nhờ vậy người nhặt được máy cũng không mở được.</source>
      <translation>Nobody, not even the Office, can see or reset the PIN; that is why a finder cannot open the device either.</translation>
    </message>
    <message>
      <source>Không chứa tài liệu, ghi chú hay phiếu.</source>
      <translation>Contains no papers, notes or votes.</translation>
    </message>
    <message>
      <source>Không còn thấy đoạn này trong bản mới.</source>
      <translation>This passage is no longer in the new version.</translation>
    </message>
    <message>
      <source>Không có ai như vậy.</source>
      <translation>Nobody like that.</translation>
    </message>
    <message>
      <source>Không có bản nào mới hơn ({time}).</source>
      <translation>There is no newer version ({time}).</translation>
    </message>
    <message>
      <source>Không có ghi chú nào cần kiểm tra</source>
      <translation>No note needs checking</translation>
    </message>
    <message>
      <source>Không có ghi chú nào như vậy</source>
      <translation>No such notes</translation>
    </message>
    <message>
      <source>Không có gì bất thường trên máy này.</source>
      <translation>Nothing unusual on this machine.</translation>
    </message>
    <message>
      <source>Không có gì chờ gửi</source>
      <translation>Nothing waits to be sent</translation>
    </message>
    <message>
      <source>Không có góp ý</source>
      <translation>No comments to make</translation>
    </message>
    <message>
      <source>Không có mạng vẫn làm việc được</source>
      <translation>It works without a network</translation>
    </message>
    <message>
      <source>Không có mục lục</source>
      <translation>No table of contents</translation>
    </message>
    <message>
      <source>Không có phiên họp hay hạn nào.</source>
      <translation>No meeting, nothing due.</translation>
    </message>
    <message>
      <source>Không có phiếu nào</source>
      <translation>No ballots</translation>
    </message>
    <message>
      <source>Không có phiếu nào đóng trong thời gian này.</source>
      <translation>No ballot closes in this time.</translation>
    </message>
    <message>
      <source>Không có tài liệu nào</source>
      <translation>No papers</translation>
    </message>
    <message>
      <source>Không có việc nào đang chờ gửi.</source>
      <translation>Nothing waits to be sent.</translation>
    </message>
    <message>
      <source>Không có ý kiến</source>
      <translation>No objection</translation>
    </message>
    <message>
      <source>Không cần mạng. Gõ có dấu hoặc không dấu: “nghi dinh” cũng tìm được “nghị định”.</source>
      <translation>No network needed. Type with or without accents: “nghi dinh” also finds “nghị định”.</translation>
    </message>
    <message>
      <source>Không dùng được ({code})</source>
      <translation>Cannot be used ({code})</translation>
    </message>
    <message>
      <source>Không ghi được tệp ở đó. Chọn nơi lưu khác.</source>
      <translation>The file cannot be written there. Choose another place.</translation>
    </message>
    <message>
      <source>Không khớp</source>
      <translation>Does not match</translation>
    </message>
    <message>
      <source>Không kèm ý kiến viết</source>
      <translation>Takes no words</translation>
    </message>
    <message>
      <source>Không lưu trên máy này</source>
      <translation>Not kept on this device</translation>
    </message>
    <message>
      <source>Không nhất trí</source>
      <translation>Objection</translation>
    </message>
    <message>
      <source>Không nêu</source>
      <translation>Not stated</translation>
    </message>
    <message>
      <source>Không thấy</source>
      <translation>Not found</translation>
    </message>
    <message>
      <source>Không thấy {what} trong tài liệu này.</source>
      <translation>{what} is not found in this paper.</translation>
    </message>
    <message>
      <source>Không tìm thấy</source>
      <translation>Nothing found</translation>
    </message>
    <message>
      <source>Không tìm thấy “{query}”</source>
      <translation>“{query}” was not found</translation>
    </message>
    <message>
      <source>Không xóa</source>
      <translation>Do not erase</translation>
    </message>
    <message>
      <source>Không đi đến được</source>
      <translation>Cannot go there</translation>
    </message>
    <message>
      <source>Khẩn</source>
      <translation>Urgent</translation>
    </message>
    <message>
      <source>Kiểm tra</source>
      <translation>Check</translation>
    </message>
    <message>
      <source>Kiểm tra các phiếu trong Chờ gửi. Có thể máy đã được khôi phục từ bản sao cũ: báo cán bộ kỹ thuật.</source>
      <translation>Check your votes in the outbox. The machine may have been restored from an old copy: tell IT staff.</translation>
    </message>
    <message>
      <source>Kiểm tra lại</source>
      <translation>Check again</translation>
    </message>
    <message>
      <source>Kiểm tra lại rồi nhập mã PIN để ký</source>
      <translation>Check, then enter your PIN to sign</translation>
    </message>
    <message>
      <source>Kiểm tra trước khi đi xa</source>
      <translation>Check before a trip</translation>
    </message>
    <message>
      <source>Kèm {n} ghi chú của tôi</source>
      <translation>With {n} notes of mine</translation>
    </message>
    <message>
      <source>Ký lúc {moment}</source>
      <translation>Signed at {moment}</translation>
    </message>
    <message>
      <source>Ký và gửi</source>
      <translation>Sign and send</translation>
    </message>
    <message>
      <source>Ký và gửi phiếu</source>
      <translation>Sign and send</translation>
    </message>
    <message>
      <source>Kế hoạch đọc: còn {pages} đến {moment}, mỗi ngày {n} trang</source>
      <translation>Reading plan: {pages} left until {moment}, {n} pages a day</translation>
    </message>
    <message>
      <source>Kế hoạch đọc: còn {pages}, cần đọc trong hôm nay</source>
      <translation>Reading plan: {pages} left, to be read today</translation>
    </message>
    <message>
      <source>Kết luận</source>
      <translation>Conclusions</translation>
    </message>
    <message>
      <source>Kết luận của chủ trì hiện ở đây ngay khi Thư ký ghi.</source>
      <translation>The chair's conclusions appear here as soon as the secretary records them.</translation>
    </message>
    <message>
      <source>Kết luận đã được ghi, đang tải về máy.</source>
      <translation>The conclusion has been recorded and is being fetched.</translation>
    </message>
    <message>
      <source>Kết nối</source>
      <translation>Connection</translation>
    </message>
    <message>
      <source>Kết nối lại</source>
      <translation>Connect again</translation>
    </message>
    <message>
      <source>Kết nối mạng rồi bấm “Kết nối lại”. Sau đó nhập mã PIN như thường lệ.</source>
      <translation>Connect to a network and press “Connect again”. Then enter the PIN as usual.</translation>
    </message>
    <message>
      <source>Kết quả</source>
      <translation>Result</translation>
    </message>
    <message>
      <source>Kết quả không khớp</source>
      <translation>Result does not match</translation>
    </message>
    <message>
      <source>Kết quả không khớp (mã {code}).</source>
      <translation>The result does not match (code {code}).</translation>
    </message>
    <message>
      <source>Kết quả sẽ tự hiện ra. Bản mới đọc được ngay.</source>
      <translation>The result appears by itself. The new version can be read now.</translation>
    </message>
    <message>
      <source>Liên hệ Thư ký phiên họp.</source>
      <translation>Contact the secretariat.</translation>
    </message>
    <message>
      <source>Liên hệ Thư ký. Nếu được cấp quyền lại, bấm “Kết nối lại”; nếu không, đăng ký lại với mã mới.</source>
      <translation>Contact the secretariat. If the device is admitted again, press “Connect again”; if not, enrol with a new code.</translation>
    </message>
    <message>
      <source>Liên kết ra ngoài tài liệu</source>
      <translation>Link out of the paper</translation>
    </message>
    <message>
      <source>Liên kết sang tệp khác: chỉ đi đến tài liệu có trong hồ sơ này.</source>
      <translation>Links to other files: followed only to papers of this pack.</translation>
    </message>
    <message>
      <source>Làm lại</source>
      <translation>Redo</translation>
    </message>
    <message>
      <source>Làm lại từ đầu</source>
      <translation>Start again</translation>
    </message>
    <message>
      <source>Lãnh đạo chưa cho ý kiến</source>
      <translation>Your principal has not answered</translation>
    </message>
    <message>
      <source>Lãnh đạo chưa cho ý kiến vào phiếu có hạn gửi {deadline} ({left}).</source>
      <translation>Your principal has not answered a ballot due {deadline} ({left}).</translation>
    </message>
    <message>
      <source>Lúc đăng ký: {before}. Bây giờ: {now}. Khóa của e-Cabinet nằm ở kho cũ.</source>
      <translation>At enrolment: {before}. Now: {now}. e-Cabinet's key is in the old one.</translation>
    </message>
    <message>
      <source>Lý do vắng mặt</source>
      <translation>Reason for absence</translation>
    </message>
    <message>
      <source>Lý do vắng mặt (bắt buộc)</source>
      <translation>Reason for absence (required)</translation>
    </message>
    <message>
      <source>Lý do vắng mặt…</source>
      <translation>Reason for absence…</translation>
    </message>
    <message>
      <source>Lý do: {text}</source>
      <translation>Reason: {text}</translation>
    </message>
    <message>
      <source>Lưu ghi chú</source>
      <translation>Save the note</translation>
    </message>
    <message>
      <source>Lưu gói chẩn đoán</source>
      <translation>Save the diagnostics bundle</translation>
    </message>
    <message>
      <source>Lưu gói…</source>
      <translation>Save bundle…</translation>
    </message>
    <message>
      <source>Lưu nháp</source>
      <translation>Save draft</translation>
    </message>
    <message>
      <source>Lưu tệp</source>
      <translation>Save file</translation>
    </message>
    <message>
      <source>Lưu tệp bằng chứng</source>
      <translation>Save the evidence file</translation>
    </message>
    <message>
      <source>Lưu tệp lịch</source>
      <translation>Save the calendar file</translation>
    </message>
    <message>
      <source>Lưu tệp…</source>
      <translation>Save file…</translation>
    </message>
    <message>
      <source>Lấy ý kiến giữa các phiên họp</source>
      <translation>Opinion round between meetings</translation>
    </message>
    <message>
      <source>Lần đồng bộ cuối</source>
      <translation>Last sync</translation>
    </message>
    <message>
      <source>Lập lúc {moment}</source>
      <translation>Made at {moment}</translation>
    </message>
    <message>
      <source>Lập phiếu bàn giao</source>
      <translation>Write a hand-over sheet</translation>
    </message>
    <message>
      <source>Lập phiếu mới</source>
      <translation>Write a new sheet</translation>
    </message>
    <message>
      <source>Lệch so với máy chủ</source>
      <translation>Offset from the service</translation>
    </message>
    <message>
      <source>Lệnh mở chương trình khác: không chạy.</source>
      <translation>Command to start another program: not run.</translation>
    </message>
    <message>
      <source>Lịch tháng</source>
      <translation>Month</translation>
    </message>
    <message>
      <source>Lời dặn chung</source>
      <translation>A message about the whole</translation>
    </message>
    <message>
      <source>Lựa chọn này không kèm ý kiến viết; nội dung dưới đây sẽ không được gửi.</source>
      <translation>This choice takes no words; the text below will not be sent.</translation>
    </message>
    <message>
      <source>Muộn hơn một ngày</source>
      <translation>One day later</translation>
    </message>
    <message>
      <source>Máy chủ</source>
      <translation>Service</translation>
    </message>
    <message>
      <source>Máy chủ chưa nhận được phiếu của {names}. Chỉ thành viên tự cho ý kiến trên máy của mình.</source>
      <translation>The service has no vote of {names} yet. Only the member can answer, on the member's own device.</translation>
    </message>
    <message>
      <source>Máy chủ nhận lúc {moment}</source>
      <translation>Received by the server at {moment}</translation>
    </message>
    <message>
      <source>Máy chủ từ chối: {reason}</source>
      <translation>Refused by the service: {reason}</translation>
    </message>
    <message>
      <source>Máy chủ đang giữ một phiếu khác của đồng chí. Liên hệ Thư ký trước khi gửi phiếu mới.</source>
      <translation>The server holds another vote of yours. Contact the secretariat before sending a new one.</translation>
    </message>
    <message>
      <source>Máy chủ đang giữ phiếu của thiết bị kia. Phiếu trên máy này chưa được tính.</source>
      <translation>The server holds the other device's vote. The vote on this device has not been counted.</translation>
    </message>
    <message>
      <source>Máy chủ đã nhận báo cáo xóa.</source>
      <translation>The service has the report.</translation>
    </message>
    <message>
      <source>Máy chủ đã tiếp nhận lúc {moment}.</source>
      <translation>The server received it at {moment}.</translation>
    </message>
    <message>
      <source>Máy dùng được không cần mạng đến {at}.</source>
      <translation>This device works without a network until {at}.</translation>
    </message>
    <message>
      <source>Máy này</source>
      <translation>This device</translation>
    </message>
    <message>
      <source>Máy này ({name})</source>
      <translation>This device ({name})</translation>
    </message>
    <message>
      <source>Máy này chưa đồng bộ lần nào.</source>
      <translation>This device has never synchronised.</translation>
    </message>
    <message>
      <source>Máy này không cho xuất tệp (do đơn vị quản lý).</source>
      <translation>This machine does not allow exports (managed by your organisation).</translation>
    </message>
    <message>
      <source>Máy này đặt tạm ở bản mới</source>
      <translation>Placed by this device for now</translation>
    </message>
    <message>
      <source>Máy sẽ tự khóa lúc {at} nếu không liên lạc được với máy chủ.</source>
      <translation>This device locks itself at {at} unless it reaches the service.</translation>
    </message>
    <message>
      <source>Máy tạm khóa vì {days} ngày chưa kết nối</source>
      <translation>Locked after {days} days without contact</translation>
    </message>
    <message>
      <source>Máy tự khóa lúc {time} nếu không nối mạng và đồng bộ.</source>
      <translation>This device locks itself at {time} unless it connects and synchronises.</translation>
    </message>
    <message>
      <source>Máy đang dùng một kho khóa khác</source>
      <translation>This machine uses another keystore now</translation>
    </message>
    <message>
      <source>Máy đang lập chỉ mục; kiểm tra lại sau ít phút.</source>
      <translation>This device is still indexing; check again in a few minutes.</translation>
    </message>
    <message>
      <source>Máy đọc lại từng tài liệu, hiển thị thử trang đầu, và xem phiếu nào đóng trong thời gian đó.</source>
      <translation>Every paper is read again, its first page is drawn, and ballots that close meanwhile are listed.</translation>
    </message>
    <message>
      <source>Mã PIN</source>
      <translation>PIN</translation>
    </message>
    <message>
      <source>Mã PIN bị nhập sai mười lần, hoặc khóa đã bị xóa. Không ai mở được dữ liệu trên máy nữa, kể cả Văn phòng.</source>
      <translation>A wrong PIN was entered ten times, or the keys were deleted. Nobody can open the data on this device any more, not even the Office.</translation>
    </message>
    <message>
      <source>Mã PIN không đúng. Còn {n} lần thử.</source>
      <translation>Wrong PIN. {n} tries left.</translation>
    </message>
    <message>
      <source>Mã PIN quá đơn giản, chọn mã khác.</source>
      <translation>The PIN is too simple, choose another.</translation>
    </message>
    <message>
      <source>Mã QR của phiếu</source>
      <translation>QR code of the act</translation>
    </message>
    <message>
      <source>Mã QR của vân tay khóa; sáu nhóm số bên cạnh nói cùng một điều</source>
      <translation>QR code of the key fingerprint; the six groups of digits beside it say the same</translation>
    </message>
    <message>
      <source>Mã biên nhận</source>
      <translation>Codes of the receipt</translation>
    </message>
    <message>
      <source>Mã kích hoạt</source>
      <translation>Activation code</translation>
    </message>
    <message>
      <source>Mã kích hoạt (10 ký tự)</source>
      <translation>Activation code (10 characters)</translation>
    </message>
    <message>
      <source>Mã lệnh JavaScript: không chạy.</source>
      <translation>JavaScript code: not run.</translation>
    </message>
    <message>
      <source>Mã lỗi gần nhất</source>
      <translation>Latest error code</translation>
    </message>
    <message>
      <source>Mã sau</source>
      <translation>Next code</translation>
    </message>
    <message>
      <source>Mã thiết bị</source>
      <translation>Device id</translation>
    </message>
    <message>
      <source>Mã trước</source>
      <translation>Previous code</translation>
    </message>
    <message>
      <source>Mã {n}/{all}</source>
      <translation>Code {n}/{all}</translation>
    </message>
    <message>
      <source>Mạng: có kết nối</source>
      <translation>Network: connected</translation>
    </message>
    <message>
      <source>Mạng: không có</source>
      <translation>Network: none</translation>
    </message>
    <message>
      <source>Mạng: không có · thử lại sau {time}</source>
      <translation>Network: none · next try in {time}</translation>
    </message>
    <message>
      <source>Mất kết nối phiên họp – đang nối lại; tài liệu vẫn đọc được.</source>
      <translation>Session link lost – reconnecting; papers can still be read.</translation>
    </message>
    <message>
      <source>Mật</source>
      <translation>Secret (Mật)</translation>
    </message>
    <message>
      <source>Mọi người</source>
      <translation>Everybody</translation>
    </message>
    <message>
      <source>Mọi trang đều tìm được, không cần mạng.</source>
      <translation>Every page can be found, without a network.</translation>
    </message>
    <message>
      <source>Mọi tài liệu đã tải đủ, đúng bản mới nhất.</source>
      <translation>Every paper is here, in its newest version.</translation>
    </message>
    <message>
      <source>Mọi việc đã lưu được giữ nguyên; không biểu quyết trên máy trong lúc này.</source>
      <translation>Everything saved stays as it is; no voting on the device meanwhile.</translation>
    </message>
    <message>
      <source>Mỗi cơ quan có kho, khóa và kết nối riêng. Chuyển sang cơ quan khác thì cần mã PIN của cơ quan đó.</source>
      <translation>Each body has stores, keys and a connection of its own. Switching to another one takes that one's PIN.</translation>
    </message>
    <message>
      <source>Một phần</source>
      <translation>Part of the session</translation>
    </message>
    <message>
      <source>Một tệp ZIP để đưa cho cán bộ kỹ thuật. Không chứa tài liệu, ghi chú, phiếu, họ tên hay khóa. Đồng chí đọc được từng phần trước khi lưu; chương trình không tự gửi đi đâu.</source>
      <translation>A ZIP file to hand to IT staff. It holds no papers, notes, votes, names or keys. You can read each part before saving; the program sends it nowhere.</translation>
    </message>
    <message>
      <source>MỚI</source>
      <translation>NEW</translation>
    </message>
    <message>
      <source>MỚI: tr {pages}</source>
      <translation>NEW: p. {pages}</translation>
    </message>
    <message>
      <source>Mở</source>
      <translation>Open</translation>
    </message>
    <message>
      <source>Mở bản mới</source>
      <translation>Open the new version</translation>
    </message>
    <message>
      <source>Mở bảng phím tắt này</source>
      <translation>Open this list</translation>
    </message>
    <message>
      <source>Mở e-Cabinet</source>
      <translation>Open e-Cabinet</translation>
    </message>
    <message>
      <source>Mở khóa</source>
      <translation>Unlock</translation>
    </message>
    <message>
      <source>Mở khóa hoặc đăng nhập lại hệ điều hành rồi bấm “Thử lại”. Nếu vẫn vậy, báo cán bộ kỹ thuật.</source>
      <translation>Unlock the system or log in again, then press “Try again”. If it stays so, tell IT staff.</translation>
    </message>
    <message>
      <source>Mở phiên họp đang diễn ra</source>
      <translation>Open the session in progress</translation>
    </message>
    <message>
      <source>Mở phiếu</source>
      <translation>Open the ballot</translation>
    </message>
    <message>
      <source>Mở trang {n}</source>
      <translation>Open page {n}</translation>
    </message>
    <message>
      <source>Mở tài liệu</source>
      <translation>Open the paper</translation>
    </message>
    <message>
      <source>Mở tài liệu bên cạnh</source>
      <translation>Open a paper beside this one</translation>
    </message>
    <message>
      <source>Mở tập dượt</source>
      <translation>Open practice</translation>
    </message>
    <message>
      <source>Mở {title}, trang {n}</source>
      <translation>Open {title}, page {n}</translation>
    </message>
    <message>
      <source>Mục chương trình</source>
      <translation>Agenda item</translation>
    </message>
    <message>
      <source>Mục chờ gửi</source>
      <translation>Waiting to be sent</translation>
    </message>
    <message>
      <source>Mục lục</source>
      <translation>Contents</translation>
    </message>
    <message>
      <source>Mục {n}</source>
      <translation>Item {n}</translation>
    </message>
    <message>
      <source>Mực xanh</source>
      <translation>Blue ink</translation>
    </message>
    <message>
      <source>Mực đen</source>
      <translation>Black ink</translation>
    </message>
    <message>
      <source>Mực đỏ</source>
      <translation>Red ink</translation>
    </message>
    <message>
      <source>Ngoại tuyến – {n} mục chờ gửi. {last}</source>
      <translation>Offline – {n} waiting to be sent. {last}</translation>
    </message>
    <message>
      <source>Ngoại tuyến. {last}</source>
      <translation>Offline. {last}</translation>
    </message>
    <message>
      <source>Ngày mai</source>
      <translation>Tomorrow</translation>
    </message>
    <message>
      <source>Ngày {day}, giờ Việt Nam; ngoài khoảng này đồng chí dự họp như bình thường.</source>
      <translation>On {day}, Việt Nam time; outside it you attend as usual.</translation>
    </message>
    <message>
      <source>Ngón tay cuộn và phóng to trang; bút thì viết.</source>
      <translation>Fingers scroll and zoom; the pen writes.</translation>
    </message>
    <message>
      <source>Ngón tay và chuột chỉ cuộn trang.</source>
      <translation>Fingers and mouse only scroll.</translation>
    </message>
    <message>
      <source>Ngôn ngữ</source>
      <translation>Language</translation>
    </message>
    <message>
      <source>Người dự thay trình bày ý kiến của đồng chí và không biểu quyết; không ai biểu quyết thay.</source>
      <translation>The substitute presents your opinion and does not vote; nobody votes for another.</translation>
    </message>
    <message>
      <source>Người dự thay trình bày ý kiến của đồng chí và không biểu quyết; phiếu này không có lá phiếu.</source>
      <translation>The substitute presents your opinion and does not vote; this sheet holds no ballot.</translation>
    </message>
    <message>
      <source>Người dự thay trình bày ý kiến, không biểu quyết.</source>
      <translation>The substitute presents the opinion and does not vote.</translation>
    </message>
    <message>
      <source>Người dự thay đã lưu trên máy</source>
      <translation>Substitute saved on this device</translation>
    </message>
    <message>
      <source>Người dự thay: {name}</source>
      <translation>Substitute: {name}</translation>
    </message>
    <message>
      <source>Người giao: {name}</source>
      <translation>From: {name}</translation>
    </message>
    <message>
      <source>Người giúp việc và người đồng chí giúp việc</source>
      <translation>Aides, and those you serve</translation>
    </message>
    <message>
      <source>Người nhận: {name}</source>
      <translation>To: {name}</translation>
    </message>
    <message>
      <source>Nhiều nhất {n} người.</source>
      <translation>At most {n} people.</translation>
    </message>
    <message>
      <source>Nhấn nút đang chọn</source>
      <translation>Press the focused button</translation>
    </message>
    <message>
      <source>Nhận biên nhận có số. Chưa có biên nhận là chưa được tính.</source>
      <translation>Get a numbered receipt. Without a receipt nothing has been counted.</translation>
    </message>
    <message>
      <source>Nhập biên nhận…</source>
      <translation>Take in a receipt…</translation>
    </message>
    <message>
      <source>Nhập lại mã PIN một lần nữa.</source>
      <translation>Enter the PIN once more.</translation>
    </message>
    <message>
      <source>Nhập mã PIN để ký</source>
      <translation>Enter your PIN to sign</translation>
    </message>
    <message>
      <source>Nhập mã PIN để ký.</source>
      <translation>Enter the PIN to sign.</translation>
    </message>
    <message>
      <source>Nhập mã PIN để mở khóa</source>
      <translation>Enter your PIN to unlock</translation>
    </message>
    <message>
      <source>Nhập nội dung góp ý gửi Văn phòng Chính phủ…</source>
      <translation>Write your comment to the Office of the Government…</translation>
    </message>
    <message>
      <source>Nhập nội dung ý kiến…</source>
      <translation>Write your opinion…</translation>
    </message>
    <message>
      <source>Nhập sai nhiều lần. Thử lại sau {time}</source>
      <translation>Too many wrong PINs. Try again in {time}</translation>
    </message>
    <message>
      <source>Nhắc việc</source>
      <translation>Reminders</translation>
    </message>
    <message>
      <source>Những gì không được hiển thị hoặc thực thi</source>
      <translation>What is not shown or run</translation>
    </message>
    <message>
      <source>Những gì vẫn an toàn</source>
      <translation>What is safe</translation>
    </message>
    <message>
      <source>Nét bút, tô sáng và ghi chú hiện ở đây.</source>
      <translation>Ink, highlights and notes appear here.</translation>
    </message>
    <message>
      <source>Nét bút: {n}</source>
      <translation>Pen strokes: {n}</translation>
    </message>
    <message>
      <source>Nét mảnh</source>
      <translation>Thin line</translation>
    </message>
    <message>
      <source>Nét vừa</source>
      <translation>Medium line</translation>
    </message>
    <message>
      <source>Nét đậm</source>
      <translation>Thick line</translation>
    </message>
    <message>
      <source>Nên gửi phiếu trước khi đi.</source>
      <translation>Better vote before leaving.</translation>
    </message>
    <message>
      <source>Nên làm trước khi đi</source>
      <translation>Worth doing before leaving</translation>
    </message>
    <message>
      <source>Nên nêu lý do</source>
      <translation>A reason is advisable</translation>
    </message>
    <message>
      <source>Nêu ý kiến</source>
      <translation>State a position</translation>
    </message>
    <message>
      <source>Nếu không phải đồng chí yêu cầu, hỏi lại Thư ký. Không cần làm gì trên máy này.</source>
      <translation>If you did not ask for this, ask the secretariat. Nothing needs to be done on this device.</translation>
    </message>
    <message>
      <source>Nếu không phải đồng chí đăng ký: báo ngay Thư ký để ngừng quyền thiết bị đó và đọc vân tay khóa trên.</source>
      <translation>If you did not enrol it: tell the secretariat at once to revoke it, and read out the fingerprint above.</translation>
    </message>
    <message>
      <source>Nếu nhớ ra, quay lại và nhập mã. Nếu không, xin Thư ký mã kích hoạt mới rồi bấm “Xóa và đăng ký lại”.</source>
      <translation>If you remember it, go back and enter it. If not, ask the secretariat for a new code and press “Erase and enrol again”.</translation>
    </message>
    <message>
      <source>Nội dung</source>
      <translation>Subject</translation>
    </message>
    <message>
      <source>Nội dung bàn giao</source>
      <translation>Hand-over sheet</translation>
    </message>
    <message>
      <source>Nội dung bàn giao: {text}</source>
      <translation>Hand-over: {text}</translation>
    </message>
    <message>
      <source>Nội dung bàn giao: ý kiến cần trình bày</source>
      <translation>Hand-over: the opinion to present</translation>
    </message>
    <message>
      <source>Nội dung có thể thông qua không cần thảo luận</source>
      <translation>The item can pass without debate</translation>
    </message>
    <message>
      <source>Nội dung cần trình bày</source>
      <translation>What to say</translation>
    </message>
    <message>
      <source>Nội dung cần tìm</source>
      <translation>Search text</translation>
    </message>
    <message>
      <source>Nội dung dài quá {n} ký tự.</source>
      <translation>The text is longer than {n} characters.</translation>
    </message>
    <message>
      <source>Nội dung ghi chú</source>
      <translation>Text of the note</translation>
    </message>
    <message>
      <source>Nội dung góp ý</source>
      <translation>Text of the comment</translation>
    </message>
    <message>
      <source>Nội dung không thay đổi</source>
      <translation>The text has not changed</translation>
    </message>
    <message>
      <source>Nội dung không thay đổi.</source>
      <translation>The text has not changed.</translation>
    </message>
    <message>
      <source>Nội dung này đã xong.</source>
      <translation>This item is done.</translation>
    </message>
    <message>
      <source>Nội dung phiếu đã thay đổi. Đọc nội dung mới trước khi gửi; ý kiến đã ghi được giữ.</source>
      <translation>The ballot has changed. Read the new wording before sending; what you wrote is kept.</translation>
    </message>
    <message>
      <source>Nội dung phiếu được tải khi có mạng.</source>
      <translation>What it says is fetched when there is a network.</translation>
    </message>
    <message>
      <source>Nội dung quá dài cho mã QR. Hãy dùng tệp.</source>
      <translation>Too long for QR codes. Use a file.</translation>
    </message>
    <message>
      <source>Nội dung trang, chữ lớn</source>
      <translation>Content of the page, large text</translation>
    </message>
    <message>
      <source>Nội dung {n}/{all} – {title}</source>
      <translation>Item {n} of {all} – {title}</translation>
    </message>
    <message>
      <source>Nội dung ý kiến</source>
      <translation>Opinion</translation>
    </message>
    <message>
      <source>Nội dung ý kiến (bắt buộc nếu chọn: {choices})</source>
      <translation>Opinion (required for: {choices})</translation>
    </message>
    <message>
      <source>Nội dung ý kiến (bắt buộc)</source>
      <translation>Opinion (required)</translation>
    </message>
    <message>
      <source>Nội dung ý kiến (không bắt buộc)</source>
      <translation>Opinion (optional)</translation>
    </message>
    <message>
      <source>Nội dung đang họp yêu cầu cất thiết bị. Màn hình mở lại khi Thư ký cho phép.</source>
      <translation>The item under discussion requires devices to be put away. The screen returns when the secretary allows it.</translation>
    </message>
    <message>
      <source>Nội dung đã nhập vẫn còn nguyên.</source>
      <translation>What you entered is still there.</translation>
    </message>
    <message>
      <source>Nội dung đã được xóa khỏi máy này. Ghi chú của đồng chí vẫn còn.</source>
      <translation>Its content has been erased from this device. Your notes are still here.</translation>
    </message>
    <message>
      <source>Nội dung đúng với bản đã ký</source>
      <translation>Content as it was signed</translation>
    </message>
    <message>
      <source>Nội dung được niêm phong cho Thư ký; máy chủ không đọc được.</source>
      <translation>Sealed for the secretary; the server cannot read it.</translation>
    </message>
    <message>
      <source>PDF có chú thích</source>
      <translation>PDF with annotations</translation>
    </message>
    <message>
      <source>Phim, âm thanh, hình động: không phát.</source>
      <translation>Film, sound, animation: not played.</translation>
    </message>
    <message>
      <source>Phiên bản</source>
      <translation>Version</translation>
    </message>
    <message>
      <source>Phiên họp</source>
      <translation>Meetings</translation>
    </message>
    <message>
      <source>Phiên họp chuyên đề</source>
      <translation>Thematic meeting</translation>
    </message>
    <message>
      <source>Phiên họp của tôi</source>
      <translation>My meetings</translation>
    </message>
    <message>
      <source>Phiên họp thường kỳ</source>
      <translation>Regular meeting</translation>
    </message>
    <message>
      <source>Phiên họp và phiếu giả định để tập thao tác; không động đến dữ liệu thật.</source>
      <translation>An invented session and ballots to practise on; no real data is touched.</translation>
    </message>
    <message>
      <source>Phiên họp đang cất thiết bị.</source>
      <translation>Devices are put away in this session.</translation>
    </message>
    <message>
      <source>Phiên họp đang cất thiết bị: không biểu quyết trên máy.</source>
      <translation>Devices are put away: no vote on the device.</translation>
    </message>
    <message>
      <source>Phiên họp đang diễn ra</source>
      <translation>Session in progress</translation>
    </message>
    <message>
      <source>Phiên họp đã kết thúc</source>
      <translation>The session has ended</translation>
    </message>
    <message>
      <source>Phiên họp đã kết thúc.</source>
      <translation>The session has ended.</translation>
    </message>
    <message>
      <source>Phiên họp đột xuất</source>
      <translation>Urgent meeting</translation>
    </message>
    <message>
      <source>Phiên này</source>
      <translation>This session</translation>
    </message>
    <message>
      <source>Phiếu</source>
      <translation>Ballot</translation>
    </message>
    <message>
      <source>Phiếu bàn giao</source>
      <translation>Hand-over sheet</translation>
    </message>
    <message>
      <source>Phiếu bàn giao cho người dự thay</source>
      <translation>Hand-over sheet for a substitute</translation>
    </message>
    <message>
      <source>Phiếu bàn giao của {name}</source>
      <translation>Hand-over sheet from {name}</translation>
    </message>
    <message>
      <source>Phiếu bàn giao đã lưu trên máy, chờ gửi.</source>
      <translation>The hand-over sheet is saved on this device and waits to be sent.</translation>
    </message>
    <message>
      <source>Phiếu chưa có trên máy này</source>
      <translation>This ballot is not on this device yet</translation>
    </message>
    <message>
      <source>Phiếu chưa mở.</source>
      <translation>The ballot is not open yet.</translation>
    </message>
    <message>
      <source>Phiếu chỉ được tính khi máy chủ nhận được trước lúc chủ trì đóng biểu quyết.</source>
      <translation>The vote counts only if the server receives it before the chair closes the vote.</translation>
    </message>
    <message>
      <source>Phiếu chỉ được tính khi máy chủ nhận được trước {moment}.</source>
      <translation>The vote counts only if the server receives it before {moment}.</translation>
    </message>
    <message>
      <source>Phiếu có ghi tên.</source>
      <translation>Votes are recorded by name.</translation>
    </message>
    <message>
      <source>Phiếu của phiên họp này sẽ hiện ở đây khi được mở.</source>
      <translation>Ballots of this meeting appear here when they open.</translation>
    </message>
    <message>
      <source>Phiếu của đồng chí</source>
      <translation>Your vote</translation>
    </message>
    <message>
      <source>Phiếu của đồng chí đã có biên nhận nhưng không có trong danh sách kiểm phiếu.</source>
      <translation>Your vote has a receipt and is missing from the closing list.</translation>
    </message>
    <message>
      <source>Phiếu của đồng chí đã ký và đang chờ gửi hoặc chờ biên nhận.</source>
      <translation>Your vote is signed and waits to be sent or for its receipt.</translation>
    </message>
    <message>
      <source>Phiếu ghi mã của {n}/{all} tài liệu đồng chí đã mở trên máy này.</source>
      <translation>The vote carries the codes of {n} of {all} papers you opened on this device.</translation>
    </message>
    <message>
      <source>Phiếu khác ({n})</source>
      <translation>Other ballots ({n})</translation>
    </message>
    <message>
      <source>Phiếu lấy ý kiến</source>
      <translation>Opinion ballot</translation>
    </message>
    <message>
      <source>Phiếu lấy ý kiến và biểu quyết tại phiên họp sẽ hiện ở đây.</source>
      <translation>Opinion ballots and session votes appear here.</translation>
    </message>
    <message>
      <source>Phiếu mới sẽ thay phiếu số {n} của đồng chí.</source>
      <translation>The new vote will replace your vote no. {n}.</translation>
    </message>
    <message>
      <source>Phiếu mới sẽ thay phiếu từ thiết bị khác của đồng chí (mã {code}).</source>
      <translation>The new vote will replace the vote from your other device (code {code}).</translation>
    </message>
    <message>
      <source>Phiếu sắp hết hạn, phiên họp, tài liệu chưa đọc. Không nêu tên nội dung; không nhắc ban đêm.</source>
      <translation>Ballots about to close, meetings, unread papers. Names no content; silent at night.</translation>
    </message>
    <message>
      <source>Phiếu số {n}</source>
      <translation>Vote no. {n}</translation>
    </message>
    <message>
      <source>Phiếu và góp ý đã có biên nhận nằm ở máy chủ và vẫn được tính.</source>
      <translation>Votes and comments with a receipt are at the service and still count.</translation>
    </message>
    <message>
      <source>Phiếu và góp ý đã ký hiện ở đây cho đến khi có biên nhận.</source>
      <translation>Signed votes and comments stay here until they have a receipt.</translation>
    </message>
    <message>
      <source>Phiếu đã ký tự gửi khi có mạng. {rule}</source>
      <translation>The signed vote is sent by itself when there is a network. {rule}</translation>
    </message>
    <message>
      <source>Phiếu đã đóng, không có phiếu của {names}.</source>
      <translation>The ballot has closed without a vote of {names}.</translation>
    </message>
    <message>
      <source>Phiếu đã đóng.</source>
      <translation>The ballot is closed.</translation>
    </message>
    <message>
      <source>Phiếu đóng trong chuyến đi</source>
      <translation>Ballots that close during the trip</translation>
    </message>
    <message>
      <source>Phiếu được ghi là “biểu quyết vắng mặt”: được tính chung và nêu riêng. Cần nêu lý do.</source>
      <translation>The vote is marked “vote while absent”: counted with the others and shown apart. A reason is needed.</translation>
    </message>
    <message>
      <source>Phiếu được gỡ khỏi máy người nhận ở lần đồng bộ tới; những gì đã đọc thì không thu lại được.</source>
      <translation>The sheet is removed from the receiver's device at its next synchronisation; what was read cannot be called back.</translation>
    </message>
    <message>
      <source>Phiếu được kiểm theo quy chế khác với quy chế đã công bố.</source>
      <translation>The vote was counted under other rules than announced.</translation>
    </message>
    <message>
      <source>Phiếu được tải khi có mạng.</source>
      <translation>Ballots are fetched when there is a network.</translation>
    </message>
    <message>
      <source>Phím tắt</source>
      <translation>Keyboard</translation>
    </message>
    <message>
      <source>Phóng to</source>
      <translation>Zoom in</translation>
    </message>
    <message>
      <source>Phóng to, thu nhỏ</source>
      <translation>Zoom in, zoom out</translation>
    </message>
    <message>
      <source>Phải</source>
      <translation>Right</translation>
    </message>
    <message>
      <source>Phần của phiên họp</source>
      <translation>Parts of the meeting</translation>
    </message>
    <message>
      <source>Phụ lục</source>
      <translation>Annex</translation>
    </message>
    <message>
      <source>Phụ lục {n}</source>
      <translation>Annex {n}</translation>
    </message>
    <message>
      <source>Quay lại</source>
      <translation>Back</translation>
    </message>
    <message>
      <source>Quay lại nhập mã PIN</source>
      <translation>Back to the PIN</translation>
    </message>
    <message>
      <source>Quay lại trang trình bày</source>
      <translation>Back to the presenter's page</translation>
    </message>
    <message>
      <source>Quy chế của cơ quan không cho biểu quyết vắng mặt.</source>
      <translation>The body's rules do not let absent members vote.</translation>
    </message>
    <message>
      <source>Quá hạn, không được tính</source>
      <translation>Too late, not counted</translation>
    </message>
    <message>
      <source>Quét biên nhận…</source>
      <translation>Scan a receipt…</translation>
    </message>
    <message>
      <source>Quét từng mã bằng máy quét cầm tay, hoặc dán các dòng mã vào đây.</source>
      <translation>Scan code after code with a hand-held scanner, or paste the lines here.</translation>
    </message>
    <message>
      <source>Quên mã PIN</source>
      <translation>PIN forgotten</translation>
    </message>
    <message>
      <source>Quên mã PIN?</source>
      <translation>Forgot your PIN?</translation>
    </message>
    <message>
      <source>Riêng tôi</source>
      <translation>Only me</translation>
    </message>
    <message>
      <source>Rút đăng ký</source>
      <translation>Withdraw request</translation>
    </message>
    <message>
      <source>Rút đăng ký phát biểu</source>
      <translation>Request to speak withdrawn</translation>
    </message>
    <message>
      <source>Sai số ước lượng</source>
      <translation>Estimated error</translation>
    </message>
    <message>
      <source>Sao chép</source>
      <translation>Copy</translation>
    </message>
    <message>
      <source>Sao chép thông tin chẩn đoán</source>
      <translation>Copy diagnostics</translation>
    </message>
    <message>
      <source>Sau khi lưu tệp hoặc hiện mã, không hủy trước khi gửi được nữa.</source>
      <translation>Once a file was saved or codes were shown, it can no longer be taken back.</translation>
    </message>
    <message>
      <source>Sáng</source>
      <translation>Light</translation>
    </message>
    <message>
      <source>Sắp có phiên họp.</source>
      <translation>A meeting is coming up.</translation>
    </message>
    <message>
      <source>Sắp có phiên họp: {time}.</source>
      <translation>A meeting is coming up: {time}.</translation>
    </message>
    <message>
      <source>Sắp tới ({n})</source>
      <translation>Coming up ({n})</translation>
    </message>
    <message>
      <source>Sắp đóng</source>
      <translation>Closing</translation>
    </message>
    <message>
      <source>Sắp đến lượt: đang nhận nốt phần đang tải.</source>
      <translation>Next in turn: what is arriving now is finished first.</translation>
    </message>
    <message>
      <source>Sẵn sàng ngoại tuyến</source>
      <translation>Ready to work offline</translation>
    </message>
    <message>
      <source>Sẵn sàng ngoại tuyến đến hết {day}.</source>
      <translation>Ready to work offline until the end of {day}.</translation>
    </message>
    <message>
      <source>Sẽ dự họp</source>
      <translation>Will attend</translation>
    </message>
    <message>
      <source>Sẽ tự báo máy chủ khi có mạng.</source>
      <translation>The service will be told when there is a network.</translation>
    </message>
    <message>
      <source>Số liệu tạm tính; chỉ kết quả đã ký của máy chủ là chính thức.</source>
      <translation>Provisional figures; only the server's signed result is final.</translation>
    </message>
    <message>
      <source>Số phiếu cộng không khớp với danh sách kiểm phiếu.</source>
      <translation>The totals do not match the closing list.</translation>
    </message>
    <message>
      <source>Sớm hơn một ngày</source>
      <translation>One day earlier</translation>
    </message>
    <message>
      <source>Sửa</source>
      <translation>Reworded</translation>
    </message>
    <message>
      <source>Sửa lại</source>
      <translation>Change</translation>
    </message>
    <message>
      <source>Sự cố đã ghi lại</source>
      <translation>Failures on record</translation>
    </message>
    <message>
      <source>T2</source>
      <translation>Mon</translation>
    </message>
    <message>
      <source>T3</source>
      <translation>Tue</translation>
    </message>
    <message>
      <source>T4</source>
      <translation>Wed</translation>
    </message>
    <message>
      <source>T5</source>
      <translation>Thu</translation>
    </message>
    <message>
      <source>T6</source>
      <translation>Fri</translation>
    </message>
    <message>
      <source>T7</source>
      <translation>Sat</translation>
    </message>
    <message>
      <source>Tay thuận</source>
      <translation>Handedness</translation>
    </message>
    <message>
      <source>Thao tác tự chạy khi mở: không chạy.</source>
      <translation>Action on opening: not run.</translation>
    </message>
    <message>
      <source>Thay bằng lựa chọn này</source>
      <translation>Replace by this choice</translation>
    </message>
    <message>
      <source>Thay đổi</source>
      <translation>Changes</translation>
    </message>
    <message>
      <source>Thay đổi trước, thay đổi sau</source>
      <translation>Change before, next change</translation>
    </message>
    <message>
      <source>Theo dõi</source>
      <translation>Follow</translation>
    </message>
    <message>
      <source>Theo dõi trang trình bày</source>
      <translation>Follow the presenter's page</translation>
    </message>
    <message>
      <source>Theo máy</source>
      <translation>System</translation>
    </message>
    <message>
      <source>Theo đồng hồ máy này đã quá hạn; giờ máy chủ nhận là căn cứ.</source>
      <translation>By this device's clock the deadline has passed; the server's time decides.</translation>
    </message>
    <message>
      <source>Thiết bị</source>
      <translation>Device</translation>
    </message>
    <message>
      <source>Thiết bị khác (mã {code})</source>
      <translation>Other device (code {code})</translation>
    </message>
    <message>
      <source>Thiết bị này đang bị ngừng quyền. Liên hệ Thư ký.</source>
      <translation>This device is suspended. Contact the secretariat.</translation>
    </message>
    <message>
      <source>Thiết bị và thành viên</source>
      <translation>Device and member</translation>
    </message>
    <message>
      <source>Thiết bị {name} của đồng chí đã bị ngừng quyền.</source>
      <translation>Your device {name} was revoked.</translation>
    </message>
    <message>
      <source>Thiết bị đã bị ngừng quyền</source>
      <translation>This device may no longer act</translation>
    </message>
    <message>
      <source>Thiết bị đã bị ngừng quyền. Mọi việc đã ký được giữ lại. Liên hệ Thư ký.</source>
      <translation>This device was revoked. Everything you signed is kept. Contact the secretariat.</translation>
    </message>
    <message>
      <source>Thiết bị được phép hoạt động</source>
      <translation>Device is allowed to act</translation>
    </message>
    <message>
      <source>Thiếu dữ liệu</source>
      <translation>Data is missing</translation>
    </message>
    <message>
      <source>Thiếu dữ liệu: kho trên máy cũ hơn lần lưu cuối. Đã lấy lại từ máy chủ: {numbers}.</source>
      <translation>Data was missing: the store was older than the last save. Fetched from the service: {numbers}.</translation>
    </message>
    <message>
      <source>Thoát tập dượt</source>
      <translation>Leave practice</translation>
    </message>
    <message>
      <source>Thu lại phiếu</source>
      <translation>Take the sheet back</translation>
    </message>
    <message>
      <source>Thu nhỏ</source>
      <translation>Zoom out</translation>
    </message>
    <message>
      <source>Thành phần</source>
      <translation>Participants</translation>
    </message>
    <message>
      <source>Thành viên</source>
      <translation>Member</translation>
    </message>
    <message>
      <source>Tháng sau</source>
      <translation>Next month</translation>
    </message>
    <message>
      <source>Tháng trước</source>
      <translation>Previous month</translation>
    </message>
    <message>
      <source>Tháng {month} năm {year}</source>
      <translation>Month {month} of {year}</translation>
    </message>
    <message>
      <source>Thêm cơ quan…</source>
      <translation>Add a body…</translation>
    </message>
    <message>
      <source>Thêm mới</source>
      <translation>Added</translation>
    </message>
    <message>
      <source>Thôi</source>
      <translation>Cancel</translation>
    </message>
    <message>
      <source>Thôi chia đôi</source>
      <translation>Close split view</translation>
    </message>
    <message>
      <source>Thông qua, không thảo luận</source>
      <translation>Passed without debate</translation>
    </message>
    <message>
      <source>Thông tin phiên bản nhận được không đáng tin và không được dùng: báo cán bộ kỹ thuật ({code}).</source>
      <translation>The version information received cannot be trusted and is not used: tell IT staff ({code}).</translation>
    </message>
    <message>
      <source>Thông tin phiên bản đã quá hạn: báo cán bộ kỹ thuật ({code}).</source>
      <translation>The version information is past its date: tell IT staff ({code}).</translation>
    </message>
    <message>
      <source>Thư ký chưa gửi nội dung nào.</source>
      <translation>The secretariat has not sent any items.</translation>
    </message>
    <message>
      <source>Thư ký chưa điểm danh đồng chí có mặt.</source>
      <translation>The secretary has not recorded you as present.</translation>
    </message>
    <message>
      <source>Thư ký cấp, dùng một lần</source>
      <translation>From the secretariat, for one use</translation>
    </message>
    <message>
      <source>Thư ký ghi lúc {moment}</source>
      <translation>Recorded by the secretary at {moment}</translation>
    </message>
    <message>
      <source>Thư ký không chấp nhận. Làm lại với mã mới.</source>
      <translation>The secretariat refused. Start again with a new code.</translation>
    </message>
    <message>
      <source>Thư ký so với số trên máy của mình rồi mới chấp nhận. Nếu hai bên khác nhau, dừng lại.</source>
      <translation>The secretariat compares them with its own screen before approving. If they differ, stop.</translation>
    </message>
    <message>
      <source>Thư ký đã ghi đồng chí rời phiên họp. Báo Thư ký khi đồng chí quay lại.</source>
      <translation>The secretary noted that you have left. Tell the secretary when you are back.</translation>
    </message>
    <message>
      <source>Thường do đổi tài khoản, cài lại hệ điều hành hoặc kho khóa bị xóa. Mã PIN không được tính là sai.</source>
      <translation>Usually because of another account, a reinstalled system or a cleared keystore. No wrong PIN was counted.</translation>
    </message>
    <message>
      <source>Thấy thiết bị lạ: báo ngay Thư ký để ngừng quyền và đọc vân tay khóa của nó.</source>
      <translation>If you do not know a device: tell the secretariat at once to revoke it, and read out its fingerprint.</translation>
    </message>
    <message>
      <source>Thẻ {n} trên {all}</source>
      <translation>Card {n} of {all}</translation>
    </message>
    <message>
      <source>Thời gian dùng ngoại tuyến</source>
      <translation>Time this device works offline</translation>
    </message>
    <message>
      <source>Thời gian vắng mặt</source>
      <translation>Time of absence</translation>
    </message>
    <message>
      <source>Thời gian vắng mặt không hợp lệ: ghi giờ và phút, giờ sau muộn hơn giờ trước.</source>
      <translation>Not a time of absence: enter hour and minute, the second later than the first.</translation>
    </message>
    <message>
      <source>Thời hạn đọc</source>
      <translation>Reading time</translation>
    </message>
    <message>
      <source>Thủ tướng quyết định</source>
      <translation>decided by the Prime Minister</translation>
    </message>
    <message>
      <source>Thứ tự phát biểu của đồng chí: {n}</source>
      <translation>Your place to speak: {n}</translation>
    </message>
    <message>
      <source>Thử lưu lại</source>
      <translation>Try saving again</translation>
    </message>
    <message>
      <source>Thử lại</source>
      <translation>Try again</translation>
    </message>
    <message>
      <source>Thử ngay</source>
      <translation>Try now</translation>
    </message>
    <message>
      <source>Thử ít từ hơn. Văn bản quét chưa nhận dạng chữ thì không tìm được.</source>
      <translation>Try fewer words. Scans without recognised text cannot be searched.</translation>
    </message>
    <message>
      <source>Tiếp</source>
      <translation>Next</translation>
    </message>
    <message>
      <source>Tiếp tục</source>
      <translation>Continue</translation>
    </message>
    <message>
      <source>Trang</source>
      <translation>Page</translation>
    </message>
    <message>
      <source>Trang</source>
      <comment>thumbnails</comment>
      <translation>Pages</translation>
    </message>
    <message>
      <source>Trang có kết quả sau</source>
      <translation>Next page with a hit</translation>
    </message>
    <message>
      <source>Trang có kết quả trước</source>
      <translation>Previous page with a hit</translation>
    </message>
    <message>
      <source>Trang không có chữ để đối chiếu.</source>
      <translation>The page has no text to compare.</translation>
    </message>
    <message>
      <source>Trang liên quan (không bắt buộc)</source>
      <translation>Page concerned (optional)</translation>
    </message>
    <message>
      <source>Trang liên quan: số trang</source>
      <translation>Page concerned: number</translation>
    </message>
    <message>
      <source>Trang liên quan: {title}</source>
      <translation>Page concerned: {title}</translation>
    </message>
    <message>
      <source>Trang này chưa có nét bút hay ghi chú nào.</source>
      <translation>There is no stroke or note on this page yet.</translation>
    </message>
    <message>
      <source>Trang này không có lớp chữ đủ tốt. Xin xem trang tài liệu.</source>
      <translation>This page has no text good enough for this. Please see the page itself.</translation>
    </message>
    <message>
      <source>Trang này không hiển thị được.</source>
      <translation>This page cannot be shown.</translation>
    </message>
    <message>
      <source>Trang nền tối</source>
      <translation>Dark pages</translation>
    </message>
    <message>
      <source>Trang sau</source>
      <translation>Next page</translation>
    </message>
    <message>
      <source>Trang sau, trang trước</source>
      <translation>Next page, page before</translation>
    </message>
    <message>
      <source>Trang trước</source>
      <translation>Previous page</translation>
    </message>
    <message>
      <source>Trang vàng ngà</source>
      <translation>Sepia page</translation>
    </message>
    <message>
      <source>Trang {n}</source>
      <translation>Page {n}</translation>
    </message>
    <message>
      <source>Trang {n} / {count}</source>
      <translation>Page {n} / {count}</translation>
    </message>
    <message>
      <source>Trang {n}: {text}</source>
      <translation>Page {n}: {text}</translation>
    </message>
    <message>
      <source>Trang đầu của từng tài liệu đã được hiển thị thử.</source>
      <translation>The first page of every paper was drawn.</translation>
    </message>
    <message>
      <source>Trang đầu, trang cuối</source>
      <translation>First page, last page</translation>
    </message>
    <message>
      <source>Trao máy cho cán bộ kỹ thuật, hoặc đăng ký lại với mã mới của Thư ký.</source>
      <translation>Hand the device to IT staff, or enrol again with a new code from the secretariat.</translation>
    </message>
    <message>
      <source>Trong danh sách có chữ ký, thiết bị này bị ngừng quyền hoặc hết hạn. Tài liệu được đóng lại.</source>
      <translation>The signed directory says that this device is revoked or has expired. Papers are closed.</translation>
    </message>
    <message>
      <source>Trái</source>
      <translation>Left</translation>
    </message>
    <message>
      <source>Trên máy chưa có tài liệu nào.</source>
      <translation>There are no papers on this device yet.</translation>
    </message>
    <message>
      <source>Trước</source>
      <translation>Back</translation>
    </message>
    <message>
      <source>Trả lời góp ý của các thành viên khác</source>
      <translation>Answers to other members' comments</translation>
    </message>
    <message>
      <source>Tuyệt mật</source>
      <translation>Ultra secret (Tuyệt mật)</translation>
    </message>
    <message>
      <source>Tài liệu</source>
      <translation>Papers</translation>
    </message>
    <message>
      <source>Tài liệu chưa có trên máy này</source>
      <translation>The paper is not on this device yet</translation>
    </message>
    <message>
      <source>Tài liệu có những phần sau. Chúng bị bỏ qua để bảo vệ thiết bị.</source>
      <translation>The paper contains the following. They are left out to protect the device.</translation>
    </message>
    <message>
      <source>Tài liệu có thay đổi</source>
      <translation>Papers changed</translation>
    </message>
    <message>
      <source>Tài liệu có thay đổi ({n})</source>
      <translation>Papers changed ({n})</translation>
    </message>
    <message>
      <source>Tài liệu có trên máy</source>
      <translation>Papers on this machine</translation>
    </message>
    <message>
      <source>Tài liệu có độ mật không được đưa lên hệ thống này.</source>
      <translation>Papers with a secrecy grade are not put on this system.</translation>
    </message>
    <message>
      <source>Tài liệu của phiên này không lưu trên máy.</source>
      <translation>The papers of this meeting are not kept on this device.</translation>
    </message>
    <message>
      <source>Tài liệu của phiếu này chưa có trên máy.</source>
      <translation>The papers of this ballot are not on this device yet.</translation>
    </message>
    <message>
      <source>Tài liệu của {n} phiên đã kết thúc</source>
      <translation>Papers of {n} meetings that are over</translation>
    </message>
    <message>
      <source>Tài liệu hết thời hạn đọc lúc {at}, trước khi chuyến đi kết thúc.</source>
      <translation>The reading time ends at {at}, before the trip does.</translation>
    </message>
    <message>
      <source>Tài liệu khác</source>
      <translation>Other papers</translation>
    </message>
    <message>
      <source>Tài liệu khác</source>
      <comment>loại của một tài liệu</comment>
      <translation>Other paper</translation>
    </message>
    <message>
      <source>Tài liệu mật – nhận bản giấy</source>
      <translation>State secret – handed out on paper</translation>
    </message>
    <message>
      <source>Tài liệu mở được</source>
      <translation>Papers open</translation>
    </message>
    <message>
      <source>Tài liệu này không được xuất ra ngoài.</source>
      <translation>This paper may not be exported.</translation>
    </message>
    <message>
      <source>Tài liệu này đã có bản mới.</source>
      <translation>There is a new version of this paper.</translation>
    </message>
    <message>
      <source>Tài liệu này được tải trước các tài liệu khác và tự mở khi tải xong.</source>
      <translation>This paper is fetched before all others and opens by itself when it is here.</translation>
    </message>
    <message>
      <source>Tài liệu và ghi chú còn nguyên. Việc chờ gửi được gửi trước tiên.</source>
      <translation>Papers and notes are untouched. What waits is sent first.</translation>
    </message>
    <message>
      <source>Tài liệu đã thay bản; máy này đặt ghi chú theo đoạn văn. Vị trí chính thức do người viết quyết.</source>
      <translation>The paper was replaced; this device placed the note by its passage. Its author decides where it stands.</translation>
    </message>
    <message>
      <source>Tài liệu đã thay đổi khi phiếu đang mở: phiếu này không có giá trị quyết định.</source>
      <translation>The papers changed while the ballot was open: it decides nothing.</translation>
    </message>
    <message>
      <source>Tài liệu đã thay đổi: phiếu này bị hủy, Thư ký sẽ gửi phiếu mới.</source>
      <translation>The papers have changed: this ballot is void, the secretariat will send a new one.</translation>
    </message>
    <message>
      <source>Tài liệu đã tải đủ thì đọc được ở mọi nơi, kể cả trên máy bay.</source>
      <translation>Papers that are here can be read anywhere, on a plane too.</translation>
    </message>
    <message>
      <source>Tài liệu đã được thu hồi</source>
      <translation>This paper has been recalled</translation>
    </message>
    <message>
      <source>Tài liệu được tải khi có mạng. Bộ đã thu hồi bị xóa khỏi máy.</source>
      <translation>Papers are downloaded when there is a network. Withdrawn packs are erased.</translation>
    </message>
    <message>
      <source>Tài liệu được tải về khi có mạng.</source>
      <translation>Papers are downloaded when there is a network.</translation>
    </message>
    <message>
      <source>Tài liệu: {name}</source>
      <translation>Paper: {name}</translation>
    </message>
    <message>
      <source>Tên máy: {name}</source>
      <translation>Machine: {name}</translation>
    </message>
    <message>
      <source>Tìm</source>
      <translation>Search</translation>
    </message>
    <message>
      <source>Tìm kiếm</source>
      <translation>Search</translation>
    </message>
    <message>
      <source>Tìm kiếm được</source>
      <translation>Search works</translation>
    </message>
    <message>
      <source>Tìm theo tên</source>
      <translation>Find by name</translation>
    </message>
    <message>
      <source>Tìm trong toàn bộ tài liệu trên máy</source>
      <translation>Search every paper on this device</translation>
    </message>
    <message>
      <source>Tìm trong tài liệu</source>
      <translation>Find in the paper</translation>
    </message>
    <message>
      <source>Tìm trong tài liệu, có dấu hoặc không dấu</source>
      <translation>Find in the paper, with or without accents</translation>
    </message>
    <message>
      <source>Tìm trong tài liệu, ghi chú, phiên họp; có dấu hoặc không dấu</source>
      <translation>Search papers, notes, sessions; with or without accents</translation>
    </message>
    <message>
      <source>Tìm tài liệu, ghi chú, phiên họp</source>
      <translation>Search papers, notes, meetings</translation>
    </message>
    <message>
      <source>Tìm ở mọi nơi</source>
      <translation>Search everywhere</translation>
    </message>
    <message>
      <source>Tìm ở đâu</source>
      <translation>Where to search</translation>
    </message>
    <message>
      <source>Tình trạng kết nối</source>
      <translation>State of the connection</translation>
    </message>
    <message>
      <source>Tô hồng</source>
      <translation>Pink highlight</translation>
    </message>
    <message>
      <source>Tô lục</source>
      <translation>Green highlight</translation>
    </message>
    <message>
      <source>Tô sáng</source>
      <translation>Highlighter</translation>
    </message>
    <message>
      <source>Tô vàng</source>
      <translation>Yellow highlight</translation>
    </message>
    <message>
      <source>Tôi chia sẻ</source>
      <translation>Shared by me</translation>
    </message>
    <message>
      <source>Tôi có mặt</source>
      <translation>I am present</translation>
    </message>
    <message>
      <source>Tôi vắng mặt và đã được đồng ý cho vắng mặt</source>
      <translation>I am absent with approval</translation>
    </message>
    <message>
      <source>Tôi đã rời phòng họp – mở màn hình</source>
      <translation>I have left the room – show the screen</translation>
    </message>
    <message>
      <source>Tạm dừng tải</source>
      <translation>Pause download</translation>
    </message>
    <message>
      <source>Tạm giữ trên máy: thiết bị đang bị ngừng quyền</source>
      <translation>Kept on this device: the device is suspended</translation>
    </message>
    <message>
      <source>Tạm nghỉ</source>
      <translation>Paused</translation>
    </message>
    <message>
      <source>Tạm tính</source>
      <translation>Provisional</translation>
    </message>
    <message>
      <source>Tạo gói chẩn đoán</source>
      <translation>Make a bundle</translation>
    </message>
    <message>
      <source>Tải tiếp</source>
      <translation>Resume download</translation>
    </message>
    <message>
      <source>Tải về máy</source>
      <translation>Fetch</translation>
    </message>
    <message>
      <source>Tải về máy: {title}</source>
      <translation>Fetch: {title}</translation>
    </message>
    <message>
      <source>Tất cả</source>
      <translation>All</translation>
    </message>
    <message>
      <source>Tất cả phiên</source>
      <translation>All sessions</translation>
    </message>
    <message>
      <source>Tất cả tài liệu</source>
      <translation>All papers</translation>
    </message>
    <message>
      <source>Tẩy</source>
      <translation>Eraser</translation>
    </message>
    <message>
      <source>TẬP DƯỢT – không phải phiếu thật. Mã PIN tập dượt: {pin}</source>
      <translation>PRACTICE – not a real vote. Practice PIN: {pin}</translation>
    </message>
    <message>
      <source>Tập dượt</source>
      <translation>Practice</translation>
    </message>
    <message>
      <source>Tập hồ sơ PDF: chỉ hiển thị trang bìa.</source>
      <translation>PDF portfolio: only the cover page is shown.</translation>
    </message>
    <message>
      <source>Tắt</source>
      <translation>Off</translation>
    </message>
    <message>
      <source>Tệp .ics ghi ngày giờ của {n} mục và mở được bằng mọi chương trình lịch.</source>
      <translation>The .ics file holds the dates and times of {n} entries and opens in any calendar program.</translation>
    </message>
    <message>
      <source>Tệp có lá phiếu của đồng chí ở dạng đọc được. Chỉ giao cho người có trách nhiệm kiểm tra.</source>
      <translation>The file holds your vote in clear. Hand it only to those whose duty is to check it.</translation>
    </message>
    <message>
      <source>Tệp giữ khóa của thiết bị không còn nguyên vẹn. Mã PIN không được tính là sai.</source>
      <translation>The file that holds the device's keys is not intact. No wrong PIN was counted.</translation>
    </message>
    <message>
      <source>Tệp gồm quy chế, định nghĩa phiếu, danh sách kiểm phiếu, các phiếu và biên nhận của đồng chí, nguyên vẹn chữ ký.</source>
      <translation>The file holds the rules, the ballot's definition, the closing list, your votes and receipts, with their signatures intact.</translation>
    </message>
    <message>
      <source>Tệp khóa trên máy bị hỏng hoặc không còn</source>
      <translation>The key file is damaged or missing</translation>
    </message>
    <message>
      <source>Tệp không được mã hóa: ai có tệp cũng đọc được. Chỉ đưa vào lịch mà đồng chí được phép dùng.</source>
      <translation>The file is not encrypted: whoever has it can read it. Only use it with a calendar you are allowed to use.</translation>
    </message>
    <message>
      <source>Tệp rời khỏi kho được bảo vệ và không được mã hóa: ai có tệp cũng đọc được.</source>
      <translation>The file leaves the protected store and is not encrypted: whoever has it can read it.</translation>
    </message>
    <message>
      <source>Tệp đính kèm: không mở.</source>
      <translation>Attached file: not opened.</translation>
    </message>
    <message>
      <source>Tối</source>
      <translation>Dark</translation>
    </message>
    <message>
      <source>Tối mật</source>
      <translation>Top secret (Tối mật)</translation>
    </message>
    <message>
      <source>Tốt</source>
      <translation>Good</translation>
    </message>
    <message>
      <source>Tờ trình</source>
      <translation>Submission</translation>
    </message>
    <message>
      <source>Từ</source>
      <translation>From</translation>
    </message>
    <message>
      <source>Từ {since} đến {until}</source>
      <translation>From {since} until {until}</translation>
    </message>
    <message>
      <source>Từ: {time}</source>
      <translation>Since: {time}</translation>
    </message>
    <message>
      <source>Từng trang</source>
      <translation>Single page</translation>
    </message>
    <message>
      <source>Tự dọn cùng tài liệu.</source>
      <translation>Goes together with the papers.</translation>
    </message>
    <message>
      <source>Tự khóa sau</source>
      <translation>Lock after</translation>
    </message>
    <message>
      <source>Viết ghi chú</source>
      <translation>Write a note</translation>
    </message>
    <message>
      <source>Viết góp ý chung</source>
      <translation>Write a general comment</translation>
    </message>
    <message>
      <source>Viết lên bên này</source>
      <translation>Write on this side</translation>
    </message>
    <message>
      <source>Viết tự do</source>
      <translation>Freehand</translation>
    </message>
    <message>
      <source>Viết, tô sáng hoặc đánh dấu trang khi đọc tài liệu.</source>
      <translation>Write, highlight or bookmark while reading a paper.</translation>
    </message>
    <message>
      <source>Việc chưa đến máy chủ</source>
      <translation>Acts that did not arrive</translation>
    </message>
    <message>
      <source>Việc cần làm</source>
      <translation>What to do</translation>
    </message>
    <message>
      <source>Việc dự họp của đồng chí</source>
      <translation>Your attendance</translation>
    </message>
    <message>
      <source>Việc ký trên máy cũ chưa đến máy chủ và đã mất: {numbers}. Hãy làm lại.</source>
      <translation>Acts signed on the old device never arrived and are lost: {numbers}. Please do them again.</translation>
    </message>
    <message>
      <source>Việc số {n}, lưu {time}</source>
      <translation>Act no. {n}, saved {time}</translation>
    </message>
    <message>
      <source>Việc vắng mặt cần được Thủ tướng đồng ý.</source>
      <translation>Absence needs the Prime Minister's consent.</translation>
    </message>
    <message>
      <source>Việc xóa bắt đầu từ khóa và không dừng lại được. Nếu máy tắt, lần mở sau sẽ làm tiếp.</source>
      <translation>Erasing begins with the keys and cannot be stopped. If the machine is switched off, the next start goes on.</translation>
    </message>
    <message>
      <source>Việc đã ký mà chưa gửi thì không lấy lại được. Sau khi đăng ký lại, chương trình đối chiếu với máy chủ và nêu rõ từng việc đó.</source>
      <translation>What was signed and not sent cannot be got back. After you enrol again, the program compares with the service and names each such act.</translation>
    </message>
    <message>
      <source>Việc đã ký, theo trạng thái</source>
      <translation>Signed acts, by state</translation>
    </message>
    <message>
      <source>Việc đã làm nằm ở Chờ gửi và tự gửi khi có mạng.</source>
      <translation>What you did waits in the outbox and is sent when there is a network.</translation>
    </message>
    <message>
      <source>Và {n} việc nữa.</source>
      <translation>And {n} more.</translation>
    </message>
    <message>
      <source>Vào danh sách phát biểu</source>
      <translation>Joins the list of speakers</translation>
    </message>
    <message>
      <source>Vân tay khóa</source>
      <translation>Key fingerprint</translation>
    </message>
    <message>
      <source>Vân tay khóa: {digits}</source>
      <translation>Key fingerprint: {digits}</translation>
    </message>
    <message>
      <source>Vòng khoanh</source>
      <translation>Ellipse</translation>
    </message>
    <message>
      <source>Vùng tô sáng</source>
      <translation>Highlighted area</translation>
    </message>
    <message>
      <source>Văn bản (*.txt)</source>
      <translation>Text (*.txt)</translation>
    </message>
    <message>
      <source>Văn bản quét</source>
      <translation>Scanned text</translation>
    </message>
    <message>
      <source>Văn phòng Chính phủ quyết định</source>
      <translation>decided by the Office of the Government</translation>
    </message>
    <message>
      <source>Văn phòng đã ra lệnh xóa thiết bị này. Khóa, tài liệu và ghi chú trên máy đã bị hủy, không khôi phục được.</source>
      <translation>The Office ordered this device to be erased. Its keys, papers and notes were destroyed and cannot be restored.</translation>
    </message>
    <message>
      <source>Vấn đề còn ý kiến khác nhau</source>
      <translation>Open issues</translation>
    </message>
    <message>
      <source>Vấn đề sẽ phát biểu (không bắt buộc)</source>
      <translation>What you will speak about (optional)</translation>
    </message>
    <message>
      <source>Vẫn gửi được; Thư ký quyết định có tiếp thu hay không.</source>
      <translation>You can still send them; the Secretariat decides whether to use them.</translation>
    </message>
    <message>
      <source>Vẫn tiếp tục hỏi lại.</source>
      <translation>Still asking.</translation>
    </message>
    <message>
      <source>Vắng từ, giờ và phút</source>
      <translation>Absent from, hour and minute</translation>
    </message>
    <message>
      <source>Vắng đến, giờ và phút</source>
      <translation>Absent until, hour and minute</translation>
    </message>
    <message>
      <source>Vắng, chưa được đồng ý</source>
      <translation>Absent without consent</translation>
    </message>
    <message>
      <source>Vắng, đã được đồng ý</source>
      <translation>Absent with consent</translation>
    </message>
    <message>
      <source>Về chỗ vừa đọc</source>
      <translation>Back to where you were</translation>
    </message>
    <message>
      <source>Về trang tài liệu</source>
      <translation>Back to the page</translation>
    </message>
    <message>
      <source>Vừa bề ngang</source>
      <translation>Fit the width</translation>
    </message>
    <message>
      <source>Vừa chiều ngang, vừa cả trang</source>
      <translation>Fit width, fit page</translation>
    </message>
    <message>
      <source>Vừa cả trang</source>
      <translation>Fit the page</translation>
    </message>
    <message>
      <source>Xem</source>
      <translation>View</translation>
    </message>
    <message>
      <source>Xem gì</source>
      <translation>What to look at</translation>
    </message>
    <message>
      <source>Xem lại hướng dẫn</source>
      <translation>Show again</translation>
    </message>
    <message>
      <source>Xem lại toàn bộ phiếu trước khi gửi.</source>
      <translation>Check the whole ballot before sending.</translation>
    </message>
    <message>
      <source>Xem lại và gửi phiếu</source>
      <translation>Check and send</translation>
    </message>
    <message>
      <source>Xem lại và ký lại</source>
      <translation>Check and sign again</translation>
    </message>
    <message>
      <source>Xem nội dung mới</source>
      <translation>Read the new wording</translation>
    </message>
    <message>
      <source>Xem phiếu</source>
      <translation>See the vote</translation>
    </message>
    <message>
      <source>Xem phiếu bàn giao</source>
      <translation>See the sheet</translation>
    </message>
    <message>
      <source>Xem phím tắt</source>
      <translation>Show the keys</translation>
    </message>
    <message>
      <source>Xem thẻ Trang để đến từng trang.</source>
      <translation>Use the Pages tab to go to a page.</translation>
    </message>
    <message>
      <source>Xem trong Chờ gửi</source>
      <translation>See in Outbox</translation>
    </message>
    <message>
      <source>Xem và giải phóng dung lượng</source>
      <translation>Storage and making room</translation>
    </message>
    <message>
      <source>Xin Thư ký mã kích hoạt mới rồi bấm “Xóa và đăng ký lại”.</source>
      <translation>Ask the secretariat for a new code, then press “Erase and enrol again”.</translation>
    </message>
    <message>
      <source>Xin vắng, chờ đồng ý</source>
      <translation>Absence asked for, awaiting consent</translation>
    </message>
    <message>
      <source>Xoay trang</source>
      <translation>Rotate</translation>
    </message>
    <message>
      <source>Xong</source>
      <translation>Done</translation>
    </message>
    <message>
      <source>Xuất PDF</source>
      <translation>Export as PDF</translation>
    </message>
    <message>
      <source>Xuất bằng chứng</source>
      <translation>Export evidence</translation>
    </message>
    <message>
      <source>Xuất ghi chú ra tệp</source>
      <translation>Export notes to a file</translation>
    </message>
    <message>
      <source>Xuất lịch ({n} mục, .ics)</source>
      <translation>Export calendar ({n} entries, .ics)</translation>
    </message>
    <message>
      <source>Xuất ra tệp</source>
      <translation>Export</translation>
    </message>
    <message>
      <source>Xuất ra tệp lịch</source>
      <translation>Export a calendar file</translation>
    </message>
    <message>
      <source>Xác nhận dự họp</source>
      <translation>Confirm attendance</translation>
    </message>
    <message>
      <source>Xóa</source>
      <translation>Delete</translation>
    </message>
    <message>
      <source>Xóa ghi chú</source>
      <translation>Delete the note</translation>
    </message>
    <message>
      <source>Xóa một chữ số</source>
      <translation>Delete one digit</translation>
    </message>
    <message>
      <source>Xóa nội dung tìm</source>
      <translation>Clear the search</translation>
    </message>
    <message>
      <source>Xóa tài liệu</source>
      <translation>Remove papers</translation>
    </message>
    <message>
      <source>Xóa tài liệu của tất cả ({size})</source>
      <translation>Remove papers of all ({size})</translation>
    </message>
    <message>
      <source>Xóa tài liệu khỏi máy này?</source>
      <translation>Remove papers from this device?</translation>
    </message>
    <message>
      <source>Xóa tài liệu: {title}</source>
      <translation>Remove papers: {title}</translation>
    </message>
    <message>
      <source>Xóa và đăng ký lại</source>
      <translation>Erase and enrol again</translation>
    </message>
    <message>
      <source>bản nháp</source>
      <translation>draft</translation>
    </message>
    <message>
      <source>bị chặn</source>
      <translation>blocked</translation>
    </message>
    <message>
      <source>bị từ chối</source>
      <translation>refused</translation>
    </message>
    <message>
      <source>cam</source>
      <translation>orange</translation>
    </message>
    <message>
      <source>chưa có</source>
      <translation>none yet</translation>
    </message>
    <message>
      <source>chưa có thiết bị: sẽ nhận khi có</source>
      <translation>no device yet: will receive it once there is one</translation>
    </message>
    <message>
      <source>chưa hỏi được</source>
      <translation>could not be asked yet</translation>
    </message>
    <message>
      <source>chưa kết nối lần nào</source>
      <translation>never connected</translation>
    </message>
    <message>
      <source>chưa được điểm danh có mặt</source>
      <translation>not recorded as present</translation>
    </message>
    <message>
      <source>chưa đọc</source>
      <translation>unread</translation>
    </message>
    <message>
      <source>chưa đủ số thành viên có mặt</source>
      <translation>too few members are present</translation>
    </message>
    <message>
      <source>chương trình không còn nội dung này</source>
      <translation>the item is no longer on the agenda</translation>
    </message>
    <message>
      <source>chờ gửi</source>
      <translation>waiting</translation>
    </message>
    <message>
      <source>câu trả lời không hợp lệ</source>
      <translation>the answers are not valid</translation>
    </message>
    <message>
      <source>còn {clock}</source>
      <translation>{clock} left</translation>
    </message>
    <message>
      <source>còn {d} ngày</source>
      <translation>{d} d left</translation>
    </message>
    <message>
      <source>còn {d} ngày {h} giờ</source>
      <translation>{d} d {h} h left</translation>
    </message>
    <message>
      <source>còn {h} giờ</source>
      <translation>{h} h left</translation>
    </message>
    <message>
      <source>còn {h} giờ {m} phút</source>
      <translation>{h} h {m} min left</translation>
    </message>
    <message>
      <source>còn {m} phút</source>
      <translation>{m} min left</translation>
    </message>
    <message>
      <source>có</source>
      <translation>yes</translation>
    </message>
    <message>
      <source>có biên nhận</source>
      <translation>with receipt</translation>
    </message>
    <message>
      <source>có kết nối</source>
      <translation>connected</translation>
    </message>
    <message>
      <source>có người dự thay, không biểu quyết</source>
      <translation>a substitute attends, without a vote</translation>
    </message>
    <message>
      <source>cần xem</source>
      <translation>needs a look</translation>
    </message>
    <message>
      <source>e-Cabinet – TẬP DƯỢT</source>
      <translation>e-Cabinet – PRACTICE</translation>
    </message>
    <message>
      <source>hôm nay</source>
      <translation>today</translation>
    </message>
    <message>
      <source>hạn {time}</source>
      <translation>due {time}</translation>
    </message>
    <message>
      <source>hết hạn đọc</source>
      <translation>reading time over</translation>
    </message>
    <message>
      <source>hồng</source>
      <translation>pink</translation>
    </message>
    <message>
      <source>khoản {n}</source>
      <translation>clause {n}</translation>
    </message>
    <message>
      <source>không</source>
      <translation>no</translation>
    </message>
    <message>
      <source>không có</source>
      <translation>none</translation>
    </message>
    <message>
      <source>không có bản mới hơn</source>
      <translation>no newer version</translation>
    </message>
    <message>
      <source>không có quyền</source>
      <translation>not allowed</translation>
    </message>
    <message>
      <source>không kết nối được</source>
      <translation>cannot be reached</translation>
    </message>
    <message>
      <source>không lưu trên máy này</source>
      <translation>not kept on this device</translation>
    </message>
    <message>
      <source>không thuộc thành phần biểu quyết</source>
      <translation>not among those entitled to vote</translation>
    </message>
    <message>
      <source>không thuộc thành phần dự họp</source>
      <translation>not invited to this</translation>
    </message>
    <message>
      <source>ký {time}</source>
      <translation>signed {time}</translation>
    </message>
    <message>
      <source>mã {code}</source>
      <translation>code {code}</translation>
    </message>
    <message>
      <source>mới biết</source>
      <translation>known</translation>
    </message>
    <message>
      <source>ngày {day} tháng {month} năm {year}</source>
      <translation>{day}/{month}/{year}</translation>
    </message>
    <message>
      <source>nội dung bị sai khác khi truyền</source>
      <translation>altered in transit</translation>
    </message>
    <message>
      <source>nội dung không đúng dạng</source>
      <translation>malformed</translation>
    </message>
    <message>
      <source>nội dung phiếu đã thay đổi</source>
      <translation>the ballot's wording has changed</translation>
    </message>
    <message>
      <source>nội dung quá dài</source>
      <translation>too long</translation>
    </message>
    <message>
      <source>phiên họp đang cất thiết bị</source>
      <translation>devices are put away</translation>
    </message>
    <message>
      <source>quá {clock}</source>
      <translation>{clock} over</translation>
    </message>
    <message>
      <source>so với bản {n} (chưa đọc)</source>
      <translation>compared with version {n} (not read)</translation>
    </message>
    <message>
      <source>so với bản {n} đồng chí đã đọc</source>
      <translation>compared with version {n}, which you read</translation>
    </message>
    <message>
      <source>số {n}</source>
      <translation>no. {n}</translation>
    </message>
    <message>
      <source>thiết bị đã gửi một phiếu khác cùng số</source>
      <translation>the device sent another vote under the same number</translation>
    </message>
    <message>
      <source>tiếp theo là đồng chí</source>
      <translation>you are next</translation>
    </message>
    <message>
      <source>tr. {n}</source>
      <translation>p. {n}</translation>
    </message>
    <message>
      <source>trang {n}</source>
      <translation>page {n}</translation>
    </message>
    <message>
      <source>trùng với máy khác</source>
      <translation>in conflict with another device</translation>
    </message>
    <message>
      <source>tím</source>
      <translation>violet</translation>
    </message>
    <message>
      <source>tạm giữ</source>
      <translation>suspended</translation>
    </message>
    <message>
      <source>từ {first} đến {last}</source>
      <translation>from {first} to {last}</translation>
    </message>
    <message>
      <source>việc vắng mặt chưa được đồng ý</source>
      <translation>the absence has no consent</translation>
    </message>
    <message>
      <source>và {n} trang khác</source>
      <translation>and {n} more pages</translation>
    </message>
    <message>
      <source>và {n} tài liệu khác</source>
      <translation>and {n} more papers</translation>
    </message>
    <message>
      <source>vàng</source>
      <translation>yellow</translation>
    </message>
    <message>
      <source>xanh dương</source>
      <translation>blue</translation>
    </message>
    <message>
      <source>xanh lá</source>
      <translation>green</translation>
    </message>
    <message>
      <source>xám</source>
      <translation>grey</translation>
    </message>
    <message>
      <source>{act}, nội dung {n}</source>
      <translation>{act}, item {n}</translation>
    </message>
    <message>
      <source>{agency} trả lời</source>
      <translation>{agency} answers</translation>
    </message>
    <message>
      <source>{at} / {count}</source>
      <translation>{at} / {count}</translation>
    </message>
    <message>
      <source>{at} / {count} trang</source>
      <translation>{at} / {count} pages</translation>
    </message>
    <message>
      <source>{choice}: {n}</source>
      <translation>{choice}: {n}</translation>
    </message>
    <message>
      <source>{field} chưa đúng.</source>
      <translation>{field}: not valid.</translation>
    </message>
    <message>
      <source>{name} (máy này)</source>
      <translation>{name} (this device)</translation>
    </message>
    <message>
      <source>{name} (đồng chí)</source>
      <translation>{name} (you)</translation>
    </message>
    <message>
      <source>{name} chia sẻ</source>
      <translation>Shared by {name}</translation>
    </message>
    <message>
      <source>{name} chia sẻ với đồng chí</source>
      <translation>{name} shares this with you</translation>
    </message>
    <message>
      <source>{name}: {n}</source>
      <translation>{name}: {n}</translation>
    </message>
    <message>
      <source>{name}: {what}</source>
      <translation>{name}: {what}</translation>
    </message>
    <message>
      <source>{n} / {count}</source>
      <translation>{n} / {count}</translation>
    </message>
    <message>
      <source>{n} ghi chú</source>
      <translation>{n} notes</translation>
    </message>
    <message>
      <source>{n} ghi chú cần kiểm tra vị trí</source>
      <translation>{n} notes to check</translation>
    </message>
    <message>
      <source>{n} ghi chú trong {m} tài liệu</source>
      <translation>{n} notes in {m} papers</translation>
    </message>
    <message>
      <source>{n} ghi chú trong {name}</source>
      <translation>{n} notes on {name}</translation>
    </message>
    <message>
      <source>{n} giây</source>
      <translation>{n} seconds</translation>
    </message>
    <message>
      <source>{n} không trả lời</source>
      <translation>{n} no response</translation>
    </message>
    <message>
      <source>{n} kết quả từ văn bản quét (nhận dạng tự động, có thể sai)</source>
      <translation>{n} results from scanned text (read by machine, may be wrong)</translation>
    </message>
    <message>
      <source>{n} lãnh đạo chưa cho ý kiến</source>
      <translation>{n} principals have not answered</translation>
    </message>
    <message>
      <source>{n} mục chờ gửi</source>
      <translation>{n} to be sent</translation>
    </message>
    <message>
      <source>{n} mục chờ thu lại</source>
      <translation>{n} to be taken back</translation>
    </message>
    <message>
      <source>{n} mục trong ghi chú và phiên họp</source>
      <translation>{n} in notes and sessions</translation>
    </message>
    <message>
      <source>{n} người trước</source>
      <translation>{n} before you</translation>
    </message>
    <message>
      <source>{n} phút</source>
      <translation>{n} min</translation>
    </message>
    <message>
      <source>{n} trang</source>
      <translation>{n} pages</translation>
    </message>
    <message>
      <source>{n} trang không hiển thị được.</source>
      <translation>Pages that cannot be shown: {n}.</translation>
    </message>
    <message>
      <source>{n} trang trong {m} tài liệu</source>
      <translation>{n} pages in {m} papers</translation>
    </message>
    <message>
      <source>{n} tài liệu</source>
      <translation>{n} papers</translation>
    </message>
    <message>
      <source>{n} tài liệu bị sai khác trên máy và sẽ được tải lại:</source>
      <translation>{n} papers are damaged on this device and will be downloaded again:</translation>
    </message>
    <message>
      <source>{n} tài liệu chưa có trên máy:</source>
      <translation>{n} papers are not on this device:</translation>
    </message>
    <message>
      <source>{n} tài liệu chưa tìm kiếm được; vẫn đọc được:</source>
      <translation>{n} papers cannot be searched yet; they can be read:</translation>
    </message>
    <message>
      <source>{n} tài liệu không mở được:</source>
      <translation>{n} papers do not open:</translation>
    </message>
    <message>
      <source>{n} tại phòng họp + {absent} vắng mặt</source>
      <translation>{n} in the room + {absent} absent</translation>
    </message>
    <message>
      <source>{n} việc đã ký nhưng chưa gửi vẫn được giữ trên máy, không bị xóa.</source>
      <translation>{n} signed acts that were not sent are kept on this device and are not deleted.</translation>
    </message>
    <message>
      <source>{n} {position}</source>
      <translation>{n} {position}</translation>
    </message>
    <message>
      <source>{n} điểm cần xem, có dấu cảnh báo ở dưới.</source>
      <translation>{n} points need a look; they carry a warning sign below.</translation>
    </message>
    <message>
      <source>{n} được chấp nhận tính</source>
      <translation>{n} admitted</translation>
    </message>
    <message>
      <source>{n} đến sau hạn</source>
      <translation>{n} late</translation>
    </message>
    <message>
      <source>{n}. {title}</source>
      <translation>{n}. {title}</translation>
    </message>
    <message>
      <source>{n}/{all} thành viên đã trả lời</source>
      <translation>{n} of {all} members answered</translation>
    </message>
    <message>
      <source>{n}/{all} tài liệu đã đọc</source>
      <translation>{n}/{all} papers read</translation>
    </message>
    <message>
      <source>{phase} {time}</source>
      <translation>{phase} {time}</translation>
    </message>
    <message>
      <source>{running} · cần cài {wanted}, báo cán bộ kỹ thuật</source>
      <translation>{running} · {wanted} should be installed, tell IT staff</translation>
    </message>
    <message>
      <source>{size}, {n} tài liệu</source>
      <translation>{size}, {n} papers</translation>
    </message>
    <message>
      <source>{text} – {time}</source>
      <translation>{text} – {time}</translation>
    </message>
    <message>
      <source>{title} (bản {n})</source>
      <translation>{title} (version {n})</translation>
    </message>
    <message>
      <source>{title}, trang {n}</source>
      <translation>{title}, page {n}</translation>
    </message>
    <message>
      <source>{title}: {got} / {all}</source>
      <translation>{title}: {got} / {all}</translation>
    </message>
    <message>
      <source>{weekday}, ngày {day}, {time}</source>
      <translation>{weekday} {day}, {time}</translation>
    </message>
    <message>
      <source>{what} ({n} nét)</source>
      <translation>{what} ({n} strokes)</translation>
    </message>
    <message>
      <source>{what} ({n} trong {m} mục)</source>
      <translation>{what} ({n} of {m} items)</translation>
    </message>
    <message>
      <source>{what} khi lưu</source>
      <translation>{what} when saved</translation>
    </message>
    <message>
      <source>{what} không có trong hồ sơ phiên họp này.</source>
      <translation>{what} is not in this meeting's pack.</translation>
    </message>
    <message>
      <source>{what} · trang {n} / {count}</source>
      <translation>{what} · page {n} / {count}</translation>
    </message>
    <message>
      <source>{what}: {size}.</source>
      <translation>{what}: {size}.</translation>
    </message>
    <message>
      <source>{what}: {who}</source>
      <translation>{what}: {who}</translation>
    </message>
    <message>
      <source>{what}: “{text}”</source>
      <translation>{what}: “{text}”</translation>
    </message>
    <message>
      <source>{when}, lần {n}</source>
      <translation>{when}, version {n}</translation>
    </message>
    <message>
      <source>{why} Xuất bằng chứng và báo Thư ký.</source>
      <translation>{why} Export the evidence and tell the secretary.</translation>
    </message>
    <message>
      <source>Ý kiến</source>
      <translation>Position</translation>
    </message>
    <message>
      <source>Ý kiến của đồng chí về nội dung này</source>
      <translation>Your position on this item</translation>
    </message>
    <message>
      <source>Ý kiến của đồng chí: {position}</source>
      <translation>Your position: {position}</translation>
    </message>
    <message>
      <source>Ý kiến của: {names}</source>
      <translation>Held by: {names}</translation>
    </message>
    <message>
      <source>Ý kiến trong phiên họp</source>
      <translation>In session</translation>
    </message>
    <message>
      <source>Ý kiến về nội dung: {position}</source>
      <translation>Position on an item: {position}</translation>
    </message>
    <message>
      <source>Ý kiến đã lưu trên máy</source>
      <translation>Position saved on this device</translation>
    </message>
    <message>
      <source>Ý kiến: {position}</source>
      <translation>Position: {position}</translation>
    </message>
    <message>
      <source>Đang chờ ({n})</source>
      <translation>Waiting ({n})</translation>
    </message>
    <message>
      <source>Đang chờ Thư ký chấp nhận…</source>
      <translation>Waiting for the secretariat's approval…</translation>
    </message>
    <message>
      <source>Đang cần ({n})</source>
      <translation>Still needed ({n})</translation>
    </message>
    <message>
      <source>Đang dùng</source>
      <translation>In use</translation>
    </message>
    <message>
      <source>Đang dùng {size}</source>
      <translation>{size} in use</translation>
    </message>
    <message>
      <source>Đang họp</source>
      <translation>In session</translation>
    </message>
    <message>
      <source>Đang hỏi máy chủ…</source>
      <translation>Asking the service…</translation>
    </message>
    <message>
      <source>Đang kiểm tra mã PIN…</source>
      <translation>Checking the PIN…</translation>
    </message>
    <message>
      <source>Đang ký và lưu…</source>
      <translation>Signing and saving…</translation>
    </message>
    <message>
      <source>Đang lưu…</source>
      <translation>Saving…</translation>
    </message>
    <message>
      <source>Đang mất kết nối với phiên họp nên máy có thể không nhận được lệnh mở lại.</source>
      <translation>The link to the session is lost, so the device may not hear that the screen may return.</translation>
    </message>
    <message>
      <source>Đang mở</source>
      <translation>Open</translation>
    </message>
    <message>
      <source>Đang mở tài liệu…</source>
      <translation>Opening the paper…</translation>
    </message>
    <message>
      <source>Đang mở: {name}</source>
      <translation>Open now: {name}</translation>
    </message>
    <message>
      <source>Đang mở…</source>
      <translation>Unlocking…</translation>
    </message>
    <message>
      <source>Đang ngoại tuyến: phiếu sẽ được ký, lưu trên máy và tự gửi khi có mạng.</source>
      <translation>Offline: the vote will be signed, saved on this device and sent when there is a network.</translation>
    </message>
    <message>
      <source>Đang nhận bộ tài liệu</source>
      <translation>Receiving packs</translation>
    </message>
    <message>
      <source>Đang phát biểu: {name}</source>
      <translation>Speaking: {name}</translation>
    </message>
    <message>
      <source>Đang phát biểu: {name} ({time})</source>
      <translation>Speaking: {name} ({time})</translation>
    </message>
    <message>
      <source>Đang rút đăng ký phát biểu</source>
      <translation>Withdrawing your request to speak</translation>
    </message>
    <message>
      <source>Đang so sánh hai bản</source>
      <translation>Comparing the two versions</translation>
    </message>
    <message>
      <source>Đang trình bày</source>
      <translation>Being presented</translation>
    </message>
    <message>
      <source>Đang tạo khóa và gửi yêu cầu…</source>
      <translation>Making keys and sending the request…</translation>
    </message>
    <message>
      <source>Đang tải {n} %</source>
      <translation>Downloading {n} %</translation>
    </message>
    <message>
      <source>Đang xóa dữ liệu trên máy</source>
      <translation>Erasing the data on this device</translation>
    </message>
    <message>
      <source>Đang xóa tài liệu…</source>
      <translation>Removing papers…</translation>
    </message>
    <message>
      <source>Đang điểm danh</source>
      <translation>Roll call</translation>
    </message>
    <message>
      <source>Đang được giữ</source>
      <translation>Stands now</translation>
    </message>
    <message>
      <source>Đang đồng bộ lần đầu…</source>
      <translation>First sync under way…</translation>
    </message>
    <message>
      <source>Đang đồng bộ…</source>
      <translation>Syncing…</translation>
    </message>
    <message>
      <source>Điều {n}</source>
      <translation>Article {n}</translation>
    </message>
    <message>
      <source>Đoạn này đã được viết lại trong bản mới.</source>
      <translation>This passage was rewritten in the new version.</translation>
    </message>
    <message>
      <source>Đánh dấu</source>
      <translation>Bookmarks</translation>
    </message>
    <message>
      <source>Đánh dấu trang</source>
      <translation>Bookmark this page</translation>
    </message>
    <message>
      <source>Đây không phải tệp biên nhận, hoặc còn thiếu mã.</source>
      <translation>This is not a receipt file, or codes are missing.</translation>
    </message>
    <message>
      <source>Đây là bản đầu tiên</source>
      <translation>This is the first version</translation>
    </message>
    <message>
      <source>Đã biết</source>
      <translation>Understood</translation>
    </message>
    <message>
      <source>Đã báo có mặt, chờ Thư ký xác nhận</source>
      <translation>Reported present, awaiting the secretary</translation>
    </message>
    <message>
      <source>Đã báo có mặt, lưu trên máy</source>
      <translation>Presence reported, saved on this device</translation>
    </message>
    <message>
      <source>Đã bỏ</source>
      <translation>Removed</translation>
    </message>
    <message>
      <source>Đã chuyển ghi chú.</source>
      <translation>Note moved.</translation>
    </message>
    <message>
      <source>Đã chép nội dung</source>
      <translation>Text copied</translation>
    </message>
    <message>
      <source>Đã chọn {n} nét. Kéo để di chuyển.</source>
      <translation>Selected: {n}. Drag to move.</translation>
    </message>
    <message>
      <source>Đã có bản mới hơn, chưa tải xong. Bản trên máy vẫn đọc được.</source>
      <translation>A newer version exists and is not downloaded yet. The version here can be read.</translation>
    </message>
    <message>
      <source>Đã ghi trên máy này: không có góp ý</source>
      <translation>Noted on this device: no comments to make</translation>
    </message>
    <message>
      <source>Đã ghi tệp.</source>
      <translation>File written.</translation>
    </message>
    <message>
      <source>Đã gia hạn đến {when}. Lý do: {why}</source>
      <translation>Extended to {when}. Reason: {why}</translation>
    </message>
    <message>
      <source>Đã giữ ghi chú ở bản cũ.</source>
      <translation>Note kept on the old version.</translation>
    </message>
    <message>
      <source>Đã gửi thì không đổi được ý kiến.</source>
      <translation>Once sent, a vote cannot be changed.</translation>
    </message>
    <message>
      <source>Đã gửi {names}, chưa có xác nhận</source>
      <translation>Sent to {names}, not confirmed yet</translation>
    </message>
    <message>
      <source>Đã gửi, chờ biên nhận</source>
      <translation>Sent, awaiting receipt</translation>
    </message>
    <message>
      <source>Đã hết thời hạn đọc tài liệu</source>
      <translation>The time for reading this paper has ended</translation>
    </message>
    <message>
      <source>Đã hủy trước khi gửi</source>
      <translation>Withdrawn before sending</translation>
    </message>
    <message>
      <source>Đã kiểm tra {n} tài liệu lúc {at}.</source>
      <translation>{n} papers checked at {at}.</translation>
    </message>
    <message>
      <source>Đã kiểm tra {n}/{all} tài liệu</source>
      <translation>{n}/{all} papers checked</translation>
    </message>
    <message>
      <source>Đã ký, chờ biên nhận ({n})</source>
      <translation>Signed, awaiting receipt ({n})</translation>
    </message>
    <message>
      <source>Đã kết thúc</source>
      <translation>Ended</translation>
    </message>
    <message>
      <source>Đã kết thúc ({n})</source>
      <translation>Ended ({n})</translation>
    </message>
    <message>
      <source>Đã lưu</source>
      <translation>Saved</translation>
    </message>
    <message>
      <source>Đã lưu gói chẩn đoán. Hãy đưa tệp này cho cán bộ kỹ thuật.</source>
      <translation>The bundle is saved. Hand this file to IT staff.</translation>
    </message>
    <message>
      <source>Đã lưu nháp</source>
      <translation>Draft saved</translation>
    </message>
    <message>
      <source>Đã lưu trên máy, chưa được tiếp nhận</source>
      <translation>Saved on this device, not yet received</translation>
    </message>
    <message>
      <source>Đã lưu trên máy, chưa được tính</source>
      <translation>Saved on this device, not yet counted</translation>
    </message>
    <message>
      <source>Đã lưu tệp. Đưa tệp cho Thư ký rồi nhập biên nhận nhận lại được.</source>
      <translation>Saved. Give the file to the secretariat, then take in the receipt that comes back.</translation>
    </message>
    <message>
      <source>Đã ngừng</source>
      <translation>Revoked</translation>
    </message>
    <message>
      <source>Đã nhận {n}/{all} mã.</source>
      <translation>{n} of {all} codes are here.</translation>
    </message>
    <message>
      <source>Đã nhập sai quá số lần cho phép. Khóa của thiết bị đã bị hủy; cần đăng ký lại.</source>
      <translation>Too many wrong PINs. The device's keys were destroyed; enrol again.</translation>
    </message>
    <message>
      <source>Đã nhập {n} chữ số</source>
      <translation>{n} digits entered</translation>
    </message>
    <message>
      <source>Đã nối lại phiên họp</source>
      <translation>Session link restored</translation>
    </message>
    <message>
      <source>Đã quá hạn ({n})</source>
      <translation>Overdue ({n})</translation>
    </message>
    <message>
      <source>Đã quá hạn, chưa có góp ý của đồng chí</source>
      <translation>Overdue, no comment of yours</translation>
    </message>
    <message>
      <source>Đã quá hạn, chưa có ý kiến của đồng chí</source>
      <translation>Overdue, without your opinion</translation>
    </message>
    <message>
      <source>Đã quá hạn, lãnh đạo chưa có ý kiến</source>
      <translation>Overdue: no answer of your principal</translation>
    </message>
    <message>
      <source>Đã quá hạn, {n} lãnh đạo chưa có ý kiến</source>
      <translation>Overdue: no answer of {n} principals</translation>
    </message>
    <message>
      <source>Đã rút đăng ký phát biểu</source>
      <translation>Request to speak withdrawn</translation>
    </message>
    <message>
      <source>Đã rời phiên họp</source>
      <translation>Left the session</translation>
    </message>
    <message>
      <source>Đã sao chép</source>
      <translation>Copied</translation>
    </message>
    <message>
      <source>Đã sao chép.</source>
      <translation>Copied.</translation>
    </message>
    <message>
      <source>Đã thu hồi</source>
      <translation>Withdrawn</translation>
    </message>
    <message>
      <source>Đã trả lời</source>
      <translation>Answered</translation>
    </message>
    <message>
      <source>Đã tạm dừng tải bộ tài liệu này.</source>
      <translation>Fetching this set of papers is paused.</translation>
    </message>
    <message>
      <source>Đã tạm dừng tải, được {n} %</source>
      <translation>Download paused at {n} %</translation>
    </message>
    <message>
      <source>Đã tải {got} trong {all}</source>
      <translation>{got} of {all} here</translation>
    </message>
    <message>
      <source>Đã tải đủ</source>
      <translation>Downloaded</translation>
    </message>
    <message>
      <source>Đã xong</source>
      <translation>Done</translation>
    </message>
    <message>
      <source>Đã xong ({n})</source>
      <translation>Done ({n})</translation>
    </message>
    <message>
      <source>Đã xác nhận dự họp, lưu trên máy</source>
      <translation>Attendance confirmed, saved on this device</translation>
    </message>
    <message>
      <source>Đã xóa tài liệu khỏi máy. Ghi chú, phiếu và biên nhận vẫn còn.</source>
      <translation>The papers were removed. Notes, ballots and receipts are still here.</translation>
    </message>
    <message>
      <source>Đã xóa. Bấm Hoàn tác để lấy lại.</source>
      <translation>Deleted. Press Undo to take it back.</translation>
    </message>
    <message>
      <source>Đã yêu cầu hệ điều hành chặn chụp màn hình. Không bảo đảm: máy ảnh vẫn chụp được.</source>
      <translation>The operating system was asked to block screen captures. No guarantee: a camera still sees the screen.</translation>
    </message>
    <message>
      <source>Đã đánh dấu trang</source>
      <translation>Bookmarked page</translation>
    </message>
    <message>
      <source>Đã đóng</source>
      <translation>Closed</translation>
    </message>
    <message>
      <source>Đã đóng ({n})</source>
      <translation>Closed ({n})</translation>
    </message>
    <message>
      <source>Đã đóng lúc {moment}</source>
      <translation>Closed at {moment}</translation>
    </message>
    <message>
      <source>Đã đăng ký phát biểu, lưu trên máy</source>
      <translation>Request to speak saved on this device</translation>
    </message>
    <message>
      <source>Đã được hỏi và trả lời ở đây ({n})</source>
      <translation>Asked and answered here before ({n})</translation>
    </message>
    <message>
      <source>Đã được thay bằng phiếu mới hơn</source>
      <translation>Replaced by a newer vote</translation>
    </message>
    <message>
      <source>Đã được tiếp nhận lúc {time}</source>
      <translation>Received at {time}</translation>
    </message>
    <message>
      <source>Đã được tính lúc {time}</source>
      <translation>Counted at {time}</translation>
    </message>
    <message>
      <source>Đã đến máy của {names}</source>
      <translation>On the device of {names}</translation>
    </message>
    <message>
      <source>Đã đọc lại và kiểm tra từng tài liệu.</source>
      <translation>Every paper was read again and checked.</translation>
    </message>
    <message>
      <source>Đã đọc {n}/{all} tài liệu</source>
      <translation>{n}/{all} papers read</translation>
    </message>
    <message>
      <source>Đã đồng bộ</source>
      <translation>Synced</translation>
    </message>
    <message>
      <source>Đã ẩn</source>
      <translation>Hidden</translation>
    </message>
    <message>
      <source>Đóng</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>Đóng bảng đang mở</source>
      <translation>Close the open sheet</translation>
    </message>
    <message>
      <source>Đóng lúc {at}. Phiếu của đồng chí đã được tính.</source>
      <translation>Closes at {at}. Your vote was counted.</translation>
    </message>
    <message>
      <source>Đóng lúc {at}. Phiếu đã ký còn chờ gửi: chỉ được tính khi máy chủ nhận trước lúc đó.</source>
      <translation>Closes at {at}. Your signed vote still waits to be sent: it counts only if the service receives it before then.</translation>
    </message>
    <message>
      <source>Đóng lúc {at}. Đồng chí chưa gửi phiếu: phiếu chỉ được tính khi máy chủ nhận trước lúc đó.</source>
      <translation>Closes at {at}. You have not voted: a vote counts only if the service receives it before then.</translation>
    </message>
    <message>
      <source>Đóng theo điều hành của chủ trì</source>
      <translation>Closed by the chair</translation>
    </message>
    <message>
      <source>Đúng, xóa vĩnh viễn</source>
      <translation>Yes, erase for good</translation>
    </message>
    <message>
      <source>Đăng ký lại</source>
      <translation>Enrol again</translation>
    </message>
    <message>
      <source>Đăng ký phát biểu</source>
      <translation>Request to speak</translation>
    </message>
    <message>
      <source>Đăng ký phát biểu đã lưu trên máy, chờ tiếp nhận</source>
      <translation>Request to speak saved here, not yet received</translation>
    </message>
    <message>
      <source>Đăng ký thiết bị</source>
      <translation>Enrol this device</translation>
    </message>
    <message>
      <source>Đưa máy cho Thư ký quét mã, hoặc đọc sáu nhóm số khi gặp trực tiếp.</source>
      <translation>Let the secretariat scan the code, or read the six groups out in person.</translation>
    </message>
    <message>
      <source>Đường thẳng</source>
      <translation>Straight line</translation>
    </message>
    <message>
      <source>Được chia sẻ</source>
      <translation>Shared with me</translation>
    </message>
    <message>
      <source>Được đổi ý kiến cho đến khi đóng; phiếu mới thay phiếu cũ.</source>
      <translation>You may change your vote until closing; a new one replaces the old one.</translation>
    </message>
    <message>
      <source>Đặt mã PIN từ 6 chữ số. Mã PIN cần để mở máy và để ký phiếu.</source>
      <translation>Choose a PIN of 6 digits or more. It unlocks this device and signs your votes.</translation>
    </message>
    <message>
      <source>Đến chỗ tiếp theo</source>
      <translation>Forward</translation>
    </message>
    <message>
      <source>Đến hết {weekday}, ngày {day}</source>
      <translation>Until the end of {weekday}, {day}</translation>
    </message>
    <message>
      <source>Đến lượt đồng chí phát biểu</source>
      <translation>It is your turn to speak</translation>
    </message>
    <message>
      <source>Đến muộn, được chấp nhận tính theo quyết định của Thư ký</source>
      <translation>Late, counted by the secretary's decision</translation>
    </message>
    <message>
      <source>Đến nút tiếp theo, trước đó</source>
      <translation>To the next button, the one before</translation>
    </message>
    <message>
      <source>Đến sau khi nội dung đã kết thúc, không được xét</source>
      <translation>Received after the item had ended, not considered</translation>
    </message>
    <message>
      <source>Đến trang</source>
      <translation>Go to page</translation>
    </message>
    <message>
      <source>Đến trang số…</source>
      <translation>Go to page…</translation>
    </message>
    <message>
      <source>Đến trang đang trình bày</source>
      <translation>To the presenter's page</translation>
    </message>
    <message>
      <source>Đến từng mục của thanh chính, theo thứ tự</source>
      <translation>To the places of the rail, in order</translation>
    </message>
    <message>
      <source>Để sau</source>
      <translation>Later</translation>
    </message>
    <message>
      <source>Để tài liệu không nằm mãi ngoài tầm kiểm soát, máy tự khóa khi quá lâu không liên lạc được với máy chủ.</source>
      <translation>So that papers do not stay out of control for ever, the device locks itself after too long without contact with the service.</translation>
    </message>
    <message>
      <source>Địa chỉ máy chủ</source>
      <translation>Address of the service</translation>
    </message>
    <message>
      <source>Đọc</source>
      <translation>Read</translation>
    </message>
    <message>
      <source>Đọc tài liệu</source>
      <translation>Read a paper</translation>
    </message>
    <message>
      <source>Đọc và bảo vệ</source>
      <translation>Reading and protection</translation>
    </message>
    <message>
      <source>Đọc và ghi chú như trên giấy</source>
      <translation>Read and write as on paper</translation>
    </message>
    <message>
      <source>Đọc được đến {at}.</source>
      <translation>Readable until {at}.</translation>
    </message>
    <message>
      <source>Đồng bộ khi đang có mạng, rồi kiểm tra lại.</source>
      <translation>Synchronise while there is a network, then check again.</translation>
    </message>
    <message>
      <source>Đồng bộ lúc {time}.</source>
      <translation>Synced at {time}.</translation>
    </message>
    <message>
      <source>Đồng bộ lần cuối: {at}. Tài liệu có thể đã thay đổi.</source>
      <translation>Last synchronised: {at}. Papers may have changed.</translation>
    </message>
    <message>
      <source>Đồng bộ ngay</source>
      <translation>Sync now</translation>
    </message>
    <message>
      <source>Đồng chí dự thay: trình bày ý kiến, không biểu quyết.</source>
      <translation>You attend as a substitute: you present an opinion and have no vote.</translation>
    </message>
    <message>
      <source>Đồng chí giữ phiếu từ thiết bị khác.</source>
      <translation>You keep the vote from the other device.</translation>
    </message>
    <message>
      <source>Đồng chí giữ phiếu từ thiết bị khác; phiếu này không được tính</source>
      <translation>You keep the vote from another device; this one is not counted</translation>
    </message>
    <message>
      <source>Đồng chí không có trong thành phần của phiên họp này.</source>
      <translation>You are not among this session's participants.</translation>
    </message>
    <message>
      <source>Đồng chí không thuộc thành phần biểu quyết của phiếu này.</source>
      <translation>You are not among those entitled to vote in this ballot.</translation>
    </message>
    <message>
      <source>Đồng chí trình bày ý kiến thay, không biểu quyết. {n} nội dung.</source>
      <translation>You present the opinion in their place and do not vote. {n} items.</translation>
    </message>
    <message>
      <source>Đồng chí vắng mặt và chưa được đồng ý cho vắng.</source>
      <translation>You are absent and your absence has no consent yet.</translation>
    </message>
    <message>
      <source>Đồng chí vắng mặt, đã được đồng ý (theo điểm danh)</source>
      <translation>You are absent with consent (by the roll)</translation>
    </message>
    <message>
      <source>Đồng chí đã gửi phiếu; phiếu này không cho đổi ý kiến.</source>
      <translation>You have voted; this ballot does not allow a change.</translation>
    </message>
    <message>
      <source>Đồng chí đã đăng ký phát biểu.</source>
      <translation>You have asked to speak already.</translation>
    </message>
    <message>
      <source>Đồng hồ của máy</source>
      <translation>Wall clock</translation>
    </message>
    <message>
      <source>Đổi ý kiến</source>
      <translation>Change my vote</translation>
    </message>
    <message>
      <source>Đủ tài liệu trên máy</source>
      <translation>All papers on this device</translation>
    </message>
    <message>
      <source>đang tải</source>
      <translation>fetching</translation>
    </message>
    <message>
      <source>đen</source>
      <translation>black</translation>
    </message>
    <message>
      <source>điểm {n}</source>
      <translation>point {n}</translation>
    </message>
    <message>
      <source>đã bỏ tr {pages} của bản cũ</source>
      <translation>p. {pages} of the old version removed</translation>
    </message>
    <message>
      <source>đã có khóa</source>
      <translation>key here</translation>
    </message>
    <message>
      <source>đã có mục lục</source>
      <translation>contents known</translation>
    </message>
    <message>
      <source>đã có phiếu và phiếu này không cho đổi ý kiến</source>
      <translation>there is a vote already and this ballot does not allow a change</translation>
    </message>
    <message>
      <source>đã dùng {time}</source>
      <translation>{time} used</translation>
    </message>
    <message>
      <source>đã dùng {time}/{planned}</source>
      <translation>{time} of {planned} used</translation>
    </message>
    <message>
      <source>đã hủy</source>
      <translation>destroyed</translation>
    </message>
    <message>
      <source>đã hủy trước khi gửi</source>
      <translation>withdrawn before sending</translation>
    </message>
    <message>
      <source>đã quá hạn</source>
      <translation>deadline passed</translation>
    </message>
    <message>
      <source>đã thay</source>
      <translation>superseded</translation>
    </message>
    <message>
      <source>đã đọc hết</source>
      <translation>read</translation>
    </message>
    <message>
      <source>đã đọc {n}/{all} trang</source>
      <translation>{n}/{all} pages read</translation>
    </message>
    <message>
      <source>đến</source>
      <translation>to</translation>
    </message>
    <message>
      <source>đến muộn</source>
      <translation>late</translation>
    </message>
    <message>
      <source>đỏ</source>
      <translation>red</translation>
    </message>
    <message>
      <source>đủ</source>
      <translation>complete</translation>
    </message>
    <message>
      <source>Ẩn trên máy này</source>
      <translation>Hide on this device</translation>
    </message>
    <message>
      <source>Ở bản cũ</source>
      <translation>On an old version</translation>
    </message>
    <message>
      <source>Ở bản khác</source>
      <translation>On another version</translation>
    </message>
    <message>
      <source>Ở màn hình phiên họp của tôi</source>
      <translation>On My meetings</translation>
    </message>
    <message>
      <source>Ở mọi màn hình</source>
      <translation>On every screen</translation>
    </message>
    <message>
      <source>“Đã lưu trên máy” chưa phải là “Đã được tính”: hãy xem hạn gửi.</source>
      <translation>“Saved here” is not yet “counted”: mind the deadline.</translation>
    </message>
  </context>
</TS>
