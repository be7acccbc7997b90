from trainstudy.book import task_plan as chapter
from trainstudy.paths import project_root
from trainstudy.reports import load_report


def test_the_projects_plan_is_shown_in_its_order_with_what_it_can_resolve(rows):
    given = chapter.TaskPlan()
    _, *found = rows(chapter.planned(given))
    assert [row[1] for row in found[:4]] == ["single:seg", "single:det", "single:cls", "joint"]
    assert all(row[2] for row in found)
    by_name = {row[1]: row for row in found}
    shown = by_name["joint rates=task"][5].replace("_ ", "_")  # a line may break there
    assert shown == "order joint, learning_rates seg 0.001, det 0.002, cls 0.0005"
    _, *limits = rows(chapter.resolution(given))
    # 1.96 sqrt(2 / 5), and what a t test of five pairs finds four times out of five
    assert limits[1] == ["1.00", "1.24", "2.38"]


def test_a_plan_tells_what_has_been_trained_of_it(task_study, rows):
    study = task_study({"joint": [[40.0, 20.0, 70.0]]}, seeds=[0, 1])
    folder = study.chains[0].stages[0][1].parent
    for runs, count in ((folder, "2"), (folder / "none", "0")):
        _, *found = rows(chapter.planned(chapter.TaskPlan(runs=str(runs))))
        trained = {row[1]: row[4] for row in found}
        assert trained["joint"] == count
        assert trained["single:seg"] == "0"


def test_what_was_expected_stands_beside_what_came_of_it(task_study, rows):
    sequence = [[40.0, 0, 0], [10, 20, 0], [5, 4, 90]]
    study = task_study({
        "seg,det,cls ewc": sequence, "seg,det,cls lwf": [[40.0, 0, 0], [39, 20, 0], [38, 20, 90]],
        "joint rate=report": [[10.0, 10, 80]],
    })  # fmt: skip
    folder = study.chains[0].stages[0][1].parent
    shown = chapter.expected(chapter.TaskPlan(runs=str(folder)))
    _, *found = rows(shown)
    verdicts = {row[1].partition(".")[0]: row[3] for row in found}
    assert verdicts["What keeps old outputs in training, lwf, forgets less than ewc"] == "confirmed"
    assert [row[3] for row in found if row[0] == "5"] == ["contradicted"]
    assert [row[3] for row in found if row[0] == "1"] == ["not checkable"] * 2
    assert "joint_vs_sequential.html#the-runs" in shown._repr_html_()


def test_before_the_first_result_nothing_is_decided(rows, tmp_path):
    _, *found = rows(chapter.expected(chapter.TaskPlan(runs=str(tmp_path))))
    assert len(found) == len(load_report(project_root() / "reports" / chapter.EXPECTED).claims)
    assert {row[3] for row in found} == {"not checkable"}
