"""IBM i over ODBC keeps the contract of a source, in front of Derby as far as Derby goes."""

from __future__ import annotations

import pytest

from tests.connectors.on_derby import Library, LibraryBench
from tests.contract.source_suite import SourceSuite

pytestmark = pytest.mark.xdist_group("derby")


class TestIbmiPageByPage(SourceSuite):
    @pytest.fixture
    def bench(self, ibmi: Library) -> LibraryBench:
        return LibraryBench(ibmi, "{lib}/ARTICLES", {"paging": "pages"})


class TestIbmiInOneStream(SourceSuite):
    @pytest.fixture
    def bench(self, ibmi: Library) -> LibraryBench:
        return LibraryBench(ibmi, "{lib}/ARTICLES", {"paging": "stream"})
