"""No worse verdict passes: a check that misses, is gone, is no number or has another band fails the validation."""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
import sys
from types import ModuleType

import pytest
from carousel.experiments.validation import progress
from carousel.experiments.validation import report as validation_report
from carousel.experiments.validation.checks import Check, ClaimKind, Verdict, Worlds
from carousel.experiments.validation.groups import GROUPS, PLANTED, Group
from carousel.experiments.validation.progress import Clock, Progress
from carousel.experiments.validation.record import (
    Change,
    Kind,
    Recorded,
    RecordedGroup,
    RecordError,
    compare,
    read_record,
    write_record,
)
from carousel.experiments.validation.report import band, digits, spoken
from carousel.experiments.validation.report_page import report
from carousel.experiments.validation.results import GroupResult, Validation
from carousel.experiments.validation.run import validate
from carousel.experiments.validation.verdict import Request, UnknownGroup, validate_and_judge


def check(key="fake.a", measured=1.5, low=1.0, high=2.0, **others):
    claim = f"the number behind {key} is right"
    return Check(key, claim, measured, low, high, "x", "this test", **{"kind": ClaimKind.PREDICTION, **others})


GOOD = (check("fake.a"), check("fake.b", 3.0), check("fake.c", 1.0))
"""Two that hold and one that misses."""


@pytest.fixture
def world(monkeypatch, tmp_path):
    """Groups of checks that say what they are told to, and a folder with their record."""

    class World:
        folder = tmp_path
        groups = (Group("fake", "fake_checks", "Fake", "Made for this test."),)

        def __init__(self):
            self.asked = []

        def says(self, checks, module="fake_checks"):
            def found(*, quick, workers, tell):
                self.asked.append((quick, workers))
                tell(1, 2)
                return checks() if callable(checks) else list(checks)

            made = ModuleType(f"carousel.experiments.{module}")
            made.checks = found
            made.seeds = lambda quick: (0, 1, 2)
            monkeypatch.setitem(sys.modules, made.__name__, made)

        def judge(self, **options):
            return validate_and_judge(self.groups, self.folder, Request(**{"quick": True, **options}))

        def accepted(self, checks=GOOD):
            self.says(checks)
            assert not self.judge(accept=True).failed
            return self

    return World()


def worsened(**changes):
    return (dataclasses.replace(GOOD[0], **changes), *GOOD[1:])


def test_the_same_verdicts_pass(world):
    outcome = world.accepted().judge()
    assert outcome.changes == ()
    assert not outcome.failed


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (worsened(measured=2.5), Kind.WORSE),
        (worsened(measured=math.nan), Kind.WORSE),
        (worsened(measured=math.inf, high=math.inf), Kind.WORSE),
        (GOOD[1:], Kind.MISSING),
        (GOOD[::2], Kind.MISSING),
        (worsened(key="fake.renamed"), Kind.MISSING),
        (worsened(high=3.0), Kind.BAND),
        (worsened(low=-math.inf), Kind.BAND),
        (worsened(measured=2.5, high=3.0), Kind.BAND),
    ],
)
def test_a_planted_setback_fails(world, now, kind):
    world.accepted().says(now)
    outcome = world.judge()
    assert kind in [change.kind for change in outcome.setbacks]
    assert outcome.failed
    assert not outcome.accepted


def test_a_setback_passes_once_somebody_has_accepted_it(world):
    world.accepted().says(worsened(measured=2.5))
    assert not world.judge(accept=True).failed
    assert not world.judge().failed
    world.says(GOOD)
    assert [change.kind for change in world.judge().changes] == [Kind.BETTER]


def test_only_acceptance_changes_the_record(world):
    before = (world.accepted().folder / "validation.json").read_bytes()
    for now in (GOOD, worsened(measured=2.5), (*GOOD, check("fake.d"))):
        world.says(now)
        world.judge()
        assert (world.folder / "validation.json").read_bytes() == before


def test_new_and_better_are_told_and_no_setback(world):
    world.accepted().says((GOOD[0], dataclasses.replace(GOOD[1], measured=1.0), GOOD[2], check("fake.d", 9.0)))
    outcome = world.judge()
    assert {(change.key, change.kind) for change in outcome.changes} == {
        ("fake.b", Kind.BETTER),
        ("fake.d", Kind.NEW),
    }
    assert not outcome.failed


