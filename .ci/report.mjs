// Tests pages of `driverc report` in a browser, opened from a file as users open them.
//
// node .ci/report.mjs BROWSER DRIVERC TOOLS
//
// A page loads nothing else, prints nothing to the console, shows hostile text as text, fits a phone
// and passes axe, in light and in dark mode.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [browserPath, driverc, tools] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(tools, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// Hostile texts, and how a page shows them if that differs.
const HOSTILE = [
  ["<script>document.title='owned'</script>"],
  ["\"><img src=x onerror=document.title='owned'>"],
  ["'/><svg onload=document.title='owned'>"],
  ["]]></style><b>bold</b>"],
  ["--><iframe src=javascript:alert(1)>"],
  ["{{constructor.constructor('x')()}}"],
  ["&lt;i&gt;&amp;&#60;i&#62;"],
  ["javascript:alert(1)"],
  ["a\u202eb\u2066c", "a\\u{202e}b\\u{2066}c"],
  ["a\u200bb\ufeffc", "a\\u{200b}b\\u{feff}c"],
];
const FILE_NAMES = ["<b>bold<b>.toml", "\"onmouseover=\"x.toml", "a\u202eb&lt;.toml"];

const folder = mkdtempSync(join(tmpdir(), "driverc-report-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function report(name, code, inputs, directory = folder) {
  const page = join(folder, `${name}.html`);
  const today = ["--today", "2026-11-01", "--show", "info"];
  const run = spawnSync(driverc, ["report", ...inputs, ...today, "-o", page], { cwd: directory });
  assert.equal(run.status, code, `${name}: ${run.stderr}`);
  return pathToFileURL(page).href;
}

// Writes a workspace with hostile text in every place for text.
function hostileWorkspace() {
  const directory = join(folder, "hostile");
  mkdirSync(join(directory, "contracts"), { recursive: true });
  const write = (name, text) => writeFileSync(join(directory, "contracts", name), text);
  HOSTILE.forEach(([text], number) => write(`${number}.toml`, contract(`d${number}`, text)));
  FILE_NAMES.forEach((name, number) =>
    write(name, contract(`f${number}`, "x").replace("max_in_flight", "max_inflight")),
  );
  write("budgets.toml", budgets());
  return directory;
}

// JSON escapes are valid in TOML.
function contract(name, text) {
  const quoted = JSON.stringify(text);
  return `
[driver.${name}]
class = "relational_adapter"
provider_module = ${quoted}
max_in_flight = 20
max_queue_depth = 200
capabilities = ["non_blocking_execute", ${quoted}]
support_tier = ${quoted}
tuning_guide = ${quoted}
timeout_policy = { connect_ms = 3100, request_ms = 5000, idle_ms = 600000 }
retry_policy = { max_attempts = 3, base_backoff_ms = 50, max_backoff_ms = 1000, jitter_percent = 100 }
telemetry = { timeout_metric = ${quoted}, retry_metric = ${quoted}, latency_metric = ${quoted}, in_flight_metric = ${quoted} }

[driver.${name}_good]
class = "relational_adapter"
provider_module = ${quoted}
max_in_flight = 20
max_queue_depth = 200
capabilities = ["non_blocking_execute", "batch_read"]
support_tier = ${quoted}
tuning_guide = ${quoted}
timeout_policy = { connect_ms = 3100, request_ms = 5000, idle_ms = 600000 }
retry_policy = { max_attempts = 9, base_backoff_ms = 50, max_backoff_ms = 1000, jitter_percent = 100 }
telemetry = { timeout_metric = ${quoted}, retry_metric = ${quoted}, latency_metric = ${quoted}, in_flight_metric = ${quoted} }

[[benchmark]]
driver = "${name}_good"
profile = "heavy_data"
p50_latency_ms = 19
p95_latency_ms = 73
timeout_rate_bps = 1
retry_rate_bps = 10
throughput_ops_per_sec = 448
source = ${quoted}

[[waiver]]
rule = "retry-attempts-high"
driver = "${name}_good"
reason = ${quoted}
owner = ${quoted}
expires = 2099-12-31
`;
}

function budgets() {
  return `
[budget.heavy_data]
max_p95_latency_ms = 70
max_timeout_rate_bps = 10
max_retry_rate_bps = 50
min_throughput_ops_per_sec = 80

[workload.heavy_data]
seeds = [1, 2]
duration_ms = 2000
rate_ops_per_ksec = 100000
operation = [{ weight = 1, service.exponential_us = 20000 }]
`;
}

// Opens a page and checks everything that applies to all pages.
async function open(browser, url, colorScheme, width) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const said = [];
  const asked = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await context.route("**", (route) =>
    route.request().url() === url ? route.continue() : route.abort(),
  );
  await page.goto(url, { waitUntil: "networkidle" });
  const where = `${url} (${colorScheme}, ${width} px)`;
  const { wide, title, foreign } = await page.evaluate(inspect);
  assert.ok(wide <= width, `${where} is ${wide} px wide`);
  assert.equal(title, "Driver contracts", where);
  assert.deepEqual(foreign, [], where);
  await hasNoFault(page, where);
  assert.deepEqual(said, [], where);
  assert.deepEqual(asked, [url], where);
  return page;
}

