"""What a collector hears of an agent: figures, lines of the log, runs."""

from __future__ import annotations

import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import telemetry
from agent.config import ConfigurationProblems, TelemetrySettings, load
from agent.errors import Unavailable
from agent.otlp import Exporter, Lines, lines
from tests.explain.premises import CONFIG, Premises, premises
from tests.otlp.collector import Collector, collecting, told
from tests.waiting import until

ROWS = [("A1", "Vite", "1.5", "A"), ("A2", "Dado", "2", "A")]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Premises]:
    with premises(tmp_path, CONFIG.replace("site: {{", "site: {{name: Acme, ")) as found:
        yield found


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


def exporter(site: Premises, collector: Collector, **more: object) -> Exporter:
    settings = TelemetrySettings.model_validate({"otlp": collector.url, **more})
    return Exporter(site.agent, settings, Lines())


def test_figures_are_those_of_the_metrics_page(site: Premises, collector: Collector) -> None:
    sending = exporter(site, collector)
    site.holds(*ROWS)
    site.sync()
    site.agent.figures.write()
    sending.export()
    assert sending.problem is None
    runs = collector.metrics["syncagent_runs"].sum
    assert (runs.is_monotonic, runs.aggregation_temporality) == (True, 2)
    (point,) = runs.data_points
    assert told(point) == {"flow": "products"}
    assert point.as_double >= 1
    assert point.start_time_unix_nano <= point.time_unix_nano
    delivered = {
        told(each)["outcome"]: each.as_double
        for each in collector.metrics["syncagent_records"].sum.data_points
    }
    assert delivered == {"delivered": 2, "refused": 0, "unanswered": 0}
    (up,) = collector.metrics["syncagent_target_up"].gauge.data_points
    assert (told(up), up.as_double) == ({"target": "shop"}, 1)
    assert "syncagent_build" not in collector.metrics
    assert collector.resources[0]["service.name"] == "syncagent"
    assert collector.resources[0]["service.instance.id"] == "Acme"


def test_each_bucket_of_a_histogram_counts_what_is_in_it_alone(
    site: Premises, collector: Collector
) -> None:
    site.holds(*ROWS)
    site.sync()
    site.agent.figures.write()
    exporter(site, collector).export()
    spread = collector.metrics["syncagent_processing_seconds"].histogram
    (point,) = spread.data_points
    assert spread.aggregation_temporality == 2
    assert point.count == 2
    assert sum(point.bucket_counts) == 2
    assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
    assert list(point.explicit_bounds) == sorted(point.explicit_bounds)


def test_run_is_a_trace_that_is_sent_once(site: Premises, collector: Collector) -> None:
    sending = exporter(site, collector)
    site.holds(*ROWS)
    site.sync()
    sending.export()
    first = list(collector.spans)
    sending.export()
    assert collector.spans == first
    span = next(each for each in first if told(each).get("count.rows") == 2)
    assert span.name == "run products"
    assert (len(span.trace_id), len(span.span_id)) == (16, 8)
    assert span.end_time_unix_nano >= span.start_time_unix_nano
    assert told(span)["outcome"] == "ok"
    assert span.status.code == span.status.STATUS_CODE_OK
    site.table.breaks = Unavailable("SA-2001", "the ERP does not answer")
    site.run()
    sending.export()
    failed = [each for each in collector.spans if each not in first]
    assert [told(each)["code"] for each in failed if told(each)["outcome"] == "failed"] == [
        "SA-2001"
    ]


def log(handler: Lines, stream: io.StringIO | None = None) -> logging.Logger:
    telemetry.configure(form="json", stream=stream or io.StringIO(), others=[handler])
    return logging.getLogger("agent.test")


def test_line_of_the_log_comes_with_its_fields_and_without_its_secrets(
    site: Premises, collector: Collector
) -> None:
    sending = exporter(site, collector)
    log(sending._lines).warning("run ended", extra={"flow": "prices", "run": 7, "password": "x1"})
    sending.export()
    (line,) = [each for each in collector.lines if each.body.string_value == "run ended"]
    assert (line.severity_text, line.severity_number) == ("WARNING", 13)
    assert told(line)["flow"] == "prices"
    assert told(line)["run"] == 7
    assert told(line)["logger"] == "agent.test"
    assert "x1" not in str(line)


