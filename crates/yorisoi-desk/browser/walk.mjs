// How a story is walked: what is asked of the API beside the pages, and what is looked for on them.

import assert from "node:assert/strict";
import { secret } from "./house.mjs";

/** Questions to the API of a house, for what happens beside the desk. */
export function asking(house) {
  /** Asks the API with the token of a role: for what another program would have done before the story begins. */
  async function api(role, path, body, type = "application/json") {
    const answer = await fetch(house.address + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${secret(house, role)}`, "content-type": type },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** A client who may be talked to and advised, and is not held out; returns their number. */
  async function friend(name) {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      const { client } = await api("service", "/v1/clients", { name, zone: "Asia/Tokyo" });
      for (const consent of ["talk", "advise"]) await api("service", "/v1/consents", { client, consent, source: "words" });
      const { decision } = await api("service", "/v1/decisions", { client, dry: true });
      if (decision.holdout !== "held_out") return client;
    }
    throw new Error("forty people in a row were held out");
  }

  /**
   * Decides on just one action that is known to help, and keeps what it takes. Now and then the draw is to hold, so that what
   * helps can be learned: nothing is kept then, and it is asked again.
   */
  async function decide(client, action) {
    const effects = { [action]: { benefit: 0.3, low: 0.25, high: 0.35 } };
    let answer;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      answer = await api("service", "/v1/decisions", { client, only: [action], effects });
      if (answer.decision.choice.action === action || answer.suppressed) break;
    }
    return answer;
  }

  /** Something that happens in the house and concerns nobody else. */
  const elsewhere = () => api("service", "/v1/clients", { name: "Somebody Else", zone: "Asia/Tokyo" });

  return { api, friend, decide, elsewhere };
}

/** The number in front of a word on the page, such as 3 of "3 of 12 used". */
export async function count(page, pattern) {
  const body = await page.locator("main").innerText();
  const found = body.match(pattern);
  assert.ok(found, `${pattern} is not on ${page.url()}:\n${body.slice(0, 2_000)}`);
  return Number(found[1].replaceAll(",", ""));
}

/** Presses Tab until something has the focus. */
export async function tabTo(page, target) {
  for (let k = 0; k < 80; k += 1) {
    if (await focused(target)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("Tab does not lead there");
}

/** Whether something has the focus. */
export async function focused(target) {
  return target.evaluate((element) => element === document.activeElement);
}

/** Does something that an open page is told of, and waits until the page has drawn itself anew. */
export async function redrawn(page, happens) {
  await page.locator("main h1").evaluate((head) => head.setAttribute("data-old", "yes"));
  await happens();
  await page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("h1[data-old]"), null, { timeout: 10_000 });
}

/** Waits until something is so. */
export async function until(holds, limit_ms = 30_000) {
  for (const end = Date.now() + limit_ms; Date.now() < end; ) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`it is not so: ${holds}`);
}

/** Passes if a text stands on the page. */
export async function assertText(page, text) {
  const body = await page.locator("body").innerText();
  assert.ok(body.includes(text), `“${text}” is not on ${page.url()}:\n${body.slice(0, 1_500)}`);
}

/** Whether Tab reaches something of that name. */
export async function reachable(page, name) {
  return page.evaluate((wanted) => {
    const focusable = [...document.querySelectorAll("a[href], button:not(:disabled)")];
    return focusable.some((element) => element.checkVisibility() && element.tabIndex >= 0 && element.textContent.includes(wanted));
  }, name);
}
