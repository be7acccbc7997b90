from trainstudy.training.schedules import parse


def test_rises_to_its_rate_and_keeps_it():
    schedule = parse("constant:warmup=4")
    rates = [schedule.rate(1.0, iteration) for iteration in range(1, 9)]
    assert rates == [0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 1.0, 1.0]
    assert schedule.floor_from() is None
