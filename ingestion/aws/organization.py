"""Finds the member accounts of an organization, from its management account."""

from collections.abc import Iterator

from ingestion.aws.problems import TRANSLATED, Ask, refused_call, refused_role
from ingestion.aws.session import AwsSession
from ingestion.model import EVERYWHERE, AwsAccess, Place

LIST_ACCOUNTS = "organizations:ListAccounts"


def member_accounts(access: AwsAccess) -> dict[str, str]:
    """Return the active accounts of an organization with their names, the management account too.

    Args:
        access: Role in the management account.

    Raises:
        ProviderError: The role cannot be assumed, or may not list accounts.
    """
    session = AwsSession(
        access,
        session_name="cloudprune-organization",
        allowed=[LIST_ACCOUNTS],
        parallel=1,
        attempts=5,
    )
    try:
        try:
            session.open()
        except TRANSLATED as error:
            raise refused_role(error, access) from error
        try:
            return dict(_active(session))
        except TRANSLATED as error:
            place = Place(access.account_id, EVERYWHERE)
            raise refused_call(error, Ask(access, place, (LIST_ACCOUNTS,))) from error
    finally:
        session.close()


def _active(session: AwsSession) -> Iterator[tuple[str, str]]:
    client = session.client("organizations", session.home_region)
    for page in client.get_paginator("list_accounts").paginate():
        for account in page["Accounts"]:
            if account.get("State", account.get("Status")) == "ACTIVE":
                yield account["Id"], account["Name"]
