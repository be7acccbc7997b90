import json
import shutil

import pytest

from trainstudy.runs.chains import (
    cosines,
    differing,
    read_barriers,
    read_chains,
    read_sound,
    remedies,
    scores,
    weights,
)
from trainstudy.runs.record import BARRIERS, METRICS, RUN, TESTS


def write_run(folder, name, tasks, until, every):
    """A run whose scores tell the iteration: mIoU is it, mAP50 twice, top1 three times."""
    run = folder / name
    run.mkdir()
    (run / RUN).write_text(json.dumps({"iteration": until, "spec": {"tasks": tasks}}))
    rows = [row(at, "val") for at in range(every, until + 1, every)]
    (run / METRICS).write_text("".join(rows))
    (run / TESTS).write_text(row(until, "val", split="test") + '{"torn')


def row(at, kind, **more):
    measures = {"mIoU": at, "mAP50": 2 * at, "mAP": 0.0, "top1": 3 * at}
    return json.dumps({"iteration": at, "kind": kind, **measures, **more}) + "\n"


@pytest.fixture
def study(tmp_path):
    write_run(tmp_path, "first", ["seg"], 10, 5)
    write_run(tmp_path, "second", ["det", "cls"], 6, 2)
    stages = [{"stage": "seg", "run": "first"}, {"stage": "seg>det+cls", "run": "second"}]
    chains = [
        {"cell": "both", "seed": 4, "stages": stages},
        {"cell": "one", "seed": 4, "stages": stages[:1]},
    ]
    (tmp_path / "study.json").write_text(json.dumps({"chains": chains}))
    return tmp_path


def test_scores_are_placed_within_their_stage_and_their_chain(study):
    found = scores(read_chains(study))
    both = found[(found["cell"] == "both") & (found["split"] == "val")]
    seg = both[both["task"] == "seg"]
    assert seg["iteration"].tolist() == [5, 10, 2, 4, 6]
    assert seg["total"].tolist() == [5, 10, 12, 14, 16]
    assert seg["score"].tolist() == [5, 10, 2, 4, 6]
    assert seg["boundary"].tolist() == [False, True, False, False, True]
    assert set(both["trained"]) == {"seg", "det+cls"}
    assert both.loc[both["task"] == "cls", "score"].tolist() == [15, 30, 6, 12, 18]
    tested = found[(found["cell"] == "both") & (found["split"] == "test")]
    assert len(tested) == 2 * 3
    assert tested["boundary"].all()
    shared = found[found["cell"] == "one"].drop(columns="cell").reset_index(drop=True)
    first = found[(found["cell"] == "both") & (found["stage"] == 0)]
    assert shared.equals(first.drop(columns="cell").reset_index(drop=True))


@pytest.mark.parametrize("content", ["{", "{}", '{"chains": [{}]}', '{"chains": [{"cell": 1}]}'])
def test_a_study_that_is_none_is_told_with_its_file(tmp_path, content):
    (tmp_path / "study.json").write_text(content)
    with pytest.raises(ValueError, match=r"study\.json: "):
        read_chains(tmp_path)


def test_paths_are_those_between_the_ends_that_the_study_has(study):
    path = {"one": "both", "other": "one", "seed": 4, "split": "val", "points": []}
    assert read_barriers(study) == []
    paths = [{**path, "runs": ["second", "first"]}, {**path, "runs": ["old", "first"]}]
    paths.append({**path, "seed": 5, "runs": ["second", "first"]})
    (study / BARRIERS).write_text(json.dumps({"paths": paths}))
    assert read_barriers(study) == paths[:1]


@pytest.mark.parametrize("content", ["{", "{}", '{"paths": [{"one": "both"}]}', '{"paths": [1]}'])
def test_paths_that_are_none_are_told_with_their_file(study, content):
    (study / BARRIERS).write_text(content)
    with pytest.raises(ValueError, match=r"barriers\.json: "):
        read_barriers(study)


