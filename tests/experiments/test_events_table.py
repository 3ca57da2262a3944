"""`events FILE.csv`: what a list may look like, what is refused and how, and that order and workers change nothing."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from carousel.cli import endings
from carousel.experiments.event_study import announcement_file, parts
from carousel.experiments.event_study import table as prediction_table
from carousel.experiments.event_study.announcement_file import EventsError, predict_file
from carousel.experiments.event_study.columns import (
    COLUMNS,
    EARNINGS_MAX,
    LOWEST_MULTIPLE,
    RANGES,
    REQUIRED,
    BadCell,
    deal_of,
)
from carousel.experiments.event_study.predict import Prediction
from carousel.experiments.event_study.table import ADDED, NotAnAnnouncementList, read_announcements
from carousel.experiments.event_study.world import world
from carousel.experiments.runner.runs import FailedRun
from hypothesis import example, given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "events-example.csv"
HEADER = ",".join(COLUMNS)
GOOD = "a,2025-09-10,Firm,supplier,contract,1e9,5,2e10,30,0.1,0.02,0"
CELLS = dict(zip(COLUMNS, GOOD.split(","), strict=True))


def listed(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "in.csv"
    path.write_bytes(text.encode(encoding))
    return read_announcements(path)


@pytest.fixture
def quick(monkeypatch):
    """Predictions without markets: the tables are what is tested."""

    def predict_all(deals, *, workers=None, tell=None):
        return [
            FailedRun({}, "AuditError: off by one", "audit, line 7") if deal.firm_fails else
            Prediction(0.1 + deal.amount_usd * 1e-13, 0.0, 0.2, 0.06, 0.03, 0.01, 0.0, -0.02)
            for deal in map(_Marked, deals)
        ]  # fmt: skip

    monkeypatch.setattr(announcement_file, "predict_all", predict_all)


class _Marked:
    """A deal whose id can ask for a failure."""

    def __init__(self, deal):
        self.amount_usd, self.firm_fails = deal.amount_usd, deal.id == "broken"


def written(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("encoding", "newline", "separator"),
    [("utf-8", "\n", ","), ("utf-8-sig", "\r\n", ","), ("utf-16", "\n", ";"), ("cp1252", "\r\n", "\t")],
)
def test_marks_line_ends_and_separators_of_other_programs_are_read(tmp_path, encoding, newline, separator):
    text = newline.join([HEADER, GOOD.replace("Firm", "Société"), ""]).replace(",", separator)
    table = listed(tmp_path, text, encoding)
    assert not table.bad
    assert table.rows[0].cells[2] == "Société"
    assert table.rows[0].deal.amount_usd == 1e9


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("id", ""), ("role", "suplier"), ("role", ""), ("instrument", "bond"), ("date", "10.09.2025"),
        ("date", "2025-02-30"),
        ("date", "1899-12-31"), ("date", "2201-01-01"), ("amount_usd", "-1"), ("amount_usd", ""), ("amount_usd", "nan"),
        ("amount_usd", "inf"), ("amount_usd", "1e14"), ("amount_usd", "1e999"), ("amount_usd", "3 bn"),
        ("amount_usd", '"300,000"'), ("amount_usd", "1_000"), ("market_cap_usd", "0"), ("market_cap_usd", "1e20"),
        ("years", "0"), ("years", "-5"), ("price_earnings", "NaN"), ("price_earnings", "1e-9"),
        ("net_margin_on_deal", "12"),
        ("daily_volatility", "0"), ("daily_volatility", "2.5"), ("prior_similar_announcements_90d", "-1"),
        ("prior_similar_announcements_90d", "1.5"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_one_line_with_line_number_column_and_what_is_allowed(tmp_path, column, cell):
    bad = ",".join({**CELLS, "id": "b", column: cell}.values())
    table = listed(tmp_path, "\n".join([HEADER, GOOD, bad, GOOD.replace("a,", "c,", 1)]))
    assert [row.deal.id for row in table.rows] == ["a", "c"]
    (fault,) = table.bad
    assert fault.line == 3
    assert column in str(fault)
    assert "came" in str(fault)
    assert "allowed" in str(fault)
    assert "\n" not in str(fault)


def test_a_near_miss_is_told_the_nearest_word(tmp_path):
    (fault,) = listed(tmp_path, f"{HEADER}\n{GOOD.replace('supplier', 'suplier')}").bad
    assert "nearest: supplier" in str(fault)


def test_rows_too_short_and_ids_seen_before_are_refused_and_the_first_is_kept(tmp_path):
    table = listed(tmp_path, "\n".join([HEADER, GOOD, "x,y", GOOD, ""]))
    assert len(table.rows) == 1
    assert [fault.line for fault in table.bad] == [3, 4]
    assert "line 2 has this one" in str(table.bad[1])


def test_lines_are_counted_as_an_editor_does(tmp_path):
    quoted = GOOD.replace("Firm", '"a firm\non two lines"')
    table = listed(tmp_path, f"{HEADER}\n\n{quoted}\nbad\n")
    assert table.rows[0].line == 3
    assert table.bad[0].line == 5


def test_empty_cells_and_missing_columns_get_the_documented_defaults(tmp_path):
    required = "id,date,firm,role,instrument,amount_usd,market_cap_usd"
    table = listed(
        tmp_path, f"{required}\na,2025-09-10,F,supplier,contract,1e9,2e10\nb,2025-09-10,F,investee,equity,1e9,2e10"
    )
    one, two = (row.deal for row in table.rows)
    assert (one.years, one.price_earnings, one.net_margin_on_deal, one.daily_volatility) == (5.0, 30.0, 0.12, 0.025)
    assert two.net_margin_on_deal == 0.0
    assert "years" in table.rows[0].defaults_used


def test_a_firm_with_losses_is_one_without_price_earnings():
    deal, _, used = deal_of({**CELLS, "price_earnings": "-12"})
    assert deal.price_earnings == 30.0
    assert "price_earnings" in used


@pytest.mark.parametrize(("day", "trades"), [("2025-09-13", "2025-09-15"), ("2025-12-25", "2025-12-26")])
def test_weekends_and_holidays_trade_on_the_next_trading_day(tmp_path, day, trades):
    table = listed(tmp_path, f"{HEADER}\n{GOOD.replace('2025-09-10', day)}")
    assert table.rows[0].trading_date.isoformat() == trades


@pytest.mark.parametrize(
    "raw",
    [b"", b"\n\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"id,date\n1,2", b'id,"date\n',
     HEADER.replace("role", "roll").encode(), f"{HEADER},role\n".encode()],
)  # fmt: skip
def test_a_file_that_is_no_such_csv_is_one_error(tmp_path, raw):
    path = tmp_path / "in.csv"
    path.write_bytes(raw)
    with pytest.raises(EventsError) as caught:
        predict_file(path, tmp_path / "out.csv")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


BESIDE_A_GOOD_ROW = """\
good,2025-10-06,Alpha,supplier,contract,9e10,5,2.67e11,60,0.2,0.03,0
wild,2025-10-07,Beta,supplier,contract,5e9,5,5e10,40,0.2,0.45,0
cheap,2025-10-08,Gamma,supplier,contract,5e9,5,2e13,0.1,0.2,0.02,0
"""


def test_what_cannot_be_predicted_costs_a_line_each_and_no_good_row_its_prediction(tmp_path, capfd):
    """A share so wild that its market leaves all numbers, and a firm that would earn more than a scenario may say."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"{HEADER}\n{BESIDE_A_GOOD_ROW}")
    assert endings.run_command(["events", str(source), "--out", str(target), "--workers", "1"]) == 1
    assert [row["id"] for row in written(target)] == ["good"]
    told = [line for line in capfd.readouterr().err.splitlines() if "announcements " not in line]
    assert len(told) == 2
    assert any("line 4, column price_earnings: came '0.1'; allowed: 0.4 or more" in line for line in told)
    assert any("line 3, " in line for line in told)


