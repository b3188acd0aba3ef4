// Pages that exist only after something was done, and what a table is on a phone: accessible, translated, nothing too wide.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk, findings, hiddenColumns, newClient, open, overflow, phone, promotedModel, signedIn, untranslated } from "./house.mjs";

let house;
before(async () => { house = await open(); });
after(async () => { await house?.close(); });

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
