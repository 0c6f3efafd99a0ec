"""What an experiment does with its runs, without a single process: order, stops, refusals, restarts."""

import dataclasses
import threading

import pytest
from helpers.told_trainings import RUN, STARTED
from helpers.waiting import wait_until

from lib.engine.errors import EngineError
from lib.engine.experiments import runner
from lib.engine.experiments.comparison import ComparisonPlan, Guess
from lib.engine.new_runs import NewRuns
from lib.errors import DataError, StoreError

QUICKER = dataclasses.replace(RUN, training=dataclasses.replace(RUN.training, learning_rate=0.01))
PLAN = ComparisonPlan(RUN, QUICKER, 3, Guess("b", 0.01))


@pytest.fixture
def engine(open_fake):
    return open_fake(workers=1)


def sent(clusters, count):
    """The runs that have been given to a worker, once there are so many."""
    wait_until(lambda: clusters.made and len(clusters.newest.training) >= count, 60)
    return clusters.newest.training


def train_all(engine, clusters, count, already=0):
    for number in range(already, count):
        run_id = sent(clusters, number + 1)[number]
        clusters.newest.finish(run_id)


def becomes(engine, experiment_id, status):
    return wait_until(
        lambda: (now := engine.experiment(experiment_id)).status == status and now,
        60,
        otherwise=lambda: engine.experiment(experiment_id),
    )


def test_pairs_train_one_after_the_other_with_a_seed_for_each_pair(engine, clusters):
    name = engine.experiments.start(PLAN, "ann")
    assert engine.experiment(name).status == "waiting"
    train_all(engine, clusters, 6)
    now = becomes(engine, name, "done")
    trained = [engine.snapshot(run_id).spec for run_id in clusters.newest.training]
    assert [spec.training.seed for spec in trained] == [1, 1, 2, 2, 3, 3]
    assert [spec.training.learning_rate for spec in trained] == [0.001, 0.01] * 3
    assert [member.run_id for member in now.members] == clusters.newest.training
    assert (now.ended, len(now.pairs())) == (6, 3)
    assert not now.changing


def test_everything_but_the_change_and_the_seed_is_equal_in_all_members(engine, clusters):
    name = engine.experiments.start(PLAN, "ann")
    train_all(engine, clusters, 6)
    for a, b in becomes(engine, name, "done").pairs():
        training = dataclasses.replace(b.run.spec.training, learning_rate=RUN.training.learning_rate)
        assert dataclasses.replace(b.run.spec, training=training) == a.run.spec


def test_the_next_member_stands_in_line_before_the_one_that_trains_has_ended(engine, clusters):
    name = engine.experiments.start(PLAN, "ann")
    sent(clusters, 1)
    wait_until(lambda: [m.run.status for m in engine.experiment(name).members if m.run] == ["running", "queued"])


def test_others_come_between_the_members_of_an_experiment(engine, clusters):
    engine.experiments.start(PLAN, "ann")
    sent(clusters, 1)
    wait_until(lambda: engine.state().waiting == 1)
    other = engine.submit(RUN, "bob")
    train_all(engine, clusters, 3)
    assert clusters.newest.training[2] == other


def test_where_a_worker_would_have_nothing_to_do_two_members_train_at_once(open_fake, clusters):
    engine = open_fake(workers=2)
    engine.experiments.start(PLAN, "ann")
    assert len(sent(clusters, 2)) == 2
    assert engine.state().running == 2


def test_a_pair_of_equal_specs_is_two_runs(engine, clusters):
    name = engine.experiments.start(ComparisonPlan(RUN, RUN, 1, Guess("neither")), "ann")
    train_all(engine, clusters, 2)
    assert len({member.run_id for member in becomes(engine, name, "done").members}) == 2


def test_a_stopped_experiment_keeps_what_has_ended_and_sends_nothing_more(engine, clusters):
    name = engine.experiments.start(PLAN, "ann")
    train_all(engine, clusters, 2)
    third = sent(clusters, 3)[2]
    clusters.newest.tell(third, STARTED)
    engine.experiments.stop(name, "ann")
    assert engine.experiment(name).status == "stopped"
    wait_until(lambda: [each for each in clusters.newest.commands if each[1] == "stop"])
    wait_until(lambda: not engine._dispatcher.counts()[1])
    assert engine.experiment(name).ended == 2
    assert len(engine.experiment(name).pairs()) == 1
    assert clusters.newest.training[-1] == third
    with pytest.raises(EngineError, match="This experiment is stopped already"):
        engine.experiments.stop(name, "ann")


