// How soon does each page stand on the screen, and how much does it weigh? First paint of words in Chromium over
// loopback, in the sample world; beside it a page of one word, which is what the browser itself takes.
//
//     YORISOI=target/release/yorisoi npm run paint -- [TIMES]
//
// The weight is that of the page with style, script and picture, as they are sent. Ends with 1 if a page misses what is asked.

import { open, signedIn } from "./house.mjs";

const PAINT_MS = 100;
const WEIGHT_BYTES = 300_000;
const times = Number(process.argv[2] ?? 11);

const house = await open();

/** Opens an address and returns when its first words were painted, in ms from the beginning, and what it weighs in bytes. */
async function visit(page, address) {
  await page.goto(address);
  return page.evaluate(async () => {
    const painted = await new Promise((resolve) => {
      new PerformanceObserver((list) => {
        const first = list.getEntries().find((one) => one.name === "first-contentful-paint");
        if (first) resolve(first.startTime);
      }).observe({ type: "paint", buffered: true });
    });
    const parts = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    const sent = parts.filter((one) => !one.name.includes("/desk/changes"));
    return { painted, weight: sent.reduce((sum, one) => sum + one.encodedBodySize, 0) };
  });
}

/** Every page, by who opens it. */
async function pages() {
  const agent = await signedIn(house, "agent");
  await agent.goto("/today");
  const client = await agent.locator("li.person h3 a").first().getAttribute("href");
  const talk = await agent.locator("li.person .act a").first().getAttribute("href");
  await agent.context().close();
  return {
    stranger: ["/sign-in"],
    agent: ["/today", "/clients", client, talk, `${client}/let-go`, "/exits", "/hand-on", "/tour", "/design"],
    lead: ["/today", "/landings", "/proof", "/policy", "/exits"],
    analyst: ["/studies", "/landings"],
    privacy: ["/privacy", "/privacy/audit", client],
  };
}

const middle = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
const line = (name, painted, weight) => {
  const found = [middle(painted), Math.max(...painted), painted[0]].map((one) => one.toFixed(0).padStart(5));
  const kept = weight === undefined ? "" : middle(painted) <= PAINT_MS && weight <= WEIGHT_BYTES ? "kept" : "MISSED";
  const heavy = weight === undefined ? "" : `${Math.ceil(weight / 1000)} kB`;
  console.log(`${name.padEnd(44)} ${found[0]} ms ${found[1]} ms ${found[2]} ms ${heavy.padStart(7)}  ${kept}`);
  return kept !== "MISSED";
};

let kept = true;
try {
  console.log(`first paint of words, median, longest and first of ${times}; weight (asked: median under ${PAINT_MS} ms, under ${WEIGHT_BYTES / 1000} kB)`);
  for (const [role, paths] of Object.entries(await pages())) {
    const page = await signedIn(house, role);
    const empty = [];
    for (let k = 0; k < times; k++) empty.push((await visit(page, "data:text/html,<title>.</title><p>.")).painted);
    line(`${role}: a page of one word`, empty);
    for (const path of paths) {
      const found = [];
      for (let k = 0; k < times; k++) found.push(await visit(page, path));
      const of = path.replace(/\/clients\/[^/]+/, "/clients/…").replace(/\?.*/, "");
      kept = line(`${role} ${of}`, found.map((one) => one.painted), found.at(-1).weight) && kept;
    }
    if (page.problems.length) throw new Error(page.problems.join("\n"));
    await page.context().close();
  }
} finally {
  await house.close();
}
process.exitCode = kept ? 0 : 1;
