"""Takes apart what `.ci/packaging.sh` tries: recipes of the documentation, and the action.

    recipes.py block FILE LANGUAGE NUMBER   print a fenced block of a page; the first is 1
    recipes.py script FILE JOB              print the script of a GitLab job
    recipes.py action FILE FOLDER           check an action, and write its scripts to a folder
    recipes.py action-recipe FILE ACTION    check that a workflow uses the action as it is
"""

import re
import sys
from pathlib import Path

import yaml


def block(page, language, number):
    fence = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    found = fence.findall(Path(page).read_text())
    return found[int(number) - 1]


def script(file, job):
    lines = yaml.safe_load(Path(file).read_text())[job]["script"]
    return "\n".join(["set -eo pipefail", *lines, ""])


def action(file, folder):
    """Checks that steps use nothing but declared inputs and earlier steps."""
    text = Path(file).read_text()
    parsed = yaml.safe_load(text)
    assert parsed["name"] and parsed["description"]
    assert parsed["runs"]["using"] == "composite"
    for name, about in parsed["inputs"].items():
        assert about["description"] and isinstance(about["default"], str), name
    named = set(re.findall(r"\binputs\.([\w-]+)", text))
    assert named == set(parsed["inputs"]), named ^ set(parsed["inputs"])
    earlier = set()
    for step in parsed["runs"]["steps"]:
        named = set(re.findall(r"\bsteps\.([\w-]+)", str(step)))
        assert named <= earlier, f"{step}: {named - earlier}"
        assert ("run" in step) != ("uses" in step), step
        earlier.add(step.get("id"))
        if "run" in step:
            assert step["shell"] == "bash" and step["id"], step
            # Text of a pull request is passed in variables, never into the script.
            assert "${{" not in step["run"], step
            Path(folder, step["id"] + ".sh").write_text("#!/usr/bin/env bash\nset -eo pipefail\n" + step["run"])


def action_recipe(file, action_file):
    known = set(yaml.safe_load(Path(action_file).read_text())["inputs"])
    used = []
    for job in yaml.safe_load(Path(file).read_text())["jobs"].values():
        for step in job["steps"]:
            if step["uses"].startswith("driverc/driverc@"):
                used.append(step["uses"].split("@")[1])
                assert set(step["with"]) <= known, step
    (revision,) = used
    return revision + "\n"


if __name__ == "__main__":
    _, task, *arguments = sys.argv
    tasks = {"block": block, "script": script, "action": action, "action-recipe": action_recipe}
    sys.stdout.write(tasks[task](*arguments) or "")