def test_the_same_plan_started_twice_is_one_experiment_until_it_is_over(engine, clusters):
    first = engine.experiments.start(PLAN, "ann")
    assert engine.experiments.start(PLAN, "ann") == first
    assert engine.experiments.start(PLAN, "bob") != first
    engine.experiments.stop(first, "ann")
    assert engine.experiments.start(PLAN, "ann") != first


def test_only_its_owner_steers_an_experiment(engine):
    name = engine.experiments.start(PLAN, "ann")
    for steer in (engine.experiments.stop, engine.experiments.open_test):
        with pytest.raises(EngineError, match="belongs to somebody else"):
            steer(name, "bob")
    assert engine.experiment(name).status == "waiting"


def test_a_fourth_unfinished_experiment_is_refused(engine):
    for seed in range(runner.MOST_UNFINISHED):
        engine.experiments.start(dataclasses.replace(PLAN, first_seed=seed), "ann")
    with pytest.raises(EngineError, match="3 of your experiments are not over: wait for one, or stop one"):
        engine.experiments.start(dataclasses.replace(PLAN, first_seed=9), "ann")


@pytest.mark.parametrize("name", ["", "abc", "0123456789abcdef", "' OR 1=1", "x" * 5_000])
def test_an_unknown_experiment_is_said_in_a_sentence(engine, name):
    with pytest.raises(EngineError, match="There is no experiment"):
        engine.experiment(name)


def test_each_opening_of_the_test_part_is_counted_and_kept(open_fake, clusters):
    engine = open_fake(workers=1)
    name = engine.experiments.start(ComparisonPlan(RUN, QUICKER, 1, Guess("a")), "ann")
    with pytest.raises(EngineError, match="not over"):
        engine.experiments.open_test(name, "ann")
    train_all(engine, clusters, 2)
    becomes(engine, name, "done")
    for count in (1, 2):
        engine.experiments.open_test(name, "ann")
        assert engine.experiment(name).opened == count
    engine.close()
    assert open_fake(workers=1).experiment(name).opened == 2


def test_an_opening_is_not_lost_while_the_end_of_the_experiment_is_stored(engine, clusters, monkeypatch):
    name = engine.experiments.start(ComparisonPlan(RUN, QUICKER, 1, Guess("a")), "ann")
    book, openings = engine.experiments._book, []
    update = book.update

    def open_in_between(kept):
        values = dataclasses.replace(kept)
        if kept.status == "done" and threading.current_thread().name == "layerlab-experiments":
            openings.append(threading.Thread(target=engine.experiments.open_test, args=(name, "ann")))
            openings[-1].start()
            openings[-1].join(0.3)
        update(values)

    monkeypatch.setattr(book, "update", open_in_between)
    train_all(engine, clusters, 2)
    wait_until(lambda: len(openings) == 2)  # when it is over, and when it is given out of hand
    for opening in openings:
        opening.join()
    assert engine.experiment(name).opened == 2
    assert book.find(name).opened == 2


def test_a_restarted_app_goes_on_with_an_experiment(open_fake, clusters):
    engine = open_fake(workers=1)
    name = engine.experiments.start(PLAN, "ann")
    train_all(engine, clusters, 3)
    fourth = sent(clusters, 4)[3]
    wait_until(lambda: engine.snapshot(fourth).status == "running")
    before = wait_until(lambda: (now := engine.experiment(name)).members[4].run_id and now)
    engine.close()
    again = open_fake(workers=1)
    wait_until(lambda: len(clusters.made) == 2)  # until then the newest is that of the app that has ended
    train_all(again, clusters, 3)
    now = becomes(again, name, "done")
    assert now.ended == 6
    assert [member.run_id for member in now.members[:5]] == [member.run_id for member in before.members[:5]]
    assert now.plan == PLAN


