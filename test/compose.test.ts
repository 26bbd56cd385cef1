// Holds docker-compose.yml and the Dockerfile to the project: what they name (services, images, ports,
// variables, files, commands) is there and means what it should.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { loadConfig } from "../config/load.ts";
import { SERVICES } from "../config/services.ts";
import { FIGURES_SOURCE } from "../dashboards/grafana/elasticsearch.ts";
import { METRICS_SOURCE } from "../dashboards/grafana/prometheus.ts";
import { kindAlias } from "../services/store/elasticsearch-names.ts";
import { FIGURE_ROW_KIND } from "../services/store/figure-row.ts";
import { dockerfileStages, isIgnored } from "./support/dockerfile.ts";

const limits = z.object({ cpus: z.string(), memory: z.string(), pids: z.number() });
const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  secrets: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.looseObject({ test: z.array(z.string()).optional() }).optional(),
  deploy: z.object({ resources: z.object({ limits }) }),
  read_only: z.boolean().default(false),
  user: z.string().optional(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
});
type Service = z.infer<typeof serviceSchema>;

const text = readFileSync("docker-compose.yml", "utf8");
const compose = z
  .looseObject({
    services: z.record(z.string(), serviceSchema),
    networks: z.record(z.string(), z.unknown()),
    volumes: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
  })
  .parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);
