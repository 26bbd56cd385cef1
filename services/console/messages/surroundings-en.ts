// English texts about what is known around a finding.
import type { surroundingsDe } from "./surroundings-de.ts";

const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

export const surroundingsEn: typeof surroundingsDe = {
  title: "Surroundings",
  loading: "Loading what is known around it …",
  failed: "What is known around it could not be loaded.",
  parts: {
    assets: "Machines in the register",
    addresses: "Addresses",
    attack: "ATT&CK",
    earlier: "Earlier findings on the same entities",
    detector: "This rule of late",
    intelligence: "Threat lists",
  },
  state: {
    late: "Did not answer in time. It is asked again when the page is opened next.",
    failed: "Could not be found out.",
  },
  none: {
    assets: "The register knows none of the machines.",
    addresses: "Nothing is known of any address.",
    attack: "The rule names no technique.",
    earlier: "No earlier findings.",
    intelligence: "Named in no list.",
  },
  fact: {
    ...{ name: "Name", unit: "Unit", criticality: "Criticality", role: "Role", os: "System" },
    ...{ "asset.name": "Name", "asset.unit": "Unit", "asset.criticality": "Criticality" },
    ...{ "asset.role": "Role", "asset.os": "System" },
    "as.number": "Network operator (AS)",
    "as.organization.name": "Network operator",
    "geo.country_iso_code": "Country",
    "geo.country_name": "Country",
    "geo.city_name": "City",
    "network.name": "Network",
    registered_domain: "Domain",
  },
  earlier: (shown, total) => `${shown} of ${total}, newest first`,
  fired: (n, count, days) => `${count} ${plural(n, "finding", "findings")} in ${days} days`,
  unjudged: (count) => `${count} without a verdict`,
  judged: (count, verdict) => `${count} × ${verdict}`,
  listed: {
    both: "listed then and now",
    before: "listed then, no longer now",
    later: "listed only now",
  },
  from: (providers) => `from: ${providers}`,
};
