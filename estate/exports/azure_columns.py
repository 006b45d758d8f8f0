"""Columns of Azure's cost exports, in the order that Azure writes them.

Enterprise agreements: dataset version 2025-04 with the columns that the portal adds. Customer
agreements: version 2025-03-01. FOCUS: versions 1.0 and 1.2.
"""

# ruff: noqa: SIM905 - one word a column; a list would take a line each

EA = tuple(
    "BillingAccountId BillingAccountName BillingPeriodStartDate BillingPeriodEndDate"
    " BillingProfileId BillingProfileName AccountOwnerId AccountName SubscriptionId"
    " SubscriptionName Date Product PartNumber MeterId ServiceFamily MeterCategory"
    " MeterSubCategory MeterRegion MeterName Quantity EffectivePrice Cost UnitPrice"
    " BillingCurrency ResourceLocation AvailabilityZone ConsumedService ResourceId ResourceName"
    " ServiceInfo1 ServiceInfo2 AdditionalInfo Tags InvoiceSectionId InvoiceSection CostCenter"
    " UnitOfMeasure ResourceGroup ReservationId ReservationName ProductOrderId ProductOrderName"
    " OfferId IsAzureCreditEligible Term PublisherName PlanName ChargeType Frequency"
    " PublisherType PayGPrice PricingModel CostAllocationRuleName benefitId benefitName".split()
)
MCA = tuple(
    "invoiceId previousInvoiceId billingAccountId billingAccountName billingProfileId"
    " billingProfileName invoiceSectionId invoiceSectionName resellerName resellerMpnId"
    " costCenter billingPeriodEndDate billingPeriodStartDate servicePeriodEndDate"
    " servicePeriodStartDate date serviceFamily productOrderId productOrderName consumedService"
    " meterId meterName meterCategory meterSubCategory meterRegion ProductId ProductName"
    " SubscriptionId subscriptionName publisherType publisherId publisherName"
    " resourceGroupName ResourceId resourceLocation location effectivePrice quantity"
    " unitOfMeasure chargeType billingCurrency pricingCurrency costInBillingCurrency"
    " costInPricingCurrency costInUsd paygCostInBillingCurrency paygCostInUsd"
    " exchangeRatePricingToBilling exchangeRateDate isAzureCreditEligible serviceInfo1"
    " serviceInfo2 additionalInfo tags PayGPrice frequency term reservationId reservationName"
    " pricingModel unitPrice costAllocationRuleName benefitId benefitName provider".split()
)
AMOUNTS = frozenset(
    "Quantity EffectivePrice Cost UnitPrice PayGPrice effectivePrice quantity"
    " costInBillingCurrency costInPricingCurrency costInUsd paygCostInBillingCurrency"
    " paygCostInUsd exchangeRatePricingToBilling unitPrice".split()
)
INSTANTS = frozenset(
    "BillingPeriodStartDate BillingPeriodEndDate Date billingPeriodStartDate"
    " billingPeriodEndDate date exchangeRateDate".split()
)
