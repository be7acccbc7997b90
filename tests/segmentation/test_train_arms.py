import copy
import json

import pytest

from trainstudy import data
from trainstudy.data.segmentation_set import SegmentationData
from trainstudy.parameters import ParameterError
from trainstudy.runs.record import CHECKPOINTS, METRICS, RUN, STUDY, read_metrics
from trainstudy.runs.studies import curves, read_study, scores
from trainstudy.segmentation import models, train_arms
from trainstudy.segmentation.train_arms import TrainArms, plan_rows
from trainstudy.training import arms, checkpoint, schedules

pytestmark = pytest.mark.filterwarnings("ignore:.*train at its floor:UserWarning")

RATE = 1e-3


@pytest.fixture(scope="module", autouse=True)
def _tiny(tiny_set, narrow_config):
    sets = SegmentationData(tiny_set(8), tiny_set(4, seed=9), crop=(32, 32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "load", lambda *_: sets)
        patch.setattr(data, "load_test", lambda *_: tiny_set(4, seed=3))
        patch.setattr(models, "configure", lambda *_: copy.deepcopy(narrow_config))
        yield


def plan(root, **values):
    return TrainArms.checked(
        base=8, multiples=[1, 2], cooldown_share=0.25, floor=1e-4, interval=4, batch_size=2,
        device="cpu", learning_rate=RATE, runs_root=str(root), **values,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """All four arms for two seeds, one training after another: the parameters and the study."""
    parameters = plan(tmp_path_factory.mktemp("study"), seeds=[3, 5])
    path = train_arms.train_arms(parameters, quiet=True)
    assert path.name == STUDY
    return parameters, read_study(path.parent)


def record(folder):
    return json.loads((folder / RUN).read_text())


def test_every_leg_of_every_seed_is_a_run_that_reached_its_end(trained):
    parameters, study = trained
    assert [(seed, leg) for seed, leg, _ in study.legs] == [
        (seed, leg) for seed in (3, 5) for leg in parameters.legs
    ]
    for seed, leg, run in study.legs:
        found = record(study.folder / run)
        assert (found["spec"]["seed"], found["spec"]["schedule"]) == (seed, leg.schedule)
        assert found["iteration"] >= leg.until
        schedule = schedules.parse(leg.schedule)
        rates = {row["iteration"]: row["lr"] for row in read_metrics(study.folder / run, "train")}
        for iteration in range(leg.start + 1, leg.until + 1):
            assert rates[iteration] == schedule.rate(RATE, iteration)
    assert study.parameters["base"] == 8
    assert study.parameters.keys().isdisjoint({"data_root", "runs_root", "device"})


def test_what_is_shared_is_one_run_and_nothing_is_trained_twice(trained):
    parameters, study = trained
    runs = {(seed, leg.name): run for seed, leg, run in study.legs}
    for seed in (3, 5):
        assert runs[seed, "frozen"] == runs[seed, "base"]
    assert len(set(runs.values())) == len(runs) - 2
    starts = [s for run in set(runs.values()) for s in record(study.folder / run)["starts"]]
    assert sum(s["to"] - s["from"] for s in starts) == 2 * arms.cost(parameters.legs)
    assert sum(row["iterations"] for row in plan_rows(parameters)) == arms.cost(parameters.legs)
    for seed, leg, run in study.legs:
        if leg.parent and leg.name != "frozen":
            origin = record(study.folder / run)["origin"]
            parent = study.folder / runs[seed, leg.parent] / CHECKPOINTS / f"iter_{leg.start}"
            assert origin["path"] == str(parent)
            assert record(study.folder / run)["starts"][0]["from"] == leg.start


def test_what_later_work_needs_is_kept(trained):
    parameters, study = trained
    for _, leg, run in study.legs:
        for budget in arms.keep(leg, parameters.legs):
            assert checkpoint.load(study.folder / run / CHECKPOINTS / f"iter_{budget}")
    found = scores(study)
    at = ["seed", "arm", "budget", "split", "domain"]
    assert not found.duplicated(at).any()
    assert len(found) == 2 * len(arms.ARMS) * 2 * 2 * 3  # seeds, arms, budgets, splits, domains
    assert set(curves(study)["arm"]) == set(arms.ARMS)


def contents(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def test_called_again_it_changes_nothing(trained):
    parameters, study = trained
    before = contents(study.folder)
    train_arms.train_arms(parameters, quiet=True)
    assert contents(study.folder) == before


def test_a_seed_of_other_images_is_no_replicate(tmp_path, tiny_set, monkeypatch):
    train_arms.train_arms(plan(tmp_path, seeds=[0], arms=["fresh"]), quiet=True)
    before = (tmp_path / STUDY).read_bytes()
    sets = SegmentationData(tiny_set(6), tiny_set(4, seed=9), crop=(32, 32))
    monkeypatch.setattr(data, "load", lambda *_: sets)
    with pytest.raises(ValueError, match=r"'runs_root': .* trained with another train; choose"):
        train_arms.train_arms(plan(tmp_path, seeds=[1], arms=["fresh"]), quiet=True)
    assert (tmp_path / STUDY).read_bytes() == before


def test_several_at_once_and_interrupted_give_the_same_numbers(trained, tmp_path, monkeypatch):
    _, whole = trained
    parameters = plan(tmp_path, seeds=[5], at_once=3)
    ends = {leg.schedule: leg.until - 2 for leg in parameters.legs if leg.name in FAILING}
    iterate = train_arms.iterate_prepared

    def failing(prepared, **options):
        training = iterate(prepared, **options)
        while True:
            try:
                iteration = next(training)
            except StopIteration as end:
                return end.value
            if iteration == ends.get(prepared.parameters.schedule):
                training.close()
                raise OSError(f"no room at {iteration}")
            yield iteration

    with monkeypatch.context() as patch:
        patch.setattr(train_arms, "iterate_prepared", failing)
        with pytest.raises(ExceptionGroup, match="2 of 7 trainings failed"):
            train_arms.train_arms(parameters, quiet=True)
    assert not (tmp_path / STUDY).exists()
    study = read_study(train_arms.train_arms(parameters, quiet=True).parent)
    runs = {leg.name: run for _, leg, run in study.legs}
    expected = {leg.name: run for seed, leg, run in whole.legs if seed == 5}
    assert runs == expected
    for name, run in runs.items():
        assert (study.folder / run / METRICS).read_bytes() == (
            whole.folder / run / METRICS
        ).read_bytes()
        starts = record(study.folder / run)["starts"]
        stopped = [start for start in starts if start["to"] is None]
        assert len(stopped) == (name in FAILING or name == "base")


FAILING = ("trunk", "frozen")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"base": 1}, "parameter 'base': a decay takes at least 2 iterations, got 1"),
        ({"multiples": [2, 3]}, "parameter 'multiples': must increase from 1"),
        ({"arms": ["thawed"]}, r"parameter 'arms': unknown \['thawed'\]"),
        ({"arms": []}, "parameter 'arms': "),
        ({"cooldown_share": 1.0}, "parameter 'cooldown_share': must be in"),
        ({"warmup": 100}, "parameter 'warmup': must be shorter than 100"),
        ({"floor": -1.0}, "parameter 'floor': "),
        ({"floor": float("inf")}, "parameter 'floor': .*finite number"),
        ({"seeds": []}, "parameter 'seeds': "),
        ({"seeds": [4, 4]}, r"parameter 'seeds': each once, got \[4, 4\]"),
        ({"at_once": 0}, "parameter 'at_once': "),
        ({"strategy": "std_x"}, "parameter 'strategy': unknown strategy 'std_x'"),
        ({"precision": "fp8"}, "parameter 'precision': .*'float32' or 'bfloat16'"),
        ({"schedule": "poly"}, "unknown parameter 'schedule'"),
    ],
)
def test_a_wrong_parameter_is_named_first(values, message):
    with pytest.raises(ParameterError, match=f"^{message}"):
        TrainArms.checked(**values)


