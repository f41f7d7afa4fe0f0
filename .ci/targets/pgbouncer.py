"""Runs PgBouncer with the files that driverc writes and rejects. The argument is the folder with both."""

import contextlib
import pathlib
import signal
import subprocess
import sys
import time

import contracts

WORK = pathlib.Path(sys.argv[1])
driverc = contracts.Driverc(WORK / "driverc")
FIXED = {
    "driver_class": "relational_adapter", "module": "sqlx::postgres", "attempts": 1, "base": 0, "maximum": 0,
    "jitter": 0,
}
BUILTIN = "postgres_async"
SEED = 20_261_130
GENERATED = 40
PORT = "6543"

DATABASE = f"""
[databases]
app = host={WORK} dbname=postgres user=app
"""
OWN = f"""
listen_addr =
unix_socket_dir = {WORK}
listen_port = {PORT}
auth_type = any
admin_users = app
"""


def contract(name, **values):
    numbers = {"slots": 2, "queue": 3, "connect": 3_100, "request": 5_000, "idle": 600_000, **values}
    return contracts.contract(name, **FIXED, **numbers)


def emitted(name, source):
    run = driverc("emit", "pgbouncer", source, "--driver", name, folder=WORK)
    assert run.returncode == 0, run
    return run.stdout


def psql(database, query, timeout=60):
    command = ["psql", "-h", str(WORK), "-p", PORT, "-U", "app", "-XAt", "-F=", "-c", query, database]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answer(database, query):
    client = psql(database, query)
    output, errors = client.communicate(timeout=60)
    assert client.returncode == 0, errors
    return output


@contextlib.contextmanager
def pgbouncer(text):
    """Starts PgBouncer, and gives the reason why it does not start, or None."""
    path = WORK / "pgbouncer.ini"
    path.write_text(text)
    program = [str(WORK / "usr/sbin/pgbouncer"), str(path)]
    process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    socket = WORK / f".s.PGSQL.{PORT}"
    limit = time.monotonic() + 20
    while process.poll() is None and not socket.exists():
        assert time.monotonic() < limit, "PgBouncer does not listen"
        time.sleep(0.01)
    try:
        yield process.stderr.read() if process.poll() is not None else None
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGQUIT)
        process.wait()
        process.stderr.close()
        socket.unlink(missing_ok=True)


def settings(text):
    lines = [line for line in text.splitlines() if line and line[0] not in ";["]
    return dict(line.split(" = ", 1) for line in lines)


def check_emitted():
    """`SHOW CONFIG` gives every value back, and `verify` is silent."""
    generated = contracts.generated(
        GENERATED,
        SEED,
        slots=[1, 2, 20, 1_000_000],
        queue=[0, 1, 200, 10_000_000],
        connect=[1, 3_100, 10_000, 86_400_000],
        request=[1, 333, 5_000, 86_400_000],
        idle=[1, 1_001, 600_000, 604_800_000],
        time=["", ", queue_ms = 1", ", queue_ms = 2500, lifetime_ms = 2592000000", ", deadline_ms = 90000"],
    )
    texts = {name: contract(name, **values) for name, values in generated.items()}
    (WORK / "generated.toml").write_text("".join(texts.values()))
    for name, source in [(BUILTIN, "builtin:")] + [(name, "generated.toml") for name in texts]:
        text = emitted(name, source)
        with pgbouncer(DATABASE + text + OWN) as refusal:
            assert refusal is None, f"{name}: {refusal}\n{text}"
            shown = answer("pgbouncer", "SHOW CONFIG")
        real = dict(line.split("=")[:2] for line in shown.splitlines() if line.count("=") >= 2)
        for setting, value in settings(text).items():
            # PgBouncer prints six digits.
            same = real[setting] == value or real[setting] == f"{float(value):g}"
            assert same, f"{name}: {setting} is {real[setting]}, not {value}"
        (WORK / "a.ini").write_text(DATABASE + text + OWN)
        verified = driverc("verify", "pgbouncer", "a.ini", "--driver", name, "--workspace", source, "--show", "info", folder=WORK)
        assert verified.returncode == 0 and not verified.stdout, verified
    print(f"SHOW CONFIG gives the values of {1 + len(texts)} contracts back")


