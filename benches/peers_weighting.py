"""Python packages on the same work as peers_weighting.R: seconds of CPU and clock, reading and coding apart.

python benches/peers_weighting.py FILE.parquet TARGETS.csv [svy] [weightipy] [ipfn] [ipfn-rows]
(pip install svy weightipy ipfn pandas polars)

svy        rakes the rows from their weights, tolerance 1e-10
weightipy  rakes the rows from equal weights: it takes no base weights, and stops by its own rule
ipfn       rakes the joint table of the cells, tolerance 1e-10; numpy adds the rows up and multiplies the factors out
ipfn-rows  is given the rows themselves
"""

import sys
import time

import numpy
import pandas
import polars

file, targets = sys.argv[1:3]
wanted = sys.argv[3:] or ["svy", "weightipy", "ipfn"]
targets = pandas.read_csv(targets, dtype={"level": str})
names = list(dict.fromkeys(targets.variable))
frame = polars.read_parquet(file, columns=names + ["weight"])
goal = {
    v: dict(zip(own.level, own.target))
    for v, own in ((v, targets[targets.variable == v]) for v in names)
}


def codes(v):
    return frame[v].cast(polars.Enum(list(goal[v]))).to_physical().to_numpy()


def svy():
    import svy

    sample = svy.Sample(frame, svy.Design(wgt="weight"))
    return lambda: sample.weighting.rake(controls=goal, tol=1e-10, max_iter=200)


def ipfn():
    from ipfn import ipfn

    coded = [codes(v).astype(numpy.int64) for v in names]
    shape = [len(goal[v]) for v in names]
    base = frame["weight"].to_numpy()
    margins = [numpy.array(list(goal[v].values())) for v in names]

    def work():
        cell = numpy.ravel_multi_index(coded, shape)
        old = numpy.bincount(cell, base, numpy.prod(shape))
        table = old.reshape(shape).copy()
        places = [[at] for at in range(len(names))]
        new = ipfn.ipfn(table, margins, places, convergence_rate=1e-10).iteration()
        factor = numpy.divide(new.ravel(), old, out=numpy.zeros_like(old), where=old > 0)
        return base * factor[cell]

    return work


def ipfn_rows():
    from ipfn import ipfn

    rows = frame.to_pandas().rename(columns={"weight": "total"})
    margins = [pandas.Series(goal[v], name="total").rename_axis(v) for v in names]
    return ipfn.ipfn(rows, margins, [[v] for v in names], convergence_rate=1e-10).iteration


def weightipy():
    import weightipy

    rows = pandas.DataFrame({v: codes(v).astype(numpy.int64) + 1 for v in names})
    shares = {}
    for v in names:
        total = sum(goal[v].values())
        shares[v] = {at + 1: 100 * n / total for at, n in enumerate(goal[v].values())}
    scheme = weightipy.scheme_from_dict(shares)
    return lambda: weightipy.weight_dataframe(rows, scheme, weight_column="w")


peers = {"svy": svy, "weightipy": weightipy, "ipfn": ipfn, "ipfn-rows": ipfn_rows}
for name in wanted:
    try:
        work = peers[name]()
        cpu, clock = time.process_time(), time.perf_counter()
        work()
    except Exception as error:  # a peer that can't do it is no reason to stop
        print(name, "failed:", type(error).__name__, str(error)[:200])
        continue
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    print(f"{name}: {cpu:.3f} s of CPU, {clock:.3f} s by the clock", flush=True)
