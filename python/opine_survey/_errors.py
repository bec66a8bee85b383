"""What goes wrong, in a form that programs can read."""

from __future__ import annotations


class Error(Exception):
    """Why something can't be done.

    >>> import opine_survey
    >>> poll = opine_survey.open("poll.csv")
    >>> try:
    ...     poll.estimate("mean(therm)")
    ... except opine_survey.Error as error:
    ...     print(error.code, error.where, error.hint)
    unknown_variable therm therm_us

    ``code`` is a word that stays from version to version: ``file``, ``format``, ``table``, ``unknown_variable``,
    ``not_a_number``, ``expression``, ``request``, ``design``, ``sums``, ``weighting``, ``model``, ``unknown_figure``, ``data``,
    ``comparison``, ``range``, ``chart``; of questions that are put to the program (:func:`opine_survey.interval` and its
    neighbours) ``usage``, ``findings`` or ``file``.
    """

    code: str
    """A word for programs."""
    where: str | None
    """The file, variable, option or figure where it is wrong."""
    hint: str | None
    """What would be right: the nearest name."""

    def __init__(self, message: str, code: str = "request", where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.where = where
        self.hint = hint
