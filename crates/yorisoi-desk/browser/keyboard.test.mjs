// Without a mouse: what the keys of a landing act on, and a conversation by Tab alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, newClient, open, signedIn, untranslated } from "./house.mjs";
import { asking, assertText, focused } from "./walk.mjs";

let house, api, friend, decide;
before(async () => {
  house = await open();
  ({ api, friend, decide } = asking(house));
});
after(async () => { await house?.close(); });

/** A client for whom two acts of help wait for an answer; returns their number. */
async function waiting(name) {
  const client = await friend(name);
  for (const action of ["plan_review", "points"]) {
    const { decision } = await decide(client, action);
    assert.equal(decision.choice.action, action);
  }
  return client;
}

const keyed = ".landings:has([data-key])";
const decision = (group) => group.evaluate((el) => el.closest("form").elements.namedItem("decision").value);

for (const [lang, several, first, neither] of [
  ["en", "More than one waits for an answer", /^How did it land\? .+/, "Neither here nor there"],
  ["ja", "届き方が未記録のものが複数あります", /^.+は、どのように届きましたか$/, "どちらでもない"],
]) {
  test(`story 9: with several open, the keys 1 to 6 act on the landing that has the focus and guess nothing (${lang})`, async () => {
    const client = await waiting("二つ 待つ人");
    const page = await signedIn(house, "lead", { lang });
    const sent = [];
    page.on("request", (request) => { if (request.method() === "POST") sent.push(request.postData()); });
    await page.goto(`/clients/${client}`);
    const groups = page.locator(keyed);
    assert.equal(await groups.count(), 2);
    const [one, other] = [await decision(groups.nth(0)), await decision(groups.nth(1))];

    // Nothing has the focus: nothing is told, the first has the focus now, and the page says so.
    await page.keyboard.press("3");
    assert.ok(await focused(groups.nth(0)), "the first has the focus");
    assert.match(await groups.nth(0).getAttribute("aria-label"), first);
    await assertText(page, several);
    assert.equal(await page.locator("#several").getAttribute("role"), "status");
    assert.deepEqual(sent, [], "nothing was told");
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(await untranslated(page, lang), []);

    // What is nearest to the focus is meant: a button of the second.
    await groups.nth(1).locator("button").first().focus();
    await page.keyboard.press("3");
    await page.waitForURL(/said=landed/);
    assert.equal(sent.length, 1);
    assert.ok(sent[0].includes(`decision=${encodeURIComponent(other)}`), `${sent[0]} is about ${other}`);
    await assertText(page, neither);
    assert.equal(await groups.count(), 1);
    assert.equal(await decision(groups.first()), one);

    // One alone needs no focus.
    await page.goto(`/clients/${client}`);
    await page.keyboard.press("1");
    await page.waitForURL(/said=landed/);
    assert.equal(await groups.count(), 0);
    assert.ok(sent[1].includes(`decision=${encodeURIComponent(one)}`));
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

test("story 9: the number pressed again is for the first, and a redraw keeps the focus and what was said", async () => {
  const client = await waiting("もう 一度");
  const page = await signedIn(house, "lead");
  await page.goto(`/clients/${client}`);
  const one = await decision(page.locator(keyed).first());
  await page.keyboard.press("1");
  await page.locator("main h1").evaluate((head) => head.setAttribute("data-old", "yes"));
  await api("service", "/v1/needs/stated", { client, topic: "career", words: "something new" });
  await page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("h1[data-old]"));
  await assertText(page, "More than one waits for an answer");
  assert.ok(await focused(page.locator(keyed).first()));
  const told = page.waitForRequest((request) => request.method() === "POST");
  await page.keyboard.press("1");
  assert.ok((await told).postData().includes(`decision=${encodeURIComponent(one)}`));
  await page.waitForURL(/said=landed/);
  await page.context().close();
});

/** What keeps somebody from seeing where they are: no mark at what has the focus, or something in front of it. */
async function hidden(page) {
  return page.evaluate(() => {
    const at = document.activeElement;
    const style = getComputedStyle(at);
    const said = `${at.tagName} ${at.textContent.trim().slice(0, 40)}`;
    if (!at.matches(":focus-visible")) return `${said}: no focus to be seen`;
    if (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) < 2) return `${said}: no outline`;
    const box = at.getClientRects()[0];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const front = document.elementFromPoint(x, y);
    return front && (at.contains(front) || front.contains(at)) ? "" : `${said}: behind ${front?.outerHTML.slice(0, 80)}`;
  });
}

/** Goes on by Tab until something has the focus; wherever the focus comes to, it can be seen. */
async function tabbed(page, target) {
  for (let k = 0; k < 120; k += 1) {
    await page.keyboard.press("Tab");
    assert.equal(await hidden(page), "", page.url());
    if (await focused(target)) return;
  }
  assert.fail(`Tab does not lead to ${target} on ${page.url()}`);
}

/** Does what has the focus, and waits for the page it leads to. */
async function enter(page, url) {
  await Promise.all([page.waitForURL(url), page.keyboard.press("Enter")]);
  await page.waitForLoadState("load");
}

test("story 10: the whole conversation goes by Tab and Enter, the focus seen at each step, Cancel reached at each", async () => {
  const page = await signedIn(house, "agent");
  const cancel = page.getByRole("link", { name: "Cancel" });
  const give = page.getByRole("button", { name: "I gave this" });
  // What is suggested is drawn while little is known, and may be to hold: then somebody else is talked to.
  for (let person = 0; ; person += 1) {
    assert.ok(person < 20, "nothing was suggested for twenty people");
    const path = await newClient(page, `鍵盤 ${person}`);
    const client = decodeURIComponent(path.split("/").at(-1));
    const benefit = { benefit: 0.3, low: 0.25, high: 0.35 };
    await api("service", "/v1/effects", { client, effects: { career_advice: benefit, plan_review: benefit } });
    await page.goto(path);
    await tabbed(page, page.getByRole("link", { name: "They have contacted us" }));
    await enter(page, /\/talk\?began=client/);

    // Listen: Cancel first, which leads back and records nothing.
    if (person === 0) {
      await tabbed(page, cancel);
      const lines = (await api("lead", `/v1/clients/${client}/timeline`)).items.length;
      await enter(page, (url) => url.pathname === path);
      const after = (await api("lead", `/v1/clients/${client}/timeline`)).items.length;
      assert.equal(after, lines, "nothing was recorded");
      await tabbed(page, page.getByRole("link", { name: "They have contacted us" }));
      await enter(page, /\/talk\?began=client/);
    }
    await tabbed(page, page.getByRole("button", { name: "work and career" }));
    await enter(page, /topic=career/);

    // Ask whether we may.
    if (person === 0) {
      await tabbed(page, cancel);
      await page.reload();
    }
    await tabbed(page, page.getByRole("button", { name: "“Yes, please”" }));
    await enter(page, /said=recorded/);

    // Give.
    if ((await give.count()) === 0) continue;
    await tabbed(page, cancel);
    await page.reload();
    await tabbed(page, give.first());
    await enter(page, /decision=|\/talk\/provide/);
    if (page.url().includes("decision=")) break;
    await assertText(page, "decision.stopped");
  }
  // Listen again.
  await tabbed(page, cancel);
  await page.reload();
  await tabbed(page, page.getByRole("button", { name: "It helped" }));
  await enter(page, /said=landed/);
  await assertText(page, "It helped");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
