// KERN's style sheet holds every component and utility class (400 kB). This keeps its tokens, resets and
// the components that the console uses, so that the first paint stays light.

/** Prefixes of the KERN classes that the console uses. */
const USED = [
  "kern-btn",
  "kern-label",
  "kern-form-input",
  "kern-hint",
  "kern-error",
  "kern-alert",
  "kern-dialog",
  "kern-title",
  "kern-light",
  "kern-dark",
  "kern-layer",
  "kern-level",
  "kern-sr-only",
];

/** A style sheet without the rules whose every selector needs a KERN class that is not used. */
export function trimKern(css: string): string {
  const body = css.replace(/@charset[^;]*;/g, "").replace(/\/\*[\s\S]*?\*\//g, "");
  return body
    .replace(/([^{}]+)\{([^{}]*)\}/g, (rule, selectors: string) =>
      selectors.split(",").some(isUsed) ? rule : "",
    )
    .replace(/@media[^{}]*\{\s*\}/g, "");
}

function isUsed(selector: string): boolean {
  const classes = selector.match(/kern-[a-z][a-z-]*/g) ?? [];
  return classes.every(
    (name) => selector.includes("[data-kern-theme") || USED.some((used) => name.startsWith(used)),
  );
}
