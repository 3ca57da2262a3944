"""Frames say what the books say: their sums are the journal's and the answer's to the cent, and nothing is changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from carousel.history.recorder import Recorder, observe
from carousel.history.sinks import MemorySink, Tables
from carousel.ledger.causes import OriginClass
from carousel.model import CarouselModel, run
from carousel.report.measures_market import circle_value
from carousel.report.measures_origin import origin_shares, recycled_share
from carousel.report.measures_promises import circle_promises
from carousel.visual.frames import frame, opening, places
from carousel.visual.play import Fan, Play, Teller, circle_cents
from carousel.visual.recipe import Recipe

DAYS, HOLDERS = 64, 300
CENT_LIMIT = 2**53


def unfolded(frames: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Whole frames again, from told ones."""
    before: dict[str, Any] = {}
    for told in frames:
        before = before | told
        yield before


class Watched:
    """A run whose frames and tables are both kept."""

    def __init__(self) -> None:
        self.model = CarouselModel("ai-2025", rng=3, days=DAYS, holders=HOLDERS)
        self.head = opening(self.model)
        recorder, teller = observe(self.model, MemorySink()), Teller(self.model)
        self.model.observers.append(teller)
        run(self.model)
        self.digest = recorder.finish()
        self.tables: Tables = recorder.tables()
        self.told = teller.take()
        self.frames = list(unfolded(self.told))


@pytest.fixture(scope="module")
def watched() -> Watched:
    return Watched()


def test_whoever_reads_frames_changes_no_digest(watched: Watched) -> None:
    unread = CarouselModel("ai-2025", rng=3, days=DAYS, holders=HOLDERS)
    recorder = Recorder(unread)
    unread.observers.append(recorder)
    run(unread)
    assert recorder.finish() == watched.digest


def test_frames_added_up_are_the_journal_to_the_cent(watched: Watched) -> None:
    place_of = {name: watched.head["places"][n]["name"] for name, n in names_and_places(watched.model)}
    by_books: Counter[tuple[str, str, str]] = Counter()
    rows = watched.tables["journal"]
    for payer, payee, cause, cents in zip(rows["payer"], rows["payee"], rows["cause"], rows["cents"], strict=True):
        by_books[place_of[payer], place_of[payee], cause.replace("_", " ")] += int(cents)
    by_frames: Counter[tuple[str, str, str]] = Counter()
    for each in watched.frames:
        for payer, payee, cause, cents in each["paid"]:
            names = (watched.head["places"][n]["name"] for n in (payer, payee))
            by_frames[(*names, watched.head["causes"][cause][0])] += cents
    assert by_frames == by_books


def names_and_places(model: CarouselModel) -> list[tuple[str, int]]:
    return list(zip(model.books.journal.names, places(model)[1].tolist(), strict=True))


@pytest.mark.parametrize("rule", ["pro-rata", "fifo", "lifo"])
def test_whose_money_it_was_is_the_answers_measure_to_the_cent(watched: Watched, rule: str) -> None:
    origins, seen = watched.tables["origins"], 0
    for flow in watched.head["flows"]:
        by_class: Counter[str] = Counter()
        again = 0
        for each in watched.frames:
            for payer, _, cause, number, origin, round_before, cents in each["whose"]:
                is_its = cause in flow["causes"] and (flow["side"] == "payee" or payer in flow["of"])
                if is_its and watched.head["rules"][number] == rule:
                    by_class[watched.head["classes"][origin]] += cents
                    again += cents * round_before
        measured = origin_shares(origins, flow=flow["name"], rule=rule)
        assert dict(by_class) == dict(zip(measured["origin_class"], measured["cents"], strict=True))
        if total := sum(by_class.values()):
            assert again / total == recycled_share(origins, flow=flow["name"], rule=rule)
            seen += 1
    assert seen >= 2


