"""A change on a date: the past is that of the run without it, every key that can change does, the books are exact."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from carousel.model import CarouselModel
from carousel.narrative.chronicle import Happening
from carousel.report.measures_turn import BREAKS
from carousel.scenarios.dated import changeable
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.faults import SINGLE
from carousel.scenarios.loader import load, parse
from carousel.scenarios.parameters import apply_parameters
from carousel.scenarios.schema import DatedChange, Stop
from carousel.scenarios.schema_deals import Statement
from carousel.scenarios.schema_world import KINDS
from carousel.scenarios.validated import validated

DAY = 40
BUST = {"monetisation_growth_per_year": 0.0, "dry_powder_scale": 0.05, "bond_appetite_scale": 0.3}
WARRANT = """extends = "ai-2025"
[[warrant]]
name = "Warrant"
grantor = "NVIDIA"
holder = "OpenAI"
announced = 2025-09-15
shares = 100_000_000
strike_usd = 100.0
tranches = 2
capacity_gw = 0.2
first_price_usd = 250.0
last_price_usd = 300.0
expires = 2028-09-15
chips_usd_per_gw = 28e9
"""
BACKSTOP = """extends = "vendor-loans"
[[backstop]]
name = "Backstop"
backer = "Northlight Systems"
cloud = "Polar Fibre"
limit_usd = 2e9
covered_share = 0.5
expires = 2001-01-15
"""
CONVERTIBLE = """extends = "ai-2025"
[[convertible]]
name = "Convertible"
issuer = "Oracle"
holder = "Private credit funds"
amount_usd = 5e9
coupon_per_year = 0.01
closes = 2025-12-01
announced = 2025-09-15
"""
EVERYBODY = (Path(__file__).parents[1] / "scenarios" / "everybody.toml").read_text().partition("[[on]]")[0]
LISTING = """extends = "ai-2025"
[behaviour]
round_price_up = 5.0
[[listing]]
name = "Listing"
lab = "OpenAI"
lock_up_months = 1
value_min_usd = 4.8e11
"""
WORLDS = {
    "ai-2025": ("ai-2025", 90, 300, {}),
    "ticket": ("ai-2025-ticket", 252, 0, {}),
    "wide": ("ai-2025-wide-september", 90, 300, {}),
    "vendors": ("vendor-loans", 90, 0, {}),
    "warrant": (WARRANT, 90, 300, {}),
    "backstop": (BACKSTOP, 90, 0, {}),
    "convertible": (CONVERTIBLE, 90, 0, {}),
    "everybody": (EVERYBODY, 190, 0, {}),
    "listing": (LISTING, 106, 300, {}),
    "no listing": (LISTING.replace("value_min_usd = 4.8e11", "market_up_share = 0.3"), 90, 300, {}),
    "rounds": ("ai-2025", 600, 0, {}),
    "sellers": ("ai-2025-wide-september", 600, 0, {"dry_powder_scale": 0.05}),
    "no lenders": ("ai-2025", 300, 0, {"bond_appetite_scale": 0.02}),
    "poor investors": ("ai-2025", 600, 0, {"dry_powder_scale": 0.05}),
    "bust": ("ai-2025", 600, 0, BUST),
    "stalled": ("vendor-loans", 600, 0, {"monetisation_growth_per_year": -0.4, "bond_appetite_scale": 0.3}),
}
"""Worlds in which keys show that they have changed, quick ones first; those at the end are in trouble soon."""
OTHER = {
    "instrument": "order",
    "rank": "subordinated",
    "disposition": -0.6,
    "covenant_spread_per_year": 0.001,
    "covenant_coverage": 50.0,
    "closes": "2025-10-30",
    "expires": "2026-10-30",
    "first_service": "2027-06-01",
    "buyback_price_max": 1.0,
    "block_affinity": 0.0,
}
CUT = DatedChange(day=DAY, set={"milestone.NVIDIA-OpenAI investment.capacity_gw": 5.0})


@cache
def world(name):
    """A scenario of the table, as long as it says."""
    base, days, holders, parameters = WORLDS[name]
    scenario = parse(base) if "\n" in base else load(base)
    data = apply_parameters(scenario, parameters).model_dump() | {"days": days, "holders": holders}
    return validated(data if holders else data | {"households": None}, name)


def seen(model):
    """What a day leaves behind: prices, balances, stories, the crowd, contracts, events."""
    board, books, crowd = model.prices, model.books, model.cast.holders
    return (
        board.price_cents.tobytes(),
        board.variance_per_day.tobytes(),
        board.mean_volume_shares.tobytes(),
        books.journal.balances.tobytes(),
        books.registers.holdings.tobytes(),
        model.beliefs.log_multiple.tobytes(),
        () if crowd is None else (crowd.cash_cents.tobytes(), crowd.state.tobytes()),
        tuple(contract.row() for contract in model.contracts.promises),
        tuple(model.chronicle.events),
    )


def run(scenario):
    """Every day of a run; the audit is part of each."""
    model, rows = CarouselModel(scenario, rng=3), []
    while model.running:
        model.step()
        rows.append(seen(model))
    return model, rows


@cache
def plain(name):
    """The run without a change."""
    return run(world(name))[1]


def with_entries(name, *entries):
    """A world with dated entries."""
    on = [entry.model_dump() for entry in entries if isinstance(entry, DatedChange)]
    stop = [entry.model_dump() for entry in entries if isinstance(entry, Stop)]
    return validated(world(name).model_dump() | {"on": on, "stop": stop}, name)


def changed(name, *entries):
    """The run of a world with dated entries."""
    return run(with_entries(name, *entries))


def differs(name, rows):
    """Whether a run is the plain one up to the change, and another one after it beyond the day's own event."""
    assert rows[: DAY - 1] == plain(name)[: DAY - 1]
    return [row[:-1] for row in rows] != [row[:-1] for row in plain(name)]


