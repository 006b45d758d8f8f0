"""Asks IAM what the role may do, where it may ask that: nothing that would change is tried."""

from collections.abc import Iterator, Sequence
from typing import Any

from ingestion.aws.problems import TRANSLATED, Ask, refused_call
from ingestion.aws.session import AwsSession
from ingestion.model import EVERYWHERE, Place
from ingestion.probes import Outcome, Probe

OWN_POLICY = "iam:SimulatePrincipalPolicy"
NOBODY_NEEDS = {
    "change or delete something": (
        "ec2:CreateTags",
        "ec2:DeleteSnapshot",
        "ec2:DeleteVolume",
        "ec2:ModifyInstanceAttribute",
        "ec2:RunInstances",
        "ec2:StopInstances",
        "ec2:TerminateInstances",
        "dynamodb:DeleteTable",
        "dynamodb:PutItem",
        "elasticloadbalancing:DeleteLoadBalancer",
        "lambda:UpdateFunctionCode",
        "rds:DeleteDBInstance",
        "rds:ModifyDBInstance",
        "s3:DeleteObject",
        "s3:PutObject",
    ),
    "give itself or others more rights": (
        "iam:AttachRolePolicy",
        "iam:CreateAccessKey",
        "iam:CreateUser",
        "iam:PassRole",
        "iam:PutRolePolicy",
        "sts:AssumeRole",
    ),
    "read contents or secrets": (
        "dynamodb:GetItem",
        "kms:Decrypt",
        "logs:GetLogEvents",
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
    ),
}
"""What our role must not be able to do, by what it would mean."""


def probe_policy(session: AwsSession) -> tuple[Probe, ...]:
    """Return, for each thing that nobody needs, whether the role could do it."""
    actions = [action for those in NOBODY_NEEDS.values() for action in those]
    try:
        allowed = frozenset(_allowed(session, actions))
    except TRANSLATED as error:
        place = Place(session.access.account_id, EVERYWHERE)
        refusal = refused_call(error, Ask(session.access, place, (OWN_POLICY,)))
        note = f"not checked, because {refusal.message}"
        return tuple(Probe(subject, Outcome.UNKNOWN, note=note) for subject in NOBODY_NEEDS)
    return tuple(_probe(subject, those, allowed) for subject, those in NOBODY_NEEDS.items())


def _probe(subject: str, actions: Sequence[str], allowed: frozenset[str]) -> Probe:
    held = [action for action in actions if action in allowed]
    if not held:
        return Probe(subject, Outcome.OK, note=f"none of {len(actions)} actions is allowed")
    return Probe(
        subject,
        Outcome.HELD,
        note=f"the role allows {', '.join(held)}; CloudPrune never uses them. An administrator of "
        "the account takes away the policies that grant them",
    )


def _allowed(session: AwsSession, actions: Sequence[str]) -> Iterator[str]:
    client = session.client("iam", session.home_region)
    more: dict[str, Any] = {}
    while True:
        answer = client.simulate_principal_policy(
            PolicySourceArn=session.access.role_arn, ActionNames=list(actions), **more
        )
        for result in answer["EvaluationResults"]:
            if result["EvalDecision"] == "allowed":
                yield result["EvalActionName"]
        if not answer.get("IsTruncated"):
            return
        more = {"Marker": answer["Marker"]}
