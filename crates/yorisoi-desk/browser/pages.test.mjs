// Every page, in both languages, for every role that may see it: accessible, translated, nothing too wide.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { brokenNumbers, desk, findings, hiddenColumns, open, overflow, phone, signedIn, untranslated } from "./house.mjs";

const places = {
  agent: ["/today", "/clients", "/exits", "/hand-on", "/policy", "/tour", "/design"],
  lead: ["/today", "/clients", "/exits", "/hand-on", "/landings", "/proof", "/policy", "/privacy/audit"],
  analyst: ["/landings", "/proof", "/studies", "/policy"],
  privacy: ["/clients", "/privacy", "/privacy/audit"],
};

let house;
before(async () => { house = await open(); });
after(async () => { await house?.close(); });

/** Those of its own and those about one person, which are found through the list of clients. */
async function pathsOf(role, page) {
  if (role === "analyst") return places[role];
  await page.goto("/clients");
  const client = await page.locator("tr[data-item] a").first().getAttribute("href");
  const talks = role === "privacy" ? [] : [`${client}/talk`, `${client}/let-go`];
  return [...places[role], client, ...talks];
}

for (const role of Object.keys(places)) {
  for (const lang of ["en", "ja"]) {
    test(`${role} reads every page in ${lang}`, async () => {
      const page = await signedIn(house, role, { lang });
      for (const path of await pathsOf(role, page)) {
        for (const viewport of [desk, phone]) {
          await page.setViewportSize(viewport);
          const response = await page.goto(path);
          const at = `${path} (${lang}, ${viewport.width} px)`;
          assert.equal(response.status(), 200, at);
          assert.equal(await page.locator("html").getAttribute("lang"), lang, at);
          // What a reader hears is the same at every width: a language has its own, so that both are looked at.
          if (viewport === (lang === "en" ? desk : phone)) assert.deepEqual(await findings(page), [], `accessibility of ${at}`);
          assert.deepEqual(await overflow(page), [], `width of ${at}`);
          assert.deepEqual(await hiddenColumns(page), [], `tables of ${at}`);
          assert.deepEqual(await brokenNumbers(page), [], `numbers of ${at}`);
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
    for (const path of await pathsOf(role, page)) {
      await page.goto(path);
      assert.deepEqual(await findings(page), [], path);
    }
    await page.context().close();
  });
}

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
  // What a script would unfold is there without one, and can be sent.
  await page.goto("/clients");
  await page.locator("tr[data-item] a").first().click();
  await page.getByText("Add a need").click();
  await page.fill("#need-topic", "plan");
  await page.fill("#need-words", "I would like to pay less.");
  await page.getByRole("button", { name: "Record what was said" }).click();
  await page.waitForURL(/said=/);
  assert.match(await page.locator("main").innerText(), /I would like to pay less\./);
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
