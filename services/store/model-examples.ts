// How many examples of a site a version has to have learnt from before people can rely on it: what screens and
// commands warn by.
import type { ModelName } from "./model.ts";

const SITE_EXAMPLES_MIN: Readonly<Record<ModelName, number>> = {
  ...{ autoencoder: 1000, dga: 2000, sequence: 1000 },
};

/** Whether a version of the named model knows too little of the site; of unknown names nobody can tell. */
export function hasFewExamples(name: string, site: number): boolean {
  const least: Readonly<Record<string, number>> = SITE_EXAMPLES_MIN;
  return Object.hasOwn(least, name) && site < (least[name] ?? 0);
}
