"""Contracts without a model: a notary with empty books, and one contract of every class."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from carousel.contracts.capacity_terms import CapacityTerms
from carousel.contracts.compute import ComputeContract
from carousel.contracts.notary import Notary
from carousel.contracts.promise import Promise
from carousel.engine.clock import Clock
from carousel.ledger.books import Books
from carousel.narrative.announcements import Instrument
from carousel.narrative.chronicle import Chronicle
from carousel.scenarios.behaviour import Behaviour

LAB, CLOUD = 0, 1


def notary(**rules):
    """A notary on day 0; `rules` are behavioural numbers that differ."""
    clock = Clock(seed=0, start=date(2025, 9, 9), days=756)
    return Notary(clock, Behaviour(**rules), Books(), Chronicle(clock))


def promise(**facts):
    """Four GW from Cloud to Lab, unless `facts` say otherwise."""
    base = {
        "name": "C", "payer": "Lab", "payee": "Cloud", "beneficiary": "Cloud", "instrument": Instrument.CONTRACT,
        "announced_cents": 10**12, "profit_usd_per_year": 1e9, "capacity_mw": 4000,
    }  # fmt: skip
    return Promise(**(base | facts))


def compute(the_notary=None, *, delivered_mw=0, capacity_mw=4000):
    """A compute contract at 10 USD per MW and year."""
    terms = CapacityTerms(
        customer="Lab", customer_account=LAB, provider="Cloud", provider_account=CLOUD, price_usd_per_mw_year=10.0,
        net_margin=0.1, build_gw_per_year_max=1.5, build_months=12, first_service_month=0, term_months=60, supplies=(),
    )  # fmt: skip
    given = promise(capacity_mw=capacity_mw)
    return ComputeContract(the_notary or notary(), given, 0.0, terms, delivered_mw=delivered_mw)


@pytest.fixture
def bench():
    return SimpleNamespace(notary=notary, promise=promise, compute=compute, LAB=LAB, CLOUD=CLOUD)