def test_promised_committed_paid_and_the_circles_value_are_the_answers(watched: Watched) -> None:
    told = circle_promises(watched.tables["announcements"])
    assert watched.frames[-1]["told"] == [told.announced_cents, told.committed_cents, told.paid_cents]
    assert told.announced_cents > 0
    measured = circle_value(watched.tables["daily"], watched.tables["firms"])["circle_cents"]
    circle = {place["name"] for place in watched.head["places"] if place["kind"] in ("lab", "cloud", "chip_maker")}
    values = [sum(row[1] for row in each["firms"] if row[0] in circle) for each in watched.frames]
    assert values == [int(cents) for cents in measured]
    assert values[-1] == circle_cents(watched.model)


def test_spreads_runways_and_what_is_overdue_are_those_of_the_tables(watched: Watched) -> None:
    table = watched.tables["firms"]
    last = {row["firm"]: row for row in table.to_dict("records") if row["day"] == DAYS}
    seen = 0
    for row in watched.frames[-1]["firms"]:
        told = dict(zip(watched.head["firm_columns"], row, strict=True))
        for column in ("spread_per_year", "runway_months", "late_cents"):
            measured = last[told["name"]][column]
            assert told[column] == pytest.approx(0 if measured != measured else measured, rel=1e-4)
            seen += told[column] > 0
    assert seen >= 2


def test_every_event_and_announcement_has_its_frame(watched: Watched) -> None:
    by_day = Counter(int(day) for day in watched.tables["events"]["day"])
    assert {e["day"]: len(e["events"]) for e in watched.frames if e["events"]} == by_day
    assert sum(len(e["news"]) for e in watched.frames) == len(watched.tables["announcements"])


def test_a_frame_is_json_of_whole_cents_and_finite_numbers(watched: Watched) -> None:
    for each in watched.frames:
        assert json.loads(json.dumps(each, allow_nan=False)) == each
        assert all(type(row[-1]) is int and 0 < row[-1] < CENT_LIMIT for row in (*each["paid"], *each["whose"]))


def test_the_same_day_read_twice_is_the_same_frame(watched: Watched) -> None:
    assert frame(watched.model) == frame(watched.model)


def played(recipe: Recipe, after_day: int = -1) -> list[dict[str, object]]:
    play = Play(recipe, after_day=after_day)
    frames = []
    while not play.is_over:
        frames += play.slice(0.0)
    return list(unfolded(frames))


def test_the_same_recipe_makes_the_same_frames_in_slices_or_at_once(watched: Watched) -> None:
    assert played(Recipe(seed=3, days=DAYS, holders=HOLDERS)) == watched.frames


def test_a_branch_from_scratch_has_the_same_past_and_tells_only_its_future(watched: Watched) -> None:
    cut = Recipe(seed=3, days=DAYS, holders=HOLDERS, turns=({"day": 41, "stop": "AI customers"},))
    whole, future = played(cut), played(cut, after_day=40)
    assert whole[:41] == watched.frames[:41]
    assert [each["link"] for each in whole[41:]] != [each["link"] for each in watched.frames[41:]]
    assert future == whole[41:]


def test_a_fan_is_the_same_recipe_with_the_seeds_that_follow(watched: Watched) -> None:
    fan, worlds = Fan(Recipe(seed=2, days=DAYS, holders=HOLDERS), 1), []
    while not fan.is_over:
        worlds += fan.slice(0.01)
    assert [world["seed"] for world in worlds] == [3]
    assert worlds[0]["circle_cents"][-1] == circle_cents(watched.model)


def test_what_is_drawn_is_found_from_kinds_not_from_names() -> None:
    model = CarouselModel("vendor-loans", rng=0, days=1, holders=300)
    head = opening(model)
    assert {place["kind"] for place in head["places"] if place["circle"]} >= {"cloud", "chip_maker"}
    assert not any(place["circle"] for place in head["places"] if not place["kind"])
    assert set(head["classes"]) == set(OriginClass)
