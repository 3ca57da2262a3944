"""What people brought and what broke: each file is refused when it is loaded, in one line, or it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from carousel.model import CarouselModel, run
from carousel.scenarios.errors import ScenarioError
from carousel.scenarios.loader import decode, load, parse, read_text
from carousel.scenarios.parameters import PARAMETERS, apply_parameters

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(__file__).with_name("cases")
BASE = (CASES / "etf-value-zero.toml").read_text().replace("etf_value_usd = 0\n", "etf_value_usd = 50e9\n")

REFUSED = {
    "debts-below-a-cent": ("obligation.one.amount_usd", "0.001", "0.01"),
    "inventory-0.93": ("households.etf_value_usd", "beside 300000000 in named hands", "the 500000000 outstanding"),
    "inventory-one": ("etf.participant_inventory_share", "1.0", "0.99"),
    "growth-minus-one-lab": ("lab.Lab.revenue_growth_per_year", "-1.0", "greater than -1"),
    "growth-minus-one-listed": (
        "listed_firm.Rest of the technology index.earnings_growth_per_year",
        "-1",
        "greater than -1",
    ),
    "volatility-half": ("cloud.Polar Fibre.daily_volatility", "0.5", "0.15"),
    "volatility-nan": ("listed_firm.Rest of the technology index.daily_volatility", "0.45", "0.15"),
    "decay-tiny": ("behaviour.multiplier_decay_per_day", "0.0001", "more than 0.006"),
    "cash-below-half-a-cent": (
        "listed_firm.Rest of the technology index.opening_cash_usd",
        "0.001",
        "money is counted in whole cents",
    ),
    "equity-share-tiny": ("active_fund.Pension fund.equity_share", "0.0087", "5e+13 USD of cash"),
    "bond-named-as-issuer": ("bond.Cloud.name", "'Cloud'", "a name that no firm, ETF or loan has"),
    "label-households": ("bond_buyer.Banks.savers", "'households'", "no party's name"),
    "label-of-two-classes": (
        "active_fund.Core fund.savers",
        "'Bank credit' for fund savers, which already stands for bank credit",
        "one label, one class of origin",
    ),
}
"""File -> key path, a piece of what came, a piece of what is allowed."""
RUN = (
    "debts-investor-pays",
    "debts-due-days",
    "debts-ring-1e7",
    "escapes-and-markdown",
    "guidance-of-a-lab",
    "etf-value-zero",
)


def refused(text: str) -> ScenarioError:
    """The error of a text that must be refused."""
    with pytest.raises(ScenarioError) as caught:
        parse(text, file="case.toml")
    return caught.value


def replaced(old: str, new: str, text: str = BASE) -> str:
    """A text with one piece replaced; the piece is there."""
    assert old in text
    return text.replace(old, new, 1)


def test_every_case_is_here_and_has_its_line_in_the_documents():
    assert {path.stem for path in CASES.glob("*.toml")} == {*REFUSED, *RUN}
    page = (ROOT / "docs" / "inputs.md").read_text()
    missing = [path.name for path in CASES.iterdir() if f"\n| {path.name} | `" not in page]
    assert missing == []


@pytest.mark.parametrize("case", REFUSED)
def test_a_case_that_cannot_run_is_refused_with_its_key_and_what_is_allowed(case):
    with pytest.raises(ScenarioError) as caught:
        load(CASES / f"{case}.toml")
    path, came, allowed = REFUSED[case]
    assert caught.value.key_path == path
    assert came in caught.value.came
    assert allowed in caught.value.allowed


def test_a_refused_file_ends_with_status_2_one_line_and_nothing_written(tmp_path):
    command = [sys.executable, str(ROOT / "run.py"), "simulate", str(CASES / "decay-tiny.toml")]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", RUN)
def test_a_case_that_can_run_runs_to_its_end(case):
    model = run(CarouselModel(load(CASES / f"{case}.toml"), rng=0))
    assert model.clock.day == model.clock.days


def test_an_investor_pays_its_debt():
    model = run(CarouselModel(load(CASES / "debts-investor-pays.toml"), rng=0))
    journal = model.books.journal
    assert journal.balance(journal.account("A")) == 10_000
    assert journal.balance(journal.account("V")) == 0


def test_households_without_holdings_hold_cash_only_and_may_buy_later():
    model = CarouselModel(load(CASES / "etf-value-zero.toml"), rng=0)
    assert model.cast.holders.total_etf_shares() == 0
    assert model.cast.holders.total_cash_cents() == 10**12
    run(model)


def test_at_most_the_declared_shares_exist():
    scenario = parse(replaced("[households]", "participant_inventory_share = 0.5\n[households]"))
    model = CarouselModel(scenario, rng=0)
    issued = {firm.name: int(model.books.registers.outstanding[firm.security]) for firm in model.cast.listed}
    assert issued == {firm.name: firm.shares for firm in scenario.listed}


@pytest.mark.parametrize(
    ("field", "old"),
    [
        ("lab.Lab.revenue_growth_per_year", "revenue_growth_per_year = 0.5"),
        ("lab.Lab.expected_growth_per_year", "costs_share_of_revenue = 0.6"),
        ("lab.Lab.costs_growth_per_year", "costs_share_of_revenue = 0.6"),
        ("cloud.Cloud.cash_growth_per_year", "build_months = 6"),
        ("cloud.Cloud.earnings_growth_per_year", "build_months = 6"),
        ("chip_maker.Chips.supply_growth_per_year", "net_margin = 0.5"),
    ],
)
def test_no_growth_takes_everything_at_once(field, old):
    key = field.rpartition(".")[2]
    new = f"{key} = -1" if old.startswith(key) else f"{old}\n{key} = -1"
    error = refused(replaced(old, new))
    assert (error.key_path, error.allowed) == (field, "greater than -1")


@pytest.mark.parametrize(
    "path", ["cloud.Cloud.opening_cash_usd", "lab.Lab.opening_cash_usd", "etf.participant_cash_usd"]
)
def test_a_sum_of_money_is_nothing_or_a_cent_at_least(path):
    with pytest.raises(ScenarioError, match="whole cents"):
        load("ai-2025", [path.replace("Cloud", "Oracle").replace("Lab", "OpenAI") + "=0.004"])


def test_a_label_in_another_case_is_the_same_label_and_said_so():
    error = refused(replaced('savers = "Fund B savers"', 'savers = "fund a savers"'))
    assert (error.key_path, "'Fund A savers', as it is written elsewhere" in error.allowed) == (
        "active_fund.Fund B.savers",
        True,
    )


@pytest.mark.parametrize("label", ["AI customers", "suppliers and staff"])
def test_a_label_of_the_simulations_own_outside_accounts_is_refused(label):
    assert refused(replaced('savers = "Bank credit"', f'savers = "{label}"')).key_path == "bond_buyer.Banks.savers"


def test_a_file_may_begin_with_a_byte_order_mark():
    text = read_text("joke")[0]
    assert parse(decode(b"\xef\xbb\xbf" + text.encode(), file="joke.toml")) == parse(text)


@pytest.mark.parametrize(
    "written", ["Caf\u00e9  Cloud", "Cafe\u0301 Cloud", "Caf\u00e9\u00a0Cloud", " Caf\u00e9 Cloud "]
)
def test_a_name_is_one_name_in_every_unicode_form_and_with_any_spaces(written):
    text = BASE.replace('"Cloud"', '"Caf\u00e9 Cloud"', 1).replace('"Cloud"', f'"{written}"')
    scenario = parse(text)
    assert scenario.cloud[0].name == scenario.contract[0].provider == "Caf\u00e9 Cloud"


@pytest.mark.parametrize("twin", ["\uff23loud", "CLOUD", "Clou\u200dd"])
def test_two_names_that_look_alike_are_refused(twin):
    error = refused(f'{BASE}\n[[firm]]\nname = "{twin}"')
    assert "nobody else" in error.allowed or "pattern" in error.allowed


def test_an_entry_extends_that_of_the_same_name_in_another_unicode_form(tmp_path):
    base = tmp_path / "base.toml"
    base.write_text(BASE.replace('"Cloud"', '"Caf\u00e9"'))
    (tmp_path / "new.toml").write_text('extends = "base.toml"\n[[cloud]]\nname = "Cafe\u0301"\nbuild_months = 7\n')
    scenario = load(tmp_path / "new.toml", ["cloud.Cafe\u0301.build_gw_per_year_max=2"])
    assert [(c.build_months, c.build_gw_per_year_max) for c in scenario.cloud] == [(7, 2.0)]


@pytest.mark.parametrize("name", ["nope.toml", "no/such/file.toml", "a" * 300 + ".toml", "null\0byte.toml"])
def test_a_missing_file_is_one_short_line(name):
    with pytest.raises(ScenarioError) as caught:
        load(name)
    said = str(caught.value)
    assert said.count("no such file") == 1
    assert len(said) - len(caught.value.file) < 100


@pytest.mark.parametrize(
    ("american", "british"),
    [("monetization_growth_per_year=1", "monetisation_growth_per_year"), ("behavior.size_doubt=1", "behaviour")],
)
def test_american_spelling_finds_its_british_name(american, british):
    with pytest.raises(ScenarioError) as caught:
        load("ai-2025", [american])
    assert caught.value.nearest[0] == british


def test_whoever_is_drawn_rich_holds_what_fits_and_the_rest_is_spread():
    model = CarouselModel("ai-2025", rng=698269, holders=300)
    assert int(model.cast.holders.etf_shares.max()) <= 2**31 - 1
    assert model.cast.holders.total_etf_shares() == 15_000_000_000


CHECKED = {
    "cloud.Cloud.daily_volatility": ("behaviour.fw_sigma_chartist=10", "cloud.Cloud.daily_volatility=0.06"),
    "behaviour.fw_chi": ("behaviour.fw_mu=1", "behaviour.fw_chi=1"),
    "behaviour.fw_phi": ("behaviour.fw_phi=5", "cloud.Cloud.daily_volatility=0.05"),
    "behaviour.private_noise_per_day": (
        "behaviour.private_noise_per_day=0.1",
        "behaviour.private_noise_persistence=0.9999",
    ),
    "contract.Compute.price_usd_per_gw_year": ("contract.Compute.price_usd_per_gw_year=5e13",),
    "build_plan.Own halls.demand_growth_per_year": (
        "build_plan.Own halls.demand_growth_per_year=20",
        "build_plan.Own halls.growth_slowdown_per_year=0",
        "days=5040",
    ),
    "lab.Lab.revenue_growth_per_year": (
        "lab.Lab.revenue_growth_per_year=20",
        "lab.Lab.growth_slowdown_per_year=0",
        "days=2520",
    ),
    "listed_firm.Rest.earnings_growth_per_year": ("listed_firm.Rest.earnings_growth_per_year=2", "days=1260"),
    "listed_firm.Rest.earnings_usd_per_year": ("listed_firm.Rest.earnings_usd_per_year=1e8",),
    "cloud.Cloud.revenue_usd_per_year": ("cloud.Cloud.revenue_usd_per_year=5e13", "days=756"),
    "households.saving_usd_per_year": ("households.saving_usd_per_year=5e13", "days=756"),
    "listed_firm.Rest.price_usd": (
        "listed_firm.Rest.price_usd=1e6",
        "listed_firm.Rest.shares=1500000",
        "listed_firm.Rest.earnings_usd_per_year=1e11",
        "listed_firm.Rest.earnings_growth_per_year=1",
        "days=1512",
    ),
    "etf.price_usd": ("etf.price_usd=1e5", "etf.creation_unit_shares=50"),
}
"""Key path -> changes of a world that runs, which together are too much."""


@pytest.mark.parametrize("path", CHECKED)
def test_what_a_run_could_not_carry_is_computed_before_it(path):
    with pytest.raises(ScenarioError) as caught:
        load(Path(__file__).with_name("everybody.toml"), CHECKED[path])
    assert caught.value.key_path == path


def test_every_headline_parameter_may_be_taken_to_its_bounds_in_the_bundled_worlds():
    for name in ("ai-2025", "ai-2025-as-printed", "ai-2025-wide-september"):
        scenario = load(name)
        for row in PARAMETERS:
            for value in (row.low, row.high):
                changed = apply_parameters(scenario, {row.name: value})
                assert f"parameter {row.name} = {value!r}" in changed.sources.values()
