"""What each role may do: the one table that pages, commands and jobs ask."""

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
    CONNECT = "connect and disconnect clouds"
    SEE_ACCESS_LOG = "see the access log"
    MANAGE_PRIVACY = "export and erase a partner's data"
    OWN_PRIVACY = "ask for, correct and erase one's own data"
    RUN_PLATFORM = "run the platform"


_SEES = {Action.SEE_COSTS, Action.SEE_FINDINGS, Action.SEE_HEALTH, Action.OWN_PRIVACY}
_WORKS = _SEES | {Action.ASK_SQL, Action.EXPORT, Action.DECIDE, Action.SCAN, Action.SEE_MEMBERS}

ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset(_SEES | {Action.EXPORT, Action.SEE_MEMBERS}),
    Role.ANALYST: frozenset(_WORKS),
    Role.ADMIN: frozenset(set(Action) - {Action.RUN_PLATFORM}),
    Role.OPERATOR: frozenset(
        {
            Action.RUN_PLATFORM,
            Action.SCAN,
            Action.SEE_HEALTH,
            Action.MANAGE_MEMBERS,
            Action.SEE_ACCESS_LOG,
            Action.MANAGE_PRIVACY,
        }
    ),
}


def may(role: Role, action: Action) -> bool:
    """Whether a role may do something."""
    return action in ALLOWED[role]
