from trainstudy.analysis.multitask.transfer import by_task
from trainstudy.analysis.multitask.tuning import choices
from trainstudy.book.task_plan import TaskPlan
from trainstudy.book.tuning import chosen
from trainstudy.multitask.plan import read_plan
from trainstudy.paths import project_root
from trainstudy.runs.chains import read_chains, scores


def test_where_nothing_was_tuned_the_page_says_so(tmp_path):
    assert repr(chosen(str(tmp_path))) == (
        f"Nothing has been tuned yet: there is no {tmp_path}/study.json."
    )


def test_every_option_stands_with_what_it_was_judged_by(task_study, rows):
    cells = {
        "single:seg": [[40.0, 0, 0]], "single:det": [[0, 20.0, 0]], "single:cls": [[0, 0, 80.0]],
        "ewc strength=1": [[40, 0, 0], [30, 20, 0], [20, 10, 80]],
        "ewc strength=10": [[40, 0, 0], [30, 20, 0], [30, 15, 80]],
        "course plain": [[41, 0, 0], [40, 16, 0], [40, 15.9, 85]],
    }  # fmt: skip
    study = task_study(cells)
    folder = study.chains[0].stages[0][1].parent
    head, *found = rows(chosen(str(folder)))
    assert head[0] == "Group"
    assert [row[:2] + row[3:] for row in found] == [
        ["ewc", "strength=1", "", "3"],
        ["ewc", "strength=10", "chosen", "3"],
        ["course", "plain", "chosen", "3"],
    ]
    assert found[0][2].endswith(" %")


def test_the_plan_has_what_the_tuning_chose():
    """A plan's cell is a function of parameters, whatever they are called."""
    ours = TaskPlan()
    plan = read_plan(project_root() / ours.plan)
    tuning = read_plan((project_root() / ours.plan).with_name("tuning.yml"))
    found = choices(by_task(scores(read_chains(project_root() / ours.tuning)), "val"))
    options = {cell.name: tuning.chain(cell, 0) for cell in tuning.cells}
    planned = [plan.chain(cell, 0).model_dump(exclude={"looks"}) for cell in plan.cells]
    assert found["chosen"].sum() == found["group"].nunique() == 6
    for cell in found.loc[found["chosen"], "cell"]:
        assert options[cell].model_dump(exclude={"looks"}) in planned, cell
