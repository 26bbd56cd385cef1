// Bodies of changes of one finding. Each names the version that its author has seen.
import { z } from "zod";
import { tlpSchema } from "../store/tlp.ts";

const ID_CHARS_MAX = 512;
const TAGS_PER_CHANGE_MAX = 20;

const version = z.number().int();
const tag = z.string().trim().min(1).max(100);
const tags = z.array(tag).max(TAGS_PER_CHANGE_MAX).default([]);
/** An account of the tenant; null: nobody. */
export const assigneeSchema = z.string().min(1).max(ID_CHARS_MAX).nullable();
const tagChangeSchema = z.strictObject({ add: tags, remove: tags });

export const assignBody = z.strictObject({ version, assignee: assigneeSchema });
export const tagsBody = z.strictObject({ version, ...tagChangeSchema.shape });
/** The caller's own account. */
export const watchBody = z.strictObject({ version, watching: z.boolean() });
/** Null: not marked. */
export const tlpBody = z.strictObject({ version, tlp: tlpSchema.nullable() });
