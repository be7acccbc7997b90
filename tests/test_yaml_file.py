import pytest

from trainstudy import yaml_file


@pytest.fixture
def file(tmp_path):
    def write(text):
        (tmp_path / "x.yaml").write_text(text)
        return tmp_path / "x.yaml"

    return write


def test_keys_may_recur_in_another_mapping_and_override_a_merged_one(file):
    text = "base: &base {a: 1, b: 2}\na: {<<: *base, b: 3}\nb: [{a: 1}, {a: 2}]\n"
    assert yaml_file.read(file(text)) == {
        "base": {"a": 1, "b": 2}, "a": {"a": 1, "b": 3}, "b": [{"a": 1}, {"a": 2}]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "key 'a' is given twice"),
        ("ids: {road: 1, car: 2, road: 3}", "key 'road' is given twice"),
        ("- a", "expected keys and their values"),
        ("1: a", "expected keys and their values"),
        ("a: 2001-99-99", "month must be in"),
        ("a: [", "while parsing"),
    ],
)
def test_a_faulty_file_is_named(file, text, message):
    with pytest.raises(ValueError, match=rf"(?s)x\.yaml: .*{message}"):
        yaml_file.read(file(text))


def test_what_cannot_be_read_is_named(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(ValueError, match=r"x\.yaml: Is a directory"):
        yaml_file.read(tmp_path / "x.yaml")
