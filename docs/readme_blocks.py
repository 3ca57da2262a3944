"""Put the headlines of the default run and the chain of events of the reversal into README.md, from the gallery."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def headlines(answer: str) -> str:
    """The bold paragraphs before the first section, as a quotation."""
    before = answer.split("\n## ")[0]
    return "\n>\n".join(f"> {line}" for line in re.findall(r"^\*\*.+\*\*$", before, flags=re.M))


def chain(answer: str) -> str:
    """The table under 'The chain of events that turned it'."""
    found = re.search(r"\*\*The chain of events that turned it\*\*\n\n((?:\|.*\n)+)", answer)
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
