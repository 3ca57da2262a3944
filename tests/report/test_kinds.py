"""Every kind that a table of a run holds is one that has a name."""

from __future__ import annotations

from carousel.history.kinds import FirmKind, LendingKind, ListingKind, PromiseKind, cause_text
from carousel.ledger.causes import Cause
from carousel.narrative.announcements import Instrument
from carousel.report.measures_turn import DECISIVE, KIND_WORDS


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
