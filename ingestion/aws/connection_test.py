"""The test of one AWS connection: who it is, who else gets in, what it may and may not do."""

from collections.abc import Mapping, Sequence

from ingestion.aws.operations import actions_of
from ingestion.aws.problems import TRANSLATED, refused_role
from ingestion.aws.resource_type import AwsResourceType
from ingestion.aws.session import AwsSession
from ingestion.aws.simulation import OWN_POLICY, probe_policy
from ingestion.aws.trials import Trials
from ingestion.aws.trust import probe_trust
from ingestion.model import AwsAccess
from ingestion.probes import ConnectionTest, Outcome, Probe

_WHO = "sts:GetCallerIdentity"
_IDENTITY = "assuming the role with its External ID"


def probe_account(
    access: AwsAccess,
    kinds: Sequence[AwsResourceType],
    purposes: Mapping[str, tuple[str, ...]],
) -> ConnectionTest:
    """Test a role; nothing is kept of what it reads.

    Args:
        access: Role and External ID.
        kinds: What a scan reads.
        purposes: What each permission is for.
    """
    session = AwsSession(
        access,
        session_name="cloudprune-connection-test",
        allowed=[*actions_of(kinds), _WHO, OWN_POLICY],
        parallel=4,
        attempts=3,
    )
    try:
        identity = _identity(session)
        if identity.outcome is not Outcome.OK:
            return ConnectionTest(identity)
        return ConnectionTest(
            identity,
            probe_trust(access),
            Trials(session, session.home_region).run(kinds, purposes),
            probe_policy(session),
        )
    finally:
        session.close()


def _identity(session: AwsSession) -> Probe:
    access = session.access
    try:
        session.open()
        found = session.client("sts", session.home_region).get_caller_identity()
    except TRANSLATED as error:
        refusal = refused_role(error, access)
        return Probe(_IDENTITY, Outcome.DENIED, note=f"{refusal.message}; {refusal.action}")
    if found["Account"] != access.account_id:
        return Probe(
            _IDENTITY,
            Outcome.DENIED,
            note=f"the role opens account {found['Account']} and not {access.account_id}; give the "
            "ARN of a role in the account itself",
        )
    return Probe(_IDENTITY, Outcome.OK, note=f"it is account {access.account_id}")
