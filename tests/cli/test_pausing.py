"""`syncagent pause` and `resume`, without a daemon."""

from __future__ import annotations

from tests.cli.conftest import Site


def test_paused_flow_is_not_synced_until_it_is_resumed(site: Site) -> None:
    site.configure()
    paused = site.run("pause", "products", "--for", "2h", "--reason", "stock-taking")
    assert paused.status == 0
    assert paused.out.startswith("products is paused until 20")
    refused = site.run("sync", "products")
    assert refused.status == 1
    assert 'SA-7108 "products" is paused until' in refused.err
    assert "stock-taking; syncagent resume products" in refused.err
    assert site.run("resume", "products").status == 0
    assert "SA-7108" not in site.run("sync", "products").err


def test_pause_says_how_it_ends(site: Site) -> None:
    site.configure()
    assert site.run("pause", "products").out == (
        "products is paused until syncagent resume products\n"
    )
    assert site.run("pause", "products", "--until", "08:00", "--json").document["until"]
    wrong = site.run("pause", "products", "--for", "2h", "--until", "08:00")
    assert (wrong.status, "SA-7003" in wrong.err) == (2, True)
    assert site.run("pause", "nothing").status == 2


def test_system_that_nobody_delivers_to_cannot_be_resumed(site: Site) -> None:
    refused = site.run("resume", "--target", "nowhere")
    assert refused.status == 2
    assert 'SA-7104 nothing is delivered to "nowhere"' in refused.err
