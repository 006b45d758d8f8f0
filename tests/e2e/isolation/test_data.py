"""What the functions behind the pages, and sessions on marts, return is of one partner."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from apps.dashboard import data
from apps.dashboard.data.connections import Connecting
from apps.dashboard.data.cost_sql import Question
from apps.dashboard.data.decided import load_decided
from apps.dashboard.data.finding import Subject
from apps.dashboard.data.scanning import Scanning
from apps.dashboard.data.source import Source, current_source
from apps.dashboard.finding_state import FindingView
from apps.dashboard.identity import Person
from apps.dashboard.state import CostView
from control import decisions
from control.directory import Directory
from control.errors import ControlError
from control.onboarding import SetupKind
from control.privacy_records import RequestKind, SubjectKind
from control.privacy_records import Subject as Whose
from pipeline.settings import Settings
from serving.session import open_session
from tests.e2e.isolation.conftest import Copied, Estate
from tests.e2e.isolation.estate import (
    ADMIN,
    CONNECTION,
    SIDES,
    TENANT,
    VOLUME,
    Side,
    other,
    persons,
)
from tests.e2e.isolation.found import leaks

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("home")]

SCOPES = (Source, Person, Settings)
"""What a function takes that reads something of a partner."""
OF_ALL = frozenset({"known_partners", "current_source"})
"""What the demo's switcher lists, and what says which marts are asked; neither reads any."""
ENDING = frozenset({"Connecting.disconnect"})
"""What takes away what other calls need: it is called in a copy."""
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 24)


def functions() -> Iterator[Callable[..., Any]]:
    """Yield every function of the data modules that reads, or changes, something of a partner."""
    for found in pkgutil.iter_modules(data.__path__):
        module = importlib.import_module(f"{data.__name__}.{found.name}")
        for name, function in vars(module).items():
            is_own = getattr(function, "__module__", "") == module.__name__
            if name.startswith("_") or not callable(function) or not is_own:
                continue
            if inspect.isclass(function) or name in OF_ALL:
                continue
            if any(p.annotation in SCOPES for p in inspect.signature(function).parameters.values()):
                yield function


def classes() -> Iterator[type]:
    """Yield every class of the data modules that acts for a person."""
    for found in pkgutil.iter_modules(data.__path__):
        module = importlib.import_module(f"{data.__name__}.{found.name}")
        for each in vars(module).values():
            if inspect.isclass(each) and each.__module__ == module.__name__:
                parameters = inspect.signature(each).parameters.values()
                if any(p.annotation is Person for p in parameters):
                    yield each


CALLS = {f"{call.__module__.rpartition('.')[2]}.{call.__name__}": call for call in functions()}
CALLS |= {
    f"{each.__name__}.{name}": method
    for each in classes()
    for name, method in vars(each).items()
    if not name.startswith("_")
}


