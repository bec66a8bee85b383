#!/bin/sh
# The same work by opine, by R's survey and by svy, one after the other on one machine.
#
# usage: peers.sh STEM [TASK...]     STEM.parquet and STEM.csv as generate.py makes them
#
# Prints for each task the seconds of CPU and of the clock, and how many times those of opine the others took. opine is
# timed as a whole process that reads the file; the others inside of theirs, with the file already read.
# OPINE, PYTHON and RSCRIPT name the programs, where these are not the usual ones; PEERS="survey svy" who takes part.
set -eu
stem=$1
shift
opine=${OPINE:-target/release/opine}
design="--weights weight --strata stratum --psu psu"
items=$(seq -f 'prop(q%.0f)' 10)

arguments() {
    case $1 in
        prop10) echo "$items $design" ;;
        prop10_by) echo "$items --by region,age $design" ;;
        mean_by) echo "mean(therm_us) --by region $design" ;;
        median_by) echo "median(therm_us) --by region $design" ;;
        replicates) echo "mean(therm_us) --by region --weights weight --replicates ^rw --rep-type brr" ;;
        *) echo "no task $1" >&2; exit 2 ;;
    esac
}

[ $# -gt 0 ] || set -- prop10 prop10_by mean_by median_by
results=$(mktemp)
trap 'rm -f "$results"' EXIT
for task; do
    for _ in 1 2 3; do
        # shellcheck disable=SC2046
        /usr/bin/time -a -o "$results" -f "opine $task %U %S %e" \
            "$opine" estimate "$stem.parquet" $(arguments "$task") --csv -q >/dev/null
    done
done
case ${PEERS:-survey svy} in *svy*) ${PYTHON:-python3} benches/peers.py "$stem.parquet" "$@" >>"$results" ;; esac
case ${PEERS:-survey svy} in *survey*) ${RSCRIPT:-Rscript} benches/peers.R "$stem.csv" "$@" >>"$results" ;; esac
awk '
    $1 == "opine" { cpu = $3 + $4; if (!($2 in best) || cpu < best[$2]) { best[$2] = cpu; clock[$2] = $5 } next }
    { line[++lines] = $0 }
    END {
        printf "%-7s %-11s %9s %9s %12s\n", "who", "task", "cpu s", "clock s", "times opine"
        for (task in best) printf "%-7s %-11s %9.3f %9.3f %12s\n", "opine", task, best[task], clock[task], ""
        for (at = 1; at <= lines; at++) {
            split(line[at], field, " ")
            ratio = field[2] in best ? sprintf("%.0f", field[3] / best[field[2]]) : ""
            printf "%-7s %-11s %9.3f %9.3f %12s\n", field[1], field[2], field[3], field[4], ratio
        }
    }' "$results"
