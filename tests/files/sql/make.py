"""Makes the tables of sums in this folder with DuckDB and PostgreSQL, by the queries that `opine sums --print-sql` prints.

Run from the root of the project: `python3 tests/files/sql/make.py`, with the Python package duckdb, `psql` on the path, a
server that it reaches by the usual variables (PGHOST, PGPORT, PGUSER), and the program in OPINE or target/release/opine.
"""

import csv
import os
import subprocess

import duckdb

OPINE = os.environ.get("OPINE", "target/release/opine")
CASES = {
    "apistrat": ["mean(api00)", "prop(awards)", "median(api00)", "sd(api00)", "total(enroll)",
                 "--weights", "pw", "--strata", "stype", "--fpc", "fpc"],
    "apiclus2": ["mean(api00)", "prop(awards)", "median(api00)",
                 "--weights", "pw", "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--by", "stype"],
}


def query(name, asked, engine):
    args = [OPINE, "sums", f"tests/golden/data/{name}.csv", *asked, "--print-sql", engine, "--table", "respondents"]
    return subprocess.run(args, capture_output=True, text=True, check=True).stdout


def columns(path):
    """Each column with its type: numbers where all entries are, so that Yes and No stay texts."""
    with open(path, newline="") as file:
        head, *rows = csv.reader(file)

    def is_number(at):
        try:
            return all(row[at] == "" or float(row[at]) is not None for row in rows)
        except ValueError:
            return False

    return {name: "double precision" if is_number(at) else "text" for at, name in enumerate(head)}


def by_duckdb(path, sql, to):
    types = {name: kind.replace("double precision", "double").replace("text", "varchar")
             for name, kind in columns(path).items()}
    engine = duckdb.connect()
    engine.sql(f"CREATE TABLE respondents AS SELECT * FROM read_csv('{path}', types={types})")
    engine.sql(f"COPY ({sql.rstrip()}) TO '{to}' (HEADER)")


def by_postgres(path, sql, to):
    made = ", ".join(f'"{name}" {kind}' for name, kind in columns(path).items())
    script = (f"CREATE TEMP TABLE respondents ({made});\n\\copy respondents from '{path}' csv header\n"
              f"CREATE TEMP TABLE sums AS {sql};\n\\copy sums to '{to}' csv header\n")
    subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1"], input=script, text=True, check=True)


for name, asked in CASES.items():
    path = f"tests/golden/data/{name}.csv"
    by_duckdb(path, query(name, asked, "duckdb"), f"tests/files/sql/{name}.duckdb.csv")
    by_postgres(path, query(name, asked, "postgres"), f"tests/files/sql/{name}.postgres.csv")
