"""Did it turn, by a rule on books against the twin's, and who made it possible."""

from __future__ import annotations

from collections import Counter

from ...report.answer_text import ROWS_MAX, AnswerTable, Section
from ...report.measures_turn import TURNED, RegimeName
from ...report.wording import NOTHING, cut, dollars, label, listed, spoken_date
from .comparison import Comparison
from .said import Said
from .turns import LEFT_OUT, REGIME, STRAIN_DAY, TURN_DAY, Link, chain_to_break, own_links

MOST_SAID = 3


def did_it_turn(said: Said, beside: Comparison) -> Section:
    """In how many worlds, when, and of one of them the chain from its first strain."""
    worlds = said.worlds
    count = Counter(str(run[REGIME]) for run in worlds.own)
    turned = [place for place, run in enumerate(worlds.own) if run[REGIME] in TURNED]
    words = listed([
        f"{name.value} in {said.count(f'worlds of {name.value}', count[name.value], REGIME)}"
        for name in RegimeName if count[name.value]
    ])  # fmt: skip
    sentences = [f"It turned in {said.count('worlds that turned', len(turned), REGIME)} worlds: {words}."]
    if not turned:
        sentences.append(_strains(said))
    else:
        when = said.day("first broken promise or default, of worlds that turned", TURN_DAY)
        strain = said.day("first strain", STRAIN_DAY)
        sentences.append(
            f"The first promise was broken on {when}; where there was any strain, the first came on {strain}."
        )
    if anyway := sum(run[LEFT_OUT] > 0 for run in worlds.own):
        many = said.count("worlds with a break that the twin has too", anyway, LEFT_OUT)
        sentences.append(
            f"In {many} worlds a firm breaks a promise or fails without the deals too: that counts for nothing here."
        )
    twin = beside.is_twin
    chains = {
        place: own_links(worlds.own[place], worlds.twins[place] if twin else None) for place in range(len(worlds.own))
    }
    example = worlds.seeds.index(worlds.example())
    place = example if example in turned or not turned else min(turned, key=lambda p: (abs(p - example), p))
    links = chain_to_break(chains[place]) if turned else chains[place]
    return Section("Did it turn?", tuple(sentences), _chain(worlds.seeds[place], links, is_turn=bool(turned)))


def _strains(said: Said) -> str:
    strained = sum(run[STRAIN_DAY] is not None for run in said.worlds.own)
    return (
        f"Strains, such as doubt or a failed round, came in {said.count('worlds with a strain', strained, STRAIN_DAY)}."
    )


def _chain(seed: int, links: list[Link], *, is_turn: bool) -> tuple[AnswerTable, ...]:
    """One world's chain of events."""
    if not links:
        return ()
    shown = links if len(links) <= ROWS_MAX else [*links[: ROWS_MAX // 2], *links[-(ROWS_MAX - ROWS_MAX // 2) :]]
    rows = tuple(
        (_date(link["date"]), label(link["kind"]) + (f" ({link['times']} times)" if link["times"] > 1 else ""),
         link["agent"] + (f" – {link['counterparty']}" if link["counterparty"] else ""),
         cut(link["detail"].replace("_", " "), 50), dollars(link["cents"]) if link["cents"] else NOTHING)
        for link in shown
    )  # fmt: skip
    title = (
        f"How it turned in the world of seed {seed}, from its first strain"
        if is_turn
        else f"Strains in the world of seed {seed}"
    )
    left = len(links) - len(shown)
    note = f"{left} more between them." if left else ""
    return (AnswerTable(title, ("Date", "What", "Who", "In words", "Largest amount"), rows, 4, note),)


def _date(text: str) -> str:
    from datetime import date

    return spoken_date(date.fromisoformat(text))


def made_possible() -> Section:
    """Where the shares of those without whom less would stand are worked out."""
    return Section(
        "Who made it possible?",
        ("What each class of payers adds to what was built, over all orders in which they could arrive (Shapley "
         "shares), takes a world for every set of payers: python run.py study shapley.",),
    )  # fmt: skip
