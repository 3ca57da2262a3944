"""The house in numbers: who imports whom, who is handed what, how large things are, and what nobody uses.

`python tests/test_house.py` prints every measure with its number, the number allowed today and the goal;
`python tests/test_house.py WORD` lists what the measures with that word in their name have found.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple

import mesa
import pytest
from carousel.model import CarouselModel
from carousel.tests.house import arrows, kinds, shape, unused
from carousel.tests.house.source import House

pytestmark = pytest.mark.once

PARTS = {"clock", "cast", "books", "contracts", "beliefs", "prices", "chronicle"}
LISTS = ("experiments/event_study/", "experiments/validation/event_checks.py")
"""Where lists of announcements are read, and what is claimed of them."""
KEPT_BESIDE = {"scenario_data", "recipe", "observers", "datacollector", "running"}
"""From version 3.5 on Mesa itself keeps an object of its own under `scenario`."""
REASONS: dict[str, str] = {
    "benchmarks/speed.py": "one table of figures, each beside the call that measures it",
    "docs/circle_page.py::page": "the text of the page, as it stands on it",
    "agents/household_kernels.py::decide_rows": "one pass over the rows that order: in two it would read them twice",
}
"""Why a file may have more than 300 lines, or a function (`path::name`) more than 50."""


class Measure(NamedTuple):
    """Something counted: at most `limit` today, `goal` in the end."""

    name: str
    found: Callable[[House], list[str]]
    limit: int
    goal: int = 0


def without_reason(measure: Callable[[House], list[str]]) -> Callable[[House], list[str]]:
    """What a measure finds, but for what has its reason."""
    return lambda house: [found for found in measure(house) if found.split(" has ")[0] not in REASONS]


def loose_attributes(model: mesa.Model) -> list[str]:
    """What a model holds besides its parts, scenario, observers and Mesa's own; members of mix-ins are its own too."""
    mixed_in = [c for c in type(model).__mro__[1:] if c.__module__.startswith("carousel")]
    held = {*vars(model), *(name for c in mixed_in for name in vars(c) if not name.startswith("__"))}
    return sorted(held - set(vars(mesa.Model(rng=0))) - PARTS - KEPT_BESIDE)


MEASURES = (
    Measure(
        "attributes of the model beside its parts",
        lambda _: loose_attributes(CarouselModel("vendor-loans", rng=0, holders=20)),
        0,
    ),
    Measure("functions below timeline/ that take the model", shape.given_the_model, 0),
    Measure("imports that point up or beside", arrows.upward, 0),
    Measure("imports at run time that point up or beside", partial(arrows.upward, for_types=False), 0),
    Measure("files that are in no room", arrows.strangers, 0),
    Measure("files in a circle of imports", arrows.in_circles, 0),
    Measure("functions with more than 8 arguments", shape.long_signatures, 0),
    Measure("kinds told by a string", shape.kinds_as_strings, 0),
    Measure("kinds spelled out where a member of their class belongs", kinds.spelled_out, 0),
    Measure("files above 300 lines without a reason", without_reason(shape.long_files), 0),
    Measure("functions above 50 lines without a reason", without_reason(shape.long_functions), 0),
    Measure("comments that silence the type checker", shape.ignored_types, 15, 15),
    Measure("public code that only tests use", unused.only_for_tests, 0),
    Measure("postings outside the day's phases and settlement", shape.foreign_postings, 0),
    Measure("models made without their seed", shape.without_seed, 0),
    Measure("attributes written by others than their own class", shape.foreign_writes, 2),
    # the opening seats the cast (4), its holdings (2) and the audit's identities (3, lending's 1), each once; fund
    # values fill the columns of a record of arrays that they hold alone (2)
    Measure("contents of attributes changed by others than their own class", shape.foreign_changes, 12),
)
"""One line a measure; a limit is lowered whenever its number falls."""


@cache
def house() -> House:
    """The sources as they are."""
    return House.on_disk()


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_the_house_stays_within_its_limits(measure):
    found = measure.found(house())
    assert len(found) <= measure.limit, "\n".join(found)


def test_no_limit_lies_below_its_goal():
    assert [m.name for m in MEASURES if m.limit < m.goal] == []


