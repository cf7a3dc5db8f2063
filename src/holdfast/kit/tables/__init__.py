"""Reading hostile tables: what a file is, its rows with line numbers, why it is refused."""

from holdfast.kit.tables.countries import country_code
from holdfast.kit.tables.opening import Limits
from holdfast.kit.tables.styles import Styles, survey_styles
from holdfast.kit.tables.table import Table, open_table
from holdfast.kit.tables.values import DateReader, NumberReader, tidy_identifier

__all__ = [
    "DateReader",
    "Limits",
    "NumberReader",
    "Styles",
    "Table",
    "country_code",
    "open_table",
    "survey_styles",
    "tidy_identifier",
]
