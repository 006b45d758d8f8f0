"""What each command is given, to do something with one partner."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from control.roles import Action


@dataclass(frozen=True)
class Given:
    """What arguments name.

    Attributes:
        partner: A partner.
        tenant: A tenant of it.
        connection: A connection of that tenant, which no cloud answers for.
        member: The address of a member.
        exports: A folder with a bill.
        folder: An empty folder.
        request_id: A privacy request that is open.
        backup_id: A backup.
    """

    partner: str
    tenant: str
    connection: str
    member: str
    exports: Path
    folder: Path
    request_id: str
    backup_id: str

    @property
    def whose(self) -> list[str]:
        """The partner, as an option."""
        return ["--partner", self.partner]

    @property
    def of_tenant(self) -> list[str]:
        """Partner and tenant, as options."""
        return [*self.whose, "--tenant", self.tenant]


GUID = "8f7a1c2e-0000-4000-8000-000000000000"
RULE = "aws_ebs_snapshot_old"
ARGUMENTS: dict[str, Callable[[Given], list[str]]] = {
    "ingest": lambda g: [str(g.exports), *g.of_tenant],
    "scan": lambda g: g.of_tenant,
    "build": lambda g: g.whose,
    "publish": lambda g: g.whose,
    "sql": lambda g: [*g.whose, "select * from fct_cost_lines"],
    "backup": lambda _: [],
    "restore": lambda g: [g.backup_id, "--replace"],
    "doctor": lambda _: [],
    "work": lambda _: [],
    "demo": lambda g: ["--data", str(g.exports), "--no-serve"],
    "connect aws": lambda g: [
        *g.of_tenant, "--role-arn", "arn:aws:iam::222233334444:role/cloudprune",
    ],
    "connect azure": lambda g: [
        *g.of_tenant, "--directory-id", GUID, "--client-id", GUID, "--federated",
    ],
    "connect template": lambda g: ["aws", *g.of_tenant],
    "connect test": lambda g: g.of_tenant,
    "connect remove": lambda g: [
        *g.of_tenant, "--connection", g.connection, "--confirm", g.connection, "--delete-data",
    ],
    "connect list": lambda g: g.whose,
    "connect show": lambda g: g.of_tenant,
    "members add-partner": lambda g: [g.partner, "--organization", "org_changed"],
    "members invite": lambda g: [*g.whose, "new@mail.example"],
    "members list": lambda g: g.whose,
    "members set-role": lambda g: [*g.whose, g.member, "--role", "viewer"],
    "members remove": lambda g: [*g.whose, g.member],
    "members sign-out": lambda g: [*g.whose, g.member],
    "rules show": lambda g: [RULE, *g.whose],
    "rules set": lambda g: [RULE, "min_age_days", "180", *g.of_tenant],
    "rules unset": lambda g: [RULE, "min_age_days", *g.of_tenant],
    "rules exempt": lambda g: ["backup=keep", "--reason", "law", *g.of_tenant],
    "rules exemptions": lambda g: g.whose,
    "privacy request": lambda g: ["objection", *g.whose, "--by", "ann"],
    "privacy list": lambda g: g.whose,
    "privacy extend": lambda g: [g.request_id, *g.whose, "--reason", "holidays"],
    "privacy close": lambda g: [g.request_id, *g.whose, "--said", "answered"],
    "privacy export": lambda g: [*g.whose, "--output", str(g.folder / "export.zip")],
    "privacy rectify": lambda g: [*g.whose, "--member", g.member, "--name", "Anna"],
    "privacy restrict": lambda g: g.of_tenant,
    "privacy lift": lambda g: g.of_tenant,
    "privacy erase": lambda g: [*g.of_tenant, "--confirm", f"{g.partner}/{g.tenant}"],
    "privacy work": lambda _: [],
    "privacy retention": lambda _: [],
    "privacy breach": lambda g: ["--since", "2026-05-20T14:30", "--actor", g.member],
}  # fmt: skip
"""Every command that touches a partner's data."""
ACTIONS: dict[str, Action] = {
    **dict.fromkeys(("ingest", "build", "publish", "demo", "work"), Action.RUN_PLATFORM),
    **dict.fromkeys(("backup", "restore", "privacy retention"), Action.KEEP_STORED),
    **{name: Action.CONNECT for name in ARGUMENTS if name.startswith("connect ")},
    **{name: Action.MANAGE_MEMBERS for name in ARGUMENTS if name.startswith("members ")},
    **{name: Action.SET_RULES for name in ARGUMENTS if name.startswith("rules ")},
    **{
        name: Action.MANAGE_PRIVACY
        for name in ARGUMENTS
        if name.startswith("privacy ") and name not in {"privacy retention", "privacy breach"}
    },
    "connect remove": Action.DISCONNECT,
    "scan": Action.SCAN,
    "sql": Action.ASK_SQL,
    "doctor": Action.SEE_HEALTH,
    "members list": Action.SEE_MEMBERS,
    "privacy breach": Action.SEE_ACCESS_LOG,
}
"""What each of them asks for first."""
TOUCHES_NO_PARTNER = {
    "dashboard": "starts a server; what that shows is asked of each page",
    "connect issuer": "writes the public half of the installation's signing key",
    "permissions": "prints what the collectors declare",
    "rules list": "prints what the rules declare",
}
"""Every other command, with the reason."""
OF_ALL = frozenset(
    {
        "backup", "doctor", "privacy breach", "privacy retention", "privacy work", "restore",
        "work",
    }
)  # fmt: skip
"""Commands of the installation: the operator names no partner, and may be told of each by name."""
