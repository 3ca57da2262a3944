"""No circle is told that no contract makes; the picture of the circle names every firm, and the joke draws its ring."""

from __future__ import annotations

import pandas as pd
import pytest
from carousel.history.kinds import FirmKind
from carousel.report.answer import assemble
from carousel.report.answer_clearing import ring_of
from carousel.report.figure_flow import circle_cash, money_flow
from carousel.report.figure_ring import ring_figure
from carousel.report.figure_style import styled
from carousel.scenarios.loader import load
from carousel.tests.conftest import all_tables
from carousel.tests.report.test_answer_clearing import debts_only


def loops(scenario):
    answer = assemble(all_tables(), scenario, seed=0, tracing="pro-rata", planned_mw=None)
    return [name for name in answer.measures["loop_arithmetic"] if name != "paid"]


def test_a_circle_is_told_where_the_lab_rents_from_who_buys_the_chips_and_nowhere_else():
    wide = load("ai-2025-wide")
    rented = {(contract.customer, contract.provider) for contract in wide.contract}
    told = loops(wide)
    assert told
    for name in told:
        lab, cloud, _ = name.removesuffix(", terms per GW").split(" – ")
        assert (lab, cloud) in rented, name
    assert loops(load("ai-2025")) == ["OpenAI – Oracle – NVIDIA, terms per GW"]
    assert loops(wide.model_copy(update={"contract": ()})) == []


def words_of(figure):
    return "\n".join(text.get_text() for axes in figure.axes for text in axes.texts)


def test_the_picture_of_the_circle_names_every_firm():
    tables = all_tables()
    firms = tables["firms"]
    more = firms[firms["firm"] == "Oracle"].assign(firm="Microsoft")
    another = firms[firms["firm"] == "Oracle"].assign(firm="CoreWeave")
    tables = tables | {"firms": pd.concat([firms, more, another])}
    with styled():
        said = words_of(money_flow(tables))
    for name in ("OpenAI", "Oracle", "Microsoft", "CoreWeave", "NVIDIA"):
        assert name in said


def test_new_shares_are_no_own_business():
    """Oracle sells shares for 30 and buys for 10: 20 came from shareholders."""
    tables = all_tables()
    columns = list(tables["journal"].columns)
    rows = [{"day": 1, "cause": cause, "payer": payer, "payee": payee, "cents": cents, "lap_step": 0} for
            cause, payer, payee, cents in (("trade_receive", "clearing house", "Oracle", 30_00),
                                           ("trade_pay", "Oracle", "clearing house", 10_00))]  # fmt: skip
    journal = pd.DataFrame(rows).reindex(columns=columns)
    _, nodes = circle_cash(journal, tables["firms"])
    assert nodes[FirmKind.CLOUD].sources["New shares"] == 20_00


@pytest.mark.parametrize("names", ["AB", "ABC", "ABCDEFG"])
def test_a_ring_is_drawn_with_everybody_in_it(names):
    debts = [(a, b, 100.0, 1) for a, b in zip(names, names[1:] + names[0], strict=True)]
    ring = ring_of(list(debts_only(debts).obligation))
    with styled():
        said = words_of(ring_figure(ring, "A line."))
    assert all(name in said for name in names)
    assert said.count("$100") == len(names)


def test_the_joke_is_written_with_its_picture(here, tmp_path):
    ended = here("simulate", "joke", "--out", "joke", "--seed", "4", "--days", "2", cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "joke" / "figures" / "ring.png").stat().st_size > 10_000
    assert (tmp_path / "joke" / "answer.md").read_text().count("300 payments") >= 2
    assert "There is no chance in it" in ended.stdout
