"""What an application may do on a subscription, as Authorization lists it, and its cost exports."""

from collections.abc import Mapping
from typing import Any

from estate.clouds.azure.directories import Directory
from estate.clouds.azure.errors import RefusedError
from estate.clouds.azure.faults import Faults

_READER = ("*/read",)
_COST_READER = (
    "Microsoft.Authorization/*/read",
    "Microsoft.Consumption/*/read",
    "Microsoft.CostManagement/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Support/*",
)
_EXPORTS = "microsoft.costmanagement/exports/read"
_PERMISSIONS = "microsoft.authorization/permissions/read"


class Rights:
    """Answers for the applications of all directories: Reader and Cost Management Reader.

    Args:
        faults: What is taken away, or granted besides.
    """

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def permissions(self, directory: Directory, subscription: str) -> Mapping[str, Any]:
        """Return the roles of an application on a subscription, one after the other.

        Raises:
            RefusedError: It may not ask.
        """
        self._check(directory, subscription, _PERMISSIONS)
        taken = sorted(self._faults.withheld)
        granted = [_READER, _COST_READER, *((o,) for o in sorted(self._faults.overgranted))]
        return {
            "value": [
                {
                    "actions": list(actions),
                    "notActions": taken,
                    "dataActions": [],
                    "notDataActions": [],
                }
                for actions in granted
            ]
        }

    def exports(self, directory: Directory, subscription: str) -> Mapping[str, Any]:
        """Return the cost exports of a subscription: none.

        Raises:
            RefusedError: The application may not ask.
        """
        self._check(directory, subscription, _EXPORTS)
        return {"value": []}

    def _check(self, directory: Directory, subscription: str, operation: str) -> None:
        known = {each.account_id for each in directory.subscriptions} - self._faults.denied
        if subscription.lower() not in known:
            raise RefusedError(
                404,
                "SubscriptionNotFound",
                f"The subscription '{subscription}' could not be found.",
            )
        if operation in self._faults.withheld:
            raise RefusedError(
                403,
                "AuthorizationFailed",
                f"The client '{directory.client_id}' does not have authorization to perform "
                f"action '{operation}' over scope '/subscriptions/{subscription}'.",
            )
