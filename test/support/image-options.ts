// The options of Node that the image sets: what is measured runs as it does there.
import { readFileSync } from "node:fs";

const DOCKERFILE = new URL("../../Dockerfile", import.meta.url);

/** The value of `NODE_OPTIONS` in the Dockerfile. */
export function imageNodeOptions(): string {
  const options = /^ENV .*\bNODE_OPTIONS=(\S+)/m.exec(readFileSync(DOCKERFILE, "utf8"))?.[1];
  if (options === undefined) throw new Error("the Dockerfile sets no NODE_OPTIONS");
  return options;
}
