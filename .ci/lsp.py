#!/usr/bin/env python3
"""Tests a TOML language server over standard input and output.

Usage: lsp.py tombi|taplo PROGRAM

Opens contracts as an editor does, and checks the answers: completion offers the missing keys, hover
explains a key and its range, and a misspelt word is underlined. Needs the debug build of driverc.
"""

import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schema" / "contracts.schema.json"
DRIVERC = ROOT / "target" / "debug" / "driverc"
SERVERS = {"tombi": ["lsp", "--offline"], "taplo": ["lsp", "stdio"]}
# Timeout of an answer in seconds.
PATIENCE = 60
ERROR = 1


class Server:
    """A running language server."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.requests = 0
        self.messages = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        """Puts every message of the server into the queue, and `None` at the end."""
        out = self.process.stdout
        while True:
            length = 0
            while line := out.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                self.messages.put(None)
                return
            self.messages.put(json.loads(out.read(length)))

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, **params):
        self.send(method=method, params=params)

    def request(self, method, **params):
        self.requests += 1
        self.send(id=self.requests, method=method, **({"params": params} if params else {}))
        is_answer = lambda message: message.get("id") == self.requests and "method" not in message
        message = self.wait(is_answer, method)
        assert "error" not in message, f"{method}: {message['error']}"
        return message.get("result")

    def wait(self, is_it, what):
        """Returns the next message of this kind. Answers requests of the server meanwhile."""
        while True:
            message = self.messages.get(timeout=PATIENCE)
            assert message is not None, f"the server ended before {what}"
            if "method" in message and "id" in message:
                self.answer(message)
            elif is_it(message):
                return message

    def answer(self, message):
        items = (message.get("params") or {}).get("items", [])
        is_settings = message["method"] == "workspace/configuration"
        self.send(id=message["id"], result=[{} for _ in items] if is_settings else None)

    def stop(self):
        self.request("shutdown")
        self.send(method="exit")
        self.process.wait(timeout=PATIENCE)


class Document:
    """An open document."""

    def __init__(self, server, path, text):
        self.server, self.uri, self.text = server, path.as_uri(), text
        path.write_text(text, encoding="utf-8")
        item = {"uri": self.uri, "languageId": "toml", "version": 1, "text": text}
        server.notify("textDocument/didOpen", textDocument=item)
        # Before these diagnostics, the server may not have read the document.
        self.found = server.wait(self.is_about_it, "diagnostics")["params"]["diagnostics"]

    def is_about_it(self, message):
        is_diagnostics = message.get("method") == "textDocument/publishDiagnostics"
        return is_diagnostics and message["params"]["uri"] == self.uri

    def ask(self, method, line, character):
        """Sends a request about a position in the document."""
        position = {"line": line, "character": character}
        return self.server.request(method, textDocument={"uri": self.uri}, position=position)

    def line_of(self, beginning):
        lines = self.text.splitlines()
        return next(number for number, line in enumerate(lines) if line.startswith(beginning))

    def underlined(self):
        """Returns the text of each error range. Waits past empty diagnostics, which some servers send first."""
        while not self.found:
            self.found = self.server.wait(self.is_about_it, "diagnostics")["params"]["diagnostics"]
        return [self.part(each["range"]) for each in self.found if each.get("severity") == ERROR]

    def part(self, span):
        start, end = span["start"], span["end"]
        lines = self.text.splitlines()[start["line"] : end["line"] + 1]
        lines[-1] = lines[-1][: end["character"]]
        lines[0] = lines[0][start["character"] :]
        return "\n".join(lines)


def start(name, program, folder):
    server = Server([str(program), *SERVERS[name]], folder)
    completion = {"completionItem": {"documentationFormat": ["markdown"]}}
    hover = {"contentFormat": ["markdown"]}
    server.request(
        "initialize",
        processId=None,
        rootUri=folder.as_uri(),
        workspaceFolders=[{"uri": folder.as_uri(), "name": "contracts"}],
        capabilities={
            "workspace": {"configuration": True, "workspaceFolders": True},
            "textDocument": {"completion": completion, "hover": hover, "publishDiagnostics": {}},
        },
    )
    server.notify("initialized")
    return server


def example():
    """Returns a built-in contract with the absolute path of its schema."""
    text = (ROOT / "contracts" / "postgres.toml").read_text(encoding="utf-8")
    first, rest = text.split("\n", 1)
    assert first.startswith("#:schema"), first
    return f"#:schema {SCHEMA.as_uri()}\n{rest}"


def table(text, name):
    """Returns the text before the keys of a table, and the keys."""
    before, rest = text.split(f"[driver.postgres_async.{name}]\n", 1)
    keys = [line for line in rest.split("\n\n", 1)[0].splitlines() if not line.startswith("#")]
    return f"{before}[driver.postgres_async.{name}]\n", keys


def check_completion(server, folder):
    head, keys = table(example(), "retry_policy")
    kept, missing = keys[:1], {key.split(" ")[0] for key in keys[1:]}
    missing |= {"multiplier_percent", "retry_budget_percent", "retry_budget_min"}
    text = head + "\n".join(kept) + "\n"
    document = Document(server, folder / "completion.toml", text)
    answer = document.ask("textDocument/completion", text.count("\n"), 0)
    items = answer["items"] if isinstance(answer, dict) else answer or []
    offered = {item["label"] for item in items}
    assert offered == missing, f"completion offers {offered}, but {missing} are missing"


def check_hover(server, folder):
    document = Document(server, folder / "hover.toml", example())
    line = document.line_of("jitter_percent")
    shown = json.dumps(document.ask("textDocument/hover", line, 3), ensure_ascii=False)
    for part in ["The random share of each backoff", "0–100%", "contract.md#"]:
        assert part in shown, f"hover does not show {part!r}: {shown}"


def check_diagnostics(server, folder):
    text = example().replace('"relational_adapter"', '"relational_adaptor"')
    errors = Document(server, folder / "diagnostics.toml", text).underlined()
    assert errors == ['"relational_adaptor"'], f"the server underlines {errors}"


WORDS = '''
[vocabulary.class.key_value_adapter]
description = "A key-value store, such as Redis."
like = "none"
'''

TEMPLATE = '''
[template.redis]
max_in_flight = 20
tuning_guide = "docs/{driver}.md"

[driver.cache]
like = "redis"
'''


def check_own_words(server, folder):
    """Checks that a project's words are offered and a misspelt one is underlined, in a driver with a template."""
    project = folder / "project"
    project.mkdir()
    (project / "driverc.toml").write_text(WORDS, encoding="utf-8")
    subprocess.run([DRIVERC, "schema", "-o", "schema"], cwd=project, check=True)
    schema = project / "schema" / "contracts.schema.json"
    head = f"#:schema {schema.as_uri()}\n{TEMPLATE}"
    line = head.count("\n")
    document = Document(server, project / "words.toml", head + 'class = ""\n')
    answer = document.ask("textDocument/completion", line, len('class = "'))
    items = answer["items"] if isinstance(answer, dict) else answer or []
    offered = [item["label"] for item in items]
    assert '"key_value_adapter"' in offered and len(offered) == 5, f"completion offers {offered}"
    errors = Document(server, project / "misspelt.toml", head + 'class = "key_value_adaptor"\n').underlined()
    assert errors == ['"key_value_adaptor"'], f"the server underlines {errors}"


def main():
    name, program = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder).resolve()
        server = start(name, pathlib.Path(program).absolute(), folder)
        for check in [check_completion, check_hover, check_diagnostics, check_own_words]:
            check(server, folder)
            print(f"{name}: {check.__name__.replace('_', ' ')}: ok")
        server.stop()


if __name__ == "__main__":
    main()