def test_seeds_add_to_the_same_study_and_another_study_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "runs"
    monkeypatch.setattr(
        train_arms._Seed,
        "train",
        lambda self, leg: _as_training(folder / f"{leg.name}-{self._seed}"),
    )
    for seeds in ([1, 2], [4], [2]):
        train_arms.train_arms(plan(folder, seeds=seeds), quiet=True)
    study = read_study(folder)
    assert study.parameters["seeds"] == [1, 2, 4]
    assert sorted({seed for seed, *_ in study.legs}) == [1, 2, 4]
    assert len(study.legs) == 3 * len(plan(folder).legs)
    with pytest.raises(ValueError, match=r"'runs_root': .*its warmup is 0, asked now is 2"):
        train_arms.train_arms(plan(folder, warmup=2), quiet=True)


def _as_training(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder
    yield


@pytest.mark.parametrize(
    ("content", "lacking"),
    [
        ("{}", "'parameters'"),
        ('{"parameters": {}, "legs": []}', "'base'"),
        ('{"parameters": [], "legs": []}', "list indices"),
    ],
)
def test_half_a_study_is_named(tmp_path, content, lacking):
    (tmp_path / STUDY).write_text(content)
    with pytest.raises(ValueError, match=rf"{STUDY}: not the list of a study's legs.*{lacking}"):
        train_arms.train_arms(plan(tmp_path), quiet=True)
    assert [path.name for path in tmp_path.iterdir()] == [STUDY]


def test_what_no_leg_could_be_trained_with_is_refused_before_any(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"^parameter 'runs_root': .*file is a file"):
        train_arms.train_arms(plan(tmp_path / "file"), quiet=True)
    high = plan(tmp_path / "none", arms=["cooldown"]).model_copy(update={"floor": 1.0})
    with pytest.raises(ValueError, match=r"^parameter 'schedule': .* above 'learning_rate'"):
        train_arms.train_arms(high, quiet=True)
    assert not (tmp_path / "none").exists()
