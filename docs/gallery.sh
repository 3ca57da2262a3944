#!/bin/sh
# Makes the runs and pictures that README.md shows: one that expands, one that runs backwards; then the named sweeps of docs/gallery/sweeps.md and the instruments of docs/gallery/instruments.md.
# Called by `make gallery`.
set -eu
python=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
show() { # name, options...
    name=$1; shift
    "$python" run.py simulate ai-2025 "$@" --out "$work/$name" > "$work/$name.txt" 2> /dev/null
    for figure in market_values money_flow origin_shares promised_and_paid credibility_and_multipliers gain_and_loss; do
        cp "$work/$name/figures/$figure.png" "docs/gallery/$name-$figure.png"
    done
    sed '/^Written to /d' "$work/$name/answer.md" > "docs/gallery/$name.md"
}
show default
show expansion --seed 0 --set monetisation_growth_per_year=2.5
show reversal --seed 0 --set monetisation_growth_per_year=0 --set dry_powder_scale=0.1
"$python" docs/readme_blocks.py
for name in who-pays tracing-rules letter-halved when-it-reverses which-payer-breaks-it; do
    "$python" run.py sweep "$name" --out "$work/$name"
    "$python" run.py analyse "$work/$name" --out "$work/$name-analysis" > /dev/null
done
"$python" docs/gallery_sweeps.py "$work"
"$python" docs/gallery_instruments.py
