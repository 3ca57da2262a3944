"""`events FILE.csv`: what came before a row, what is given beside it, losses; ids and order change nothing."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from carousel.cli import endings
from carousel.experiments.event_study import predict as prediction
from carousel.experiments.event_study.announcement_file import predict_file
from carousel.experiments.event_study.columns import COLUMNS, MORE_COLUMNS, RANGES, BadCell, deal_of
from carousel.experiments.event_study.predict import Prediction
from carousel.experiments.event_study.table import read_announcements
from carousel.experiments.event_study.world import FATIGUE, FIRM, world
from carousel.experiments.validation.announcement_checks import LIST, judged
from carousel.experiments.validation.checks import ClaimKind, Verdict

HEADER = ",".join((*COLUMNS, *MORE_COLUMNS))
GOOD = "a,2025-09-10,Firm,supplier,contract,1e9,5,2e10,30,0.1,0.02,,,,,,"
CELLS = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))


def row(**cells):
    return ",".join({**CELLS, **cells}.values())


def deals(tmp_path, *rows):
    source = tmp_path / "in.csv"
    source.write_text("\n".join([HEADER, *rows]) + "\n")
    listed = read_announcements(source)
    assert not listed.bad
    return {r.deal.id: r.deal for r in listed.rows}


def counts(deal):
    return deal.prior_similar_announcements_90d, deal.prior_same_firm_90d


SERIES = (
    row(id="first", date="2025-09-01"),
    row(id="own", date="2025-09-20", firm=" FIRM "),
    row(id="other", date="2025-09-30", firm="Other"),
    row(id="same day", date="2025-09-30", firm="Third"),
    row(id="bad news", date="2025-10-01", direction="-1"),
    row(id="other kind", date="2025-10-01", instrument="guidance"),
    row(id="late", date="2025-12-15"),
    row(id="said", date="2025-10-02", prior_similar_announcements_90d="3", prior_same_firm_90d="1"),
    row(id="half said", date="2025-10-02", prior_similar_announcements_90d="1"),
    row(id="own said", date="2025-10-02", prior_same_firm_90d="9"),
)


@pytest.mark.parametrize("rows", [SERIES, SERIES[::-1]])
def test_what_a_row_does_not_say_is_counted_from_the_list_whatever_its_order(tmp_path, rows):
    """Of the same role, instrument and direction, 1 to 90 days before; the market's count holds the firm's own."""
    found = {name: counts(deal) for name, deal in deals(tmp_path, *rows).items()}
    assert found == {
        "first": (0, 0), "own": (1, 1), "other": (2, 0), "same day": (2, 0), "bad news": (0, 0), "other kind": (0, 0),
        "late": (6, 4), "said": (3, 1), "half said": (1, 1), "own said": (9, 9),
    }  # fmt: skip


def test_both_counts_reach_the_market_with_the_fatigue_of_these_worlds(tmp_path):
    deal = deals(tmp_path, row(prior_similar_announcements_90d="7", prior_same_firm_90d="2"))["a"]
    scenario = world(deal, days=1, is_told=True)
    news = scenario.news[0]
    assert (news.prior_similar_90d, news.prior_others_90d) == (2, 5)
    assert scenario.behaviour.fatigue_from_others == FATIGUE["fatigue_from_others"]
    assert scenario.behaviour.fatigue_memory_days > 63


@pytest.fixture
def small(monkeypatch):
    """Real markets, few of them."""
    draws = prediction._draws()[:2]
    monkeypatch.setattr(prediction, "PAIRED_RUNS", 1)
    monkeypatch.setattr(prediction, "HORIZON_DAYS", 3)
    monkeypatch.setattr(prediction, "_draws", lambda: draws)


def written(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_ids_and_the_order_of_rows_change_nothing(tmp_path, small):
    """The twelve of autumn 2025, read backwards under other names."""
    header, *rows = LIST.read_text().splitlines()
    renamed = [f"other {i},{line.split(',', 1)[1]}" for i, line in enumerate(rows)]
    found = []
    for name, lines in (("as told", rows), ("otherwise", renamed[::-1])):
        source, target = tmp_path / f"{name}.csv", tmp_path / f"{name} out.csv"
        source.write_text("\n".join([header, *lines]) + "\n")
        assert predict_file(source, target, workers=1).refused == 0
        found.append([{k: v for k, v in r.items() if k != "id"} for r in written(target)])
    assert len(found[0]) == 12
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
    for line, told in zip(rows, found[0], strict=True):
        (said,) = (x for x in page.splitlines() if x.startswith(f"| `{line.split(',', 1)[0]}` |"))
        assert float(said.split("|")[3].strip(" %")) / 100 == pytest.approx(
            float(told["predicted_abnormal_return"]), abs=0.01
        )
    assert found[0] == found[1][::-1]


def test_the_output_tells_both_fatigues_and_what_is_left_of_the_news(tmp_path, small):
    """7 in 62 trading days, remembered for 126: 7 x (1 - exp(-62/126)) / (62/126) = 5.53."""
    source = tmp_path / "in.csv"
    source.write_text(f"{HEADER}\n{row(prior_similar_announcements_90d='7', prior_same_firm_90d='2')}\n")
    predict_file(source, tmp_path / "out.csv", workers=1)
    (told,) = written(tmp_path / "out.csv")
    firm, market = (n * (1 - math.exp(-62 / 126)) / (62 / 126) for n in (2, 7))
    assert float(told["fatigue_firm"]) == pytest.approx(firm, abs=1e-6)
    assert float(told["fatigue_market"]) == pytest.approx(market, abs=1e-6)
    assert float(told["news_share"]) == pytest.approx(1 / (1 + firm + 0.3 * (market - firm)), abs=1e-6)


@pytest.mark.parametrize(
    ("cells", "multiple"),
    [
        ({"price_earnings": ""}, 30.0), ({"price_earnings": "-12"}, 30.0), ({"price_earnings": "40"}, 40.0),
        ({"price_earnings": "", "revenue_usd": "2e9"}, 2e10 / (0.12 * 2e9)),
        ({"price_earnings": "-12", "revenue_usd": "2e9"}, 2e10 / (0.12 * 2e9)),
        ({"price_earnings": "40", "revenue_usd": "2e9"}, 40.0),
        ({"price_earnings": "", "revenue_usd": "5e13"}, 0.1),
    ],
)  # fmt: skip
def test_a_firm_with_losses_has_price_over_revenue_times_a_target_margin_or_the_markets_multiple(cells, multiple):
    deal, _, used = deal_of({**CELLS, **cells})
    assert deal.price_earnings == pytest.approx(multiple)
    assert ("price_earnings" in used) == (cells["price_earnings"] != "40")


def test_what_is_given_beside_a_deal_is_news_without_a_story(tmp_path):
    deal = deals(tmp_path, row(warrant_share="0.1", convertible_usd="1e9"))["a"]
    told, warrant, convertible = world(deal, days=1, is_told=True).news
    assert (told.direction, warrant.direction, convertible.direction) == (1, 0, 0)
    assert told.profit_usd_per_year == pytest.approx(1e9 / 5 * 0.1 / 1.1)
    assert warrant.profit_usd_per_year * 30 == pytest.approx(-2e10 * 0.1 / 1.1, rel=0.02)
    assert convertible.profit_usd_per_year * 30 == pytest.approx(-0.28e9, rel=0.02)
    assert {item.firm for item in (told, warrant, convertible)} == {FIRM}


FAULTS = {
    "more of its own than of all": (
        {"prior_similar_announcements_90d": "2", "prior_same_firm_90d": "3"},
        "column prior_same_firm_90d: came '3'; allowed: at most 2, the prior_similar_announcements_90d of its row",
    ),
    "half an announcement": (
        {"prior_same_firm_90d": "0.5"},
        "column prior_same_firm_90d: came '0.5'; allowed: a plain",
    ),
    "neither good nor bad": ({"direction": "0"}, "column direction: came '0'; allowed: 1 (good news) or -1 (bad news)"),
    "a direction in words": ({"direction": "up"}, "column direction: came 'up'; allowed: a plain number from -1 to 1"),
    "a warrant in per cent": (
        {"warrant_share": "10"},
        "column warrant_share: came '10'; allowed: a plain number from 0",
    ),
    "a negative convertible": ({"convertible_usd": "-1"}, "column convertible_usd: came '-1'; allowed: a plain number"),
    "a convertible above its firm": ({"convertible_usd": "3e10"}, "allowed: at most 2e+10 USD, what the firm is worth"),
    "no revenue at all": (
        {"revenue_usd": "0"},
        "column revenue_usd: came '0'; allowed: a plain number from 1 to 5e+13",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_cell_of_the_further_columns_is_one_line_and_costs_no_other_row(
    tmp_path, capsys, monkeypatch, small, name
):
    cells, says = FAULTS[name]
    source = tmp_path / "in.csv"
    source.write_text("\n".join([HEADER, row(), row(id="b", **cells)]) + "\n")
    monkeypatch.setenv("COLUMNS", "40")
    status = endings.run_command(["events", str(source), "--out", str(tmp_path / "out.csv"), "--workers", "1"])
    told = [line for line in capsys.readouterr().err.splitlines() if ": line " in line]
    assert status == 1
    assert len(told) == 1
    assert says in told[0]
    assert told[0].startswith(f"{source}: line 3, column ")
    assert [r["id"] for r in written(tmp_path / "out.csv")] == ["a"]


@pytest.mark.parametrize("column", MORE_COLUMNS)
def test_any_further_column_has_bounds_and_a_place_on_the_page(column):
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text()
    assert any(line.startswith(f"| `{column}`") for line in page.splitlines())
    with pytest.raises(BadCell):
        deal_of({**CELLS, column: f"{RANGES[column].high * 2:g}"})


def test_claims_of_the_twelve_fail_where_predictions_do():
    right = [Prediction(0.1, 0.05, 0.15, 0.1, 0.0, 0.0, 0.0, -0.08)] * 10
    truths = [0.1] * 8 + [0.5] * 2
    good = {c.key.rpartition(".")[2]: c for c in judged(right, [0.11] * 8 + [0.2] * 2)}
    assert {c.kind for c in good.values()} == {ClaimKind.FITTED}
    assert good["error"].measured == pytest.approx(0.028)
    assert good["coverage"].measured == 0.8
    assert [good[key].verdict for key in ("error", "coverage", "reversal")] == [Verdict.HOLDS] * 3
    wrong = {c.key.rpartition(".")[2]: c for c in judged(right, truths)}
    assert wrong["error"].verdict is Verdict.MISSES
    assert {c.key.rpartition(".")[2]: c for c in judged(right, [0.1] * 10)}["coverage"].verdict is Verdict.MISSES
