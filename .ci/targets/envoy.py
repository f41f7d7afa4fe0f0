"""Runs Envoy with the files that driverc writes and rejects. The argument is the binary."""

import collections
import pathlib
import sys
import tempfile
import tomllib

import contracts as common
import istio
from proxy import SLOW_S, Upstream, bootstrap, envoy, get, get_all, refusal

driverc = common.Driverc(sys.argv[1])
FIXED = {"driver_class": "columnar_adapter", "module": "clickhouse::client"}
NUMBERS = {
    "slots": 2, "queue": 3, "connect": 1_000, "request": 5_000, "idle": 60_000, "attempts": 3, "base": 100,
    "maximum": 250, "jitter": 100,
}
BUILTIN = ["clickhouse_async", "postgres_async", "kafka_async", "object_store_async"]
SEED = 20_261_130
GENERATED = 40

def contract(name, **values):
    return common.contract(name, **FIXED, **{**NUMBERS, **values})


def emitted(name, source, folder, dialect="envoy"):
    """Returns the text for a contract, or None if no program can keep it."""
    run = driverc("emit", "envoy", source, "--driver", name, "--dialect", dialect, folder=folder)
    if run.returncode == 1:
        assert "emit-impossible" in run.stdout, run
        return None
    assert run.returncode == 0, run
    return run.stdout


def verified(folder, file, name, source, dialect="envoy"):
    options = ("--driver", name, "--workspace", source, "--dialect", dialect, "--show", "info")
    return driverc("verify", "envoy", file, *options, folder=folder)


KEYS = {
    "timeout_policy": ["connect_ms", "request_ms", "idle_ms", "deadline_ms", "lifetime_ms"],
    "retry_policy": ["max_attempts", "base_backoff_ms", "max_backoff_ms", "retry_budget_percent", "retry_budget_min"],
}


def check_adopted(folder, file, name, source, values):
    """`adopt` gives the numbers of a generated contract back."""
    run = driverc("adopt", "envoy", file, "--driver", name, folder=folder)
    assert run.returncode == 0, run
    adopted = tomllib.loads(run.stdout)["driver"][name]
    own = tomllib.loads((folder / source).read_text())["driver"][name]
    policy = own["retry_policy"]
    policy["base_backoff_ms"] = max(min(policy["base_backoff_ms"], policy["max_backoff_ms"]), 1)
    policy["max_backoff_ms"] = max(policy["max_backoff_ms"], 1)
    own["max_queue_depth"] = max(own["max_queue_depth"], 1)
    keys = [("max_in_flight", None), ("max_queue_depth", None)]
    keys += [(key, table) for table, names in KEYS.items() for key in names]
    for key, table in keys:
        is_moot = policy["max_attempts"] == 1 and ("backoff" in key or "budget" in key)
        # A deadline after the worst case is not adopted if it is the worst case.
        if is_moot or key == "deadline_ms" and "deadline_ms" not in own["timeout_policy"]:
            continue
        expected = (own[table] if table else own).get(key)
        real = (adopted.get(table, {}) if table else adopted).get(key)
        assert real == expected, f"{key}: {real}, not {expected}\n{run.stdout}\n{values}"


def check_emitted(folder):
    """Envoy accepts every file that `emit` writes, `verify` is silent, and `adopt` gives it back."""
    contracts = common.generated(
        GENERATED,
        SEED,
        slots=[1, 2, 20, 1_000_000],
        queue=[0, 1, 200, 10_000_000],
        connect=[1, 3_100, 86_400_000],
        request=[1, 333, 86_400_000],
        idle=[1, 1_001, 604_800_000],
        attempts=[1, 2, 5, 100],
        base=[0, 1, 250, 3_600_000],
        maximum=[0, 1, 5_000, 3_600_000],
        time=["", ", deadline_ms = 604799999", ", lifetime_ms = 2592000000"],
        growth=["", ", retry_budget_percent = 20", ", retry_budget_percent = 0, retry_budget_min = 7"],
    )
    (folder / "generated.toml").write_text("".join(contract(name, **it) for name, it in contracts.items()))
    names = [(name, "builtin:") for name in BUILTIN] + [(name, "generated.toml") for name in contracts]
    for name, source in names:
        text = emitted(name, source, folder)
        whole = bootstrap(text, name)
        reason = refusal(folder, whole)
        assert reason is None, f"{name}: {reason}\n{text}"
        (folder / "part.yaml").write_text(text)
        for file in ("part.yaml", "envoy.yaml"):
            run = verified(folder, file, name, source)
            assert run.returncode == 0 and not run.stdout, f"{run}\n{whole}"
            if source != "builtin:":
                check_adopted(folder, file, name, source, contracts[name])
        check_istio(folder, name, source)
    print(f"Envoy accepts the files of {len(names)} contracts")


