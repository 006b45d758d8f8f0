"""The process of the simulated AWS: importing this module loads moto."""

import time
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from moto import mock_aws
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from estate.clouds.aws.app import SimulatedAws
from estate.clouds.aws.clients import Clients, create_scanner
from estate.clouds.aws.filling import fill
from estate.clouds.aws.gaps import close_gaps
from estate.clouds.aws.metrics import MetricIndex
from estate.clouds.aws.roles import ConnectedAccount


def fill_and_serve(
    accounts: Sequence[ConnectedAccount], scan_day: date, ready: Callable[[Any], None]
) -> None:
    """Fill moto, tell port, key and seconds that it took, and answer for ever."""
    warnings.filterwarnings("ignore", module="moto")  # codes that STS's model does not list
    started = time.monotonic()
    ids = close_gaps()
    mock = mock_aws()
    mock.start()  # type: ignore[no-untyped-call, unused-ignore]
    clients = Clients()
    access_key = create_scanner(clients)
    fill(accounts, scan_day, ids, clients)
    mock.stop(remove_data=False)
    moto = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, SimulatedAws(moto, MetricIndex(accounts)), threaded=True)
    ready((server.server_port, access_key, time.monotonic() - started))
    server.serve_forever()
