// What a visitor sees and does: in a tab, or in the frame in it.

import { eventually } from "./eventually.js";

export class View {
  /** `#document` gives the document as it is now, since a reload may make another one. */
  #document;

  constructor(page, document) {
    this.page = page;
    this.#document = document;
  }

  static tab(page) {
    return new View(page, () => page.mainFrame());
  }

  static frameIn(page) {
    return new View(page, () => page.mainFrame().childFrames()[0]);
  }

  /** Runs a function in the document. */
  evaluate(script, ...parameters) {
    return this.#document().evaluate(script, ...parameters);
  }

  url() {
    return this.evaluate(() => location.href);
  }

  text() {
    return this.evaluate(() => document.body.innerText);
  }

  /** Waits until all of the document is there. */
  isComplete() {
    return eventually(() => this.evaluate(() => document.readyState === "complete"), "the whole document");
  }

  /** Does what leads to another document, and waits until all of that is there: it may say the same as the one before. */
  async toAnotherDocument(action) {
    await this.evaluate(() => void (window.isLeft = true));
    await action();
    const isThere = () => document.readyState === "complete" && !window.isLeft;
    await eventually(() => this.evaluate(isThere), "another document");
  }

  /** Waits until the document at `url` is there, which may say the same as the one before. */
  isAt(url) {
    return eventually(async () => {
      const now = await this.url();
      if (now !== url) throw new Error(`it is at ${now}`);
      return true;
    }, `a page at ${url}`);
  }

  /** Waits until `text` can be read. */
  sees(text) {
    return eventually(async () => {
      const all = await this.text();
      if (!all.includes(text)) throw new Error(`instead of "${text}" there is: ${all}`);
      return true;
    }, `a page that says "${text}"`);
  }

  /** Waits until a link or button of this name can be seen, and clicks it with the mouse. */
  async click(name) {
    const { mouse } = this.page;
    await this.page.bringToFront();
    // A tab that was in the background may not have laid the frame out yet: the press has to arrive before it is let go.
    let jitter = 0;
    await eventually(async () => {
      const [x, y] = await this.#place(name);
      await mouse.move(x + jitter, y);
      jitter = 1 - jitter;
      if (!(await this.evaluate(isIn, ":hover", name))) return false;
      await mouse.down();
      const arrived = await this.evaluate(isIn, ":active", name).catch(() => false);
      if (!arrived) await mouse.move(0, 0); // so that nothing else is clicked
      await mouse.up();
      return arrived;
    }, `the mouse on "${name}"`);
  }

  /** Presses Tab until the control of this name has the focus, then Enter. */
  async pressTo(name) {
    // A Tab that comes before the page goes to the browser around it, and the focus stays there.
    await eventually(() => this.evaluate(find, name), `a control named "${name}"`);
    await this.isComplete();
    await this.page.bringToFront();
    await eventually(async () => {
      if (await this.evaluate(isFocused, name)) return true;
      await this.page.keyboard.press("Tab");
      return this.evaluate(isFocused, name);
    }, `Tab reaches "${name}"`);
    await this.page.keyboard.press("Enter");
  }

  /** The middle of a control, in the tab. */
  async #place(name) {
    const inDocument = await this.evaluate(find, name);
    if (!inDocument) throw new Error(`there is none in: ${await this.text()}`);
    let { x, y } = inDocument;
    for (let frame = this.#document(); frame.parentFrame(); frame = frame.parentFrame()) {
      const element = await frame.frameElement();
      const corner = await element.evaluate(({ offsetLeft, offsetTop, clientLeft, clientTop }) => ({
        x: offsetLeft + clientLeft,
        y: offsetTop + clientTop,
      }));
      x += corner.x;
      y += corner.y;
    }
    return [x, y];
  }
}

// Those below run in the browser.

function find(name) {
  const controls = [...document.querySelectorAll("main a, main button, a, button")];
  const seen = controls.filter((control) => control.innerText.split("\n").includes(name) && control.checkVisibility());
  const found = seen.find((control) => control.closest("main")) ?? seen[0];
  if (!found) return undefined;
  found.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = found.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}

function isIn(state, name) {
  const control = [...document.querySelectorAll(`a${state}, button${state}`)].pop();
  return control?.innerText.split("\n").includes(name);
}

function isFocused(name) {
  const focused = document.hasFocus() && document.activeElement?.closest("a, button");
  return Boolean(focused) && focused.innerText.split("\n").includes(name);
}