def test_every_reason_is_still_needed():
    found = [line.split(" has ")[0] for m in (shape.long_files, shape.long_functions) for line in m(house())]
    assert [name for name in REASONS if name not in found] == []


def one(path: str, text: str) -> House:
    """A house of one planted file beside a model and a journal."""
    return House({"model.py": "class CarouselModel: ...\n", "ledger/journal.py": "class Journal: ...\n", path: text})


def test_a_loose_attribute_is_seen():
    class Mixed(CarouselModel):
        pass

    model = Mixed("joke", rng=0, days=1)
    before = loose_attributes(model)
    model.planted = 1
    assert set(loose_attributes(model)) - set(before) == {"planted"}
    model.chronicle = 1
    assert "chronicle" not in loose_attributes(model)


def test_members_of_a_mix_in_are_the_models_own():
    class MixIn:
        def planted(self) -> None: ...

    MixIn.__module__ = "carousel.timeline.planted"
    model = type("Planted", (MixIn, mesa.Model), {})()
    assert loose_attributes(model) == ["planted"]


@pytest.mark.parametrize(
    "planted",
    [
        "def price(model): ...\n",
        "def price(of: CarouselModel): ...\n",
        "class Desk:\n    def price(self):\n        return self.model.day\n",
        "class Lab:\n    def __init__(self, model):\n        super().__init__(model)\n        self.seen = model.day\n",
        "class Lab:\n    def __init__(self, model):\n        self.model = model\n",
    ],
)
def test_a_function_below_the_timeline_that_takes_the_model_is_seen(planted):
    assert len(shape.given_the_model(one("agents/planted.py", planted))) == 1
    assert shape.given_the_model(one("timeline/planted.py", planted)) == []


def test_an_agents_constructor_may_hand_the_model_to_mesa():
    planted = (
        "class Lab:\n    def __init__(self, model, name):\n        super().__init__(model)\n        self.name = name\n"
    )
    assert shape.given_the_model(one("agents/planted.py", planted)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "loan.status = 1\n",
        "loan.paid_cents += 1\n",
        "a, self.cast.etf = 1, 2\n",
        "lab.price: int = 3\n",
        "del lab.price\n",
    ],
)
def test_a_write_of_another_ones_attribute_is_seen(planted):
    assert len(shape.foreign_writes(one("contracts/planted.py", planted))) == 1
    assert shape.foreign_writes(one("report/planted.py", planted)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "world.bills.due.append(1)\n",
        "a.b.c.update(d)\n",
        "a.seen.pop()\n",
        "a.rows[3] = 1\n",
        "self.a.rows[3] += 1\n",
        "del a.rows[3]\n",
        "a.rows[3][4] = 1\n",
        "a.rows[3].clear()\n",
    ],
)
def test_a_change_of_what_another_ones_attribute_holds_is_seen(planted):
    assert len(shape.foreign_changes(one("contracts/planted.py", planted))) == 1
    assert shape.foreign_changes(one("report/planted.py", planted)) == []


@pytest.mark.parametrize(
    "fine", ["self.due.append(1)", "rows.append(1)", "self.rows[3] = 1", "a.bills.add(b)", "x = a.b[1]"]
)
def test_a_change_of_ones_own_is_let_through(fine):
    assert shape.foreign_changes(one("contracts/planted.py", fine)) == []


def test_a_class_may_write_its_own_attributes():
    own = "class Lab:\n    def mark(self, cents):\n        self.price_cents = cents\n"
    assert shape.foreign_writes(one("agents/planted.py", own)) == []


TYPING_ONLY = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..model import CarouselModel\n"


@pytest.mark.parametrize(
    "planted",
    [
        "from ..model import CarouselModel\n",
        "from .. import model\n",
        "import carousel.model\n",
        "from carousel import model\n",
        "from carousel.model import CarouselModel\n",
        TYPING_ONLY,
        "def late():\n    from ..model import CarouselModel\n",
    ],
)
def test_an_upward_import_is_seen(planted):
    assert arrows.upward(one("ledger/planted.py", planted)) == ["ledger/planted.py imports model.py"]
    assert arrows.upward(one("history/planted.py", planted)) == []


