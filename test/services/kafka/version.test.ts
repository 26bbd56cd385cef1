// Kafka's version from what a broker tells of its features.
import { expect, it } from "vitest";
import { versionOf } from "../../../services/kafka/version.ts";

it.each([
  [29, "4.2"],
  [22, "4.0"],
  [21, "3.9"],
  [4, "3.3"],
  [7, "3.3"],
  [30, "> 4.2"],
  [0, undefined],
])("reads metadata level %d as %s", (level, release) => {
  const features = {
    supportedFeatures: [{ name: "metadata.version", maxVersion: level }],
    finalizedFeatures: [{ name: "metadata.version", maxVersionLevel: 20 }],
  };
  expect(versionOf(features)).toEqual({ program: release, cluster: "3.8" });
});

it.each([
  ["nothing", {}],
  ["other features", { supportedFeatures: [{ name: "group.version", maxVersion: 1 }] }],
])("knows no version from %s", (_, features) => {
  expect(versionOf(features)).toEqual({ program: undefined, cluster: undefined });
});
