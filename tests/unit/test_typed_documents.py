"""What is stored as documents is prepared before there are threads: two that do it at once make msgspec crash."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("imported", "module", "name"),
    [
        ("app.desk.journal", "app.domain.work", "CallWork"),
        ("app.desk.journal", "app.domain.commands", "EscalateCase"),
        ("app.desk.journal", "app.domain.commands", "ReturnCase"),
        ("app.services.hand_overs", "app.domain.cases", "HandOver"),
        ("app.services.answer_copy", "app.services.answer_copy", "_Aids"),
    ],
)
def test_types_are_prepared_by_the_import(imported: str, module: str, name: str) -> None:
    code = f"import {imported}; from {module} import {name}; print('__msgspec_cache__' in vars({name}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "True"
