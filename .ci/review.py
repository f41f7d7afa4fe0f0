"""Tests the comments of the action on pull requests: real commits, a fake host, every request.

    review.py BINARY [CASE...]    run all cases, or those whose names start with a word

Each case states the requests that it expects. Then the action runs again, and must only read.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from review_host import BOT, ISSUE, PULL, ROOT, TOKEN, Action, Host, Repository

EXAMPLE = (ROOT / "src/cli/init/example.toml").read_text().split("# The load that")[0]
DRIVER, LIMITS = EXAMPLE.split("# The limits for every driver")
LIMITS = f"#{LIMITS}"
COMMENTS, REVIEWS, GENERAL = f"{PULL}/comments", f"{PULL}/reviews", f"{ISSUE}/comments"
A, B = "contracts/a.toml", "contracts/b.toml"
# Tokens that a workflow can give to all its steps.
VISIBLE = ("GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "npm_token")
CASES = []


def driver(name, **changes):
    """A clean contract, with other values for some keys."""
    text = DRIVER.replace("example", name)
    for key, value in changes.items():
        lines = text.split("\n")
        (index,) = (i for i, line in enumerate(lines) if line.startswith(f"{key} ="))
        lines[index] = value if "=" in value else f"{key} = {value}"
        text = "\n".join(lines)
    return text


def line_of(text, start):
    return next(i for i, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def bad(name):
    """A contract with one warning, in the line of `max_attempts`."""
    return driver(name, max_attempts="30")


def broken(name):
    """A contract with one error, in the line of `max_in_flight`."""
    return driver(name, max_in_flight="max_inflight = 20")


class World:
    """A pull request from `change` into `main`, on a fake host."""

    def __init__(self, binary, before, after, **inputs):
        self.folder = Path(tempfile.mkdtemp(prefix="driverc-clone-"))
        self.repository, self.host, self.action = Repository(self.folder), Host(), Action(binary)
        self.repository.git("init", "--quiet", "--initial-branch", "main")
        limits = {"contracts/limits.toml": LIMITS}
        self.base = self.repository.commit({**limits, **before})
        self.repository.git("checkout", "--quiet", "-b", "change")
        self.push(after)
        self.inputs = {"review": "true", **inputs}
        self.event = {"event_name": "pull_request"}

    def push(self, files):
        self.head = self.host.head = self.repository.commit(files)

    def run(self, folder=None):
        """Runs the action. Returns the outcomes, the output and the requests that write."""
        self.host.shown = self.repository.lines(self.base, self.head, 3)
        self.host.requests.clear()
        event = {"number": 7, "base.sha": self.base, "head.sha": self.head, **self.event}
        inputs, environment = self.inputs, {name: TOKEN for name in VISIBLE}
        outcomes, output = self.action.run(
            folder or self.folder, self.host, event, inputs, environment
        )
        runs = self.action.runs()
        # One run of driverc writes all outputs, and sees no token.
        assert len(runs) == 1, runs
        assert TOKEN not in runs[0] and TOKEN not in output, runs[0]
        written = [it for it in self.host.requests if it[0] != "GET"]
        for method, path, body in written:
            if path == REVIEWS:
                assert body["commit_id"] == self.head, body
                changed = self.repository.lines(self.base, self.head, 0)
                for comment in body["comments"]:
                    place = comment["path"], comment["side"], comment["line"]
                    assert place in changed, (place, changed)
        return outcomes, output, written

    def expect(self, *expected, outcome="success", on_lines=(), folder=None):
        """Runs the action, and compares the requests and the places of comments. Runs it again."""
        outcomes, output, written = self.run(folder)
        requests = [(method, path) for method, path, _ in written]
        assert requests == list(expected), (requests, output)
        assert outcomes["check"] == outcome, (outcomes, output)
        assert outcomes["review"] == "success", (outcomes, output)
        places = [
            (it["path"], it["side"], it["line"])
            for _, path, body in written
            if path == REVIEWS
            for it in body["comments"]
        ]
        assert places == list(on_lines), (places, written)
        again = self.run(folder)
        assert again[2] == [], again
        assert again[0] == outcomes, again
        return output, [body for _, _, body in written]

    def own(self, index=0):
        return self.host.on_lines[index]["body"]


def case(function):
    CASES.append(function)
    return function


@case
def changed_line_gets_comment(new):
    world = new({A: driver("a")}, {A: bad("a")})
    line = line_of(bad("a"), "max_attempts")
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    assert "**driverc warn**: one operation can become 30 attempts ([retry-amp" in world.own()
    assert "help: set `max_attempts` to at most 3" in world.own()
    assert "does not change" not in world.own()


@case
def errors_fail_check_after_comments(new):
    world = new({A: driver("a")}, {A: broken("a")})
    line = line_of(broken("a"), "max_inflight")
    output, _ = world.expect(
        ("POST", REVIEWS), outcome="failure", on_lines=[(A, "RIGHT", line)]
    )
    assert f"::error file={A},line={line}" in output


@case
def new_file_gets_comment_on_line(new):
    world = new({}, {A: bad("a")})
    line = line_of(bad("a"), "max_attempts")
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])


@case
def nearest_changed_line_gets_comment(new):
    text = bad("a").replace("idle_ms = 600000", "idle_ms = 500000")
    world = new({A: bad("a")}, {A: text.replace("class =", "# New.\nclass =")})
    line = line_of(text, "idle_ms") + 1
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    said = "about `max_attempts = 30` in `[driver.a.retry_policy]`, a line that this pull request"
    assert said in world.own(), world.own()


@case
def new_from_leaves_out_findings_of_base(new):
    before, after = bad("a") + bad("b"), bad("a") + "\n" + broken("b")
    world = new({A: before}, {A: after}, args="--new-from main")
    place = (A, "RIGHT", line_of(after, "max_inflight"))
    world.expect(("POST", REVIEWS), outcome="failure", on_lines=[place])


@case
def findings_in_other_files_get_one_comment(new):
    world = new({A: bad("a"), B: bad("b")}, {"README.md": "text\n"})
    _, (body,) = world.expect(("POST", GENERAL))
    assert body["body"].startswith("**driverc**: 2 findings without a comment on a line"), body
    assert body["body"].count("retry-amplification.md") == 2, body


@case
def equal_findings_are_one_comment_with_count(new):
    names = ["a", "b", "c"]
    text = "\n".join(bad(name) for name in names)
    world = new({A: "\n".join(map(driver, names))}, {A: text})
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line_of(text, "max_attempts"))])
    said = "This file has 3 equal findings, also in `[driver.b.retry_policy]`, `[driver.c."
    assert said in world.own(), world.own()


@case
def outdated_comment_is_removed(new):
    world = new({A: driver("a")}, {A: bad("a")})
    line = line_of(bad("a"), "max_attempts")
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    world.push({A: driver("a", idle_ms="500000")})
    world.expect(("DELETE", f"/repos/o/r/pulls/comments/{1}"))
    assert world.host.on_lines == []


@case
def outdated_summary_is_replaced_and_removed(new):
    world = new({A: bad("a"), B: bad("b")}, {"README.md": "text\n"})
    world.expect(("POST", GENERAL))
    world.push({B: driver("b")})
    world.expect(("POST", GENERAL), ("DELETE", "/repos/o/r/issues/comments/1"))
    world.push({A: driver("a")})
    world.expect(("DELETE", "/repos/o/r/issues/comments/2"))


@case
def comment_stays_if_lines_move(new):
    world = new({A: driver("a")}, {A: bad("a")})
    world.expect(
        ("POST", REVIEWS), on_lines=[(A, "RIGHT", line_of(bad("a"), "max_attempts"))]
    )
    world.push({A: "# One.\n# Two.\n" + bad("a")})
    world.expect()


@case
def comment_with_other_numbers_replaces_comment(new):
    world = new({A: driver("a")}, {A: bad("a")})
    line = line_of(bad("a"), "max_attempts")
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    world.push({A: driver("a", max_attempts="31")})
    removed = ("DELETE", "/repos/o/r/pulls/comments/1")
    world.expect(("POST", REVIEWS), removed, on_lines=[(A, "RIGHT", line)])


@case
def comment_on_old_version_of_line_is_replaced(new):
    text = bad("a").replace("idle_ms = 600000", "idle_ms = 500000")
    world = new({A: bad("a")}, {A: text})
    place = (A, "RIGHT", line_of(text, "idle_ms"))
    world.expect(("POST", REVIEWS), on_lines=[place])
    # The host hides comments whose line has changed since.
    world.push({A: text.replace("idle_ms = 500000", "idle_ms = 400000")})
    world.host.on_lines[0].update(line=None, position=None)
    world.expect(
        ("POST", REVIEWS), ("DELETE", "/repos/o/r/pulls/comments/1"), on_lines=[place]
    )


@case
def answered_comment_is_kept(new):
    world = new({A: driver("a")}, {A: bad("a")})
    world.expect(
        ("POST", REVIEWS), on_lines=[(A, "RIGHT", line_of(bad("a"), "max_attempts"))]
    )
    world.host.add(world.host.on_lines, "reviewer", body="Why?", path=A, in_reply_to_id=1)
    world.push({A: driver("a")})
    world.expect()
    assert len(world.host.on_lines) == 2


@case
def comments_of_others_are_not_touched(new):
    world = new({A: driver("a")}, {A: bad("a")})
    line = line_of(bad("a"), "max_attempts")
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    copied = world.host.on_lines.pop()
    place = {"path": A, "side": "RIGHT", "line": line, "position": 5}
    # A stranger copies the comment, and the bot writes text without, or with a quoted, marker.
    world.host.add(world.host.on_lines, "stranger", body=copied["body"], **place)
    world.host.add(world.host.on_lines, BOT, body="Another tool.", **place)
    quoted = "> " + copied["body"].replace("\r\n", "\r\n> ") + "\r\nquoted"
    world.host.add(world.host.on_lines, BOT, body=quoted, **place)
    world.host.add(world.host.general, None, body="<!-- driverc:summary -->")
    world.host.general[0]["user"] = None
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    world.push({A: driver("a")})
    world.expect(("DELETE", f"/repos/o/r/pulls/comments/{world.host.on_lines[-1]['id']}"))
    assert len(world.host.on_lines) == 3 and len(world.host.general) == 1


@case
def forged_comment_of_bot_hides_no_finding(new):
    world = new({A: driver("a")}, {A: bad("a")})
    place = (A, "RIGHT", line_of(bad("a"), "max_attempts"))
    world.expect(("POST", REVIEWS), on_lines=[place])
    marker = world.own().split("\r\n")[-1]
    world.host.on_lines[0]["body"] = f"All is well.\r\n{marker}"
    removed = ("DELETE", "/repos/o/r/pulls/comments/1")
    world.expect(("POST", REVIEWS), removed, on_lines=[place])


@case
def findings_above_limit_are_in_one_summary(new):
    files = [f"contracts/{name}.toml" for name in "abcde"]
    before = {file: driver(file[10]) for file in files}
    after = {file: bad(file[10]) for file in files} | {files[3]: broken("d")}
    world = new(before, after, args="--max-comments 2")
    places = [
        (files[3], "RIGHT", line_of(broken("d"), "max_inflight")),
        (files[0], "RIGHT", line_of(bad("a"), "max_attempts")),
    ]
    requests = ("POST", REVIEWS), ("POST", GENERAL)
    _, bodies = world.expect(*requests, outcome="failure", on_lines=places)
    assert "3 findings above the maximum number of comments:" in bodies[1]["body"], bodies


@case
def removed_line_gets_comment(new):
    # The finding is about a line near the removed lines, and no line of the file is new.
    removed = bad("a").replace("# Including the first attempt.\n", "")
    world = new({A: bad("a")}, {A: removed})
    line = line_of(bad("a"), "# Including the first attempt.")
    world.expect(("POST", REVIEWS), on_lines=[(A, "LEFT", line)])


@case
def removed_table_gets_no_comment(new):
    world = new({A: bad("a"), B: bad("b")}, {A: None, B: driver("b")})
    world.expect()


@case
def renamed_file_gets_comment_at_new_path(new):
    other = "contracts/renamed and moved.toml"
    world = new({A: driver("a")}, {A: None, other: bad("a")})
    line = line_of(bad("a"), "max_attempts")
    assert world.repository.git("diff", "--name-status", "-M", "main").startswith("R")
    world.expect(("POST", REVIEWS), on_lines=[(other, "RIGHT", line)])


@case
def renamed_file_without_other_change_gets_general_comment(new):
    world = new({A: bad("a")}, {A: None, B: bad("a")})
    world.expect(("POST", GENERAL))


@case
def fork_with_read_only_token_is_green_with_annotations(new):
    world = new({A: driver("a")}, {A: bad("a")})
    world.host.answer = lambda method, path: None if method == "GET" else (403, {})
    outcomes, output, written = world.run()
    assert [(method, path) for method, path, _ in written] == [("POST", REVIEWS)], written
    assert set(outcomes.values()) == {"success"}, outcomes
    assert f"::warning file={A},line=" in output, output
    assert "the token cannot comment, as usual for forks" in output, output


@case
def token_without_permission_is_green_with_annotations(new):
    world = new({A: driver("a")}, {A: bad("a")})
    for status in (401, 403, 404):
        world.host.answer = lambda method, path: (status, {})
        outcomes, output, written = world.run()
        assert written == [] and outcomes["check"] == "success", (outcomes, written)
        assert outcomes["review"] == "skipped" and f"::warning file={A},line=" in output, output
        assert "comments on the pull request are incomplete: " in output, output


@case
def rate_limit_ends_requests(new):
    for check, change in (("success", bad), ("failure", broken)):
        world = new({A: driver("a")}, {A: change("a")})
        limited = {"x-ratelimit-remaining": "0"}, {"Retry-After": "60"}
        for headers in limited:
            answer = (403, headers)
            world.host.answer = lambda method, path: None if method == "GET" else answer
            outcomes, output, written = world.run()
            assert [path for _, path, _ in written] == [REVIEWS], written
            assert (outcomes["check"], outcomes["review"]) == (check, "success"), outcomes
            assert "the host limits the number of requests" in output, output


@case
def failing_host_does_not_fail_job(new):
    world = new({A: driver("a")}, {A: bad("a")})
    for status, headers in ((500, {}), (302, {"Location": f"{world.host.url}/elsewhere"})):
        world.host.answer = lambda method, path: (status, headers)
        outcomes, output, written = world.run()
        assert written == [] and outcomes["check"] == "success", (outcomes, output)
        assert len(world.host.requests) == 1, "the script follows no redirect"
        assert f"the host answers {status}" in output, output
    world.host.url = "http://127.0.0.1:1"
    outcomes, output, _ = world.run()
    assert outcomes["check"] == "success" and "cannot be reached" in output, output


@case
def broken_answer_does_not_fail_job(new):
    world = new({A: driver("a")}, {A: bad("a")})
    deep = b"[" * 100_000
    for body in (b"", b"null", b"{}", b"{", b"no JSON", deep):
        world.host.broken = (body, len(body))
        outcomes, output, _ = world.run()
        assert outcomes["check"] == "success", (body[:9], outcomes, output)
        assert "comments on the pull request are incomplete: " in output, (body[:9], output)
    world.host.broken = (b"[", 1_000)
    outcomes, output, _ = world.run()
    assert outcomes["check"] == "success" and "cannot be reached" in output, output


@case
def refused_line_does_not_refuse_others(new):
    world = new({A: driver("a"), B: driver("b")}, {A: bad("a"), B: bad("b")})
    world.host.answer = lambda method, path: (422, {}) if path == REVIEWS else None
    _, _, written = world.run()
    assert [path for _, path, _ in written] == [REVIEWS, COMMENTS, COMMENTS], written
    assert world.run()[2] == []


@case
def newer_commit_ends_run(new):
    world = new({A: driver("a")}, {A: bad("a")})
    world.host.head = "0" * 40
    outcomes, output, written = world.run()
    assert written == [] and "has a newer commit" in output, output
    assert set(outcomes.values()) == {"success"}, outcomes


@case
def merge_with_base_gets_comments_on_lines_of_pull_request(new):
    world = new({A: driver("a")}, {A: bad("a")})
    world.repository.git("checkout", "--quiet", "main")
    world.base = world.repository.commit({A: "# One.\n# Two.\n\n" + driver("a"), B: bad("b")})
    world.repository.git("checkout", "--quiet", "--detach")
    world.repository.git("merge", "--quiet", "--no-edit", "change")
    line = line_of(bad("a"), "max_attempts")
    requests = ("POST", REVIEWS), ("POST", GENERAL)
    output, _ = world.expect(*requests, on_lines=[(A, "RIGHT", line)])
    assert f"::warning file={A},line={line + 3}" in output, output


@case
def pages_of_comments_are_read(new):
    world = new({A: driver("a")}, {A: bad("a")})
    for number in range(250):
        world.host.add(world.host.on_lines, "reviewer", body=f"{number}", path=A, line=1)
        world.host.add(world.host.general, "reviewer", body=f"{number}")
    line = line_of(bad("a"), "max_attempts")
    world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)])
    assert sum(path == COMMENTS for _, path, _ in world.host.requests) == 3


@case
def shallow_clone_is_refused(new):
    world = new({A: driver("a")}, {A: bad("a")})
    world.push({A: bad("a") + "# The end.\n"})
    world.repository.git("checkout", "--quiet", "main")
    world.base = world.repository.commit({B: driver("b")})
    for depth in ("1", "2", "3"):
        clone = world.folder.with_name(f"{world.folder.name}-{depth}")
        world.repository.git(
            "clone", "--quiet", "--depth", depth, "--no-single-branch", "--branch", "change",
            f"file://{world.folder}", str(clone),
        )  # fmt: skip
        line = line_of(bad("a"), "max_attempts")
        if depth == "3":
            # The clone ends at the merge base, which is therefore certain.
            world.expect(("POST", REVIEWS), on_lines=[(A, "RIGHT", line)], folder=clone)
            continue
        outcomes, output, written = world.run(clone)
        assert (outcomes["check"], outcomes["review"]) == ("failure", "skipped"), outcomes
        assert written == [] and "the clone is shallow" in output, output
        assert "`fetch-depth: 0`" in output, output


@case
def incomplete_check_changes_nothing(new):
    world = new({A: driver("a")}, {A: bad("a")}, paths=f"{A} contracts/missing.toml")
    outcomes, _, written = world.run()
    assert (outcomes["check"], outcomes["review"]) == ("failure", "skipped"), outcomes
    assert written == []


@case
def other_events_send_no_request(new):
    for event in ("pull_request_target", "push", "workflow_run"):
        world = new({A: driver("a")}, {A: bad("a")})
        world.event = {"event_name": event}
        outcomes, _, _ = world.run()
        assert outcomes == {"comments": "skipped", "check": "success", "review": "skipped"}
        assert world.host.requests == []
    world = new({A: driver("a")}, {A: bad("a")}, review="false")
    world.run()
    assert world.host.requests == []


@case
def jobs_with_names_do_not_touch_each_other(new):
    world = new({A: driver("a")}, {A: bad("a")}, args="--review-job one")
    place = (A, "RIGHT", line_of(bad("a"), "max_attempts"))
    world.expect(("POST", REVIEWS), on_lines=[place])
    world.inputs["args"] = "--review-job two --ignore retry-amplification,retry-attempts-high"
    world.expect()
    world.inputs["args"] = "--review-job one --ignore retry-amplification,retry-attempts-high"
    world.expect(("DELETE", "/repos/o/r/pulls/comments/1"))


@case
def text_of_pull_request_is_no_markup(new):
    evil = 'max_inflight = "` <!-- driverc:summary --> @everyone [x](//x) ![](//x) ::error::x"'
    text = driver("a", max_in_flight=evil, support_tier='"`<b>@everyone #1 ~~~ ```"')
    path = "contracts/@everyone [x](y) `<b>.toml"
    other = driver("b", idle_ms='"<img src=x>`@everyone`"')
    world = new({}, {path: text, A: other})
    _, _, written = world.run()
    assert written
    bodies = [it["body"] for it in world.host.on_lines + world.host.general]
    for body in bodies:
        plain = "".join(part for i, part in enumerate(body.split("`")) if i % 2 == 0)
        assert "@" not in plain and "![" not in plain and "<img" not in plain, body
        assert plain.count("<!--") == 1 and plain.rstrip().endswith("-->"), body
    assert world.run()[2] == []


@case
def safe_fix_of_one_line_is_suggestion(new):
    fixed = "max_in_flight = 20 # The ``` of `x`."
    unused = fixed + " # driverc: ignore[retry-jitter-low] old"
    world = new({A: driver("a")}, {A: driver("a", max_in_flight=unused)})
    place = (A, "RIGHT", line_of(driver("a"), "max_in_flight"))
    world.expect(("POST", REVIEWS), on_lines=[place])
    block = f"\r\n\r\n````suggestion\r\n{fixed}\r\n````\r\n\r\n<!--"
    assert block in world.own(), world.own()


def main(binary, *words):
    start = tuple(words)
    chosen = [it for it in CASES if not start or it.__name__.startswith(start)]
    assert chosen, f"no case starts with {start}"
    failed = []
    for function in chosen:
        worlds = []

        def new(*arguments, **inputs):
            worlds.append(World(str(Path(binary).resolve()), *arguments, **inputs))
            return worlds[-1]

        try:
            function(new)
            print(f"  {function.__name__}: ok")
        except Exception as error:
            failed.append(function.__name__)
            print(f"  {function.__name__}: FAILED, {type(error).__name__}: {error}")
        for world in worlds:
            world.host.server.shutdown()
            shutil.rmtree(world.action.temp)
            for folder in world.folder.parent.glob(f"{world.folder.name}*"):
                shutil.rmtree(folder)
    if failed:
        raise SystemExit(f"{len(failed)} of {len(chosen)} cases failed")
    print(f"comments: all {len(chosen)} cases pass")


if __name__ == "__main__":
    main(*sys.argv[1:])
