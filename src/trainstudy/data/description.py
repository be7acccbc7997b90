"""A data set in folders, described by about ten lines of YAML."""

import difflib
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PositiveInt, field_validator
from pydantic import ValidationInfo as Info

from trainstudy import yaml_file
from trainstudy.data import patterns
from trainstudy.data.classes import CITYSCAPES, CITYSCAPES_IDS, IGNORE
from trainstudy.parameters import ParameterError, Parameters

ACCEPTED = {"split", "dataset", "domain", "sequence", "name"}
SHIPPED = dict(
    sorted((path.stem, path) for path in (Path(__file__).parent / "descriptions").glob("*.yaml"))
)
"""The descriptions that come with the package: name and file."""

Split = Literal["train", "val", "test"]


class Description(Parameters):
    """The keys of a description; ``book/method/data.md`` says what each means.

    After validation ``classes`` is a list of names, ``ids`` a class index or 255 for every raw id
    that may occur, ``domains`` the domain of every folder, ``palette`` the raw id of every colour
    (0xRRGGBB).
    """

    name: str = Field(pattern=r"^[\w-]+$")
    root: str
    images: str
    labels: str
    dataset: str | None = None
    splits: dict[Split, str] = Field(default={"train": "train", "val": "val"})
    hold_out: float | None = Field(default=None, gt=0, lt=1)
    domains: dict[str, str] | None = None
    train_domains: list[str] | None = None
    classes: list[str]
    ignore: list[int] = Field(default_factory=list)
    ids: dict[int, int]
    palette: dict[int, int] | None = None
    absent: list[str] = Field(default_factory=list)
    size: list[PositiveInt] = Field(min_length=2, max_length=2)
    crop: list[PositiveInt] = Field(min_length=2, max_length=2)

    @field_validator("images", "labels")
    @classmethod
    def _known_placeholders(cls, pattern: str, info: Info) -> str:
        pattern = patterns.checked(pattern)
        used = set(patterns.PLACEHOLDER.findall(pattern))
        given = set(patterns.PLACEHOLDER.findall(info.data.get("images", pattern)))
        if unknown := used - ACCEPTED:
            raise ValueError(f"unknown placeholder {min(unknown)!r}; accepted: {sorted(ACCEPTED)}")
        if "name" not in used or not used <= given:
            raise ValueError("{name} is needed, and in labels no placeholder that images lack")
        if info.field_name == "labels" and "*" in pattern:
            raise ValueError("holds a *; a label's path is made from the placeholders of images")
        return pattern

    @field_validator("splits")
    @classmethod
    def _differ(cls, splits: dict[Split, str], info: Info) -> dict[Split, str]:
        splits = {split: patterns.checked(folder) for split, folder in splits.items()}
        if "train" not in splits or len(set(splits.values())) < len(splits):
            raise ValueError("train is needed, and each split needs a folder of its own")
        if len(splits) > 1 and "{split}" not in info.data.get("images", "{split}"):
            raise ValueError("images has no {split}: only train can be named")
        return splits

    @field_validator("domains", mode="before")
    @classmethod
    def _renamed(cls, domains: Any) -> Any:
        return {name: name for name in domains} if isinstance(domains, list) else domains

    @field_validator("train_domains")
    @classmethod
    def _some_of_the_domains(cls, chosen: list[str] | None, info: Info) -> list[str] | None:
        if chosen == []:
            raise ValueError("names no domain; without the key training is on all")
        # where domains names none, the folders decide: see layout.find
        if known := (info.data.get("domains") or {}).values():
            for name in chosen or ():
                if name not in known:
                    accepted = ", ".join(dict.fromkeys(known))
                    raise ValueError(f"{name!r} is none of the domains; accepted: {accepted}")
        return chosen

    @field_validator("classes", mode="before")
    @classmethod
    def _named(cls, classes: Any) -> Any:
        return list(CITYSCAPES) if classes == "cityscapes" else classes

    @field_validator("classes")
    @classmethod
    def _two_each_once(cls, classes: list[str]) -> list[str]:
        if len(classes) < 2:
            raise ValueError("needs two classes at least, and what is ignored is none")
        if twice := [name for name in classes if classes.count(name) > 1]:
            raise ValueError(f"{twice[0]!r} is given twice")
        return classes

    @field_validator("ids", mode="before")
    @classmethod
    def _by_raw_id(cls, ids: Any, info: Info) -> Any:
        classes, ignored = (info.data.get(key, []) for key in ("classes", "ignore"))
        if ids == "train":
            return {raw: raw for raw in (*range(len(classes)), IGNORE)}
        if ids == "cityscapes":
            ids = {name: raw for name, raw in CITYSCAPES_IDS.items() if name in classes}
            ignored = sorted(set(range(34)) - set(ids.values()))
        if not isinstance(ids, dict):
            raise ValueError(
                "accepted: train, cityscapes, or an id or a list of ids for each class"
            )
        table = dict.fromkeys(ignored, IGNORE)
        for name, given in ids.items():
            for raw in given if isinstance(given, list) else [given]:
                if not isinstance(raw, int) or not 0 <= raw <= 255:
                    raise ValueError(f"{name}: {raw!r} is no id; accepted: 0..255")
                if raw in table:
                    raise ValueError(f"id {raw} is given twice")
                table[raw] = _position(name, classes)
        return table

    @field_validator("palette", mode="before")
    @classmethod
    def _by_colour(cls, palette: Any) -> Any:
        if palette == "grey":
            return {raw * 0x010101: raw for raw in range(256)}
        if palette is None:
            return None
        if not isinstance(palette, list):
            raise ValueError("accepted: grey, or a list of colours")
        if wrong := [colour for colour in palette if not _is_colour(colour)]:
            raise ValueError(f"{wrong[0]!r} is no colour; accepted: rrggbb in quotes")
        if len(palette) > 256:
            raise ValueError(f"{len(palette)} colours; a label has the ids 0..255")
        if len(set(palette)) < len(palette):
            raise ValueError("a colour is given twice")
        return {int(colour, 16): raw for raw, colour in enumerate(palette)}

    @field_validator("absent")
    @classmethod
    def _every_class_is_there(cls, absent: list[str], info: Info) -> list[str]:
        classes, ids = info.data.get("classes", []), info.data.get("ids", {})
        allowed = {_position(name, classes) for name in absent}
        if missing := set(range(len(classes))) - set(ids.values()) - allowed if ids else set():
            raise ValueError(f"class {classes[min(missing)]!r} has no id, and is not listed here")
        return absent

    @field_validator("hold_out")
    @classmethod
    def _one_validation_set(cls, share: float | None, info: Info) -> float | None:
        if "splits" in info.data and ("val" in info.data["splits"]) == (share is not None):
            raise ValueError(
                "needed if splits names no val, to take it from train; else not allowed"
            )
        return share

    @field_validator("dataset")
    @classmethod
    def _dataset_named(cls, dataset: str | None, info: Info) -> str | None:
        if "{dataset}" in info.data.get("images", "") and not dataset:
            raise ValueError("needed, because images has {dataset}")
        return dataset


