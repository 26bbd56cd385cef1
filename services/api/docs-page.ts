// The description of the API (OpenAPI 3.1, made from the zod schemas) and the page that shows it, from
// files of this installation only.
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { findingSchema } from "../store/finding.ts";
import { incidentSchema } from "../store/incident.ts";
import type { Api } from "./context.ts";
import { cookieName } from "./guard.ts";
import type { ApiMessages } from "./messages.ts";
import { errorAnswer } from "./schemas.ts";

const DOCS_PATH = "/api/docs";
// The one <style> element that Swagger UI's script makes. Changes with its version; the browser test tells.
const UI_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='";

// Told once, by name: a browser draws the page slowly when it has to read each of them a hundred times.
z.globalRegistry.add(errorAnswer, { id: "Error" });
z.globalRegistry.add(findingSchema, { id: "Finding" });
z.globalRegistry.add(incidentSchema, { id: "Incident" });

/** Starts gathering routes; before any route is registered. */
export async function registerDescription(
  api: Api,
  messages: ApiMessages,
  version: string,
  publicUrl: string | undefined,
): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: messages.docsTitle, description: messages.docsIntro, version },
      components: {
        securitySchemes: {
          token: { type: "http", scheme: "bearer" },
          session: { type: "apiKey", in: "cookie", name: cookieName(publicUrl) },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
}

/**
 * The page. On its own routes only, images from `data:` (Swagger UI's style sheet has some) and its one
 * inline style are allowed.
 */
export async function registerDocsPage(api: Api, messages: ApiMessages): Promise<void> {
  await api.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    theme: { title: messages.docsTitle },
    uiConfig: { docExpansion: "list", supportedSubmitMethods: [] },
    transformStaticCSP: (header) =>
      header
        .replace("img-src 'self'", "img-src 'self' data:")
        .replace("style-src 'self'", `style-src 'self' ${UI_STYLE}`),
  });
}
