"""What a sweep file may say, part by part: design, replications, axes, cases, limits. Each field is valid alone."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from ...ledger.origins import TracingRule
from ...scenarios.names import one_form
from ...scenarios.run_settings import SEED_MAX
from ...scenarios.schema_base import Day, Part, Whole

T = TypeVar("T")
ENTRIES_MAX = 100_000
LOOKS = (8, 16, 32, 64)
"""Replications at which a sweep that stops when sure looks at its results."""

DAY_AXIS = "day"
"""The axis that shifts the day on which the changes of each case take force."""
WITH, WITHOUT = "with", "without"
"""The two values of a switch."""
RUN_COLUMNS = ("run", "round", "point", "case", "replication", "seed")
"""Columns of a design table before those of its axes."""
CHUNK = "chunk"
"""Column of the kept design: which runs are done together."""


class DesignKind(StrEnum):
    """How points are laid out over the axes."""

    GRID = "grid"
    LATIN_HYPERCUBE = "latin-hypercube"
    SOBOL = "sobol"
    MORRIS = "morris"
    LIST = "list"
    BOUNDARY = "boundary"


class Luck(StrEnum):
    """Whether the replications of all points and cases share their seeds."""

    COMMON = "common"
    INDEPENDENT = "independent"


class Scale(StrEnum):
    """How the range of an axis is divided: in equal steps, or in equal ratios."""

    LINEAR = "linear"
    LOG = "log"


def _scalar(value: Any) -> Any:
    """A number, text, truth value or date as it came; anything else is refused."""
    if not isinstance(value, bool | int | float | str | date) or isinstance(value, datetime):
        raise PydanticCustomError("scalar", "a number, text, truth value or date")
    if isinstance(value, int | float) and not -(2.0**63) < value < 2.0**63:
        raise PydanticCustomError("scalar", "a finite number below 2^63 in size")
    if isinstance(value, str) and len(value) > 400:
        raise PydanticCustomError("scalar", "a text of at most 400 characters")
    return value


def _listed(value: Any) -> Any:
    """One table where a list of them may stand is a list of one."""
    return (value,) if isinstance(value, dict) else value


Several = Annotated[tuple[T, ...], Field(strict=False, max_length=1000)]
Scalar = Annotated[bool | int | float | date | str, BeforeValidator(_scalar)]
"""What may stand at the end of a key path; the text `none` stands for nothing."""
Path = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(one_form)]
"""A key path such as `lab.*.revenue_share`, or the name of a headline parameter."""
CaseName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=r"^[\w(&][\w .&'(),/+:%-]*$"),
    BeforeValidator(one_form),
]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(one_form)]
"""The name of an outcome or series, with `*` for any part of it."""
Number = Annotated[float, Field(gt=-(2.0**63), lt=2.0**63)]
Positive = Annotated[int, Field(ge=1, le=10**9), Whole]
Look = Annotated[int, Field(ge=LOOKS[0], le=LOOKS[-1]), Whole]
Rule = Annotated[TracingRule, Field(strict=False)]


class Announcement(Part):
    """What is announced with a change: the keys of a scenario's news; the date is the change's unless it is said."""

    firm: str
    """The firm it is about."""
    text: Annotated[str, Field(min_length=1, max_length=400)]
    """What is announced, in words."""
    announced: Day | None = None
    """Day of the announcement."""
    instrument: str | None = None
    """How firm the promise is."""
    amount_usd: Number | None = None
    """Amount announced."""
    profit_usd_per_year: Number | None = None
    """Yearly profit it promises the firm."""
    direction: Annotated[int, Field(ge=-1, le=1), Whole] | None = None
    """1 good news, -1 bad news, 0 neither."""
    counterparty: str | None = None
    """The other side, where there is one."""
    role: str | None = None
    """What the firm gets."""


class Changes(Part):
    """What is different in a world: values set, numbers multiplied, entries removed, news added."""

    set: dict[Path, Scalar] = Field(default_factory=dict)
    """Key path or headline parameter -> its value."""
    times: dict[Path, Number] = Field(default_factory=dict)
    """Key path -> what its number is multiplied by."""
    remove: Several[Path] = ()
    """Entries that are taken out, as KIND.NAME."""
    stop: Several[Annotated[str, Field(min_length=1, max_length=400)]] = ()
    """Payers who put no new money in, named as in a scenario's `[[stop]]`."""
    announce: Annotated[Several[Announcement], BeforeValidator(_listed)] = ()
    """News that are added."""


class Axis(Part):
    """One direction in which worlds differ: a range, values, dates, or something that is there or not."""

    low: Number | None = None
    """Lower end of its range."""
    high: Number | None = None
    """Upper end of its range."""
    scale: Annotated[Scale, Field(strict=False)] = Scale.LINEAR
    """How the range is divided."""
    times: bool = False
    """Whether its values are factors of what the scenario says."""
    steps: Annotated[int, Field(ge=1, le=ENTRIES_MAX), Whole] | None = None
    """Values of a grid along this axis."""
    values: Annotated[tuple[Scalar, ...], Field(strict=False, max_length=ENTRIES_MAX)] = ()
    """The values themselves, in place of a range; in a list design one for each point."""
    on: Several[Day] = ()
    """Dates on which the changes of each case take force."""
    without: Changes | None = None
    """What is different where the axis stands at `without`; at `with`, nothing: a switch, in place of a range."""
    paths: Several[Path] = ()
    """Key paths and parameters that share this axis; none: the axis is called after its path or parameter."""

    @property
    def given(self) -> tuple[bool | int | float | date | str, ...]:
        """Its values, where it has no range."""
        return self.on or self.values or ((WITH, WITHOUT) if self.without is not None else ())