def add(run, *rows):
    with (run / METRICS).open("a") as metrics:
        metrics.write("".join(json.dumps(row) + "\n" for row in rows))


def test_cosines_are_those_that_were_measured_since_the_start_of_the_chain(study):
    chains = read_chains(study)
    assert cosines(chains).empty
    measured = {"cosine_seg_det": 0.5, "cosine_det_cls": -0.25}
    add(study / "second", json.loads(row(6, "val", **measured)))
    record = study / "second" / RUN
    record.write_text(json.dumps({**json.loads(record.read_text()), "starts": [{"interval": 3}]}))
    found = cosines(chains)
    assert found.to_dict("list") == {
        "cell": ["both", "both"],
        "seed": [4, 4],
        "stage": [1, 1],
        "total": [16, 16],
        "pair": ["seg–det", "det–cls"],
        "cosine": [0.5, -0.25],
        "regular": [True, True],
    }


def test_looks_between_the_regular_validations_are_marked(study):
    chains = read_chains(study)
    for at in (1, 3, 4, 5):
        add(study / "second", json.loads(row(at, "val", cosine_seg_det=0.5)))
    path = study / "second" / RUN
    record = {**json.loads(path.read_text()), "iteration": 5, "starts": [{"interval": 3}]}
    path.write_text(json.dumps(record))
    assert cosines(chains)["regular"].tolist() == [False, True, False, True]


def test_weights_are_those_of_stages_with_several_tasks(study):
    chains = read_chains(study)
    assert weights(chains).empty
    add(study / "first", {"iteration": 2, "kind": "train", "loss": 1.0, "weight_seg": 1.0})
    add(
        study / "second",
        {"iteration": 1, "kind": "train", "loss": 1.0},
        {"iteration": 2, "kind": "train", "loss": 1.0, "weight_det": 1.5, "weight_cls": 0.5},
    )
    found = weights(chains)
    assert found["iteration"].tolist() == [12, 12]
    assert dict(zip(found["task"], found["weight"], strict=True)) == {"det": 1.5, "cls": 0.5}


def remedied(study, **runs):
    """The study with what its runs were trained with."""
    for name, text in runs.items():
        record = json.loads((study / name / RUN).read_text())
        record["spec"]["remedies"] = text
        (study / name / RUN).write_text(json.dumps(record))


def test_remedies_are_those_of_the_stages_after_the_first(study):
    remedied(study, second="lwf:strength=1.0")
    assert [remedies(chain) for chain in read_chains(study)] == ["lwf:strength=1.0", ""]


def test_remedies_that_differ_between_stages_are_told_by_stage(study):
    write_run(study, "third", ["cls"], 6, 2)
    content = json.loads((study / "study.json").read_text())
    content["chains"][0]["stages"].append({"stage": "seg>det>cls", "run": "third"})
    (study / "study.json").write_text(json.dumps(content))
    remedied(study, second="lwf", third="lwf")
    assert remedies(read_chains(study)[0]) == "lwf"
    remedied(study, third="frozen")
    assert remedies(read_chains(study)[0]) == "seg>det+cls lwf; seg>det>cls frozen"
    remedied(study, third="")
    assert remedies(read_chains(study)[0]) == "seg>det+cls lwf"


def rewrite(study, change):
    path = study / "study.json"
    content = json.loads(path.read_text())
    change(content["chains"])
    path.write_text(json.dumps(content))


def complete(folder):
    """What chapters read beyond the scores, and no torn line."""
    for path in folder.glob(f"*/{RUN}"):
        record = json.loads(path.read_text())
        record["spec"]["backbone"] = "tiny"
        record |= {"starts": [{"device": "cpu", "interval": 5}], "data": {}}
        path.write_text(json.dumps(record))
        tests = path.with_name(TESTS)
        tests.write_text(tests.read_text().partition("\n")[0] + "\n")