def test_the_earnings_that_a_price_earnings_means_are_within_a_scenarios_bounds():
    for cap in ("2e13", "1e7"):
        for multiple in ("0.1", "0.39", "0.4", "1e6"):
            cells = {**CELLS, "market_cap_usd": cap, "price_earnings": multiple}
            deal = outcome(lambda cells=cells: deal_of(cells))
            if isinstance(deal, BadCell):
                assert deal.column == "price_earnings"
                assert float(cap) / float(multiple) > EARNINGS_MAX
            else:
                assert world(deal[0], days=1, is_told=True).listed_firm[0].shares


@pytest.mark.parametrize("column", list(RANGES))
def test_the_page_of_announcements_says_each_columns_bounds(column):
    bounds = RANGES[column]
    page = (ROOT / "docs" / "events.md").read_text()
    row = next(line for line in page.splitlines() if line.startswith(f"| `{column}`"))
    said = [float(number) for number in re.findall(r"-?\d[\d.]*(?:e\d+)?", row.split("|")[2])]
    low = LOWEST_MULTIPLE if column == "price_earnings" else bounds.low
    assert said[:2] == [low, bounds.high]


def test_prices_that_are_no_numbers_are_a_fault_with_day_and_firm(monkeypatch):
    class Board:
        names = ("A", "B")
        price_cents = np.array([100, 100])
        values_cents = np.array([[100.0, np.inf]])
        fund_benchmark = np.array([1.0])

        def market_values_cents(self):
            return np.array([1.0, 1.0])

    monkeypatch.setattr(parts, "CarouselModel", lambda *_, **__: SimpleNamespace(prices=Board(), step=lambda: None))
    with pytest.raises(parts.NotFinite) as caught:
        parts.course(None, 0, 3)
    assert (caught.value.day, caught.value.firm) == (1, "B")


