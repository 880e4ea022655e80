#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recount a vote from exported files, with nothing but Python and the ``cryptography`` package.

    python3 verify.py EXPORT.json [--registrar ID=p256:... --publisher ID=p256:...]

The export holds DSSE envelopes exactly as they were signed: directory, rule set, poll definition, every counted and
every late vote with its receipt, the closing list, and the certified result if there is one. The two keys at its top
are claims; compare them with those printed when the body's clients were installed, or pass them. This program shares
no code with the client or the service on purpose. Exit code 0: everything agrees; 1: something does not, and what.
"""

import argparse
import base64
import hashlib
import json
import sys
from fractions import Fraction

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

TYPE = "application/vnd.ecabinet+json"


class Wrong(Exception):
    """Something does not agree."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def check_signature(key, signature, message):
    raw = base64.urlsafe_b64decode(key.removeprefix("p256:") + "==")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    need(len(signature) == 64, "signature length")  # noqa: PLR2004 - r and s of P-256
    encoded = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    public.verify(encoded, message, ec.ECDSA(hashes.SHA256()))


def opened(envelope, keys, kind, what):
    """Payload of a DSSE envelope (github.com/secure-systems-lab/dsse) signed by one of ``keys``, and its hash."""
    body = json.loads(base64.b64decode(envelope))
    payload = base64.b64decode(body["payload"])
    message = b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE.encode(), len(payload), payload)
    need(body["payloadType"] == TYPE, f"{what}: type")
    for signature in body["signatures"]:
        if signature["keyid"] in keys:
            try:
                check_signature(keys[signature["keyid"]], base64.b64decode(signature["sig"]), message)
            except InvalidSignature as error:
                raise Wrong(f"{what}: signature") from error
            value = json.loads(payload)
            need(value["t"] == kind, f"{what}: kind {value['t']}")
            return value, "sha256:" + hashlib.sha256(payload).hexdigest()
    raise Wrong(f"{what}: signed by nobody known")


def votes(entries, devices, services, definition, poll_def):
    """Votes by hash; each signed by a listed device of its member, each with the service's receipt."""
    found = {}
    for entry in entries:
        device = json.loads(base64.b64decode(json.loads(base64.b64decode(entry["statement"]))["payload"]))["device"]
        need(device in devices, f"vote of unknown device {device}")
        vote, digest = opened(entry["statement"], {device: devices[device]["sign"]}, "ecab.vote/1", "vote")
        need(devices[device]["member"] == vote["member"], f"{digest}: member")
        need((vote["poll"], vote["poll_def"]) == (definition["poll"], poll_def), f"{digest}: another poll")
        need([each["q"] for each in vote["answers"]] and vote["member"] in definition["eligible"], f"{digest}: voter")
        receipt, _ = opened(entry["receipt"], services, "ecab.receipt/1", "receipt")
        need((receipt["vote"], receipt["member"]) == (digest, vote["member"]), f"{digest}: receipt")
        found[digest] = (vote, receipt)
    return found


def count(lines, found, definition):
    """Totals by question and the tie breaker's choices, from the votes themselves."""
    totals = {q["id"]: {choice["code"]: 0 for choice in q["choices"]} for q in definition["questions"]}
    tie = {}
    need(len({line["member"] for line in lines}) == len(lines), "a member is counted twice")
    for line in lines:
        need(line["vote"] in found, f"vote {line['vote']} is not in the export")
        vote, _ = found[line["vote"]]
        need((vote["member"], vote["mode"]) == (line["member"], line["mode"]), f"{line['vote']}: line")
        need(sorted(a["q"] for a in vote["answers"]) == sorted(totals), f"{line['vote']}: questions")
        for answer in vote["answers"]:
            need(answer["choice"] in totals[answer["q"]], f"{line['vote']}: choice")
            totals[answer["q"]][answer["choice"]] += 1
            if vote["member"] == definition["tie_breaker"]:
                tie[answer["q"]] = answer["choice"]
    return totals, tie