def test_an_import_for_type_checking_only_is_none_at_run_time():
    assert arrows.upward(one("ledger/planted.py", TYPING_ONLY), for_types=False) == []
    late = "def late():\n    from ..model import CarouselModel\n"
    assert len(arrows.upward(one("ledger/planted.py", late), for_types=False)) == 1


def test_a_sideways_import_is_seen():
    planted = one("narrative/planted.py", "from ..market import auction\n").with_file("market/auction.py", "")
    assert arrows.upward(planted) == ["narrative/planted.py imports market/auction.py"]


def test_an_import_from_a_deeper_folder_is_followed():
    planted = one("ledger/clearing/planted.py", "from ...model import CarouselModel\nfrom ..journal import Journal\n")
    assert arrows.upward(planted) == ["ledger/clearing/planted.py imports model.py"]
    assert ("ledger/clearing/planted.py", "ledger/journal.py") in arrows.arrows(planted)


def test_a_file_in_no_room_is_seen():
    assert arrows.strangers(one("helpers/planted.py", "")) == ["helpers/planted.py"]


@pytest.mark.parametrize(
    "back", ["from .a import x\n", TYPING_ONLY.replace("..model", ".a"), "def f():\n    import carousel.ledger.a\n"]
)
def test_a_circle_of_imports_is_seen(back):
    planted = one("ledger/a.py", "from .b import y\n").with_file("ledger/b.py", back)
    assert arrows.in_circles(planted) == ["ledger/a.py", "ledger/b.py"]
    assert arrows.in_circles(planted.with_file("ledger/b.py", "from .journal import Journal\n")) == []


def test_a_long_signature_is_seen():
    eight, nine = (", ".join("abcdefghi"[:n]) for n in (8, 9))
    planted = (
        f"class A:\n    def fine(self, {eight}): ...\n    def long(self, *, {nine}): ...\ndef inner({nine}): ...\n"
    )
    assert shape.long_signatures(one("ledger/planted.py", planted)) == [
        "ledger/planted.py::A.long takes 9",
        "ledger/planted.py::inner takes 9",
    ]


@pytest.mark.parametrize(
    "planted",
    [
        'a = c.kind == "compute"',
        'a = "alive" != c.status',
        'a = c.instrument.value in ("contract", "order")',
        'a = kind not in {"share"}',
        'a = {"cloud": 1}.get(firm.kind)',
        'a = events[events["kind"] == "default"]',
        'a = rows["cause"].isin(["chip_bill"])',
        'match c.kind:\n    case "compute":\n        pass\n',
    ],
)
def test_a_kind_told_by_a_string_is_seen(planted):
    assert len(shape.kinds_as_strings(one("report/planted.py", planted))) == 1


OUTCOMES = 'class Happening(StrEnum):\n    LATE = "late"\n    DEFAULT = "default"\n'


@pytest.mark.parametrize(
    "planted",
    ['a = who == "late"', 'a = x["what"].isin(["late"])', 'A = ("late", "default")', 'A = {"late": 1, "default": 2}'],
)
def test_a_kind_spelled_out_is_seen_under_any_name(planted):
    assert len(kinds.spelled_out(one("report/planted.py", OUTCOMES + planted))) == 1
    assert kinds.spelled_out(one("report/planted.py", OUTCOMES + planted.replace("late", "word"))) == []


@pytest.mark.parametrize("fine", ["a = c.kind is Kind.COMPUTE", 'a = x.dtype.kind == "i"', 'a = c.name == "Oracle"'])
def test_a_kind_that_is_no_string_is_let_through(fine):
    assert shape.kinds_as_strings(one("report/planted.py", fine)) == []


def test_a_long_file_and_a_long_function_are_seen_until_they_have_a_reason(monkeypatch):
    planted = one("ledger/planted.py", "def long():\n" + "    pass\n" * 50 + "\n" * 250)
    assert shape.long_files(planted) == ["ledger/planted.py has 301 lines"]
    assert shape.long_functions(planted) == ["ledger/planted.py::long has 51 lines"]
    monkeypatch.setitem(REASONS, "ledger/planted.py::long", "planted")
    monkeypatch.setitem(REASONS, "ledger/planted.py", "planted")
    for measure in MEASURES:
        if "without a reason" in measure.name:
            assert measure.found(planted) == []


