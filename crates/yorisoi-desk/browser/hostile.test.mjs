// Whatever somebody writes into a field is shown as text or refused with words.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newClient, open, overflow, phone, secret, signedIn } from "./house.mjs";

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

/** Texts that turn the direction of writing and stand where they could turn what is beside them. */
const loose = (page) => page.evaluate(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    // An isolate that is closed in the same text turns nothing beside it.
    const open = node.textContent.replace(/\u2068[^\u2069]*\u2069/g, "");
    if (/[\u202A-\u202E\u2066-\u2069]/.test(open) && !node.parentElement.closest("bdi, q, .quote, textarea, option")) found.push(open.trim().slice(0, 60));
  }
  return found;
});

/** Watches a page for what hostile text would do to it: dialogs, scripts, errors. */
function watched(page) {
  let dialogs = 0;
  page.on("dialog", async (dialog) => { dialogs += 1; await dialog.dismiss(); });
  return async (at) => {
    assert.equal(await page.locator("main :is(script:not([type='application/json']), img, iframe)").count(), 0, at);
    assert.deepEqual(await overflow(page), [], `width of ${at}`);
    assert.deepEqual(await loose(page), [], `${at} isolates what turns round`);
    assert.equal(dialogs, 0, at);
    assert.deepEqual(page.problems.filter((problem) => !/Failed to load resource/.test(problem)), [], at);
  };
}

/** The words with which something was refused. */
async function refused(page, answer, at) {
  assert.ok(answer >= 400 && answer < 500, `${at}: ${answer}`);
  assert.ok((await page.locator("[role=alert]").first().innerText()).length > 20, `${at} says why`);
}

async function api(role, path, body) {
  const answer = await fetch(house.address + path, {
    method: "POST", body: JSON.stringify(body),
    headers: { authorization: `Bearer ${secret(house, role)}`, "content-type": "application/json" },
  });
  return { status: answer.status, body: await answer.json() };
}

test("whoever is let go with hostile words gets a receipt that shows them, and no such day is taken", async () => {
  const page = await signedIn(house, "agent", { viewport: phone });
  const sound = watched(page);
  for (const text of hostile) {
    const client = await newClient(page, text.slice(0, 150));
    const at = `letting go with ${text.slice(0, 20)}`;
    await page.goto(`${client}/let-go`);
    // A day that is none, past the browser's own check, lets nobody go.
    const answered = page.waitForResponse((answer) => answer.request().isNavigationRequest());
    await page.locator("main form").first().evaluate((form, words) => {
      form.noValidate = true;
      form.effective.type = "text";
      form.effective.value = words;
      form.requestSubmit(form.querySelector("button"));
    }, text);
    const day = (await answered).status();
    await page.waitForLoadState("load");
    await refused(page, day, `${at}, as a day`);
    await sound(`${at}, as a day`);
    const sent = await send(page, `${client}/let-go`, `${client}/let-go`, text);
    assert.ok(sent < 400, `${at}: ${sent}`);
    await page.waitForURL(/\/receipt/);
    await page.goto(`${client}/receipt`);
    assert.ok((await page.locator(".receipt").first().innerText()).includes(text.slice(0, 12).trim().replace(/[\u2066-\u2069\u202A-\u202E]/g, "").slice(0, 5)), `${at} is on the receipt`);
    await sound(`${at}, receipt`);
    await page.goto(client);
    await sound(`${at}, client`);
  }
  const client = await newClient(page, "長文 届");
  await page.goto(`${client}/let-go`);
  const { status, said } = await page.evaluate(async (path) => {
    const body = new URLSearchParams({ csrf: document.querySelector("main form").csrf.value, effective: "２０２６／１１／２２", keeps: "y".repeat(10_000_000) });
    const answer = await fetch(path, { method: "POST", body });
    return { status: answer.status, said: await answer.text() };
  }, `${client}/let-go`);
  assert.ok(status >= 400 && status < 500, `ten megabytes are refused: ${status}`);
  assert.match(said, /shorten the text/);
  await page.context().close();
});

