"""Figures for Prometheus. Each is read when it is asked for: a restart of the server loses none of the database's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations
from headway.server.site import Site
from headway.tracker.measuring import NEWEST, Measuring

METRICS = Operations("Operation")

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
QUANTILES = (0.5, 0.95, 1.0)


@METRICS.add("GET", "/metrics", answers={200: str}, media="text/plain", shows='headway_jobs{state="running"} 3.0')
def metrics(call: Call[Nothing, None]) -> Answer:
    """Figures in the form of Prometheus.

    Jobs by state and type, how long they work and wait, workers, attempts that wrote too late, readers of live streams
    and the batches of this process's recorder.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(call.site))
    return Exposition(generate_latest(registry))


class Exposition(Answer):
    """Text as Prometheus reads it."""

    media = MEDIA_TYPE

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.status, self.content = 200, content


class Figures(Collector):
    """What there is to tell of one server and its database."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._measuring = Measuring(site.hw)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: names do not depend on what is there."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """All figures, read now."""
        yield from self._jobs()
        yield from self._times()
        workers = [worker for worker in self._site.hw.workers() if worker.stopped_at is None]
        yield GaugeMetricFamily("headway_workers", "Workers seen within the last half minute.", len(workers))
        slots = sum(worker.slots for worker in workers)
        yield GaugeMetricFamily("headway_worker_slots", "Slots of these workers.", slots)
        late = self._measuring.late_writers()
        yield CounterMetricFamily("headway_late_writers", "Attempts that wrote after they had lost their job.", late)
        readers = self._site.feed.hub.count()
        yield GaugeMetricFamily("headway_stream_subscribers", "Readers of live streams at this server.", readers)
        yield from self._recorder()

    def _jobs(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("headway_jobs", "Jobs by state, ended ones included.", labels=["state"])
        for state, count in sorted(self._site.hw.counts().items()):
            states.add_metric([state], count)
        yield states
        kinds = GaugeMetricFamily("headway_open_jobs", "Open jobs by type and state.", labels=["type", "state"])
        for (kind, state), count in sorted(self._measuring.open_by_type().items()):
            kinds.add_metric([kind, state], count)
        yield kinds

    def _times(self) -> Iterator[Metric]:
        of = f"of the newest {NEWEST:,} ended jobs, by type; quantile 1 is the longest."
        worked = GaugeMetricFamily("headway_job_seconds", f"How long they worked, {of}", labels=["type", "quantile"])
        waited = GaugeMetricFamily("headway_queue_seconds", f"How long they waited, {of}", labels=["type", "quantile"])
        for kind, times in sorted(self._measuring.times().items()):
            for quantile in QUANTILES:
                worked.add_metric([kind, str(quantile)], _at(times.worked, quantile))
                waited.add_metric([kind, str(quantile)], _at(times.waited, quantile))
        yield from (worked, waited)

    def _recorder(self) -> Iterator[Metric]:
        found = self._measuring.recorder()
        if found is None:
            return
        yield CounterMetricFamily("headway_recorder_batches", "Transactions of this process's recorder.", found.batches)
        yield CounterMetricFamily("headway_recorder_reports", "Reports of attempts in them.", found.reports)
        yield CounterMetricFamily("headway_recorder_seconds", "Seconds that they took.", found.seconds)


def _at(values: Sequence[float], quantile: float) -> float:
    """The value below which so much of the sorted values lies."""
    return values[min(len(values) - 1, int(quantile * len(values)))]
