"""The training loop and what makes it exact: schedules, randomness, checkpoints, exposure."""
