// Which Kafka a broker is, as far as the protocol tells: the highest level of the metadata that it knows is
// its program's, the level that all have agreed on is the cluster's.

/**
 * First level of each release (org.apache.kafka.server.common.MetadataVersion of Kafka 4.2). Levels are only
 * ever added; what is beyond the last one is newer than this list.
 */
const RELEASES: readonly (readonly [number, string])[] = [
  [1, "3.0"],
  [2, "3.1"],
  [3, "3.2"],
  [4, "3.3"],
  [8, "3.4"],
  [9, "3.5"],
  [12, "3.6"],
  [15, "3.7"],
  [20, "3.8"],
  [21, "3.9"],
  [22, "4.0"],
  [26, "4.1"],
  [28, "4.2"],
];
const LAST_KNOWN = 29;
const FEATURE = "metadata.version";

export interface FoundVersion {
  /** `4.1`, `> 4.2`; undefined where the broker does not tell it (Kafka with ZooKeeper). */
  readonly program: string | undefined;
  /** Release whose metadata all brokers have agreed on. */
  readonly cluster: string | undefined;
}

/** The parts of an answer to ApiVersions that tell it. */
export interface ToldFeatures {
  readonly supportedFeatures?: readonly { readonly name: string; readonly maxVersion: number }[];
  readonly finalizedFeatures?: readonly {
    readonly name: string;
    readonly maxVersionLevel: number;
  }[];
}

/** Reads the versions out of a broker's answer. */
export function versionOf({ supportedFeatures, finalizedFeatures }: ToldFeatures): FoundVersion {
  const known = supportedFeatures?.find(({ name }) => name === FEATURE)?.maxVersion;
  const agreed = finalizedFeatures?.find(({ name }) => name === FEATURE)?.maxVersionLevel;
  return { program: releaseOf(known), cluster: releaseOf(agreed) };
}

function releaseOf(level: number | undefined): string | undefined {
  if (level === undefined) return undefined;
  const release = RELEASES.findLast(([first]) => first <= level)?.[1];
  return release !== undefined && level > LAST_KNOWN ? `> ${release}` : release;
}
