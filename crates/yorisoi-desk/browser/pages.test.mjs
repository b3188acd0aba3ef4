// Every page, in both languages, for every role that may see it: accessible, translated, nothing too wide.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk, findings, hiddenColumns, newClient, open, overflow, phone, promotedModel, signedIn, untranslated } from "./house.mjs";

const places = {
  agent: ["/today", "/clients", "/exits", "/hand-on", "/policy", "/tour", "/design"],
  lead: ["/today", "/clients", "/exits", "/hand-on", "/landings", "/proof", "/policy", "/privacy/audit"],
  analyst: ["/landings", "/proof", "/studies", "/policy"],
  privacy: ["/clients", "/privacy", "/privacy/audit"],
};

let house;
before(async () => { house = await open(); });
after(async () => { await house?.close(); });

/** Pages about one person, found through the pages that lead there. */
async function about(page) {
  await page.goto("/clients");
  const client = await page.locator("tr[data-item] a").first().getAttribute("href");
  return [client, `${client}/talk`, `${client}/let-go`];
}

for (const role of Object.keys(places)) {
  for (const lang of ["en", "ja"]) {
    test(`${role} reads every page in ${lang}`, async () => {
      const page = await signedIn(house, role, { lang });
      const paths = role === "agent" ? [...places[role], ...(await about(page))] : places[role];
      for (const path of paths) {
        for (const viewport of [desk, phone]) {
          await page.setViewportSize(viewport);
          const response = await page.goto(path);
          const at = `${path} (${lang}, ${viewport.width} px)`;
          assert.equal(response.status(), 200, at);
          assert.equal(await page.locator("html").getAttribute("lang"), lang, at);
          assert.deepEqual(await findings(page), [], `accessibility of ${at}`);
          assert.deepEqual(await overflow(page), [], `width of ${at}`);
          assert.deepEqual(await hiddenColumns(page), [], `tables of ${at}`);
          assert.deepEqual(await untranslated(page, lang), [], `language of ${at}`);
        }
      }
      assert.deepEqual(page.problems, []);
      assert.deepEqual(page.foreign, [], "no request leaves the house");
      await page.context().close();
    });
  }
}

for (const role of Object.keys(places)) {
  test(`dark pages are as readable as light ones for ${role}`, async () => {
    const page = await signedIn(house, role, { colorScheme: "dark", lang: "ja" });
    for (const path of role === "agent" ? [...places[role], ...(await about(page))] : places[role]) {
      await page.goto(path);
      assert.deepEqual(await findings(page), [], path);
    }
    await page.context().close();
  });
}

/** A study of a table in which everybody got the same: why there is none to report. */
async function failedStudy() {
  const analyst = await signedIn(house, "analyst");
  await analyst.goto("/studies");
  await analyst.fill("#treatment", "offer");
  await analyst.fill("#outcome", "stayed");
  const rows = Array.from({ length: 200 }, (_, k) => `none,${k % 2},${20 + (k % 51)}`);
  await analyst.setInputFiles("#file", { name: "one-arm.csv", mimeType: "text/csv", buffer: Buffer.from(["offer,stayed,age", ...rows].join("\n")) });
  await analyst.getByRole("button", { name: "Begin" }).click();
  await analyst.waitForURL(/\/studies\/\d+/);
  const study = new URL(analyst.url()).pathname;
  await analyst.locator("progress").waitFor({ state: "detached", timeout: 60_000 });
  await analyst.context().close();
  return study;
}

test("pages that exist only after something was done are as good as the others", async () => {
  const agent = await signedIn(house, "agent");
  const client = await newClient(agent, "お見送り 済子");
  await agent.goto(`${client}/let-go`);
  await agent.getByRole("button", { name: "Process it now" }).click();
  await agent.waitForURL(/receipt/);
  await agent.goto("/today");
  const giver = await agent.locator("li.person").last().getAttribute("data-item");
  await agent.goto("/hand-on");
  await agent.fill("#client", giver);
  await agent.getByRole("button", { name: "Release" }).click();
  await agent.waitForURL(/said=released/);
  const handOn = new URL(agent.url()).pathname;
  await agent.context().close();
  const lead = await signedIn(house, "lead");
  await lead.goto("/policy");
  const version = await lead.locator("section[aria-labelledby=history] a").first().getAttribute("href");
  await lead.context().close();
  const { study } = await promotedModel(house);
  const failed = await failedStudy();
  for (const lang of ["en", "ja"]) {
    for (const [role, path] of [["stranger", "/sign-in"], ["agent", `${client}/receipt`], ["agent", handOn], ["agent", "/nowhere"], ["lead", version],
      ["agent", "/proof"], ["analyst", study], ["analyst", failed], ["analyst", "/studies"], ["lead", "/proof"]]) {
      const page = await signedIn(house, role, { lang });
      for (const viewport of [desk, phone]) {
        await page.setViewportSize(viewport);
        await page.goto(path);
        const at = `${path} (${lang}, ${viewport.width} px)`;
        assert.deepEqual(await findings(page), [], `accessibility of ${at}`);
        assert.deepEqual(await overflow(page), [], `width of ${at}`);
        assert.deepEqual(await hiddenColumns(page), [], `tables of ${at}`);
        assert.deepEqual(await untranslated(page, lang), [], `language of ${at}`);
      }
      await page.context().close();
    }
  }
});

