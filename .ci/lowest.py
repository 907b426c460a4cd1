"""The lowest release that each dependency in pyproject.toml may have, as constraints for pip."""

import re
import tomllib
from pathlib import Path

LOWEST = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?>=([\d.]+)")

project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
groups = [project["dependencies"], *project["optional-dependencies"].values()]
for requirement in dict.fromkeys(text for group in groups for text in group):
    if bound := LOWEST.match(requirement):
        print(f"{bound[1]}=={bound[2]}.*")
