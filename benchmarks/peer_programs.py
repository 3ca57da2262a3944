"""What the peers run, with their own Python: `python peer_programs.py pams 100 20` prints one line of JSON."""

from __future__ import annotations

import importlib
import json
import random
import sys
import time
from typing import Any


def pams(agents: int, steps: int) -> dict[str, float]:
    """PAMS: fundamental and noise traders on one share, every one asked in every step, orders matched one by one."""
    runners, base = importlib.import_module("pams.runners"), importlib.import_module("pams.logs.base")

    class Counter(base.Logger):  # type: ignore[name-defined]
        """Counts the orders placed."""

        orders = 0

        def process_order_log(self, log: Any) -> None:
            self.orders += 1

    session = {
        "sessionName": 0, "iterationSteps": steps, "withOrderPlacement": True, "withOrderExecution": True,
        "withPrint": False, "maxNormalOrders": agents,
    }  # fmt: skip
    traders = {
        "class": "FCNAgent", "numAgents": agents, "markets": ["Market"], "assetVolume": 50, "cashAmount": 10000,
        "fundamentalWeight": 1.0, "chartWeight": 0.0, "noiseWeight": 1.0, "noiseScale": 0.001, "timeWindowSize": 1,
        "orderMargin": 0.0,
    }  # fmt: skip
    settings = {
        "simulation": {"markets": ["Market"], "agents": ["Traders"], "sessions": [session]},
        "Market": {"class": "Market", "tickSize": 0.01, "marketPrice": 300.0},
        "Traders": traders,
    }
    logger = Counter()
    runner = runners.SequentialRunner(settings=settings, prng=random.Random(0), logger=logger)
    runner._setup()
    began = time.process_time()
    runner._run()
    seconds = time.process_time() - began
    return {"seconds": seconds, "orders": logger.orders, "agent_steps": agents * steps}


def sfctools(agents: int, transfers: int) -> dict[str, float]:
    """sfctools: cash moves between balance sheets, both checked after each, the flow logged in the flow matrix."""
    s = importlib.import_module("sfctools")
    s.FlowMatrix().reset()
    people = [s.Agent() for _ in range(agents)]
    cash, equity = s.BalanceEntry.ASSETS, s.BalanceEntry.EQUITY
    for person in people:
        with person.balance_sheet.modify:
            person.balance_sheet.change_item("Cash", cash, 1e6)
            person.balance_sheet.change_item("Equity", equity, 1e6)
    began = time.process_time()
    for k in range(transfers):
        payer, payee = people[k % agents], people[(k * 7 + 1) % agents]
        for who, amount in ((payer, -1.0), (payee, 1.0)):
            with who.balance_sheet.modify:
                who.balance_sheet.change_item("Cash", cash, amount)
                who.balance_sheet.change_item("Equity", equity, amount)
        s.FlowMatrix().log_flow((s.Accounts.CA, s.Accounts.CA), 1.0, payer, payee, subject="transfer")
    return {"seconds": time.process_time() - began, "transfers": transfers}


if __name__ == "__main__":
    program = {"pams": pams, "sfctools": sfctools}[sys.argv[1]]
    print(json.dumps(program(int(sys.argv[2]), int(sys.argv[3]))))
