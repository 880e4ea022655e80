# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vote meets bad weather on its way: it stays queued and says so; when the weather clears it has one receipt.

The tablet, the service and everything they say are real; a relay between them spoils one exchange.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.embedded import EmbeddedService
from tests.helpers import weather
from tests.helpers.certificates import certificate
from tests.helpers.invariants import service_evidence
from tests.helpers.lab import Lab
from tests.helpers.weather import Fault, Line

POST = ("POST", "/statements")
PORTAL = "<html><body>Đăng nhập mạng khách</body></html>".encode()
PROBLEM = "application/problem+json"
SAVED, SENT = "saved_not_counted", "sent_awaiting_receipt"


def problem(code: str, status: int) -> bytes:
    return json.dumps({"type": f"urn:ecab:problem:{code}", "title": code, "status": status}).encode()


@dataclass(frozen=True)
class Case:
    """One fault laid on the sending of the vote.

    Attributes:
        reached: The service decided although the client does not know.
        code: Of the error the look ends with, if it must be one.
    """

    fault: Fault
    reached: bool
    code: str | None = "service.unreachable"
    says: tuple[str, ...] = (SENT,)


CASES: dict[str, Case] = {
    "reset before": Case(weather.reset_before, reached=False),
    "reset after": Case(weather.reset_after, reached=True),
    "cut at 1st byte": Case(weather.cut_at(0), reached=True),
    "cut in head": Case(weather.cut_at(0.1), reached=True),
    "cut in body": Case(weather.cut_at(0.6), reached=True),
    "cut before last byte": Case(weather.cut_at(1), reached=True),
    "half of the request": Case(weather.half_sent, reached=False),
    "bit flipped": Case(weather.altered, reached=False, code=None, says=(SAVED,)),
    "replay, second answer": Case(weather.sent_twice(1), reached=True, code=None),
    "captive portal": Case(weather.says("200 OK", "text/html", PORTAL), reached=False, code="service.captive_portal"),
    "captive portal after": Case(
        weather.says("200 OK", "text/html", PORTAL, ask=True), reached=True, code="service.captive_portal"
    ),
    "redirect": Case(
        weather.says("302 Found", "text/html", b"", "Location: http://127.0.0.1:9/"),
        reached=False,
        code="service.captive_portal",
    ),
    "500": Case(weather.says("500 Internal Server Error", "text/plain", b"oops"), reached=False),
    "502 after": Case(weather.says("502 Bad Gateway", "text/html", PORTAL, ask=True), reached=True),
    "503": Case(weather.says("503 Service Unavailable", PROBLEM, problem("internal", 503)), reached=False),
    "empty answer": Case(weather.says("200 OK", "application/json", b"", ask=True), reached=True, code=None),
    "not an answer": Case(weather.says("200 OK", "application/json", b'{"receipt": 1}'), reached=False, code=None),
    "compressed": Case(
        weather.says("200 OK", "application/json", b"\x1f\x8b", "Content-Encoding: gzip"), reached=False, code=None
    ),
    "length too long": Case(weather.wrong_length(40), reached=True),
    "length too short": Case(weather.wrong_length(-40), reached=True, code=None),
    "another problem": Case(
        weather.says("400 Bad Request", PROBLEM, b'{"type": "about:blank", "title": "x", "status": 400}'),
        reached=False,
        code="service.captive_portal",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_vote_in_bad_weather(lab: Lab, tmp_path: Path, name: str) -> None:
    case = CASES[name]
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        n = trial.vote(tablet)
        trial.weather.lay(*POST, case.fault)
        report = tablet.sync()
        assert len(trial.weather.asked(*POST)) == 1, "one try in one look"
        [said] = trial.says(tablet)
        assert said in case.says, report
        if case.code is not None:
            assert report["error"] == case.code
        assert len(service_evidence(trial.service_folder).statements) == case.reached
        assert trial.breaches(tablet) == []

        trial.weather.clear()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []
        held = service_evidence(trial.service_folder)
        assert [stored.n for stored in held.statements.values()] == [n]
        first, again = (trial.weather.asked(*POST)[k].request for k in (0, -1))
        assert first.body == again.body, "the vote itself is never signed anew"
        assert trial.closing_breaches(tablet) == []


def test_a_request_caught_and_sent_again_counts_once(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, weather.sent_twice(0))
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        [exchange] = trial.weather.asked(*POST)
        first, second = exchange.answers
        assert b" 200 " in first.splitlines()[0]
        assert b"urn:ecab:problem:replay" in second or second.split(b"\r\n\r\n")[1] == first.split(b"\r\n\r\n")[1]
        assert trial.breaches(tablet, settled=True) == []
        assert trial.closing_breaches(tablet) == []


def test_spoilt_metadata_does_not_hold_up_a_vote(lab: Lab, tmp_path: Path) -> None:
    def flipped(line: Line) -> None:
        answer = bytearray(line.forward())
        answer[-100] ^= 1
        line.deliver(bytes(answer))

    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay("GET", "/tuf/metadata/timestamp.json", flipped)
        tablet.sync()
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []


def test_no_such_name(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with lab.trial(tmp_path) as trial:
        trial.point_to("https://e-cabinet.invalid")
        tablet = trial.member()
        trial.vote(tablet)
        assert tablet.sync() == {"error": "service.not_sent", "reached": False}
        assert trial.says(tablet) == [SAVED]
        assert trial.breaches(tablet) == []


def test_a_receipt_of_another_act_is_not_taken(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.diary.told(tablet.comment(lab.paper, "Ý kiến thứ nhất (dữ liệu giả định)"))
        assert tablet.sync()["error"] is None
        [earlier] = trial.weather.asked(*POST)
        receipt = earlier.answers[0]
        trial.vote(tablet)

        def misdelivered(line: Line) -> None:
            line.forward()
            line.deliver(receipt)

        trial.weather.lay(*POST, misdelivered)
        tablet.sync()
        assert trial.says(tablet) == ["recorded", SENT]
        trial.weather.clear()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["recorded", "counted"]
        assert trial.breaches(tablet, settled=True) == []


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        pytest.param(weather.reset_after, "counted", id="received in time, answer lost"),
        pytest.param(weather.reset_before, "late_not_counted", id="not received"),
    ],
)
def test_the_poll_closes_while_the_answer_is_unknown(lab: Lab, tmp_path: Path, fault: Fault, says: str) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, fault)
        tablet.sync()
        assert trial.says(tablet) == [SENT]
        trial.desk.close_poll(lab.poll)
        trial.weather.clear()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == [says]
        assert trial.closing_breaches(tablet) == []


def test_acts_on_one_subject_do_not_overtake_each_other(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        for number in range(3):
            trial.diary.told(tablet.comment(lab.paper, f"Ý kiến {number} (dữ liệu giả định)"))
        trial.weather.lay(*POST, weather.reset_before)
        tablet.sync()
        assert len(trial.weather.asked(*POST)) == 1
        assert trial.says(tablet) == [SENT, SAVED, SAVED]
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["recorded"] * 3
        held = service_evidence(trial.service_folder)
        assert [stored.n for stored in held.statements.values()] == [1, 2, 3], "in the order of receipt"
        assert trial.breaches(tablet, settled=True) == []


REFUSAL = weather.says("400 Bad Request", PROBLEM, problem("bad-request", 400), ask=True)


def test_an_unsigned_refusal_does_not_hide_a_counted_vote(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, REFUSAL)
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []
        assert trial.closing_breaches(tablet) == []


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(weather.reset_before, id="none"),
        pytest.param(weather.says("403 Forbidden", PROBLEM, problem("forbidden", 403)), id="a refusal"),
        pytest.param(weather.says("200 OK", "application/json", b'{"receipt": "e30="}'), id="no receipt"),
        pytest.param(weather.says("200 OK", "text/html", PORTAL), id="a portal"),
    ],
)
def test_a_refusal_is_not_final_while_the_question_is_open(lab: Lab, tmp_path: Path, answer: Fault) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, REFUSAL)
        trial.weather.lay("GET", "/statements/", answer)
        tablet.sync()
        assert trial.says(tablet) == [SENT]
        trial.weather.clear()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []


