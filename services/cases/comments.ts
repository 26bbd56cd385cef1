// What people say about a finding or an incident, in documents of their own, so that a long discussion
// neither grows what it is about nor gets into the way of those who change it. Never edited, never deleted.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Kind, SearchPage, Versioned } from "../store/store.ts";
import type { Desk } from "./incident-write.ts";

export const COMMENT_CHARS_MAX = 10_000;

export const commentSchema = z.object({
  id: z.string(),
  subjectKind: z.enum(["finding", "incident"]),
  subjectId: z.string(),
  text: z.string().max(COMMENT_CHARS_MAX),
  /** ms UTC. */
  at: z.number().int(),
  /** Opaque account id. */
  by: z.string(),
});
export type Comment = z.infer<typeof commentSchema>;

export const COMMENT_KIND: Kind<Comment> = {
  name: "comment",
  revision: 1,
  fields: {
    subject: {
      kind: "keyword",
      values: ({ subjectKind, subjectId }) => [`${subjectKind}:${subjectId}`],
    },
    at: { kind: "number", values: ({ at }) => [at] },
  },
};

type Subject = Pick<Comment, "subjectKind" | "subjectId">;

/** Adds a comment, with its audit entry under what it is about. */
export function addComment(
  { store, tenant, by }: Desk,
  { subjectKind, subjectId }: Subject,
  text: string,
): Promise<Versioned<Comment>> {
  const id = randomUUID();
  const comment: Comment = { id, subjectKind, subjectId, text, at: by.at, by: by.actor };
  const payload = { after: { comment: id, text } };
  const audit = { ...by, action: `${subjectKind}.comment`, subject: subjectId, payload };
  return store.create(tenant, COMMENT_KIND, id, comment, audit);
}

/** Comments on one subject, oldest first. @throws AppError HW_REQUEST_INVALID for a foreign cursor */
export function listComments(
  { store, tenant }: Pick<Desk, "store" | "tenant">,
  { subjectKind, subjectId }: Subject,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<SearchPage<Comment>> {
  return store.search(tenant, COMMENT_KIND, {
    terms: { subject: [`${subjectKind}:${subjectId}`] },
    sort: [{ field: "at", order: "asc" }],
    limit: page.limit,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  });
}
