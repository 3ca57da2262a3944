"""What looks like a slip is asked: a cloud that builds nothing of what it has sold, and amounts of a few dollars."""

from __future__ import annotations

import pytest
from carousel.scenarios.loader import load
from carousel.scenarios.questions import questions

BUNDLED = ("ai-2025", "ai-2025-as-printed", "ai-2025-deals", "ai-2025-ticket", "ai-2025-wide", "joke", "vendor-loans")


@pytest.mark.parametrize("name", BUNDLED)
def test_nothing_is_asked_of_what_comes_with_it(name):
    assert not list(questions(load(name)))


def test_a_cloud_that_has_sold_what_it_never_builds_is_asked_about():
    found = list(questions(load("ai-2025", ["cloud.Oracle.build_gw_per_year_max=0"])))
    assert len(found) == 1
    assert found[0].startswith("cloud.Oracle.build_gw_per_year_max is 0, so that nothing is built of the 4.5 GW")


def test_a_few_dollars_in_a_world_of_billions_are_asked_about():
    found = list(questions(load("ai-2025", ["lab.OpenAI.opening_cash_usd=17.5"])))
    assert found == ["lab.OpenAI.opening_cash_usd is 17.5 dollars: was 17.5e9 (bn) or 17.5e6 (m) meant?"]


def test_a_question_is_told_beside_the_run_and_the_check(here, tmp_path):
    words = ["--days", "1", "--holders", "240", "--no-figures", "--quiet", "--seed", "0"]
    ended = here("simulate", *words, "--set", "lab.OpenAI.opening_cash_usd=17.5", cwd=tmp_path)
    assert ended.returncode == 0
    assert "question: lab.OpenAI.opening_cash_usd is 17.5 dollars" in ended.stderr
