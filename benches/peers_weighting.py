"""Python packages on the same work as peers_weighting.R, in seconds of CPU, reading apart.

python benches/peers_weighting.py FILE.parquet TARGETS.csv      (pip install svy weightipy ipfn pandas polars)
"""

import sys
import time

import pandas
import polars

file, targets = sys.argv[1:3]
targets = pandas.read_csv(targets, dtype={"level": str})
names = list(dict.fromkeys(targets.variable))
frame = polars.read_parquet(file, columns=names + ["weight"])
goal = {
    v: dict(zip(own.level, own.target))
    for v, own in ((v, targets[targets.variable == v]) for v in names)
}


def timed(name, work):
    start = time.process_time()
    try:
        work()
    except Exception as error:  # a peer that can't do it is no reason to stop
        print(name, "failed:", type(error).__name__, str(error)[:200])
        return
    print(name, round(time.process_time() - start, 2), "s of CPU", flush=True)


def svy_rake():
    import svy

    sample = svy.Sample(frame, svy.Design(wgt="weight"))
    return lambda: sample.weighting.rake(controls=goal, tol=1e-10, max_iter=200)


def ipfn_rake():
    from ipfn import ipfn

    rows = frame.to_pandas().rename(columns={"weight": "total"})
    margins = [pandas.Series(goal[v], name="total").rename_axis(v) for v in names]
    work = ipfn.ipfn(rows, margins, [[v] for v in names], convergence_rate=1e-10)
    return work.iteration


def weightipy_rake():
    import weightipy

    rows = frame.to_pandas()
    shares = {}
    for v in names:
        total = sum(goal[v].values())
        codes = {level: at + 1 for at, level in enumerate(goal[v])}
        rows[v] = rows[v].astype(str).map(codes)
        shares[v] = {codes[level]: 100 * n / total for level, n in goal[v].items()}
    scheme = weightipy.scheme_from_dict(shares)
    return lambda: weightipy.weight_dataframe(rows, scheme, weight_column="w")


for name, prepare in [("svy", svy_rake), ("ipfn", ipfn_rake), ("weightipy", weightipy_rake)]:
    try:
        work = prepare()
    except Exception as error:
        print(name, "failed:", type(error).__name__, str(error)[:200])
        continue
    timed(name, work)
