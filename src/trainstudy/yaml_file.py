"""A YAML file in which every key is given once."""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml


def read(path: Path) -> dict[str, Any]:
    """Keys and values. Raises ValueError naming the file, and the key that is given twice."""
    try:
        # a safe loader, but for what it is told below
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Once)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise ValueError(f"{path}: {error}") from None
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise ValueError(f"{path}: expected keys and their values")
    return content


class _Once(yaml.SafeLoader):
    """YAML forbids a key twice; its loader takes the last without a word."""

    def compose_mapping_node(self, anchor: Any) -> Any:
        node = super().compose_mapping_node(anchor)
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        counts = Counter((key.tag, key.value) for key in keys)
        for key in keys:
            if counts[key.tag, key.value] > 1:
                text = f"key {key.value!r} is given twice"
                raise yaml.constructor.ConstructorError(None, None, text, key.start_mark)
        return node
