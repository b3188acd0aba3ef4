// The stories, each walked as somebody at the desk walks it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, open, signedIn } from "./house.mjs";

let house;
before(async () => { house = await open(); });
after(async () => { await house?.close(); });

/** Adds a client of one's own, so that no story depends on another. */
async function newClient(page, name) {
  await page.goto("/clients");
  await page.locator("summary", { hasText: "Add somebody" }).click();
  await page.fill("#add-name", name);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.waitForURL(/\/clients\/[^/?]+\?said=added/);
  return new URL(page.url()).pathname;
}

test("story 2: “no more calls” is one tap and binds", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "佐藤 静香");
  await page.getByRole("button", { name: "No more calls" }).click();
  await page.waitForURL(/said=refused/);
  await assertText(page, "the channel “call”");
  await page.goto(`${client}/talk`);
  await page.context().close();
});

test("story 3: decided means done, in two actions, with a receipt", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "田中 一郎");
  await page.goto(client);
  // One: the key for "decided". Two: the confirmation.
  await page.keyboard.press("d");
  await page.waitForURL(/\/let-go$/);
  await page.getByRole("button", { name: "Process it now" }).click();
  await page.waitForURL(/\/receipt/);
  await assertText(page, "Thank you");
  assert.ok((await page.locator(".receipt code").first().textContent()).length > 3, "the receipt has a number");
  assert.deepEqual(await findings(page), []);
  // Nothing is offered from then on, and the talk says so.
  await page.goto(`${client}/talk`);
  assert.equal(await page.locator(".steps").count(), 0);
  await assertText(page, "There is nothing to offer here");
  await page.context().close();
});

test("story 10: what could be offered is not on the page until permission is recorded", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "Ada Lovelace");
  await page.goto(`${client}/talk`);
  const topic = page.locator("button[name=topic]").first();
  await topic.click();
  await page.waitForURL(/topic=/);
  await assertText(page, "Locked until the permission is recorded");
  assert.equal(await page.getByRole("button", { name: "I gave this" }).count(), 0);
  // Cancel can be reached by keyboard at this and every step.
  assert.ok(await reachable(page, "Cancel"), "cancel by keyboard");
  await page.keyboard.press("y");
  await page.waitForURL(/said=recorded/);
  await assertText(page, "The permission is in the ledger");
  assert.ok(await reachable(page, "Cancel"), "cancel by keyboard after permission");
  assert.deepEqual(await findings(page), []);
  await page.context().close();
});

test("story 10: after “no” the panel closes and the refusal stands", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "Grace Hopper");
  await page.goto(`${client}/talk`);
  await page.locator("button[name=topic]").first().click();
  await page.waitForURL(/topic=/);
  await page.keyboard.press("n");
  await page.waitForURL(/said=refused/);
  await assertText(page, "No means no");
  await page.context().close();
});

test("story 10: an inferred need is shown only as a question, and its “no” is a refusal", async () => {
  const page = await signedIn(house, "agent");
  await newClient(page, "鈴木 花子");
  await page.locator("summary", { hasText: "Add a need" }).click();
  await page.fill("#question-topic", "career");
  await page.fill("#question-words", "How do you find your work these days?");
  await page.getByRole("button", { name: "Keep as a question" }).click();
  await page.waitForURL(/said=recorded/);
  await assertText(page, "How do you find your work these days?");
  await page.getByRole("button", { name: "“No”" }).click();
  await page.waitForURL(/said=refused/);
  await assertText(page, "the topic “career”");
  await page.context().close();
});

test("story 9: how it landed is one tap on what is open", async () => {
  const page = await signedIn(house, "agent");
  await page.goto("/today");
  const begin = page.locator("li.person a.button.main").first();
  if ((await begin.count()) === 0) return assert.fail("the sample world gives this hour to nobody");
  await begin.click();
  await page.waitForURL(/\/talk/);
  const give = page.getByRole("button", { name: "I gave this" }).first();
  if ((await give.count()) === 0) { await page.keyboard.press("y"); await page.waitForURL(/said=recorded/); }
  await page.getByRole("button", { name: "I gave this" }).first().click();
  await page.waitForURL(/decision=/);
  await page.keyboard.press("1");
  await page.waitForURL(/said=landed/);
  await assertText(page, "It helped");
  await page.context().close();
});

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
  await page.context().close();
});

