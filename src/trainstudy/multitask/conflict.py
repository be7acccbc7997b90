"""How far the tasks pull the shared weights in one direction: cosines of their gradients.

Source: Yu et al., "Gradient surgery for multi-task learning" (2020), definition 1: gradients whose
cosine is below 0 conflict.
"""

from collections.abc import Mapping
from itertools import combinations

import torch
import torch.nn.functional as F
from torch import Tensor

from trainstudy.multitask.network import Network
from trainstudy.tasks import TASKS

OWN = ("head.output.", "head.scales")  # where channels, and so weights, belong to single tasks


def cosines(losses: Mapping[str, Tensor], network: Network) -> dict[str, float]:
    """``cosine_seg_det`` and so on: one for every pair of ``losses``, -1 to 1.

    Over the parameters of ``network`` that all tasks share and that are trained; empty where there
    is none of them. The losses are scalars of graphs of their own. A task whose gradient is zero
    has the cosine 0 with all others.
    """
    shared = [
        parameter
        for name, parameter in network.named_parameters()
        if parameter.requires_grad and not name.startswith(OWN)
    ]
    if not shared:
        return {}
    gradients = {}
    for task in [task for task in TASKS if task in losses]:
        parts = torch.autograd.grad(losses[task], shared, materialize_grads=True)
        gradients[task] = torch.cat([part.flatten().float() for part in parts])
    return {
        f"cosine_{one}_{other}": float(F.cosine_similarity(gradients[one], gradients[other], dim=0))
        for one, other in combinations(gradients, 2)
    }
