// Whatever somebody writes into a field is shown as text or refused with words.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newClient, open, overflow, phone, signedIn } from "./house.mjs";

let house;
before(async () => { house = await open(); });
after(async () => { await house?.close(); });

const hostile = [
  "<script>alert(1)</script><img src=x onerror=alert(2)>",
  "\u202Ethgir ot tfel\u202C \u2067abc",
  "👩‍🚀 \"'&' OR 1=1; DROP TABLE entry; --",
  "１２３４５ ﾊﾝｶｸ 氏名",
  "長い".repeat(90),
];

/** Forms that end something for everybody are walked by their own stories. */
const spared = /\/(erase|revoke|sign-out|publish|roll-back|let-go|verify|export|language)$/;

/** What can be written into on a page: the addresses of forms that have a field for text. */
async function writable(page, path) {
  await page.goto(path);
  const actions = await page.locator("main form").evaluateAll((all) => all
    .filter((form) => !form.enctype.startsWith("multipart") && form.querySelector("input:not([type=hidden], [type=checkbox], [type=radio], [type=date]), textarea"))
    .map((form) => form.getAttribute("action")));
  return [...new Set(actions)].filter((action) => !spared.test(action ?? ""));
}

/** Fills every field of a form, whatever the browser would let through, and sends it; says what came of it. */
async function send(page, path, action, text) {
  await page.goto(path);
  const answered = page.waitForResponse((answer) => answer.request().isNavigationRequest());
  await page.locator(`main form[action="${action}"]`).first().evaluate((form, words) => {
    for (const field of form.querySelectorAll("input:not([type=hidden], [type=checkbox], [type=radio], [type=date]), textarea")) field.value = words;
    for (const radio of form.querySelectorAll("input[type=radio]")) radio.checked = true;
    form.noValidate = true;
    form.requestSubmit(form.querySelector("button"));
  }, text);
  const answer = await answered;
  await page.waitForLoadState("load");
  return answer.status();
}

for (const [role, paths] of [["agent", ["CLIENT", "CLIENT/talk", "/clients", "/hand-on"]], ["lead", ["/policy", "/privacy/audit"]], ["privacy", ["/privacy"]]]) {
  test(`hostile input in every field that ${role} can write in is shown as text or refused with words`, async () => {
    const page = await signedIn(house, role);
    const client = role === "agent" ? await newClient(page, hostile[0]) : "";
    let dialogs = 0;
    let sent = 0;
    page.on("dialog", async (dialog) => { dialogs += 1; await dialog.dismiss(); });
    for (const path of paths.map((one) => one.replace("CLIENT", client))) {
      for (const action of await writable(page, path)) {
        for (const text of hostile) {
          const status = await send(page, path, action, text).catch((error) => assert.fail(`${action} with ${text.slice(0, 20)} on ${page.url()}: ${error}`));
          const at = `${action} with ${text.slice(0, 20)}: ${status}`;
          sent += 1;
          assert.ok(status < 500, at);
          if (status >= 400) assert.ok((await page.locator("[role=alert]").innerText()).length > 20, `${at} says why`);
          assert.equal(await page.locator("main :is(script:not([type='application/json']), img, iframe)").count(), 0, at);
          assert.deepEqual(await overflow(page), [], at);
        }
      }
    }
    assert.ok(sent >= 5, `${sent} forms were sent`);
    assert.equal(dialogs, 0);
    assert.deepEqual(page.problems.filter((problem) => !/Failed to load resource/.test(problem)), []);
    await page.context().close();
  });
}

test("what people wrote cannot turn round or push aside what stands beside it, and too much is refused", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, hostile[1]);
  await page.setViewportSize(phone);
  for (const path of [client, `${client}/talk`, `${client}/let-go`, "/clients", "/today"]) {
    await page.goto(path);
    assert.deepEqual(await overflow(page), [], path);
    const loose = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (/[\u202A-\u202E\u2066-\u2069]/.test(node.textContent) && !node.parentElement.closest("bdi, q, .quote, textarea")) found.push(node.textContent.trim().slice(0, 60));
      }
      return found;
    });
    assert.deepEqual(loose, [], `${path} isolates what turns round`);
  }
  await page.goto(client);
  const { status, said } = await page.evaluate(async (path) => {
    const form = document.querySelector("section[aria-labelledby=write] form");
    const body = new URLSearchParams({ csrf: form?.csrf?.value ?? "", text: "y".repeat(10_000_000) });
    const answer = await fetch(`${path}/note`, { method: "POST", body });
    return { status: answer.status, said: await answer.text() };
  }, client);
  assert.ok(status >= 400 && status < 500, `ten megabytes are refused: ${status}`);
  assert.match(said, /shorten the text/);
  await page.context().close();
});