const own = services.filter(([, service]) => service.build !== undefined);
const stages = own.filter(([, { command }]) => command[0] === "start");
const images = dockerfileStages(readFileSync("Dockerfile", "utf8"));
const last = images.at(-1);
const manifest = z
  .object({ version: z.string(), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

/** Where the site's own files lie; they are no part of the project. */
const SITE = ["./data/", "./secrets/", "/var/log/journal", "/etc/machine-id"];

const folder = mkdtempSync(join(tmpdir(), "heidewacht-compose-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Compose's own substitution, with nothing set. */
function interpolate(value: string): string {
  return value.replace(/\$\{[A-Z0-9_]+:-([^}]*)\}/g, "$1");
}

function settingsOf(service: Service) {
  const environment = Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [name, interpolate(String(value))]),
  );
  const at = service.command.indexOf("--services");
  const names = service.command[at + 1]?.split(",") ?? [];
  return loadConfig("config/compose/heidewacht.yml", environment, { services: names }).config;
}

describe("docker-compose.yml", () => {
  it("runs each service of Heidewacht in a container of its name", () => {
    expect(stages.map(([name]) => name)).toEqual([...SERVICES]);
    for (const [name, service] of stages) expect(settingsOf(service).services).toEqual([name]);
  });

  it("has the servers around it, the language model only when asked for", () => {
    const names = services.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(["kafka", "elasticsearch", "grafana", "fluent-bit", "llm"]),
    );
    expect(compose.services.llm?.profiles).toEqual(["llm"]);
  });

  it("pins every image to a whole version", () => {
    for (const [name, { image }] of services) {
      expect(image, name).toMatch(/^[a-z0-9./-]+:(?:v?\d+\.\d+\.\d+|server-b\d+)$/);
    }
    for (const [name, { image }] of own) expect(image, name).toBe(`heidewacht:${manifest.version}`);
  });

  it("has the versions that the tests run against", () => {
    const pom = (name: string) => readFileSync(`test/servers/${name}/pom.xml`, "utf8");
    const kafka = /<kafka\.version>(.*?)</.exec(pom("kafka"))?.[1];
    const elasticsearch = /<es\.version>(.*?)</.exec(pom("elasticsearch"))?.[1];
    expect(compose.services.kafka?.image.split(":")[1]).toBe(kafka);
    expect(compose.services.elasticsearch?.image.split(":")[1]).toBe(elasticsearch);
  });

  it("gives settings that the schema takes, each variable one of its keys", () => {
    for (const [name, service] of stages) {
      const config = settingsOf(service);
      expect([config.bus.kind, config.store.kind], name).toEqual(["kafka", "elasticsearch"]);
    }
  });

  it("notices a variable that sets nothing", () => {
    const service = serviceSchema.parse({
      ...compose.services.detect,
      environment: { HEIDEWACHT_BUS__BROKER: "[]" },
    });
    expect(() => settingsOf(service)).toThrow('"broker"');
  });

  it("sets no variable of Heidewacht beside its own containers", () => {
    for (const [name, service] of services) {
      if (service.build !== undefined) continue;
      const wrong = Object.keys(service.environment).filter((one) => one.startsWith("HEIDEWACHT_"));
      expect(wrong, name).toEqual([]);
    }
  });

  it("calls commands that there are, with options that they have", () => {
    for (const [name, { command }] of own) {
      const [first = "", ...options] = command;
      const source = readFileSync(`services/cli/${first}.ts`, "utf8");
      expect(source, name).toContain(`.command("${first}")`);
      for (const one of options.filter((option) => option.startsWith("--"))) {
        expect(source, name).toContain(`${one} <`);
      }
    }
  });

  it("names servers by their containers and the ports that they listen on", () => {
    const config = settingsOf(compose.services.detect as Service); // Parsed above.
    expect(config.bus.brokers).toEqual(["kafka:9092"]);
    const kafka = compose.services.kafka?.environment ?? {};
    expect(kafka.KAFKA_ADVERTISED_LISTENERS).toBe(`PLAINTEXT://${config.bus.brokers[0]}`);
    expect(config.store.nodes).toEqual(["http://elasticsearch:9200"]);
    const [http] = config.store.nodes;
    expect(Object.keys(compose.services)).toContain(new URL(http ?? "").hostname);
  });

  it("publishes on the loopback address only, what the configuration listens on", () => {
    const config = settingsOf(compose.services.api as Service); // Parsed above.
    const published = services.flatMap(([name, { ports }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([
      ["ingest", `127.0.0.1:${config.inputs.http.port}:${config.inputs.http.port}`],
      ["api", `127.0.0.1:${config.console.port}:${config.console.port}`],
      ["grafana", "127.0.0.1:3000:3000"],
    ]);
    for (const { host } of [config.console, config.inputs.http, config.monitoring]) {
      expect(host).toBe("0.0.0.0");
    }
  });

  it("asks for health where the process of the container answers", () => {
    for (const [name, service] of stages) {
      const config = settingsOf(service);
      const port = name === "api" ? config.console.port : config.monitoring.port;
      const [, program, , script = ""] = service.healthcheck?.test ?? [];
      expect(program, name).toBe("node");
      expect(/'(http[^']+)'/.exec(script)?.[1], name).toBe(`http://127.0.0.1:${port}/readyz`);
    }
    for (const file of ["services/api/routes/health.ts", "services/monitoring-server.ts"]) {
      expect(readFileSync(file, "utf8"), file).toContain('.get("/readyz"');
    }
    for (const [name, { healthcheck }] of services) {
      if (name === "fluent-bit") continue; // Its image has no program but itself.
      expect(healthcheck, name).toBeDefined();
    }
  });

  it("mounts files that are there, and names what is used", () => {
    for (const [name, service] of services) {
      for (const volume of service.volumes) {
        const [source = ""] = volume.split(":");
        if (SITE.some((path) => source.startsWith(path))) continue;
        if (source.startsWith("./")) expect(existsSync(source), `${name}: ${source}`).toBe(true);
        else expect(Object.keys(compose.volumes), name).toContain(source);
        if (source.startsWith("./")) expect(volume, name).toMatch(/:ro$/);
      }
      for (const secret of service.secrets) expect(Object.keys(compose.secrets)).toContain(secret);
      for (const one of service.networks) expect(Object.keys(compose.networks)).toContain(one);
      for (const one of Object.keys(service.depends_on)) {
        expect(Object.keys(compose.services)).toContain(one);
      }
    }
    const used = (key: "volumes" | "secrets" | "networks") =>
      new Set(services.flatMap(([, service]) => service[key].map((one) => one.split(":")[0])));
    for (const key of ["volumes", "secrets", "networks"] as const) {
      const unused = Object.keys(compose[key]).filter((one) => !used(key).has(one));
      expect(unused, key).toEqual([]);
    }
  });

  it("reads keys where it mounts them", () => {
    for (const [name, service] of stages) {
      const { privacy, store, dataFolder } = settingsOf(service);
      expect(
        service.secrets.map((one) => `/run/secrets/${one}`),
        name,
      ).toContain(privacy.masterKeyFile);
      const places = [...service.volumes, ...service.tmpfs].flatMap((one) => one.split(":"));
      expect(places, name).toContain(dataFolder);
      expect(places, name).toContain(join(store.apiKeyFile ?? "", ".."));
      const at = service.command.indexOf("--config");
      expect(places, name).toContain(service.command[at + 1]);
    }
    const script = readFileSync("config/compose/secrets.sh", "utf8");
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      expect(file).toBe(`./secrets/${name}`);
      expect(script).toMatch(new RegExp(`^secret ${name} \\d+$`, "m"));
    }
  });

  it("gives Grafana what its provisioning asks for: sources, boards, and a key that is made before", () => {
    const { grafana, "grafana-access": access } = compose.services;
    const files = ["datasources", "dashboards", "alerting"].map((folder) =>
      readFileSync(`dashboards/provisioning/${folder}/heidewacht.yml`, "utf8"),
    );
    const [sources = "", boards = ""] = files;
    const asked = files.flatMap((file) => {
      const values = file.replace(/^\s*#.*$/gm, "").replaceAll("$$", "");
      return [...values.matchAll(/\$([A-Z]\w*)/g)].map(([, name]) => name ?? "");
    });
    expect(asked.length).toBeGreaterThan(2);
    expect(Object.keys(grafana?.environment ?? {})).toEqual(expect.arrayContaining(asked));
    const uids = parse(sources).datasources.map(({ uid }: { uid: string }) => uid);
    expect(uids).toEqual([FIGURES_SOURCE.uid, METRICS_SOURCE.uid]);
    const { store, tenants } = settingsOf(compose.services.api as Service); // Parsed above.
    const option = (name: string) => access?.command[access.command.indexOf(name) + 1];
    expect(tenants.map(({ id }) => id)).toContain(option("--tenant"));
    expect(grafana?.environment.FIGURES_INDEX).toBe(
      kindAlias(store.prefix, FIGURE_ROW_KIND.name, option("--tenant") ?? ""),
    );
    expect(grafana?.environment.FIGURES_URL).toBe(store.nodes[0]);
    expect(sources).toContain(`$__file{${option("--to")}}`);
    expect(grafana?.depends_on["grafana-access"]?.condition).toContain("completed");
    const { path } = parse(boards).providers[0].options;
    const mounts = grafana?.volumes.filter((one) => one.includes(`:${path}/`)) ?? [];
    expect(mounts.map((one) => one.split(":")[0]).sort()).toEqual(
      readdirSync("dashboards/generated").map((name) => `./dashboards/generated/${name}`),
    );
  });

  it("takes rights from all containers and limits each", () => {
    for (const [name, service] of services) {
      expect(service.cap_drop, name).toEqual(["ALL"]);
      expect(service.security_opt, name).toContain("no-new-privileges:true");
      expect(Object.keys(service.deploy.resources.limits), name).toHaveLength(3);
    }
    for (const [name, service] of own) {
      expect([service.read_only, service.user], name).toEqual([true, "1000:1000"]);
    }
  });

  it("has no way to the Internet", () => {
    expect(compose.networks).toEqual({
      inside: { internal: true },
      outside: { driver_opts: { "com.docker.network.bridge.enable_ip_masquerade": "false" } },
    });
  });

  it("lets Fluent Bit reach its input at its port", () => {
    const { inputs } = settingsOf(compose.services.ingest as Service); // Parsed above.
    const shipper = z
      .object({
        env: z.array(z.object({ name: z.string(), uri: z.string() })),
        pipeline: z.object({ outputs: z.array(z.looseObject({ host: z.string() })) }),
      })
      .parse(parse(readFileSync("config/compose/fluent-bit.yml", "utf8")));
    expect(shipper.pipeline.outputs[0]).toMatchObject({
      host: "ingest",
      port: inputs.http.port,
      http_user: inputs.http.keys[0]?.id,
    });
    expect(shipper.env[0]?.uri).toBe("file:///run/secrets/fluent-bit-key");
  });

  it("lets Prometheus ask each process for its figures, at its port and with what it asks for", () => {
    const prometheus = z
      .object({
        scrape_configs: z.array(
          z.looseObject({
            authorization: z.object({ credentials_file: z.string() }).optional(),
            dns_sd_configs: z.tuple([
              z.object({ names: z.array(z.string()), type: z.literal("A"), port: z.number() }),
            ]),
          }),
        ),
      })
      .parse(parse(readFileSync("config/compose/prometheus.yml", "utf8")));
    const asked = prometheus.scrape_configs.flatMap(({ authorization, dns_sd_configs: [found] }) =>
      found.names.map((name) => ({ name, port: found.port, token: authorization })),
    );
    expect(asked.map(({ name }) => name).sort()).toEqual(stages.map(([name]) => name).sort());
    const { prometheus: server } = compose.services;
    for (const [name, service] of stages) {
      const { console, monitoring } = settingsOf(service);
      const one = asked.find((target) => target.name === name);
      expect(one?.port, name).toBe(name === "api" ? console.port : monitoring.port);
      expect(
        service.networks.some((net) => server?.networks.includes(net)),
        name,
      ).toBe(true);
      // The process with the console alone gives figures to other machines only for a token.
      expect(one?.token !== undefined, name).toBe(name === "api");
      if (one?.token === undefined) continue;
      const secret = one.token.credentials_file.replace("/run/secrets/", "");
      expect(server?.secrets).toContain(secret);
      expect(console.metricsTokenSha256).toBe("0".repeat(64));
      const sum = /\$\{(\w+):-0+\}/.exec(
        String(service.environment.HEIDEWACHT_CONSOLE__METRICS_TOKEN_SHA256),
      )?.[1];
      const script = readFileSync("config/compose/secrets.sh", "utf8");
      expect(script).toContain(`checksum ${sum} ${secret}\n`);
    }
  });
});

describe("Dockerfile", () => {
  it("builds on the version of Node that the project runs on", () => {
    for (const { from } of images) {
      expect(from).toBe(`node:${manifest.devDependencies.node}-trixie-slim`);
    }
  });

  it("copies what is there and not kept out", () => {
    const ignored = readFileSync(".dockerignore", "utf8").trim().split("\n");
    const sources = images.flatMap(({ copies }) => copies).filter(({ stage }) => !stage);
    expect(sources.length).toBeGreaterThan(5);
    for (const { from } of sources.flatMap(({ sources: all }) => all.map((from) => ({ from })))) {
      expect(existsSync(from), from).toBe(true);
      expect(isIgnored(from, ignored), from).toBe(false);
    }
    for (const secret of ["secrets/master-key", "data/x", ".git/config", "node_modules/zod"]) {
      expect(isIgnored(secret, ignored), secret).toBe(true);
    }
  });

  it("runs as a user without rights, with the program of the command line", () => {
    expect(last?.user).toBe("node");
    expect(last?.entrypoint).toEqual(["node", "services/cli/heidewacht.ts"]);
    expect(statSync(last?.entrypoint[1] ?? "").isFile()).toBe(true);
  });

  it("tells the ports and the health of the defaults", () => {
    const { config } = loadConfig(undefined, {});
    const ports = [config.console.port, config.inputs.http.port, config.monitoring.port];
    expect(last?.ports).toEqual(ports);
    expect(last?.healthCheck.join(" ")).toContain(`http://127.0.0.1:${ports[0]}/readyz`);
  });
});