def read(path: Path) -> Description:
    """The description in a YAML file, after the one it ``extends``.

    Raises ValueError naming the file and every wrong, unknown or missing key.
    """
    content = _content(path, ())
    try:
        return Description.checked(**content)
    except ParameterError as error:
        # as the notebooks' errors, but these are keys of a file
        text = re.sub(r"^(unknown )?parameters?\b", r"\1key", str(error), flags=re.M)
        raise ValueError(f"{path}: {text}") from None


def _content(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    if path in above:
        raise ValueError(f"{path}: key 'extends': the description extends itself")
    content = yaml_file.read(path)
    base = content.pop("extends", None)
    if base is None:
        return content
    if not isinstance(base, str) or not (base in SHIPPED or (path.parent / base).is_file()):
        raise ValueError(
            f"{path}: key 'extends': {base!r} is neither a file nor one of {', '.join(SHIPPED)}"
        )
    origin = SHIPPED.get(base, path.parent / base)
    return _content(origin, (*above, path)) | content


def _position(name: str, classes: list[str]) -> int:
    if name not in classes:
        near = difflib.get_close_matches(str(name), classes, n=1)
        raise ValueError(
            f"{name!r} is none of the classes" + (f" (near: {near[0]})" if near else "")
        )
    return classes.index(name)


def _is_colour(value: Any) -> bool:
    """Without quotes YAML reads some colours as numbers."""
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{6}", value) is not None
