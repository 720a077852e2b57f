// The page that calls Inference Providers as the visitor, with the mock Hub as the model.

import assert from "node:assert/strict";
import { assertAccessible } from "../harness/axe.js";
import { eventually } from "../harness/eventually.js";
import { startLaptop } from "../harness/laptop.js";
import { CHROME, ENGINES } from "../harness/settings.js";
import { testIn } from "../harness/test_in.js";

const start = () => startLaptop({ HF_MOCK_USER: "pro", OAUTH_SCOPES: "openid profile inference-api" });

/** The page, signed in. */
async function openChat(visitor, world) {
  const tab = await visitor.visit(`${world.origin}/oauth/huggingface/login?_target_url=/chat`);
  await tab.sees("your account pays for the answers");
  await tab.isComplete();
  return tab;
}

async function ask(tab, question, model) {
  await tab.evaluate(
    (question, model) => {
      document.querySelector("#message").value = question;
      document.querySelector("#model").value = model;
    },
    question,
    model,
  );
  await tab.click("Ask");
}

/** Waits until an answer is whole. */
async function sees(tab, answer) {
  await tab.sees(answer);
  await eventually(() => tab.evaluate(() => document.querySelector("[data-stop]").hidden), "the end of the answer");
}

const question = (tab) => tab.evaluate(() => document.querySelector("#message").value);
const turns = (tab) => tab.evaluate(() => [...document.querySelectorAll(".said")].map((said) => said.textContent));

testIn(
  ENGINES,
  "questions are answered in the page, one after the other",
  async (visitor, world) => {
    const tab = await openChat(visitor, world);
    await ask(tab, "What is <b>this</b> & that?", "a/model");
    await sees(tab, "a/model says: What is <b>this</b> & that?");
    await ask(tab, "And more?", "b/model");
    await sees(tab, "b/model says: And more?");
    assert.equal((await turns(tab)).length, 4);
    assert.equal(await question(tab), "");
    assert.equal(await tab.url(), `${world.origin}/chat`);
    const state = () => [document.querySelector("#turns").ariaBusy, document.querySelector("[data-stop]").hidden];
    assert.deepEqual(await tab.evaluate(state), ["false", true]);
  },
  { start },
);

testIn(
  ENGINES,
  "an answer can be stopped, and what was said stays",
  async (visitor, world) => {
    const tab = await openChat(visitor, world);
    await ask(tab, "word ".repeat(2_000), "a/model");
    await tab.sees("a/model says: word word");
    await tab.click("Stop");
    await tab.sees("Stopped.");
    const [, said] = await turns(tab);
    assert.ok(said.startsWith("a/model says: word") && said.length < 10_000, said.slice(0, 99));
    await ask(tab, "And now?", "a/model");
    await tab.sees("a/model says: And now?");
  },
  { start },
);

testIn(
  [CHROME],
  "every failure says what to do, and the question is not lost",
  async (visitor, world) => {
    const tab = await openChat(visitor, world);
    for (const [model, text] of [
      ["mock/no-credit", "https://huggingface.co/settings/billing"],
      ["mock/forbidden", "Hugging Face refuses this"],
      ["mock/busy", "Please try again in 30 seconds"],
      ["mock/revoked", "Sign in again"],
    ]) {
      await ask(tab, "A long question", model);
      await tab.sees(text);
      assert.deepEqual([await question(tab), await turns(tab)], ["A long question", []], model);
    }
    await tab.toAnotherDocument(() => tab.click("Sign in again"));
    await tab.sees("your account pays for the answers");
    await ask(tab, "one two three four", "mock/broken");
    await tab.sees("Hugging Face does not answer as it should");
    assert.equal((await turns(tab)).length, 2);
  },
  { start },
);

testIn(
  ENGINES,
  "without JavaScript the page grows by the answer",
  async (visitor, world) => {
    const tab = await openChat(visitor, world);
    await ask(tab, "What is <b>this</b> & that?", "a/model");
    await tab.sees("a/model says: What is <b>this</b> & that?");
    await tab.isComplete();
    await ask(tab, "And more?", "b/model");
    await tab.sees("b/model says: And more?");
    await tab.isComplete();
    assert.equal((await turns(tab)).length, 4);
    await ask(tab, "A long question", "mock/revoked");
    await tab.sees("Please sign in with Hugging Face.");
    assert.equal(await question(tab), "A long question");
  },
  { start, scripts: false },
);

testIn(
  [CHROME],
  "axe-core finds nothing on the chat page",
  async (visitor, world) => {
    const tab = await openChat(visitor, world);
    await assertAccessible(tab, "chat, empty");
    await ask(tab, "A question", "a/model");
    await sees(tab, "a/model says: A question");
    await ask(tab, "Another", "mock/no-credit");
    await tab.sees("is used up");
    await assertAccessible(tab, "chat, with an answer and a failure");
  },
  { start },
);