@pytest.mark.parametrize(
    "checks",
    [
        lambda: 1 / 0,
        lambda: [],
        lambda: [GOOD[0], GOOD[0]],
        lambda: [GOOD[0], "holds"],
        lambda: None,
    ],
    ids=["raises", "nothing", "one key twice", "no check", "no list"],
)
def test_a_group_that_breaks_off_fails_and_cannot_be_accepted(world, checks):
    before = (world.accepted().folder / "validation.json").read_bytes()
    world.says(checks)
    for accept in (False, True):
        outcome = world.judge(accept=accept)
        assert outcome.failed
        assert [c.key for c in outcome.validation.results[0].checks] == ["fake.ran"]
        assert outcome.validation.results[0].checks[0].verdict is Verdict.MISSES
        assert (world.folder / "validation.json").read_bytes() == before


def test_a_group_that_breaks_off_costs_no_other_group_anything(world):
    world.groups = (*world.groups, Group("other", "other_checks", "Other", "Also made."))
    world.says(lambda: 1 / 0)
    world.says([check("other.a")], module="other_checks")
    first, second = world.judge(accept=True).validation.results
    assert first.fault == "ZeroDivisionError: division by zero"
    assert second.checks == (check("other.a"),)


def test_a_group_that_is_gone_altogether_is_missing(world):
    world.groups = (*world.groups, Group("other", "other_checks", "Other", "Also made."))
    world.says([check("other.a")], module="other_checks")
    world.accepted()
    world.groups = world.groups[:1]
    assert [(c.key, c.kind) for c in world.judge().setbacks] == [("other.a", Kind.MISSING)]


def test_a_group_whose_module_does_not_exist_breaks_off(world):
    world.accepted()
    world.groups = (Group("fake", "no_such_module", "Fake", "Made for this test."),)
    outcome = world.judge()
    assert outcome.failed
    assert "no_such_module" in outcome.faults[0]


def test_some_groups_alone_are_judged_by_their_own_part_of_the_record(world):
    world.groups = (*world.groups, Group("other", "other_checks", "Other", "Also made."))
    world.says([check("other.a")], module="other_checks")
    world.accepted().says(worsened(measured=2.5))
    assert not world.judge(only=("other",)).failed
    assert world.judge(only=("fake",)).failed
    assert not world.judge(only=("fake",), accept=True).failed
    assert set(read_record(world.folder / "validation.json")["quick"]) == {"fake", "other"}


def test_an_unknown_group_is_refused(world):
    world.accepted()
    with pytest.raises(UnknownGroup) as refused:
        world.judge(only=("fakes",))
    assert (refused.value.came, refused.value.allowed) == ("fakes", ("fake",))


def test_without_a_record_nothing_is_run(world):
    world.says(lambda: pytest.fail("ran"))
    with pytest.raises(RecordError, match="--accept starts"):
        world.judge()


def test_the_two_sizes_have_their_own_verdicts(world):
    world.accepted()
    with pytest.raises(RecordError):
        world.judge(quick=False)
    world.says(worsened(measured=2.5))
    assert not world.judge(quick=False, accept=True).failed
    assert not world.judge(quick=False).failed
    assert world.judge().failed


def test_the_full_validation_writes_its_report_and_the_quick_one_does_not(world):
    world.accepted()
    assert not (world.folder / "validation.md").exists()
    world.judge(quick=False, accept=True)
    text = (world.folder / "validation.md").read_text()
    assert "These hold: 2 of 3 predictions." in text
    assert world.asked[-1][0] is False


def test_a_failed_validation_is_reported_as_well(world):
    world.accepted()
    world.judge(quick=False, accept=True)
    world.says(worsened(measured=math.nan))
    assert world.judge(quick=False).failed
    text = (world.folder / "validation.md").read_text()
    assert "not a number" in text
    assert "`fake.a`: held before, misses now" in text


RECORD = {
    "quick": {
        "fake": RecordedGroup({"fake.a": Recorded(Verdict.HOLDS, -math.inf, 2.0, 1.0)}, 1.0),
        "empty": RecordedGroup({"empty.ran": Recorded(Verdict.MISSES, 1.0, math.inf, math.nan)}, 2.0),
    }
}


def test_a_record_comes_back_as_it_was_written(tmp_path):
    path = tmp_path / "record.json"
    write_record(path, RECORD)
    text = path.read_text()
    read = read_record(path)
    assert read["quick"]["fake"] == RECORD["quick"]["fake"]
    assert math.isnan(read["quick"]["empty"].checks["empty.ran"].measured)
    write_record(path, read)
    assert path.read_text() == text
    assert [p.name for p in tmp_path.iterdir()] == ["record.json"]


