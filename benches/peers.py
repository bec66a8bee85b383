"""The tasks of peers.sh in svy: seconds of CPU and of the clock for each, reading apart.

usage: peers.py FILE.parquet TASK...
"""

import sys
import time

import polars as pl
import svy

path, asked = sys.argv[1], sys.argv[2:]


def timed(task, run):
    cpu, clock = time.process_time(), time.perf_counter()
    try:
        result = run()
    except Exception as error:
        print(f"# svy {task}: {type(error).__name__}: {error}"[:200], file=sys.stderr)
        return None
    print(f"svy {task} {time.process_time() - cpu:.3f} {time.perf_counter() - clock:.3f}", flush=True)
    return result


people = timed("load", lambda: pl.read_parquet(path))
replicates = [name for name in people.columns if name.startswith("rw")]
if replicates:
    weights = svy.RepWeights(method="brr", prefix="rw", n_reps=len(replicates))
    design = svy.Design(wgt="weight", rep_wgts=weights)
else:
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight")
estimation = svy.Sample(people, design).estimation
items = [f"q{question}" for question in range(1, 11)]
tasks = {
    "prop10": lambda: estimation.prop(items, drop_nulls=True),
    "prop10_by": lambda: estimation.prop(items, by=["region", "age"], drop_nulls=True),
    "mean_by": lambda: estimation.mean("therm_us", by="region", drop_nulls=True),
    "median_by": lambda: estimation.median("therm_us", by="region", drop_nulls=True),
    "replicates": lambda: estimation.mean("therm_us", by="region", method="replication", drop_nulls=True),
}
for task in asked:
    timed(task, tasks[task])
