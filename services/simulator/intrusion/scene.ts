// What the intruder of one simulation has: a victim, stolen accounts, tools and addresses outside,
// all drawn from the seed; and how commands are typed, since no two intruders type alike.
import { strict as assert } from "node:assert";
import type { Account, Administrator, Host, Staff } from "../county/county.ts";
import { type Process, type StartOptions, start } from "../emit/process.ts";
import type { Program } from "../emit/programs.ts";
import type { World } from "../world.ts";

/** The intruder's means, and how far the intrusion has come. */
export interface Scene {
  readonly victim: Staff;
  /** Administrator whose account is stolen on the way. */
  readonly stolen: Administrator;
  readonly controlHost: string;
  readonly controlAddress: string;
  readonly dropHost: string;
  readonly dropAddress: string;
  /** Folder on machines into which tools are put. */
  readonly folder: string;
  /** A name without meaning, for files, tasks and services. */
  readonly alias: string;
  readonly extension: string;
  readonly note: string;
  readonly fileServer: Host;
  readonly controller: Host;
  readonly backupServer: Host;
  /** File name of the attachment; set when the mail is sent. */
  attachment: string;
  /** Processes that the intruder controls; set by the steps that gain them. */
  implant: Process | undefined;
  fileServerShell: Process | undefined;
  controllerShell: Process | undefined;
}

/** One way of taking a step; `run` gives out its records and returns when it is done. */
export interface Variant {
  readonly technique: string;
  readonly title: string;
  readonly host: (scene: Scene) => Host;
  readonly account: (scene: Scene) => Account;
  readonly run: (world: World, scene: Scene, time: number) => number;
}

/** A step of the intrusion with the ways in which it can be taken. */
export interface Step {
  readonly id: string;
  readonly tactic: string;
  readonly knownToRules: boolean;
  readonly variants: readonly Variant[];
}

/** The intruder of a county. */
export function drawScene(world: World): Scene {
  const { random, county } = world;
  const domainAdmins = county.administrators.filter((administrator) => administrator.domainAdmin);
  const desks = (world.present ?? county.staff).filter(
    (member) => member.department.code !== "FD11",
  );
  const word = () => random.pick(["cloud", "update", "sync", "static", "media", "portal", "cdn"]);
  const tail = () => random.pick(["dienste", "storage", "net", "hub", "check"]);
  return {
    victim: random.pick(desks.length > 0 ? desks : county.staff),
    stolen: random.pick(domainAdmins),
    controlHost: `${word()}-${tail()}${random.int(2, 99)}.test`,
    controlAddress: `203.0.113.${random.int(200, 254)}`,
    dropHost: `${word()}.${tail()}-${random.hex(4)}.test`,
    dropAddress: `198.51.100.${random.int(200, 254)}`,
    folder: random.pick([
      "C:\\ProgramData",
      "C:\\Users\\Public",
      "C:\\PerfLogs",
      "C:\\Windows\\Temp",
      "C:\\ProgramData\\USOShared",
    ]),
    alias:
      random.pick([
        "WinUpdSvc",
        "MsSync",
        "NvDisplayHelper",
        "AdobeArmHelper",
        "EdgeElevate",
        "IntelHDAudio",
      ]) + random.pick(["", "32", "64", "_x"]),
    extension: random.pick(["hdlock", `${random.hex(6)}`, "krypt", "id-locked", "heidew"]),
    note: random.pick([
      "README_RECOVER.txt",
      "WIEDERHERSTELLUNG.txt",
      "how_to_decrypt.html",
      "!!!LESEN!!!.txt",
      "RECOVERY-INFO.hta",
    ]),
    fileServer: random.chance(0.7) ? county.servers.files1 : county.servers.files2,
    controller: random.chance(0.7) ? county.servers.dc1 : county.servers.dc2,
    backupServer: county.servers.backup,
    attachment: "",
    implant: undefined,
    fileServerShell: undefined,
    controllerShell: undefined,
  };
}

/** A process that an earlier step has gained. */
export function held(process: Process | undefined): Process {
  assert(process !== undefined, "the intruder lacks the process of an earlier step");
  return process;
}

/** Runs a command as the intruder types it: case, path and `.exe` vary, the meaning doesn't. */
export function run(
  world: World,
  time: number,
  parent: Process,
  program: Program,
  options: string,
  more: Partial<StartOptions> = {},
): Process {
  return start(world, time, {
    parent,
    program,
    commandLine: typed(world, program, options),
    ...more,
  });
}

function typed(world: World, program: Program, options: string): string {
  const { random } = world;
  const file = program.path.slice(program.path.lastIndexOf("\\") + 1);
  const bare = file.replace(/\.exe$/i, "");
  // Tools of their own lie outside the search path, and a path with blanks needs its quotes.
  const own = !program.path.startsWith("C:\\Windows\\System32\\");
  const quoted = `"${program.path}"`;
  const name = random.pick(
    own
      ? [quoted, program.path.includes(" ") ? quoted : program.path]
      : [
          quoted,
          program.path,
          file,
          bare,
          bare.toLowerCase(),
          bare.toUpperCase(),
          bare.charAt(0).toUpperCase() + bare.slice(1).toLowerCase(),
        ],
  );
  if (options === "") return name;
  return `${name} ${random.chance(0.3) ? " " : ""}${options}`;
}

export const atVictim = {
  host: (scene: Scene) => scene.victim.host,
  account: (scene: Scene) => scene.victim.account,
};
export const atFileServer = {
  host: (scene: Scene) => scene.fileServer,
  account: (scene: Scene) => scene.stolen.account,
};
export const atController = {
  host: (scene: Scene) => scene.controller,
  account: (scene: Scene) => scene.stolen.account,
};
