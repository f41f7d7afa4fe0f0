"""Extracts the recipes of the docs and the scripts of the action, for `.ci/packaging.sh` and
`.ci/security.sh`.

    recipes.py block FILE LANGUAGE NUMBER   print a fenced block of a page, counted from 1
    recipes.py script FILE JOB              print the script of a GitLab job
    recipes.py recipes FOLDER FILE...       write all recipes of pages to a folder, by kind
    recipes.py action FILE FOLDER           check an action and write its scripts to a folder
    recipes.py action-recipe FILE ACTION    check that a workflow uses the action correctly
"""

import re
import sys
from pathlib import Path

import yaml


PINNED = re.compile(r"[\w-]+/[\w/-]+@[0-9a-f]{40}")


def blocks(page, language):
    fence = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return fence.findall(Path(page).read_text())


def block(page, language, number):
    return blocks(page, language)[int(number) - 1]


def script(file, job):
    return script_of(yaml.safe_load(Path(file).read_text())[job])


def script_of(job):
    """Returns the script of a GitLab job, with its variables."""
    variables = [f'export {name}="{value}"' for name, value in job.get("variables", {}).items()]
    return "\n".join(["set -eo pipefail", *variables, *job["script"], ""])


def workflow_of(steps):
    """Wraps single steps of a page in a workflow."""
    job = {"name": "steps", "runs-on": "ubuntu-latest", "permissions": {}, "steps": steps}
    concurrency = {"group": "steps", "cancel-in-progress": True}
    return {
        "name": "steps",
        "on": "push",
        "permissions": {},
        "concurrency": concurrency,
        "jobs": {"steps": job},
    }


def recipes(folder, *pages):
    """Writes workflows, pre-commit configurations and shell scripts. Each kind must occur."""
    folder = Path(folder)
    found = {"workflow": 0, "hooks": 0, "script": 0}
    for page in pages:
        for number, text in enumerate(blocks(page, "yaml"), 1):
            name = f"{Path(page).stem}-{number}"
            parsed = yaml.safe_load(text)
            if isinstance(parsed, list):
                parsed = workflow_of(parsed)
                text = yaml.safe_dump(parsed, sort_keys=False)
            if "jobs" in parsed:
                kind, file = "workflow", folder / ".github/workflows" / f"{name}.yml"
            elif "repos" in parsed:
                kind, file = "hooks", folder / name / ".pre-commit-config.yaml"
            elif any("script" in job for job in parsed.values()):
                (job,) = parsed
                kind, file = "script", folder / f"{name}.sh"
                text = f"#!/usr/bin/env bash\n{script_of(parsed[job])}"
            else:
                raise SystemExit(f"{page}: YAML block {number} has an unknown kind")
            found[kind] += 1
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for number, text in enumerate(blocks(page, "sh"), 1):
            if text.startswith("#!"):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{Path(page).stem}-{number}.sh").write_text(text)
    assert all(found.values()), found


def action(file, folder):
    """Checks that steps use only declared inputs and earlier steps."""
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
        assert "uses" not in step or PINNED.fullmatch(step["uses"]), step
        if "run" in step:
            assert step["shell"] == "bash" and step["id"], step
            # Text of a pull request must reach scripts only through variables.
            assert "${{" not in step["run"], step
            Path(folder, step["id"] + ".sh").write_text("#!/usr/bin/env bash\nset -eo pipefail\n" + step["run"])


def action_recipe(file, action_file):
    known = set(yaml.safe_load(Path(action_file).read_text())["inputs"])
    used = []
    workflow = yaml.safe_load(Path(file).read_text())
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request_target" not in workflow[True]
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        reviews = any(step.get("with", {}).get("review") for step in job["steps"])
        comment = {"pull-requests": "write"} if reviews else {}
        assert job["permissions"] == {"contents": "read", **comment}, job
        for step in job["steps"]:
            if step["uses"].startswith("driverc/driverc@"):
                used.append(step["uses"].split("@")[1])
                assert set(step["with"]) <= known, step
            else:
                assert PINNED.fullmatch(step["uses"]), step
            if step["uses"].startswith("actions/checkout@"):
                # `diff` needs the history, and files of a pull request must not see the token.
                assert step["with"] == {"fetch-depth": 0, "persist-credentials": False}, step
    (revision,) = used
    return revision + "\n"


if __name__ == "__main__":
    _, task, *arguments = sys.argv
    tasks = {
        "block": block,
        "script": script,
        "recipes": recipes,
        "action": action,
        "action-recipe": action_recipe,
    }
    sys.stdout.write(tasks[task](*arguments) or "")
