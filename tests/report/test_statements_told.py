"""The statements of a run as they are asked for: in Python, at the command line, in every format; the panel by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import carousel
import pandas as pd
import pytest
from carousel.history.choice import Choice, ChoiceError
from carousel.report.answer_text import AnswerTable
from carousel.report.latex import latex_table, latex_text
from carousel.report.panel import INDICATORS, beside_twin
from carousel.report.scale import scale_of
from carousel.report.statement_tables import StatementTables
from carousel.report.statement_words import statement_tables

DAYS = 150
"""Two quarters and a part of a third."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A short run of the circle, written."""
    path = tmp_path_factory.mktemp("runs") / "circle"
    carousel.run("ai-2025", seed=3, days=DAYS, holders=300, out=path)
    return path


@pytest.fixture(scope="module")
def run(folder):
    """The same, opened."""
    return carousel.open_run(folder)


def test_python_hands_out_statements_flow_of_funds_and_panel(run):
    told = run.statements("Oracle", 2)
    assert (set(told["firm"]), set(told["quarter"])) == ({"Oracle"}, {2})
    cash = told[told["sheet"] == "cash flow"].set_index("line")["cents"]
    at_the_end = run["firms"].query("firm == 'Oracle' and day == 126")["cash_cents"].item()
    assert cash["cash at the end"] == at_the_end == cash["cash at the start"] + cash["change in cash"]
    assert len(run.statements()) > len(run.statements(quarter=3)) > 0
    matrix = run.flow_of_funds(1)
    assert not matrix.sum(axis=0).any()
    assert not matrix.sum(axis=1).any()
    assert len(run.panel()) == DAYS + 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"firm": "Oracel"}, "nearest: Oracle"),
        ({"quarter": 9}, "allowed: 0 to 3"),
        ({"quarter": -1}, "allowed: 0 to 3"),
    ],
)
def test_a_firm_or_a_quarter_that_is_none_is_refused(run, asked, said):
    with pytest.raises(ChoiceError, match=said):
        run.statements(**asked)


@pytest.mark.parametrize("choice", [Choice(keep=("firms",)), Choice(every_days=5), Choice(first_day=3)])
def test_a_run_that_kept_only_a_part_has_no_statements(choice):
    part = carousel.run("ai-2025", seed=3, days=5, holders=300, choice=choice)
    with pytest.raises(ChoiceError, match="kept only a part"):
        part.statements()


def test_debts_alone_have_statements_and_flow_of_funds_but_no_panel():
    joke = carousel.run("joke", seed=0)
    told = StatementTables.of_run(joke)
    assert told.gaps() == []
    assert list(told.frames()) == ["statements", "flow_of_funds"]
    assert len(list(statement_tables(told))) > 1
    with pytest.raises(ChoiceError, match="debts alone"):
        joke.panel()


def test_the_panel_is_what_its_definitions_say(run):
    """Worked out again from the tables for the last day, without the panel's functions."""
    now = run.panel().iloc[-1]
    circle = {"Oracle", "NVIDIA", "OpenAI"}
    promises = run["commitments_daily"].query("day == @DAYS")
    between = promises[promises["payer"].isin(circle) & promises["payee"].isin(circle)]
    between = between[between["status"] != "cancelled"]
    assert now["commitments_cents"] == between["committed_cents"].sum() > 0
    journal = run["journal"]
    outside = journal[journal["payee"].isin(circle) & ~journal["payer"].isin(circle)]
    equity = outside[outside["cause"].isin(["round", "milestone", "trade_receive"])]["cents"].sum()
    opening = run["cash"].query("day == 0 and account == 'OpenAI'")["cents"].item()
    assert now["outside_equity_cents"] == equity + opening
    assert now["recycling_ratio"] == now["commitments_cents"] / now["outside_equity_cents"]
    built = journal[journal["cause"].isin(["chip_bill", "construction"])]["cents"].sum()
    own = journal[journal["payee"] == "Oracle"].query("cause in ['revenue_other', 'compute_bill']")["cents"].sum()
    own -= journal[journal["payer"] == "Oracle"].query("cause in ['operation', 'running_costs']")["cents"].sum()
    assert now["capex_over_operating_earnings"] == pytest.approx(built / own, rel=1e-12)
    debts = run["firms"].query("firm == 'Oracle'").set_index("day")["debt_cents"]
    assert now["times_pledged"] == pytest.approx((debts[DAYS] - debts[0]) / built, rel=1e-12)
    assert now["off_balance_sheet_cents"] == (between["committed_cents"] - between["paid_cents"]).clip(lower=0).sum()


def test_households_lose_in_the_shock_what_the_etf_hands_on(run):
    now, etf = run.panel().iloc[-1], run["etf"].iloc[-1]
    held = run["holdings"].query("day == @DAYS")
    price = run["daily"].query("day == @DAYS").set_index("security")["price_cents"]
    in_trust = held[(held["account"] == etf["etf"]) & held["security"].isin(["Oracle", "NVIDIA"])]
    lost = 0.78 * (in_trust["units"] * in_trust["security"].map(price)).sum()
    own = held[(held["account"] == "households") & (held["security"] == etf["etf"])]["units"].item()
    assert now["loss_households_cents"] == pytest.approx(lost * own / etf["shares_outstanding"], abs=1)


