"""The tick: APScheduler calls what may be due every so often; what is due stands in the database, never here."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor as SchedulerPool
from apscheduler.schedulers.background import BackgroundScheduler


class Ticker:
    """Calls each job every so many seconds, one run of it at a time, and at once when nudged."""

    def __init__(self, jobs: Mapping[str, tuple[Callable[[], object], float]]) -> None:
        """jobs: by name, what to call and every how many seconds."""
        # A job still running when its next turn comes is normal here, not worth a warning.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": SchedulerPool(len(jobs))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for name, (job, seconds) in jobs.items():
            self._scheduler.add_job(job, "interval", seconds=seconds, id=name)

    def start(self) -> None:
        """Begin to tick; every job runs at once."""
        self._scheduler.start()
        self.nudge(*(job.id for job in self._scheduler.get_jobs()))

    def nudge(self, *names: str) -> None:
        """Let jobs run now instead of at their next turn."""
        for name in names:
            self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Stop ticking; what is running ends first."""
        self._scheduler.shutdown(wait=True)


def sending_pool(size: int = 8) -> ThreadPoolExecutor:
    """Make the threads that talk to Slack, so that a slow channel delays no other."""
    return ThreadPoolExecutor(max_workers=size, thread_name_prefix="send")
