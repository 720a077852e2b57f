// The steps of signing in, as most tests take them.

import { SPACE } from "./sites.js";
import { ALLOW, HELLO, SIGN_IN, TAB_IS_THROUGH } from "./words.js";

/** Signs in by the frame's login control, and gives the tab in which that was done. */
export async function signInByTab(visitor, frame) {
  const tab = await visitor.newTab(() => frame.click(SIGN_IN));
  await tab.click(ALLOW);
  await tab.sees(TAB_IS_THROUGH);
  return tab;
}

/** Signs the frame in, and gives it and the tab. */
export async function signedInFrame(visitor, more) {
  const frame = await visitor.visitSpace(more);
  const tab = await signInByTab(visitor, frame);
  await frame.sees(HELLO);
  return { frame, tab };
}

/** Signs a tab in by the ordinary link. */
export async function signedInTab(visitor) {
  const tab = await visitor.visit(`${SPACE}/`);
  await tab.click(SIGN_IN);
  await tab.click(ALLOW);
  await tab.sees(HELLO);
  return tab;
}