def other_value(field, old):
    """Another value of a key that its world allows."""
    if isinstance(old, bool):
        return not old
    if field in OTHER:
        return OTHER[field]
    if field == "share":
        return 1 - old if old < 1 else 1.0
    if not old:
        return 1 if isinstance(old, int) else 0.01
    return (old // 2 or old + 1) if isinstance(old, int) else old * 0.7


def change_of(name, kind, field):
    """A key's other value from the change on, in every entry of its kind; None in a world without such entries."""
    of_kind = getattr(world(name), kind)
    if not of_kind:
        return None
    entries = {kind: of_kind} if kind in SINGLE else {f"{kind}.{x.name}": x for x in of_kind}
    return DatedChange(
        day=DAY, set={f"{at}.{field}": other_value(field, getattr(x, field)) for at, x in entries.items()}
    )


KEYS = [(kind, field) for kind, model in {**KINDS, **SINGLE}.items() for field in changeable(model)]


@pytest.mark.once
@pytest.mark.parametrize(("kind", "field"), KEYS, ids=lambda each: each)
def test_every_key_that_can_change_does_and_leaves_the_past_as_it_was(kind, field):
    changes = {name: change_of(name, kind, field) for name in WORLDS}
    shows = any(differs(name, changed(name, change)[1]) for name, change in changes.items() if change)
    assert shows


def test_one_event_tells_what_has_changed():
    model, rows = changed("ai-2025", CUT)
    told = [event for row in rows for event in row[-1] if event.kind is Happening.CHANGED]
    assert [(event.day, event.detail) for event in told] == [
        (DAY, "changed by the scenario: milestone.NVIDIA-OpenAI investment.capacity_gw = 5.0")
    ]
    (letter,) = [c for c in model.contracts.promises if c.name == "NVIDIA-OpenAI investment"]
    assert letter.promise.announced_cents == 50 * 10**11
    assert letter.contracted_mw == 5000


def test_earnings_that_change_are_believed_from_that_day_on():
    half = DatedChange(day=DAY, times={"chip_maker.NVIDIA.earnings_usd_per_year": 0.5})
    plain_model, model = (CarouselModel(with_entries("ai-2025", *on), rng=3) for on in ((), (half,)))
    for _ in range(DAY):
        plain_model.step()
        model.step()
    ratio = model.beliefs.base_earnings_usd / plain_model.beliefs.base_earnings_usd
    changes = [0.5 if firm.name == "NVIDIA" else 1.0 for firm in model.cast.listed]
    assert ratio.tolist() == pytest.approx(changes, rel=1e-12)


def test_an_announcement_with_a_change_is_heard_like_any_other():
    said = Statement(firm="NVIDIA", text="NVIDIA halves its letter of intent", amount_usd=5e10, direction=-1)
    quiet, loud = (changed("ai-2025", CUT.model_copy(update={"announce": a}))[0] for a in (None, said))
    (item,) = [a for a in loud.chronicle.announcements.announcements if a.text == said.text]
    assert (item.day, item.released, item.direction) == (DAY, True, -1)
    assert item.number in loud.chronicle.first_days
    assert loud.beliefs.log_multiple_of("NVIDIA") < quiet.beliefs.log_multiple_of("NVIDIA")


def test_a_promise_is_never_cut_below_what_is_begun():
    tiny = DatedChange(day=300, set={"contract.*.capacity_gw": 0.01})
    model, _ = changed("rounds", tiny)
    for contract in model.contracts.promises:
        assert contract.contracted_mw >= contract.delivered_mw or not contract.contracted_mw
        assert contract.paid_cents <= contract.promise.announced_cents or not contract.promise.announced_cents


@pytest.mark.parametrize("payer", ["SoftBank", "Banks", "NVIDIA", "households", "customers of OpenAI", "AI customers"])
def test_who_stops_leaves_the_past_as_it_was_and_is_missed_after_it(payer):
    assert any(differs(name, changed(name, Stop(day=DAY, payer=payer))[1]) for name in ("ai-2025", "rounds"))


def test_who_stops_puts_no_new_money_in_and_keeps_what_it_holds():
    plain_model = CarouselModel(world("ai-2025"), rng=3)
    for _ in range(DAY - 1):
        plain_model.step()
    account = plain_model.books.journal.account("Banks")
    held = plain_model.books.registers.holdings[account].tolist()
    model, _ = changed("ai-2025", Stop(day=DAY, payer="Banks"), Stop(day=DAY, payer="NVIDIA"))
    after = model.books.registers.holdings[account].tolist()
    assert after[: len(held)] == held
    assert not any(after[len(held) :])
    (letter,) = [c for c in model.contracts.promises if c.name == "NVIDIA-OpenAI investment"]
    assert not letter.is_alive


def test_a_bank_that_stops_ends_its_line_and_breaks_no_promise():
    model, rows = changed("ai-2025", Stop(day=DAY, payer="Banks"))
    (line,) = [c for c in model.contracts.promises if c.label == "revolving_line"]
    assert line.status == "done"
    assert line.room_cents(0.0) == 0
    assert not {event.kind for row in rows for event in row[-1]} & set(BREAKS)


def test_a_change_that_is_injected_is_the_same_as_one_that_the_scenario_says():
    model = CarouselModel(world("ai-2025"), rng=3)
    rows = []
    while model.running:
        if model.clock.day == DAY - 1:
            model.inject(CUT)
        model.step()
        rows.append(seen(model))
    assert rows == changed("ai-2025", CUT)[1]


def test_a_change_that_cannot_take_force_is_refused_when_it_is_injected():
    model = CarouselModel(world("ai-2025"), rng=3)
    before = model.scenario_data
    with pytest.raises(ScenarioError, match="names and parties stay"):
        model.inject(DatedChange(set={"lab.OpenAI.name": "Another"}))
    assert model.scenario_data is before
