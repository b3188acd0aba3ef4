// Every page, in both languages, for every role that may see it: accessible, translated, nothing too wide.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk, findings, hiddenColumns, newClient, open, overflow, phone, secret, signedIn, untranslated } from "./house.mjs";

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
  for (const lang of ["en", "ja"]) {
    for (const [role, path] of [["stranger", "/sign-in"], ["agent", `${client}/receipt`], ["agent", handOn], ["agent", "/nowhere"], ["lead", version]]) {
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

test("the proof's curve is drawn and said, and ends in the number that is shown", async () => {
  const api = async (path, body, type = "application/json") => {
    const answer = await fetch(house.address + path, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body), headers: { authorization: `Bearer ${secret(house, "service")}`, "content-type": type } });
    assert.ok(answer.ok, `${path}: ${answer.status} ${answer.ok ? "" : await answer.text()}`);
    return answer.json();
  };
  const begin = await signedIn(house, "lead");
  await begin.goto("/proof");
  assert.match(await begin.locator("main").innerText(), /The curve begins once the difference could be told on two days/);
  await begin.context().close();
  // The house's own clock, which is not this machine's.
  const now = Date.parse((await (await fetch(`${house.address}/v1/proof`, { headers: { authorization: `Bearer ${secret(house, "lead")}` } })).json()).at);
  const all = [...Array(900).keys()];
  await api("/v1/clients/import", ["client,zone", ...all.map((k) => `curve-${k},Asia/Tokyo`)].join("\n"), "text/csv");
  const { items } = await api("/v1/decisions/batch", { asks: all.map((k) => ({ client: `curve-${k}` })) });
  // Of those who may be helped four in five stay, of those held out two in five; twenty a day for 45 days.
  for (let from = 0; from < all.length; from += 40) {
    await Promise.all(all.slice(from, from + 40).map((k) => api("/v1/outcomes", {
      client: `curve-${k}`, at: new Date(now - (45 - Math.floor(k / 20)) * 86_400_000).toISOString(),
      value: (k * 7) % 5 < (items[k].answer.decision.holdout === "held_out" ? 2 : 4) ? 1 : 0,
    })));
  }
  for (const lang of ["en", "ja"]) {
    for (const viewport of [desk, phone]) {
      const page = await signedIn(house, "lead", { lang, viewport });
      await page.goto("/proof");
      const at = `the curve (${lang}, ${viewport.width} px)`;
      const figure = page.locator("figure", { has: page.locator("[id='fig-over-time-0-title']") });
      assert.ok((await figure.locator("svg[role=img]").count()) === 1, at);
      await figure.locator("summary").click();
      const shown = (await page.locator("section.verdict strong.number").first().innerText()).replace("−", "-");
      const last = (await figure.locator("tbody tr").last().locator("td").first().innerText()).replace("−", "-");
      assert.ok(Math.abs(Number(last) - Number(shown)) <= 0.1, `${at} ends in ${last}, shown is ${shown}`);
      const said = await page.locator("div.card", { has: figure }).innerText();
      assert.match(said, lang === "en" ? /Zero has lain outside since/ : /からは、ゼロは区間の外にあります/, at);
      assert.deepEqual(await findings(page), [], `accessibility of ${at}`);
      assert.deepEqual(await overflow(page), [], `width of ${at}`);
      assert.deepEqual(await untranslated(page, lang), [], `language of ${at}`);
      await page.context().close();
    }
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
