"""The parts of the page of one finding."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from apps.dashboard import finding_words as words
from apps.dashboard import format as fmt
from apps.dashboard.components.cost_tables import known
from apps.dashboard.components.finding_links import COSTS_PAGE, open_finding, page_params
from apps.dashboard.components.table import Column, clicked_row, show_sentences, show_table
from apps.dashboard.components.text import escaped
from apps.dashboard.finding_fields import value_name
from apps.dashboard.tags import tags_of

Finding = Mapping[str, Any]


def show_heading(finding: Finding) -> None:
    """Show what is wrong with what, in a sentence, and what to do."""
    name = words.resource_label(finding["resource_name"], finding["resource_id"])
    st.title(f"{escaped(finding['rule_title'])}: {escaped(name)}", anchor=False)
    st.markdown(escaped(finding["sentence"] or finding["rule_title"]))
    if finding["recommendation"]:
        st.markdown(f"**What to do**: {escaped(finding['recommendation'])}")
    change = [finding["current_value"], finding["target_value"]]
    if all(change):
        st.markdown(f"**Change**: {escaped(change[0])} → {escaped(change[1])}")


def show_figures(finding: Finding) -> None:
    """Show savings, cost, confidence, risk and effort side by side."""
    currency = finding["billing_currency"]
    estimated = finding["estimated_monthly_savings"]
    figures = [
        ("Savings per month", _money(estimated, currency)),
        ("Cost of 30 days", _money(finding["effective_cost_30d"], currency)),
        ("Confidence", words.level(finding["confidence"])),
        ("Risk", words.level(finding["risk"])),
        ("Effort", words.level(finding["effort"])),
    ]
    with st.container(horizontal=True, key="finding-figures"):
        for label, value in figures:
            st.metric(label, value, border=True, height="stretch")


def show_evidence(finding: Finding) -> None:
    """Show the figures that decided, with what each is held against."""
    evidence = words.json_list(finding["evidence"])
    if not evidence:
        st.caption("No figures: the state of the resource alone decides.")
        return
    show_sentences(
        pd.DataFrame(
            {
                "name": [words.evidence_name(item) for item in evidence],
                "value": [_measured(item) for item in evidence],
                "limit": [words.limit(item) for item in evidence],
                "verdict": [words.verdict(item) for item in evidence],
                "window": [words.window(item) for item in evidence],
            }
        ),
        {
            "name": Column("Figure"),
            "value": Column("Measured"),
            "limit": Column("Fires when"),
            "verdict": Column("Is that so"),
            "window": Column("Taken from"),
        },
    )


def show_savings(finding: Finding) -> None:
    """Show how the saving was computed, and whether it counts."""
    currency = finding["billing_currency"]
    estimated = finding["estimated_monthly_savings"]
    if estimated is None:
        reason = words.reason(finding["savings_unknown_reason"]) or "the reason was not recorded"
        st.markdown(f"The saving is **unknown**: {escaped(reason)}.")
    else:
        st.markdown(f"**{escaped(_money(estimated, currency))}** per month. {_count_note(finding)}")
    if finding["savings_formula"]:
        st.code(finding["savings_formula"], language=None, wrap_lines=True)
    inputs = words.json_list(finding["savings_inputs"])
    if inputs:
        show_sentences(
            pd.DataFrame(
                {
                    "name": [str(item.get("name", "")) for item in inputs],
                    "value": [_input(item) for item in inputs],
                }
            ),
            {"name": Column("With"), "value": Column("Value")},
        )


def show_others(others: pd.DataFrame, params: Mapping[str, Sequence[str]]) -> None:
    """Show the other findings on the resource, each of which opens its page."""
    if others.empty:
        return
    st.subheader("Other findings on this resource", anchor=False)
    st.caption("Their savings overlap: each dollar counts once, for the first of them that acts.")
    key = f"others-{hash(tuple(others['finding_id']))}"
    show_table(
        others.assign(
            does=[value_name("action", str(value)) for value in others["action"]],
            currency=[fmt.text(None if pd.isna(v) else v) for v in others["billing_currency"]],
        ),
        {
            "rule_title": Column("Finding", help="Open the finding", width=250),
            "does": Column("Action", width=90),
            "estimated_monthly_savings": Column("Savings per month", "amount", width=130),
            "counted_monthly_savings": Column("Counted", "amount", width=90),
            "currency": Column("Currency", width=75),
        },
        key=key,
        button="rule_title",
    )
    opened = clicked_row(key)
    if opened is not None and opened < len(others):
        open_finding(str(others.iloc[opened]["finding_id"]), params)


def show_rule(finding: Finding, rule: Finding | None) -> None:
    """Show the rule's thresholds, what it is known to get wrong, and where it comes from."""
    in_force = words.json_object(finding["thresholds"])
    defaults = words.json_object(rule["thresholds"] if rule else None)
    names = list(dict.fromkeys([*defaults, *in_force]))
    if names:
        show_sentences(
            pd.DataFrame(
                {
                    "name": [words.figure_name(name) for name in names],
                    "value": [_threshold(in_force.get(name, defaults.get(name))) for name in names],
                    "origin": [_origin(name, in_force, defaults) for name in names],
                }
            ),
            {
                "name": Column("Threshold"),
                "value": Column("In force"),
                "origin": Column("Set by"),
            },
        )
    if rule is None:
        return
    if rule["false_positives"]:
        st.markdown(f"**Known false positives**: {escaped(rule['false_positives'])}")
    if rule["source"]:
        st.caption(f"Thresholds after {escaped(rule['source'].rstrip('.'))}. Rule: "
                   f"{escaped(finding['rule_id'])}.")  # fmt: skip


