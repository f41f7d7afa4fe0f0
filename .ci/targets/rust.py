"""Compiles the modules that driverc writes and rejects. The argument is the binary."""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import tomllib

import contracts as common

driverc = common.Driverc(sys.argv[1])
SEED = 20_261_130
GENERATED = 60
LINTS = ["missing_docs", "warnings", "clippy::all", "clippy::pedantic"]
DENIED = f"#![deny({', '.join(LINTS)})]"
# A library that exports nothing but the modules, so that clippy checks each item.
LIBRARY = "//! The modules.\n#![no_std]\n{denied}\n{modules}"
HOSTILE = '"; pub mod a {{ }} /* */ // \\ {} \u00e9\u202e'
BUILTIN = ["clickhouse_async", "kafka_async", "object_store_async", "postgres_async"]
# Numbers that rustc refuses as the type of their constant.
REFUSED = [
    ("MAX_IN_FLIGHT", "4_294_967_296"),
    ("MAX_ATTEMPTS", "99_999_999_999"),
    ("JITTER_PERCENT", "4294967296"),
]
MANIFEST = """
[package]
name = "modules"
version = "0.0.0"
edition = "2024"
[workspace]
"""


def contracts():
    """Returns the names and texts of contracts, some with hostile texts and long lists."""
    numbers = random.Random(SEED)
    pick = lambda *values: numbers.choice(values)
    for index in range(GENERATED):
        name = f"generated_{index}"
        optional = {"queue_ms": 900, "deadline_ms": 86_400_001, "lifetime_ms": 2_592_000_000}
        chosen = {key: value for key, value in optional.items() if pick(True, False)}
        growth = pick("", ", multiplier_percent = 100", ", retry_budget_percent = 20, retry_budget_min = 3")
        text = common.contract(
            name,
            driver_class="relational_adapter",
            module=pick("sqlx::postgres", "m" * 66, "m" * 67, "m" * 255),
            slots=pick(1, 999, 1_000, 1_000_000),
            queue=pick(0, 10_000_000),
            connect=pick(1, 86_400_000),
            request=pick(1, 5_000),
            idle=604_800_000,
            attempts=pick(1, 100),
            base=pick(0, 50),
            maximum=3_600_000,
            jitter=pick(0, 100),
            capability=pick("", ', "batch_read", "batch_write"'),
            time="".join(f", {key} = {value}" for key, value in chosen.items()),
            growth=growth,
        )
        if pick(True, False):
            text = text.replace('"tier1"', json.dumps(HOSTILE.format("*/")))
        yield name, text


def modules(folder):
    """Writes the modules of all contracts, and returns them by name with the contract."""
    texts = dict(contracts())
    documents = folder / "contracts"
    documents.mkdir()
    (documents / "generated.toml").write_text("".join(texts.values()), encoding="utf-8")
    for inputs in ("builtin:", "contracts"):
        run = driverc("emit", "rust", inputs, "-o", "src/", "--show", "error", "-q", folder=folder)
        assert run.returncode == 0, run.stderr + run.stdout
    declared = {}
    for name, text in texts.items():
        declared[name] = tomllib.loads(text)["driver"][name]
    for path in pathlib.Path("contracts").glob("*.toml"):
        declared |= tomllib.loads(path.read_text(encoding="utf-8")).get("driver", {})
    assert declared.keys() >= {*texts, *BUILTIN}
    return declared


