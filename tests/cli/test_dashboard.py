"""The dashboard of the real daemon: configured, opened, logged in to, and closed with it."""

from __future__ import annotations

import signal
import socket

import pytest

from tests.cli.conftest import Site
from tests.dashboard.site import PASSWORD, Browser


def test_the_daemon_opens_its_dashboard_and_closes_it(site: Site, free_port: int) -> None:
    port = free_port
    site.configure(more=f"dashboard: {{port: {port}}}\n")
    daemon = site.daemon()
    assert site.run("users", "add", "anna", stdin=f"{PASSWORD}\n").status == 0
    browser = Browser(port)
    assert browser.log_in("anna").status == 303
    assert "products" in browser.get("/").text
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(60) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_a_dashboard_for_others_without_a_certificate_is_refused(site: Site) -> None:
    site.configure(more="dashboard: {port: 8484, host: 0.0.0.0}\n")
    answer = site.run("config", "check")
    assert answer.status == 78
    assert "needs certificate and certificate_key" in answer.out + answer.err
