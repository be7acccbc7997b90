from trainstudy import data
from trainstudy.data import description, streets, synthetic, weather


def test_every_city_is_a_data_set_of_its_own():
    drawn = {f"streets-{city}" for city in streets.CITIES} | {"streets"}
    assert set(data.DATASETS) == drawn | {"camvid", *description.SHIPPED}


def test_training_is_clear_days_and_validation_every_weather(monkeypatch):
    monkeypatch.setattr(synthetic, "TRAIN_SCENES", 2)
    monkeypatch.setattr(synthetic, "VAL_SCENES", 1)
    sets = data.load("streets")
    assert set(sets.train.domains) == {"clear_day"}
    assert len(sets.train) == 2 * len(streets.CITIES)
    assert set(sets.val.domains) == set(weather.DOMAINS)
    assert data.load("streets").train.fingerprint == sets.train.fingerprint
    assert data.load("streets-old_town").train.fingerprint != sets.train.fingerprint
