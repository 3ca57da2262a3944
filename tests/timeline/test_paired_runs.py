"""A run and its counterfactual differ by the intervention alone: luck is keyed by who decides what on which day."""

from __future__ import annotations

import numpy as np
import pytest
from carousel.engine import clock
from carousel.history.recorder import Recorder
from carousel.model import CarouselModel
from carousel.narrative.announcements import Draft, Instrument
from carousel.scenarios.loader import load
from carousel.timeline import bond_trading, trade, trade_etf

DAYS = 66
NEWS_DAY = 20
BYSTANDER = "suppliers and staff"
"""Somebody of the outside world, connected with nobody by contract, stake, debt or index."""


@pytest.fixture
def draws(monkeypatch):
    """Every draw that a phase of the day asks for: key -> value, for one run at a time; those that compiled code makes
    itself are in `state`."""
    seen = {}

    def spied(function):
        def asked(seed, *key):
            value = function(seed, *key)
            *place, slots = key
            seen[seed, function.__name__, *(int(part) for part in place), np.asarray(slots).tobytes()] = np.asarray(
                value
            ).tobytes()
            return value

        return asked

    monkeypatch.setattr(clock, "normal", spied(clock.normal))
    monkeypatch.setattr(trade_etf, "auction_start", spied(trade_etf.auction_start))
    for module in (trade, bond_trading):
        monkeypatch.setattr(module, "auction_starts", spied(module.auction_starts))

    def of(run):
        seen.clear()
        result = run()
        return dict(seen), result

    return of


def state(model):
    """What luck alone drives: noise of the sentiment, the funds' private views, holders' story and orders, the lab."""
    return (
        *(draws.tobytes() for draws in model.beliefs.sentiment.draws), model.beliefs.sentiment.private.tobytes(),
        model.cast.holders.order_shares.tobytes(), model.cast.holders.state.tobytes(),
        model.cast.labs[0].demand_usd_per_year.now,
    )  # fmt: skip


def run(model, *observers, news_day=0):
    """Closing prices, luck and closing balances by name, day by day."""
    model.observers.extend(observers)
    if news_day:
        model.chronicle.announcements.schedule(news_day, Draft(BYSTANDER, Instrument.GUIDANCE, "a canteen opens"))
    prices, luck = [model.prices.price_cents.copy()], []
    while model.running:
        model.step()
        prices.append(model.prices.price_cents.copy())
        luck.append(state(model))
    return np.array(prices), luck, model


def test_an_observer_changes_nothing(bench, draws):
    alone, (prices, luck, model) = draws(lambda: run(bench.small(days=DAYS)))

    def watched():
        model = bench.small(days=DAYS)
        return run(model, Recorder(model), lambda m: list(m.agents))

    seen, (other_prices, other_luck, other) = draws(watched)
    assert seen == alone
    assert len(alone) >= 3 * DAYS  # the lab, the ETF and the shares, every day
    assert (other_prices == prices).all()
    assert other_luck == luck
    assert (other.books.journal.balances == model.books.journal.balances).all()
    assert (other.books.registers.holdings == model.books.registers.holdings).all()


def test_news_about_a_bystander_changes_no_draw(bench, draws):
    alone, (_, luck, _) = draws(lambda: run(bench.small(days=DAYS)))
    seen, (_, other_luck, model) = draws(lambda: run(bench.small(days=DAYS), news_day=NEWS_DAY))
    assert seen == alone
    assert [part[:2] for part in other_luck] == [part[:2] for part in luck]
    assert model.chronicle.announcements.announcements[-1].released


def test_news_about_a_bystander_changes_nothing_before_it_is_out(bench):
    prices, luck, _ = run(bench.small(days=NEWS_DAY + 1))
    other_prices, other_luck, _ = run(bench.small(days=NEWS_DAY + 1), news_day=NEWS_DAY)
    assert (other_prices[:NEWS_DAY] == prices[:NEWS_DAY]).all()
    assert other_luck[: NEWS_DAY - 1] == luck[: NEWS_DAY - 1]


def test_news_about_a_bystander_moves_no_price(bench):
    prices, _, _ = run(bench.small(days=DAYS))
    other_prices, _, _ = run(bench.small(days=DAYS), news_day=NEWS_DAY)
    assert (other_prices == prices).all()


def test_another_seed_draws_otherwise(bench, draws):
    """The spy sees a difference when there is one."""
    one, (prices, _, _) = draws(lambda: run(bench.small(seed=1, days=5)))
    two, (other_prices, _, _) = draws(lambda: run(bench.small(seed=2, days=5)))
    assert {key[1:] for key in one} == {key[1:] for key in two}
    assert not set(one.values()) & set(two.values())
    assert (prices[1:] != other_prices[1:]).any()


# --- one investor less ------------------------------------------------------------------------------------------------

LEFT_OUT = "Other venture and sovereign funds"
EARLY_ROUND = ("lab.OpenAI.opening_cash_usd=4.5e9", "lab.OpenAI.raise_months=90", "capital_call.*.amount_usd=1")
"""The lab asks for much money within the first months."""


def world(seed, without=None):
    scenario = load("ai-2025", EARLY_ROUND)
    if without is not None:
        scenario = scenario.model_copy(
            update={
                "venture_investor": tuple(v for v in scenario.venture_investor if v.name != without),
                "stake": tuple(s for s in scenario.stake if s.owner != without),
            }
        )
    return CarouselModel(scenario, rng=seed, days=105, holders=240)


def seen(model):
    """Every share price, and what the lab is worth and has."""
    lab = model.cast.labs[0]
    return [*model.prices.price_cents, lab.price_cents, lab.cash_cents]


@pytest.mark.parametrize("seed", [1, 2])
def test_an_investor_who_is_not_there_is_missed_in_the_first_round_and_not_before(seed):
    paths, rounds = [], []
    for without in (None, LEFT_OUT):
        model = world(seed, without)
        path, asked = [seen(model)], None
        while model.running:
            model.step()
            path.append(seen(model))
            ended = [e for e in model.chronicle.events if e[1] in ("round_closed", "down_round", "round_failed")]
            if ended and asked is None:
                asked = ended[0]
        paths.append(np.array(path))
        rounds.append(asked)
    with_it, without_it = rounds
    day = with_it[0]
    assert 1 < day < 105
    assert (paths[0][:day] == paths[1][:day]).all()
    assert without_it[0] == day
    assert without_it[1:] != with_it[1:]
    assert (paths[0][day:] != paths[1][day:]).any()
