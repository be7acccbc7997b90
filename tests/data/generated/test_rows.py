import dataclasses

import pytest

from trainstudy.data.generated.originals import Originals
from trainstudy.data.generated.rows import find


@pytest.fixture
def rows(manifest, train, edit):
    """Files and problems of the manifest after a change of its first row's path."""

    def changed(path, **options):
        edit(manifest, lambda table: table[0].update(gen_path=path), **options)
        found = find(manifest, Originals(train))
        return [row.file for row in found.rows], found.problems

    return changed


@pytest.mark.parametrize(
    "path",
    [
        "{folder}/night/tiny_0.png", "night\\tiny_0.png", "./night/tiny_0.png",
        "/scratch/elsewhere/gen/night/tiny_0.png", "D:\\images\\gen\\night\\tiny_0.png",
    ],
)  # fmt: skip
def test_paths_of_either_system_and_of_a_moved_folder_are_found(manifest, rows, path):
    files, problems = rows(path.format(folder=manifest.parent))
    assert problems == []
    assert files[0].samefile(manifest.parent / "night" / "tiny_0.png")


def test_a_manifest_with_a_byte_order_mark_is_read(rows):
    assert len(rows("night/tiny_0.png", encoding="utf-8-sig")[0]) == 24


@pytest.mark.parametrize(
    ("path", "reason", "detail"),
    [
        ("night/none.png", "missing file", "looked for"),
        ("night/tiny_5.png", "duplicate row", "line 2"),
        ("night/../night/tiny_5.png", "duplicate row", "line 2"),
        ("./night/../../gen/night//tiny_5.png", "duplicate row", "line 2"),
        ("", "incomplete row", "no gen_path"),
        ("x" * 5000, "unreadable file", "too long"),
    ],
)
def test_a_row_without_a_file_of_its_own_is_told_by_its_line(rows, path, reason, detail):
    files, (problem,) = rows(path)
    assert len(files) == 23
    assert (problem.line, problem.reason) == (7 if "duplicate" in reason else 2, reason)
    assert detail in problem.detail


def test_links_are_files_of_their_own(manifest, rows):
    (manifest.parent / "night/link.png").symlink_to("tiny_5.png")
    assert rows("night/link.png")[1] == []


def test_a_file_name_alone_does_not_count_beside_a_row_with_the_whole_path(manifest, train, edit):
    train = dataclasses.replace(train, names=tuple(f"a/{name}" for name in train.names))
    assert len(find(manifest, Originals(train)).rows) == 24  # their names alone are known
    edit(manifest, lambda rows: rows[0].update(original_path="b/tiny_5.png"))
    edit(manifest, lambda rows: rows[5].update(original_path="a/tiny_5.png"))
    found = find(manifest, Originals(train))
    assert [row.line for row in found.rows] == list(range(3, 26))
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (2, "ambiguous original")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("closed", [True, False])
def test_a_torn_quote_is_an_error_with_its_line(manifest, train, end, closed):
    lines = manifest.read_text().splitlines()
    lines[4] = '"' + lines[4]
    lines[9] = '"' * closed + lines[9]
    manifest.write_text(end.join(["", *lines, ""]), newline="")
    with pytest.raises(ValueError, match=r"manifest\.csv: line 6: a cell holds a line break"):
        find(manifest, Originals(train))


def test_a_file_that_is_no_manifest_is_named_with_what_it_lacks(tmp_path, train):
    with pytest.raises(FileNotFoundError, match=r"none.csv: there is no such manifest"):
        find(tmp_path / "none.csv", Originals(train))
    (tmp_path / "a.csv").write_text("gen_path,name\nx,y\n")
    with pytest.raises(ValueError, match=r"a.csv: no column original_path, target_domain; it need"):
        find(tmp_path / "a.csv", Originals(train))
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"b.csv: .*it needs gen_path"):
        find(tmp_path / "b.csv", Originals(train))
