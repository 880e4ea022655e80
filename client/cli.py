# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line of ``ecabinet``. Decides what to run; everything heavy is imported only by what needs it.

Exit status: 0 fine; 1 the self-test found a failure; 2 the command line is wrong; 3 this machine cannot run the
program as asked (the sentence on standard error says what to do).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path

from client import links, logs, paths, policy, policy_places, watch
from client.build_info import build_info
from client.errors import BadInput, EcabinetError
from client.paths import ProfilePaths

EXIT_FAILED = 1
EXIT_MACHINE = 3


class _Version(argparse.Action):
    """Looks the version up when it is asked for: that takes as long as a third of the start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Say it and end."""
        print(f"ecabinet {build_info().label}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Arguments of ``ecabinet``."""
    top = argparse.ArgumentParser(
        prog="ecabinet", description="e-Cabinet: đọc, ghi chú, góp ý, biểu quyết. Read, annotate, comment, vote."
    )
    top.add_argument("--version", action=_Version, nargs=0, help="phiên bản / version")
    top.add_argument("--profile", type=Path, help="thư mục hồ sơ / profile folder")
    top.add_argument("--root", type=Path, help="tệp gốc tin cậy để đăng ký thiết bị / trust root for enrolment")
    top.add_argument("--language", choices=("vi", "en"), help="ngôn ngữ / language")
    top.add_argument("--self-test", action="store_true", help="kiểm tra bản cài đặt / check this installation")
    top.add_argument("--json", action="store_true", help="kết quả dạng JSON / print JSON")
    top.add_argument(watch.AFTER_CRASH, action="store_true", help=argparse.SUPPRESS)
    top.add_argument("--verbose", action="store_true", help="nhật ký chi tiết / detailed log")
    commands = top.add_subparsers(dest="command")
    demo = commands.add_parser("demo", help="bản trình diễn với dữ liệu giả định / demonstration with invented data")
    demo.add_argument("--folder", type=Path, help="nơi giữ trạng thái / where the state is kept")
    demo.add_argument("--reset", action="store_true", help="bắt đầu lại / start anew")
    demo.add_argument("--reset-only", action="store_true", help="xóa trạng thái rồi thoát / forget the state and exit")
    demo.add_argument("--tour", type=Path, metavar="DIR", help="chụp các màn hình vào DIR / write screens to DIR")
    commands.add_parser("doctor", help="như --self-test / same as --self-test")
    return top


def main(argv: Sequence[str]) -> int:
    """Run the program with ``argv`` (without its name); returns the exit status."""
    language = "vi"
    say_everything(sys.stdout, sys.stderr)
    try:
        words, link = split_link(argv)
        options = parser().parse_args(words)
        language = options.language or language
        return _run(options, link)
    except EcabinetError as error:
        print(f"{error.title.of(language)}. {error.next_step.of(language)} [{error}]", file=sys.stderr)
        if opens_windows(argv) and has_screen(os.environ, sys.platform):
            from client.launch import tell

            tell(error, language)  # started from an icon, nobody reads standard error
        return EXIT_MACHINE


def say_everything(*streams: object) -> None:
    """Write UTF-8 whatever the machine's code page is: redirected output on Windows could say no Vietnamese word."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):  # not so in a program without a console, nor under a test
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def opens_windows(argv: Sequence[str]) -> bool:
    """Whether the program was started for a person rather than for IT staff's scripts."""
    return not {"--self-test", "--json", "doctor", "demo"} & set(argv)


def has_screen(env: Mapping[str, str], platform: str) -> bool:
    """Whether a dialog can be seen and answered here."""
    if env.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    return platform in {"win32", "darwin"} or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def split_link(argv: Sequence[str]) -> tuple[list[str], str | None]:
    """Options, and the link the program was opened with (``ecabinet://...``), if it was.

    Raises:
        BadInput: More than one link.
    """
    found = [word for word in argv if links.is_link(word)]
    if len(found) > 1:
        raise BadInput("link")
    return [word for word in argv if not links.is_link(word)], found[0] if found else None


def _run(options: argparse.Namespace, link: str | None = None) -> int:
    profile = ProfilePaths(options.profile) if options.profile else paths.default_profile()
    rules = policy.load(policy_places.machine_layers())
    if options.self_test or options.command == "doctor":
        return _self_test(rules, profile, as_json=options.json)
    if options.command == "demo":
        if build_info().channel != "source":
            print("Bản cài đặt không có phần trình diễn. / An installed program has no demonstration.", file=sys.stderr)
            return EXIT_MACHINE
        from client.demo import run_demo

        return run_demo(options)
    if link is not None and rules.server_url is None:
        rules = policy.suggesting(rules, server_url=links.suggested_server(link))
    from client.launch import run_windows

    profile.create()
    logs.set_up(profile.log, verbose=options.verbose or rules.log_level == "debug")
    return run_windows(profile, rules, root_file=options.root, language=options.language, again=_started_with(options))


def _started_with(options: argparse.Namespace) -> tuple[str, ...]:
    """The arguments that start the program in this way once more."""
    given = [("--profile", options.profile), ("--root", options.root), ("--language", options.language)]
    return tuple(str(word) for name, value in given if value for word in (name, value))


def _self_test(rules: policy.Policy, profile: ProfilePaths, *, as_json: bool) -> int:
    import msgspec

    from client import selftest

    found = selftest.run(rules, profile)
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(found)).decode())
    else:
        print(f"e-Cabinet {found.version} – {found.platform}")
        for check in found.checks:
            print(f"  {check.state:7} {check.name}: {check.vi} / {check.en} ({check.detail})")
    return 0 if found.ok else EXIT_FAILED
