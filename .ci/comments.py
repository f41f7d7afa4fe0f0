"""Lists the comments of a pull request on GitHub, and posts and removes comments.

    comments.py list FILE     write all comments to FILE
    comments.py apply FILE    post and remove the comments in FILE, from `--output-format review`

driverc decides which comments to post and to remove, and never sees the token. If the host refuses
or fails, the script prints a warning and exits with 0: the findings decide whether a job fails.
"""

import json
import os
import sys
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

PER_PAGE = MOST_PAGES = 100


class Stop(Exception):
    """The reason why the script ends early."""


class Refused(Exception):
    """The host does not accept one request."""


class NoRedirect(HTTPRedirectHandler):
    """Follows no redirect, because the request to another host would contain the token."""

    def redirect_request(self, *arguments):
        return None


OPENER = build_opener(NoRedirect)


def send(method, path, body=None):
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}"
    request = Request(url, body and json.dumps(body).encode(), method=method)
    request.add_header("Authorization", f"Bearer {os.environ['TOKEN']}")
    request.add_header("Accept", "application/vnd.github+json")
    request.add_header("Content-Type", "application/json")
    try:
        with OPENER.open(request, timeout=30) as response:
            return json.loads(response.read() or "null")
    except HTTPError as error:
        is_out = error.headers.get("x-ratelimit-remaining") == "0"
        if error.code == 429 or error.code == 403 and (is_out or "retry-after" in error.headers):
            raise Stop("the host limits the number of requests; a later run can comment") from error
        if error.code in (401, 403):
            raise Stop("the token cannot comment, as usual for forks: see annotations") from error
        if error.code in (404, 422):
            raise Refused(f"the host answers {error.code}") from error
        raise Stop(f"the host answers {error.code}") from error
    except (HTTPException, URLError, OSError, RecursionError, ValueError) as error:
        raise Stop(f"the host cannot be reached ({type(error).__name__})") from error


def pages(path):
    for page in range(1, MOST_PAGES + 1):
        found = send("GET", f"{path}?per_page={PER_PAGE}&page={page}")
        if not isinstance(found, list):
            raise Stop("the host does not answer with a list of comments")
        yield from found
        if len(found) < PER_PAGE:
            return
    raise Stop(f"the pull request has more than {PER_PAGE * MOST_PAGES} comments")


def list_comments(file, number):
    paths = [f"pulls/{number}/comments", f"issues/{number}/comments"]
    file.write_text(json.dumps([comment for path in paths for comment in pages(path)]))


def post_on_lines(number, head, comments):
    """Posts comments together, so that people get one message. Returns the number of comments."""
    comments = [{key: it[key] for key in ("path", "side", "line", "body")} for it in comments]
    try:
        if comments:
            review = {"commit_id": head, "event": "COMMENT", "comments": comments}
            send("POST", f"pulls/{number}/reviews", review)
        return len(comments)
    except Refused:
        posted = 0
        for comment in comments:
            try:
                send("POST", f"pulls/{number}/comments", {"commit_id": head, **comment})
                posted += 1
            except Refused as reason:
                print(f"::warning title=driverc::a comment is not posted: {reason}")
        return posted


def apply(file, number):
    plan = json.loads(file.read_text())
    summary = plan["summary"]
    pull = send("GET", f"pulls/{number}")
    if not isinstance(pull, dict) or (pull.get("head") or {}).get("sha") != plan["head"]:
        raise Stop("the pull request has a newer commit, whose run comments")
    added = post_on_lines(number, plan["head"], plan["add"])
    if summary["add"]:
        send("POST", f"issues/{number}/comments", {"body": summary["add"]["body"]})
    removed = [f"pulls/comments/{int(comment)}" for comment in plan["remove"]]
    removed += [f"issues/comments/{int(comment)}" for comment in summary["remove"]]
    for path in removed:
        try:
            send("DELETE", path)
        except Refused:
            pass  # Somebody else has removed it.
    print(f"comments: {added + bool(summary['add'])} added, {len(removed)} removed")


if __name__ == "__main__":
    task, name = sys.argv[1:]
    try:
        {"list": list_comments, "apply": apply}[task](Path(name), int(os.environ["NUMBER"]))
    except (Stop, Refused) as reason:
        print(f"::warning title=driverc::comments on the pull request are incomplete: {reason}")
