"""Runs HikariCP with the files that driverc writes, rejects and reports.

The arguments are the binary, a folder, Java's class path, and the port of PostgreSQL."""

import itertools
import pathlib
import random
import re
import subprocess
import sys

import contracts

driverc = contracts.Driverc(sys.argv[1])
WORK = pathlib.Path(sys.argv[2])
CLASSES, PORT = sys.argv[3:]
FIXED = {
    "driver_class": "relational_adapter", "module": "sqlx::postgres", "attempts": 1, "base": 0, "maximum": 0,
    "jitter": 0,
}
BUILTIN = "postgres_async"
SEED = 20_261_201
GENERATED = 60
URL = f"jdbcUrl=jdbc:postgresql://127.0.0.1:{PORT}/postgres?user=app\n"
PERIOD = "-Dcom.zaxxer.hikari.housekeeping.periodMs=200"


def contract(name, **values):
    numbers = {"slots": 2, "queue": 3, "connect": 3_000, "request": 5_000, "idle": 600_000, **values}
    return contracts.contract(name, **FIXED, **numbers)


def java(*arguments):
    command = ["java", "-cp", CLASSES, PERIOD, "Hikari", *map(str, arguments)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.split(" ", 1) for line in run.stdout.splitlines()]


def effective(texts):
    """Returns the values of each text in HikariCP, or None if HikariCP refuses it."""
    folder = WORK / "files"
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / name).write_text(URL + text)
    values = dict(java("validate", folder))
    read = lambda text: None if text == "refused" else dict(it.split("=", 1) for it in text.split("\t"))
    return {name: read(values[name]) for name in texts}


def settings(text):
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def emitted(name, source, *options):
    return driverc("emit", "hikari", source, "--driver", name, *options, folder=WORK)


def verified(text, name=BUILTIN, source="builtin:", *options):
    (WORK / "a.properties").write_text(text)
    command = ("verify", "hikari", "a.properties", "--driver", name, "--workspace", source)
    return driverc(*command, "--show", "info", "--output-format", "concise", *options, folder=WORK)


def camel_case(name):
    """Returns HikariCP's name of a setting of Spring Boot."""
    name = name.removeprefix("spring.datasource.hikari.")
    name = name.replace("data-source-properties.", "dataSource.")
    return re.sub("-(.)", lambda match: match[1].upper(), name)


def check_emitted():
    """`validate()` keeps every value that `emit` writes, and `verify` is silent."""
    generated = contracts.generated(
        GENERATED,
        SEED,
        slots=[1, 2, 20, 1_000_000],
        queue=[0, 200],
        connect=[1, 3_100, 86_400_000],
        request=[1, 251, 5_000, 86_400_000],
        idle=[1, 10_000, 600_000, 1_799_001, 604_800_000],
        time=["", ", queue_ms = 1", ", queue_ms = 2500", ", lifetime_ms = 1", ", lifetime_ms = 2592000000",
              ", queue_ms = 250, lifetime_ms = 600000"],
    )
    texts = {name: contract(name, **values) for name, values in generated.items()}
    (WORK / "generated.toml").write_text("".join(texts.values()))
    names = [(BUILTIN, "builtin:")] + [(name, "generated.toml") for name in texts]
    files = {}
    for name, source in names:
        run = emitted(name, source)
        assert run.returncode == 0, run
        files[name] = run.stdout
        spring = emitted(name, source, "--dialect", "spring").stdout
        renamed = {camel_case(key): value for key, value in settings(spring).items()}
        assert renamed == settings(run.stdout), f"{renamed}\n{run.stdout}"
        for text, dialect in [(run.stdout, "properties"), (spring, "spring")]:
            check = verified(text, name, source, "--dialect", dialect)
            assert check.returncode == 0 and not check.stdout, f"{check}\n{text}"
    for name, real in effective(files).items():
        assert real is not None, f"HikariCP refuses\n{files[name]}"
        for setting, value in settings(files[name]).items():
            found = real[setting.removeprefix("dataSource.")]
            assert found == value, f"{name}: {setting} is {found}, not {value}"
    print(f"validate() keeps the values of {len(files)} contracts")


REJECTED = [
    "connectionTimeout=100", "connectionTimeout=249", "connectionTimeout=-5", "connectionTimeout=5s", "idleTimeout=-1",
    "idleTimeout=10m", "minimumIdle=-1", "maximumPoolSize=0", "maximumPoolSize=-1", "maximumPoolSize=3000000000",
    "maximumPoolSize=5 ", "maximumPoolSize=5 # five", "maximumPoolSize=0x5", "maximumPoolSize=many", "maximumPoolSize=",
    "maxPoolSize=5", "maximumpoolsize=5", "maximum-pool-size=5", "keepaliveTime=60000", "connectionTimeout=1\\u00",
]
ACCEPTED = [
    "connectionTimeout=250", "connectionTimeout=0", "connectionTimeout=3000000000", "idleTimeout=0", "idleTimeout=5000",
    "maxLifetime=0", "maxLifetime=100", "maximumPoolSize=+5", "maximumPoolSize = 5", "MaximumPoolSize=5",
    "maximumPoolSize=5\nmaximumPoolSize=6", "dataSource.bogus=x", "poolName=x", "schema=x", "readOnly=maybe",
]


