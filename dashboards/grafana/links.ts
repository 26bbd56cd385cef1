// Ways from a panel into the console, with the filter and the time that the board has.

import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { Panel, Text } from "../board.ts";
import { pathOf } from "./elasticsearch.ts";

/** Name of the board's constant that holds the console's address. */
export const CONSOLE_VARIABLE = "console";
/** Where the console listens by default; replaced when boards are set up for a tenant. */
export const CONSOLE_URL = "http://127.0.0.1:8720";
const CONSOLE = `${CONSOLE_VARIABLE}:raw`;
/** By which boards find each other. */
export const TAG = "heidewacht";

type Link = NonNullable<Panel["link"]>;

/**
 * A link of the whole panel, or of a series.
 * @param by the dimension whose value `{value}` stands for: the label of a series
 */
export function consoleLink(
  link: Link,
  by: string | undefined,
  language: keyof Text,
): Builder<DashboardLink> {
  if (link.path.includes("{value}") && by === undefined) {
    throw new TypeError(`${link.path}: there is no dimension whose value it could name`);
  }
  return filled(link, `__field.labels["${pathOf(by ?? "")}"]`, language);
}

/** A link of the first column of a table: the value as it is, whatever it is shown as. */
export function rowLink(link: Link, language: keyof Text): Builder<DashboardLink> {
  return filled(link, "__value.raw", language);
}

// Grafana encodes values for addresses by itself, all but what is marked as `:raw`.
function filled(
  { path, title }: Link,
  value: string,
  language: keyof Text,
): Builder<DashboardLink> {
  const whole = path
    .replaceAll("{from}", variable("__from"))
    .replaceAll("{to}", variable("__to"))
    .replaceAll("{value}", variable(value));
  return bare(title[language], `${variable(CONSOLE)}${whole}`);
}

/** Links at the head of a board: the other boards, with the same time, and the console. */
export function boardLinks(language: keyof Text): Builder<DashboardLink>[] {
  const [others, start] = language === "de" ? ["Tafeln", "Konsole"] : ["Boards", "Console"];
  const boards = new DashboardLinkBuilder(others)
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true);
  const console = new DashboardLinkBuilder(start)
    .type(DashboardLinkType.Link)
    .url(`${variable(CONSOLE)}/`)
    .targetBlank(true);
  return [unplaced(boards), unplaced(console)];
}

function variable(name: string): string {
  return `\${${name}}`;
}

/** Links of values have a title and an address only. */
function bare(title: string, url: string): Builder<DashboardLink> {
  // The SDK has one type for both; what a value's link does not have is left away here.
  return { build: () => ({ title, url, targetBlank: true }) as DashboardLink };
}

/** The SDK would move every link into a menu. */
function unplaced(builder: Builder<DashboardLink>): Builder<DashboardLink> {
  return {
    build() {
      const { placement: _, ...link } = builder.build();
      return link;
    },
  };
}
