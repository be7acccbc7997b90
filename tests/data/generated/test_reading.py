import shutil

import numpy as np
import pytest
from PIL import Image

from trainstudy.data.generated import ManifestError, read, write


def repaint(manifest, index, pixels):
    Image.fromarray(pixels).save(manifest.parent / "night" / f"tiny_{index}.png")


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        ("missing file", lambda m, t, e: (m.parent / "night" / "tiny_3.png").unlink()),
        ("unreadable file", lambda m, t, e: (m.parent / "night" / "tiny_3.png").write_text("")),
        ("wrong size", lambda m, t, e: repaint(m, 3, np.zeros((24, 24, 3), np.uint8))),
        ("equal to its original", lambda m, t, e: repaint(m, 3, t.images[3])),
        ("unknown original", lambda m, t, e: e(m, lambda r: r[3].update(original_path="u/x.png"))),
        ("held-out original",
         lambda m, t, e: e(m, lambda r: r[3].update(original_path="test/tiny_3.png"))),
        ("duplicate row", lambda m, t, e: e(m, lambda r: r[3].update(gen_path=r[2]["gen_path"]))),
        ("incomplete row", lambda m, t, e: e(m, lambda r: r[3].update(target_domain=""))),
    ],
)  # fmt: skip
def test_a_bad_row_is_reported_and_the_others_used(manifest, train, edit, reason, change):
    change(manifest, train, edit)
    found = read(manifest, train)
    assert found.report.counts == {reason: 1}
    assert found.report.problems[0].line == 5
    assert f"23 of 24 rows used, images of 23 of 24 training images; left out: 1 {reason}" in str(
        found.report
    )
    kept = [index for index in range(24) if index != 3]
    assert np.array_equal(found.images.images, 255 - train.images[kept])
    assert np.array_equal(found.images.labels, train.labels[kept])


def test_too_many_bad_rows_are_an_error_that_counts_and_quotes_them(manifest, train):
    for index in (3, 7):
        (manifest.parent / "night" / f"tiny_{index}.png").unlink()
    with pytest.raises(ManifestError, match=r"8% of its images are unsound") as error:
        read(manifest, train)
    assert "22 of 24 rows used" in str(error.value)
    assert "2 missing file" in str(error.value)
    assert "line 5, night/tiny_3.png: missing file (looked for" in str(error.value)
    assert [problem.line for problem in error.value.report.problems] == [5, 9]


def test_images_of_other_than_training_images_are_set_aside_however_many(manifest, train, edit):
    def half_of_it_for_validation(rows):
        for row in rows[12:]:
            row["original_path"] = "val/x.png"

    edit(manifest, half_of_it_for_validation)
    report = read(manifest, train).report
    assert (report.used, report.counts, report.unsound) == (12, {"held-out original": 12}, 0)


def test_rows_of_other_data_sets_are_counted_apart(manifest, train, edit):
    edit(manifest, lambda rows: [row.update(dataset="ACDC") for row in rows[:20]])
    edit(manifest, lambda rows: rows[0].update(original_path="acdc/x.png"))
    report = read(manifest, train).report
    assert (report.used, report.others, report.problems) == (4, {"ACDC": 20}, ())
    # a wrong column has to be seen: the study has rows of BDD10k under BDD100k
    assert str(report).endswith("data sets: 20 ACDC (19 of these rows name a training image)")
    edit(manifest, lambda rows: [row.update(dataset="BDD10k") for row in rows[20:]])
    with pytest.raises(ManifestError, match=r"No generated image can .* 20 ACDC, 4 BDD10k \(23 of"):
        read(manifest, train)


def test_an_empty_manifest_is_an_error(tmp_path, train):
    with pytest.raises(ManifestError, match=r"No generated image can be used.* 0 of 0 rows used"):
        read(write(tmp_path, train, []), train)


def test_the_fingerprint_follows_the_pixels_and_not_where_they_lie(manifest, train, tmp_path):
    first = read(manifest, train).images.fingerprint
    moved = shutil.copytree(manifest.parent, tmp_path / "moved") / "manifest.csv"
    assert read(moved, train).images.fingerprint == first
    pixels = 255 - train.images[3]
    pixels[0, 0, 0] ^= 1
    repaint(manifest, 3, pixels)
    assert read(manifest, train).images.fingerprint != first


def test_names_stay_unique_where_an_original_has_several_images(tmp_path, train, night, edit):
    manifest = write(
        tmp_path, train, [*night, (0, "fog", train.images[5]), (0, "rain", night[1][2])]
    )
    edit(manifest, lambda rows: [row.update(target_domain="night") for row in rows])
    names = read(manifest, train).images.names
    assert [name for name in names if name.startswith("tiny_0_")] == [
        "tiny_0_night", "tiny_0_night_2", "tiny_0_night_3",
    ]  # fmt: skip
    assert len(set(names)) == len(names) == 26
