// Each minute: has the instant come at which the site changes by itself? Then a build begins; again after a quarter of an
// hour, should it have failed. The build leaves that instant in next.mjs, and a new wake.mjs with the next one.
import coming from "./next.mjs";

export const config = { schedule: "* * * * *" };

export default async () => {
  const since = coming.next ? Date.now() - Date.parse(coming.next) : -1;
  if (since >= 0 && since % 900_000 < 60_000) await fetch(process.env.BUILD_HOOK, { method: "POST" });
};