def show_facts(finding: Finding) -> None:
    """Show where the resource lies, who owns it and when it was seen."""
    account = finding["sub_account_id"]
    if finding["sub_account_name"]:
        account = f"{finding['sub_account_name']} ({account})"
    facts = {
        "Tenant": finding["tenant_id"],
        "Sub account": account,
        "Region": finding["region_id"],
        "Service": finding["service_name"],
        "Owner": finding["owner"],
        "First seen": fmt.day(finding["first_seen_date"]),
        **_reopened(finding),
        "Last seen": fmt.day(finding["observed_date"]),
    }
    for label, value in facts.items():
        with st.container(gap=None):
            st.caption(label)
            st.text(fmt.text(value))
    st.caption("Identifier")
    st.code(finding["resource_id"], language=None, wrap_lines=True)


def show_ways_out(finding: Finding) -> None:
    """Show where to go on: the provider's console, and the resource's costs."""
    with st.container(gap="small"):
        url = str(finding["console_url"] or "")
        if url.startswith("https://"):
            st.link_button(
                f"Open in {value_name('provider', finding['provider'])}",
                url,
                icon=":material/open_in_new:",
                width="stretch",
            )
        st.page_link(
            COSTS_PAGE,
            label="Costs of this resource",
            icon=":material/payments:",
            query_params=page_params(
                {
                    "tenant": [finding["tenant_id"]],
                    "resource": [finding["resource_id"]],
                    "show": ["lines"],
                }
            ),
        )


def show_tags(tags: str | None) -> None:
    """Show the resource's tags, one a line."""
    found = tags_of(tags)
    if not found:
        st.caption("No tags.")
        return
    show_sentences(
        pd.DataFrame({"key": list(found), "value": [fmt.text(str(v)) for v in found.values()]}),
        {"key": Column("Tag"), "value": Column("Value")},
    )


def _reopened(finding: Finding) -> dict[str, str]:
    day = finding["reopened_date"]
    return {"Found again": fmt.day(day)} if day else {}


def _money(amount: Decimal | None, currency: str | None) -> str:
    return fmt.UNKNOWN if amount is None else fmt.money(amount, currency or "")


def _count_note(finding: Finding) -> str:
    """Return whether the saving counts, in how much, and why not in all."""
    counted = known(finding["counted_monthly_savings"])
    if finding["is_counted"] and counted == finding["estimated_monthly_savings"]:
        return "It counts in the totals."
    reason = escaped(words.reason(finding["not_counted_reason"]))
    why = f" {reason}." if reason else ""
    if not finding["is_counted"] or counted is None:
        return f"It does **not** count in the totals.{why}"
    part = escaped(fmt.money(counted, finding["billing_currency"] or ""))
    return f"Of it, {part} counts in the totals.{why}"


def _measured(item: Mapping[str, Any]) -> str:
    value = item.get("value")
    return "not measured" if value is None else fmt.figure(value, item.get("unit"))


def _input(item: Mapping[str, Any]) -> str:
    """Return an input of the formula; amounts come as text, so that no digit is lost."""
    value, unit = item.get("value"), item.get("unit")
    if value is None:
        return fmt.UNKNOWN
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return f"{value} {unit or ''}".strip()
    text = f"{number:,f}"
    if "." in text:
        whole, _, fraction = text.partition(".")
        fraction = fraction[:6].rstrip("0").ljust(2, "0")
        text = f"{whole}.{fraction}" if int(fraction) else whole
    return f"{text} {unit or ''}".strip()


def _threshold(value: Any) -> str:
    return fmt.figure(value) if isinstance(value, int | float) else fmt.text(str(value or ""))


def _origin(name: str, in_force: Mapping[str, Any], defaults: Mapping[str, Any]) -> str:
    if name not in in_force or in_force[name] == defaults.get(name):
        return "default of the rule"
    default = _threshold(defaults.get(name)) if name in defaults else fmt.NONE
    return f"partner or tenant; default {default}"
