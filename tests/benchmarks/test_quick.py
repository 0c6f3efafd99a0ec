"""The pure parts of the benchmarks, and the visitor without a browser against a real server."""

from __future__ import annotations

import asyncio
import math
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import __main__ as program
from benchmarks import experiments, following, rush, scores, soak
from benchmarks.served import served, wait_healthy
from benchmarks.table import Row, percentile, table
from benchmarks.throughput import speed
from benchmarks.visitor import MessageCache, Visitor


def finished(coroutine):
    """Its result, from a thread of its own: in this one Playwright's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_a_percentile_is_a_value_that_was_measured():
    values = [float(n) for n in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0.01, 0.5, 0.95, 1.0)] == [1.0, 50.0, 95.0, 100.0]
    assert percentile([7.0], 0.95) == 7.0


def test_nothing_measured_keeps_no_budget():
    row = Row("refresh", percentile([], 0.95), "ms", 300)
    assert math.isnan(row.value)
    assert not row.ok
    assert "nothing measured" in row.markdown()


def test_the_table_says_which_budgets_are_kept():
    text = table([Row("ratio", 0.96, "", 0.97, "more"), Row("stop", 1.0, "s", 1.0), Row("traffic", 12.34, "kB/s")])
    assert text.splitlines()[2:] == [
        "| ratio | >= 0.97 | 0.96 | **no** |",
        "| stop | <= 1 s | 1 s | yes |",
        "| traffic | - | 12.3 kB/s |  |",
    ]


def test_the_first_epoch_is_left_out_of_the_speed():
    measured = speed([(100.0, 100.0), (1.0, 2.0), (3.0, 2.0)], samples=200)
    assert (measured.samples_per_second, measured.cpu_seconds) == (100.0, 2.0)


def test_a_kept_message_is_found_until_two_runs_went_by_without_it():
    message = ForwardMsg(hash="a")
    message.metadata.cacheable = True
    message.delta.new_element.markdown.body = "long"
    reference = ForwardMsg(ref_hash="a")
    reference.metadata.delta_path.extend([0, 3])
    cache = MessageCache()
    cache.keep(message)
    cache.age(set())
    cache.age(set())
    found = cache.find(reference)
    assert found.delta.new_element.markdown.body == "long"
    assert list(found.metadata.delta_path) == [0, 3]
    for _ in range(3):
        assert cache.hashes() == ["a"]
        cache.age(set())
    assert cache.hashes() == []


def test_a_fragments_run_does_not_age_what_the_rest_of_the_page_keeps():
    message = ForwardMsg(hash="a")
    message.metadata.cacheable = True
    cache = MessageCache()
    cache.keep(message)
    for _ in range(5):
        cache.age({"some fragment"})
    assert cache.hashes() == ["a"]


@pytest.mark.parametrize(
    ("row", "status"), [(Row("slow", 9.0, "s", 1.0), 0), (Row("errors", 1, "", 0), 1), (Row("errors", 0, "", 0), 0)]
)
def test_only_an_error_makes_the_benchmarks_fail(monkeypatch, capsys, row, status):
    part = SimpleNamespace(run=lambda quick: [row])
    monkeypatch.setattr(program.importlib, "import_module", lambda name: part)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--quick", "forward"])
    assert program.main() == status
    assert row.markdown() in capsys.readouterr().out


def test_a_part_that_breaks_is_told_and_leaves_the_others_their_turn(monkeypatch, capsys):
    def run(quick):
        raise RuntimeError("no browser here")

    monkeypatch.setattr(program.importlib, "import_module", lambda name: SimpleNamespace(run=run))
    monkeypatch.setattr(sys, "argv", ["benchmarks", "forward", "startup"])
    assert program.main() == 1
    printed = capsys.readouterr().out
    assert "forward: broke" in printed
    assert "startup: broke" in printed
    assert "no browser here" in printed


async def _move_a_slider(visitor):
    await visitor.open()
    await visitor.until(visitor.loaded)
    await visitor.until(lambda: any(answer.kind == "refresh" for answer in visitor.answers))
    await visitor.move("learning_rate")
    await visitor.until(lambda: any(answer.kind == "change" for answer in visitor.answers))
    await visitor.until(lambda: visitor.parameter("learning_rate"))


async def _visit(visitors):
    try:
        await asyncio.gather(*(_move_a_slider(visitor) for visitor in visitors))
    finally:
        await asyncio.gather(*(visitor.close() for visitor in visitors))


async def _follow_an_experiment(server):
    """What a visitor without a browser reads of an experiment that it starts and stops."""
    visitor = await following.start_experiment(server)
    try:
        await visitor.press("stop_experiment")
        await visitor.until(lambda: any("stopped" in text for text in visitor.texts) and not visitor.timers())
    finally:
        await visitor.close()
    return visitor


def test_the_score_table_is_measured_over_stored_runs():
    (row,) = scores.run(quick=True)
    assert row.what == "the score table of 100 runs"
    assert row.value > 0
    assert (row.unit, row.limit) == ("s", 0.5)
    assert "scores" in program.PARTS


@pytest.fixture(scope="module")
def server():
    """One server for all who visit it. It writes down no error, and ends when it is told to."""
    with served() as running:
        wait_healthy(running)
        process = running.process()
        yield running
        assert running.tracebacks() == 0, running.log.read_text(encoding="utf-8", errors="replace")[-5_000:]
    assert not process.is_running()


@pytest.mark.slow
@pytest.mark.xdist_group("served")
def test_a_server_can_take_the_place_of_one_that_has_just_ended():
    with served() as first:
        wait_healthy(first)
    with served(port=first.port) as second:
        wait_healthy(second)
        assert second.url == first.url
        assert second.pid != first.pid


@pytest.mark.engine
@pytest.mark.xdist_group("served")
def test_visitors_are_refreshed_by_the_timer_of_build_move_a_slider_and_follow_an_experiment(server):
    visitors = [Visitor(server.port) for _ in range(2)]
    finished(_visit(visitors))
    for visitor in visitors:
        assert visitor.errors == []
        assert visitor.parameter("learning_rate") == "0.002"
    follower = finished(_follow_an_experiment(server))
    assert follower.errors == []
    assert "following" in program.PARTS
    assert server.tracebacks() == 0


@pytest.mark.engine
@pytest.mark.xdist_group("served")
def test_thirty_who_press_train_at_once_are_all_taken_or_told_and_then_asked_about_once_a_second(server):
    found = finished(rush.rush(server, 30))
    assert found.errors == []
    assert (found.untold, found.ended_workers) == (0, 0)
    assert found.taken == 30
    assert min(found.timers) >= 1.0


async def _press_in_between(server):
    """Press Train while the whole page is being drawn, which is then asked for once more."""
    visitor = Visitor(server.port, query=rush.address(1_000))
    try:
        await rush.join(visitor)
        visitor.texts.clear()
        await visitor.draw_again()
        await visitor.press("train")
        await visitor.draw_again()
        await visitor.until(lambda: rush.is_taken(visitor))
    finally:
        await visitor.close()
    return visitor


@pytest.mark.engine
@pytest.mark.xdist_group("served")
def test_a_click_between_two_drawings_of_the_whole_page_is_not_lost(server):
    assert finished(_press_in_between(server)).errors == []


@pytest.mark.engine
def test_an_experiment_is_timed_against_its_runs():
    (beside,) = experiments.run(quick=True)
    assert beside.limit == 1.05
    assert beside.value > 0
    assert "4 runs" in beside.note


def test_the_soak_says_where_the_memory_went():
    assert soak.growth([100.0] * 10 + [120.0] * 10, start=10, window=5) == 0.0
    assert soak.curve([float(number) for number in range(1, 401)]).startswith("50: 50, 100: 100, ")


def test_a_run_of_the_whole_page_stops_all_timers_as_in_a_browser_and_one_of_a_fragment_does_not():
    async def timers_after(*fragments):
        visitor = Visitor(port=0)
        visitor._set_timer("a", 60.0)
        message = ForwardMsg()
        message.new_session.SetInParent()
        message.metadata.run.fragment_ids.extend(fragments)
        visitor._take(message)
        left = visitor.timers()
        await visitor.close()
        return left

    assert finished(timers_after("a")) == [60.0]
    assert finished(timers_after()) == []