def outcome(make):
    """What came of it, or the error: only the two that say which file or cell, and why, are let through."""
    try:
        return make()
    except (NotAnAnnouncementList, BadCell) as error:
        return error


BYTES = st.binary(max_size=300) | st.binary(max_size=60).map(lambda raw: f"{HEADER}\n{GOOD}\n".encode() + raw)
"""Anything, and a good list with anything after it."""


@given(BYTES)
@example(f"{HEADER}\n{GOOD}\n".encode())
@example(f"{HEADER}\n{GOOD}\nbad".encode())
@example(b"\xff\xfe")
@example(b",")
def test_any_bytes_are_a_list_or_one_line_that_says_which_file_and_why(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(raw)
    found = outcome(lambda: read_announcements(path))
    if isinstance(found, NotAnAnnouncementList):
        assert found.path == path
        assert str(found).startswith(f"{path}: ")
        assert str(found).isprintable()
        assert found.reason
        return
    assert set(REQUIRED) <= {name.lower() for name in found.header}
    for row in found.rows:
        assert outcome(lambda row=row: deal_of(cells_by_name(found.header, row.cells)))[0] == row.deal
    for bad in found.bad:
        assert all(word in str(bad) for word in (f"line {bad.line}, column ", "came ", "; allowed: "))
        assert str(bad).isprintable()


def cells_by_name(header, cells):
    return {name.lower(): cell for name, cell in zip(header, cells, strict=True)}


@given(st.sampled_from(COLUMNS), st.text(max_size=30))
@example("amount_usd", "1e9")
@example("amount_usd", "-1")
def test_any_cell_is_a_deal_or_one_error_that_names_it(column, text):
    found = outcome(lambda: deal_of({**CELLS, column: text}))
    if isinstance(found, BadCell):
        assert found.column in (column, "amount_usd")
        assert found.allowed
        assert str(found).isprintable()
    else:
        assert found[0].id == (text.strip() if column == "id" else "a")


def test_a_good_list_is_read_whatever_bytes_its_other_columns_hold(tmp_path):
    """Valid bytes load: the fuzz above is not satisfied by refusing everything."""
    table = listed(tmp_path, f"note,{HEADER}\n\u2603 ü,{GOOD}\n")
    assert ([row.deal.id for row in table.rows], table.bad) == (["a"], ())


LIST_FAULTS = {
    "a wrong column": (HEADER.replace("role", "roll") + f"\n{GOOD}\n", "lacks the column role (nearest: 'roll')"),
    "a column twice": (f"{HEADER},role\n{GOOD},supplier\n", "has the column role twice"),
    "an empty file": ("", "is empty; allowed: a CSV with the columns id, date"),
    "blank lines only": ("\n \n", "is empty"),
    "separators only": (",,\n,,\n", "is empty"),
    "no text": (b"\x89PNG\r\n\x1a\n\x00\x00", "is no text; allowed: a CSV in UTF-8, UTF-16 or Windows-1252"),
    "bytes of no alphabet": (f"{HEADER}\n{GOOD}\n".encode() + b"\x81\x8d", "is no text; allowed: a CSV in UTF-8"),
    "half a UTF-16 character": (b"\xff\xfei\x00d", "is no text; allowed: a CSV in UTF-8"),
}
ROW_FAULTS = {
    "no firm": ("firm", "", "came ''; allowed: not empty: there is no default"),
    "a role nobody has": ("role", "bank", "came 'bank'; allowed: supplier, investee, investor"),
    "a date out of range": ("date", "1899-12-31", "came '1899-12-31'; allowed: a date such as 2025-09-10, from 1900"),
    "a date too late": ("date", "2201-01-01", "came '2201-01-01'; allowed: a date such as 2025-09-10, from 1900"),
    "no such day": ("date", "2025-02-30", "came '2025-02-30'; allowed: a date such as 2025-09-10, from 1900"),
    "a negative amount": ("amount_usd", "-1e9", "came '-1e9'; allowed: a plain number from 0 to 1e+13 (USD)"),
    "a term of no time": ("years", "0", "came '0'; allowed: a plain number from 0.05 to 50 (years)"),
}


def told(capsys, monkeypatch, source, target):
    """Exit status, standard output and error of `run.py events`, in this process."""
    monkeypatch.setenv("COLUMNS", "40")
    status = endings.run_command(["events", str(source), "--out", str(target), "--workers", "1"])
    return status, *capsys.readouterr()


@pytest.mark.parametrize("name", LIST_FAULTS)
def test_a_file_that_is_no_list_ends_the_command_with_status_2_and_one_line(tmp_path, capsys, monkeypatch, name):
    content, says = LIST_FAULTS[name]
    source = tmp_path / "in.csv"
    source.write_bytes(content if isinstance(content, bytes) else content.encode())
    status, out, errors = told(capsys, monkeypatch, source, tmp_path / "out.csv")
    assert (status, out) == (2, "")
    assert errors.startswith(f"error: {source}: {says}")
    assert len(errors.splitlines()) == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", ROW_FAULTS)
def test_a_bad_row_ends_the_command_with_status_1_and_one_line_and_costs_no_other_row(
    tmp_path, capsys, monkeypatch, quick, name
):
    column, cell, says = ROW_FAULTS[name]
    source = tmp_path / "in.csv"
    source.write_text("\n".join([HEADER, GOOD, ",".join({**CELLS, "id": "b", column: cell}.values())]) + "\n")
    status, out, errors = told(capsys, monkeypatch, source, tmp_path / "out.csv")
    assert status == 1
    assert out.startswith("1 predicted, 1 refused; written to ")
    assert errors.startswith(f"{source}: line 3, column {column}: {says}")
    assert len(errors.splitlines()) == 1
    assert [row["id"] for row in written(tmp_path / "out.csv")] == ["a"]


def test_a_firm_that_the_model_has_never_heard_of_is_predicted_like_any_other(tmp_path, quick):
    """docs/events.md: any text; the model knows no firm by name, so there is no unknown one."""
    source = tmp_path / "in.csv"
    source.write_text(f"{HEADER}\n{GOOD}\n{GOOD.replace('a,', 'b,', 1).replace('Firm', 'Nobody & Söhne')}\n")
    report = predict_file(source, tmp_path / "out.csv")
    assert (report.predicted, report.refused) == (2, 0)
    one, two = written(tmp_path / "out.csv")
    assert one["predicted_abnormal_return"] == two["predicted_abnormal_return"]


def test_the_output_keeps_columns_and_order_and_parts_add_up_in_print(tmp_path, quick):
    source = tmp_path / "in.csv"
    source.write_text(f"note,{HEADER}\nhello,{GOOD}\nworld,{GOOD.replace('a,', 'b,', 1)}\n")
    report = predict_file(source, tmp_path / "out.csv")
    assert (report.predicted, report.refused) == (2, 0)
    rows = written(tmp_path / "out.csv")
    assert list(rows[0]) == ["note", *COLUMNS, *ADDED]
    assert [row["note"] for row in rows] == ["hello", "world"]
    for row in rows:
        parts = [round(1e6 * float(row[c])) for c in ADDED if c.startswith("part_")]
        assert sum(parts) == round(1e6 * float(row["predicted_abnormal_return"]))


def test_predictions_of_an_earlier_run_are_replaced(tmp_path, quick):
    source, once, twice = (tmp_path / name for name in ("in.csv", "once.csv", "twice.csv"))
    source.write_text(f"{HEADER}\n{GOOD}\n")
    predict_file(source, once)
    predict_file(once, twice)
    assert once.read_bytes() == twice.read_bytes()


def test_a_market_that_breaks_off_costs_its_own_row_only(tmp_path, quick):
    source = tmp_path / "in.csv"
    source.write_text(f"{HEADER}\n{GOOD.replace('a,', 'broken,', 1)}\n{GOOD}\n")
    report = predict_file(source, tmp_path / "out.csv")
    assert (report.predicted, report.refused) == (1, 1)
    assert "line 2, the run failed: AuditError" in report.lines[0]
    assert [row["id"] for row in written(tmp_path / "out.csv")] == ["a"]


def test_an_interruption_leaves_what_stood_under_the_name(tmp_path, monkeypatch):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"{HEADER}\n{GOOD}\n")
    target.write_text("before")

    def stop(*_):
        raise KeyboardInterrupt

    prediction = Prediction(0.1, 0.0, 0.2, 0.06, 0.03, 0.01, 0.0, -0.02)
    monkeypatch.setattr(announcement_file, "predict_all", lambda deals, **_: [prediction])
    monkeypatch.setattr(prediction_table, "_added", stop)
    with pytest.raises(KeyboardInterrupt):
        predict_file(source, target)
    assert target.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("target", ["in.csv", ".", "nowhere/out.csv"])
