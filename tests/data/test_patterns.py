import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.data import patterns


@given(st.lists(st.sampled_from(["a", "{name}", "", "."])))
def test_parts_that_name_no_folder_go_and_the_others_stay(parts):
    kept = [part for part in parts if part not in ("", ".")]
    assert patterns.joined("/".join(parts)) == "/".join(kept)
    assert patterns.checked("/".join(["x", *parts])) == "/".join(["x", *kept])


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("/x/{name}", "is absolute"), ("//x/{name}", "is absolute"), ("C:/x/{name}", "is absolute"),
        ("x\\{name}", "back-slash"), ("x/**/{name}", r"holds \*\*"),
    ],
)  # fmt: skip
def test_what_would_match_nothing_or_too_little_is_refused(pattern, message):
    with pytest.raises(ValueError, match=message):
        patterns.checked(pattern)


@pytest.mark.parametrize(
    ("pattern", "ending"),
    [("a/{name}.JPG", ".JPG"), ("{name}_x.1.png", ".png"), ("{name}.*", ""), ("a.b/{name}", ""),
     ("{name}.p*", ""), ("{name}.{split}", "")],
)  # fmt: skip
def test_the_suffix_that_is_asked_for(pattern, ending):
    assert patterns.ending(pattern) == ending


def test_files_match_but_for_their_suffix(tmp_path):
    for name in ("a_x.png", "b_x.TIF", "c_x.1.png", "d.png", "e_x", ".f_x.png"):
        (tmp_path / name).touch()
    found = patterns.matches(tmp_path, "{name}_x.png")
    assert {path.name: parts["name"] for path, parts in found} == {"a_x.png": "a", "b_x.TIF": "b"}
    found = patterns.matches(tmp_path, "{name}_*.png")
    assert {path.name for path, _ in found} == {"a_x.png", "b_x.TIF", "c_x.1.png"}
    found = patterns.matches(tmp_path, "{name}_x")
    assert {path.name for path, _ in found} == {"e_x"}


def test_placeholders_are_filled():
    assert patterns.filled("{a}/{b}-{a}.png", {"a": "x", "b": "y", "c": "z"}) == "x/y-x.png"