def test_a_silenced_type_is_seen_in_a_comment_only():
    planted = 'x = 1  # type: ignore[assignment]\ny = "# type: ignore"\n'
    assert shape.ignored_types(one("ledger/planted.py", planted)) == ["ledger/planted.py:1"]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("def lonely(): ...\n", ["lonely"]),
        ("def lonely():\n    return lonely()\n", ["lonely"]),
        ("class Lonely:\n    def method(self): ...\n", ["Lonely", "Lonely.method"]),
        ("def used(): ...\nx = used()\n", []),
        ('class Used:\n    @property\n    def value(self): ...\ngetattr(Used, "value")\n', []),
        ('def used(n): ...\nelsewhere(f"used({1})")\n', []),
        ("def _own(): ...\n", []),
        ("@app.command()\ndef typed(): ...\n", []),
    ],
)
def test_public_code_that_nobody_uses_is_seen(planted, found):
    assert unused.only_for_tests(one("ledger/planted.py", planted))[2:] == [f"ledger/planted.py::{n}" for n in found]


def test_an_import_alone_is_no_use_and_what_documentation_shows_is():
    planted = one("ledger/planted.py", "def shown(): ...\n").with_file(
        "model.py", "from .ledger.planted import shown\n"
    )
    assert "ledger/planted.py::shown" in unused.only_for_tests(planted)
    planted.readers = "from carousel.ledger.planted import shown\nshown()\n"
    assert "ledger/planted.py::shown" not in unused.only_for_tests(planted)


def test_a_model_made_without_its_seed_is_seen():
    planted = "CarouselModel('joke')\nmodel.CarouselModel()\nCarouselModel('joke', rng=0)\nCarouselModel(**given)\n"
    assert shape.without_seed(one("docs/planted.py", planted)) == ["docs/planted.py:1", "docs/planted.py:2"]


def test_the_tests_and_the_documentation_say_the_seeds_of_their_models():
    """But for the two whose claim is what happens without one."""
    found = shape.without_seed(House.of_tests())
    assert [line.split(":")[0] for line in found] == ["tests/test_model.py"] * 2


@pytest.mark.parametrize(
    ("names", "its_class", "its_terms"),
    [
        (("equity_ticket", "EquityTicket", "EQUITY_TICKET"), "contracts/equity_ticket.py", "scenarios/schema_deals.py"),
        (("warrant", "Warrant", "WARRANT"), "contracts/warrant.py", "scenarios/schema_options.py"),
        (("convertible", "Convertible", "CONVERTIBLE"), "contracts/convertible.py", "scenarios/schema_options.py"),
        (
            ("lease_vehicle", "LeaseVehicle", "LEASE_VEHICLE"),
            "contracts/lease_vehicle.py",
            "scenarios/schema_vendor.py",
        ),
        (("backstop", "Backstop", "BACKSTOP"), "contracts/backstop.py", "scenarios/schema_vendor.py"),
    ],
)
def test_an_instrument_stands_in_five_source_files(names, its_class, its_terms):
    """As `docs/tutorials/instrument.md` lists them: nowhere else has to know of it. A list of announcements is no
    scenario: it has columns of its own for what is given beside a deal."""
    own = {its_class, its_terms, "history/kinds.py", "scenarios/schema_world.py", "timeline/opening_promises.py"}
    named = re.compile(rf"\b({'|'.join(names)})")
    found = {path for path, text in house().texts.items() if named.search(text)}
    assert {path for path in found if not path.startswith(LISTS)} == own


def test_a_posting_agent_is_seen():
    planted = "def act(self):\n    self.books.journal.post(1, 2, 3, 4)\n"
    assert shape.foreign_postings(one("agents/planted.py", planted)) == ["agents/planted.py:2"]
    assert shape.foreign_postings(one("timeline/planted.py", planted)) == []


def main(words: list[str]) -> None:
    """Print every measure, and what the asked-for ones found."""
    for measure in MEASURES:
        found = measure.found(house())
        print(f"{len(found):4d}  {measure.name} (at most {measure.limit}, goal {measure.goal})")
        if any(word in measure.name for word in words):
            print("".join(f"        {line}\n" for line in found), end="")


if __name__ == "__main__":
    sys.path[:] = [p for p in sys.path if not p.endswith("tests")]
    main(sys.argv[1:])