def test_a_target_that_cannot_be_is_refused_before_the_work(tmp_path, target):
    (tmp_path / "in.csv").write_text(f"{HEADER}\n{GOOD}\n")
    with pytest.raises(EventsError, match="--out"):
        predict_file(tmp_path / "in.csv", tmp_path / target)


@pytest.fixture(scope="module")
def example_file(tmp_path_factory):
    """What the command makes of docs/events-example.csv, on one core."""
    target = tmp_path_factory.mktemp("example") / "out.csv"
    assert predict_file(EXAMPLE, target, workers=1).refused == 0
    return target


@pytest.mark.slow
def test_order_and_neighbours_change_no_prediction(tmp_path, example_file):
    rows = EXAMPLE.read_text().splitlines()
    source = tmp_path / "in.csv"
    source.write_text("\n".join([rows[0], rows[3], "bad", rows[1]]) + "\n")
    assert predict_file(source, tmp_path / "out.csv", workers=1).refused == 1
    whole = {row["id"]: row for row in written(example_file)}
    found = written(tmp_path / "out.csv")
    assert [row["id"] for row in found] == [row.split(",")[0] for row in (rows[3], rows[1])]
    assert found == [whole[row["id"]] for row in found]


@pytest.mark.slow
def test_workers_change_no_prediction(tmp_path, example_file):
    rows = EXAMPLE.read_text().splitlines()
    source = tmp_path / "in.csv"
    source.write_text("\n".join(rows[:3]) + "\n")
    predict_file(source, tmp_path / "out.csv", workers=2)
    assert (tmp_path / "out.csv").read_bytes() == b"".join(example_file.read_bytes().splitlines(keepends=True)[:3])


