"""Public-opinion statistics: from a published headline, or a raw respondent file, to numbers with honest uncertainty.

Respondents:

>>> poll = opine_survey.open("poll.csv", weights="weight", strata="stratum", psu="psu")
>>> worried = poll.estimate("prop(q1)", by=["party"])
>>> tabs = poll.crosstab(rows="q1", columns="party,sex")
>>> chart = tabs.chart("stacked")

Published figures:

>>> print(opine_survey.interval(63, n=1500))
63%, 95% interval 60.5–65.4
...
>>> lead = opine_survey.compare(48, 45, n=1000, relation="same-question")

A notebook shows tables and charts; ``.rows``, ``.to_polars()`` and ``.to_pandas()`` have every digit. Keyword names are the names
of the program's flags: ``opine estimate --help`` says what each of them does. The program comes along, as ``opine`` and as
``python -m opine_survey``.
"""

from __future__ import annotations

from . import _opine
from ._errors import Error
from ._published import bounds, check, compare, figures, interval, sample_size
from ._results import Chart, Results
from ._survey import Crosstab, Estimates, Survey, WeightedSurvey, open, survey

__version__ = _opine.__version__

# where people meet them, in tracebacks and in help
for _class in (Chart, Crosstab, Error, Estimates, Results, Survey, WeightedSurvey):
    _class.__module__ = __name__

__all__ = [
    "Chart",
    "Crosstab",
    "Error",
    "Estimates",
    "Results",
    "Survey",
    "WeightedSurvey",
    "bounds",
    "check",
    "compare",
    "figures",
    "interval",
    "open",
    "sample_size",
    "survey",
]