def flat(table):
    """Returns the keys of a contract without their tables."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value)
        else:
            yield key, value


def cargo(folder, *arguments):
    # The folder has no dependencies, so nothing uses the network.
    command = ["cargo", *arguments, "--offline", "--quiet"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def compile_library(folder, names):
    listed = "".join(f"pub mod {name};\n" for name in names)
    (folder / "src/lib.rs").write_text(LIBRARY.format(denied=DENIED, modules=listed), encoding="utf-8")
    run = cargo(folder, "clippy", "--lib")
    assert run.returncode == 0, run.stderr
    # The lints apply to the modules.
    path = folder / f"src/{names[0]}.rs"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("/// The support tier.\n", ""), encoding="utf-8")
    run = cargo(folder, "clippy", "--lib")
    assert run.returncode != 0 and "missing documentation" in run.stderr, run.stderr
    path.write_text(text, encoding="utf-8")


def check_format(folder, names):
    files = [f"src/{name}.rs" for name in names]
    command = ["rustfmt", "--check", "--edition", "2024", *files]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def literal(value):
    """Returns an expression of Rust for a value of a contract."""
    if isinstance(value, list):
        return "&[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\u{{{ord(character):x}}}" for character in value) + '"'
    return str(value)


def check_values(folder, declared, names):
    """Runs a program that compares each constant with its contract, in a private module each."""
    checks = []
    for name in names:
        for key, value in flat(declared[name]):
            checks.append(f"    assert_eq!({name}::{key.upper()}, {literal(value)});\n")
    parts = "".join(f"mod {name};\n" for name in names)
    main = f"{DENIED}\n//! Compares constants.\n{parts}fn main() {{\n{''.join(checks)}}}\n"
    main = main.replace(DENIED, "#![deny(warnings)]")
    (folder / "src/main.rs").write_text(main, encoding="utf-8")
    run = cargo(folder, "run")
    assert run.returncode == 0, run.stderr
    # Each contract has only the constants of its keys.
    for name in names:
        text = (folder / f"src/{name}.rs").read_text(encoding="utf-8")
        constants = {line.split()[2].rstrip(":") for line in text.splitlines() if line.startswith("pub")}
        assert constants == {key.upper() for key, _ in flat(declared[name])}, name
    (folder / "src/main.rs").unlink()
    return len(checks)


def verify(folder, name, file, inputs):
    command = ["verify", "rust", file, "--driver", name, "--workspace", inputs, "--output-format", "concise"]
    return driverc(*command, folder=folder)


def check_drift(folder, names):
    for name in names:
        inputs = "builtin:" if name in BUILTIN else "contracts"
        run = verify(folder, name, f"src/{name}.rs", inputs)
        assert run.returncode == 0 and "no findings" in run.stdout + run.stderr, run.stdout
    (folder / "src/lib.rs").write_text("mod drifted;\n", encoding="utf-8")
    original = (folder / "src/postgres_async.rs").read_text(encoding="utf-8")
    for constant, value in REFUSED:
        line = next(line for line in original.splitlines() if f"const {constant}:" in line)
        start = line.split("=")[0]
        changed = original.replace(line, f"{start}= {value};")
        (folder / "src/drifted.rs").write_text(changed, encoding="utf-8")
        run = verify(folder, "postgres_async", "src/drifted.rs", "builtin:")
        assert run.returncode == 1 and "error[drift-rejected]" in run.stdout, run.stdout
        run = cargo(folder, "check", "--lib")
        assert run.returncode != 0 and "out of range" in run.stderr, run.stderr
    changed = original.replace("MAX_IN_FLIGHT: u32 = 20;", "MAX_IN_FLIGHT: u32 = 21;")
    (folder / "src/drifted.rs").write_text(changed, encoding="utf-8")
    run = verify(folder, "postgres_async", "src/drifted.rs", "builtin:")
    assert run.returncode == 1 and "error[drift-looser]" in run.stdout, run.stdout
    assert cargo(folder, "check", "--lib").returncode == 0


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "src").mkdir()
        (folder / "Cargo.toml").write_text(MANIFEST, encoding="utf-8")
        declared = modules(folder)
        names = sorted(path.stem for path in (folder / "src").glob("*.rs"))
        compile_library(folder, names)
        check_format(folder, names)
        count = check_values(folder, declared, names)
        check_drift(folder, names)
    print(f"rust: {len(names)} modules, {count} constants, {len(REFUSED)} refused numbers: ok")


main()
