"""A fake host and a small runner of the action, for `.ci/review.py`."""

import json
import os
import re
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "token-that-only-the-script-may-see"
BOT = "github-actions[bot]"
PULL = "/repos/o/r/pulls/7"
ISSUE = "/repos/o/r/issues/7"
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "test" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "test@example.com" for who in ("AUTHOR", "COMMITTER")},
}


class Host:
    """Answers like GitHub's API, stores comments and records requests."""

    def __init__(self):
        self.on_lines, self.general, self.requests = [], [], []
        self.head, self.shown, self.next_id = None, None, 1
        self.answer = lambda method, path: None
        # The body of each answer, and the length that the header states.
        self.broken = None
        host = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self):
                host.handle(self)

            do_GET = do_POST = do_DELETE = do_PATCH = do_PUT = handle_any

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def handle(self, request):
        url = urlsplit(request.path)
        length = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(length) or "null")
        self.requests.append((request.command, url.path, body))
        status, headers = self.answer(request.command, url.path) or (200, {})
        answer = {"message": "refused"}
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            status = 401
        if status == 200:
            status, answer = self.serve(request.command, url.path, parse_qs(url.query), body)
        data = b"" if status == 204 else json.dumps(answer).encode()
        data, length = self.broken or (data, len(data))
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(length)}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    def serve(self, method, path, query, body):
        lists = {f"{PULL}/comments": self.on_lines, f"{ISSUE}/comments": self.general}
        if method == "GET" and path == PULL:
            return 200, {"number": 7, "head": {"sha": self.head}}
        if method == "GET" and path in lists:
            size, page = int(query["per_page"][0]), int(query["page"][0])
            return 200, lists[path][size * (page - 1) : size * page]
        if method == "POST" and path == f"{PULL}/reviews":
            if not all(self.shows(comment) for comment in body["comments"]):
                return 422, {"message": "Line could not be resolved"}
            return 200, [self.add(self.on_lines, **comment) for comment in body["comments"]]
        if method == "POST" and path == f"{PULL}/comments":
            commit = body.pop("commit_id")
            if commit != self.head or not self.shows(body):
                return 422, {"message": "Line could not be resolved"}
            return 201, self.add(self.on_lines, **body)
        if method == "POST" and path == f"{ISSUE}/comments":
            return 201, self.add(self.general, **body)
        found = re.fullmatch(r"/repos/o/r/(pulls|issues)/comments/(\d+)", path)
        if method == "DELETE" and found:
            comments = self.on_lines if found[1] == "pulls" else self.general
            left = [comment for comment in comments if comment["id"] != int(found[2])]
            status = 204 if len(left) < len(comments) else 404
            comments[:] = left
            return status, {"message": "Not Found"}
        return 404, {"message": "Not Found"}

    def shows(self, comment):
        return (comment["path"], comment["side"], comment["line"]) in self.shown

    def add(self, comments, login=BOT, **comment):
        # The host changes line ends and removes spaces at the end.
        body = comment.pop("body").replace("\n", "\r\n").rstrip()
        comment = {"id": self.next_id, "user": {"login": login}, "body": body, **comment}
        self.next_id += 1
        comments.append(comment)
        return comment


