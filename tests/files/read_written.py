"""Reads the files that opine wrote by pyreadstat, into the NAME.json that the tests compare them with.

The files themselves come of `OPINE_WRITE_FIXTURES=1 cargo test --release --test it files_are_those`.
"""

import pyreadstat

from make import HERE, expected, ranges

if __name__ == "__main__":
    for name in ["written.sav", "written.zsav"]:
        frame, meta = pyreadstat.read_sav(HERE / name, user_missing=True)
        expected(name, frame, meta, ranges(meta))
    frame, meta = pyreadstat.read_dta(HERE / "written.dta", user_missing=True)
    # with letters in a column, pyreadstat puts some number where the plain dot stands
    dots = pyreadstat.read_dta(HERE / "written.dta")[0]
    for column in frame.columns[frame.dtypes == object]:
        frame[column] = [
            entry if isinstance(entry, str) or not dot else None for entry, dot in zip(frame[column], dots[column].isna())
        ]
    expected("written.dta", frame, meta, specials=[chr(code) for code in range(ord("a"), ord("z") + 1)])
