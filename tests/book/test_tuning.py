from trainstudy.book.tuning import chosen


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
