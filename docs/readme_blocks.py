"""Put the answers of the default worlds and the chain of events of the reversal into README.md, from the gallery."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def headlines(answer: str) -> str:
    """Each question with its sentences, before the first table, as a quotation."""
    asked = answer.split("\n# ")[0].split("\n## ")[1:]
    told = []
    for section in asked:
        question, *rest = [part.strip() for part in section.split("\n\n")]
        sentences = itertools.takewhile(lambda part: not part.startswith(("**", "|")), rest)
        told.append(f"> **{question}** {' '.join(sentences)}")
    return "\n>\n".join(told)


def chain(answer: str) -> str:
    """The table under 'How it turned in the world of seed ...'."""
    found = re.search(r"\*\*How it turned in the world of [^\n]*\n\n((?:\|.*\n)+)", answer)
    if found is None:
        raise ValueError("the reversal's answer has no chain of events: this run did not turn")
    return found.group(1).rstrip()


def replaced(text: str, name: str, block: str) -> str:
    """`text` with a new block between the markers of that name."""
    pattern = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", flags=re.S)
    if not pattern.search(text):
        raise ValueError(f"no markers for {name}")
    return pattern.sub(lambda m: f"{m.group(1)}{block}\n{m.group(2)}", text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    gallery = ROOT / "docs" / "gallery"
    text = readme.read_text()
    text = replaced(text, "headlines", headlines((gallery / "default.md").read_text()))
    text = replaced(text, "chain", chain((gallery / "reversal.md").read_text()))
    readme.write_text(text)
