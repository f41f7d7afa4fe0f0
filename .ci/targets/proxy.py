"""Envoy with the lines that driverc writes, a server behind it, and requests to it."""

import collections
import concurrent.futures
import contextlib
import http.client
import http.server
import pathlib
import socket
import subprocess
import sysconfig
import threading
import time

ENVOY = next(pathlib.Path(sysconfig.get_path("purelib")).glob("envoy*/_bin/envoy*"))

# The rest of a configuration, around the lines that `emit` writes.
BOOTSTRAP = """
static_resources:
  listeners:
  - name: front
    address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: front
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
{routes}
  clusters:
{clusters}
    type: STATIC
    load_assignment:
      cluster_name: {name}
      endpoints:
      - lb_endpoints:
        - endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {upstream}}}}}}}
"""


def bootstrap(text, name, port=0, upstream=9):
    """Returns a whole configuration. The lines of the text stay as they are, with more blanks."""
    clusters, routes = text.split("routes:\n")
    clusters = clusters.split("clusters:\n")[1]
    indent = lambda lines, blanks: "\n".join(" " * blanks + line for line in lines.splitlines())
    places = {"port": port, "upstream": upstream, "name": name}
    return BOOTSTRAP.format(routes=indent(routes, 14), clusters=indent(clusters, 2), **places)


def refusal(folder, text):
    """Returns the reason why Envoy refuses a configuration, or None."""
    (folder / "envoy.yaml").write_text(text)
    command = [ENVOY, "--mode", "validate", "--log-level", "error", "--config-path", folder / "envoy.yaml"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else None


class Upstream(http.server.ThreadingHTTPServer):
    """A server that takes its time, closes connections without an answer, or never answers."""

    request_queue_size = 100
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.running = self.most = 0
        self.times = collections.defaultdict(list)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, _request, _address):
        """Connections that Envoy closes are expected."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        with server.lock:
            server.times[self.path].append(time.monotonic())
            server.running += 1
            server.most = max(server.most, server.running)
        try:
            if self.path.startswith("/fail"):
                self.close_connection = True
                return
            time.sleep(30 if self.path.startswith("/hang") else SLOW_S)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        finally:
            with server.lock:
                server.running -= 1

    def log_message(self, *_arguments):
        pass


SLOW_S = 1.0


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def envoy(folder, text, name, upstream, threads=1):
    """Starts Envoy, and gives its port."""
    port = free_port()
    (folder / "run.yaml").write_text(bootstrap(text, name, port=port, upstream=upstream.server_port))
    command = [ENVOY, "--config-path", folder / "run.yaml", "--log-level", "off", "--concurrency", str(threads)]
    command += ["--disable-hot-restart"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            limit = time.monotonic() + 20
            while True:
                assert process.poll() is None and time.monotonic() < limit, "Envoy does not listen"
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.02)
            yield port
        finally:
            process.terminate()


def get(port, path):
    """Returns the status, and the seconds until the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    start = time.monotonic()
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status, time.monotonic() - start


def get_all(port, path, count, first=0):
    """Sends requests at the same time, after some that each find time to open a connection."""
    with concurrent.futures.ThreadPoolExecutor(count + first) as pool:
        answers = []
        for _ in range(first):
            answers.append(pool.submit(get, port, path))
            time.sleep(0.05)
        answers += [pool.submit(get, port, path) for _ in range(count)]
        return [answer.result() for answer in answers]