def test_a_statement_the_service_does_not_have_stays_refused(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, weather.says("400 Bad Request", PROBLEM, problem("bad-request", 400)))
        tablet.sync()
        assert trial.says(tablet) == ["refused"]
        assert len(trial.weather.asked("GET", "/statements/")) == 1
        assert tablet.sync()["error"] is None
        assert len(trial.weather.asked(*POST)) == 1, "final"


def test_nobody_there(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.cut()
        assert tablet.sync() == {"error": "service.not_sent", "reached": False}
        assert trial.says(tablet) == [SAVED]
        assert [item["tries"] for item in tablet.status()["outbox"]] == [0]
        trial.weather.clear()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.closing_breaches(tablet) == []


def test_too_many_requests_waits_as_long_as_asked(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        answer = weather.says("429 Too Many Requests", PROBLEM, problem("rate", 429), "Retry-After: 700")
        trial.weather.lay(*POST, answer)
        assert tablet.sync()["error"] == "service.unreachable"
        wait = tablet.core.engine.status().next_try_s
        assert wait is not None
        assert wait > 600
        assert trial.says(tablet) == [SENT]
        trial.weather.clear()
        assert tablet.sync()["error"] is None
        assert trial.closing_breaches(tablet) == []


def test_a_slow_answer_is_waited_for(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path) as trial:
        tablet = trial.member()
        trial.vote(tablet)
        trial.weather.lay(*POST, weather.slow(pieces=20, pause_s=0.02))
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []


def test_a_download_cut_again_and_again_goes_on_where_it_stopped(lab: Lab, tmp_path: Path) -> None:
    with lab.trial(tmp_path, synced=False) as trial:
        tablet = trial.member()
        for share in (0.3, 0.5, 0.7):
            trial.weather.lay("GET", "/blobs/", weather.cut_at(share))
        looks = 0
        while tablet.sync()["error"] is not None:
            looks += 1
            assert looks <= 4
        status = tablet.status()
        trial.diary.saw(status)
        assert [pack["state"] for pack in status["packs"]] == ["ready"]
        assert trial.breaches(tablet) == []
        fetched = trial.weather.asked("GET", "/blobs/")
        assert any(b"range: bytes=" in e.request.head.lower() for e in fetched), "nothing was taken up again"


def test_other_bytes_than_promised_are_not_kept(lab: Lab, tmp_path: Path) -> None:
    def flipped(line: Line) -> None:
        answer = bytearray(line.forward())
        answer[-100] ^= 1
        line.deliver(bytes(answer))

    with lab.trial(tmp_path, synced=False) as trial:
        tablet = trial.member()
        trial.weather.lay("GET", "/blobs/", flipped)
        tablet.sync()
        assert [pack["state"] for pack in tablet.packs()] != ["ready"]
        trial.weather.clear()
        assert tablet.sync()["error"] is None
        trial.says(tablet)
        assert [pack["state"] for pack in tablet.packs()] == ["ready"]
        assert trial.breaches(tablet) == []


# -- TLS -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "trusted"),
    [
        pytest.param(certificate, False, id="unknown authority"),
        pytest.param(lambda folder: certificate(folder, address="127.0.0.2"), True, id="wrong host"),
        pytest.param(lambda folder: certificate(folder, ended=True), True, id="expired"),
    ],
)
def test_a_wrong_certificate_and_nothing_is_sent(
    lab: Lab, tmp_path: Path, made: Callable[[Path], tuple[Path, Path]], trusted: bool
) -> None:
    with lab.trial(tmp_path / "trial") as trial, ExitStack() as stack:
        cert, key = made(tmp_path)
        imposter = EmbeddedService(trial.service_folder, root=lab.root, tls_cert=cert, tls_key=key)
        trial.point_to(stack.enter_context(imposter).url, ca_file=cert if trusted else None)
        tablet = trial.member()
        trial.vote(tablet)
        assert tablet.sync() == {"error": "service.wrong_certificate", "reached": False}
        assert trial.says(tablet) == [SAVED]
        assert [item["tries"] for item in tablet.status()["outbox"]] == [0]
        assert service_evidence(trial.service_folder).statements == {}
        tablet.close()

        trial.point_to(trial.weather.url)
        tablet = trial.member()
        assert tablet.sync()["error"] is None
        assert trial.says(tablet) == ["counted"]
        assert trial.breaches(tablet, settled=True) == []
        assert trial.closing_breaches(tablet) == []
