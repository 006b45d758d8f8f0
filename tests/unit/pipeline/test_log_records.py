"""Which records of the operator's logs go with a subject, and which are somebody else's."""

from pathlib import Path

import pytest

from control.privacy_records import Subject, SubjectKind
from pipeline.privacy.logs import log_traces, records_of

ACCOUNT = "999988887777"
RECORDS = {
    "plain": "2026-05-01 10:00:00 read 12 bytes, acme",
    "another": "2026-05-01 10:00:01 scan ended partner_id=southwind tenant_id=acme bytes 12",
    "theirs": f"2026-05-01 10:00:02 not rebuilt southwind/acme\n  of {ACCOUNT}",
    "own": "2026-05-01 10:00:03 scan ended partner_id=northwind tenant_id=acme",
    "named": "2026-05-01 10:00:04 unexpected error\n  File of northwind/acme",
    "sibling": "2026-05-01 10:00:05 scan ended partner_id=northwind tenant_id=bytes",
    "account": f"2026-05-01 10:00:06 no access to arn:aws:iam::{ACCOUNT}:role/r",
    "person": "2026-05-01 10:00:07 mailed ann@mail.example",
}
ACCOUNTS = {ACCOUNT, f"aws-{ACCOUNT}"}
TENANT = Subject(SubjectKind.TENANT, "northwind", "acme")


@pytest.mark.parametrize(
    ("subject", "names", "gone"),
    [
        (TENANT, ACCOUNTS, {"own", "named", "account"}),
        (Subject(SubjectKind.TENANT, "northwind", "bytes"), set(), {"sibling"}),
        (Subject(SubjectKind.CONNECTION, "northwind", "acme", "aws-1"), ACCOUNTS, {"account"}),
        (
            Subject(SubjectKind.PARTNER, "northwind"),
            ACCOUNTS,
            {"own", "named", "sibling", "account"},
        ),
        (Subject(SubjectKind.MEMBER, "northwind", "", "1"), {"ann@mail.example"}, {"person"}),
    ],
)
def test_the_records_of_a_subject_go_and_no_other(
    subject: Subject, names: set[str], gone: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "cloudprune.log"
    path.write_text("".join(f"{record}\n" for record in RECORDS.values()))

    (found,) = log_traces(tmp_path, records_of(subject, names, {"southwind"}))
    found.remove()

    assert found.count == len(gone)
    left = [f"{record}\n" for name, record in RECORDS.items() if name not in gone]
    assert path.read_text() == "".join(left)