def test_lines_wait_for_a_collector_that_does_not_answer_and_are_sent_once(
    site: Premises, collector: Collector
) -> None:
    sending = exporter(site, collector)
    stream = io.StringIO()
    speaking = log(sending._lines, stream)
    for number in range(3):
        speaking.info("line %s", number)
    collector.status = 503
    sending.export()
    sending.export()
    assert sending.problem is not None
    assert sending.problem.code == "SA-7484"
    assert stream.getvalue().count("no telemetry") == 1
    collector.status = 200
    sending.export()
    sending.export()
    texts = [each.body.string_value for each in collector.lines]
    assert [text for text in texts if text.startswith("line")] == ["line 0", "line 1", "line 2"]
    assert sending.problem is None


def test_lines_that_wait_are_bounded() -> None:
    handler = Lines()
    speaking = log(handler)
    for number in range(lines.MOST_KEPT + 10):
        speaking.info("line %s", number)
    waiting = 0
    first = handler.some()[0].told["event"]
    while some := handler.some():
        waiting += len(some)
        handler.taken(some)
    assert (waiting, first) == (lines.MOST_KEPT, "line 10")


def test_what_a_collector_refuses_is_told_and_not_sent_again(
    site: Premises, collector: Collector
) -> None:
    sending = exporter(site, collector)
    stream = io.StringIO()
    log(sending._lines, stream).info("line")
    collector.status = 401
    sending.export()
    sending.export()
    assert sending.problem is not None
    assert sending.problem.code == "SA-7486"
    assert stream.getvalue().count("refuses our telemetry: 401") == 1
    collector.status = 200
    sending.export()
    assert "line" not in [each.body.string_value for each in collector.lines]


def test_headers_come_from_their_references(
    site: Premises, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLECTOR", "Bearer abc")
    exporter(site, collector, headers={"Authorization": "env:COLLECTOR"}).export()
    assert {each["authorization"] for each in collector.headers} == {"Bearer abc"}


def test_what_is_switched_off_is_not_sent(site: Premises, collector: Collector) -> None:
    sending = exporter(site, collector, logs="no", runs="no")
    log(sending._lines).info("line")
    site.holds(*ROWS)
    site.sync()
    sending.export()
    assert (collector.lines, collector.spans) == ([], [])
    assert collector.metrics


def test_without_an_address_nothing_begins(site: Premises) -> None:
    sending = Exporter(site.agent, TelemetrySettings(), Lines())
    sending.start()
    assert sending._thread is None
    sending.stop()


def test_missing_library_is_told_and_hinders_nobody(
    site: Premises, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.otlp.exporter.find_spec", lambda _name: None)
    sending = exporter(site, collector)
    sending.start()
    assert sending.problem is not None
    assert sending.problem.code == "SA-7485"
    sending.stop()


def test_daemon_sends_by_itself_and_once_more_at_its_end(
    tmp_path: Path, collector: Collector
) -> None:
    config = CONFIG.format(name="none").replace("site: {", "site: {name: Acme, ")
    path = tmp_path / "config.yaml"
    path.write_text(f"{config}telemetry: {{otlp: '{collector.url}', every: 1s}}\n")
    command = [sys.executable, "-m", "agent.cli", "--config", str(path), "run"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2]) as daemon:
        until(lambda: "syncagent_runs" in collector.metrics or daemon.poll() is not None)
        os.kill(daemon.pid, signal.SIGTERM)
        daemon.communicate(timeout=60)
    events = [each.body.string_value for each in collector.lines]
    assert "started" in events
    assert "stopping" in events


def test_address_that_is_none_is_a_problem_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.format(name="none") + "telemetry: {otlp: localhost:4317}\n")
    with pytest.raises(ConfigurationProblems) as problems:
        load(path)
    assert "write it like http://localhost:4318" in problems.value.report()
