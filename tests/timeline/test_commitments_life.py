"""A promise lives as docs/odd.md says, in the chronicle of whole runs; changes are announced the day after."""

from __future__ import annotations

from carousel.contracts.base import LIFE, Status

STATUSES = {str(status) for status in Status}
BUILT_AT_ONCE = (
    "contract.*.capacity_gw=0.25", "cloud.Oracle.build_months=3", "cloud.Oracle.chip_lead_months=2",
)  # fmt: skip
"""A contract that is in service after five months."""


def illegal_steps(model, events):
    """(day, from, to) of every status change in the chronicle that no life leads through."""
    seen = {}
    for c in model.contracts.promises:
        seen[c.payer, c.payee] = Status.BINDING if c.label == "compute" else Status.ANNOUNCED
    wrong = []
    for day, kind, payer, payee, _, _ in events:
        if kind not in STATUSES or kind == Status.ANNOUNCED:
            continue
        before, after = seen[payer, payee], Status(kind)
        if after not in LIFE[before]:
            wrong.append((day, before, after))
        seen[payer, payee] = after
    return wrong


def test_every_status_change_in_a_stressed_run_is_a_legal_one(stressed):
    for told in stressed.values():
        assert illegal_steps(told.model, told.events) == []
        assert {"late", "renegotiated", "cancelled", "delivering"} <= {event[1] for event in told.events}


def test_an_illegal_status_change_would_be_seen(stressed):
    told = stressed[1]
    planted = [*told.events, (600, "delivering", "OpenAI", "Oracle", 0, "planted")]
    assert illegal_steps(told.model, planted) == [(600, Status.CANCELLED, Status.DELIVERING)]


def test_the_last_status_change_in_the_chronicle_is_where_the_promise_stands(stressed):
    for told in stressed.values():
        for c in (c for c in told.model.contracts.promises if c.label not in ("order", "revolving_line")):
            last = [e[1] for e in told.events if e[1] in STATUSES and (e[2], e[3]) == (c.payer, c.payee)][-1]
            assert last == c.status


def unannounced(model, events):
    """Status changes that gave a reason and were not public the next day."""
    released = {(item.day, item.text) for item in model.chronicle.announcements.announcements if item.released}
    names = {c.name for c in model.contracts.promises}
    told = [e for e in events if e[1] in STATUSES - {"announced"} and e[5] not in names and e[0] < model.clock.day]
    return told, [e for e in told if (e[0] + 1, e[5]) not in released]


def test_every_status_change_with_a_reason_is_announced_the_day_after(stressed):
    for told in stressed.values():
        changes, missing = unannounced(told.model, told.events)
        assert len(changes) >= 4
        assert missing == []


def test_a_status_change_that_nobody_announces_would_be_seen(stressed):
    told = stressed[1]
    planted = (100, "cancelled", "OpenAI", "Oracle", 0, "in silence")
    assert unannounced(told.model, [*told.events, planted])[1] == [planted]


def test_bad_news_of_a_promise_is_announced_as_bad_news(stressed):
    for told in stressed.values():
        changes, _ = unannounced(told.model, told.events)
        texts = {event[5] for event in changes}
        directions = {item.direction for item in told.model.chronicle.announcements.announcements if item.text in texts}
        assert directions == {-1}


def test_a_renegotiation_cuts_what_is_committed_and_never_what_is_delivered(stressed):
    for told in stressed.values():
        compute = told.model.contracts.promises[0]
        assert told.days_of("renegotiated") != []
        assert compute.delivered_mw <= compute.contracted_mw < 4500
        assert 0 <= compute.paid_cents <= compute.committed_cents < compute.promise.announced_cents


def test_what_is_paid_under_a_contract_is_the_sum_of_its_bills(bench):
    model = bench.small(days=168, overrides=(*BUILT_AT_ONCE, "contract.*.years=5"))
    paid = 0
    while model.running:
        model.step()
        entries = model.books.last.entries
        paid += int(entries[(entries[:, 5] == 0) & (entries[:, 4] == 6), 3].sum())
    assert paid == model.contracts.promises[0].paid_cents == model.chronicle.announcements[0].paid_cents > 0


def test_a_contract_that_has_run_its_course_is_done(bench):
    """The term of a quarter begins when the capacity goes into service."""
    told = bench.tell(bench.small(days=168, overrides=(*BUILT_AT_ONCE, "contract.*.years=0.25")))
    assert told.days_of("done") == [told.first("delivered") + 63]
    assert told.model.contracts.promises[0].status is Status.DONE


def test_nothing_is_built_for_a_contract_that_has_run_its_course(bench):
    told = bench.tell(bench.small(days=168, overrides=(*BUILT_AT_ONCE, "contract.*.years=0.25")))
    assert max(told.days_of("build_started")) < told.first("done")


def test_nothing_is_built_for_a_cancelled_contract(stressed):
    """What is under construction is finished and let to others; nothing new is begun."""
    for told in stressed.values():
        gone = max(e[0] for e in told.events if e[1] == "cancelled" and e[3] == "Oracle")
        assert max(told.days_of("build_started")) <= gone


def test_a_contract_delivered_before_the_start_can_end(bench):
    overrides = ("contract.*.delivered_gw=4.5", "contract.*.years=0.1", "cloud.Oracle.build_months=1")
    model = bench.small(days=63, overrides=overrides)
    while model.running:
        model.step()
    assert model.contracts.promises[0].status is Status.DONE


def test_a_renegotiated_contract_that_is_not_paid_is_late_again(bench):
    """Revenue just covers running costs: nothing is left for compute."""
    overrides = (
        *BUILT_AT_ONCE, "lab.OpenAI.opening_cash_usd=0", "lab.OpenAI.raise_below_months=0",
        "lab.OpenAI.costs_usd_per_year=0", "lab.OpenAI.costs_share_of_revenue=0.79", *bench.ROUND_PAID,
    )  # fmt: skip
    told = bench.tell(bench.small(days=273, overrides=overrides))
    renegotiated = told.first("renegotiated")
    missed_again = [e[0] for e in told.events if e[1] == "bill_late" and e[5] == "compute_bill" and e[0] > renegotiated]
    assert missed_again != []
    assert min(day for day in told.days_of("late") if day > renegotiated) == missed_again[0]
