// Reads the lists that an administration keeps of its machines and networks: CSV with semicolons.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EcsValue } from "../../detectors/event.ts";
import { type AddressTable, createAddressTable } from "./address-table.ts";

/** Lines read at a stretch: other work gets its turn in between. */
const LINES_PER_TURN = 2000;
const LINES_MAX = 200_000;
const CELL_CHARACTERS_MAX = 200;
const FAULTS_MAX = 20;
const ADDRESSES_PER_ASSET_MAX = 64;

/** What is known of a machine: `name`, `unit`, `criticality`, `role`, and from directories `os`, as far as it is known. */
export type Asset = Readonly<Record<string, EcsValue>>;

export interface AssetList {
  readonly byAddress: AddressTable<Asset>;
  /** Host name in lower case, whole and up to the first dot. */
  readonly byName: ReadonlyMap<string, Asset>;
}

/** What could not be read, by line. */
export interface ListFaults {
  readonly lines: number[];
  count: number;
}

const COLUMNS = ["name", "ip", "unit", "criticality", "role"] as const;
type Column = (typeof COLUMNS)[number];

/**
 * A list of machines. Columns are those of the first line when it names them, else
 * name;ip;unit;criticality;role. Several addresses or networks of a machine are parted by commas or spaces.
 * A line that can't be read is left out and named in `faults`.
 */
export async function readAssets(text: string, faults: ListFaults): Promise<AssetList> {
  const byAddress = createAddressTable<Asset>();
  const byName = new Map<string, Asset>();
  let columns: readonly (Column | undefined)[] = COLUMNS;
  await eachLine(text, faults, (cells, isFirst) => {
    const header = isFirst ? headerOf(cells) : undefined;
    if (header !== undefined) {
      columns = header;
      return true;
    }
    const cell = (column: Column) => cells[columns.indexOf(column)] ?? "";
    const asset = assetOf(cell);
    const name = cell("name").toLowerCase();
    const addresses = cell("ip")
      .split(/[\s,]+/)
      .filter((one) => one !== "");
    if (name === "" && addresses.length === 0) return false;
    if (addresses.length > ADDRESSES_PER_ASSET_MAX) return false;
    if (name !== "") {
      byName.set(name, asset);
      byName.set(name.split(".")[0] ?? name, asset);
    }
    return addresses.map((address) => byAddress.add(address, asset)).every(Boolean);
  });
  return { byAddress, byName };
}

/** A list of networks, `10.1.0.0/16;Rathaus` a line; the longest prefix counts. */
export async function readNetworks(
  text: string,
  faults: ListFaults,
): Promise<AddressTable<string>> {
  const table = createAddressTable<string>();
  await eachLine(text, faults, ([network = "", name = ""], isFirst) => {
    if (isFirst && /^(?:network|netz|cidr)$/i.test(network)) return true;
    return name !== "" && table.add(network, name);
  });
  return table;
}

async function eachLine(
  text: string,
  faults: ListFaults,
  take: (cells: readonly string[], isFirst: boolean) => boolean,
): Promise<void> {
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let isFirst = true;
  for (let number = 1; start < text.length && number <= LINES_MAX; number += 1) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const line = text.slice(start, end).trim();
    start = end + 1;
    if (line !== "" && !line.startsWith("#")) {
      if (!take(cellsOf(line), isFirst)) {
        faults.count += 1;
        if (faults.lines.length < FAULTS_MAX) faults.lines.push(number);
      }
      isFirst = false;
    }
    if (number % LINES_PER_TURN === 0) await nextTurn();
  }
}

function cellsOf(line: string): string[] {
  return line.split(";").map((cell) => {
    const text = cell.trim();
    const isQuoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
    return (isQuoted ? text.slice(1, -1) : text).slice(0, CELL_CHARACTERS_MAX);
  });
}

/** Columns by their names, in English or German; undefined when the line is no header. */
function headerOf(cells: readonly string[]): (Column | undefined)[] | undefined {
  const found = cells.map((cell) => HEADERS[cell.toLowerCase()]);
  return found.includes("name") && found.includes("ip") ? found : undefined;
}

const HEADERS: Readonly<Record<string, Column>> = {
  name: "name",
  host: "name",
  rechner: "name",
  ip: "ip",
  adresse: "ip",
  unit: "unit",
  fachdienst: "unit",
  einheit: "unit",
  criticality: "criticality",
  schutzbedarf: "criticality",
  role: "role",
  rolle: "role",
};

function assetOf(cell: (column: Column) => string): Asset {
  const asset: Record<string, EcsValue> = {};
  for (const column of ["name", "unit", "criticality", "role"] as const) {
    const text = cell(column);
    if (text !== "") asset[column] = text;
  }
  return asset;
}
