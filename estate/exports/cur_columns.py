"""Columns of the AWS Cost and Usage Report, as AWS documents them."""

import re

_LEGACY = {
    "identity": "LineItemId TimeInterval",
    "bill": "InvoiceId InvoicingEntity BillingEntity BillType PayerAccountId"
    " BillingPeriodStartDate BillingPeriodEndDate",
    "lineItem": "UsageAccountId LineItemType UsageStartDate UsageEndDate ProductCode UsageType"
    " Operation AvailabilityZone ResourceId UsageAmount NormalizationFactor"
    " NormalizedUsageAmount CurrencyCode UnblendedRate UnblendedCost BlendedRate BlendedCost"
    " LineItemDescription TaxType NetUnblendedRate NetUnblendedCost LegalEntity",
    "product": "ProductName alarmType availability capacitystatus clockSpeed currentGeneration"
    " databaseEngine dedicatedEbsThroughput deploymentOption description durability ecu"
    " endpointType engineCode enhancedNetworkingSupported eventType feeCode feeDescription"
    " fromLocation fromLocationType fromRegionCode group groupDescription instanceFamily"
    " instanceType instanceTypeFamily licenseModel location locationType marketoption"
    " maxIopsvolume maxThroughputvolume maxVolumeSize memory messageDeliveryFrequency"
    " messageDeliveryOrder minVolumeSize networkPerformance normalizationSizeFactor"
    " operatingSystem operation physicalProcessor preInstalledSw processorArchitecture"
    " processorFeatures productFamily queueType region regionCode servicecode servicename sku"
    " storage storageClass storageMedia tenancy toLocation toLocationType toRegionCode"
    " transferType usagetype vcpu version volumeApiName volumeType",
    "pricing": "LeaseContractLength OfferingClass PurchaseOption RateCode RateId currency"
    " publicOnDemandCost publicOnDemandRate term unit",
    "reservation": "AmortizedUpfrontCostForUsage AmortizedUpfrontFeeForBillingPeriod EffectiveCost"
    " EndTime ModificationStatus NetAmortizedUpfrontCostForUsage"
    " NetAmortizedUpfrontFeeForBillingPeriod NetEffectiveCost NetRecurringFeeForUsage"
    " NetUnusedAmortizedUpfrontFeeForBillingPeriod NetUnusedRecurringFee NetUpfrontValue"
    " NormalizedUnitsPerReservation NumberOfReservations RecurringFeeForUsage ReservationARN"
    " StartTime SubscriptionId TotalReservedNormalizedUnits TotalReservedUnits"
    " UnitsPerReservation UnusedAmortizedUpfrontFeeForBillingPeriod UnusedNormalizedUnitQuantity"
    " UnusedQuantity UnusedRecurringFee UpfrontValue",
    "discount": "EdpDiscount TotalDiscount",
    "savingsPlan": "TotalCommitmentToDate SavingsPlanARN SavingsPlanRate UsedCommitment"
    " SavingsPlanEffectiveCost AmortizedUpfrontCommitmentForBillingPeriod"
    " RecurringCommitmentForBillingPeriod StartTime EndTime OfferingType PaymentOption"
    " PurchaseTerm Region NetSavingsPlanEffectiveCost",
}
_NET = re.compile(r"/Net[A-Z]|^discount/")
LEGACY = tuple(
    f"{category}/{name}" for category, names in _LEGACY.items() for name in names.split()
)
LEGACY_WITHOUT_NET = tuple(name for name in LEGACY if not _NET.search(name))

_AMOUNT = re.compile(
    r"(Cost|Amount|Factor|Fee|FeeForBillingPeriod|CostForUsage|FeeForUsage|Value|Quantity"
    r"|Commitment|CommitmentToDate|CommitmentForBillingPeriod|Discount)$"
)
AMOUNTS = frozenset(name for name in LEGACY if _AMOUNT.search(name))
INSTANTS = frozenset(
    name for name in LEGACY if name.startswith(("bill/Bill", "lineItem/Usage")) and "Date" in name
)

_ONLY_IN_CUR_2 = (
    "bill_payer_account_name",
    "line_item_usage_account_name",
    "cost_category",
    "discount",
    "product",
    "resource_tags",
    "product_comment",
    "product_fee_code",
    "product_fee_description",
    "product_from_location",
    "product_from_location_type",
    "product_from_region_code",
    "product_instancesku",
    "product_instance_family",
    "product_instance_type",
    "product_location",
    "product_location_type",
    "product_operation",
    "product_pricing_unit",
    "product_product_family",
    "product_region_code",
    "product_sku",
    "product_servicecode",
    "product_to_location",
    "product_to_location_type",
    "product_to_region_code",
    "product_usagetype",
    "reservation_availability_zone",
    "savings_plan_instance_type_family",
    "savings_plan_net_amortized_upfront_commitment_for_billing_period",
    "savings_plan_net_recurring_commitment_for_billing_period",
)


def athena_name(column: str) -> str:
    """Return a legacy column's name in Parquet: `savings_plan_savings_plan_a_r_n`."""
    words = re.sub(r"([A-Z])", r"_\1", column).lower()
    return re.sub(r"_+", "_", re.sub(r"[^a-z0-9]", "_", words)).strip("_")


_SNAKE = tuple(
    athena_name(name) for name in LEGACY if not name.startswith(("product/", "discount/"))
)
CUR_2 = tuple(sorted({*_SNAKE, *_ONLY_IN_CUR_2}))
CUR_2_MAPS = frozenset({"product", "resource_tags", "cost_category", "discount"})
ATHENA_AMOUNTS = frozenset(map(athena_name, AMOUNTS))
ATHENA_INSTANTS = frozenset(map(athena_name, INSTANTS))
