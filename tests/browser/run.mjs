// Opens the pages of a running server in Debian's Chromium: `node run.mjs http://127.0.0.1:8080`.
// Fails when a page asks another host for anything, prints an error, or shows a wrong answer.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const base = new URL(process.argv[2] ?? "http://127.0.0.1:8080");
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const pictures = process.env.SCREENSHOTS ?? tmpdir();
const token = process.env.ROLECAST_TOKEN ?? "";
const example = new URL("../../web/src/examples/1-back-end-developer.graphql", import.meta.url);

const quiet = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function check(condition, message) {
  if (!condition) throw new Error(message);
}

/** Every complaint of a page: what it asked of others, what it printed as an error, what failed to load. */
function watch(page) {
  const complaints = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    const local = ["data:", "blob:"].includes(url.protocol) || url.host === base.host;
    if (!local) complaints.push(`asked another host: ${url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} for ${response.url()}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText ?? "";
    if (reason !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()} ${reason}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  return complaints;
}

async function picture(page, name) {
  await page.screenshot({ path: join(pictures, `rolecast-${name}.png`) });
}

function graphqlAnswer(page) {
  return page.waitForResponse((response) => {
    const request = response.request();
    return request.url().endsWith("/graphql") && (request.postData() ?? "").includes("BackEndDeveloper");
  });
}

/** California's median of the answer, checked as data before it is looked for on the screen. */
async function median(response) {
  const answer = await response.json();
  check(!answer.errors, `the example query failed: ${JSON.stringify(answer.errors)}`);
  const band = answer.data?.role?.california;
  check(band, "no band for California in the answer");
  check(["EXACT", "AT_LEAST"].includes(band.median.kind), `California's median is ${band.median.kind}`);
  const { release, locator, licence } = band.provenance;
  check(release.label && locator && licence, "California's band does not say where it comes from");
  return band.median;
}

/** Monaco draws only the lines in view, so the answer pane is scrolled until the text appears. */
async function appears(page, text) {
  const pane = page.locator(".result-window");
  await pane.hover();
  for (let turn = 0; turn < 60; turn += 1) {
    // Monaco puts no-break spaces between tokens.
    const shown = (await pane.innerText()).replaceAll("\u00a0", " ");
    if (shown.includes(text)) return;
    await page.mouse.wheel(0, 150);
    await page.waitForTimeout(100);
  }
  throw new Error(`the answer pane never showed ${text}`);
}

async function graphiql(page) {
  await page.goto(new URL("/graphiql", base).href, { waitUntil: "networkidle" });
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  const tabs = await page.locator(".graphiql-tab").count();
  check(tabs >= 5, `${tabs} example tabs instead of five or more`);
  await page.locator(".graphiql-tab").first().click();
  const coming = graphqlAnswer(page);
  await page.locator(".graphiql-execute-button").click();
  const response = await coming;
  const sent = JSON.parse(response.request().postData()).query;
  check(sent.trim() === (await readFile(example, "utf8")).trim(), "the first tab is not the first example");
  const { amount, kind, text } = await median(response);
  await appears(page, `"amount": ${amount}`);
  await picture(page, "graphiql");
  return `California's median: ${text} (${kind})`;
}

async function otherExamples(page) {
  const tabs = page.locator(".graphiql-tab");
  for (let index = 1; index < (await tabs.count()); index += 1) {
    await tabs.nth(index).locator("button").first().click();
    // GraphiQL learns the new tab's operation name a moment after it shows the tab.
    await page.waitForTimeout(800);
    const coming = page.waitForResponse((response) => response.url().endsWith("/graphql"));
    await page.locator(".graphiql-execute-button").click();
    const answer = await (await coming).json();
    check(!answer.errors, `example ${index + 1} failed: ${JSON.stringify(answer.errors)}`);
  }
}

async function start(page) {
  await page.goto(base.href, { waitUntil: "networkidle" });
  await page.locator("table tbody tr").first().waitFor();
  for (const path of ["/graphiql", "/schema.graphql", "/healthz", "/metrics"]) {
    check((await page.locator(`a[href="${path}"]`).count()) === 1, `no link to ${path} on the first page`);
    const { status } = await page.evaluate(async (to) => ({ status: (await fetch(to)).status }), path);
    check(status === 200, `${path} answers ${status}`);
  }
  await picture(page, "index");
}

/** Types into a field without a pause, and takes what is found. */
async function takes(page, field, words, key = "Enter") {
  await page.locator(field).pressSequentially(words);
  await page.locator(field).press(key);
}

const titled = (page, title) => page.locator("#pay h2", { hasText: title }).waitFor();

/** The first page shows what a role pays, and keeps what it shows in its address. */
async function explorer(page) {
  await page.goto(base.href, { waitUntil: "networkidle" });
  const california = page.locator(".band", { hasText: "California" });
  await california.getByText("$239,200 or more").first().waitFor();
  check((await page.locator(".band").count()) === 4, "the first page does not show four places");
  const codes = await page.locator("#pay h2 small").innerText();
  for (const name of ["ISCO-08 ", "NOC 2021 ", "SOC 2018 ", "UK SOC 2020 "]) {
    check(codes.includes(name), `the heading says ${codes}, without ${name}`);
  }
  await page.locator("#role").pressSequentially("registered nur");
  const option = page.locator('#role-list option[value="Registered Nurses"]');
  await option.waitFor({ state: "attached" });
  await page.locator("#role").fill("Registered Nurses");
  await titled(page, "Registered Nurses");
  check(page.url().includes("role=registered-nurses"), `the address does not name the role: ${page.url()}`);
  await page.reload({ waitUntil: "networkidle" });
  await titled(page, "Registered Nurses");
  await picture(page, "pay");
}

/** Words that were never picked from a list are taken with Enter or Tab; where nothing is found, the page says so. */
async function typed(page) {
  await page.goto(base.href, { waitUntil: "networkidle" });
  await takes(page, "#role", "Registered Nurses");
  await titled(page, "Registered Nurses");
  await takes(page, "#role", "data scientists", "Tab");
  await titled(page, "Data Scientists");
  await takes(page, "#place", "Louisville");
  await page.locator(".band", { hasText: "CBSA:31140" }).waitFor();
  check(page.url().includes("CBSA%3A31140"), `the address does not name the place: ${page.url()}`);
  const offers = page.locator("#offers");
  await page.locator("#role").pressSequentially("sr backend eng go");
  await offers.locator("button", { hasText: "Back End Developer" }).click();
  await titled(page, "Back End Developer");
  await takes(page, "#role", "sr backend eng rust");
  await offers.getByText("“sr backend eng rust” is taken for Back End Developer.").waitFor();
  for (const [field, what] of [["#role", "role"], ["#place", "place"]]) {
    await takes(page, field, "zzzz");
    await offers.getByText(`No ${what} is found for “zzzz”.`).waitFor();
    await page.locator(field).fill("");
  }
  await titled(page, "Back End Developer");
}

/** A job that waits, asked for as a client does. */
async function waitingJob() {
  const query = 'mutation { refreshSource(input: { source: "bls-ep" }) { job { state } userErrors { message } } }';
  const answer = await fetch(new URL("/graphql", base), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await answer.json();
  check(data?.refreshSource.job?.state === "WAITING", `no job waits: ${JSON.stringify(data ?? errors)}`);
}

/** The board of jobs asks for the admin token, finds its files and routes, and lists a job that waits. */
async function board(page) {
  const closed = await fetch(new URL("/admin/jobs", base));
  check(closed.status === 401, `the board answers ${closed.status} without a token`);
  await waitingJob();
  await page.goto(new URL("/admin/jobs", base).href, { waitUntil: "load" });
  await page.locator('a[href="/queues/refresh"]').first().click();
  await page.locator('a[href="/queues/refresh/Pending"]').first().click();
  const row = page.locator("tbody tr", { hasText: "Pending" });
  await row.first().waitFor();
  const cells = (await row.first().innerText()).split(/\s+/);
  check(/^[0-9A-Z]{26}$/.test(cells[0]), `the job has no id: ${cells}`);
  await picture(page, "jobs");
  return `a job on the board: ${cells[0]}`;
}

async function main() {
  const profile = await mkdtemp(join(tmpdir(), "rolecast-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browserPath,
    args: quiet,
    viewport: { width: 1400, height: 900 },
    httpCredentials: { username: "admin", password: token, origin: base.origin },
    timeout: 60_000,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const complaints = watch(page);
    try {
      console.log(await graphiql(page));
      await otherExamples(page);
      await start(page);
      await explorer(page);
      await typed(page);
      console.log(await board(page));
    } catch (error) {
      await picture(page, "failure").catch(() => {});
      throw new Error([error.message, ...complaints].join("\n  "));
    }
    check(complaints.length === 0, complaints.join("\n  "));
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

try {
  await main();
  console.log("1 passed, 0 failed");
} catch (error) {
  console.error(`FAILED ${error.message}`);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
