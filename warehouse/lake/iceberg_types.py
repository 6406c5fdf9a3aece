"""Our names of types, as Iceberg and Arrow know them."""

import pyarrow as pa
from pyiceberg.types import (
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    IcebergType,
    ListType,
    LongType,
    StringType,
    TimestamptzType,
)

from warehouse.lake.cells import MONEY_DIGITS, MONEY_PLACES
from warehouse.lake.columns import DECIMAL

_ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "long": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamptz": pa.timestamp("us", "UTC"),
    DECIMAL: pa.decimal128(MONEY_DIGITS, MONEY_PLACES),
}

_ICEBERG: dict[str, IcebergType] = {
    "string": StringType(),
    "long": LongType(),
    "double": DoubleType(),
    "boolean": BooleanType(),
    "date": DateType(),
    "timestamptz": TimestamptzType(),
    DECIMAL: DecimalType(MONEY_DIGITS, MONEY_PLACES),
}


def arrow_type(kind: str, many: bool) -> pa.DataType:
    """The Arrow type of a column."""
    return pa.list_(_ARROW[kind]) if many else _ARROW[kind]


def iceberg_type(kind: str, many: bool) -> IcebergType:
    """The Iceberg type of a column; the library gives lists their own element ids."""
    element = _ICEBERG[kind]
    return ListType(element_id=1, element_type=element, element_required=False) if many else element
