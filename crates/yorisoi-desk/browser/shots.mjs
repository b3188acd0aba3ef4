// Pictures of every page, to be looked at: both languages, desk and phone, light and dark.
//
//     npm run shots -- FOLDER [PART OF A NAME]

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { desk, newClient, open, phone, promotedModel, secret, signedIn } from "./house.mjs";

const out = process.argv[2] ?? "shots";
mkdirSync(out, { recursive: true });
const only = process.argv[3];
const looks = [desk, phone].flatMap((viewport) => ["light", "dark"].flatMap((colorScheme) => ["ja", "en"].map((lang) => ({ lang, viewport, colorScheme }))));

const house = await open();
const api = async (role, path, body) => {
  const answer = await fetch(house.address + path, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${secret(house, role)}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

/** Pages that exist only after something was done. */
async function scenes() {
  const agent = await signedIn(house, "agent");
  await agent.goto("/today");
  const list = await agent.locator("li.person h3 a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  const begin = await agent.locator("li.person .act a").first().getAttribute("href");
  const released = await api("lead", "/v1/hand-ons", { client: list.at(-1).split("/").at(-1), action: "peaches" });
  await api("agent", "/v1/exits", { client: list.at(-2).split("/").at(-1) }).catch(() => {});
  const gone = await newClient(agent, "お見送り 済子");
  await agent.goto(`${gone}/let-go`);
  await agent.fill("#keeps", "これまでの記録の写し");
  await agent.fill("#loses", "会員価格");
  await agent.fill("#reason", "引っ越すことになったため。");
  await agent.locator("button[data-key=Enter]").click();
  await agent.waitForURL(/receipt/);
  await agent.context().close();
  const model = await promotedModel(house);
  const lead = await signedIn(house, "lead");
  await lead.goto("/policy");
  await lead.locator("details.card > summary").click();
  await lead.fill("#why", "もう少し待ってから見直します。");
  const policy = JSON.parse(await lead.locator("#document").inputValue());
  policy.look_again_hours += 24;
  await lead.fill("#document", JSON.stringify(policy));
  await lead.locator("details.card button.main").click();
  await lead.waitForURL(/said=drafted/);
  const draft = new URL(lead.url()).pathname;
  await lead.context().close();
  return { list, begin, handOn: `/hand-on/${released.hand_on}`, receipt: `${gone}/receipt`, draft, model };
}

const at = await scenes();
const pages = [
  ["stranger", "/sign-in"],
  ["agent", "/today"], ["agent", "/clients"], ["agent", at.list[0], "client"], ["agent", at.begin, "client-talk"],
  ["agent", `${at.list[1]}/let-go`, "client-let-go"], ["agent", at.receipt, "receipt"], ["agent", "/exits"], ["agent", "/hand-on"],
  ["lead", at.handOn, "hand-on-one"], ["agent", "/tour"], ["agent", "/design"], ["agent", "/no-such-page", "not-found"],
  ["lead", "/today", "today-lead"], ["lead", "/landings"], ["lead", "/proof"], ["lead", "/policy"], ["lead", at.draft, "policy-draft"],
  ["lead", "/exits", "exits-lead"], ["analyst", "/studies"], ["analyst", at.model.study, "study"], ["analyst", "/landings", "landings-analyst"],
  ["privacy", "/privacy"], ["privacy", "/privacy/audit"], ["privacy", at.list[0], "client-privacy"],
].map(([role, path, name]) => [role, path, name ?? path.slice(1).replaceAll("/", "-")]).filter(([, , name]) => !only || name.includes(only));

try {
  for (const look of looks) {
    for (const role of new Set(pages.map(([role]) => role))) {
      const page = await signedIn(house, role, look);
      for (const [, path, name] of pages.filter(([of]) => of === role)) {
        await page.goto(path);
        const size = look.viewport === phone ? "phone" : "desk";
        await page.screenshot({ path: join(out, `${name}.${look.lang}.${size}.${look.colorScheme}.png`), fullPage: true });
      }
      await page.context().close();
    }
  }
} finally {
  await house.close();
}