def check_istio(folder, name, source):
    """The resources follow their definitions, and Envoy accepts what Istio makes of them."""
    text = emitted(name, source, folder, "istio")
    host = name.replace("_", "-")
    istio.check(text, host)
    (folder / "istio.yaml").write_text(text)
    run = verified(folder, "istio.yaml", name, source, "istio")
    assert run.returncode == 0 and not run.stdout, f"{run}\n{text}"
    reason = refusal(folder, bootstrap(istio.translated(text), host))
    assert reason is None, f"{name}: {reason}\n{text}"


# A line of the emitted file, and its replacement.
REJECTED = [
    ("connect_timeout: 1s", "connect_timeout: 0s"),
    ("connect_timeout: 1s", "connect_timeout: 250ms"),
    ("connect_timeout: 1s", "connect_timeout: 1"),
    ("connect_timeout: 1s", "connect_timeout: -1s"),
    ("connect_timeout: 1s", "connect_timeout: .5s"),
    ("connect_timeout: 1s", "connect_timeout: 1.0000000001s"),
    ("connect_timeout: 1s", "connect_timeout: [1s]"),
    ("max_requests: 2", "max_requests: many"),
    ("max_requests: 2", "max_requests: -1"),
    ("max_requests: 2", "max_requests: 4294967296"),
    ("max_requests: 2", "max_requests: 1_000"),
    ("max_requests: 2", "max_requests: 2.5"),
    ("max_requests: 2", "max_requests: 2\n      retry_budget: {budget_percent: {value: 101}}"),
    ("max_requests: 2", "<<: {max_requests: 2}"),
    ("base_interval: 0.100s", "base_interval: 0s"),
    ("max_interval: 0.250s", "max_interval: 0.099s"),
    ("max_interval: 0.250s", "max_interval: 0s"),
    ("        base_interval: 0.100s\n", ""),
    ("num_retries: 2", "num_retries: -1"),
    ("per_try_timeout: 5s", "per_try_timeout: 5000ms"),
    ("timeout: 15.300s", "timeout: 15300ms"),
    ("num_retries: 2", "num_retries: *two"),
    ("num_retries: 2", "num_retries: [2"),
    ("num_retries: 2", "num_retry: 2"),
    (
        "retry_back_off:\n        base_interval: 0.100s\n        max_interval: 0.250s",
        "retry_back_off: {}",
    ),
]
ACCEPTED = [
    ("connect_timeout: 1s", 'connect_timeout: "1.000s"'),
    ("connect_timeout: 1s", "connectTimeout: 1s"),
    ("connect_timeout: 1s", "connect_timeout: ~"),
    ("connect_timeout: 1s", "connect_timeout: {seconds: 1}"),
    ("connect_timeout: 1s", "connect_timeout: 5s\n  connect_timeout: 1s"),
    ("max_requests: 2", "max_requests: 0x2"),
    ("max_requests: 2", 'max_requests: "2"'),
    ("max_requests: 2", "max_requests: !!int 2"),
    ("max_requests: 2", "max_requests: 0"),
    ("idle_timeout: 60s", "idle_timeout: 0s"),
    ("base_interval: 0.100s", "base_interval: 0.0000001s"),
    ("        max_interval: 0.250s\n", ""),
    ("timeout: 15.300s", "timeout: 0s"),
    ("per_try_timeout: 5s", "per_try_timeout: 20s"),
    ("      retry_on: connect-failure,refused-stream,reset\n", ""),
    ("retry_on: connect-failure,refused-stream,reset", "retry_on: connect-failure,503"),
    ("num_retries: 2", "num_retries: &two 2\n      host_selection_retry_max_attempts: *two"),
    ("max_requests: 2", "max_requests: 2.0"),
    ("max_requests: 2", "max_requests: 20e-1"),
    ("max_requests: 2", "max_requests: 2\n      retry_budget: {}"),
    ("max_requests: 2", "max_requests: 2\n      retry_budget: {budget_percent: {}}"),
]


def check_rejected(folder):
    """`drift-rejected` and Envoy agree."""
    (folder / "one.toml").write_text(contract("one"))
    text = emitted("one", "one.toml", folder)
    for before, after in REJECTED + ACCEPTED:
        assert text.count(before) >= 1, before
        changed = bootstrap(text.replace(before, after), "one")
        reason = refusal(folder, changed)
        run = verified(folder, "envoy.yaml", "one", "one.toml")
        is_rejected = "drift-rejected" in run.stdout
        assert is_rejected == (reason is not None), f"{after}: {reason}\n{run.stdout}"
        assert is_rejected == ((before, after) in REJECTED), f"{after}: {reason}"
    print(f"Envoy refuses {len(REJECTED)} files and accepts {len(ACCEPTED)}, as verify says")
    (folder / "envoy.yaml").write_text(bootstrap(text.replace("num_retries: 2", "num_retries: 3"), "one"))
    run = verified(folder, "envoy.yaml", "one", "one.toml")
    message = "`retry_policy.num_retries` is 3, but `max_attempts` (3) allows at most 2"
    assert run.returncode == 1 and message in " ".join(run.stdout.split()).replace("│ ", ""), run


