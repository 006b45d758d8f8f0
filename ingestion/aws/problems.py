"""What a refusal of AWS means: translated once, here, into failures that say who must do what."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as UnreachableError
from botocore.parsers import ResponseParserError

from ingestion.errors import (
    AccessDeniedError,
    DisabledScopeError,
    PermanentProviderError,
    ProviderError,
    ThrottledError,
    TransientProviderError,
)
from ingestion.model import EVERYWHERE, Answer, AwsAccess, Place, ScopeStatus

TRANSLATED = (BotoCoreError, ClientError, ResponseParserError)
"""What a call of boto3 may end in."""

EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_RENEWAL = "AssumeRole"
"""What botocore calls within any other call when credentials are about to end."""
DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
)
"""Codes of a caller that AWS knows and does not let do what it asks."""
_NOT_ENABLED = frozenset(
    {
        "OptInRequired",
        "AuthFailure",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "RegionDisabledException",
    }
)
_THROTTLED = frozenset(
    {
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
    }
)
_LOST_PAGE = frozenset(
    {
        "ExpiredNextToken",
        "ExpiredNextTokenException",
        "ExpiredPaginationToken",
        "InvalidNextToken",
        "InvalidNextTokenException",
        "InvalidPaginationToken",
        "InvalidPaginationTokenException",
    }
)
_MISUSED_ARGUMENT = frozenset({"InvalidParameterValue", "ValidationError", "InvalidParameter"})
_STATUS: tuple[tuple[type[ProviderError], ScopeStatus], ...] = (
    (AccessDeniedError, ScopeStatus.DENIED),
    (ThrottledError, ScopeStatus.THROTTLED),
    (DisabledScopeError, ScopeStatus.DISABLED),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked, of whom and where.

    Attributes:
        access: Role that asked.
        place: Account and region.
        permissions: IAM actions that the call needs.
    """

    access: AwsAccess
    place: Place
    permissions: tuple[str, ...]

    @property
    def where(self) -> str:
        """Account and region, for messages."""
        region = "" if self.place.region_id == EVERYWHERE else f" {self.place.region_id}"
        return f"{self.place.sub_account_id}{region}"


def code_of(error: BaseException) -> str:
    """Return AWS's own code, or the name of what kept the call from AWS."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code") or "Unknown")
    return type(error).__name__


def status_of(error: ProviderError) -> ScopeStatus:
    """Return what a failure makes of the place that was asked."""
    return next((s for kind, s in _STATUS if isinstance(error, kind)), ScopeStatus.FAILED)


def refused(
    place: Place, table_name: str, error: ProviderError, call_count: int = 0, rows: Any = ()
) -> Answer:
    """Return the answer of a place that refused."""
    return Answer(
        place.sub_account_id,
        place.region_id,
        table_name,
        status_of(error),
        rows,
        call_count,
        error.code,
        error.message,
        error.action,
    )


def lost_its_page(error: BaseException) -> bool:
    """Whether a page token expired, so that the list has to be read from its beginning."""
    code = code_of(error)
    if code in _LOST_PAGE:
        return True
    return code in _MISUSED_ARGUMENT and "token" in str(error).lower()


def refused_call(error: BaseException, ask: Ask) -> ProviderError:
    """Translate what a call in a tenant's account ended in."""
    code = code_of(error)
    if not isinstance(error, ClientError):
        return _unreached(error, code)
    if error.operation_name == _RENEWAL:
        return refused_role(error, ask.access)
    if code in EXPIRED:
        return TransientProviderError(
            f"the session of role {ask.access.role_arn} ended early in {ask.where}",
            code=code,
            action="scan again; if it stays so, an administrator of the account looks for a "
            "policy that revokes sessions, and you check this machine's clock",
        )
    if code in _THROTTLED or _http_status(error) == 429:
        return ThrottledError(
            f"{', '.join(ask.permissions)} was throttled in {ask.where} for longer than a scan "
            "waits",
            code=code,
            action="scan again later; if it stays so, find out what else calls the same API in "
            "the account",
        )
    if code in _NOT_ENABLED:
        return DisabledScopeError(
            f"region {ask.place.region_id} is not enabled in {ask.place.sub_account_id}",
            code=code,
            action="an administrator of the account enables the region if it holds resources; "
            "what was known of it stays",
        )
    if code in DENIED or _http_status(error) == 403:
        return _denied(error, code, ask)
    kind = TransientProviderError if _http_status(error) >= 500 else PermanentProviderError
    return kind(
        f"{', '.join(ask.permissions)} failed in {ask.where} with {code}",
        code=code,
        action="scan again; if it stays so, look at AWS's health page of the region",
    )


def refused_role(error: BaseException, access: AwsAccess) -> ProviderError:
    """Translate why a role was not assumed."""
    code = code_of(error)
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return AccessDeniedError(
            f"there are no AWS credentials here to assume role {access.role_arn} with",
            code=code,
            action="the operator of this installation sets AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY, a profile, or an instance role",
        )
    if not isinstance(error, ClientError):
        return _unreached(error, code)
    if code in EXPIRED or code in _NOT_ENABLED:
        return AccessDeniedError(
            f"our own AWS credentials were not accepted when assuming role {access.role_arn}",
            code=code,
            action="the operator of this installation renews its AWS credentials",
        )
    if code in DENIED or _http_status(error) == 403:
        return AccessDeniedError(
            f"role {access.role_arn} cannot be assumed with its External ID",
            code=code,
            action=f"an administrator of account {access.account_id} checks that the role exists "
            "and that its trust policy names our principal and the External ID that "
            "`cloudprune connect show` prints",
        )
    if code in _THROTTLED:
        return ThrottledError(
            f"assuming role {access.role_arn} was throttled", code=code, action="scan again later"
        )
    kind = TransientProviderError if _http_status(error) >= 500 else PermanentProviderError
    return kind(
        f"assuming role {access.role_arn} failed with {code}",
        code=code,
        action="check the role's ARN, then scan again",
    )


def _denied(error: ClientError, code: str, ask: Ask) -> AccessDeniedError:
    lacking = ", ".join(ask.permissions)
    if "service control policy" in str(error):
        return AccessDeniedError(
            f"a service control policy denies {lacking} in {ask.where}",
            code=code,
            action="an administrator of the AWS organization allows the role to read there, if "
            "the region holds resources",
        )
    return AccessDeniedError(
        f"role {ask.access.role_arn} lacks {lacking} in {ask.where}",
        code=code,
        action=f"an administrator of account {ask.place.sub_account_id} gives the role the policy "
        "that `cloudprune permissions aws` prints",
    )


def _unreached(error: BaseException, code: str) -> ProviderError:
    if isinstance(error, HTTPClientError | UnreachableError):
        return TransientProviderError(
            "AWS could not be reached",
            code=code,
            action="check that this machine reaches *.amazonaws.com over HTTPS, then scan again",
        )
    return PermanentProviderError(
        f"AWS answered what cannot be read ({code})",
        code=code,
        action="scan again; if it stays so, upgrade CloudPrune",
    )


def _http_status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
