// A browser without a screen, and pages in it that may not complain, ask for anything, or run what a name says.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const executablePath = process.env.RELATA_CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
if (!executablePath) throw new Error("there is no Chromium: run `cargo xtask setup`, or set RELATA_CHROMIUM to one");

if (!process.env.RELATA) throw new Error("set RELATA to the program to test");
export const relata = resolve(process.env.RELATA);

export const folder = mkdtempSync(join(tmpdir(), "relata-view-"));

// WebGL by software, as test machines have no graphics; without a sandbox, as tests may run as root.
export const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
});

/** Makes a page of a graph (an object, or a file) and says where it lies. */
export function makePage(name, graph, title = name, options = []) {
  const input = typeof graph === "string" ? graph : join(folder, `${name}.json`);
  if (typeof graph !== "string") writeFileSync(input, JSON.stringify(graph));
  const output = join(folder, `${name}.html`);
  const { status } = spawnSync(relata, ["view", input, "-o", output, "--title", title, ...options], { stdio: ["ignore", "inherit", "inherit"] });
  // The page of an empty graph is written, but says with its code that there is nothing.
  assert.equal(status, typeof graph !== "string" && graph.nodes.length === 0 ? 1 : 0);
  return output;
}

/** Opens a page and waits until it is drawn. `check` afterwards tells whether it kept quiet. */
export async function openPage(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "light", acceptDownloads: true, offline: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints = [];
  page.on("console", (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("popup", (popup) => complaints.push(`window: ${popup.url()}`));
  const address = pathToFileURL(file).href;
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("blob:")) complaints.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  const started = performance.now();
  await page.goto(address);
  await page.waitForSelector("html[data-ready]");
  // Two frames: the first is asked for, the second has it on the screen.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const seconds = (performance.now() - started) / 1000;
  const check = async () => {
    assert.deepEqual([...complaints, ...(await page.evaluate(() => window.violations))], []);
    await context.close();
  };
  return { page, seconds, check };
}

/** Where a node or a group is drawn, in coordinates of the window, and how much is drawn. */
export async function where(page, what) {
  const told = await page.evaluate((detail) => {
    const app = document.getElementById("app");
    app.dispatchEvent(new CustomEvent("relata:where", { detail }));
    return JSON.parse(app.dataset.where);
  }, what);
  const box = await page.locator("#graph-view").boundingBox();
  return { ...told, place: told.place && { x: told.place.x + box.x, y: told.place.y + box.y } };
}

/** Numbers of nodes and edges that pass the filters. */
export async function counts(page) {
  const { nodes, edges } = await page.locator("#counts").evaluate((element) => ({ ...element.dataset }));
  return [Number(nodes), Number(edges)];
}
