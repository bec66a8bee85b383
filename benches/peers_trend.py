"""One share of a file of polls, by statsmodels and by a mean of 14 days: seconds of CPU and of the clock, reading apart.

usage: peers_trend.py POLLS.csv RESPONSE

The local level of statsmodels has no house effects: each house is a regression dummy, and one variance is fitted for all polls.
"""

import csv
import sys
import time
from datetime import date

import numpy as np
from statsmodels.tsa.statespace.structural import UnobservedComponents

path, response = sys.argv[1], sys.argv[2]
polls = []
with open(path, newline="") as file:
    for row in csv.DictReader(file):
        if row["response"] == response and row["pollster"] != "election" and row["n"] and row["end"]:
            start = date.fromisoformat(row["start"] or row["end"]).toordinal()
            end = date.fromisoformat(row["end"]).toordinal()
            polls.append(((start + end) / 2, row["pollster"], float(row["percent"])))
polls.sort()
days = np.array([poll[0] for poll in polls])
values = np.array([poll[2] for poll in polls])
names = sorted({poll[1] for poll in polls})
houses = np.array([[poll[1] == name for name in names[1:]] for poll in polls], float)


def timed(task, run):
    cpu, clock = time.process_time(), time.perf_counter()
    result = run()
    print(f"{task} {time.process_time() - cpu:.3f} {time.perf_counter() - clock:.3f}", flush=True)
    return result


def local_level():
    first = int(days.min())
    grid = np.full(int(days.max()) - first + 1, np.nan)
    dummies = np.zeros((len(grid), houses.shape[1]))
    for day, value, house in zip(days, values, houses):
        grid[int(day) - first] = value
        dummies[int(day) - first] = house
    model = UnobservedComponents(grid, level="local level", exog=dummies)
    return model.fit(disp=False).smoothed_state[0, -1]


def means():
    return [values[(days > day - 14) & (days <= day)].mean() for day in np.arange(days.min(), days.max() + 1)]


timed("statsmodels", local_level)
timed("mean_14_days", means)