test("a day and a number typed in full width are a day and a number", async () => {
  const page = await signedIn(house, "agent");
  const client = await newClient(page, "全角 花子");
  await page.goto(`${client}/let-go`);
  await page.locator("#effective").evaluate((field) => { field.type = "text"; field.value = "２０２６／１２／３１"; });
  await page.getByRole("button", { name: "Process it now" }).click();
  await page.waitForURL(/\/receipt/);
  assert.match(await page.locator(".receipt").first().innerText(), /31 Dec/);
  await page.goto("/hand-on");
  const giver = (await newClient(page, "全角 太郎")).split("/").at(-1);
  await page.goto("/hand-on");
  await page.fill("#client", [...giver].map((c) => (/[!-~]/.test(c) ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c)).join(""));
  await page.getByRole("button", { name: "Release" }).click();
  await page.waitForURL(/said=released/);
  await page.goto(`/clients?q=${encodeURIComponent("全角　太郎")}`);
  assert.match(await page.locator("main").innerText(), /全角 太郎/);
  await page.context().close();
});

test("hostile names and numbers in the forms of export and erasure are saved as they are or refused with words", async () => {
  const page = await signedIn(house, "privacy");
  const sound = watched(page);
  for (const text of hostile) {
    const at = `the rights of ${text.slice(0, 20)}`;
    await page.goto("/privacy");
    for (const form of ["export", "erase"]) {
      const status = await send(page, "/privacy", `/privacy/${form}`, text);
      assert.ok(status >= 400 && status < 500, `${at}, ${form}: ${status}`);
      assert.ok((await page.locator("[role=alert]").first().innerText()).length > 20, `${at}, ${form} says why`);
      await sound(`${at}, ${form}`);
    }
  }
  // Somebody whose number and name are hostile: found, saved in a file of a harmless name, erased.
  const number = '"; x=<b>🎏\\../c';
  const added = await api("service", "/v1/clients", { client: number, name: hostile[0] });
  assert.equal(added.status, 201, JSON.stringify(added.body));
  await page.goto("/privacy");
  await page.fill("#export-client", number);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save everything" }).click()]);
  assert.match(download.suggestedFilename(), /^person-[A-Za-z0-9_.-]*\.json$/);
  const stream = await download.createReadStream();
  let saved = "";
  for await (const chunk of stream) saved += chunk;
  assert.ok(JSON.stringify(JSON.parse(saved)).includes("<script>alert(1)"), "the export is whole");
  await page.goto("/privacy");
  await page.fill("#erase-client", number);
  await page.fill("#erase-again", `${number} `);
  await page.getByRole("button", { name: "Erase this person" }).click();
  await page.waitForURL(/said=erased/);
  await sound("after the erasure");
  const { status } = await page.evaluate(async () => {
    const form = document.querySelector("form[action='/privacy/erase']");
    const body = new URLSearchParams({ csrf: form.csrf.value, client: "y".repeat(10_000_000), again: "y" });
    return { status: (await fetch("/privacy/erase", { method: "POST", body })).status };
  });
  assert.ok(status >= 400 && status < 500, `ten megabytes are refused: ${status}`);
  await page.context().close();
});

/** Sends a file to be studied, and waits until that is over; says how, in the page's words. */
async function studied(page, { treatment = "offer", outcome = "stayed", cluster = "", file }) {
  await page.goto("/studies");
  await page.fill("#treatment", treatment);
  await page.fill("#outcome", outcome);
  await page.fill("#cluster", cluster);
  await page.setInputFiles("#file", file);
  const answered = page.waitForResponse((answer) => answer.request().isNavigationRequest() && answer.request().method() === "POST");
  await page.locator("form[action='/studies']").evaluate((form) => { form.noValidate = true; form.requestSubmit(); });
  const status = (await answered).status();
  await page.waitForLoadState("load");
  if (status >= 400) return { status };
  await page.waitForURL(/\/studies\/\d+/);
  const end = page.locator("main [role=alert], main a.button.main").first();
  await end.waitFor({ timeout: 240_000 });
  return { status, path: new URL(page.url()).pathname, failed: (await page.locator("main [role=alert]").count()) > 0 };
}

