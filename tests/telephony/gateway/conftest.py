"""A site for each test that asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.telephony.ami.fake_pbx import FakePbx, running_pbx
from tests.telephony.gateway.site import Site, site


@pytest.fixture
def pbx() -> Iterator[FakePbx]:
    with running_pbx() as running:
        yield running


@pytest.fixture
def centre_site(postgres_url: str, pbx: FakePbx, tmp_path: Path) -> Iterator[Site]:
    with site(postgres_url, pbx, tmp_path) as made:
        yield made
