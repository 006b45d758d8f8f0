"""Columns of FOCUS exports by version and provider.

Standard columns: FOCUS specification 1.0, 1.1, 1.2. AWS adds five `x_` columns (Data Exports,
FOCUS with AWS columns); Azure adds its own (Cost Management, FOCUS dataset schema).
"""

# ruff: noqa: SIM905 - one word a column; a list would take a line each

_FOCUS_1_0 = (
    "AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency"
    " BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription"
    " ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory"
    " CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus"
    " CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice"
    " EffectiveCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity"
    " PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName"
    " ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags"
)
_IN_1_1 = (
    " CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity"
    " CommitmentDiscountUnit ServiceSubcategory SkuMeter SkuPriceDetails"
)
_IN_1_2 = (
    " BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice"
    " PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice SubAccountType"
)
_AWS = " x_CostCategories x_Discounts x_Operation x_ServiceCode x_UsageType"
_AZURE = (
    " x_AccountId x_AccountName x_BilledCostInUsd x_BilledUnitPrice x_BillingAccountId"
    " x_BillingAccountName x_BillingExchangeRate x_BillingProfileId x_BillingProfileName"
    " x_ContractedCostInUsd x_CostAllocationRuleName x_CostCenter x_CustomerId x_CustomerName"
    " x_EffectiveCostInUsd x_EffectiveUnitPrice x_InvoiceSectionId x_InvoiceSectionName"
    " x_ListCostInUsd x_PricingBlockSize x_PricingSubcategory x_PricingUnitDescription"
    " x_PublisherCategory x_ResourceGroupName x_ResourceType x_SkuDescription"
    " x_SkuIsCreditEligible x_SkuMeterCategory x_SkuMeterId x_SkuMeterName x_SkuMeterSubcategory"
    " x_SkuOfferId x_SkuRegion x_SkuServiceFamily x_SkuTerm x_SkuTier"
)
_STANDARD = {
    "focus_1_0": _FOCUS_1_0,
    "focus_1_1": _FOCUS_1_0 + _IN_1_1,
    "focus_1_2": _FOCUS_1_0 + _IN_1_1 + _IN_1_2,
}
_ADDED = {"aws": _AWS, "azure": _AZURE}
AMOUNTS = frozenset(
    "BilledCost ContractedCost EffectiveCost ListCost ConsumedQuantity ContractedUnitPrice"
    " ListUnitPrice PricingQuantity CommitmentDiscountQuantity PricingCurrencyEffectiveCost"
    " PricingCurrencyContractedUnitPrice PricingCurrencyListUnitPrice x_BillingExchangeRate".split()
)
INSTANTS = frozenset(
    ("BillingPeriodEnd", "BillingPeriodStart", "ChargePeriodEnd", "ChargePeriodStart")
)
MAPS = {"aws": frozenset(("Tags", "x_CostCategories", "x_Discounts")), "azure": frozenset[str]()}


def columns_of(version: str, provider: str) -> tuple[str, ...]:
    """Return the columns of a version as a provider writes it."""
    return tuple(sorted(_STANDARD[version].split())) + tuple(_ADDED[provider].split())
