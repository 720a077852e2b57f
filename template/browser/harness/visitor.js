// Somebody with a browser of their own.

import { eventually } from "./eventually.js";
import { spacePage } from "./sites.js";
import { View } from "./view.js";

export class Visitor {
  static async with(setting, world, options = {}) {
    const visitor = new Visitor();
    visitor.browser = await setting.launch({ ...world, ...options });
    [visitor.page] = await visitor.browser.pages();
    return visitor;
  }

  leave() {
    return this.browser.close();
  }

  /** Goes to a page in the first tab. */
  async visit(url) {
    await this.page.goto(url, { waitUntil: "domcontentloaded" });
    return View.tab(this.page);
  }

  /** Opens a page in another tab. */
  async visitInNewTab(url) {
    const page = await this.browser.newPage();
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return View.tab(page);
  }

  /** The frame in the first tab. */
  frame() {
    return View.frameIn(this.page);
  }

  /** Goes to the Space's page on the Hub and gives the frame in it. */
  async visitSpace(more) {
    await this.visit(spacePage(more));
    const frame = this.frame();
    await eventually(() => frame.text(), "the frame shows something");
    return frame;
  }

  /** The tab that opens while something is done. */
  async newTab(action) {
    const before = await this.browser.pages();
    await action();
    const page = await eventually(
      async () => (await this.browser.pages()).find((page) => !before.includes(page)),
      "a new tab",
    );
    return View.tab(page);
  }

  /** Goes back to the tab that was there first. */
  backToTheSpace() {
    return this.page.bringToFront();
  }
}
