// What was given after its decision had ended is told with its time; and what matters before a call stands first.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk, findings, open, overflow, phone, signedIn, untranslated } from "./house.mjs";
import { asking, assertText, tabTo } from "./walk.mjs";

let house, api, friend, decide;
before(async () => {
  house = await open();
  ({ api, friend, decide } = asking(house));
});
after(async () => { await house?.close(); });

/** A client to whom something was to be given, and was not; returns both numbers and when. */
async function givenBack(name) {
  const client = await friend(name);
  const { decision } = await decide(client, "plan_review");
  assert.equal(decision.choice.action, "plan_review");
  await api("service", `/v1/decisions/${decision.id}/give-back`, {});
  return { client, decision: decision.id, at: decision.at };
}

/** The minute of an instant by the clock of the house, as a field of a browser holds it; the sample world has its own calendar. */
const minute = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo", dateStyle: "short", timeStyle: "short" }).format(new Date(at)).replace(" ", "T");

for (const [lang, summary, line] of [["en", "It was given at another time", "Delivered by"], ["ja", "別の日時にお渡ししていた", "お届けしました"]]) {
  for (const javaScriptEnabled of [true, false]) {
    test(`story 8: what was given after its decision had ended is told with its time (${lang}, script ${javaScriptEnabled ? "on" : "off"})`, async () => {
      const { client, decision, at } = await givenBack("のちに 伝える人");
      const page = await signedIn(house, "lead", { lang, javaScriptEnabled });
      await page.goto(`/clients/${client}`);
      const opener = page.locator("summary", { hasText: summary });
      await tabTo(page, opener);
      await page.keyboard.press("Enter");
      await page.locator("#delivered-what").selectOption(decision);
      await page.locator("#delivered-at").fill(minute(at));
      if (javaScriptEnabled) {
        assert.deepEqual(await findings(page), []);
        assert.deepEqual(await untranslated(page, lang), []);
      }
      await page.locator("form[action$='/delivered'] button").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/said=recorded/);
      await assertText(page, line);
      const known = await api("service", `/v1/decisions/${decision}`);
      assert.equal(known.state, "carried_out");
      assert.equal(await page.locator("summary", { hasText: summary }).count(), 0, "there is nothing more to tell of");
      assert.equal(await page.locator(".landings").count(), 1, "how it landed is asked now");
      await page.context().close();
    });
  }
}

test("a time before the decision is refused in words, and nothing is recorded", async () => {
  for (const [lang, words] of [["en", "it lies before the decision"], ["ja", "判断より前の日時です"]]) {
    const { client, decision } = await givenBack("早すぎる 時刻");
    const page = await signedIn(house, "lead", { lang });
    await page.goto(`/clients/${client}`);
    await page.locator("details:has(#delivered-at) > summary").click();
    await page.locator("#delivered-at").fill("2020-01-01T10:00");
    await page.locator("form[action$='/delivered'] button").click();
    await assertText(page, words);
    assert.equal((await api("service", `/v1/decisions/${decision}`)).state, "given_back");
    await page.context().close();
  }
});

test("before the line of time stands what matters before a call: on a phone above it, by ear before it", async () => {
  const client = await friend("先に 見るもの");
  await decide(client, "plan_review");
  for (const lang of ["en", "ja"]) {
    for (const [viewport, isPhone] of [[phone, true], [desk, false]]) {
      const page = await signedIn(house, "lead", { lang, viewport });
      await page.goto(`/clients/${client}`);
      const order = await page.locator("main h2[id]").evaluateAll((heads) => heads.map((head) => head.id));
      for (const first of ["consent", "needs", "landed"]) assert.ok(order.indexOf(first) < order.indexOf("life"), `${first}: ${order}`);
      for (const last of ["busy", "write", "facts"]) assert.ok(order.indexOf(last) > order.indexOf("life"), `${last}: ${order}`);
      const top = async (id) => (await page.locator(`#${id}`).boundingBox()).y;
      const [consent, landed, life, facts] = [await top("consent"), await top("landed"), await top("life"), await top("facts")];
      if (isPhone) assert.ok(consent < landed && landed < life && life < facts, `${[consent, landed, life, facts]}`);
      // At a desk they stand side by side, and the cards follow one another without a gap.
      else assert.ok(Math.abs(consent - life) < 60 && landed < facts, `${[consent, landed, life, facts]}`);
      assert.deepEqual(await overflow(page), []);
      await page.context().close();
    }
  }
});
