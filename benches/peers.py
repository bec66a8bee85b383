"""The tasks of peers.sh in svy, and in the wheel where it is installed, of one frame in one process: seconds of CPU and of
the clock for each, reading apart.

usage: peers.py FILE.parquet TASK...

`wheel` is opine_survey of the frame as it was read, its columns of text coded at their first use (`load`, once);
`wheel-cat` of the same frame with categories, which are not copied.
"""

import sys
import time

import polars as pl

path, asked = sys.argv[1], sys.argv[2:]


def timed(who, task, run):
    cpu, clock = time.process_time(), time.perf_counter()
    try:
        result = run()
    except Exception as error:
        print(f"# {who} {task}: {type(error).__name__}: {error}"[:200], file=sys.stderr)
        return None
    print(f"{who} {task} {time.process_time() - cpu:.3f} {time.perf_counter() - clock:.3f}", flush=True)
    return result


people = timed("polars", "load", lambda: pl.read_parquet(path))
replicates = [name for name in people.columns if name.startswith("rw")]
items = [f"q{question}" for question in range(1, 11)]


def in_svy():
    import svy

    if replicates:
        weights = svy.RepWeights(method="brr", prefix="rw", n_reps=len(replicates))
        design = svy.Design(wgt="weight", rep_wgts=weights)
    else:
        design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
    estimation = svy.Sample(people, design).estimation
    return {
        "prop10": lambda: estimation.prop(items, drop_nulls=True),
        "prop10_by": lambda: estimation.prop(items, by=["region", "age"], drop_nulls=True),
        "mean_by": lambda: estimation.mean("therm_us", by="region", drop_nulls=True),
        "median_by": lambda: estimation.median("therm_us", by="region", drop_nulls=True),
        "replicates": lambda: estimation.mean("therm_us", by="region", method="replication", drop_nulls=True),
    }


def in_wheel(frame, who):
    import opine_survey

    if replicates:
        design = {"weights": "weight", "replicates": "^rw", "rep_type": "brr"}
    else:
        design = {"weights": "weight", "strata": "stratum", "psu": "psu"}
    poll = opine_survey.survey(frame, **design)
    shares = [f"prop({item})" for item in items]
    # what is coded once: every column of text
    timed(who, "load", lambda: poll.estimate(*shares, by=["region", "age"]))
    return {
        "prop10": lambda: poll.estimate(*shares),
        "prop10_by": lambda: poll.estimate(*shares, by=["region", "age"]),
        "mean_by": lambda: poll.estimate("mean(therm_us)", by="region"),
        "median_by": lambda: poll.estimate("median(therm_us)", by="region"),
        "replicates": lambda: poll.estimate("mean(therm_us)", by="region"),
    }


def categories():
    texts = [name for name, kind in people.schema.items() if kind == pl.String]
    return people.with_columns(pl.col(texts).cast(pl.Categorical))


houses = {
    "svy": in_svy,
    "wheel": lambda: in_wheel(people, "wheel"),
    "wheel-cat": lambda: in_wheel(categories(), "wheel-cat"),
}
for who, house in houses.items():
    try:
        tasks = house()
    except ImportError as error:
        print(f"# {who}: {error}", file=sys.stderr)
        continue
    for task in asked:
        timed(who, task, tasks[task])