def test_a_study_that_has_only_begun_has_no_chains(study):
    rewrite(study, list.clear)
    assert read_chains(study) == []
    assert read_sound(study) == ([], [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"stages": []}, "no stages"),
        ({"seed": "x"}, "seed 'x'"),
        ({"stages": 1}, "not iterable"),
        ({}, "both, seed 4 is there a second time"),
    ],
)
def test_a_row_that_is_no_chain_costs_itself_alone(study, row, reason):
    complete(study)
    rewrite(study, lambda chains: chains.append({**chains[0], **row}))
    with pytest.raises(ValueError, match=f"study.json: .*{reason}"):
        read_chains(study)
    chains, (fault,) = read_sound(study)
    assert [chain.cell for chain in chains] == ["both", "one"]
    assert fault.file == study / "study.json"
    assert fault.chain == "chain 3, both"
    assert reason in fault.reason
    assert read_barriers(study) == []


def test_an_unsound_run_costs_the_chains_that_it_is_a_stage_of(study):
    complete(study)
    assert read_sound(study) == (read_chains(study), [])
    (study / "second" / METRICS).write_text("{\n")
    chains, (fault,) = read_sound(study)
    assert [chain.cell for chain in chains] == ["one"]
    assert fault[:2] == (study / "second" / METRICS, 1)
    assert fault.chain == "both, seed 4"
    (study / "first" / RUN).unlink()
    chains, faults = read_sound(study)
    assert chains == []
    assert {fault.file for fault in faults} == {study / "first" / RUN}


def replicate(study, name, kind, **inputs):
    """Another run like the first one, a replicate of ``kind``."""
    if not (study / name).exists():
        write_run(study, name, ["seg"], 10, 5)
    record = json.loads((study / "first" / RUN).read_text())
    record |= {"replicate_of": kind, "inputs": {"seed": 1, **inputs}}
    (study / name / RUN).write_text(json.dumps(record))
    shutil.copyfile(study / "first" / TESTS, study / name / TESTS)


def test_a_chain_that_is_no_replicate_of_the_others_of_its_cell_is_unsound(study):
    complete(study)
    short, long = ([{"epochs": count}] for count in (1, 2))
    for seed, kind, phases in ((5, "short", short), (6, "long", long), (7, "long", long)):
        replicate(study, f"seg-{seed}", kind, seed=seed, phases=phases)
    rows = [
        {"cell": "two", "seed": seed, "stages": [{"stage": "seg", "run": f"seg-{seed}"}]}
        for seed in (5, 6, 7)
    ]
    rewrite(study, lambda chains: chains.extend(rows))
    chains, (fault,) = read_sound(study)
    assert {chain.seed for chain in chains if chain.cell == "two"} == {6, 7}
    assert fault.file == study / "seg-5" / RUN
    assert fault.chain == "two, seed 5"
    assert "from seed 6, which counts, in more than the seed (epochs)" in fault.reason
    rewrite(study, list.pop)
    chains, (fault,) = read_sound(study)
    assert (fault.chain, chains[-1].seed) == ("two, seed 6", 5), "of equally many the first counts"


def test_what_sets_chains_apart_is_called_as_parameters_are():
    one = [("seg", {"seed": 0, "earlier": [1], "train": {}, "weighting": None, "size": 32})]
    two = [("seg", {"seed": 1, "earlier": [2], "train": {"seg": ""}, "size": 64})]
    assert differing(one, one) == []
    assert differing(one, two) == ["data", "size", "weighting"]
    assert differing(one, [*two, ("seg>det", {})]) == ["order"]


def test_without_test_scores_a_chain_is_unsound_where_others_have_them(study):
    complete(study)
    (study / "second" / TESTS).unlink()
    chains, (fault,) = read_sound(study)
    assert [chain.cell for chain in chains] == ["one"]
    assert fault.file == study / "second" / TESTS
    (study / "first" / TESTS).unlink()
    assert read_sound(study) == (read_chains(study), [])
