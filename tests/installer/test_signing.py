# SPDX-License-Identifier: AGPL-3.0-or-later
"""The signing matrix on a real Windows program: who signed, with what, altered, expired, stamped, detached, refused."""

from __future__ import annotations

import dataclasses
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.packaging.builder import authenticode, cms, signing, timestamps, tools
from resources.packaging.builder.errors import BuilderError, NotVerified, Refused
from resources.packaging.builder.release import Release
from tests.installer import keys
from tests.installer.keys import PUBLISHER, Authorities, Issued

YEAR_S = 365 * 86_400
Needs = Callable[..., None]


@pytest.fixture(scope="session")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Windows program."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "t.c").write_text("int main(void) { return 0; }\n")
    words = ["x86_64-w64-mingw32-gcc", "-s", "-Wl,--no-insert-timestamp", "t.c", "-o", "t.exe"]
    try:
        subprocess.run(words, cwd=folder, check=True)
    except FileNotFoundError:
        pytest.skip("missing packages: gcc-mingw-w64-x86-64")
    return folder / "t.exe"


@pytest.fixture
def program(tmp_path: Path, unsigned: Path, needs: Needs) -> Path:
    needs("openssl", "osslsigncode", "x86_64-w64-mingw32-gcc")
    path = tmp_path / "t.exe"
    path.write_bytes(unsigned.read_bytes())
    return path


def signed(release: Release, program: Path, environment: dict[str, str]) -> Path:
    authenticode.sign(release, signing.from_environment(environment), program)
    return program


def test_signed_by_a_known_authority(release: Release, program: Path, authorities: Authorities) -> None:
    assert not authenticode.is_signed(program)
    signed(release, program, authorities.signing(authorities.signer))
    assert authenticode.is_signed(program)
    found = authenticode.verify(program, authorities.root.pem)
    assert PUBLISHER in found.publisher, "a Vietnamese name is read as it is"
    assert not found.stamped


def test_unsigned(program: Path, authorities: Authorities) -> None:
    with pytest.raises(NotVerified, match="not signed"):
        authenticode.verify(program, authorities.root.pem)


@pytest.mark.parametrize("who", ["stranger", "tls_only"])
def test_wrong_authority_or_purpose(release: Release, program: Path, authorities: Authorities, who: str) -> None:
    signed(release, program, authorities.signing(getattr(authorities, who)))
    with pytest.raises(NotVerified, match="does not hold"):
        authenticode.verify(program, authorities.root.pem)


def test_one_altered_byte(release: Release, program: Path, authorities: Authorities) -> None:
    signed(release, program, authorities.signing(authorities.signer))
    data = bytearray(program.read_bytes())
    data[0x500] ^= 1
    program.write_bytes(data)
    with pytest.raises(NotVerified, match="altered"):
        authenticode.verify(program, authorities.root.pem)


def test_after_the_certificate_ended_only_a_stamp_helps(
    release: Release, program: Path, tmp_path: Path, authorities: Authorities
) -> None:
    later = int(time.time()) + YEAR_S
    plain = tmp_path / "plain.exe"
    plain.write_bytes(program.read_bytes())
    signed(release, plain, authorities.signing(authorities.ending))
    assert not authenticode.verify(plain, authorities.root.pem).stamped
    with pytest.raises(NotVerified, match="does not hold"):
        authenticode.verify(plain, authorities.root.pem, at=later)
    with keys.time_stamp_authority(authorities) as url:
        signed(release, program, authorities.signing(authorities.ending) | authorities.stamping(url))
    assert authenticode.verify(program, authorities.root.pem, authorities.tsa_root.pem, at=later).stamped
    with pytest.raises(NotVerified):  # a stamp nobody vouches for is no stamp
        authenticode.verify(program, authorities.root.pem, authorities.other_root.pem, at=later)


def test_the_published_signature_fits_a_rebuild_and_nothing_else(
    release: Release, program: Path, tmp_path: Path, unsigned: Path, authorities: Authorities
) -> None:
    signed(release, program, authorities.signing(authorities.signer))
    authenticode.extract(program, tmp_path / "sig" / "t.exe.p7")
    authenticode.attach(unsigned, tmp_path / "sig" / "t.exe.p7", tmp_path / "again.exe")
    assert (tmp_path / "again.exe").read_bytes() == program.read_bytes()
    other = bytearray(unsigned.read_bytes())
    other[0x500] ^= 1
    (tmp_path / "other.exe").write_bytes(other)
    authenticode.attach(tmp_path / "other.exe", tmp_path / "sig" / "t.exe.p7", tmp_path / "wrong.exe")
    with pytest.raises(NotVerified, match="altered"):
        authenticode.verify(tmp_path / "wrong.exe", authorities.root.pem)


def test_a_token_signs_and_keeps_its_key(
    release: Release,
    program: Path,
    tmp_path: Path,
    authorities: Authorities,
    monkeypatch: pytest.MonkeyPatch,
    needs: Needs,
) -> None:
    needs("softhsm2-util")
    if tools.version_of(tools.TOOLS["osslsigncode"], Path(tools.need("osslsigncode"))) < tools.PKCS11_SIGNING:
        pytest.skip("osslsigncode 2.9 signs with tokens; this one is older (bookworm-backports has it)")
    config = signing.from_environment(keys.token(tmp_path, authorities.signer, monkeypatch))
    authenticode.sign(release, config, program)
    authenticode.verify(program, authorities.root.pem)
    file = tmp_path / "SHA256SUMS"
    file.write_text("x")
    cms.verify(file, signing.cms(config, file), authorities.root.pem)
    assert cms.verify_raw(b"data", signing.raw(config, b"data"), authorities.signer.pem)