class Values:
    """A value for each parameter, by its type or its name.

    Args:
        estate: What was made.
        side: For whom.
    """

    def __init__(self, estate: Estate, side: Side) -> None:
        settings = estate.settings
        self.person = persons(settings, side)[ADMIN]
        source = current_source(settings, side.partner_id)
        assert source is not None
        self.connecting = Connecting(settings, self.person)
        with Directory(settings.control) as directory:
            asked = directory.privacy_requests(side.partner_id)
            scans = directory.scans(side.partner_id)
        scanning = Scanning(settings, self.person)
        view = CostView(by="resource", then="tenant", period="all")
        self._by_type: dict[Any, Any] = {
            Source: source,
            Settings: settings,
            Person: self.person,
            CostView: view,
            FindingView: FindingView(by="tag:Team"),
            Question: Question(view, FIRST, LAST, "USD", FIRST),
            Subject: Subject(TENANT, VOLUME),
            decisions.Subject: decisions.Subject(TENANT, "of-nobody"),
            decisions.Change: decisions.Change("open"),
            Whose: Whose(SubjectKind.PARTNER, side.partner_id),
            RequestKind: RequestKind.OBJECTION,
            SetupKind: SetupKind.ACCOUNT,
        }
        self._by_name: dict[str, Any] = {
            "tenant": TENANT,
            "tenant_id": TENANT,
            "connection": CONNECTION,
            "finding_id": estate.finding_id,
            "resource_id": VOLUME,
            "rule_id": "aws_ebs_volume_unattached",
            "decided": load_decided(source),
            "limit": 1000,
            "currency": "USD",
            "cost": "effective",
            "key": "service",
            "tag_key": "team",
            "metric": f"{side.word}-metric",
            "statistic": "average",
            "observed": date(2026, 5, 26),
            "findings": [(TENANT, estate.finding_id)],
            "subjects": [decisions.Subject(TENANT, "of-nobody")],
            "request": next(r for r in asked if (r.kind, r.subject_kind) == ("access", "partner")),
            "note": "",
            "text": "said",
            "typed": "not its name",
            "purpose": "statistics",
            "is_given": True,
            "chosen": (),
            "sql": "select * from fct_cost_lines",
            "params": None,
            "names": ["fct_cost_lines"],
            "setup_id": next(iter(self.connecting.setups())).setup_id,
            "setup": next(iter(self.connecting.setups())),
            "request_id": "of-nobody",
            "role_arn": "no role",
            "directory_id": "d",
            "client_id": "c",
            "client_secret": "",
            "subscriptions": [],
            "expires_on": None,
            "line": next(iter(self.connecting.lines())),
            "deletes_data": False,
            "statuses": (),
            "scan_id": scans[0].scan_id,
            "scan": scans[0],
            "scans": scans,
        }
        self._by_class = {Connecting.__name__: self.connecting, Scanning.__name__: scanning}

    def of(self, call: Callable[..., Any]) -> dict[str, Any]:
        """Return the arguments of a call."""
        return {
            name: self._of(call, parameter)
            for name, parameter in inspect.signature(call).parameters.items()
        }

    def _of(self, call: Callable[..., Any], parameter: inspect.Parameter) -> Any:
        owner = call.__qualname__.rpartition(".")[0]
        if parameter.name == "self" and owner in self._by_class:
            return self._by_class[owner]
        if parameter.name in self._by_name:
            return self._by_name[parameter.name]
        if parameter.annotation in self._by_type:
            return self._by_type[parameter.annotation]
        raise AssertionError(
            f"{call.__module__}.{call.__name__} takes {parameter}: add a value for it to Values in "
            f"{__name__}, so that what it returns is searched"
        )


@pytest.fixture(scope="module")
def values(estate: Estate) -> dict[Side, Values]:
    return {side: Values(estate, side) for side in SIDES}


@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.partner_id)
@pytest.mark.parametrize("name", CALLS)
def test_no_function_returns_anything_of_another_partner(
    name: str, side: Side, values: dict[Side, Values], copied: Copied
) -> None:
    call = CALLS[name]
    arguments = (Values(copied(), side) if name in ENDING else values[side]).of(call)

    try:
        returned = call(*_positional(call, arguments), **_named(call, arguments))
    except ControlError as error:
        returned = str(error)

    assert leaks(returned, other(side).needles) == []


def _positional(call: Callable[..., Any], arguments: dict[str, Any]) -> list[Any]:
    kinds = inspect.signature(call).parameters
    return [v for n, v in arguments.items() if kinds[n].kind is not inspect.Parameter.KEYWORD_ONLY]


def _named(call: Callable[..., Any], arguments: dict[str, Any]) -> dict[str, Any]:
    kinds = inspect.signature(call).parameters
    return {n: v for n, v in arguments.items() if kinds[n].kind is inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("seen", [None, (TENANT,)], ids=["whole", "limited"])
@pytest.mark.parametrize("side", SIDES, ids=lambda side: side.partner_id)
def test_no_mart_holds_anything_of_another_partner(
    side: Side, seen: tuple[str, ...] | None, estate: Estate
) -> None:
    settings, own = estate.settings, 0
    with open_session(settings.serving, settings.keys, side.partner_id, tenants=seen) as session:
        for mart in session.tables:
            rows = session.query(f"select * from {mart}")
            foreign = [*other(side).needles, *([side.hidden] if seen else [])]
            assert leaks(rows, foreign) == [], mart
            own += bool(leaks(rows, [side.word]))

    assert own > 8, "the marts hold no word of their own: the search proves nothing"
