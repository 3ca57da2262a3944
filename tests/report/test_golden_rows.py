"""Every row of every table of an answer, but for the statements', which have tests of their own (test_sources,
test_statement_sheets, test_exposures), is the one that plain pandas finds in the recorded tables, whose kinds all have
names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carousel.history.kinds import FirmKind, LendingKind, ListingKind, PromiseKind, cause_text
from carousel.ledger.causes import Cause
from carousel.narrative.announcements import Instrument
from carousel.report.answer import assemble
from carousel.report.measures_turn import DECISIVE, KIND_WORDS
from carousel.scenarios.loader import load
from carousel.tests.oracles.answer_headlines import headlines, vendors
from carousel.tests.oracles.answer_tables import golden
from carousel.tests.report.hand_made_runs import busy_tables


def tables_of(answer):
    """The answer's tables in order, but for the statements'."""
    return [table for section in answer.sections if section.title != "Statements" for table in section.tables]


def differences(tables, expected):
    """What is missing, superfluous, in another order or of another value."""
    found = []
    if [table.title for table in tables] != list(expected):
        found.append(f"tables {[table.title for table in tables]}, expected {list(expected)}")
    for table in tables:
        wanted = [tuple(row) for row in expected.get(table.title, ())]
        if list(table.rows) != wanted:
            found += [f"{table.title}: {row}" for row in (*set(table.rows) ^ set(wanted), "order")]
    return found


def test_every_row_is_what_the_recorded_tables_say(told):
    assert differences(tables_of(told.answer), golden(told.tables, told.scenario)) == []


def test_every_headline_is_what_the_recorded_tables_say(told):
    assert list(told.answer.headlines) == headlines(told.tables, told.scenario)


def test_what_vendors_sold_lent_and_lost_is_in_the_data_of_the_answer(told):
    expected = [dict(v) for v in vendors(told.tables["loans"], told.tables["journal"])]
    for vendor in expected:
        del vendor["customers"]
    assert told.answer.measures.get("vendor_finance", []) == expected


def test_every_row_of_a_busy_history_written_by_hand_is_what_its_tables_say():
    """Texts as long as a cell may be, and one word longer; more promises, classes and steps than are shown."""
    tables, scenario = busy_tables(), load("ai-2025")
    answer = assemble(tables, scenario, seed=0, tracing="pro-rata", planned_mw=None)
    expected = golden(tables, scenario)
    got = {table.title: list(table.rows) for table in tables_of(answer)}
    for title, rows in expected.items():
        if title != "The run in a few lines":
            assert got[title] == [tuple(row) for row in rows], title
    widths = {title: max(len(cell) for row in rows for cell in row) for title, rows in got.items()}
    assert widths["Taken back, provided for, failed"] == 90
    assert widths["Running accounts"] == 60
    assert widths["The chain of events that turned it"] == 50


def negated(row):
    """A row with the sign of its numbers turned; its last two cells exchanged if it has no number."""
    turned = tuple(f"-{cell}" if cell[:1] == "$" or cell[:1].isdigit() else cell.removeprefix("-") for cell in row)
    return turned if turned != row else (*row[:-2], row[-1], row[-2])


@pytest.mark.parametrize("fault", ["missing", "twice", "reordered", "negated"])
def test_a_wrong_row_of_any_table_is_noticed(told, fault):
    expected = golden(told.tables, told.scenario)
    tables = tables_of(told.answer)
    for n, table in enumerate(tables):
        rows = list(table.rows)
        if len(set(rows)) == 1 and fault == "reordered":
            continue
        wrong = {
            "missing": rows[1:],
            "twice": [rows[0], *rows],
            "reordered": rows[::-1],
            "negated": [negated(rows[0]), *rows[1:]],
        }
        planted = [*tables[:n], replace(table, rows=tuple(wrong[fault])), *tables[n + 1 :]]
        assert differences(planted, expected), table.title


def test_a_missing_or_exchanged_table_is_noticed(told):
    expected, tables = golden(told.tables, told.scenario), tables_of(told.answer)
    assert differences(tables[1:], expected)
    assert differences([tables[1], tables[0], *tables[2:]], expected)


def test_every_kind_of_a_run_has_a_name(told):
    named = {
        ("firms", "kind"): FirmKind,
        ("daily", "kind"): ListingKind,
        ("loans", "kind"): LendingKind,
        ("commitments", "kind"): PromiseKind,
        ("announcements", "instrument"): Instrument,
        ("journal", "cause"): [cause_text(cause) for cause in Cause],
    }
    for (table, column), names in named.items():
        assert set(told.tables[table][column]) <= set(names), (table, column)


def test_words_for_kinds_of_events_are_of_kinds_that_decide():
    assert set(KIND_WORDS) <= set(DECISIVE)