test("on a phone a row of a table is a card, and still a row of a table to those who hear it", async () => {
  for (const lang of ["en", "ja"]) {
    const page = await signedIn(house, "privacy", { lang, viewport: phone });
    await page.goto("/privacy/audit");
    const table = page.getByRole("table");
    const heads = await table.getByRole("columnheader").allTextContents();
    assert.equal(heads.length, 5, "the heads are read aloud");
    const row = table.getByRole("row").nth(1);
    assert.equal(await row.getByRole("rowheader").count(), 1);
    assert.equal(await row.getByRole("cell").count(), 4);
    const lines = await row.locator("td").evaluateAll((cells) => cells.map((cell) => ({
      top: cell.getBoundingClientRect().top, shown: getComputedStyle(cell, "::before").content.split(" / ")[0], left: cell.getBoundingClientRect().left,
    })));
    assert.deepEqual(lines.map((line) => line.shown), heads.slice(1).map((head) => JSON.stringify(head)), "each cell says whose it is");
    assert.ok(lines.every((line, k) => k === 0 || (line.top > lines[k - 1].top && line.left === lines[0].left)), "each on a line of its own");
    await page.setViewportSize(desk);
    const tops = await row.locator("th, td").evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().top)));
    assert.equal(new Set(tops).size, 1, "side by side on a desk");
    assert.equal(await row.locator("td").first().evaluate((cell) => getComputedStyle(cell, "::before").content), "none");
    await page.context().close();
  }
});

// A curve takes weeks of outcomes after people were dealt with, which nobody can write down in a minute: the walk sees how it
// begins, the tests of the use case see how it ends.
test("the proof says when its curve will begin", async () => {
  for (const lang of ["en", "ja"]) {
    const page = await signedIn(house, "lead", { lang });
    await page.goto("/proof");
    const said = await page.locator("main").innerText();
    assert.match(said, lang === "en" ? /The curve begins once the difference could be told on two days/ : /差を求められる日が2日に達すると/);
    await page.context().close();
  }
});

test("a page and all it loads weigh less than 300 kB", async () => {
  const page = await signedIn(house, "agent");
  // In a context of its own nothing is cached.
  const cookies = await page.context().cookies();
  const fresh = await house.browser.newContext({ baseURL: house.address });
  await fresh.addCookies(cookies);
  const first = await fresh.newPage();
  const bodies = [];
  // The stream of changes has no end to wait for.
  first.on("response", (response) => { if (!response.url().includes("/desk/changes")) bodies.push(response.body().catch(() => Buffer.alloc(0))); });
  await first.goto("/today", { waitUntil: "load" });
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
  await fresh.close();
  assert.ok(bytes > 1_000 && bytes < 300_000, `${bytes} bytes`);
  await page.context().close();
});

test("pages can be read with scripts off", async () => {
  const page = await signedIn(house, "agent", { javaScriptEnabled: false });
  await page.goto("/today");
  assert.ok(await page.locator("h1").isVisible());
  assert.ok((await page.locator("li.person, .empty").count()) > 0);
  await page.context().close();
});

test("what a role may not see is refused in words, and no other host is ever sent to", async () => {
  const page = await signedIn(house, "analyst");
  const response = await page.goto("/clients");
  assert.equal(response.status(), 403);
  assert.ok(await page.locator("[role=alert]").isVisible());
  await page.context().close();
  const stranger = await (await house.browser.newContext({ baseURL: house.address })).newPage();
  await stranger.goto("/clients");
  assert.match(stranger.url(), /\/sign-in\?back=/);
  await stranger.goto("/sign-in?back=//evil.example/");
  assert.equal(await stranger.locator("input[name=back]").first().getAttribute("value"), "/");
  await stranger.context().close();
});

test("a form of another session is refused", async () => {
  const page = await signedIn(house, "agent");
  await page.goto("/clients");
  const client = await page.locator("tr[data-item] a").first().getAttribute("href");
  const status = await page.evaluate(async (path) => (await fetch(`${path}/note`, {
    method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "csrf=wrong&text=hello",
  })).status, client);
  assert.equal(status, 403);
  await page.context().close();
});

test("the tour leads nobody to where they may not go, and lists every key", async () => {
  for (const role of Object.keys(places)) {
    const page = await signedIn(house, role);
    await page.goto("/tour");
    const ways = await page.locator("main .step a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    const letters = await page.locator("#keys .pairs > div").filter({ has: page.locator("kbd", { hasText: /^g$/ }) }).locator("kbd").allInnerTexts();
    const listed = await page.locator("#keys kbd").allInnerTexts();
    for (const key of ["j", "k", "Enter", "/", "?", "b", "i", "d", "x", "y", "w", "n", "0", "q", "1", "6"]) assert.ok(listed.includes(key), `${key} is listed for ${role}`);
    for (const way of ways) assert.equal((await page.goto(way)).status(), 200, `${role} is shown ${way}`);
    for (const letter of "tcehlp") {
      await page.goto("/tour");
      const isTheirs = letters.slice(1).includes(letter);
      const gone = isTheirs ? page.waitForNavigation() : page.waitForTimeout(300);
      await page.keyboard.press("g");
      await page.keyboard.press(letter);
      const answer = await gone;
      if (isTheirs) assert.equal(answer.status(), 200, `g ${letter} for ${role}`);
      else assert.equal(new URL(page.url()).pathname, "/tour", `g ${letter} is none of ${role}'s`);
    }
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});