class Repository:
    """A clone, with the pull request on the branch `change`."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def git(self, *arguments):
        command = ["git", *arguments]
        run = subprocess.run(
            command, cwd=self.folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
        )
        return run.stdout.strip()

    def commit(self, files=(), **changes):
        """Writes or removes files, and commits them. Returns the commit."""
        for path, text in dict(files, **changes).items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink() if text is None else file.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def lines(self, base, head, context):
        """Returns the lines that differ or are shown, as path, side and line."""
        found, path = set(), {}
        patch = self.git("diff", f"-U{context}", "-M", f"{base}...{head}")
        for line in patch.split("\n"):
            if line.startswith(("--- ", "+++ ")):
                path[line[0]] = line[6:].rstrip("\t")
            elif line.startswith("@@"):
                old, new = map(int, re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", line).groups())
            elif line[:1] == "-":
                found.add((path["+"], "LEFT", old))
                old += 1
            elif line[:1] in ("+", " "):
                found.add((path["+"], "RIGHT", new))
                old, new = old + (line[0] == " "), new + 1
        return found


class Action:
    """Runs the steps of `action.yml` that concern comments, as the runner of the host does."""

    def __init__(self, binary):
        self.temp = Path(tempfile.mkdtemp(prefix="driverc-review-"))
        self.record = self.temp / "record"
        self.record.mkdir()
        (self.temp / "bin").mkdir()
        driverc = self.temp / "bin/driverc"
        # Records the environment and arguments of each run.
        driverc.write_text(
            f'#!/bin/sh\n{{ env; echo "arguments: $*"; }} > {self.record}/$$\nexec {binary} "$@"\n'
        )
        driverc.chmod(0o755)
        self.steps = yaml.safe_load((ROOT / "action.yml").read_text())
        self.defaults = {name: it["default"] for name, it in self.steps["inputs"].items()}

    def run(self, folder, host, event, inputs, environment):
        """Returns the outcomes of the steps, and their output."""
        values = {
            "github.token": TOKEN,
            "github.event_name": "pull_request",
            "steps.key.outputs.root": str(self.temp),
            "runner.temp": str(self.temp),
            **{f"github.event.pull_request.{key}": value for key, value in event.items()},
            **{f"github.{key}": value for key, value in event.items()},
        }
        for name, value in {**self.defaults, **inputs}.items():
            values[f"inputs.{name}"] = text(value, values)
        outcomes, output = {}, ""
        for step in self.steps["runs"]["steps"]:
            if step.get("id") not in ("comments", "check", "review"):
                continue
            name, condition = step["id"], step.get("if", "true")
            failed = "failure" in outcomes.values() and "cancelled()" not in condition
            if failed or not evaluate(condition, values):
                outcomes[name] = "skipped"
                continue
            outputs = self.temp / "outputs"
            outputs.write_text("")
            variables = {key: text(value, values) for key, value in step["env"].items()}
            run = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=folder,
                env={
                    **ENVIRONMENT,
                    "GITHUB_API_URL": host.url,
                    "GITHUB_REPOSITORY": "o/r",
                    "GITHUB_ACTION_PATH": str(ROOT),
                    "GITHUB_OUTPUT": str(outputs),
                    "RUNNER_TEMP": str(self.temp),
                    **environment,
                    **variables,
                },
                capture_output=True,
                text=True,
            )
            outcomes[name] = "failure" if run.returncode else "success"
            output += run.stdout + run.stderr
            for line in outputs.read_text().splitlines():
                key, value = line.split("=", 1)
                values[f"steps.{name}.outputs.{key}"] = value
        return outcomes, output

    def runs(self):
        """Returns the environments and arguments of the runs of driverc since the last call."""
        files = sorted(self.record.iterdir())
        texts = [file.read_text() for file in files]
        for file in files:
            file.unlink()
        return texts


def text(template, values):
    """Replaces the expressions in a text."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda it: str(evaluate(it[1], values)), str(template))


def evaluate(expression, values):
    """Evaluates an expression of a workflow. A value that is not known is empty."""
    expression = re.sub(r"^\s*\$\{\{|\}\}\s*$", "", str(expression))
    parts = re.split(r"('[^']*')", expression)
    for index in range(0, len(parts), 2):
        part = parts[index].replace("!cancelled()", "True").replace("true", "True")
        part = part.replace("&&", " and ").replace("||", " or ")
        parts[index] = re.sub(
            r"\b[a-z]+(?:\.[\w-]+)+", lambda it: repr(values.get(it[0], "")), part
        )
    return eval("".join(parts).strip(), {"__builtins__": {}})
