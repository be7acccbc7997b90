import pytest

from trainstudy.data.domain_folders import called

STUDY = {name: name for name in ("clear_day", "cloudy", "foggy")}


def test_a_folder_is_read_under_another_name_of_its_domain():
    found, faults = called(STUDY, {"clear_day", "Overcast", "mist"})
    assert found == STUDY | {"Overcast": "cloudy", "mist": "foggy"}
    assert faults == []
    # also where the description has the other name
    assert called({"FOG": "f", "RAIN": "r"}, {"fog", "rainy"}) == (
        {"FOG": "f", "RAIN": "r", "fog": "f", "rainy": "r"}, []
    )  # fmt: skip


@pytest.mark.parametrize(
    ("names", "there", "faults"),
    [
        (STUDY, {"foggy", "mist"}, {"mist": "'foggy'"}),
        (STUDY, {"fog", "mist"}, {"fog": "'foggy' and 'mist'", "mist": "'fog' and 'foggy'"}),
        ({"fog": "f", "mist": "m"}, {"mist", "haze"}, {"haze": "'fog' and 'mist'"}),
    ],
)  # fmt: skip
def test_another_name_of_more_than_one_folder_is_a_fault(names, there, faults):
    assert called(names, there) == (
        names,
        [
            f"has domain {folder!r}, which is not read: state it beside {others}"
            for folder, others in faults.items()
        ],
    )


def test_a_misspelt_domain_is_a_fault_unless_its_folder_is_read():
    fault = "has no domain 'fogy', but has 'fog', which is not read"
    assert called({"fogy": "f"}, {"fog"})[1] == [fault]
    assert called({"fogy": "f", "foggy": "g"}, {"fog"})[1] == []


def test_other_domains_and_translations_are_left_out_without_a_word():
    assert called(STUDY, {"clear_day", "clear_day2fog", "wet"}) == (STUDY, [])
    # both may be read
    assert called(STUDY | {"mist": "foggy"}, {"foggy", "mist"}) == (STUDY | {"mist": "foggy"}, [])
