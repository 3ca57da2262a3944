"""An equity ticket is shares for its sum, once, and ends the letter that it replaces: amounts by hand."""

from __future__ import annotations

import pytest
from carousel.contracts.base import Status
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, CONTRACT, LAP_STEP
from carousel.model import CarouselModel
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import load

CLOSING_DAY = 210
"""First month's end on or after 30 June 2026, from 9 September 2025."""


def told(*changes, days=CLOSING_DAY + 21):
    """A run with its events and the payments under the ticket."""
    model = CarouselModel(load("ai-2025-ticket", changes), rng=3, days=days, holders=300)
    events, paid = [], []
    while model.running:
        model.step()
        events += model.chronicle.events
        number = next(c.number for c in model.contracts.promises if c.label == "equity_ticket")
        entries = model.books.last.entries
        rows = entries[(entries[:, CAUSE] == Cause.ROUND) & (entries[:, CONTRACT] == number)]
        paid += [(model.clock.day, int(row[CENTS]), int(row[LAP_STEP])) for row in rows]
    return model, events, paid


@pytest.fixture(scope="module")
def default():
    return told()


def test_the_whole_sum_is_paid_once_on_its_day_and_starts_a_lap(default):
    """Whole shares at the price of the last round: at most one share's price less than 30 bn USD."""
    _, _, paid = default
    ((day, cents, lap),) = paid
    assert (day, lap) == (CLOSING_DAY, 1)
    assert 0 <= 30e11 - cents < 1e6


def test_the_investor_holds_the_shares_it_paid_for(default):
    model, _, ((_, cents, _),) = default
    lab, investor = model.cast.lab_by_name["OpenAI"], model.cast.listed_by_name["NVIDIA"]
    held = model.books.registers.held(investor.account, lab.security)
    assert held * lab.price_cents == cents, "no round has moved the price since"


def test_the_letter_ends_on_the_day_of_the_announcement_and_pays_nothing(default):
    model, events, _ = default
    letter = next(c for c in model.contracts.promises if c.label == "milestone")
    ((day, detail),) = [(e.day, e.detail) for e in events if e.kind == "replaced"]
    announced = next(a.day for a in model.chronicle.announcements.announcements if "subscribes" in a.text)
    assert (day, letter.status, letter.paid_cents) == (announced, Status.CANCELLED, 0)
    assert detail == "NVIDIA-OpenAI ticket of 30 bn USD replaces NVIDIA-OpenAI investment"


def test_a_ticket_announced_earlier_replaces_the_letter_earlier():
    model, _, paid = told("equity_ticket.NVIDIA-OpenAI ticket.announced=2025-10-01", days=63)
    assert next(c for c in model.contracts.promises if c.label == "milestone").status is Status.CANCELLED
    assert paid == []


def test_an_investor_without_cash_is_late_and_pays_what_it_has():
    """A buffer does not bind it: the bill is a debt like any other, and a late one is evidence against the ticket."""
    poor = ("chip_maker.NVIDIA.opening_cash_usd=1e9", "chip_maker.NVIDIA.revenue_usd_per_year=0",
            "chip_maker.NVIDIA.costs_usd_per_year=0", "chip_maker.NVIDIA.buyback_share_of_earnings=0")  # fmt: skip
    model, events, paid = told(*poor)
    ticket = next(c for c in model.contracts.promises if c.label == "equity_ticket")
    assert paid[0][1] == pytest.approx(1e11, rel=0.2)
    assert any(e.kind == "bill_late" and e.agent == "NVIDIA" for e in events)
    assert ticket.log_odds < ticket.opening_log_odds
    assert ticket.status is not Status.DONE


def test_a_ticket_that_replaces_nothing_that_exists_is_refused():
    with pytest.raises(ScenarioError) as error:
        load("ai-2025-ticket", ["equity_ticket.NVIDIA-OpenAI ticket.replaces=No such letter"])
    assert error.value.key_path == "equity_ticket.NVIDIA-OpenAI ticket.replaces"
