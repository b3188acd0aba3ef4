// Keys and open pages: nothing is taken from under anybody, and nothing is asked too often.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, newClient, open, signedIn } from "./house.mjs";
import { asking, assertText, focused, redrawn, until } from "./walk.mjs";

let house, api, elsewhere;
before(async () => {
  house = await open();
  ({ api, elsewhere } = asking(house));
});
after(async () => { await house?.close(); });

test("story 6: today is walked with j, k and Enter, and redraws when something happens elsewhere", async () => {
  const page = await signedIn(house, "agent");
  await page.goto("/today");
  await page.keyboard.press("j");
  const first = await page.locator(".here").getAttribute("data-item");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  assert.equal(await page.locator(".here").getAttribute("data-item"), first);
  await page.locator("main").evaluate((main) => main.querySelector("h1").setAttribute("data-old", "yes"));
  const other = await signedIn(house, "agent");
  await newClient(other, "Alan Turing");
  await page.waitForFunction(() => !document.querySelector("h1[data-old]"), null, { timeout: 10_000 });
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/clients\//);
  await other.context().close();
  await page.context().close();
});

test("story 6: a page that has just been opened is not fetched a second time", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "Once Only");
  let again = 0;
  page.on("request", (request) => { if (request.headers()["x-fragment"]) again += 1; });
  for (const path of ["/today", client]) {
    await page.goto(path);
    await page.waitForTimeout(1_200);
  }
  assert.equal(again, 0, "nothing had happened since");
  await page.context().close();
});

test("anybody is found with Ctrl K", async () => {
  const page = await signedIn(house, "agent");
  await newClient(page, "Rosalind Franklin");
  await page.goto("/today");
  await page.keyboard.press("Control+k");
  await page.locator("#finder-q").fill("Rosalind");
  await page.locator("#found a").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/clients\/[^/]+$/);
  await assertText(page, "Rosalind Franklin");

  // Enter that ends a conversion of Japanese opens nobody; typed on and entered at once, it opens whom the whole name finds.
  await newClient(page, "Rosa Parks");
  await page.goto("/today");
  await page.keyboard.press("Control+k");
  await page.locator("#finder-q").fill("Rosa");
  await page.locator("#found a").first().waitFor();
  await page.locator("#finder-q").dispatchEvent("keydown", { key: "Enter", bubbles: true, isComposing: true });
  await page.waitForTimeout(300);
  assert.equal(new URL(page.url()).pathname, "/today");
  for (const name of ["Rosalind Franklin", "Rosa Parks"]) {
    await page.goto("/today");
    await page.keyboard.press("Control+k");
    await page.locator("#finder-q").fill("Rosa");
    await page.locator("#found a").nth(1).waitFor();
    await page.locator("#finder-q").fill(name);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/clients\/[^/]+$/);
    assert.match(await page.locator("h1").innerText(), new RegExp(name));
  }
  await page.context().close();
});

test("a redraw takes the focus from nobody", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "Steady Hand");
  await page.goto(client);
  for (const target of [
    page.getByRole("button", { name: "No more calls" }),
    page.locator("main a[data-key=b]"),
    page.locator("summary", { hasText: "Record a consent" }),
  ]) {
    await target.focus();
    await redrawn(page, elsewhere);
    assert.ok(await focused(target), `the focus is on ${await page.evaluate(() => document.activeElement.outerHTML.slice(0, 120))}`);
  }
  // Of buttons that send to one place, the one that sends the same.
  await page.getByRole("button", { name: "No more calls" }).click();
  await page.waitForURL(/said=refused/);
  const reopen = page.getByRole("button", { name: "The client reopened it" });
  await reopen.focus();
  const number = decodeURIComponent(client.split("/").at(-1));
  await redrawn(page, () => api("service", "/v1/refusals", { client: number, topic: "career", source: "words" }));
  assert.equal(await reopen.count(), 2);
  const sends = await page.evaluate(() => [...document.activeElement.form.querySelectorAll("[name=topic], [name=channel]")].map((field) => `${field.name}=${field.value}`));
  assert.deepEqual(sends, ["topic=", "channel=call"]);

  // Where it is gone, the nearest person of the list has it, and never a button that does something.
  const [first, second] = [await newClient(page, "去る人 一"), await newClient(page, "去る人 二")];
  for (const path of [first, second]) {
    await page.goto(`${path}/let-go`);
    await page.getByRole("button", { name: "They asked, and are thinking" }).click();
    await page.waitForURL(/said=recorded/);
  }
  await page.goto("/exits");
  const gone = decodeURIComponent(first.split("/").at(-1));
  await page.locator(`[data-item="${gone}"] a`).first().focus();
  const other = await signedIn(house, "agent");
  await redrawn(page, async () => {
    await other.goto(`${first}/let-go`);
    await other.getByRole("button", { name: "Process it now" }).click();
    await other.waitForURL(/\/receipt/);
  });
  await page.waitForFunction((item) => !document.querySelector(`[data-item="${item}"]`), gone);
  const near = await page.evaluate(() => [document.activeElement.tagName, document.activeElement.closest("[data-item]")?.dataset.item]);
  assert.equal(near[0], "A");
  assert.ok(near[1] && near[1] !== gone, `the focus is in ${near[1]}`);
  assert.deepEqual(page.problems, []);
  await other.context().close();
  await page.context().close();
});

