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


def test_a_file_that_is_no_manifest_is_named_with_what_it_lacks(tmp_path, train):
    with pytest.raises(FileNotFoundError, match=r"none.csv: there is no such manifest"):
        find(tmp_path / "none.csv", Originals(train))
    (tmp_path / "a.csv").write_text("gen_path,name\nx,y\n")
    with pytest.raises(ValueError, match=r"a.csv: no column original_path, target_domain; it need"):
        find(tmp_path / "a.csv", Originals(train))
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"b.csv: .*it needs gen_path"):
        find(tmp_path / "b.csv", Originals(train))
