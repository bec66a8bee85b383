#!/bin/sh
# Banner tables by opine, by R's survey, by pandas without any test, and by svy and weightipy where they are installed.
#
# usage: peers_banner.sh STEM [QUESTIONS]     STEM.parquet and STEM.csv as generate.py makes them
#
# Prints seconds of CPU and of the clock. opine is timed as a whole process that reads the file; the others inside of theirs,
# with the file already read. OPINE, PYTHON and RSCRIPT name the programs, where these are not the usual ones.
set -eu
stem=$1
questions=${2:-10}
opine=${OPINE:-target/release/opine}
rows=$(seq -s, -f 'q%.0f' "$questions")
for _ in 1 2 3; do
    /usr/bin/time -f "opine crosstab, all letters: %U+%S s CPU, %e s, %M KB" \
        "$opine" crosstab "$stem.parquet" --rows "$rows" --columns region,age,sex,education \
        --weights weight --strata stratum --psu psu --json -q >/dev/null
done
/usr/bin/time -f "opine crosstab, no test: %U+%S s CPU, %e s, %M KB" \
    "$opine" crosstab "$stem.parquet" --rows "$rows" --columns region,age,sex,education \
    --weights weight --strata stratum --psu psu --test none --json -q >/dev/null
${PYTHON:-python3} - "$stem.parquet" "$questions" <<'PY' || true
import sys, time
try:
    import pandas
except ImportError:
    sys.exit("pandas is not installed")
data = pandas.read_parquet(sys.argv[1])
start, cpu = time.time(), time.process_time()
for at in range(1, int(sys.argv[2]) + 1):
    for column in ["region", "age", "sex", "education"]:
        pandas.crosstab(data[f"q{at}"], data[column], values=data["weight"], aggfunc="sum", normalize="columns")
print(f"pandas.crosstab, weighted, no test: {time.process_time() - cpu:.2f} s CPU, {time.time() - start:.2f} s")
try:
    import weightipy  # noqa: F401
    print("weightipy is installed: it weighs, and has no banner of its own in this version")
except ImportError:
    pass
PY
${RSCRIPT:-Rscript} - "$stem.csv" "$questions" <<'R' || true
arguments <- commandArgs(trailingOnly = TRUE)
if (!requireNamespace("survey", quietly = TRUE)) stop("the package survey is not installed")
suppressMessages(library(survey))
data <- read.csv(arguments[1])
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = data, nest = TRUE)
taken <- system.time(for (at in seq_len(as.integer(arguments[2]))) for (column in c("region", "age", "sex", "education")) {
  svyby(as.formula(paste0("~q", at)), as.formula(paste0("~", column)), design, svymean, na.rm = TRUE)
  svychisq(as.formula(paste0("~q", at, " + ", column)), design)
})
cat(sprintf("R survey, svyby and svychisq, no letters: %.2f s CPU, %.2f s\n", taken[1] + taken[2], taken[3]))
R
