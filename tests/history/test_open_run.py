"""What a run gives to whoever opens it: pandas, Polars, DuckDB and pyarrow agree; the ten questions and the notebook of
the documentation end in what the books say."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import carousel
import matplotlib as mpl
import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from carousel.cli.endings import run_command
from carousel.docs import data_page
from carousel.docs.data_questions import PICTURE, QUESTIONS, READING, START
from carousel.history.choice import ChoiceError
from carousel.history.dictionary import described
from carousel.history.export.netcdf import GRIDS
from carousel.history.extras import MissingPackage
from carousel.history.open_run import NotARun, UnknownTable
from carousel.history.tables import TABLES
from carousel.history.views import in_bn
from carousel.report.shown_run import open_run
from matplotlib.pyplot import close

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "tutorials" / "histories.ipynb"


@pytest.fixture(scope="module")
def asked():
    """The names of the questions' program, and the answer to each."""
    pytest.importorskip("duckdb")
    names: dict = {}
    exec(START, names)
    answers = {}
    for question, code in QUESTIONS.items():
        exec(code, names)
        answers[question.split()[0] + " " + question.split()[1]] = names["answer"]
    return names, answers


@pytest.fixture(scope="module")
def run(asked):
    return asked[0]["run"]


def test_there_are_ten_questions_and_the_page_is_in_step():
    """After a change of a table or a question: `python docs/data_page.py`."""
    assert len(QUESTIONS) == 10
    assert data_page.PAGE.read_text() == data_page.page(), "run: python docs/data_page.py"
    assert all(f"### {name}\n" in data_page.page() for name in TABLES)
    assert set(GRIDS) <= set(TABLES)


