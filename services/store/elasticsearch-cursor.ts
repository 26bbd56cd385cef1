// Where a list goes on: the sort values of its last hit, and the view of the index that the list is read
// from. The views' names never leave the process, so that nobody can ask for another one's.
import { randomBytes } from "node:crypto";
import type { Client, estypes } from "@elastic/elasticsearch";
import { z } from "zod";
import { AppError } from "../../config/errors.ts";
import { isSortValue } from "./elasticsearch-document.ts";
import { fieldKind } from "./field-index.ts";
import type { Kind, SearchQuery } from "./store.ts";

const VIEWS_MAX = 100;
const CURSOR_CHARS_MAX = 20_000;

export interface ListPlace {
  /** One value per sort field, then the one that orders what is equal. */
  readonly values: readonly (string | number)[];
  /** Names a view of this process; empty for none. */
  readonly view: string;
}

const schema = z.tuple([z.string(), z.array(z.union([z.string(), z.number()])), z.string()]);

export function writePlace(alias: string, sort: SearchQuery["sort"], place: ListPlace): string {
  const parts = [nameOf(alias, sort), place.values, place.view];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** @throws AppError HW_REQUEST_INVALID when it is none of ours, or one of another list */
export function readPlace<D>(
  alias: string,
  kind: Kind<D>,
  sort: SearchQuery["sort"],
  text: string,
): ListPlace {
  try {
    if (text.length > CURSOR_CHARS_MAX) throw new Error("too long");
    const plain: unknown = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    const [name, values, view] = schema.parse(plain);
    const kinds = [...sort.map(({ field }) => fieldKind(kind, field)), "keyword" as const];
    if (name !== nameOf(alias, sort) || values.length !== kinds.length)
      throw new Error("another list");
    if (!kinds.every((one, at) => isSortValue(one, values[at]))) throw new Error("another field");
    return { values, view };
  } catch (cause) {
    throw new AppError("HW_REQUEST_INVALID", "not a cursor of this search", { cause });
  }
}

/** Open points in time by the name that cursors carry. The oldest is closed when there are too many. */
export class Views {
  readonly #client: Client;
  readonly #ids = new Map<string, { readonly alias: string; readonly id: string }>();

  constructor(client: Client) {
    this.#client = client;
  }

  find(alias: string, view: string): string | undefined {
    const found = this.#ids.get(view);
    return found?.alias === alias ? found.id : undefined;
  }

  /** Keeps an id under a new name, or under the one it had. */
  keep(alias: string, id: string, view: string | undefined): string {
    const name = view ?? randomBytes(9).toString("base64url");
    this.#ids.delete(name);
    this.#ids.set(name, { alias, id });
    for (const oldest of this.#ids.keys()) {
      if (this.#ids.size <= VIEWS_MAX) break;
      this.drop(oldest);
    }
    return name;
  }

  /** Closes it; that it has expired already is no fault. */
  drop(view: string): void {
    const found = this.#ids.get(view);
    this.#ids.delete(view);
    if (found !== undefined) closeView(this.#client, found.id);
  }

  dropAll(): void {
    for (const view of [...this.#ids.keys()]) this.drop(view);
  }
}

function closeView(client: Client, id: estypes.Id): void {
  // It closes by itself soon; this only gives back its memory earlier.
  client.closePointInTime({ id }).catch(() => undefined);
}

function nameOf(alias: string, sort: SearchQuery["sort"]): string {
  return `${alias} ${sort.map(({ field, order }) => `${field} ${order}`).join()}`;
}
