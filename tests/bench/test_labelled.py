"""The bench on labelled series of one's own: what it reads, and that it measures what the product would say."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.core.history import History, Point
from bot.core.periods import Frequency
from bot.core.replay import replay
from tests.bench.anomalies import BEGIN, by_band, print_recorded, score
from tests.bench.labelled import Recorded, read_folder
from tests.bench.shapes import Numbers
from tests.core.examples import make_kpi, policy_of

FIRST_DAY = date(2026, 1, 1)


def spiked(length: int = 160) -> Numbers:
    values = 100 + np.random.default_rng(7).normal(0, 2, length)
    values[[50, 120, 121, 140]] += (30, -40, -35, 50)
    return values


def written(folder: Path, text: str) -> Path:
    (folder / "orders.csv").write_text(text, encoding="utf-8")
    return folder


def test_labelled_rows_in_a_row_are_one_window_in_order_of_time(tmp_path: Path) -> None:
    rows = ["2026-01-04,4,0", "2026-01-02,2,true", "2026-01-03,3,1", "2026-01-01,1,", "2026-01-05,5,1"]
    (one,) = read_folder(written(tmp_path, "\n".join(["at,value,is_anomaly", *rows])))
    assert one.name == "orders"
    assert one.values.tolist() == [1, 2, 3, 4, 5]
    assert one.windows == [(1, 2), (4, 4)]


@pytest.mark.parametrize("text", ["at,value\n2026-01-01,1\n", "day,value,label\n1,1,0\n", ""])
def test_another_form_is_refused_with_the_file_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"orders\.csv: expected the columns"):
        read_folder(written(tmp_path, text))


def test_a_folder_without_series_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no CSV file"):
        read_folder(tmp_path)


def test_what_is_measured_is_when_a_replay_would_have_opened_an_alert() -> None:
    values = spiked()
    kpi = make_kpi("orders", frequency="daily", rules=[{"id": "odd", "when": {"anomaly": {}}, "priority": "medium"}])
    points = tuple(Point(FIRST_DAY + timedelta(days=place), float(value)) for place, value in enumerate(values))
    histories = {("orders", ""): History(Frequency.DAILY, points)}
    since = datetime(2026, 1, 1, tzinfo=UTC)
    lived = replay(policy_of(kpi), kpi, histories, since, since + timedelta(days=400))
    assert lived is not None
    opened = [(date.fromisoformat(one.period) - FIRST_DAY).days for one in lived.episodes]
    outside = np.concatenate((np.zeros(BEGIN, dtype=np.bool_), by_band(values, BEGIN)))
    began = np.flatnonzero(outside & ~np.concatenate(([False], outside[:-1])))
    assert [place for place in opened if place >= BEGIN] == began.tolist()
    assert {50, 120, 140} <= set(opened)


def test_many_alarms_in_one_window_are_no_merit() -> None:
    outside = np.array([False, True, False, True, False, False, False, False, True])
    found = score(outside, [(0, 4)], 0)
    assert (found.precision, found.once, found.recall) == (2 / 3, 1 / 2, 1)


def test_the_table_names_every_series_and_all_together(capsys: pytest.CaptureFixture[str]) -> None:
    print_recorded([Recorded("orders", spiked(), [(50, 50), (120, 121), (140, 140)])])
    rows = {line[:40].strip(): line[40:].split() for line in capsys.readouterr().out.splitlines()}
    assert rows["orders"][:5] == ["1.00", "/", "1.00", "/", "1.00"]
    assert rows["all together"] == rows["orders"]
