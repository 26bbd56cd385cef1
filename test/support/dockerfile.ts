// Reads the Dockerfile as far as ours goes: stages with what they copy and run, for the tests that hold
// it to the project and that follow its steps without Docker.

interface Copy {
  /** The stage that it copies from; undefined: the project. */
  readonly stage: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

/** `COPY` and `RUN` in their order. */
type Step = { readonly copy: Copy } | { readonly run: string };

export interface DockerfileStage {
  readonly name: string | undefined;
  readonly from: string;
  readonly steps: readonly Step[];
  readonly copies: readonly Copy[];
  readonly user: string | undefined;
  readonly ports: readonly number[];
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/**
 * All stages, the image itself last.
 * @throws Error at an instruction that these tests don't know
 */
export function dockerfileStages(text: string): DockerfileStage[] {
  return text
    .split(/^(?=FROM )/m)
    .filter((part) => part.startsWith("FROM "))
    .map(readStage);
}

function readStage(text: string): DockerfileStage {
  const lines = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => ({ word: line.split(" ", 1)[0] ?? "", rest: line.replace(/^\S+\s+/, "") }));
  const unknown = lines.find(({ word }) => !KNOWN.has(word));
  if (unknown) throw new Error(`the tests don't know the instruction ${unknown.word}`);
  const all = (word: string) => lines.filter((line) => line.word === word).map(({ rest }) => rest);
  const [from = "", , name] = (all("FROM")[0] ?? "").split(" ");
  const steps = lines.flatMap(({ word, rest }): Step[] => {
    if (word === "RUN") return [{ run: rest }];
    return word === "COPY" ? [{ copy: readCopy(rest) }] : [];
  });
  return {
    name,
    from,
    steps,
    copies: steps.flatMap((step) => ("copy" in step ? [step.copy] : [])),
    user: all("USER").at(-1),
    ports: all("EXPOSE").flatMap((ports) => ports.split(" ").map(Number)),
    environment: Object.fromEntries(all("ENV").map((pair) => pair.split("=", 2))),
    entrypoint: listOf(all("ENTRYPOINT").at(-1)),
    command: listOf(all("CMD").at(-1)),
    healthCheck: listOf(
      all("HEALTHCHECK")
        .at(-1)
        ?.replace(/^.*? CMD /, ""),
    ),
  };
}

const KNOWN = new Set(
  "FROM WORKDIR COPY RUN ENV USER EXPOSE HEALTHCHECK ENTRYPOINT CMD".split(" "),
);

function readCopy(rest: string): Copy {
  const words = rest.split(" ");
  const stage = words[0]?.startsWith("--from=") ? words.shift()?.slice(7) : undefined;
  return { stage, sources: words.slice(0, -1), target: words.at(-1) ?? "" };
}

function listOf(json: string | undefined): string[] {
  // Our own file; every element is written as a string there.
  return json === undefined ? [] : (JSON.parse(json) as string[]);
}

/** Whether .dockerignore keeps a path out; ours has plain paths alone, no patterns. */
export function isIgnored(path: string, ignored: readonly string[]): boolean {
  return ignored.some((one) => path === one || path.startsWith(`${one}/`));
}
