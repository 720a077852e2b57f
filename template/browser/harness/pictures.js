// Takes pictures of the frame and of each page, light and dark, on a desktop and on a phone, into the folder that is
// named, and lists them there in README.md.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startLaptop } from "./laptop.js";
import { CHROME, CHROME_WITHOUT_COOKIES } from "./settings.js";
import { Visitor } from "./visitor.js";
import * as words from "./words.js";

const [folder] = process.argv.slice(2);
const PAUL = "Paul Pro";
const SIZES = { desktop: { width: 1200, height: 760 }, phone: { width: 390, height: 760 } };
const THEMES = { light: [], dark: ["--blink-settings=preferredColorScheme=0"] };

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(join(folder, file));

const names = new Set();
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const [theme, args] of Object.entries(THEMES)) {
    const take = async (name, view) => {
      const { page } = view;
      await view.isComplete();
      await page.bringToFront();
      await page.setViewport(viewport);
      await page.mouse.move(0, 0);
      names.add(name);
      const path = join(folder, fileName(name, size, theme));
      await page.screenshot({ path, type: "webp", quality: 80, fullPage: true });
    };
    const laptop = await startLaptop();
    for (const [setting, takeThose, options] of [
      [CHROME, takeAll, {}],
      [CHROME, takeWithoutJavaScript, { scripts: false }],
      [CHROME_WITHOUT_COOKIES, takeWithoutCookies, { scripts: false }],
    ]) {
      const visitor = await Visitor.with(setting, laptop, { args, ...options });
      await visitor.page.setViewport(viewport);
      await takeThose(visitor, laptop, take);
      await visitor.leave();
    }
    await laptop.stop();
  }
}
writeFileSync(join(folder, "README.md"), sheet());

async function takeAll(visitor, { origin, space }, take) {
  const tab = await visitor.visit(origin);
  await tab.sees(words.WELCOME);
  await take("Home, signed out", tab);
  await tab.click(words.SIGN_IN);
  await tab.sees("Who do you want to be?");
  await take("The mock Hub asks", tab);
  await tab.click("Deny");
  await tab.sees(words.DENIED);
  await take("Denied", tab);
  for (const [name, path, text] of [
    ["Callback without a sign-in", "/oauth/huggingface/callback", words.UNKNOWN_SIGN_IN],
    ["Profile, signed out", "/profile", "Please sign in"],
    ["No such page", "/nowhere", "Error 404"],
  ]) {
    await visitor.visit(origin + path);
    await tab.sees(text);
    await take(name, tab);
  }

  const hub = await visitor.visit(space);
  const frame = visitor.frame();
  await frame.sees(words.WELCOME);
  await take("Frame, signed out", hub);
  const other = await visitor.newTab(() => frame.click(words.SIGN_IN));
  await frame.sees("Waiting for the sign-in");
  await take("Frame, waiting for the tab", hub);
  await other.click(PAUL);
  await other.sees(words.TAB_IS_THROUGH);
  await take("The tab is through", other);
  await frame.sees(`Hello, ${PAUL}!`);
  await take("Frame, signed in", hub);

  await other.click(words.GO_ON_HERE);
  await other.sees(`Hello, ${PAUL}!`);
  await take("Home, signed in", other);
  await other.click(words.PROFILE);
  await other.sees("Your profile");
  await take("Profile", other);
  await other.click("Chat");
  await other.sees("your account pays for the answers");
  await take("Chat", other);
  await hub.evaluate((url) => (location.href = url), `${origin}/oauth/huggingface/logout`);
  await hub.sees("You stay signed in to Hugging Face itself");
  await take("Sign-out asked for by another site", hub);
}

async function takeWithoutJavaScript(visitor, { space }, take) {
  const hub = await visitor.visit(space);
  const frame = visitor.frame();
  await frame.sees(words.CONTINUE);
  await take("Frame, without JavaScript", hub);
  await frame.click(words.CONTINUE);
  await frame.sees(words.NOT_YET);
  await take("Frame, not signed in yet", hub);
}

async function takeWithoutCookies(visitor, { space }, take) {
  const hub = await visitor.visit(space);
  const frame = visitor.frame();
  await frame.click(words.CONTINUE);
  await frame.sees(words.NO_COOKIES);
  await take("A browser without cookies in frames", hub);
}

function sheet() {
  const columns = Object.keys(SIZES).flatMap((size) => Object.keys(THEMES).map((theme) => [size, theme]));
  const row = (cells) => `| ${cells.join(" | ")} |\n`;
  const pictures = (name) => columns.map(([size, theme]) => `![${name}, ${size}, ${theme}](${fileName(name, size, theme)})`);
  return (
    "# Pictures of every page\n\nTaken by `template/browser/pictures`, with the mock Hub's users.\n\n" +
    row(["Page", ...columns.map((column) => column.join(", "))]) +
    row(["---", ...columns.map(() => "---")]) +
    [...names].map((name) => row([name, ...pictures(name)])).join("")
  );
}

function fileName(name, ...more) {
  return `${[name, ...more].join(" ").toLowerCase().replace(/[^a-z]+/g, "-")}.webp`;
}
