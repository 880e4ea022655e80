#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recount a vote from an evidence file, with nothing but Python and the ``cryptography`` package.

    python3 verify.py EVIDENCE.json [--registrar ID=p256:... --publisher ID=p256:...]

The file (ecab.evidence/1) holds DSSE envelopes exactly as they were signed. The secretariat's holds every counted and
every late vote: all is counted again. A member's holds that member's own: the closing list is checked, and that a vote
with a receipt stands in it. The keys at its top are claims; compare them with those printed when the body's clients
were installed, or pass them. This program shares no code with client or service on purpose. Exit code 0: everything
agrees; 1: something does not, and what.
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

TYPE = b"application/vnd.ecabinet+json"


class Wrong(Exception):
    """Something does not agree."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def opened(envelope, keys, kind):
    """Payload of a DSSE envelope (github.com/secure-systems-lab/dsse), its hash, and which of ``keys`` signed it."""
    need(envelope, f"{kind} is missing")
    body = json.loads(base64.b64decode(envelope))
    payload, value = base64.b64decode(body["payload"]), json.loads(base64.b64decode(body["payload"]))
    need((body["payloadType"], value["t"]) == (TYPE.decode(), kind), f"not a {kind}")
    signature = next((each for each in body["signatures"] if each["keyid"] in keys), None)
    need(signature, f"{kind}: signed by nobody known")
    raw = base64.urlsafe_b64decode(keys[signature["keyid"]].removeprefix("p256:") + "==")
    sig, size = base64.b64decode(signature["sig"]), 32
    need(len(sig) == 2 * size, f"{kind}: signature")
    encoded = utils.encode_dss_signature(int.from_bytes(sig[:size], "big"), int.from_bytes(sig[size:], "big"))
    message = b"DSSEv1 %d %s %d %s" % (len(TYPE), TYPE, len(payload), payload)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    try:
        public.verify(encoded, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise Wrong(f"{kind}: signature") from error
    return value, "sha256:" + hashlib.sha256(payload).hexdigest(), signature["keyid"]


def votes(entries, devices, services, definition, poll_def):
    """Votes with receipt by hash; each signed by a listed device of its member, who may vote in this poll."""
    found, keys = {}, {each["id"]: each["sign"] for each in devices.values()}
    for entry in entries:
        if not entry["receipt"]:  # a member's vote that nobody acknowledged proves nothing
            continue
        vote, digest, device = opened(entry["statement"], keys, "ecab.vote/1")
        need((vote["device"], vote["member"]) == (device, devices[device]["member"]), f"{digest}: device")
        need(vote["member"] in definition["eligible"], f"{digest}: not eligible")
        need((vote["poll"], vote["poll_def"]) == (definition["poll"], poll_def), f"{digest}: another poll")
        receipt, _, _ = opened(entry["receipt"], services, "ecab.receipt/1")
        need((receipt["vote"], receipt["member"]) == (digest, vote["member"]), f"{digest}: receipt")
        found[digest] = (vote, receipt)
    return found


def count(lines, found, definition):
    """Totals by question and the tie breaker's choices, from the votes themselves."""
    totals = {q["id"]: {choice["code"]: 0 for choice in q["choices"]} for q in definition["questions"]}
    tie = {}
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


def own(member, lines, found):
    """What became of a member's acknowledged votes; ``Wrong`` when one vanished."""
    line = next((each["vote"] for each in lines if each["member"] == member), None)
    counted = {digest for digest, (_, receipt) in found.items() if receipt["status"] == "counted"}
    need(line or not counted, f"vote {min(counted, default='')} has a receipt and is not in the closing list")
    return "none" if line is None else "counted" if line in found else "another"


def outcome(rules, totals, members, present, tie):
    """One question by the rule set as data."""
    procedure = rules.get("procedure", {})
    share = Fraction(rules["quorum"]) * members
    if present is not None and present < -(-share.numerator // share.denominator):
        return "no_quorum"
    favour, against = totals.get(rules["favour"], 0), totals.get(rules["against"], 0)
    if procedure.get("silence") == "in_favour":
        favour += members - sum(totals.values())
    if favour > Fraction(rules["majority"]) * members:
        return "adopted"
    is_tie = favour == against > 0 and (procedure.get("tie_counts") != "half" or 2 * favour == members)
    if is_tie and rules["tie"] != "none":
        return {rules["favour"]: "adopted", rules["against"]: "not_adopted"}.get(tie, "needs_ruling")
    return "not_adopted"


def recount(export, registrars, publishers):
    """What the file says, or ``Wrong``."""
    need(export["t"] == "ecab.evidence/1", "not an evidence file")
    directory, _, _ = opened(export["directory"], registrars, "ecab.directory/1")
    rules, _, _ = opened(export["rules"], publishers, "ecab.rules/1")
    definition, poll_def, _ = opened(export["definition"], publishers, "ecab.poll/1")
    services = {each["id"]: each["sign"] for each in directory["services"]}
    devices = {each["id"]: each for each in directory["devices"]}
    closing, closing_hash, _ = opened(export["closing"], services, "ecab.closing/1")
    named = (closing["poll"], closing["poll_def"], closing["rules"], definition["rules"], closing["eligible"])
    members = len(definition["eligible"])
    need(
        named == (definition["poll"], poll_def, rules["id"], rules["id"], members),
        "the parts belong to different polls",
    )
    certified = None
    if export["certified"]:
        certified, _, _ = opened(export["certified"], services, "ecab.certified/1")
        need((certified["closing"], certified["poll_def"]) == (closing_hash, poll_def), "certified: another list")
        need(not certified["admitted"] or definition["late"] == "secretary_decides", "certified: late votes")
    lines = closing["counted"] + (certified["admitted"] if certified else [])
    voters = {line["member"] for line in lines}
    need(len(voters) == len(lines) and voters <= set(definition["eligible"]), "a member twice, or nobody eligible")
    said, tie = (certified or closing)["totals"], closing["tie"]
    need(all(sum(counts.values()) == len(lines) for counts in said.values()), "totals")
    found = votes(export["votes"], devices, services, definition, poll_def)
    result = {"poll": definition["poll"], "counted": len(lines)}
    if export["member"]:
        result["own"] = own(export["member"], lines, found)
    else:
        for line in closing["counted"]:
            need(line["vote"] in found, f"counted vote {line['vote']} is not in the export")
            receipt = found[line["vote"]][1]
            in_time = receipt["status"] == "counted" and receipt["log"]["index"] < closing["log"]["index"]
            need(in_time, f"{line['vote']}: late")
        need(count(closing["counted"], found, definition) == (closing["totals"], tie), "totals of the closing list")
        totals, tie = count(lines, found, definition)
        need(totals == said, "totals of the certified result")
        result["late"] = sum(receipt["status"] == "late" for _, receipt in found.values())
    result["questions"] = {}
    for q, counts in said.items():
        decided = outcome(rules, counts, members, closing["present"], tie.get(q))
        if decided == "needs_ruling" and certified and q in certified["ruling"]:
            decided = "adopted" if certified["ruling"][q] == rules["favour"] else "not_adopted"
        result["questions"][q] = {"totals": counts, "outcome": "void" if closing["void"] else decided}
    return result


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