test("a redraw leaves what is being read, and what the last step had to say", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "Older Days");
  const number = decodeURIComponent(client.split("/").at(-1));
  const said = "This binds every channel and every colleague";
  await page.goto(client);
  await page.getByRole("button", { name: "No more calls" }).click();
  await page.waitForURL(/said=refused/);
  for (let times = 0; times < 2; times += 1) {
    await redrawn(page, elsewhere);
    await assertText(page, said);
    assert.equal(await page.locator("main > .flash").count(), 1, "said once");
  }
  const seqs = async () => page.locator(".timeline li[id]").evaluateAll((all) => all.map((entry) => Number(entry.id.slice(1))));
  const newest = Math.max(...(await seqs()));
  await page.goto(`${client}?before=${newest}`);
  assert.equal(await page.getByText(said).count(), 0, "gone with the page that said it");
  const older = await seqs();
  assert.ok(older.length > 0 && Math.max(...older) < newest);
  await redrawn(page, () => api("service", "/v1/needs/stated", { client: number, topic: "career", words: "something new" }));
  assert.deepEqual(await seqs(), older, "the older part is still there, and nothing newer");
  await page.context().close();
});

test("a line of time opens with what is newest, and 'Earlier' goes on just where it ends", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "Much To Tell");
  const number = decodeURIComponent(client.split("/").at(-1));
  for (let k = 1; k <= 24; k += 1) await api("service", "/v1/needs/stated", { client: number, topic: "career", words: `wish ${k}` });
  const seqs = async () => page.locator(".timeline li[id]").evaluateAll((all) => all.map((entry) => Number(entry.id.slice(1))));
  await page.goto(client);
  const newest = await seqs();
  assert.equal(newest.length, 20);
  await page.getByRole("link", { name: "Earlier" }).click();
  await page.waitForURL(/before=/);
  const earlier = await seqs();
  const { items } = await api("agent", `/v1/clients/${number}/timeline?limit=100&cursor=${newest[0] + 1}`);
  assert.deepEqual([...newest, ...earlier].sort((a, b) => b - a), items.map((row) => row.seq), "nothing twice, nothing left out");
  assert.equal(await page.getByRole("link", { name: "Earlier" }).count(), 0);
  await page.context().close();
});

test("an open page asks once at a time, and the less often the longer an answer takes", async () => {
  const page = await signedIn(house, "agent");
  let underWay = 0, most = 0;
  const asked = [];
  await page.route((url) => url.pathname === "/today", async (route) => {
    if (!route.request().headers()["x-fragment"]) return route.continue();
    asked.push(performance.now());
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await route.fulfill({ response: await route.fetch() });
    underWay -= 1;
  });
  await page.goto("/today");
  for (let event = 0; event < 6; event += 1) {
    await elsewhere();
    await page.waitForTimeout(500);
  }
  await until(() => asked.length === 2);
  assert.equal(most, 1);
  // The first took two seconds at least, so twice as long passed before the second, which saw all that had happened meanwhile.
  assert.ok(asked[1] - asked[0] > 6_000, `${asked[1] - asked[0]} ms`);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.context().close();
});

test("a page that nobody sees is not drawn anew until somebody does", async () => {
  const page = await signedIn(house, "agent");
  let asked = 0;
  page.on("request", (request) => { if (request.headers()["x-fragment"]) asked += 1; });
  await page.goto("/today");
  const seen = (hidden) => page.evaluate((value) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
    document.dispatchEvent(new Event("visibilitychange"));
  }, hidden);
  await seen(true);
  await elsewhere();
  await page.waitForTimeout(2_000);
  assert.equal(asked, 0);
  await redrawn(page, () => seen(false));
  assert.equal(asked, 1);
  await page.context().close();
});

test("keys of one letter can be switched off, in both languages, and Ctrl K stays", async () => {
  const first = await signedIn(house, "agent");
  const client = await newClient(first, "Spoken To");
  await first.context().close();
  for (const [lang, name] of [["en", "Keys of one letter"], ["ja", "1文字のショートカットキー"]]) {
    const page = await signedIn(house, "agent", { lang });
    await page.goto("/tour");
    const box = page.getByRole("checkbox", { name });
    assert.equal(await box.isChecked(), true, "on, unless somebody says otherwise");
    assert.deepEqual(await findings(page), []);
    await box.uncheck();
    await page.goto(client);
    assert.equal(await page.locator("main a[data-key=d] kbd").isVisible(), false, "no key is shown that does nothing");
    for (const key of ["d", "b", "x", "j", "?", "/", "g", "t"]) await page.keyboard.press(key);
    await page.waitForTimeout(700);
    assert.equal(new URL(page.url()).pathname, client);
    assert.equal(await page.locator("[data-item].here, dialog[open]").count(), 0);
    await page.keyboard.press("Control+k");
    await page.locator("dialog[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.goto("/tour");
    assert.equal(await box.isChecked(), false, "it is remembered");
    await box.check();
    await page.goto(client);
    await page.keyboard.press("d");
    await page.waitForURL(/\/let-go$/);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});