def test_a_panel_beside_that_of_the_twin_has_the_difference(run):
    without = carousel.run("ai-2025", seed=3, days=42, holders=300)
    both = run.panel(against=without)
    assert len(both) == 43
    last = both.iloc[-1]
    for each in INDICATORS:
        if each.unit != "text" and not pd.isna(last[each.name]):
            assert last[f"{each.name}_difference"] == last[each.name] - last[f"{each.name}_twin"] == 0
    moved = beside_twin(run.panel(), run.panel().assign(commitments_cents=1))
    assert moved["commitments_cents_difference"].iloc[-1] == run.panel()["commitments_cents"].iloc[-1] - 1


def test_the_command_prints_every_statement_and_says_that_all_sums_hold(here, folder):
    ended = here("statements", str(folder))
    assert ended.returncode == 0, ended.stderr
    for title in ("Income statement", "Cash flow", "Balance sheet", "Flow of funds", "Sources and uses", "Revenue net",
                  "cross-holdings", "DebtRank", "Loss by holder", "supervisor's panel"):  # fmt: skip
        assert title in ended.stdout
    assert "assets = claims" in ended.stdout
    one = here("statements", str(folder), "--firm", "Oracle", "--quiet")
    assert "Opening" in one.stdout
    assert "Quarter 3" in one.stdout
    assert "DebtRank" not in one.stdout
    assert "assets = claims" not in one.stdout
    assert "Twin" in here("statements", str(folder), "--against", str(folder)).stdout


@pytest.mark.parametrize("form", ["csv", "parquet", "latex"])
def test_every_format_writes_what_the_frames_hold(here, folder, tmp_path, form):
    ended = here("statements", str(folder), "--to", form, "--out", str(tmp_path / "out"))
    assert ended.returncode == 0, ended.stderr
    written = sorted(p.name for p in (tmp_path / "out").iterdir())
    told = StatementTables.of_run(carousel.open_run(folder))
    if form == "latex":
        assert len(written) == len(list(statement_tables(told)))
        whole = (tmp_path / "out" / written[0]).read_text()
        assert whole.startswith("\\begin{table}")
        assert whole.count("{") == whole.count("}")
        return
    assert written == sorted(f"{name}.{form}" for name in told.frames())
    read = pd.read_csv if form == "csv" else pd.read_parquet
    for name in ("statements", "sources_and_uses", "net_revenue", "debtrank"):
        again = read(tmp_path / "out" / f"{name}.{form}")
        numbers = [column for column in again if column.endswith("cents")]
        assert again[numbers].to_numpy().tolist() == told.frames()[name][numbers].to_numpy().tolist()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "word"], "allowed: text, csv, latex, parquet"),
        (["--out", "x"], "--to csv, latex or parquet"),
        (["--firm", "Oracel"], "nearest: Oracle"),
        (["--quarter", "99"], "allowed: 0 to 3"),
    ],
)
def test_bad_input_is_one_line(here, folder, arguments, said):
    ended = here("statements", str(folder), *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_nothing_is_written_into_the_run_or_over_anything(here, folder, tmp_path):
    within = here("statements", str(folder), "--to", "csv", "--out", str(folder / "statements"))
    assert within.returncode == 2
    (tmp_path / "taken").write_text("keep me")
    assert here("statements", str(folder), "--to", "csv", "--out", str(tmp_path / "taken")).returncode == 2
    assert here("statements", str(folder), "--to", "latex", cwd=tmp_path).returncode == 0
    assert (tmp_path / "exports" / "circle-statements-latex").is_dir()


@pytest.mark.parametrize("table", ["statements", "flow_of_funds"])
def test_a_table_that_is_not_what_was_written_is_refused(here, folder, tmp_path, table):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    rows = pd.read_parquet(copy / f"{table}.parquet")
    rows.loc[len(rows) - 1, "cents"] += 1
    rows.to_parquet(copy / f"{table}.parquet", index=False)
    ended = here("statements", str(copy))
    assert ended.returncode == 1
    assert "not what was written" in ended.stderr


def test_latex_shows_exactly_the_text():
    assert latex_text("R&D_50% of $3 – a\\b") == r"R\&D\_50\% of \$3 -- a\textbackslash{}b"


def test_latex_of_a_small_table_by_hand():
    table = AnswerTable("A & B", ("Firm", "USD"), (("X", "1"), ("All", "1")), note="100 %", has_total=True)
    assert latex_table(table).splitlines() == [
        r"\begin{table}", r"\centering", r"\caption{A \& B}", r"\begin{tabular}{lr}", r"\toprule", r"Firm & USD \\",
        r"\midrule", r"X & 1 \\", r"\midrule", r"All & 1 \\", r"\bottomrule", r"\end{tabular}",
        r"\par\smallskip\footnotesize 100 \%", r"\end{table}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cents", "unit", "said"),
    [
        ([5, -250_000_000_000], "bn USD", "-2.50"),
        ([123_456_789_00], "m USD", "123.46"),
        ([300_00], "USD", "300.00"),
        ([], "USD", "–"),
    ],
)
def test_a_table_has_one_unit(cents, unit, said):
    scale = scale_of(cents)
    assert scale.name == unit
    assert scale.say(cents[-1] if cents else 0) == said