const csv = (text, name = "past.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.isBuffer(text) ? text : Buffer.from(text) });

test("a file that is no table is refused in words, whatever it calls itself", async () => {
  const page = await signedIn(house, "analyst", { viewport: phone });
  const sound = watched(page);
  const none = {
    nothing: csv(""),
    "only a head": csv("offer,stayed,age\n"),
    noise: csv(Buffer.from(Array.from({ length: 5_000 }, (_, k) => (k * 7_919) % 256))),
    "a picture that calls itself a table": csv(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), "<img src=x onerror=alert(1)>.csv"),
    "a page": csv(`<!doctype html><script>alert(1)</script>${"<p>hello".repeat(500)}`, "\u202Egpj.page.csv"),
    "a parquet file that is none": csv("PAR1 and nothing", "👩‍🚀.parquet"),
    "a packed file that is none": csv("not packed", "past.csv.gz"),
    "columns of one name": csv("offer,offer,stayed\n1,0,1\n0,1,0\n"),
    "rows of other lengths": csv("offer,stayed,age\n1,0\n0,1,2,3\n"),
    "one cell of ten megabytes": csv(`offer,stayed,age\n1,0,${"y".repeat(10_000_000)}\n`),
  };
  for (const [what, file] of Object.entries(none)) {
    const found = await studied(page, { file });
    assert.ok(found.status < 500, `${what}: ${found.status}`);
    assert.ok(found.status >= 400 || found.failed, `${what} is refused`);
    assert.ok((await page.locator("[role=alert]").first().innerText()).length > 20, `${what} says why`);
    await sound(what);
  }
  for (const text of hostile) {
    const found = await studied(page, { treatment: text, outcome: text, cluster: text, file: csv("offer,stayed,age\n1,0,30\n0,1,40\n") });
    assert.ok(found.status < 500 && (found.status >= 400 || found.failed), `${text.slice(0, 20)}: ${found.status}`);
    await sound(`columns called ${text.slice(0, 20)}`);
  }
  await page.goto("/studies");
  await sound("the list of what was refused");
  await page.context().close();
});

test("a table whose columns and arms have hostile names is studied and shown as text", async () => {
  const page = await signedIn(house, "analyst", { viewport: phone });
  const sound = watched(page);
  const [treatment, outcome, arm] = ["<script>alert(1)</script>", "\u202Edeyats", "👩‍🚀<img src=x onerror=alert(2)>"];
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const share = (k, salt) => { let x = Math.imul(k + 1, 2654435761) ^ Math.imul(salt, 40503); x ^= x >>> 15; x = Math.imul(x, 2246822519); x ^= x >>> 13; return (x >>> 0) / 2 ** 32; };
  const rows = Array.from({ length: 600 }, (_, k) => {
    const helped = share(k, 2) < 0.5;
    return [quoted(helped ? arm : "control"), share(k, 3) < (helped ? 0.7 : 0.4) ? 1 : 0, Math.floor(60 * share(k, 1))].join(",");
  });
  const head = [treatment, outcome, "'; DROP TABLE \"entry\""].map(quoted).join(",");
  const found = await studied(page, { treatment, outcome, file: csv([head, ...rows].join("\n"), `"><svg onload=alert(3)>.csv`) });
  assert.ok(!found.failed, `it is studied: ${await page.locator("main").innerText()}`);
  await sound("the study");
  await page.goto("/studies");
  await sound("the list of studies");
  await page.goto(`${found.path}/report`);
  assert.equal(await page.locator("script:not([type])").count() <= 1, true, "the report's own script and no other");
  assert.equal(await page.locator("img, iframe").count(), 0);
  await sound("the report");
  await page.context().close();
});