# The scheduling of processes and threads delays a request.
LATE_S = 0.4


def written(folder, **values):
    (folder / "one.toml").write_text(contract("one", **values))
    return emitted("one", "one.toml", folder)


def check_limits(folder):
    """Envoy runs `max_in_flight` requests at a time, lets the queue wait, and refuses all others."""
    for slots, queue, more in [(1, 1, 3), (2, 3, 4), (4, 2, 5), (2, 0, 3)]:
        upstream = Upstream()
        # Envoy cannot refuse every request that has to wait, as `emit-looser` says.
        room = slots + max(queue, 1)
        with envoy(folder, written(folder, slots=slots, queue=queue), "one", upstream) as port:
            answers = get_all(port, "/slow", room - slots + more, first=slots)
            statuses = collections.Counter(status for status, _ in answers)
            assert statuses == {200: room, 503: more}, statuses
            assert max(seconds for status, seconds in answers if status == 503) < SLOW_S, answers
        assert upstream.most == slots, f"{upstream.most} ran"
        print(f"max_in_flight = {slots}, max_queue_depth = {queue}: {slots} ran, {room - slots} waited, {more} were refused")
    upstream = Upstream()
    with envoy(folder, written(folder, slots=3, queue=5), "one", upstream, threads=2) as port:
        get_all(port, "/slow", 20)
    assert upstream.most <= 3, f"{upstream.most} ran"
    print(f"max_in_flight = 3 with two threads: {upstream.most} ran")


def check_attempts(folder):
    """The number of attempts is `max_attempts`, and backoffs are within the contract's interval."""
    for attempts in (1, 2, 5):
        upstream = Upstream()
        with envoy(folder, written(folder, attempts=attempts), "one", upstream) as port:
            longest = collections.defaultdict(float)
            for number in range(8):
                path = f"/fail{number}"
                assert get(port, path)[0] == 503
                times = upstream.times[path]
                assert len(times) == attempts, f"{attempts} attempts of the contract, {len(times)} made"
                for retry, (before, after) in enumerate(zip(times, times[1:])):
                    longest[retry] = max(longest[retry], after - before)
        for retry, gap in longest.items():
            limit = min(0.250, 0.100 * 2**retry)
            assert gap <= limit + LATE_S, f"{gap} is above {limit}"
        shown = ", ".join(f"{gap * 1000:.0f}" for gap in longest.values())
        print(f"max_attempts = {attempts}: {attempts} requests, longest backoffs in ms: {shown or 'none'}")


def check_timeouts(folder):
    """An attempt ends after `request_ms`, and an operation after `deadline_ms`."""
    upstream = Upstream()
    with envoy(folder, written(folder, request=300, attempts=3, base=1, maximum=1), "one", upstream) as port:
        status, seconds = get(port, "/hang1")
    assert status == 504 and len(upstream.times["/hang1"]) == 3, (status, upstream.times)
    assert 0.9 <= seconds < 0.902 + LATE_S, seconds
    with envoy(folder, written(folder, request=300, time=", deadline_ms = 450"), "one", upstream) as port:
        status, deadline = get(port, "/hang2")
    assert status == 504 and 0.45 <= deadline < 0.45 + LATE_S, (status, deadline)
    with envoy(folder, written(folder, request=300, attempts=1, time=", deadline_ms = 9000"), "one", upstream) as port:
        status, single = get(port, "/hang3")
    assert status == 504 and len(upstream.times["/hang3"]) == 1 and single < 0.3 + LATE_S, (status, single)
    print(f"request_ms = 300: three attempts took {seconds:.2f} s, with deadline_ms = 450 {deadline:.2f} s")


def check_traps(folder):
    """Envoy does what `verify` and `adopt` say about dead settings and defaults."""
    text = written(folder, slots=12, queue=12, base=250, attempts=2)
    counted = lambda path: len(upstream.times[path])
    for change, expected in [
        ("", lambda requests: requests == 24),
        # Three requests retry at the same time; the others fail without a retry.
        ("max_retries: 12", lambda requests: 12 < requests < 24),
        ("retry_on: connect-failure,refused-stream,reset", lambda requests: requests == 12),
    ]:
        upstream = Upstream()
        changed = "".join(line for line in text.splitlines(True) if not change or change not in line)
        with envoy(folder, changed, "one", upstream) as port:
            get_all(port, "/fail", 12)
        assert expected(counted("/fail")), f"{change}: {counted('/fail')}"
        print(f"12 failing requests without `{change or 'a change'}`: {counted('/fail')} attempts")


with tempfile.TemporaryDirectory() as work:
    path = pathlib.Path(work)
    check_emitted(path)
    check_rejected(path)
    check_limits(path)
    check_attempts(path)
    check_timeouts(path)
    check_traps(path)
