"""What is granted in Azure: our role, narrower than Reader, and the built-in one for costs."""

import json
import re
from dataclasses import dataclass

from onboarding.grants import grants

ROLE_NAME = "CloudPrune Inventory Reader"
COST_READER_ID = "72fafb9e-d641-4937-9268-a91bfd86081a"
"""The built-in Cost Management Reader."""
BLOB_READER_ID = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
"""The built-in Storage Blob Data Reader; opt-in, for the container of the exports alone."""
EXPORT_CONTAINER = "costs"
SECRET_DAYS = 180
EXPORTS = {
    "cloudprune-focus": ("FocusCost", "1.0r2"),
    "cloudprune-actual": ("ActualCost", ""),
    "cloudprune-amortized": ("AmortizedCost", ""),
}
"""Cost exports by name: kind and version; contracts without FOCUS have the other two."""
_WORD = re.compile(r"[\w:/.-]+")
AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True, slots=True)
class Federation:
    """An identity of ours that signs in without a secret.

    Attributes:
        issuer: Who issues its tokens.
        subject: What they call it.
    """

    issuer: str
    subject: str

    def __post_init__(self) -> None:
        """Refuse what could be more than a word in a script.

        Raises:
            ValueError: Issuer or subject holds other than letters, digits and `:/._-`.
        """
        if not (_WORD.fullmatch(self.issuer) and _WORD.fullmatch(self.subject)):
            raise ValueError(f"issuer or subject is no plain word: {self.issuer}, {self.subject}")

    def credential(self) -> dict[str, object]:
        """Return the federated credential that an application trusts us by."""
        return {"name": f"cloudprune-{self.subject.rpartition(':')[2]}", **self.trust()}

    def trust(self) -> dict[str, object]:
        """Return what of a federated credential can be changed; its name cannot."""
        return {"issuer": self.issuer, "subject": self.subject, "audiences": [AUDIENCE]}


def actions() -> tuple[str, ...]:
    """Return the operations of the custom role, in order."""
    return tuple(sorted(grants().azure))


def listed(values: tuple[str, ...], indent: int, *, end: str = "") -> str:
    """Return quoted values, one a line."""
    return "\n".join(f"{' ' * indent}{json.dumps(value)}{end}" for value in values)
