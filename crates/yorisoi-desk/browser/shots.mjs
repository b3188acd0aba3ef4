// Pictures of every page, to be looked at: both languages, desk and phone, light and dark.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { desk, open, phone, signedIn } from "./house.mjs";

const out = process.argv[2] ?? "shots";
mkdirSync(out, { recursive: true });
const only = process.argv[3];
const pages = [
  ["agent", "/today"], ["agent", "/clients"], ["agent", "CLIENT"], ["agent", "CLIENT/talk"], ["agent", "CLIENT/let-go"], ["agent", "/exits"],
  ["agent", "/hand-on"], ["lead", "/landings"], ["lead", "/proof"], ["lead", "/policy"], ["analyst", "/studies"], ["privacy", "/privacy"],
  ["privacy", "/privacy/audit"], ["agent", "/tour"], ["agent", "/design"],
].filter(([, path]) => !only || path.includes(only));
const looks = [["en", desk, "light"], ["ja", desk, "light"], ["ja", phone, "light"], ["en", desk, "dark"], ["en", phone, "dark"]];

const house = await open();
try {
  for (const [lang, viewport, colorScheme] of looks) {
    for (const role of new Set(pages.map(([role]) => role))) {
      const page = await signedIn(house, role, { lang, viewport, colorScheme });
      let client;
      for (const [, path] of pages.filter(([of]) => of === role)) {
        if (path.startsWith("CLIENT") && !client) {
          await page.goto("/today");
          client = await page.locator("li.person h3 a, .peace a").first().getAttribute("href", { timeout: 5000 });
        }
        await page.goto(path.replace("CLIENT", client));
        const name = path.replaceAll("/", "-").replace(/^-/, "").toLowerCase();
        await page.screenshot({ path: join(out, `${name}.${lang}.${viewport === phone ? "phone" : "desk"}.${colorScheme}.png`), fullPage: true });
      }
      await page.context().close();
    }
  }
} finally {
  await house.close();
}
