// A house to walk in: starts the program over a sample world, opens a browser, signs people in.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const program = process.env.YORISOI ?? join(import.meta.dirname, "../../../target/debug/yorisoi");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Chromium reaches for its maker's hosts at every start; here nothing leaves the machine.
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];

/** Starts the sample world and returns its address, the tokens by role, and how to end it. */
export async function open() {
  const folder = mkdtempSync(join(tmpdir(), "yorisoi-desk-"));
  const server = spawn(program, ["demo", "--only", "desk", "--data", folder, "--listen", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((_, fail) => server.once("exit", (code) => fail(new Error(`the program ended with ${code}`))));
  const firstLine = new Promise((resolve) => createInterface({ input: server.stdout }).once("line", resolve));
  const house = JSON.parse(await Promise.race([firstLine, ended]));
  ended.catch(() => {});
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet });
  return {
    address: house.address,
    tokens: house.tokens,
    folder,
    pid: server.pid,
    browser,
    async close() {
      await browser.close();
      server.kill("SIGTERM");
      await new Promise((resolve) => (server.exitCode === null ? server.once("exit", resolve) : resolve()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const desk = { width: 1280, height: 900 };
export const phone = { width: 390, height: 844 };

/** The secret of the n-th token of a role. */
export function secret(house, role, n = 0) {
  const token = house.tokens.filter((one) => one.role === role)[n];
  if (!token) throw new Error(`the sample world has no ${role} ${n}`);
  return token.secret;
}

/** A page where somebody of this role is signed in and reads this language; a stranger stands before the door. */
export async function signedIn(house, role, { lang = "en", viewport = desk, colorScheme = "light", javaScriptEnabled = true, n = 0 } = {}) {
  const context = await house.browser.newContext({ viewport, colorScheme, javaScriptEnabled, locale: lang === "ja" ? "ja-JP" : "en-GB", baseURL: house.address });
  const errors = [];
  const foreign = [];
  context.on("request", (request) => { if (!request.url().startsWith(house.address) && !request.url().startsWith("data:")) foreign.push(request.url()); });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) errors.push(message.text()); });
  await page.goto("/sign-in");
  if (role === "stranger") return Object.assign(page, { problems: errors, foreign });
  await page.fill("#token", secret(house, role, n));
  await page.click("button.main");
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  return Object.assign(page, { problems: errors, foreign });
}

/** Adds a client of one's own, so that no story depends on another. */
export async function newClient(page, name) {
  await page.goto("/clients");
  await page.locator("summary", { hasText: "Add somebody" }).click();
  await page.fill("#add-name", name);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForURL(/\/clients\/[^/?]+\?said=added/);
  return new URL(page.url()).pathname;
}

/** Studies past calls that helped the older half, the same each time, and lets the model decide. */
export async function promotedModel(house) {
  const share = (k, salt) => { let x = Math.imul(k + 1, 2654435761) ^ Math.imul(salt, 40503); x ^= x >>> 15; x = Math.imul(x, 2246822519); x ^= x >>> 13; return (x >>> 0) / 2 ** 32; };
  const rows = Array.from({ length: 1_500 }, (_, k) => {
    const age = 20 + Math.floor(60 * share(k, 1));
    const called = share(k, 2) < 0.5;
    const stayed = share(k, 3) < (called && age > 50 ? 0.85 : 0.5) ? 1 : 0;
    return `${called ? "plan_review" : "control"},${stayed},${age}`;
  });
  const analyst = await signedIn(house, "analyst");
  await analyst.goto("/studies");
  await analyst.fill("#treatment", "action");
  await analyst.fill("#outcome", "stayed");
  await analyst.setInputFiles("#file", { name: "calls.csv", mimeType: "text/csv", buffer: Buffer.from(["action,stayed,age", ...rows].join("\n")) });
  await analyst.getByRole("button", { name: "Begin" }).click();
  await analyst.waitForURL(/\/studies\/\d+/);
  const study = new URL(analyst.url()).pathname;
  await analyst.getByRole("button", { name: "Register its model" }).waitFor({ timeout: 240_000 });
  await analyst.getByRole("button", { name: "Register its model" }).click();
  await analyst.waitForURL(/said=registered/);
  await analyst.getByRole("button", { name: "See it in shadow" }).first().click();
  await analyst.getByRole("button", { name: "Let it decide" }).click();
  await analyst.waitForURL(/said=promoted/);
  await analyst.context().close();
  return { study };
}

/** Serious findings of the accessibility checker, WCAG 2.2 AA. */
export async function findings(page) {
  // The page's policy forbids injected scripts, so the checker comes in by the debugger's own way.
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    // What passes is not listed, and no style sheet is fetched a second time: that costs most of the time.
    resultTypes: ["violations"], preload: false,
  }));
  return result.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(" | ")}`);
}

/** Numbers that are broken over two lines: 31 is not 3 and 1. */
export async function brokenNumbers(page) {
  return page.evaluate(() => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!/^\s*[\d,.]{2,}\s*$/.test(text.data) || !text.parentElement.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      if (new Set([...range.getClientRects()].map((rect) => Math.round(rect.top))).size > 1) found.push(text.data.trim());
    }
    return found;
  });
}

/** Whether anything is wider than the window. */
export async function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const inScroller = (element) => element.closest(".scroll, .places, pre, textarea");
    return [...document.querySelectorAll("body *")]
      .filter((element) => !inScroller(element) && element.getBoundingClientRect().right > width + 1)
      .slice(0, 5)
      .map((element) => `${element.tagName}.${element.className}`);
  });
}

/** Tables that hide a part of themselves beside what is seen of them. */
export async function hiddenColumns(page) {
  return page.evaluate(() => [...document.querySelectorAll(".scroll")]
    .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.getAttribute("aria-label")}: ${element.scrollWidth} in ${element.clientWidth} px`));
}

/** Text that stands in the other language: whole words, outside names, codes and what people wrote. */
export async function untranslated(page, lang) {
  return page.evaluate((wanted) => {
    const exempt = "bdi, code, kbd, q, .quote, textarea, input, select, option, datalist, script, style, [translate=no], table.matrix th p, .receipt dd";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!element || element.closest(exempt) || !element.checkVisibility()) continue;
      const marked = element.closest("[lang]")?.lang;
      if (marked && marked !== wanted) continue;
      const text = node.textContent.trim();
      const english = /\b[A-Za-z]{2,}\b(?:[ ,.]+\b[A-Za-z]{2,}\b){2,}/.test(text);
      const japanese = /[\u3040-\u30ff]{2,}/.test(text);
      if ((wanted === "ja" && english) || (wanted === "en" && japanese)) found.push(text.slice(0, 80));
    }
    return found;
  }, lang);
}
