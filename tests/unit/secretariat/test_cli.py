# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line end to end, against the real service, with real passphrase cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.protocol import codec
from client.protocol.messages import Root
from server.embedded import EmbeddedService
from server.secretariat.cli import app
from tests.unit.secretariat.office import MEMBERS, PASSPHRASE, make_pdf, write_session

COMMANDS = [
    ["init"],
    ["members", "import"],
    ["members", "serves"],
    ["ticket"],
    ["devices", "pending"],
    ["devices", "approve"],
    ["devices", "list"],
    ["devices", "revoke"],
    ["publish"],
    ["replace"],
    ["recall"],
    ["poll", "open"],
    ["poll", "close"],
    ["poll", "status"],
    ["results"],
    ["comments"],
    ["root", "export"],
    ["statements", "take"],
    ["keys", "init"],
    ["keys", "rotate"],
    ["keys", "status"],
]
CHANGING = [
    ["init"],
    ["members", "import"],
    ["members", "serves"],
    ["devices", "approve"],
    ["devices", "revoke"],
    ["publish"],
    ["replace"],
    ["recall"],
    ["statements", "take"],
    ["keys", "init"],
    ["keys", "rotate"],
]


class Tool:
    def __init__(self, base: Path, key: str) -> None:
        self.desk, self.key = base / "desk", key

    def run(self, *arguments: str, code: int = 0):
        answer = CliRunner().invoke(app, list(arguments), env={"ECABINET_DESK": str(self.desk)})
        assert answer.exit_code == code, (answer.exit_code, answer.output, answer.exception)
        return answer

    def json(self, *arguments: str, code: int = 0) -> dict:
        return json.loads(self.run(*arguments, "--json", code=code).stdout)


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    monkeypatch.setenv("ECABINET_DESK_PASSPHRASE", PASSPHRASE)
    receipt = EmbeddedService.prepare(tmp_path / "service")
    made = Tool(tmp_path, receipt.sign)
    made.run("init", str(made.desk), "--body", "Chính phủ", "--service-key", receipt.sign)
    return made


@pytest.fixture
def url(tool: Tool, tmp_path: Path) -> Iterator[str]:
    tool.run("root", "export", str(tmp_path / "root.json"))
    root = codec.decode((tmp_path / "root.json").read_bytes(), Root, limit=codec.MAX_SMALL)
    service = EmbeddedService(tmp_path / "service", root=root)
    yield service.start()
    service.stop()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_answers_in_json_and_names_its_language(command: list[str]) -> None:
    help_text = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"}).output
    assert "--json" in help_text
    assert "--lang" in help_text
    assert ("--dry-run" in help_text) or command not in CHANGING


def test_the_whole_path_on_the_command_line(tool: Tool, url: str, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    assert tool.json("members", "import", str(tmp_path / "m.csv"), "--server", url)["result"]["published"]
    assert len(tool.json("ticket", "m_017", "--server", url)["result"]["ticket"]) == 10
    refused = tool.run("members", "serves", "m_090", "m_017", code=2)
    assert "chỉ người có vai trò aide" in refused.stderr
    folder = write_session(tmp_path / "papers")
    dry = tool.run("publish", str(folder), "--dry-run").stdout
    assert "Sẽ gửi 2 tài liệu" in dry
    assert "Chạy thử: chưa gửi gì." in dry
    sent = tool.json("publish", str(folder))["result"]  # the server is remembered
    assert (sent["rev"], sent["blobs"], sent["changed"]) == (1, 2, True)
    again = tool.run("publish", str(folder), "--lang", "en").stdout
    assert "nothing was sent" in again
    poll = sent["folder"]["polls"][0]["id"]
    assert "Đang điểm danh" in tool.run("session", "start", sent["pack"]).stdout
    assert "CHƯA ĐỦ" in tool.run("session", "rollcall", sent["pack"], "--here", "m_001").stdout
    assert "có mặt 2/2" in tool.run("session", "rollcall", sent["pack"], "--here", "m_017").stdout.lower()
    assert tool.json("session", "start", sent["pack"], "--begin")["result"]["room"]["phase"] == "in_session"
    assert tool.json("poll", "open", poll, "--closes", "2099-01-01T17:00")["result"]["state"] == "open"
    assert tool.json("poll", "close", poll)["result"]["state"] == "closed"
    result = tool.run("results", poll).stdout
    assert "0/2 phiếu" in result
    assert "không thông qua" in result
    assert tool.json("comments")["result"]["comments"] == []
    assert tool.json("devices", "pending")["result"] == []
    assert tool.json("devices", "list")["result"] == []
    new = make_pdf(tmp_path / "new.pdf", ["thay"])
    assert "Đã phát hành" in tool.run("replace", sent["pack"], "Dự thảo", str(new)).stdout


def test_exit_codes_and_plain_sentences(tool: Tool, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_session(tmp_path / "papers")
    (tmp_path / "m.csv").write_text(MEMBERS, "utf-8")
    tool.run("members", "import", str(tmp_path / "m.csv"))
    (folder / "01-to-trinh.pdf").write_bytes(b"%PDF-1.7 broken")
    bad = tool.run("publish", str(folder), "--server", url, code=2)
    assert "01-to-trinh.pdf: tệp PDF hỏng" in bad.stderr
    assert "chưa có gì được gửi" in bad.stderr
    answer = tool.json("publish", str(folder), "--server", url, code=2)
    assert answer["ok"] is False
    assert "01-to-trinh.pdf" in {found["file"] for found in answer["error"]["findings"]}
    assert tool.json("publish", str(tmp_path / "none"), code=2)["error"]["findings"][0]["code"] == "folder.missing"
    write_session(folder)
    assert tool.json("publish", str(folder), "--server", "http://127.0.0.1:9", code=3)["error"]["code"] == (
        "service.unreachable"
    )
    assert tool.json("publish", str(folder), "--server", "http://e-cabinet.example", code=2)["error"]["code"] == (
        "user.bad_input"
    )
    tool.run("publish", str(folder), "--server", url)
    monkeypatch.setenv("ECABINET_DESK_PASSPHRASE", "sai hoàn toàn nhé")
    assert tool.json("devices", "list", code=2)["error"]["code"] == "user.wrong_passphrase"
    monkeypatch.delenv("ECABINET_DESK_PASSPHRASE")
    assert tool.json("devices", "list", code=2)["error"]["code"] == "user.bad_input"  # nobody to ask
    (tmp_path / "pass").write_text(PASSPHRASE + "\n", "utf-8")
    assert tool.json("devices", "list", "--passphrase-file", str(tmp_path / "pass"))["ok"] is True
    (tool.desk / "desk.sealed").write_bytes(b"not a desk at all" * 9)
    assert tool.json("devices", "list", "--passphrase-file", str(tmp_path / "pass"), code=4)["ok"] is False


def test_init_refuses_to_replace_a_desk_and_a_dry_run_makes_none(tool: Tool, tmp_path: Path) -> None:
    again = tool.json("init", str(tool.desk), "--body", "X", "--service-key", tool.key, code=2)
    assert again["error"]["code"] == "user.desk_exists"
    tool.run("init", str(tmp_path / "new"), "--body", "X", "--service-key", tool.key, "--dry-run")
    assert not (tmp_path / "new").exists()
