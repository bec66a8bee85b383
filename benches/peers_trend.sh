#!/bin/sh
# One share of a file of polls by opine, by statsmodels and by a mean of 14 days, one after the other on one machine.
#
# usage: peers_trend.sh [POLLS.csv RESPONSE]
#
# Prints seconds of CPU and of the clock. opine is timed as a whole process that reads the file, five times, the least; the
# others inside of theirs, with the file already read. OPINE and PYTHON name the programs, where these are not the usual ones.
set -eu
polls=${1:-examples/us2016.csv}
response=${2:-Clinton}
opine=${OPINE:-target/release/opine}
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for show in latest daily; do
    for _ in 1 2 3 4 5; do
        /usr/bin/time -a -o "$results" -f "opine_$show %U %S %e" \
            "$opine" trend "$polls" --response "$response" --show "$show" --csv -q >/dev/null
    done
done
awk '{ cpu = $2 + $3; if (!($1 in best) || cpu < best[$1]) { best[$1] = cpu; clock[$1] = $4 } }
    END { for (task in best) printf "%-14s %9.3f %9.3f\n", task, best[task], clock[task] }' "$results" | sort
${PYTHON:-python3} benches/peers_trend.py "$polls" "$response" | awk '{ printf "%-14s %9.3f %9.3f\n", $1, $2, $3 }'
