from trainstudy.analysis.multitask.scores import frame
from trainstudy.analysis.multitask.stopping import with_stopping
from trainstudy.analysis.multitask.transfer import by_task
from trainstudy.tasks import TASKS

VAL = {"seg": (30.0, 40.0, 35.0), "det": (10.0, 10.0, 9.0), "cls": (1.0, 2.0, 3.0)}
TEST = {"seg": (31.0, 41.0, 36.0), "det": (11.0, 12.0, 8.0), "cls": (4.0, 5.0, 6.0)}


def rows(cell, seed=0, tested=(10, 20, 30)):
    for split, scores in (("val", VAL), ("test", TEST)):
        for place, at in enumerate((10, 20, 30)):
            if split == "test" and at not in tested:
                continue
            for task in TASKS:
                yield {
                    "cell": cell, "seed": seed, "stage": 0, "stage_name": "seg+det+cls",
                    "trained": "seg+det+cls", "iteration": at, "total": at, "split": split,
                    "task": task, "score": scores[task][place] + seed, "boundary": at == 30,
                }  # fmt: skip


def test_each_task_has_the_test_score_of_its_best_validation():
    scores = frame([*rows("joint"), *rows("joint", seed=1), *rows("other")])
    found = with_stopping(scores)
    assert found[: len(scores)].equals(scores)
    table = by_task(found).set_index(["cell", "seed", "task"])["final"].sort_index()
    for seed in (0, 1):
        best = table["joint stopping=best", seed]
        # of equal validations the first; never the best of test itself
        assert best.to_dict() == {"seg": 41.0 + seed, "det": 11.0 + seed, "cls": 6.0 + seed}
    assert table["joint", 0].to_dict() == {"seg": 36.0, "det": 8.0, "cls": 6.0}


def test_what_was_not_tested_is_not_added():
    scores = frame(list(rows("joint", tested=(30,))))
    found = with_stopping(scores)
    assert set(found.loc[found["cell"] == "joint stopping=best", "task"]) == {"cls"}
    assert with_stopping(frame(list(rows("other")))).equals(frame(list(rows("other"))))


def curve(values, tested):
    for task in TASKS:
        for split in ("val", "test"):
            for at, value in zip(range(10, 10 * len(values) + 1, 10), values, strict=True):
                if split == "val" or at in tested:
                    yield {
                        "cell": "joint", "seed": 0, "stage": 0, "stage_name": "seg+det+cls",
                        "trained": "seg+det+cls", "iteration": at, "total": 100 + at,
                        "split": split, "task": task, "boundary": at == 10 * len(values),
                        "score": value + TASKS.index(task) + (50 if split == "test" else 0),
                    }  # fmt: skip


def test_early_stopping_keeps_one_checkpoint_and_saves_the_rest_of_the_training():
    values = [1, 4, 3, 2, 3, 9, 9]  # the fifth validation is the third that is no better
    found = with_stopping(frame(list(curve(values, tested=(20, 70)))))
    early = found[found["cell"] == "joint stopping=early"]
    assert early["score"].tolist() == [54, 55, 56]
    assert set(early["iteration"]) == {50}
    assert set(early["total"]) == {150}
    assert early["boundary"].all()


def test_a_training_that_never_stops_early_is_what_it_was():
    found = with_stopping(frame(list(curve([1, 2, 3], tested=(30,)))))
    table = by_task(found).set_index(["cell", "task"])
    early, whole = (table.loc[cell] for cell in ("joint stopping=early", "joint"))
    assert early["final"].tolist() == whole["final"].tolist()
    assert early["iterations"].tolist() == whole["iterations"].tolist()
