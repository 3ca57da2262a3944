"""Money is raised once a month: rounds, capital calls, tranches at milestones, bonds, then shares."""

from __future__ import annotations

from carousel.contracts.base import Status
from carousel.contracts.capital_call import CallTerms, CapitalCall
from carousel.engine.calendar import DAYS_PER_MONTH
from carousel.ledger.causes import Cause
from carousel.ledger.journal import CAUSE, CENTS, PAYEE, PAYER
from carousel.narrative.announcements import Draft, Instrument
from carousel.timeline import bond_trading

NO_POWDER = (
    "venture_investor.SoftBank.dry_powder_usd=0", "venture_investor.SoftBank.dry_powder_inflow_usd_per_year=0",
)  # fmt: skip


def paid(model, cause):
    """Today's cents under a cause, by (payer, payee)."""
    entries = model.books.last.entries
    rows = entries[entries[:, CAUSE] == cause]
    out = {}
    for row in rows.tolist():
        out[row[PAYER], row[PAYEE]] = out.get((row[PAYER], row[PAYEE]), 0) + row[CENTS]
    return out


def test_rounds_tranches_and_bonds_move_money_on_the_last_day_of_a_month_only(bench):
    model = bench.small(days=126, overrides=("lab.OpenAI.opening_cash_usd=2e9", *bench.ROUND_PAID))
    seen = set()
    while model.running:
        model.step()
        for cause in (Cause.ROUND, Cause.CAPITAL_CALL, Cause.BOND_ISSUE, Cause.BOND_INFLOW, Cause.MILESTONE):
            if paid(model, cause):
                assert model.clock.day % 21 == 0
                seen.add(cause)
    assert {Cause.ROUND, Cause.CAPITAL_CALL, Cause.BOND_ISSUE} <= seen


def test_a_round_sells_as_many_shares_as_its_money_buys_at_its_price(bench):
    model = bench.small(days=63, overrides=("lab.OpenAI.opening_cash_usd=2e9", *bench.ROUND_PAID))
    lab, registers = model.cast.labs[0], model.books.registers
    sold = False
    while model.running:
        before = int(registers.outstanding[lab.security])
        model.step()
        cents = sum(paid(model, Cause.ROUND).values())
        new_shares = int(registers.outstanding[lab.security]) - before
        if cents:
            sold = True
            assert cents == new_shares * lab.price_cents
        else:
            assert new_shares == 0
    assert sold


def test_called_capital_leaves_the_partners_and_the_dry_powder_alike(bench):
    model = bench.small(
        days=63, overrides=(*bench.ROUND_PAID, "lab.OpenAI.opening_cash_usd=2e9", "venture_investor.*.appetite=3")
    )
    called = 0
    while model.running:
        powder = {v.account: v.dry_powder_cents for v in model.cast.venture_investors}
        model.step()
        for (partners, account), cents in paid(model, Cause.CAPITAL_CALL).items():
            investor = model.cast.venture_by_account[account]
            assert investor.partners_account == partners
            # what its partners promise anew this month comes on top
            assert powder[account] - cents <= investor.dry_powder_cents
            called += cents
        assert all(v.dry_powder_cents >= 0 for v in model.cast.venture_investors)
    assert called > 0


def test_nobody_bids_what_it_has_not(bench):
    """A round of investors whose partners promised nothing fails."""
    overrides = ("lab.OpenAI.opening_cash_usd=3e9", "venture_investor.*.sells_stakes=false", *bench.ROUND_PAID)
    told = bench.tell(bench.small(days=21, overrides=overrides, dry_powder_scale=0.0))
    assert told.days_of("round_failed") == [21]
    assert told.days_of("round_closed", "down_round", "capital_called") == []


def call(model, cents):
    """A promise of SoftBank from a round of last month."""
    lab, investor = model.cast.labs[0], model.cast.venture_investors[0]
    item = model.chronicle.announcements.schedule(1, Draft(lab.name, Instrument.EQUITY, "a round", direction=0))
    terms = CallTerms(
        investor=investor.name, investor_account=investor.account, lab=lab.name, cents=cents,
        price_cents=lab.price_cents, announcement=item.number, deadline_month=9,
    )  # fmt: skip
    model.contracts.enter_call(CapitalCall(terms))


def test_an_investor_without_powder_sells_listed_stakes_to_pay_its_call(bench):
    model = bench.small(days=30, overrides=NO_POWDER)
    call(model, 10**11)
    told = bench.tell(model)
    assert {e[2:4] for e in told.events if e[1] == "stake_sold"} == {("SoftBank", "NVIDIA")}


def test_an_investor_sells_until_all_its_calls_are_paid(bench):
    model = bench.small(days=30, overrides=NO_POWDER)
    call(model, 10**11)
    call(model, model.cast.labs[0].price_cents - 1)
    told = bench.tell(model)
    assert told.days_of("stake_sold") != []


def test_a_cloud_pays_the_tranches_it_promised_its_lab(bench):
    """ai-2025-wide: Amazon invests in Anthropic for each GW it deploys for it; here the first is nearly there."""
    overrides = (
        "milestone.Amazon-Anthropic investment.deployed_gw=0.95",
        "cloud.Amazon.build_months=3", "cloud.Amazon.chip_lead_months=2", "behaviour.coverage_weight=0",
    )  # fmt: skip
    model = bench.small("ai-2025-wide-september", days=105, overrides=overrides)
    before = next(c for c in model.contracts.promises if c.payee == "Amazon").delivered_mw
    told = bench.tell(model)
    compute, milestone = (
        next(c for c in model.contracts.promises if c.name == name)
        for name in ("Anthropic-Amazon compute", "Amazon-Anthropic investment")
    )
    assert compute.delivered_mw >= before + 50
    assert milestone.status is not Status.CANCELLED
    assert "Amazon" in {event[2] for event in told.events if event[1] == "milestone_paid"}


def test_a_bond_series_trades_once_a_month_on_its_own_day_up_to_the_day_before_it_matures(bench, monkeypatch):
    traded = []
    monkeypatch.setattr(bond_trading, "_trade_series", lambda world, bond, *_: traded.append((world.clock.day, bond)))
    model = bench.small("vendor-loans", days=4 * DAYS_PER_MONTH)
    bond = next(each for each in model.contracts.bonds.series if each.trading_day)
    matures = bond.trading_day + 2 * DAYS_PER_MONTH
    while model.clock.day < matures:
        model.step()
    over = (f"bond.{bond.name}.maturity={model.clock.date}",)
    model = bench.small("vendor-loans", days=matures, overrides=over)
    series = {each.name: each for each in model.contracts.bonds.series}
    while model.running:
        model.step()
    assert series[bond.name].terms.maturity_day == matures
    for name, each in series.items():
        days = [day for day in range(1, matures + 1) if day % DAYS_PER_MONTH == each.trading_day]
        assert [day for day, one in traded if one is each] == (days[:-1] if name == bond.name else days)


def test_scarce_chips_slow_the_building_and_do_not_stop_it(bench):
    """Half as many chips as the plan needs: half of it is built, not nothing."""
    overrides = (
        "chip_maker.NVIDIA.supply_gw_per_year_max=0.75", "chip_maker.NVIDIA.supply_growth_per_year=0",
        "cloud.Oracle.build_months=3", "cloud.Oracle.chip_lead_months=2",
    )  # fmt: skip
    told = bench.tell(bench.small(days=252, overrides=overrides))
    assert told.days_of("delivered") != []
