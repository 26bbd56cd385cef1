// Which log sources our own tables can give to an event.
import { describe, expect, it } from "vitest";
import { loadLogSources } from "../../../config/log-sources.ts";
import { createReach } from "../../../services/rules/log-source-reach.ts";

const isReached = createReach(loadLogSources());
const source = (product?: string, category?: string, service?: string) => ({
  product,
  category,
  service,
});

describe("a log source", () => {
  it.each([
    ["everything", source()],
    ["a product that a whole table has", source("windows")],
    ["a category", source("windows", "process_creation")],
    ["a category without its product", source(undefined, "webserver")],
    ["a service by channel", source("windows", undefined, "security")],
    ["a service of a data set", source("zeek", undefined, "dns")],
    [
      "product, category and service by one channel",
      source("windows", "process_creation", "sysmon"),
    ],
  ])("is reached: %s", (_what, one) => {
    expect(isReached(one)).toBe(true);
  });

  it.each([
    ["an unknown product", source("vms")],
    ["an unknown category", source("windows", "telepathy")],
    ["a service of another product", source("windows", undefined, "signinlogs")],
    ["a category of another table", source("zeek", "process_creation")],
    ["a product and a service by two data sets", source("zeek", undefined, "signinlogs")],
    ["a category and a service by two channels", source("windows", "ps_script", "security")],
  ])("is not: %s", (_what, one) => {
    expect(isReached(one)).toBe(false);
    expect(isReached(one)).toBe(false);
  });
});
