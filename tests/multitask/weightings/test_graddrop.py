import torch


def test_every_coordinate_keeps_one_sign_as_often_as_its_share(make, step):
    column = torch.tensor([3.0, -2.0, 1.0])
    torch.manual_seed(0)
    weights, update = step(make("graddrop"), column[:, None].expand(3, 20_000).clone())
    assert weights.isnan().all()
    assert set(update.tolist()) == {4.0, -2.0}
    assert abs((update > 0).float().mean() - 4 / 6) < 0.01


def test_the_signs_are_drawn_from_the_generator_that_a_step_seeds(make, step, gradients):
    def update(seed):
        torch.manual_seed(seed)
        return step(make("graddrop"), gradients(0, size=200))[1]

    assert torch.equal(update(1), update(1))
    assert not torch.equal(update(1), update(2))