def test_a_program_of_the_site_signs(release: Release, program: Path, tmp_path: Path, authorities: Authorities) -> None:
    """The contract of SIGN_COMMAND, played by a shell script with the same tools."""
    script, who = tmp_path / "hsm.sh", authorities.signer
    script.write_text(
        f"""#!/bin/sh
case "$1" in
authenticode) osslsigncode sign -certs {who.pem} -key {who.key_file} -h sha256 -in "$2" -out "$3" ;;
cms) openssl cms -sign -binary -outform DER -in "$2" -signer {who.pem} -inkey {who.key_file} -out "$3" ;;
raw) openssl dgst -sha256 -sign {who.key_file} -out "$3" "$2" ;;
esac
"""
    )
    script.chmod(0o755)
    environment = {"SIGN_BACKEND": "command", "SIGN_CHAIN": str(who.pem), "SIGN_COMMAND": str(script)}
    signed(release, program, environment)
    authenticode.verify(program, authorities.root.pem)
    file = tmp_path / "SHA256SUMS"
    file.write_text("x")
    config = signing.from_environment(environment)
    cms.verify(file, signing.cms(config, file), authorities.root.pem)
    assert cms.verify_raw(b"data", signing.raw(config, b"data"), who.pem)
    script.write_text("#!/bin/sh\n")
    with pytest.raises(BuilderError, match="left no"):
        signing.raw(config, b"data")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "SHA256SUMS"
    path.write_text("00  nothing\n")
    return path


def file_signature(authorities: Authorities, who: Issued, path: Path, **more: str) -> Path:
    return signing.cms(signing.from_environment(authorities.signing(who) | more), path)


def test_detached_signature_matrix(authorities: Authorities, listed: Path, needs: Needs) -> None:
    needs("openssl")
    signature = file_signature(authorities, authorities.signer, listed)
    found = cms.verify(listed, signature, authorities.root.pem)
    assert any("e-Cabinet signer" in name for name in found.publisher)
    with pytest.raises(NotVerified):
        cms.verify(listed, signature, authorities.other_root.pem)
    listed.write_text("00  something\n")
    with pytest.raises(NotVerified):
        cms.verify(listed, signature, authorities.root.pem)
    with pytest.raises(NotVerified, match="missing"):
        cms.verify(listed, listed.with_name("absent.p7s"), authorities.root.pem)
    wrong_purpose = file_signature(authorities, authorities.tls_only, listed)
    with pytest.raises(NotVerified, match="not for code signing"):
        cms.verify(listed, wrong_purpose, authorities.root.pem)


def test_a_stamped_detached_signature_outlives_its_certificate(
    authorities: Authorities, listed: Path, needs: Needs
) -> None:
    needs("openssl")
    later = int(time.time()) + YEAR_S
    with keys.time_stamp_authority(authorities) as url:
        signature = file_signature(authorities, authorities.ending, listed, **authorities.stamping(url))
    found = cms.verify(listed, signature, authorities.root.pem, authorities.tsa_root.pem, at=later)
    assert found.stamped
    with pytest.raises(NotVerified):  # without the stamp it ended with its certificate
        cms.verify(listed, signature, authorities.root.pem, at=later)
    stamp = listed.with_name("SHA256SUMS.tsr")
    other = listed.with_name("other")
    other.write_text("x")
    with pytest.raises(NotVerified, match="no valid time stamp"):
        timestamps.verify(other, stamp, authorities.tsa_root.pem)


def test_a_broken_time_stamp_authority_stops_the_signing(authorities: Authorities, listed: Path, needs: Needs) -> None:
    needs("openssl")
    with keys.time_stamp_authority(authorities, broken=True) as url, pytest.raises(NotVerified):
        file_signature(authorities, authorities.signer, listed, **authorities.stamping(url))
    with pytest.raises(BuilderError, match="did not answer"):
        file_signature(authorities, authorities.signer, listed, **authorities.stamping("http://127.0.0.1:9/"))


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"SIGN_BACKEND": "magic"}, "one of"),
        ({"SIGN_BACKEND": "file"}, "SIGN_CHAIN, SIGN_KEY"),
        ({"SIGN_BACKEND": "pkcs11", "SIGN_CHAIN": "c", "SIGN_KEY": "pkcs11:x"}, "SIGN_PKCS11_MODULE, SIGN_PIN_FILE"),
        (
            {
                "SIGN_BACKEND": "pkcs11",
                "SIGN_CHAIN": "c",
                "SIGN_KEY": "/key",
                "SIGN_PKCS11_MODULE": "m",
                "SIGN_PIN_FILE": "p",
            },
            "pkcs11: URI",
        ),
        ({"SIGN_BACKEND": "command", "SIGN_CHAIN": "c"}, "SIGN_COMMAND"),
    ],
)
def test_what_the_environment_lacks_is_named(environment: dict[str, str], why: str) -> None:
    with pytest.raises(BuilderError, match=why):
        signing.from_environment(environment)


def test_production_refuses_shortcuts(production: Release, release: Release, authorities: Authorities) -> None:
    file = signing.from_environment(authorities.signing(authorities.signer))
    with pytest.raises(Refused, match=r"key file can be copied.*no time stamp"):
        signing.allow(production, file)
    with pytest.raises(Refused, match="nothing would be signed"):
        signing.allow(production, signing.Signing())
    token = dataclasses.replace(file, backend="pkcs11", key="pkcs11:x", tsa_url="http://tsa.example", tsa_ca="ca.pem")
    signing.allow(production, token)
    with pytest.raises(Refused, match="no time stamp"):
        signing.allow(production, dataclasses.replace(token, tsa_url=""))
    signing.allow(release, file)
    inside = dataclasses.replace(file, key=str(release.root / "signer.key"))
    with pytest.raises(Refused, match="inside the project's folder"):
        signing.allow(release, inside)
