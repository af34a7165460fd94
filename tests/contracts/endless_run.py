"""A run that creates until somebody kills it: `endless_run.py LEDGER`.

Reads the base URL from its standard input. Writes one line for every event type that it has made
with its two private links.
"""

import sys
from pathlib import Path

from contracts.actors import Actor, Actors
from contracts.door.safety import Rules
from contracts.door.targets import open_http
from contracts.ledger import Ledger
from contracts.suites.provisions import create
from contracts.suites.session import Bench, Case, Options, Session
from contracts.yardstick import read_yardstick

RUN_ID = "k3f9"


def main(file: Path) -> None:
    yardstick = read_yardstick(None, (), "effective")
    base_url = sys.stdin.readline().strip()
    ledger = Ledger(file, yardstick, run_id=RUN_ID, target_name=base_url)
    target = open_http(base_url, yardstick, rules=Rules(allow_writes=True), ledger=ledger)
    actors = Actors([Actor("owner", "cal_test_demo")], yardstick.schemes)
    bench = Bench(target, yardstick, actors, options=Options(run_id=RUN_ID))
    session = Session(bench, Case("endless", "", "endless", run=lambda session: None))
    made = [action.resource for action in yardstick.resources.values() if action.kind == "create"]
    of_name = {resource.name: resource for resource in made}
    while True:
        parent = create(session, of_name["event-types"])
        for _ in range(2):
            create(session, of_name["private-links"], {"eventTypeId": parent.id})
        print(parent.id, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