@pytest.mark.slow
def test_the_command_ends_with_0_1_or_2(tmp_path):
    def run(text):
        source = tmp_path / "in.csv"
        source.write_text(text)
        command = [
            sys.executable,
            "run.py",
            "events",
            str(source),
            "--out",
            str(tmp_path / "out.csv"),
            "--workers",
            "1",
        ]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    done, partly, not_at_all = run(f"{HEADER}\n"), run(f"{HEADER}\n{GOOD}\nbad\n"), run("nothing here")
    assert (done.returncode, partly.returncode, not_at_all.returncode) == (0, 1, 2)
    assert "1 predicted, 1 refused" in partly.stdout
    assert "line 3, column" in partly.stderr
    assert len(not_at_all.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr + partly.stderr + not_at_all.stderr


@pytest.mark.slow
def test_the_table_of_the_documentation_is_what_the_command_says(example_file):
    """To a percentage point; intervals are read, not compared."""
    page = (ROOT / "docs" / "events.md").read_text()
    told = {
        row[0].strip("` "): row[1:]
        for row in (
            [cell.strip() for cell in line.strip("| ").split("|")] for line in page.splitlines() if "| " in line
        )
    }
    for row in written(example_file):
        predicted, interval, earnings, narrative, flow, reversal = (cell.rstrip(" %") for cell in told[row["id"]])
        names = (
            "predicted_abnormal_return",
            "part_earnings_capitalised",
            "part_narrative",
            "part_flow_pressure",
            "reversal_60d",
        )
        for text, name in zip((predicted, earnings, narrative, flow, reversal), names, strict=True):
            assert abs(float(text) / 100 - float(row[name])) < 0.01, (row["id"], name)
        assert " to " in interval


def test_a_list_with_two_bad_rows_predicts_the_good_one(tmp_path, capsys, monkeypatch, quick):
    source = Path(__file__).parents[1] / "scenarios" / "cases" / "events-one-bad-row.csv"
    status, out, errors = told(capsys, monkeypatch, source, tmp_path / "out.csv")
    assert (status, out.split(";")[0]) == (1, "1 predicted, 2 refused")
    refused = [line for line in errors.splitlines() if ": line " in line]
    assert "line 3, column daily_volatility" in refused[0]
    assert "line 4, column price_earnings" in refused[1]
