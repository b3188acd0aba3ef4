// Changing safely and rights: the stories of lead, analyst and privacy officer.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { desk, findings, newClient, open, signedIn, untranslated } from "./house.mjs";
import { asking, assertText } from "./walk.mjs";

let house, api;
before(async () => {
  house = await open();
  ({ api } = asking(house));
});
after(async () => { await house?.close(); });

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

/** What the pairs of a section say, by their heads. */
async function pairs(page, section) {
  const all = await page.locator(`section[aria-labelledby=${section}] .pairs > div`).evaluateAll((rows) => rows.map((row) => [
    row.querySelector("dt").innerText.trim(), row.querySelector("dd").innerText.replace(/\s+/g, " ").trim(),
  ]));
  return Object.fromEntries(all);
}

/**
 * Passes if a page shows a number with its interval as it is, in hundredths with one decimal: cut at what is possible, and
 * rounded, whichever way a five goes.
 */
function tells(shown, { estimate, low, high, n }, least) {
  const numbers = [...shown.replaceAll("−", "-").matchAll(/[+-]?\d[\d,]*(?:\.\d+)?/g)].map(([text]) => Number(text.replaceAll(",", "")));
  assert.equal(numbers[3], n, shown);
  for (const [k, value] of [estimate, low, high].entries()) {
    const exact = 100 * Math.min(1, Math.max(least, value));
    assert.ok(Math.abs(numbers[k] - exact) <= 0.05 + 1e-9, `${shown} is not ${exact}`);
  }
}

test("story 14: the numbers of a rehearsal on its page are those that the API gives", async () => {
  const { policy } = await api("lead", "/v1/policies/live");
  const page = await signedIn(house, "lead");
  const names = Object.fromEntries(policy.actions.map((action) => [action.id, action.name.en]));
  // People of whom every third left, so that the numbers have something to tell whatever the sample world drew.
  const all = Array.from({ length: 60 }, (_, k) => `told-${k}`);
  await api("service", "/v1/clients/import", ["client,zone", ...all.map((client) => `${client},Asia/Tokyo`)].join("\n"), "text/csv");
  await api("service", "/v1/decisions/batch", { asks: all.map((client) => ({ client })) });
  for (const [k, client] of all.entries()) await api("service", "/v1/outcomes", { client, value: k % 3 === 0 ? 0 : 1 });
  // The catalogue under which the sample world was decided has every chance of the log; a nuisance that weighs more changes
  // choices, and nobody may be reached where the cap is none.
  const asBefore = (draft) => Object.assign(draft.actions.find((action) => action.id === "peaches"), { supply: 12, expires_at: null });
  for (const [why, change, isOther] of [
    ["as before, to look again later", (draft) => { asBefore(draft); draft.look_again_hours += 5; }, false],
    ["a nuisance weighs more", (draft) => { draft.values.nuisance_minor *= 4; }, true],
    ["nobody is reached", (draft) => { draft.contact.caps[0].max = 0; }, true],
  ]) {
    const draft = structuredClone(policy);
    change(draft);
    const { fingerprint } = await api("lead", "/v1/policies", { document: JSON.stringify(draft), why });
    const told = await api("lead", `/v1/policies/${fingerprint}/rehearse`, "");
    await page.goto(`/policy/${fingerprint}`);
    const shown = await pairs(page, "rehearsal");
    assert.ok(told.decisions > 50, `${told.decisions} decisions`);
    assert.equal(told.different > 0, isOther, `${why}: ${told.different}`);
    assert.ok(isOther || !told.refused, told.refused?.en);
    assert.equal(Number(shown["Decisions replayed"]), told.decisions);
    assert.equal(Number(shown["Would be another"]), told.different);
    assert.equal(Number(shown["Would be left in peace instead"]), told.loses.total);
    assert.equal(Number(shown["Would be contacted instead"]), told.gains.total);
    assert.equal(shown["To leave in peace"], `${told.holds}, would be ${told.would_hold}`);
    tells(shown["Outcome as it was"], told.value_logged, 0);
    if (told.refused) {
      assert.ok(shown["Outcome it would have had"].includes(told.refused.en.slice(0, 40)), shown["Outcome it would have had"]);
    } else {
      tells(shown["Outcome it would have had"], told.value, 0);
      tells(shown["The same, reckoned without leaning"], told.ips, 0);
      tells(shown["The same, helped by how each action went for others"], told.doubly_robust, 0);
      tells(shown["Difference from the outcome as it was"], told.gain, -1);
    }
    if (told.effective_n !== null) assert.equal(Number(shown["Decisions that carry this number"].replaceAll(",", "")), Math.round(told.effective_n));
    const moves = Object.entries(told.moves).flatMap(([was, to]) => Object.entries(to).map(([then, n]) => [names[was], names[then], n].join(" | ")));
    const rows = await page.locator("section[aria-labelledby=rehearsal] tbody tr").evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.innerText.trim()).join(" | ")));
    assert.deepEqual([...rows].sort(), moves.sort());
    assert.deepEqual(await findings(page), []);
  }
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