test("story 14: a draft is published by a second person only", async () => {
  const page = await signedIn(house, "lead");
  await page.goto("/policy");
  await page.locator("summary", { hasText: "Draft a change" }).click();
  await page.fill("#why", "wait a little longer");
  const text = await page.locator("#document").inputValue();
  const policy = JSON.parse(text);
  policy.look_again_hours += 1;
  await page.fill("#document", JSON.stringify(policy));
  await page.getByRole("button", { name: "Keep as a draft" }).click();
  await page.waitForURL(/said=drafted/);
  const draft = new URL(page.url()).pathname;
  await assertText(page, "Rehearsed on the log");
  await page.getByRole("button", { name: "I have read it; publish" }).click();
  await assertText(page, "This was not done");
  const second = await signedIn(house, "lead", { n: 1 });
  await second.goto(draft);
  await second.getByRole("button", { name: "I have read it; publish" }).click();
  await second.waitForURL(/said=published/);
  await second.goto("/policy");
  await second.getByRole("button", { name: "Back to the version before" }).click();
  await second.waitForURL(/said=rolled-back/);
  await second.context().close();
  await page.context().close();
});

test("story 15: a privacy officer verifies, exports and erases; nothing of the person is shown again", async () => {
  const agent = await signedIn(house, "agent");
  const client = await newClient(agent, "Canary Ωφ Person");
  const number = decodeURIComponent(client.split("/").at(-1));
  const page = await signedIn(house, "privacy");
  await page.goto("/privacy");
  await page.getByRole("button", { name: "Verify all of it" }).click();
  await assertText(page, "entries are whole and in their place");
  await page.goto("/privacy");
  await page.fill("#export-client", number);
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save everything" }).click()]);
  const saved = await (await import("node:fs/promises")).readFile(await file.path(), "utf8");
  assert.ok(saved.includes("Canary Ωφ Person"));
  await page.fill("#erase-client", number);
  await page.fill("#erase-again", number);
  await page.getByRole("button", { name: "Erase this person" }).click();
  await page.waitForURL(/said=erased/);
  await agent.goto("/clients?q=Canary");
  assert.ok(!(await agent.locator("main").textContent()).includes("Canary Ωφ"));
  await page.context().close();
  await agent.context().close();
});

test("hostile input in a field is shown as text or refused with words", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "👩‍🚀 <b>Zoë</b> \"'&");
  let dialogs = 0;
  page.on("dialog", async (dialog) => { dialogs += 1; await dialog.dismiss(); });
  for (const text of ["<script>alert(1)</script>", "\u202Eright to left\u202C", "<img src=x onerror=alert(2)>", "'; DROP TABLE entry; --", "𝒶\u0000b", "x".repeat(19_000)]) {
    await page.goto(client);
    await page.fill("#note-text", text);
    await page.locator("section[aria-labelledby=write] form").first().getByRole("button").click();
    await page.waitForLoadState("load");
    assert.equal(await page.locator("main script, main img").count(), 0, text.slice(0, 20));
  }
  assert.equal(dialogs, 0);
  const status = await page.evaluate(async (path) => {
    const form = document.querySelector("section[aria-labelledby=write] form");
    const body = new URLSearchParams({ csrf: form?.csrf?.value ?? "", text: "y".repeat(10_000_000) });
    return (await fetch(`${path}/note`, { method: "POST", body })).status;
  }, client);
  assert.ok(status >= 400 && status < 500, `ten megabytes are refused: ${status}`);
  await page.context().close();
});

async function assertText(page, text) {
  const body = await page.locator("body").innerText();
  assert.ok(body.includes(text), `“${text}” is not on ${page.url()}:\n${body.slice(0, 1_500)}`);
}

/** Whether Tab reaches something of that name. */
async function reachable(page, name) {
  return page.evaluate((wanted) => {
    const focusable = [...document.querySelectorAll("a[href], button:not(:disabled)")];
    return focusable.some((element) => element.checkVisibility() && element.tabIndex >= 0 && element.textContent.includes(wanted));
  }, name);
}
