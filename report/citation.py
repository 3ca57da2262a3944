"""A run or a sweep as a BibTeX entry; who wrote the program and what it is called stands in CITATION.cff."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from ..engine.legible import legible
from .run_tables import need_said

SOURCE = "CITATION.cff"
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: f"\\{sign}" for sign in "&%$#_{}"
}


def bibtex(manifest: Mapping[str, Any]) -> str:
    """The entry of a run: program with version, scenario, seed, days, and the whole digest.

    Raises: NotARun if the manifest does not say them.
    """
    said = need_said(manifest, ("scenario", "seed", "days", "digest", "versions", "started"))
    version = dict(said["versions"]).get("carousel")
    made_from = list(_made_from(manifest))
    turns = "".join(f", {words}" for words, _ in made_from)
    sources = "".join(f"; {tex(words)} of history {tex(digest)}" for words, digest in made_from)
    return _entry(
        key=f"{said['scenario']}-{said['seed']}-{said['digest'][:8]}",
        what=f"{said['scenario']}, seed {said['seed']}, {said['days']} trading days{turns}",
        version=version,
        year=str(said["started"])[:4],
        note=f"History {tex(str(said['digest']))}, the SHA-256 over every table of the run{sources}",
        commit=manifest.get("commit"),
    )


def bibtex_of_sweep(manifest: Mapping[str, Any], what: str, digest: str) -> str:
    """The entry of a sweep: program with version, what was run, and the digest of the table of its runs.

    Raises: NotARun if the manifest does not say them.
    """
    said = need_said(manifest, ("begun", "made_by"))
    made_by = dict(said["made_by"])
    commit = made_by.get("commit")
    return _entry(
        key=f"sweep-{digest[:8]}",
        what=what,
        version=made_by.get("version of carousel"),
        year=str(said["begun"])[:4],
        note=f"Runs {tex(digest)}, the SHA-256 over the table of all runs",
        commit=None if commit == "none" else commit,
    )


def _entry(*, key: str, what: str, version: str | None, year: str, note: str, commit: str | None) -> str:
    about = of_program()
    version = version or about["version"]
    fields = {
        "author": "{" + tex(about["author"]) + "}",
        "title": "{" + tex(f"{about['title']}, version {version}: {what}") + "}",
        "year": year,
        "version": tex(str(version)),
        "note": note + (f"; commit {tex(str(commit))}" if commit else ""),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@software{{{re.sub(r'[^A-Za-z0-9]+', '-', f'carousel-{key}')},", *lines, "}"]) + "\n"


def _made_from(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a run is a branch or an extension of: in words, and the digest of that run."""
    for name, verb in (("branched_from", "another turn from"), ("extended_from", "run on from")):
        source = manifest.get(name)
        if isinstance(source, Mapping):
            day = source.get("day", source.get("days"))
            date = f" ({source['date']})" if "date" in source else ""
            yield f"{verb} day {day}{date}", str(source.get("digest"))


def of_program() -> dict[str, str]:
    """Title, author and version, as the citation file says."""
    text = resources.files(__package__.rpartition(".")[0]).joinpath(SOURCE).read_text(encoding="utf-8")
    found = dict(re.findall(r"^(title|version): *\"?(.*?)\"?$", text, re.MULTILINE))
    authors = re.findall(r"^  - name: *(.*)$", text, re.MULTILINE)
    return {**found, "author": " and ".join(authors)}


def tex(text: str) -> str:
    """A text in which TeX sees no command."""
    return "".join(SPECIAL.get(character, character) for character in legible(text))
