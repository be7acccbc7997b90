"""Replay: some images of every earlier task are trained on again, beside the new ones.

Source: Chaudhry et al., "On tiny episodic memories in continual learning" (2019), with a memory
drawn at random and kept from stage to stage.
"""

from typing import Literal

from pydantic import NonNegativeInt

from trainstudy.multitask.remedies._remedy import Past, Remedy, some_of


class Replay(Remedy):
    """Which images; the stage trains them with their own task's loss in every batch."""

    images: NonNegativeInt | Literal["all"] = 10
    """Of each earlier task's training set."""

    def replayed(self, past: Past, seed: int) -> dict[str, list[int]]:
        if self.images == 0:
            return {}
        return {data.task: some_of(data, self.images, seed, "replay") for data in past.sets}


REMEDY = Replay
