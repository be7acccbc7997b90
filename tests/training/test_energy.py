from trainstudy.training import energy


def test_joules_are_the_difference_of_the_counter(tmp_path, monkeypatch):
    counter = tmp_path / "energy_uj"
    monkeypatch.setattr(energy, "_RAPL", counter)
    counter.write_text("5000000\n")
    meter = energy.EnergyMeter("cpu")
    counter.write_text("7500000\n")
    assert meter.joules() == 2.5
    counter.write_text("1000000\n")
    assert meter.joules() is None, "a counter that wrapped tells nothing"


def test_a_device_that_does_not_tell_gives_none(tmp_path, monkeypatch):
    monkeypatch.setattr(energy, "_RAPL", tmp_path / "absent")
    assert energy.EnergyMeter("cpu").joules() is None
    assert energy.EnergyMeter("cuda:9").joules() is None