def outcome(rules, totals, members, present, tie):
    """One question by the rule set as data."""
    share = Fraction(rules["quorum"]) * members
    if present is not None and present < -(-share.numerator // share.denominator):
        return "no_quorum"
    favour, against = totals[rules["favour"]], totals[rules["against"]]
    silence = rules.get("procedure", {}).get("silence", "no_response")
    if silence == "in_favour":
        favour += members - sum(totals.values())
    if favour > Fraction(rules["majority"]) * members:
        return "adopted"
    if favour == against and favour > 0 and rules["tie"] != "none":
        return {rules["favour"]: "adopted", rules["against"]: "not_adopted"}.get(tie, "needs_ruling")
    return "not_adopted"


def recount(export, registrars, publishers):
    """What the files say, or ``Wrong``."""
    directory, _ = opened(export["directory"], registrars, "ecab.directory/1", "directory")
    rules, _ = opened(export["rules"], publishers, "ecab.rules/1", "rules")
    definition, poll_def = opened(export["definition"], publishers, "ecab.poll/1", "definition")
    need(definition["rules"] == rules["id"], "rules: another version")
    services = {each["id"]: each["sign"] for each in directory["services"]}
    devices = {each["id"]: each for each in directory["devices"]}
    closing, closing_hash = opened(export["closing"], services, "ecab.closing/1", "closing list")
    need(
        (closing["poll"], closing["poll_def"], closing["rules"]) == (definition["poll"], poll_def, rules["id"]), "list"
    )
    need(closing["eligible"] == len(definition["eligible"]), "number of members")
    found = votes(export["votes"], devices, services, definition, poll_def)
    for line in closing["counted"]:
        need(line["vote"] in found, f"counted vote {line['vote']} is not in the export")
        receipt = found[line["vote"]][1]
        need(
            receipt["status"] == "counted" and receipt["log"]["index"] < closing["log"]["index"],
            f"{line['vote']}: late",
        )
    lines = list(closing["counted"])
    totals, tie = count(lines, found, definition)
    need(totals == closing["totals"] and tie == closing["tie"], "totals of the closing list")
    ruling = {}
    if export.get("certified"):
        certified, _ = opened(export["certified"], services, "ecab.certified/1", "certified result")
        need((certified["closing"], certified["poll_def"]) == (closing_hash, poll_def), "certified: another list")
        need(not certified["admitted"] or definition["late"] == "secretary_decides", "certified: late votes")
        lines += certified["admitted"]
        totals, tie = count(lines, found, definition)
        need(totals == certified["totals"], "totals of the certified result")
        ruling = certified["ruling"]
    results = {}
    for q, counts in totals.items():
        decided = outcome(rules, counts, len(definition["eligible"]), closing["present"], tie.get(q))
        if decided == "needs_ruling" and q in ruling:
            decided = "adopted" if ruling[q] == rules["favour"] else "not_adopted"
        results[q] = {"totals": counts, "outcome": "void" if closing["void"] else decided}
    late = [digest for digest, (_, receipt) in found.items() if receipt["status"] == "late"]
    return {"poll": definition["poll"], "counted": len(lines), "late": len(late), "questions": results}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export")
    parser.add_argument("--registrar")
    parser.add_argument("--publisher")
    given = parser.parse_args()
    with open(given.export, encoding="utf-8") as file:
        export = json.load(file)
    try:
        registrars = dict([given.registrar.split("=", 1)]) if given.registrar else export["keys"]["registrar"]
        publishers = dict([given.publisher.split("=", 1)]) if given.publisher else export["keys"]["publisher"]
        found = recount(export, registrars, publishers)
    except (Wrong, KeyError, ValueError, TypeError) as error:
        print(f"DOES NOT AGREE: {error}", file=sys.stderr)
        return 1
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
