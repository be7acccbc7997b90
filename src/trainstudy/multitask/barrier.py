"""Score the networks on the straight line between the ends of two cells of a study.

Two trainings that start from the same weights, as cells with one seed do, are linearly connected
where no network between them is worse than they are: Frankle, Dziugaite, Roy and Carbin 2020,
"Linear mode connectivity and the lottery ticket hypothesis". The paths go to ``barriers.json``
beside ``study.json``; what they tell is in ``analysis.multitask.barrier``.

usage: python -m trainstudy.multitask.barrier STUDY_FOLDER --one joint --other seg,det,cls
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from trainstudy.files import read_json, write_json
from trainstudy.multitask.data import Splits, TaskSet
from trainstudy.multitask.evaluate import load_network
from trainstudy.multitask.network import Network
from trainstudy.multitask.run import load_splits
from trainstudy.multitask.scores import evaluate
from trainstudy.paths import resolve
from trainstudy.runs.chains import Chain, read_barriers, read_chains
from trainstudy.runs.record import BARRIERS, CHECKPOINTS, RUN
from trainstudy.tasks import MEASURES
from trainstudy.training.device import device_of

POINTS = 11
SPLIT = "val"
SAME = ("size", "precision")  # inputs that one scoring of both has to have from both


def between(
    one: Mapping[str, Tensor], other: Mapping[str, Tensor], share: float
) -> dict[str, Tensor]:
    """The weights at ``share`` of the way from one network to another, of buffers as well.

    What is no floating number, such as the batches that a batch norm has seen, is the first's.
    Raises ValueError naming a tensor that the two do not have in the same shape.
    """
    for name in {**one, **other}:
        shapes = [list(state[name].shape) if name in state else None for state in (one, other)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"networks of different shapes: {name}: {shapes[0]} and {shapes[1]}")
    return {
        name: (1 - share) * value + share * other[name] if value.is_floating_point() else value
        for name, value in one.items()
    }


def score_path(
    one: Network,
    other: Network,
    sets: Mapping[str, TaskSet],
    precision: torch.dtype = torch.float32,
    points: int = POINTS,
) -> list[dict[str, float]]:
    """``share`` and mIoU, mAP50 and top1 in percent at evenly spaced points, both ends included.

    The networks are to be in evaluation mode. Raises ValueError as :func:`between` does.
    """
    start, end, network = one.state_dict(), other.state_dict(), deepcopy(one)
    found = []
    for place in range(points):
        share = place / (points - 1)
        network.load_state_dict(between(start, end, share))
        scores = evaluate(network, sets, precision)
        found.append({"share": share, **{name: scores[name] for name in MEASURES.values()}})
    return found


def score_paths(
    folder: Path,
    one: str,
    other: str,
    *,
    data_root: str | None = None,
    device: str = "auto",
    points: int = POINTS,
) -> Path:
    """Score the path between two cells for every seed that both have; path of ``barriers.json``.

    Each path is written when it is scored. One that is there already stays as it is, unless it has
    another number of points. Raises ValueError naming the cell, seed or file that is at fault, and
    as ``data.load`` does.
    """
    if points < 3:
        raise ValueError(f"points={points}: accepted are whole numbers from 3, the ends included")
    chains = {(chain.cell, chain.seed): chain for chain in read_chains(folder)}
    seeds = _shared_seeds(list(chains), one, other)
    known = {_key(path) for path in read_barriers(folder) if len(path["points"]) == points}
    due = [seed for seed in seeds if (one, other, seed, SPLIT) not in known]
    ends = {seed: [_end(chains[cell, seed]) for cell in (one, other)] for seed in due}
    load = cache(partial(load_splits, data_root))  # read once, however many seeds
    for seed, pair in ends.items():
        try:
            found = _score(pair, load, device, points)
        except ValueError as error:
            raise ValueError(f"cells {one!r} and {other!r}, seed {seed}: {error}") from error
        _write(folder, {
            "one": one, "other": other, "seed": seed, "split": SPLIT,
            "runs": [end.parent.parent.name for end in pair], "points": found,
        })  # fmt: skip
    return folder / BARRIERS


def _score(
    ends: Sequence[Path], load: Callable[[int], Mapping[str, Splits]], device: str, points: int
) -> list[dict[str, float]]:
    """:func:`score_path` between two checkpoints, once it is sure that both scores compare."""
    (one, inputs), (other, others) = (load_network(end, device_of(device)) for end in ends)
    for name in SAME:
        if inputs[name] != others[name]:
            raise ValueError(f"{name} differs: {inputs[name]} and {others[name]}")
    sets = {task: splits.val for task, splits in load(inputs["size"]).items()}
    for task, dataset in sets.items():
        if {inputs["val"][task], others["val"][task]} != {dataset.fingerprint}:
            raise ValueError(f"{dataset.name} is not what both were validated on")
    return score_path(one, other, sets, getattr(torch, inputs["precision"]), points)


def _shared_seeds(known: Sequence[tuple[str, int]], one: str, other: str) -> list[int]:
    """The seeds of both cells, in the order of the study."""
    cells = list(dict.fromkeys(cell for cell, _ in known))
    for cell in (one, other):
        if cell not in cells:
            raise ValueError(f"unknown cell {cell!r}; the study has: {' | '.join(cells)}")
    if one == other:
        raise ValueError(f"cell {one!r} is both ends of the path")
    shared = [seed for cell, seed in known if cell == one and (other, seed) in known]
    if not shared:
        raise ValueError(f"cells {one!r} and {other!r} have no seed in common")
    return shared


def _end(chain: Chain) -> Path:
    """The checkpoint at the end of a chain's last stage."""
    run = chain.stages[-1][1]
    path = run / CHECKPOINTS / f"iter_{read_json(run / RUN)['iteration']}"
    if not path.is_dir():
        raise ValueError(f"cell {chain.cell!r}, seed {chain.seed}: there is no checkpoint {path}")
    return path


def _write(folder: Path, path: dict[str, Any]) -> None:
    """Add a path to those that the file has, in place of the one between the same ends."""
    others = [known for known in read_barriers(folder) if _key(known) != _key(path)]
    write_json(folder / BARRIERS, {"paths": [*others, path]})


def _key(path: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(path[name] for name in ("one", "other", "seed", "split"))


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        "python -m trainstudy.multitask.barrier",
        description="Score the networks between two cells' ends; prints the path of barriers.json.",
    )
    parser.add_argument("study", help="the folder with study.json")
    parser.add_argument("--one", required=True, metavar="CELL", help="where the path starts")
    parser.add_argument("--other", required=True, metavar="CELL", help="where it ends")
    parser.add_argument("--points", type=int, default=POINTS, help="networks, ends included")
    parser.add_argument("--data-root", help="the folder with mini/, or: synthetic")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    given = vars(parser.parse_args(words))
    try:
        print(score_paths(resolve(given.pop("study")), **given))
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
