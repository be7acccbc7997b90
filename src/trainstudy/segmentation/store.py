"""Where training images live: on the GPU as uint8 where they fit, in host memory otherwise."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from trainstudy.data.segmentation_set import SegmentationSet
from trainstudy.training.upload import upload

SHARE = 0.5  # of the device's free memory that images and labels may take


class Store:
    """The images and labels of several sets of one size, to be picked from by (set, sample)."""

    def __init__(self, sets: Sequence[SegmentationSet], device: torch.device) -> None:
        self._sets, self._like = sets, torch.empty(0, device=device)
        sizes = [dataset.images.nbytes + dataset.labels.nbytes for dataset in sets]
        self.resident = _fits(sum(sizes), device)
        if self.resident:
            self._images, self._labels = (
                torch.cat([torch.from_numpy(np.asarray(part)).to(device) for part in parts])
                for parts in ([s.images for s in sets], [s.labels for s in sets])
            )
        self._first = np.cumsum([0, *(len(dataset) for dataset in sets)])

    def gather(self, picks: Sequence[tuple[int, int]]) -> tuple[Tensor, Tensor]:
        """Images uint8 [B,3,H,W] and labels uint8 [B,H,W] on the device."""
        if self.resident:
            rows = [int(self._first[source]) + sample for source, sample in picks]
            index = upload(rows, self._images, torch.int64)
            images, labels = self._images[index], self._labels[index]
        else:
            images, labels = (
                upload(
                    np.stack([getattr(self._sets[s], part)[sample] for s, sample in picks]),
                    self._like,
                    torch.uint8,
                )
                for part in ("images", "labels")
            )
        return images.permute(0, 3, 1, 2), labels


def _fits(size: int, device: torch.device) -> bool:
    """Whether ``size`` bytes are to be kept on a device; a CPU has them already."""
    return device.type == "cuda" and size < SHARE * torch.cuda.mem_get_info(device)[0]