def test_the_ten_answers_are_what_the_books_say(asked):
    names, answers = asked
    run, last = names["run"], names["last"]
    held, paid, spread, fund, debt, chips, laps, news, traded, bonds = answers.values()
    assert held["decile"].tolist() == list(range(1, 11))
    assert held["share"].sum() == pytest.approx(1, abs=1e-12)
    is_quarter = [(d.year, (d.month - 1) // 3) == (2027, 2) for d in run.journal.date]
    quarter = run.journal[np.array(is_quarter) & (run.journal.payee == "NVIDIA")]
    assert paid["bn_usd"].sum() == pytest.approx(quarter.cents.sum() / 1e11, rel=1e-12)
    assert spread.is_monotonic_increasing
    wealth = run.holders(last)
    assert (wealth.cash_cents.sum(), wealth.etf_shares.sum()) == (
        run.households.cash_cents.iloc[-1], run.households.etf_shares.iloc[-1],
    )  # fmt: skip
    equity = run.funds[run.funds.fund == run.funds.fund.iloc[0]].equity_cents.to_numpy() / 1e11
    np.testing.assert_allclose(fund.sum(axis=1).to_numpy(), equity, rtol=1e-12)
    firm = run.firms[run.firms.firm == "Oracle"]
    np.testing.assert_allclose(debt["debt_bn_usd"], firm.debt_cents / 1e11, rtol=1e-12)
    bought = run.journal[run.journal.cause == "chip_bill"].cents.sum() / 1e11
    assert chips.sum() == pytest.approx(bought, rel=1e-9)
    np.testing.assert_allclose(laps.drop(columns="lap").sum(), bought, rtol=1e-9)
    assert len(news) == len(run.announcements)
    assert traded["bought_shares"].sum() == traded["sold_shares"].sum() > 0
    assert bonds["bn_usd"].sum() == pytest.approx(firm.debt_cents.iloc[-1] / 1e11, rel=1e-9)


def test_reading_it_is_what_happens_and_happens_twice(tmp_path, monkeypatch):
    pytest.importorskip("polars")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        exec(READING, {})
    assert (tmp_path / "money_flow.png").stat().st_size > 10_000
    close("all")


def test_the_picture_is_of_all_tenths_and_of_what_the_fund_holds(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = dict(asked[0])
    exec(PICTURE, names)
    run = names["run"]
    price = run.etf.price_cents.iloc[-1]
    whole = (run.households.cash_cents.iloc[-1] + run.households.etf_shares.iloc[-1] * price) / 1e11
    assert names["wealth"].iloc[-1].sum() == pytest.approx(whole, rel=1e-12)
    fund = run.funds[run.funds.fund == names["fund"]]
    np.testing.assert_allclose(names["holdings"].sum(axis=1), fund.equity_cents / 1e11, rtol=1e-12)
    assert (tmp_path / "histories.png").stat().st_size > 30_000
    close("all")


def test_all_readers_give_the_same_rows(run):
    wish = {"columns": ["date", "firm", "cash_cents"], "days": "10:20", "where": {"firm": ["NVIDIA", "Oracle"]}}
    frame = run.pandas("firms", **wish)
    assert frame.shape == (22, 3)
    assert frame["cash_cents"].dtype == "int64"
    whole = run["firms"]
    same = whole[whole.day.between(10, 20) & whole.firm.isin(["NVIDIA", "Oracle"])][wish["columns"]]
    pd.testing.assert_frame_equal(frame, same.reset_index(drop=True))
    assert run.arrow("firms", **wish).to_pylist() == frame.to_dict("records")
    by_expression = run.pandas("firms", where=(ds.field("firm") == "Oracle") & (ds.field("day") < 3))
    assert by_expression["day"].tolist() == [0, 1, 2]
    assert run.table("firms").count_rows(filter=pc.field("day") == 3) == 4
    assert run.pandas("firms", days=5)["day"].unique().tolist() == [5]
    assert run.pandas("firms", days=(None, 1))["day"].unique().tolist() == [0, 1]
    assert run.firms is run["firms"]
    assert "firms" in dir(run)


def test_polars_reads_the_same_and_no_product_overflows(run):
    pytest.importorskip("polars")
    found = run.polars("holders_changed", days=0)
    assert found["etf_shares"].to_list() == run.pandas("holders_changed", days=0)["etf_shares"].tolist()
    assert str(found["etf_shares"].dtype) == "Int64"
    assert all(kind.kind in "iufO" and kind != np.int32 for kind in run.holders(0).dtypes)


def test_duckdb_has_bn_usd_and_says_what_columns_are(run):
    connection = run.duckdb()
    cents = run["firms"]["cash_cents"].iloc[1]
    assert connection.sql("select cash_bn_usd from firms_bn limit 1 offset 1").fetchall() == [(cents / 1e11,)]
    said = dict(
        connection.sql("select column_name, comment from duckdb_columns() where table_name = 'firms_bn'").fetchall()
    )
    assert said["cash_bn_usd"] == "cash on the firm's account (bn USD)"
    assert said["capacity_mw"].endswith("(MW)")
    assert in_bn("revenue_run_rate_usd_per_year", "USD per year") == ("revenue_run_rate_bn_usd_per_year", 1e9)
    assert in_bn("cents", "US cents") == ("bn_usd", 1e11)
    assert in_bn("capacity_mw", "MW") is None


def test_a_wrong_wish_is_refused_with_what_is_allowed(run, monkeypatch):
    with pytest.raises(UnknownTable, match="nearest: firms"):
        run.pandas("firm")
    with pytest.raises(ChoiceError, match="columns is 'cash'; allowed: day, date, firm"):
        run.pandas("firms", ["cash"])
    with pytest.raises(ChoiceError, match="where is 'frm'"):
        run.pandas("firms", where={"frm": "Oracle"})
    with pytest.raises(ChoiceError, match="where day is"):
        run.pandas("firms", where={"day": "x"})
    for days in ("5:2", (5, 2), -1, True, (1, 2, 3), "x"):
        with pytest.raises(ChoiceError, match="days is"):
            run.pandas("firms", days=days)
    with pytest.raises(ChoiceError, match="day is 9999; allowed: a day that is kept"):
        run.holders(9999)
    with pytest.raises(AttributeError, match="neither an attribute nor a table 'firm'"):
        _ = run.firm
    for package, ask in (("polars", lambda: run.polars("firms")), ("duckdb", run.duckdb)):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(MissingPackage, match=f"needs {package}, which is not installed: pip install"):
            ask()


def test_a_run_shows_its_headlines_and_draws_its_figures(run):
    shown = run._repr_html_()
    assert all(line.partition("? ")[0] in shown for line in run.answer["headlines"])
    assert "<td>journal</td>" in shown
    assert run.fig.money_flow()._repr_png_().startswith(b"\x89PNG")
    with pytest.raises(AttributeError, match=r"no figure 'money_flo'; .*nearest: money_flow"):
        _ = run.fig.money_flo


def test_what_has_no_figures_says_so():
    part = carousel.run("ai-2025", days=2, holders=250, choice=carousel.Choice(keep=("firms",)))
    with pytest.raises(ChoiceError, match="kept only a part"):
        _ = part.fig
    with pytest.raises(ChoiceError, match="debts alone"):
        _ = carousel.run("joke").fig
    with pytest.raises(ChoiceError, match="simulate --also holders_changed"):
        part.holders(1)


def test_a_sweep_folder_opens_as_its_tables(tmp_path):
    folder, out = tmp_path / "sweep", tmp_path / "out"
    for name in ("runs", "series"):
        (folder / name).mkdir(parents=True)
        for part in (0, 1):
            rows = pd.DataFrame({"run": [part], "seed": [7], "gain": [0.5]})
            rows.to_parquet(folder / name / f"part-{part:06d}.parquet")
    pd.DataFrame({"run": [0, 1]}).to_parquet(folder / "design.parquet")
    (folder / "sweep.toml").touch()
    with pytest.raises(NotARun, match=r"has no manifest\.json"):
        open_run(folder)
    (folder / "manifest.json").write_text(json.dumps({"commit": "x"}))
    sweep = open_run(folder)
    assert sweep.tables == ("design", "runs", "series")
    assert sweep.runs["run"].tolist() == [0, 1]
    with pytest.raises(ChoiceError, match="days is 'day'; allowed: nothing for a table without days"):
        sweep.pandas("runs", days=3)
    assert "<h3>A sweep</h3>" in sweep._repr_html_()
    with pytest.raises(ChoiceError, match="one run"):
        _ = sweep.fig
    assert run_command(["export", str(folder), "--to", "parquet", "--out", str(out), "--quiet"]) == 0
    assert pq.read_table(out / "runs.parquet")["run"].to_pylist() == [0, 1]


def test_every_column_of_every_table_says_what_it_is(capsys):
    for name, table in TABLES.items():
        for column in described(name, table.schema()):
            assert all((column.meaning, column.unit, column.type)), column
    assert run_command(["columns", "commitments"]) == 0
    assert "where it stands in its life" in (said := " ".join(capsys.readouterr().out.split()))
    assert "announced, " in said
    assert run_command(["columns"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in TABLES)
    assert run_command(["columns", "bond"]) == 2
    assert "table is 'bond'; allowed: daily," in (said := capsys.readouterr().err)
    assert "nearest: bonds" in said


def test_the_notebook_runs_to_its_picture(tmp_path, monkeypatch):
    pytest.importorskip("duckdb")
    monkeypatch.chdir(tmp_path)
    notebook = json.loads(NOTEBOOK.read_text())
    names: dict = {}
    with mpl.rc_context():
        mpl.use("agg")
        for cell in notebook["cells"]:
            assert cell.get("outputs", []) == []
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]).replace("holders=3000", "holders=300"), names)
        close("all")
    assert (tmp_path / "histories.png").stat().st_size > 20_000
    in_table = names["wealth"].iloc[-1] / names["wealth"].iloc[0] - 1
    np.testing.assert_allclose(names["change"], in_table, rtol=0.05)


def test_the_notebook_is_one():
    nbformat = pytest.importorskip("nbformat")
    nbformat.validate(nbformat.read(NOTEBOOK, as_version=4))


@pytest.mark.parametrize("name", ["manifest.json", "answer.json"])
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path, name):
    for other in ("manifest.json", "answer.json"):
        (tmp_path / other).write_text("{}")
    (tmp_path / "etf.parquet").write_bytes(b"")
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with pytest.raises(NotARun, match="no ordinary file"):
        open_run(tmp_path)
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(NotARun, match="no ordinary file"):
        open_run(tmp_path)