// Runs in the page. Returns its width, its title and its unexpected elements.
function inspect() {
  const known = new Set(
    `a article body caption circle code dd desc div dl dt figcaption figure footer h1 h2 h3 head
     header html li line main mark meta nav p path polygon polyline pre rect section span strong
     style svg table tbody td text th thead title tr ul wbr`.split(/\s+/),
  );
  const foreign = [];
  for (const element of document.querySelectorAll("*")) {
    const names = element.getAttributeNames();
    const bad = names.some((name) => name.startsWith("on") || name === "style" || name === "src");
    if (bad || !known.has(element.localName)) foreign.push(element.outerHTML.slice(0, 200));
  }
  return { wide: document.documentElement.scrollWidth, title: document.title, foreign };
}

async function hasNoFault(page, where) {
  await page.evaluate(axe);
  const results = await page.evaluate(() => window.axe.run(document));
  assert.ok(results.passes.length > 20, `${where}: axe did not check the page`);
  const faults = results.violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.slice(0, 3).map((node) => node.html)}`,
  );
  assert.deepEqual(faults, [], where);
}

// Checks that the page shows each hostile text completely, wherever it occurs.
async function showsHostileText(page) {
  const shown = await page.evaluate(() => {
    const cells = [...document.querySelectorAll("td")].map((cell) => cell.textContent);
    const places = [...document.querySelectorAll("figcaption")].map((place) => place.textContent);
    const lines = [...document.querySelectorAll("pre")].map((lines) => lines.textContent);
    return { cells, places, lines };
  });
  for (const [text, visible = text] of HOSTILE) {
    const count = shown.cells.filter((cell) => cell === visible).length;
    // Provider module, tier, guide, four metrics, benchmark source, waiver reason.
    assert.equal(count, 9, `${visible} is shown ${count} times`);
    // A source line is unchanged, except that invisible characters are escaped.
    const written = JSON.stringify(text).replace(text, visible);
    assert.ok(shown.lines.some((lines) => lines.includes(written)), `no line shows ${written}`);
  }
  for (const name of FILE_NAMES) {
    const visible = `contracts/${name.replace("\u202e", "\\u{202e}")}:`;
    assert.ok(shown.places.some((place) => place.startsWith(visible)), `no location starts with ${visible}`);
  }
}

// Checks that the first Tab key focuses a link that skips to the content.
async function canBeSkipped(page) {
  await page.keyboard.press("Tab");
  const link = await page.evaluate(() => {
    const { top, height } = document.activeElement.getBoundingClientRect();
    return { target: document.activeElement.getAttribute("href"), visible: top >= 0 && height > 0 };
  });
  assert.deepEqual(link, { target: "#content", visible: true });
}

// Checks that injected markup would not run or load anything.
async function policyHolds(page) {
  const held = await page.evaluate(async () => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      refused.push(event.effectiveDirective),
    );
    const script = document.createElement("script");
    script.textContent = "document.title = 'owned'";
    const image = document.createElement("img");
    image.src = "https://example.org/";
    document.body.append(script, image);
    document.body.setAttribute("style", "color: red");
    await new Promise((done) => setTimeout(done, 200));
    return { refused: refused.sort(), title: document.title };
  });
  const refused = ["img-src", "script-src-elem", "style-src-attr"];
  assert.deepEqual(held, { refused, title: "Driver contracts" });
}

const directory = hostileWorkspace();
const pages = {
  builtin: report("builtin", 0, ["builtin:"]),
  hostile: report("hostile", 1, ["contracts"], directory),
};
const browser = await chromium.launch({ executablePath: browserPath, args: FLAGS });
for (const [name, url] of Object.entries(pages)) {
  for (const scheme of ["light", "dark"]) {
    for (const width of [1280, 360]) {
      const page = await open(browser, url, scheme, width);
      if (name === "hostile") await showsHostileText(page);
      await canBeSkipped(page);
      await policyHolds(page);
      await page.context().close();
      console.log(`  ${name}, ${scheme}, ${width} px: ok`);
    }
  }
}
await browser.close();