class DatedChanges(Changes):
    """Changes that take force on a day of the run."""

    date: Day
    """The day."""


class Case(Changes):
    """A named world: how it differs from the sweep's scenario, or another scenario altogether."""

    name: CaseName
    """Its name in tables and figures."""
    scenario: str | None = None
    """A bundled scenario or a .toml file, in place of the sweep's."""
    on: Several[DatedChanges] = ()
    """What changes during the run."""


class Design(Part):
    """How points are laid out over the axes, and how far."""

    kind: Annotated[DesignKind, Field(strict=False)] = DesignKind.GRID
    """grid, latin-hypercube, sobol, morris, list or boundary."""
    points: Positive | None = None
    """Points of a Latin hypercube; base points of a Sobol design, a power of two."""
    steps: Annotated[int, Field(ge=1, le=ENTRIES_MAX), Whole] | None = None
    """Values of a grid along each axis that does not say its own."""
    trajectories: Positive | None = None
    """Paths of a Morris design through the axes."""
    levels: Annotated[int, Field(ge=2, le=1000, multiple_of=2), Whole] = 4
    """Values that a Morris design knows along each axis."""
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), Whole] = 0
    """Seed of the design's own chance; the runs' stands under replications."""
    file: str | None = None
    """CSV of a list design: a column for each axis, a row for each point."""
    outcome: Pattern | None = None
    """Outcome whose share, or mean, a boundary design follows."""
    level: Number = 0.5
    """The level at which sides are told apart."""
    start: Several[Annotated[int, Field(ge=2, le=1025), Whole]] = ()
    """Points along each axis in the first round of a boundary design."""
    finest: Several[Annotated[int, Field(ge=2, le=1025), Whole]] = ()
    """Points along each axis of the grid whose line is looked for."""


class Until(Part):
    """When a share is known well enough."""

    outcome: Pattern
    """An outcome that is true or false."""
    half_width: Annotated[float, Field(gt=0, lt=0.5)] = 0.1
    """Half the width of its interval."""
    confidence: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95
    """How often the interval holds the truth."""


class Replications(Part):
    """How often every point of every case is run, and with which luck."""

    number: Positive | None = None
    """Runs of every case at every point; 1 unless it is said."""
    luck: Annotated[Luck, Field(strict=False)] = Luck.COMMON
    """common: the same seeds everywhere; independent: seeds of their own."""
    first_seed: Annotated[int, Field(ge=0, le=SEED_MAX - 10**9), Whole] = 0
    """Seed of the first replication."""
    compare_with: CaseName | None = None
    """The case to which the others are compared, seed by seed."""
    at_least: Look = LOOKS[0]
    """Runs before the first look, of a sweep that stops when sure."""
    at_most: Look = LOOKS[-1]
    """Runs after which it stops, sure or not."""
    until: Until | None = None
    """Stop when sure: looked at after 8, 16, 32 and 64 runs only."""


class Limits(Part):
    """What a run and the whole may cost."""

    seconds_per_run: Annotated[float, Field(gt=0, le=1e7)] | None = None
    """Time after which a run is given up."""
    memory_mb_per_run: Annotated[float, Field(ge=100, le=1e7)] | None = None
    """Memory of a process above which its run is given up."""
    runs_max: Annotated[int, Field(ge=1, le=10**8), Whole] = 100_000
    """More runs than this are refused."""
    same_failures_max: Annotated[int, Field(ge=1, le=10**6), Whole] = 20
    """First failures alike that stop the sweep."""


class Plan(Part):
    """All that a sweep file says; what fits together is a `Sweep`."""

    question: Annotated[str, Field(max_length=400)] = ""
    """What it is to answer."""
    scenario: Annotated[str, Field(min_length=1, max_length=400)] = "ai-2025"
    """A bundled scenario or a .toml file."""
    days: Annotated[int, Field(ge=1, le=5040), Whole] | None = None
    """Trading days; none: as the scenario says."""
    holders: Annotated[int, Field(ge=0, le=10**8), Whole] | None = None
    """Retail holders; none: as the scenario says."""
    tracing: Several[Rule] = (TracingRule.PRO_RATA,)
    """Tracing rules by which shares of payers are told; all are read from the same runs."""
    outcomes: Several[Pattern] = ()
    """Names of outcomes, one number or word of each run."""
    series: Several[Pattern] = ()
    """Names of daily series."""
    design: Design = Design()
    """Which points."""
    replications: Replications = Replications()
    """How often."""
    vary: dict[Path, Axis] = Field(default_factory=dict)
    """The axes: key path or headline parameter -> its range."""
    case: Several[Case] = ()
    """Named worlds; every case is run at every point."""
    limits: Limits = Limits()
    """What it may cost."""