def planted(*path, value):
    """The record as JSON with another value at a place."""
    data = json.loads(json.dumps({"quick": {"fake": {"seconds": 1, "checks": {"fake.a": GOOD_ENTRY}}}}))
    at = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(data)


GOOD_ENTRY = {"verdict": "holds", "measured": 1.5, "band": [1.0, 2.0]}
ENTRY = ("quick", "fake", "checks", "fake.a")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "the file"),
        ("[1]", "the file"),
        ("[" * 100_000, "the file"),
        (planted("quick", value=3), "quick"),
        (planted("quick", "fake", value=None), "quick.fake"),
        (planted("quick", "fake", "checks", value=[]), "quick.fake.checks"),
        (planted("quick", "fake", "seconds", value="1"), "quick.fake.seconds"),
        (planted(*ENTRY, value="holds"), "quick.fake.fake.a"),
        (planted(*ENTRY, "verdict", value="Holds"), "quick.fake.fake.a.verdict"),
        (planted(*ENTRY, "verdict", value=["holds"]), "quick.fake.fake.a.verdict"),
        (planted(*ENTRY, "band", value=[1.0]), "quick.fake.fake.a.band"),
        (planted(*ENTRY, "band", value=[None, 2.0]), "quick.fake.fake.a.band"),
        (planted(*ENTRY, "measured", value=True), "quick.fake.fake.a.measured"),
    ],
)
def test_a_damaged_record_is_refused_with_its_place(tmp_path, text, where):
    path = tmp_path / "record.json"
    path.write_text(text)
    with pytest.raises(RecordError) as refused:
        read_record(path)
    assert (refused.value.path, refused.value.where) == (path, where)


def test_a_band_computed_again_to_the_last_digits_is_the_same_band():
    section = {"fake": RecordedGroup({"fake.a": Recorded.of(check(low=0.1, high=1 / 3, measured=0.2))}, 1.0)}
    now = check(low=0.1, high=0.333333, measured=0.2)
    assert compare(section, {"fake": [now]}) == []
    for other in (0.334, 0.33334, 0.333331):
        assert compare(section, {"fake": [dataclasses.replace(now, high=other)]})[0].kind is Kind.BAND


def test_a_band_is_the_one_that_the_record_kept_of_it(tmp_path):
    """Six digits of 1.0000049 are 1: what was rounded when it was written is no other band when it is read."""
    path, exact = tmp_path / "record.json", check(high=1.0000049, measured=1.0)
    write_record(path, {"quick": {"fake": RecordedGroup({"fake.a": Recorded.of(exact)}, 1.0)}})
    assert compare(read_record(path)["quick"], {"fake": [exact]}) == []


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.36, "share", "36 %"),
        (-0.0391, "share", "−3.91 %"),
        (1.25, "x", "1.25 x"),
        (148.44, "bp", "148 bp"),
        (1234567.0, "shares", "1,234,567 shares"),
        (0.0, "cents", "0 cents"),
        (-1e-12, "-", "0"),
        (2.0, "-", "2"),
        (0.000123, "-", "0.000123"),
        (math.nan, "share", "not a number"),
        (math.inf, "x", "no limit"),
    ],
)
def test_numbers_are_said_as_a_reader_says_them(value, unit, words):
    assert spoken(value, unit) == words


def test_whole_numbers_keep_their_zeros():
    assert [digits(x) for x in (10.0, 100.0, 99.96, 20.0)] == ["10", "100", "100", "20"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0, 0, "0 x"), (1, math.inf, "at least 1 x"), (-math.inf, 2, "at most 2 x"), (1, 2, "1 to 2 x")],
)
def test_bands_are_said_in_words(low, high, words):
    assert band(check(low=float(low), high=float(high))) == words


def test_the_report_has_every_claim_with_number_interval_band_source_and_verdict():
    held = check(interval=(1.2, 1.8), note="a | b")
    missed = check("fake.b", 3.0)
    result = GroupResult(Group("fake", "fake_checks", "Fake", "For this test."), (held, missed), 61.0, (0, 1, 2))
    setback = Change(Kind.WORSE, "fake", "fake.b", "measured 3, before 1")
    text = report(Validation("full", (result,), (), 61.0), [setback], [], command="python run.py validate", quick={})
    assert "These hold: 1 of 2 predictions." in text
    assert "Seeds: fake 0 to 2" in text
    row = next(line for line in text.splitlines() if "`fake.a`" in line)
    assert row == (
        "| the number behind fake.a is right (`fake.a`) | prediction | 1.5 x | 1.2 to 1.8 x | 1 to 2 x | holds "
        "| this test | a \\| b |"
    )
    assert "| 3 x | – | 1 to 2 x | **misses** |" in text
    assert "`fake.b` | **held before, misses now**" in text


