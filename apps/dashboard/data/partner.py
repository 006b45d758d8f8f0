"""What the partner page asks of the marts: how much there is of what, as far as it may be seen."""

from dataclasses import dataclass

from apps.dashboard.data.source import Source, cached, query


@dataclass(frozen=True)
class Extent:
    """How much a partner has.

    Attributes:
        tenant_count: Tenants with costs.
        account_count: AWS accounts and Azure subscriptions on their bills.
        resource_count: Resources that cost something.
    """

    tenant_count: int
    account_count: int
    resource_count: int


@cached
def load_extent(source: Source) -> Extent:
    """Return how many tenants, accounts and resources there are."""
    row = query(
        source,
        """
        select
            (select count(distinct tenant_id) from fct_load_freshness) as tenant_count,
            (
                select count(*) from (
                    select distinct tenant_id, sub_account_id
                    from dim_account
                    where sub_account_id is not null
                )
            ) as account_count,
            (select count(*) from dim_resource) as resource_count
        """,
    ).to_pylist()[0]
    return Extent(**row)
