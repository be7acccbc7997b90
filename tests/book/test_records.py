import re
from pathlib import Path

from trainstudy.book import records
from trainstudy.book.arms import LongerTraining, open_arms
from trainstudy.book.task_study import JointVsSequential, open_tasks
from trainstudy.paths import project_root


def links(shown):
    return re.findall(r'<a href="([^"]*)">', shown._repr_html_())


def test_every_run_of_the_projects_own_studies_is_linked():
    tasks = open_tasks(JointVsSequential())
    arms = open_arms(LongerTraining()).study
    stages = {run / "run.json" for chain in tasks.chains for _, run in chain.stages}
    legs = {arms.folder / run / "run.json" for _, _, run in arms.legs}
    shown = records.of_chains(tasks.chains), records.of_arms(arms)
    for table, expected in zip(shown, (stages, legs), strict=True):
        found = {(project_root() / "notebooks" / link).resolve() for link in links(table)}
        assert found == {path.resolve() for path in expected}


def test_a_row_is_a_cell_and_a_column_a_seed(task_study, rows):
    study = task_study({"joint": [[40.0, 20.0, 70.0]], "seg,det,cls": [[40, 0, 0], [30, 20, 0],
                                                                       [20, 10, 80]]})  # fmt: skip
    lacking = study.chains[:-1]
    shown = records.of_chains(lacking)
    assert rows(shown) == [
        ["Training", "Seed 0", "Seed 1", "Seed 2"],
        ["joint", *["seg+det+cls"] * 3],
        ["seg,det,cls", *["seg   det   cls"] * 2, "–"],
    ]
    assert links(shown) == []  # these lie outside of the project
    folder = Path(study.chains[0].stages[0][1]).parent
    assert f'title="{folder}' in shown._repr_html_()


def test_no_run_is_no_row():
    assert "<tbody>" in records.of_chains([])._repr_html_()


def test_a_single_run_is_linked_where_the_book_keeps_its_record(tmp_path):
    kept = sorted((project_root() / "results" / "translation").iterdir())
    assert [run.name.partition("-")[0] for run in kept] == ["cyclegan", "tsit"]
    for run in kept:
        assert links(records.of_run(run)) == [f"../results/translation/{run.name}/run.json"]
    assert links(records.of_run(tmp_path)) == []
    assert repr(records.of_run(tmp_path)) == f"The record of this training: {tmp_path.name}."