REJECTED = [
    "query_timeout = 5 ; five", "query_timeout = 5 # five", "query_timeout = 3100ms", "query_timeout = -1",
    "query_timeout =", "query_timeout = five", "default_pool_size = 5 x", "default_pool_size = many",
    "pool_mode = pooled", "pool_mode = 'transaction'", "max_db_client_connections = 5", "junk", "[pools]\na = 1",
    "[databases ]\na = host=x",
]
ACCEPTED = [
    "query_timeout = 5", "query_timeout = .5", "query_timeout = +5", "query_timeout = 1e1", "query_timeout = 0",
    "default_pool_size = 0", "default_pool_size = 010", "default_pool_size = 0x10", "pool_mode = TRANSACTION",
    "; five", "# five", "max_client_conn = 0", "[databases]\na = host=x pool_size=5",
]


def check_rejected():
    """`drift-rejected` and PgBouncer agree."""
    for line in REJECTED + ACCEPTED:
        text = f"{DATABASE}[pgbouncer]{OWN}{line}\n"
        (WORK / "a.ini").write_text(text)
        verified = driverc("verify", "pgbouncer", "a.ini", "--driver", BUILTIN, "--workspace", "builtin:", folder=WORK)
        is_rejected = "drift-rejected" in verified.stdout
        with pgbouncer(text) as refusal:
            assert is_rejected == (refusal is not None), f"{line}: {refusal}\n{verified.stdout}"
        assert is_rejected == (line in REJECTED), line
    print(f"PgBouncer refuses {len(REJECTED)} files and accepts {len(ACCEPTED)}, as verify says")


def check_reset():
    """A section that is opened again resets all settings above it."""
    (WORK / "reset.toml").write_text(contract("reset"))
    text = DATABASE + emitted("reset", "reset.toml") + f"[pgbouncer]{OWN}"
    with pgbouncer(text) as refusal:
        assert refusal is None, refusal
        assert "max_client_conn=100=" in answer("pgbouncer", "SHOW CONFIG")
    (WORK / "a.ini").write_text(text)
    verified = driverc("verify", "pgbouncer", "a.ini", "--driver", "reset", "--workspace", "reset.toml", folder=WORK)
    assert "drift-dead-setting" in verified.stdout, verified
    print("PgBouncer resets a section that is opened again, as verify says")


def check_limits():
    """PgBouncer runs `max_in_flight` queries at a time, and refuses one client more than may wait."""
    for slots, queue in [(1, 0), (2, 3), (4, 1)]:
        (WORK / "limited.toml").write_text(contract("limited", slots=slots, queue=queue))
        with pgbouncer(DATABASE + emitted("limited", "limited.toml") + OWN) as refusal:
            assert refusal is None, refusal
            clients = [psql("app", "SELECT pg_sleep(1.5)") for _ in range(slots + queue)]
            time.sleep(0.7)
            late = psql("app", "SELECT 1")
            _, errors = late.communicate(timeout=60)
            assert "no more connections allowed" in errors, errors
            direct = ["psql", "-h", str(WORK), "-U", "app", "-XAtc",
                      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'", "postgres"]
            running = int(subprocess.run(direct, capture_output=True, text=True, check=True).stdout)
            assert running == slots, f"{running} run"
            for client in clients:
                client.communicate(timeout=60)
            served = sum(client.returncode == 0 for client in clients)
        assert served == slots + queue, f"{served} served"
        print(f"max_in_flight = {slots}, max_queue_depth = {queue}: {running} ran, the client after {served} was refused")


# PgBouncer looks at its clients every third of a second.
TICK_S = 0.34


def check_timeouts():
    """With `queue_ms`, a query ends within `request_ms`, also if it has waited."""
    (WORK / "timed.toml").write_text(contract("timed", slots=1, queue=9, request=2_000, time=", queue_ms = 800"))
    with pgbouncer(DATABASE + emitted("timed", "timed.toml") + OWN) as refusal:
        assert refusal is None, refusal
        begin = time.monotonic()
        clients = [psql("app", "SELECT pg_sleep(9)") for _ in range(3)]
        ends = []
        for client in clients:
            _, errors = client.communicate(timeout=60)
            ends.append(time.monotonic() - begin)
            assert "timeout" in errors, errors
    longest = max(ends)
    assert longest < 2 + 2 * TICK_S + 0.3, ends
    print(f"request_ms = 2000, queue_ms = 800: all three queries ended within {longest:.2f} s")


check_emitted()
check_rejected()
check_reset()
check_limits()
check_timeouts()
