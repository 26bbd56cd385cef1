// Browser, system and kind of device that a user agent's text names. What it names is the sender's claim.
import bowser from "bowser";
import { type EnrichedFields, type Enrichment, textField } from "./enrichment.ts";
import { createRecentCache } from "./recent-cache.ts";

/** Real ones have 60 to 300 characters and few slashes; some of the library's patterns take a time that
 * grows with the square of either. At these limits the worst texts take half a millisecond. */
const TEXT_CHARACTERS_MAX = 320;
const SLASHES_MAX = 24;
const NOTHING: EnrichedFields = {};

/** `user_agent.name`, `.version`, `.os.name`, `.os.version`, `.device.type`. */
export function userAgents(cacheEntriesMax: number): Enrichment {
  const cache = createRecentCache<EnrichedFields>(cacheEntriesMax);
  return {
    id: "user-agent",
    needs: ["user_agent.original"],
    gives: [
      "user_agent.name",
      "user_agent.version",
      "user_agent.os.name",
      "user_agent.os.version",
      "user_agent.device.type",
    ],
    fill: (read) => {
      const text = textField(read, "user_agent.original", TEXT_CHARACTERS_MAX);
      if (text === undefined || text === "-") return undefined;
      return cache.get(text, () => fieldsOf(text));
    },
  };
}

function fieldsOf(text: string): EnrichedFields {
  if (text.split("/").length > SLASHES_MAX) return NOTHING;
  const { browser, os, platform } = bowser.parse(text);
  const pairs = [
    ["user_agent.name", browser.name],
    ["user_agent.version", browser.version],
    ["user_agent.os.name", os.name],
    ["user_agent.os.version", os.versionName ?? os.version],
    ["user_agent.device.type", platform.type],
  ].filter(([, value]) => value !== undefined && value !== "");
  return pairs.length === 0 ? NOTHING : Object.fromEntries(pairs);
}