test("story 15: a token issued at the desk opens it at once, and revoked there it opens nothing any more", async () => {
  const page = await signedIn(house, "privacy");
  await page.goto("/privacy");
  await page.locator("summary", { hasText: "Issue a token" }).click();
  await page.fill("#token", "newcomer");
  await page.selectOption("#role", "lead");
  await page.locator("form[action='/privacy/tokens']").getByRole("button", { name: "Issue a token" }).click();
  const flash = page.locator("[role=status]", { hasText: "the only time the secret is shown" });
  await flash.waitFor();
  const given = (await flash.locator("code").innerText()).trim();
  assert.deepEqual(await findings(page), []);
  await page.goto("/privacy");
  assert.ok(!(await page.content()).includes(given), "it is shown once");

  // It opens the desk and the API, for what its role may do.
  const asked = async () => (await fetch(`${house.address}/v1/policies/live`, { headers: { authorization: `Bearer ${given}` } })).status;
  const context = await house.browser.newContext({ viewport: desk, locale: "en-GB", baseURL: house.address });
  const theirs = await context.newPage();
  await theirs.goto("/sign-in");
  await theirs.fill("#token", given);
  await theirs.click("button.main");
  await theirs.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
  assert.equal((await theirs.goto("/today")).status(), 200);
  assert.equal((await theirs.goto("/studies")).status(), 403);
  assert.equal(await asked(), 200);

  const row = page.locator("section[aria-labelledby=tokens] tbody tr", { hasText: "newcomer" });
  await row.getByRole("button", { name: "Revoke newcomer" }).click();
  await page.waitForURL(/said=revoked/);
  assert.equal(await asked(), 401, "the API refuses it at once");
  await theirs.goto("/today");
  assert.equal(new URL(theirs.url()).pathname, "/sign-in", "so does the desk, where it was signed in");
  await theirs.fill("#token", given);
  await theirs.click("button.main");
  await theirs.locator("[role=alert]").waitFor();
  assert.equal(new URL(theirs.url()).pathname, "/sign-in");
  assert.match(await row.innerText(), /revoked/);
  assert.equal(await row.getByRole("button").count(), 0, "nothing is left to revoke");

  // Both steps are in the ledger, called by what they are in either language.
  for (const [lang, issued, revoked] of [["en", "Token issued", "Token revoked"], ["ja", "トークンの発行", "トークンの無効化"]]) {
    const audit = await signedIn(house, "privacy", { lang });
    for (const [kind, called] of [["token_issued", issued], ["token_revoked", revoked]]) {
      await audit.goto("/privacy/audit");
      await audit.selectOption("#a-kind", kind);
      await audit.locator("form[action='/privacy/audit'] button").click();
      await audit.waitForURL(new RegExp(`kind=${kind}`));
      assert.ok((await audit.locator("tbody tr").count()) > 0, kind);
      for (const line of await audit.locator("tbody tr").allInnerTexts()) assert.ok(line.includes(called), line);
      assert.deepEqual(await untranslated(audit, lang), []);
    }
    await audit.context().close();
  }
  await context.close();
  await page.context().close();
});

test("a study is made of a table that lies here, and of no other file", async () => {
  const rows = Array.from({ length: 400 }, (_, k) => `${k % 2 ? "call" : "none"},${(k >> 1) % 2},${20 + ((k * 7) % 50)}`);
  mkdirSync(join(house.folder, "tables"));
  writeFileSync(join(house.folder, "tables", "past.csv"), ["offer,stayed,age", ...rows].join("\n"));
  const page = await signedIn(house, "analyst");
  await page.goto("/studies");
  assert.deepEqual(await page.locator("#here option").allInnerTexts(), ["none: upload one below", "past.csv"]);
  await page.fill("#treatment", "offer");
  await page.fill("#outcome", "stayed");
  await page.selectOption("#here", "past.csv");
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL(/\/studies\/\d+/);
  await page.getByRole("link", { name: "Open the report" }).waitFor({ timeout: 240_000 });
  await page.goto("/studies");
  await page.locator("#here option").last().evaluate((option) => { option.value = "../ledger.sqlite"; });
  await page.fill("#treatment", "offer");
  await page.fill("#outcome", "stayed");
  await page.selectOption("#here", { index: 1 });
  await page.getByRole("button", { name: "Begin" }).click();
  await assertText(page, "This was not done");
  await page.context().close();
});

test("a study that runs is watched without the page being loaded again", async () => {
  const rows = Array.from({ length: 1_500 }, (_, k) => `${k % 2 ? "call" : "none"},${(k >> 1) % 2},${20 + ((k * 7) % 51)},${(k * 13) % 89}`);
  const page = await signedIn(house, "analyst");
  await page.goto("/studies");
  await page.fill("#treatment", "offer");
  await page.fill("#outcome", "stayed");
  await page.setInputFiles("#file", { name: "watched.csv", mimeType: "text/csv", buffer: Buffer.from(["offer,stayed,age,visits", ...rows].join("\n")) });
  const loaded = [];
  page.on("response", (answer) => { if (answer.request().isNavigationRequest()) loaded.push(answer); });
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL(/\/studies\/\d+/);
  assert.equal(await page.locator("progress").count(), 1, "it runs");
  assert.equal(loaded.at(-1).headers().refresh, undefined);
  const before = loaded.length;
  await page.getByRole("link", { name: "Look again" }).focus();
  await page.locator("main h1").evaluate((head) => head.setAttribute("data-old", "yes"));
  await page.waitForFunction(() => !document.querySelector("h1[data-old]"), null, { timeout: 60_000 });
  const at = await page.evaluate(() => ({ isRunning: document.querySelector("progress") !== null, focus: document.activeElement.textContent }));
  if (at.isRunning) assert.equal(at.focus, "Look again", "who waits keeps the focus");
  await page.getByRole("link", { name: "Open the report" }).waitFor({ timeout: 240_000 });
  assert.equal(loaded.length, before, "no page was loaded again");
  assert.deepEqual(page.problems, []);
  await page.context().close();
});
