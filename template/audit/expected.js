// What the audits have to give, and the only place where less is accepted.

/** The grade of the HTTP Observatory. */
export const GRADE = "A+";

/** Tests of the Observatory that need not pass, each with the reason. */
export const ACCEPTED_TESTS = {};

/** The score of each of Lighthouse's categories. */
export const SCORES = { performance: 100, accessibility: 100, "best-practices": 100 };

/** The pages that Lighthouse looks at, by one who is signed in where `signedIn` says so. */
export const PAGES = [
  { path: "/", signedIn: false },
  { path: "/", signedIn: true },
  { path: "/profile", signedIn: true },
  { path: "/chat", signedIn: true },
];
