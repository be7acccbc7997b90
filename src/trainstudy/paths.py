"""Where the project's own files are."""

from pathlib import Path

# both: many a folder of somebody else's has a _config.yml
MARKERS = ("_config.yml", "src/trainstudy")


def project_root(start: Path | None = None) -> Path:
    """The folder of the checkout: above ``start`` (default: the working directory), else above
    this file.

    Raises FileNotFoundError when neither lies in a checkout of the project.
    """
    for origin in (start or Path.cwd(), Path(__file__)):
        for folder in (origin.resolve(), *origin.resolve().parents):
            if all((folder / marker).exists() for marker in MARKERS):
                return folder
    raise FileNotFoundError(f"no {MARKERS[0]} above {start or Path.cwd()} or {Path(__file__)}")


def resolve(path: str | Path) -> Path:
    """An existing path as the user meant it: ``~`` expanded, and a relative one looked for in the
    working directory first, then in the project.

    Raises FileNotFoundError naming both places when it is in neither.
    """
    asked = Path(path).expanduser()
    places = [asked] if asked.is_absolute() else [Path.cwd() / asked, project_root() / asked]
    for place in places:
        if place.exists():
            return place
    raise FileNotFoundError(f"{path}: looked for " + " and ".join(str(place) for place in places))
