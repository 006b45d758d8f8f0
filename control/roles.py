"""What each role may do: the one table that pages, commands and jobs ask.

The operator's row holds what the command line and the jobs do. Whoever holds the state folder holds
its keys, so a refusal there would keep nobody out; what matters is that each use is on record.
"""

from enum import StrEnum


class Role(StrEnum):
    """A member's role in a partner; the operator runs the platform and is a member of none."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    ADMIN = "admin"
    OPERATOR = "operator"


class Action(StrEnum):
    """Something that is done, or seen, of a partner."""

    SEE_COSTS = "see costs"
    SEE_FINDINGS = "see findings"
    SEE_HEALTH = "see data health"
    ASK_SQL = "ask SQL"
    EXPORT = "export data"
    DECIDE = "decide on findings"
    SCAN = "ask for a scan"
    SET_RULES = "set thresholds and exemptions"
    SET_PARTNER = "set budgets and branding"
    SEE_MEMBERS = "see members"
    MANAGE_MEMBERS = "manage members"
    CONNECT = "connect clouds"
    DISCONNECT = "disconnect clouds"
    SEE_ACCESS_LOG = "see the access log"
    MANAGE_PRIVACY = "export and erase a partner's data"
    OWN_PRIVACY = "ask for, correct and erase one's own data"
    RUN_PLATFORM = "ingest, build and publish"
    KEEP_STORED = "back up, restore and keep retention"


_SEES = {Action.SEE_COSTS, Action.SEE_FINDINGS, Action.SEE_HEALTH, Action.OWN_PRIVACY}
_WORKS = _SEES | {Action.ASK_SQL, Action.EXPORT, Action.DECIDE, Action.SCAN, Action.SEE_MEMBERS}

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset(_SEES | {Action.EXPORT, Action.SEE_MEMBERS}),
    Role.ANALYST: frozenset(_WORKS),
    Role.ADMIN: frozenset(set(Action) - {Action.RUN_PLATFORM, Action.KEEP_STORED}),
    Role.OPERATOR: frozenset(
        {
            Action.RUN_PLATFORM,
            Action.KEEP_STORED,
            Action.SCAN,
            Action.SEE_HEALTH,
            Action.ASK_SQL,
            Action.EXPORT,
            Action.CONNECT,
            Action.DISCONNECT,
            Action.SET_RULES,
            Action.SEE_MEMBERS,
            Action.MANAGE_MEMBERS,
            Action.SEE_ACCESS_LOG,
            Action.MANAGE_PRIVACY,
        }
    ),
}

STILL_ALLOWED = frozenset(
    {
        Action.DISCONNECT,
        Action.SEE_MEMBERS,
        Action.MANAGE_MEMBERS,
        Action.SEE_ACCESS_LOG,
        Action.MANAGE_PRIVACY,
        Action.OWN_PRIVACY,
        Action.KEEP_STORED,
    }
)
"""What goes on where processing is restricted (GDPR, Article 18(2)): data is stored and kept safe,
access is taken away, and people exercise their rights. Everything else is processing, and stops."""


def may(role: Role, action: Action) -> bool:
    """Whether a role may do something."""
    return action in ALLOWED[role]


def processes(action: Action) -> bool:
    """Whether something is processing, which a restriction stops."""
    return action not in STILL_ALLOWED
