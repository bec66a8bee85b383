"""Makes a synthetic opinion survey: 50 strata of 20 PSUs, answers that are alike within a PSU, unequal weights.

usage: generate.py ROWS STEM [--replicates R] [--csv] [--groups G]

Writes STEM.parquet, and STEM.csv with --csv. The columns: stratum, psu, weight; region (9), age (6), sex (2),
education (4); ten questions q1 to q10 of four or five levels, 3% of them without an answer; two thermometers from 0 to
100; and R columns of half-sample weights. With --groups the same rows are written so many times, one after the other,
which makes a large file from little memory.
"""

import argparse

import numpy as np
import polars as pl
import pyarrow.parquet as pq

STRATA, PSUS = 50, 20
AGREE = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"]
WORRY = ["Very worried", "Somewhat worried", "Neutral", "Not very worried", "Not at all worried"]


def picked(names, places):
    return pl.Series(np.array(names)[places])


def survey(rows, replicates):
    random = np.random.default_rng(1936)
    psu = random.integers(0, STRATA * PSUS, rows)
    stratum = psu // PSUS
    age = random.choice(6, rows, p=[0.11, 0.17, 0.18, 0.18, 0.17, 0.19])
    education = random.choice(4, rows, p=[0.12, 0.38, 0.28, 0.22])
    weight = 100 * np.exp(random.normal(0, 0.45, rows)) * (1 + 0.3 * (education == 0)) * (1 + 0.2 * (age == 0))
    weight = np.round(weight, 6)
    leaning = random.normal(0, 0.25, STRATA * PSUS)[psu] + 0.08 * (age - 2.5) - 0.1 * (education - 1.5)
    columns = {
        "id": np.arange(rows),
        "stratum": stratum + 1,
        "psu": psu + 1,
        "weight": weight,
        "region": picked([f"R{region}" for region in range(1, 10)], stratum * 9 // STRATA),
        "age": picked(["18-24", "25-34", "35-44", "45-54", "55-64", "65+"], age),
        "sex": picked(["Male", "Female"], random.integers(0, 2, rows)),
        "education": picked(["Primary", "Secondary", "Some college", "Degree"], education),
    }
    for question in range(10):
        levels = [AGREE, WORRY][question % 2]
        cuts = np.sort(random.normal(0, 0.9, len(levels) - 1))
        answer = np.searchsorted(cuts, leaning + random.logistic(0, 1, rows))
        asked = random.random(rows) >= 0.03
        columns[f"q{question + 1}"] = pl.select(
            pl.when(pl.Series(asked)).then(picked(levels, answer)).otherwise(None)
        ).to_series()
    for name, centre, slope, noise in [("therm_us", 50, 18, 20), ("therm_cn", 45, -12, 22)]:
        columns[name] = np.clip(np.round(centre + slope * leaning + random.normal(0, noise, rows)), 0, 100)
    for replicate in range(replicates):
        half = 2.0 * (random.random(STRATA * PSUS) < 0.5)
        columns[f"rw{replicate + 1}"] = weight * half[psu]
    return pl.DataFrame(columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=lambda text: int(float(text)))
    parser.add_argument("stem")
    parser.add_argument("--replicates", type=int, default=0)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--groups", type=int, default=1)
    asked = parser.parse_args()
    frame = survey(asked.rows, asked.replicates)
    if asked.groups == 1:
        frame.write_parquet(asked.stem + ".parquet")
    else:
        table = frame.to_arrow()
        with pq.ParquetWriter(asked.stem + ".parquet", table.schema, compression="zstd") as writer:
            for _ in range(asked.groups):
                writer.write_table(table, row_group_size=131_072)
    if asked.csv:
        frame.write_csv(asked.stem + ".csv")


main()
