"""A run as a BibTeX entry; who wrote the program and what it is called stands in CITATION.cff."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    about = of_program()
    version = str(dict(said["versions"]).get("carousel", about["version"]))
    key = re.sub(r"[^A-Za-z0-9]+", "-", f"carousel-{said['scenario']}-{said['seed']}-{said['digest'][:8]}")
    title = f"{about['title']}, version {version}: {said['scenario']}, seed {said['seed']}, {said['days']} trading days"
    fields = {
        "author": "{" + tex(about["author"]) + "}",
        "title": "{" + tex(title) + "}",
        "year": str(said["started"])[:4],
        "version": tex(version),
        "note": f"History {tex(str(said['digest']))}, the SHA-256 over every table of the run",
    }
    commit = manifest.get("commit")
    if commit:
        fields["note"] += f"; commit {tex(str(commit))}"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@software{{{key},", *lines, "}"]) + "\n"


def of_program() -> dict[str, str]:
    """Title, author and version, as the citation file says."""
    text = resources.files(__package__.rpartition(".")[0]).joinpath(SOURCE).read_text(encoding="utf-8")
    found = dict(re.findall(r"^(title|version): *\"?(.*?)\"?$", text, re.MULTILINE))
    authors = re.findall(r"^  - name: *(.*)$", text, re.MULTILINE)
    return {**found, "author": " and ".join(authors)}


def tex(text: str) -> str:
    """A text in which TeX sees no command."""
    return "".join(SPECIAL.get(character, character) for character in legible(text))
