"""Slack's rate limits: one post a second a channel with a short burst, and a tier for every other method."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from bot.sandbox.errors import SlackError

POSTS_A_SECOND = 1.0
POST_BURST = 5
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute by tier; the tiers stand beside the methods."""
KEPT_BUCKETS = 500
"""Beyond so many, buckets that are full again are forgotten: an absent bucket is a full one."""


class RateLimited(SlackError):
    """Answered as 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after: float) -> None:
        """The bucket has room again after `retry_after` seconds."""
        super().__init__("ratelimited")
        self.retry_after = max(1, math.ceil(retry_after))


@dataclass
class _Bucket:
    room: float
    filled_at: float
    size: float
    per_second: float

    def fill(self, now: float) -> None:
        """Let in what has come since the last time."""
        self.room = min(self.size, self.room + (now - self.filled_at) * self.per_second)
        self.filled_at = now


class RateLimits:
    """Leaky buckets in real time; switched off they let everything through."""

    def __init__(self, *, on: bool) -> None:
        """`on`: refuse as Slack does."""
        self.on = on
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def count(self, method: str, tier: int | None, channel: str) -> None:
        """Count one call; RateLimited when its bucket is empty."""
        if not self.on:
            return
        if method == "chat.postMessage":
            self._take(f"{method} {channel}", POST_BURST, POSTS_A_SECOND)
        elif tier is not None:
            self._take(method, PER_MINUTE[tier], PER_MINUTE[tier] / 60)

    def _take(self, key: str, size: float, per_second: float) -> None:
        now = time.monotonic()
        with self._lock:
            if key not in self._buckets:
                self._forget_full(now)
            bucket = self._buckets.setdefault(key, _Bucket(size, now, size, per_second))
            bucket.fill(now)
            if bucket.room < 1:
                raise RateLimited((1 - bucket.room) / per_second)
            bucket.room -= 1

    def _forget_full(self, now: float) -> None:
        if len(self._buckets) < KEPT_BUCKETS:
            return
        for bucket in self._buckets.values():
            bucket.fill(now)
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.room < bucket.size}