def test_time_left_is_what_was_recorded_at_the_pace_so_far(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    seen: list[Progress] = []
    clock = Clock([("a", 10.0), ("b", 20.0), ("c", 30.0)], seen.append)
    clock.start()
    now[0] = 20.0
    tell = clock.start()
    assert seen[-1].seconds_left == pytest.approx(2 * (20 + 30))
    now[0] = 30.0
    tell(1, 2)
    assert seen[-1].seconds_left == pytest.approx(10 + 2 * 30)
    assert validation_report.progress_line(seen[-1]) == "2 of 3: b, 1 of 2, 1 min 10 s left"


def test_time_left_is_not_guessed():
    seen: list[Progress] = []
    Clock([("a", 10.0), ("b", None)], seen.append).start()
    assert seen[-1].seconds_left is None


def test_every_group_of_the_real_table_exists_and_the_record_covers_it(world):
    """The committed record and report say the same, group by group and check by check."""
    root = validation_report.__file__.rpartition("experiments")[0]
    record = read_record(world.folder.__class__(root) / "docs" / "validation.json")
    text = (world.folder.__class__(root) / "docs" / "validation.md").read_text()
    names = {group.name for group in (*GROUPS, PLANTED)}
    assert set(record) == {"full", "quick"}
    for section in record.values():
        assert set(section) == names
    rows = {
        key: line for line in text.splitlines() for key in record["full"][PLANTED.name].checks if f"(`{key}`)" in line
    }
    assert set(rows) == set(record["full"][PLANTED.name].checks)
    for group in record["full"].values():
        for key, entry in group.checks.items():
            row = next(line for line in text.splitlines() if f"(`{key}`)" in line)
            assert ("**misses**" in row) == (entry.verdict is Verdict.MISSES)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_the_module_of_a_group_has_its_checks(group):
    assert callable(importlib.import_module(f"carousel.experiments.{group.module}").checks)


def test_validate_is_judged_on_a_whole_machine_with_every_fault_planted_at_the_quick_size(world):
    """Planted faults run at the quick size also in a full validation, against sound checks of the same size."""
    result = validate(world.groups, quick=False, faults=())
    assert [r.group.name for r in result.results] == ["fake"]
    assert result.planted == ()


def test_kinds_of_claims_are_counted_apart_and_a_number_without_a_band_as_none():
    kinds = (
        check("fake.a", kind=ClaimKind.PREDICTION), check("fake.b", 3.0, kind=ClaimKind.PREDICTION),
        check("fake.c", kind=ClaimKind.FITTED), check("fake.d", 3.0, kind=ClaimKind.IDENTITY),
        check("fake.e", 9.0, kind=ClaimKind.REPORTED),
    )  # fmt: skip
    result = GroupResult(Group("fake", "fake_checks", "Fake", "For this test."), kinds, 1.0)
    text = report(Validation("full", (result,), (), 1.0), [], [], command="python run.py validate", quick={})
    assert (
        "These hold: 1 of 2 predictions, 1 of 1 numbers fitted or in view, 0 of 1 identities and unit tests. "
        "1 number reported without a band."
    ) in text
    assert "| Fake | 1 of 2 | 1 of 1 | 0 of 1 | 1 s |" in text
    assert "(`fake.e`) | reported |" in text


def test_a_claim_without_its_kind_cannot_be_made():
    with pytest.raises(TypeError, match="kind"):
        Check("fake.a", "a claim", 1.0, 0.0, 2.0, "x", "this test")


def test_the_note_says_how_many_single_worlds_lie_in_their_band():
    held = check(worlds=Worlds((1.0, 2.0, 3.0, math.nan), 1.5, math.inf), note="a note")
    result = GroupResult(Group("fake", "fake_checks", "Fake", "For this test."), (held,), 1.0)
    text = report(Validation("full", (result,), (), 1.0), [], [], command="python run.py validate", quick={})
    assert "| a note; 2 of 3 worlds inside, at least 13.5 % |" in text