def test_a_member_that_was_deleted_does_not_count_and_its_pair_neither(engine, clusters):
    name = engine.experiments.start(PLAN, "ann")
    train_all(engine, clusters, 6)
    now = becomes(engine, name, "done")
    engine._book.journal.written(lambda: None)
    engine.retention._delete(now.members[2].run_id)
    now = engine.experiment(name)
    assert now.members[2].run is None
    assert [a.place for a, _ in now.pairs()] == [0, 4]


def test_a_line_that_is_full_is_waited_for(engine, clusters, monkeypatch):
    monkeypatch.setattr("lib.engine.new_runs.MOST_WAITING", 0)
    name = engine.experiments.start(PLAN, "ann")
    assert engine.experiment(name).status == "waiting"
    monkeypatch.undo()
    train_all(engine, clusters, 6)
    becomes(engine, name, "done")


def test_an_experiment_that_cannot_go_on_ends_with_a_sentence_and_keeps_what_has_ended(engine, clusters, monkeypatch):
    name = engine.experiments.start(PLAN, "ann")
    train_all(engine, clusters, 1)

    def refuse(*_):
        raise EngineError("These data are gone")

    monkeypatch.setattr(NewRuns, "submit_member", refuse)
    now = becomes(engine, name, "stopped")
    assert now.message == "It could not go on: These data are gone"
    wait_until(lambda: engine.experiment(name).ended == 1, 60)


def test_a_store_that_takes_no_experiment_ends_it_with_a_sentence(engine, monkeypatch):
    def full(*_):
        raise StoreError("The disk is full")

    monkeypatch.setattr(engine.experiments._book, "add", full)
    name = engine.experiments.start(PLAN, "ann")
    assert becomes(engine, name, "stopped").message == "It could not go on: The disk is full"
    assert engine.experiments.of("ann")[0].id == name


def test_a_persons_experiments_are_listed_newest_first_and_damaged_ones_left_out(engine, clusters):
    first = engine.experiments.start(PLAN, "ann")
    engine.experiments.stop(first, "ann")
    second = engine.experiments.start(dataclasses.replace(PLAN, pairs=1), "ann")
    engine.experiments.start(PLAN, "bob")
    assert [each.id for each in engine.experiments.of("ann")] == [second, first]
    wait_until(lambda: first not in engine.experiments._unfinished)
    with engine._book.store.database.begin() as connection:
        connection.exec_driver_sql("UPDATE experiments SET plan = '{' WHERE id = ?", (first,))
    assert [each.id for each in engine.experiments.of("ann")] == [second]


def test_an_owner_deletes_an_experiment_that_is_over_and_its_runs_stay_unless_they_go_with_it(open_fake, clusters):
    engine = open_fake(workers=1)
    names = []
    for already, with_runs in ((0, False), (2, True)):
        names.append(engine.experiments.start(dataclasses.replace(PLAN, pairs=1), "ann"))
        with pytest.raises(EngineError, match="not over: stop it first"):
            engine.delete_experiment(names[-1], "ann", with_runs)
        train_all(engine, clusters, already + 2, already)
        becomes(engine, names[-1], "done")
        wait_until(lambda: names[-1] not in engine.experiments._unfinished)
        with pytest.raises(EngineError, match="belongs to somebody else"):
            engine.delete_experiment(names[-1], "bob", with_runs)
    engine._book.journal.written(lambda: None)
    first, second = ([member.run_id for member in engine.experiment(name).members] for name in names)
    with pytest.raises(DataError, match="belongs to an experiment"):
        engine.retention.delete(first[0], "ann")
    engine.retention.keep(second[0], "ann", True)
    assert engine.delete_experiment(names[0], "ann", with_runs=False) == 0
    assert engine.delete_experiment(names[1], "ann", with_runs=True) == 1
    assert engine.experiments.of("ann") == ()
    assert {row.id for row in engine.runs("ann")} == {*first, second[0]}
    engine.retention.delete(first[0], "ann")  # it is a member of nothing any more
    for name in names:
        with pytest.raises(EngineError, match="There is no experiment"):
            engine.delete_experiment(name, "ann", with_runs=True)
