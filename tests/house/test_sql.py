"""The gate reads tables by SQL of its own: this holds it to the models."""

import pytest
from django.db import connection

from broadsheet.membership import revocations
from broadsheet.press import slips

STATEMENTS = {
    f"{module.__name__}.{name}": value
    for module in (slips, revocations)
    for name, value in vars(module).items()
    if isinstance(value, str) and value.lstrip().upper().startswith(("SELECT", "WITH"))
}


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_a_statement_of_the_gate_names_real_tables_and_columns(statement):
    with connection.cursor() as cursor:
        by_number = "change > ?" in statement
        cursor.execute(statement.replace("?", "%s"), [0 if by_number else "x"] * statement.count("?"))

        assert cursor.fetchall() is not None


def test_the_statements_of_the_gate_are_found():
    assert len(STATEMENTS) >= 7
