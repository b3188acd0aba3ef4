// Handing on: one unit goes from whom it does not suit to whom it delights, or back to be offered again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, open, signedIn, untranslated } from "./house.mjs";
import { asking, assertText } from "./walk.mjs";

let house, api, friend, decide;
before(async () => {
  house = await open();
  ({ api, friend, decide } = asking(house));
  // In the sample world peaches are right for a few people only, on some days for two: these six may be asked as well.
  for (let k = 1; k <= 6; k += 1) await friend(`友人 ${k}`);
});
after(async () => { await house?.close(); });

/** Somebody for whom a box of peaches is kept, and a note about them that is nobody else's business. */
async function giver(page, name) {
  const client = await friend(name);
  const kept = await decide(client, "peaches");
  assert.equal(kept.decision.choice.action, "peaches", JSON.stringify(kept.suppressed));
  await page.goto(`/clients/${client}`);
  await page.fill("#note-text", "CANARY: is allergic to peaches");
  await page.check("#confidential");
  await page.locator("section[aria-labelledby=write] form").first().getByRole("button").click();
  await page.waitForURL(/said=noted/);
  return client;
}

/** The boxes of peaches that are left. */
async function left() {
  const { supply } = await api("lead", "/v1/capacity");
  return supply.find((row) => row.action === "peaches").left;
}

/** Releases what is kept for a client; returns the page of what is handed on. */
async function release(page, client) {
  await page.goto("/hand-on");
  await page.fill("#client", client);
  await page.selectOption("#action", "peaches");
  await page.getByRole("button", { name: "Release", exact: true }).click();
  await page.waitForURL(/\/hand-on\/[^/?]+\?said=released/);
  return new URL(page.url()).pathname;
}

/** Offers it to one of those whom it would help; returns who that is. */
async function offer(page, handOn, besides) {
  for (let attempt = 0; ; attempt += 1) {
    // An offer is a decision whose draw may be to hold: then the next is asked.
    assert.ok(attempt < 20, "of twenty who were asked, nobody was offered it");
    await page.goto(handOn);
    const people = page.locator("li.person");
    const found = await people.count();
    assert.ok(found > 0, "nobody may be asked");
    const one = people.nth(attempt % found);
    const client = await one.getAttribute("data-item");
    const name = await one.locator("h3").innerText();
    assert.ok(!besides.includes(client), `${client} is not asked`);
    await one.getByRole("button", { name: "Offer it" }).click();
    await page.waitForURL(/said=offered|\/offer$/);
    if (page.url().includes("said=offered")) return { client, name };
  }
}

test("story 11: what one cannot use is handed on to whom it delights; no unit is lost and no note travels", async () => {
  const page = await signedIn(house, "lead");
  const from = await giver(page, "桃 太郎");
  const before = await left();
  const handOn = await release(page, from);
  const to = await offer(page, handOn, [from]);
  await assertText(page, to.name);
  assert.equal(await left(), before, "offered, it is the same unit");
  await page.getByRole("button", { name: "They take it" }).click();
  await page.waitForURL(/said=accepted/);
  await assertText(page, "桃 太郎");
  await assertText(page, to.name);
  assert.equal(await left(), before, "taken, it is still the same unit");
  assert.deepEqual(await findings(page), []);

  // The second knows nothing of the first, and the first hears no more of it.
  for (const path of [handOn, "/hand-on", `/clients/${to.client}`]) {
    await page.goto(path);
    assert.ok(!(await page.content()).includes("CANARY"), `${path} carries a note of somebody else`);
  }
  await page.goto(`/clients/${to.client}`);
  assert.ok(!(await page.locator("main").innerText()).includes("桃 太郎"), "nor the name of the giver");
  const again = await decide(from, "peaches");
  assert.notEqual(again.decision.choice.action, "peaches");
  await page.context().close();
});

test("story 11: who does not want it is not asked again, and the unit is free for somebody else", async () => {
  const page = await signedIn(house, "lead");
  const from = await giver(page, "桃 次郎");
  const before = await left();
  const handOn = await release(page, from);
  const first = await offer(page, handOn, [from]);
  await page.getByRole("button", { name: "They decline" }).click();
  await page.waitForURL(/said=declined/);
  assert.equal(await left(), before, "declined, the unit is still there once");
  assert.equal(await page.locator("h1 + .row .tag").innerText(), "free");
  assert.equal(await page.locator(`li.person[data-item="${first.client}"]`).count(), 0, "a no is a no");
  assert.deepEqual(await findings(page), []);
  await page.goto("/hand-on");
  const line = page.locator(`li.person[data-item="${decodeURIComponent(handOn.split("/").at(-1))}"]`);
  assert.match(await line.innerText(), /declined by 1/);

  // Their own page says it in one line, and nothing of the giver.
  await page.goto(`/clients/${first.client}`);
  assert.equal(await page.locator(".timeline li", { hasText: "Did not want what somebody passed on" }).count(), 1);
  const theirs = await page.locator("main").innerText();
  assert.ok(!theirs.includes("桃 次郎") && !theirs.includes("CANARY"));
  const ja = await signedIn(house, "lead", { lang: "ja" });
  await ja.goto(`/clients/${first.client}`);
  assert.equal(await ja.locator(".timeline li", { hasText: "おすそわけはご遠慮されました" }).count(), 1);
  await ja.goto(handOn);
  assert.deepEqual(await untranslated(ja, "ja"), []);
  await ja.context().close();

  // Somebody else takes the same unit.
  const second = await offer(page, handOn, [from, first.client]);
  await page.getByRole("button", { name: "They take it" }).click();
  await page.waitForURL(/said=accepted/);
  await assertText(page, second.name);
  assert.equal(await left(), before);
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
