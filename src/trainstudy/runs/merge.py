"""One multi-task study from several: what was trained on other machines, or in other sittings.

usage: python -m trainstudy.runs.merge TARGET SOURCE [SOURCE ...]
"""

import argparse
import shutil
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from trainstudy.files import read_json, write_json
from trainstudy.paths import resolve
from trainstudy.runs.chains import Chain, listed_chains, read_barriers, read_chains, strangers
from trainstudy.runs.record import BARRIERS, CHECKPOINTS, RUN, STUDY


def merge(target: Path, source: Path) -> list[Chain]:
    """Add to ``target``, a study or a new folder, the chains of ``source`` that it has not; them.

    A chain is known by its cell and seed, and those that the target has stay. Copied are records,
    not checkpoints. Where two runs have one name, as a first stage that was trained twice has, the
    later one gets a number after it. ``study.json`` is written last. Raises ValueError naming a
    cell whose seeds would differ in more than their seed, or a record that does not tell, before
    anything is copied.
    """
    known = listed_chains(target)
    keys = {(chain.cell, chain.seed) for chain in known}
    new = [chain for chain in read_chains(source) if (chain.cell, chain.seed) not in keys]
    _refuse_other_inputs([*known, *new])
    target.mkdir(parents=True, exist_ok=True)
    runs = dict.fromkeys(run for chain in new for _, run in chain.stages)
    names = {run.name: _copy(run, target) for run in runs}
    added = [
        Chain(
            chain.cell,
            chain.seed,
            tuple((stage, target / names[run.name]) for stage, run in chain.stages),
        )
        for chain in new
    ]
    paths = _paths(source, {(chain.cell, chain.seed) for chain in new}, names)
    if paths:
        old = read_barriers(target) if known else []
        write_json(target / BARRIERS, {"paths": [*old, *paths]})
    write_json(target / STUDY, {"chains": [chain.row for chain in (*known, *added)]})
    return added


def _refuse_other_inputs(chains: Sequence[Chain]) -> None:
    for run in dict.fromkeys(run for chain in chains for run in chain.runs):
        if "replicate_of" not in read_json(run / RUN):
            raise ValueError(f"{run / RUN}: no 'replicate_of', what it shares with other seeds")
    for chain, own, names in strangers(chains):
        raise ValueError(
            f"cell {chain.cell!r}: seeds {own.seed} and {chain.seed} differ in more than the "
            f"seed{names}; compare {own.runs[-1] / RUN} and {chain.runs[-1] / RUN}"
        )


def _copy(run: Path, target: Path) -> str:
    """The run's name in ``target``, where it is copied unless it is there already."""
    record = (run / RUN).read_bytes()
    for number in count(1):
        place = target / (run.name if number == 1 else f"{run.name}-{number}")
        if not (place / RUN).exists():
            ignored = shutil.ignore_patterns(CHECKPOINTS, RUN, ".*")
            shutil.copytree(run, place, ignore=ignored, dirs_exist_ok=True)
            draft = place / f".{RUN}"
            draft.write_bytes(record)
            draft.replace(place / RUN)  # last: a folder without it is no run
            break
        if (place / RUN).read_bytes() == record:
            break
    return place.name


def _paths(source: Path, keys: set[tuple[str, int]], names: dict[str, str]) -> list[dict[str, Any]]:
    """The source's paths between chains that are new, by the names that their runs have now."""
    return [
        {**path, "runs": [names[run] for run in path["runs"]]}
        for path in read_barriers(source)
        if {(path["one"], path["seed"]), (path["other"], path["seed"])} <= keys
    ]


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        "python -m trainstudy.runs.merge",
        description="Add the chains of studies to another one; prints how many each added.",
    )
    parser.add_argument("target", type=Path, help="the folder of a study, or of one to be made")
    parser.add_argument("source", nargs="+", help="the folders of studies")
    given = parser.parse_args(words)
    try:
        for source in given.source:
            print(f"{source}: {len(merge(given.target, resolve(source)))} chains added")
    except (ValueError, OSError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
