"""No behavioural parameter is dead: half of it or twice moves a cent or a price in a world that is named here."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import NamedTuple

import pytest
from carousel.agents.outside_flows import OutsideFlow
from carousel.experiments import named
from carousel.model import CarouselModel
from carousel.scenarios.behaviour import Behaviour, parameter_table
from carousel.scenarios.loader import load, parse
from carousel.scenarios.overrides import override

POOR_LAB = (
    "lab.*.revenue_growth_per_year=0", "lab.*.expected_growth_per_year=0", "lab.*.opening_cash_usd=1e9",
    "venture_investor.*.dry_powder_usd*=0.001", "venture_investor.*.dry_powder_inflow_usd_per_year*=0.001",
    "capital_call.*.amount_usd*=0.01", "contract.*.delivered_gw=1.0", "lab.*.revenue_usd_per_year=5e9",
    "lab.*.costs_usd_per_year=0", "lab.*.costs_share_of_revenue=0",
)  # fmt: skip
POOR_CLOUD = (
    "cloud.*.opening_cash_usd=1e9", "cloud.*.revenue_usd_per_year=10e9", "bond_buyer.*.opening_cash_usd*=0.02",
    "bond_buyer.*.inflow_usd_per_year*=0.02", "revolving_line.*.limit_usd=1e8", "behaviour.share_issue_parts=100000",
)  # fmt: skip
BACK = 'extends = "ai-2025"\n[[on]]\nday = 150\ntimes = { "bond_buyer.*.inflow_usd_per_year" = 100.0 }\n'


LENT = """extends = "ai-2025"
[[vendor_loan]]
name = "Line to the lab"
lender = "Oracle"
borrower = "OpenAI"
committed_usd = 20e9
drawn_usd = 10e9
financed_share = 0.5
spread_per_year = 0.03
draw_months = 24
repayment_months = 24
"""
OUTSIDE = str(Path(named.__file__).parent / "worlds" / "ai-2025-outsider.toml")


class World(NamedTuple):
    """A scenario by name or text, what is changed in it, its days and seed, and whose parameters act in it."""

    scenario: str
    changes: tuple[str, ...]
    days: int
    seed: int
    acting: str = ""


WORLDS = {
    "an autumn": World("ai-2025", (), 130, 1),
    "customers leave": World(
        "vendor-loans", ("build_plan.*.demand_growth_per_year=-0.3",), 320, 0,
        "guidance_log_odds evidence_paid_on_time evidence_delivered evidence_late evidence_coverage solvency_log_min "
        "fatigue_memory_days bad_news_weight volatility_feedback_min atm_share_of_volume line_run_per_month "
        "line_fear line_cover_min build_pace_min chip_life_years site_life_years tax_share "
        "earnings_memory_months outlook_years evidence_share_of_slow_building belief_to_pay belief_to_stay "
        "recovery_of_face volume_memory_per_day cut_share",
    ),
    "customers flee": World(
        "vendor-loans", ("build_plan.*.demand_growth_per_year=-0.9",), 600, 0,
        "surprise_max recovery_of_junior_claims hedge_margin share_issue_parts opening_turnover_per_day",
    ),
    "operators earn": World(
        "vendor-loans", ("cloud.*.costs_usd_per_year*=0.5",), 250, 0, "solvency_log_max newsworthy_charge"
    ),
    "several circles": World(
        "ai-2025-wide-september", (), 150, 4,
        "order_log_odds coverage_log_max log_odds_max sector_elasticity commitments_as_debt need_price_min "
        "bond_thinning_per_year newsworthy_surprise variance_memory_per_day variance_jump_limit fatigue_from_others",
    ),
    "several circles, three years": World(
        "ai-2025-wide-september", ("venture_investor.*.dry_powder_usd*=0.05",), 800, 5,
        "round_price_step demand_switching call_patience_months venture_optimism venture_opinion lab_value_in_default",
    ),
    "stories told to the bound": World(
        "ai-2025-wide-september", ("behaviour.multiplier_spread_per_day=0.015",), 20, 0, "multiplier_return_max"
    ),
    "told in chips": World("ai-2025-as-printed", (), 30, 0, "attention_to_chips"),
    "four years": World(
        "ai-2025", (), 900, 3,
        "round_step_up trend_days round_step_up_trend appetite_max promise_fade_share "
        "round_price_up round_coverage_below round_value_share",
    ),
    "slow customers": World(
        "ai-2025", ("lab.*.revenue_growth_per_year=1.0",), 1000, 1,
        "round_price_steps_max appetite_markup appetite_multiple sellable_stake_parts",
    ),
    "a lab goes under": World(
        "ai-2025",
        (
            "lab.*.revenue_growth_per_year=0", "lab.*.expected_growth_per_year=0.5",
            "venture_investor.*.dry_powder_usd*=0.03", "venture_investor.*.dry_powder_inflow_usd_per_year*=0.03",
            "capital_call.*.amount_usd*=0.1",
        ), 700, 0,
        "evidence_renegotiated announced_size_max bond_flow_gain round_placement_min venture_bid_share appetite_trend "
        "grace_months renegotiation_cut recovery_own_assets bills_ahead_months round_ask_less round_ask_share_min "
        "relief_runway_share inflow_appetite_max stake_sale_share_of_volume participant_bid_parts promise_fade_months "
        "bond_forced_discount bond_forced_sale_share",
    ),
    "rent is not paid": World("ai-2025", POOR_LAB, 400, 0, "renegotiations_max evidence_missed arrears_stretch_months"),
    "neither can pay": World(
        "ai-2025", (*POOR_LAB, *POOR_CLOUD), 84, 0,
        "recovery_claims offering_discount_max late_spread_per_year distress_cost_share",
    ),
    "chips are scarce": World(
        "ai-2025", ("chip_maker.*.supply_gw_per_year_max=0.3",), 330, 0, "evidence_share_of_late_chips"
    ),
    "lenders are scarce": World(
        "ai-2025", ("bond_buyer.*.opening_cash_usd*=0.2", "bond_buyer.*.inflow_usd_per_year*=0.2"), 330, 0,
        "build_pace_loss_per_month",
    ),
    "a cloud without lenders": World("ai-2025", POOR_CLOUD[2:5], 400, 2, "shortfall_tolerated_parts"),
    "a cloud near its buffer": World(
        "ai-2025",
        (
            "bond_buyer.*.opening_cash_usd*=0.1", "bond_buyer.*.inflow_usd_per_year*=0.05",
            "revolving_line.*.limit_usd=1e9", "cloud.*.cash_buffer_usd=20e9", "behaviour.share_issue_parts=400",
        ), 300, 0, "offering_below_buffer",
    ),
    "lenders come back": World(
        BACK,
        (
            "bond_buyer.*.opening_cash_usd*=0.1", "bond_buyer.*.inflow_usd_per_year*=0.02",
            "revolving_line.*.limit_usd=1e8", "behaviour.share_issue_parts=2000",
        ), 300, 0, "build_pace_gain_per_month",
    ),
    "a lab that owes its cloud": World(LENT, (), 130, 0, "coverage_when_even"),
    "agents make deals": World(
        "ai-2025-deals", (), 700, 4,
        "deal_look_months deal_horizon_months deal_dead_band deal_step_gw deal_years deal_build_years "
        "deal_coverage_min deal_premium_per_year deal_provider_share offer_cash_share offer_equity_max",
    ),
    "agents could make deals": World("ai-2025", (), 400, 4, "deal_making"),
    "money from outside": World(OUTSIDE, (), 3, 1, "outside_flow_margin"),
}  # fmt: skip
ELSEWHERE = {name for world in WORLDS.values() for name in world.acting.split()}
ROWS = {row["name"]: row for row in parameter_table()}
OUTSIDER = "Outside investor"


def moved(name):
    """Half and twice its value, within its bounds; of none, halfway to either bound."""
    row, low, high = ROWS[name], ROWS[name]["low"], ROWS[name]["high"]
    value = row["default"]
    found = (value / 2, value * 2) if value else ((low + value) / 2, (high + value) / 2)
    kept = (min(high, max(low, x)) for x in found)
    whole = isinstance(getattr(Behaviour(), name), int)
    return [x for x in dict.fromkeys((round(x) if value else math.ceil(x)) if whole else x for x in kept) if x != value]


def course(world, *changes):
    """Digest of every price and every balance of every day."""
    scenario = parse(world.scenario) if "\n" in world.scenario else load(world.scenario)
    scenario = override(scenario, ["holders=300", *world.changes, *changes])
    model, digest = CarouselModel(scenario, rng=world.seed, days=world.days), hashlib.sha256()
    if any(investor.name == OUTSIDER for investor in model.cast.venture_investors):
        model.cast.outside_flows.append(OutsideFlow(2, OUTSIDER, "Oracle", 10**13))
    while model.running:
        model.step()
        digest.update(model.prices.price_cents.tobytes())
        digest.update(model.books.journal.balances.tobytes())
    return digest.hexdigest()


def test_every_world_names_parameters_that_exist():
    assert set(ROWS) >= ELSEWHERE


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_every_parameter_of_a_world_moves_a_cent_or_a_price_in_it(name):
    """Those that no other world names must act in the first."""
    world = WORLDS[name]
    plain = course(world)
    acting = world.acting.split() or [name for name in ROWS if name not in ELSEWHERE]
    dead = [p for p in acting if all(course(world, f"behaviour.{p}={value}") == plain for value in moved(p))]
    assert dead == []