def check_rejected():
    """`drift-rejected` and HikariCP agree."""
    lines = REJECTED + ACCEPTED
    real = effective({f"{index:03}": f"{line}\n" for index, line in enumerate(lines)})
    for line, values in zip(lines, real.values()):
        check = verified(f"{line}\n")
        is_rejected = "drift-rejected" in check.stdout
        assert is_rejected == (line in REJECTED), f"{line}\n{check.stdout}"
        assert is_rejected == (values is None), f"{line}: {values}"
    print(f"HikariCP refuses {len(REJECTED)} files and accepts {len(ACCEPTED)}, as verify says")


def check_replaced():
    """`adopt` and `verify` know the values that HikariCP uses instead of those in the file."""
    choices = {
        "maximumPoolSize": [None, 1, 20],
        "minimumIdle": [None, 0, 5, 20, 30],
        "idleTimeout": [None, 0, 9_999, 10_000, 600_000],
        "maxLifetime": [None, 0, 29_999, 30_000, 600_999, 601_000],
    }
    files = {}
    for index, values in enumerate(itertools.product(*choices.values())):
        lines = [f"{name}={value}\n" for name, value in zip(choices, values) if value is not None]
        files[f"{index:03}"] = "".join(lines)
    numbers = random.Random(SEED)
    files = dict(numbers.sample(sorted(files.items()), 160))
    replaced = 0
    for name, real in effective(files).items():
        text, own = files[name], settings(files[name])
        is_fixed = int(real["minimumIdle"]) >= int(real["maximumPoolSize"])
        # The getter returns the time, but HikariCP does not apply it.
        real["idleTimeout"] = "0" if is_fixed else real["idleTimeout"]
        check = verified(text)
        dead = set(re.findall(r"drift-dead-setting\].* instead of `(\w+)`", check.stdout))
        differs = {setting for setting, value in own.items() if real[setting] != value}
        assert dead == differs, f"{text}: {differs}\n{check.stdout}"
        replaced += len(differs)
        adopted = driverc("adopt", "hikari", "a.properties", "--driver", "x", folder=WORK).stdout
        keys = {"max_in_flight": "maximumPoolSize", "idle_ms": "idleTimeout", "lifetime_ms": "maxLifetime"}
        for key, setting in keys.items():
            found = re.search(rf"^{key} = (\d+)", adopted, re.MULTILINE)
            assert (found[1] if found else "0") == real[setting], f"{text}: {key} {real}\n{adopted}"
    print(f"HikariCP replaces {replaced} values in {len(files)} files, as verify and adopt say")
    assert replaced > 50


# The scheduling of threads delays a result.
LATE_MS = 700


def check_limits():
    """`max_in_flight` connections are busy, the next caller waits for `queue_ms`, a statement is cancelled."""
    for slots, queue, request in [(1, 300, 1_000), (3, 800, 1_500)]:
        text = contract("limited", slots=slots, request=request, connect=1_000, time=f", queue_ms = {queue}")
        (WORK / "limited.toml").write_text(text)
        path = WORK / "limited.properties"
        path.write_text(URL + emitted("limited", "limited.toml").stdout)
        measured = dict(java("limits", path))
        assert int(measured["busy"]) == slots, measured
        waited, ran = int(measured["waited"]), int(measured["ran"])
        assert queue <= waited <= queue + LATE_MS, measured
        assert measured["state"] == "57014", measured
        assert request - queue - 50 <= ran <= request - queue + LATE_MS, measured
        print(f"max_in_flight = {slots}, queue_ms = {queue}: the next caller failed after {waited} ms")
        print(f"request_ms = {request}: PostgreSQL cancelled a statement after {ran} ms")
    login = int(dict(java("login", path))["login"])
    assert 950 <= login <= 1_000 + 2 * LATE_MS, login
    print(f"connect_ms = 1000: a login to a silent server failed after {login} ms")


def check_data_source():
    """The login timeout of a data source is `connectionTimeout`, and `adopt` says so."""
    waits = [250, 1_499, 1_500, 2_400, 2_600, 5_000, 30_000]
    paths = []
    for wait, own in itertools.product(waits, ["", "dataSource.loginTimeout=20\n"]):
        paths.append(WORK / f"source_{len(paths)}.properties")
        text = f"dataSourceClassName=org.postgresql.ds.PGSimpleDataSource\nconnectionTimeout={wait}\n{own}"
        paths[-1].write_text(text)
    for path, (_, seconds) in zip(paths, java("source", *paths), strict=True):
        adopted = driverc("adopt", "hikari", path.name, "--driver", "source", folder=WORK).stdout
        assert f"connect_ms = {int(seconds) * 1_000}  #" in adopted, f"{seconds}\n{adopted}"
    print(f"connectionTimeout is the login timeout of a data source: {len(paths)} files")


def check_idle():
    """Idle connections are closed after `idle_ms`, unless the pool has a fixed size."""
    (WORK / "idle.toml").write_text(contract("idle", idle=10_000))
    text = URL + emitted("idle", "idle.toml").stdout
    shrinking, fixed = WORK / "shrinking.properties", WORK / "fixed.properties"
    shrinking.write_text(text)
    fixed.write_text(text.replace("minimumIdle=0\n", ""))
    counts = [int(count) for _, count in java("idle", shrinking, fixed)]
    assert counts == [2, 2, 0, 2], counts
    check = verified(fixed.read_text(), "idle", "idle.toml")
    assert "drift-dead-setting" in check.stdout, check
    print("idle_ms = 10000: both connections were closed, and those of a pool of fixed size stayed open")


check_emitted()
check_rejected()
check_replaced()
check_limits()
check_data_source()
check_idle()
