// How the stolen account appears on a machine that it reaches over the network.
import type { Host } from "../county/county.ts";
import { kerberosTicket, logon, ntlmValidation, serviceTicket } from "../emit/security.ts";
import type { World } from "../world.ts";
import type { Scene } from "./scene.ts";

/** Log-on over the network with the stolen account, as target and controller record it. */
export function networkLogon(world: World, scene: Scene, time: number, target: Host): string {
  const from = scene.victim.host;
  const { account } = scene.stolen;
  if (world.random.chance(0.4)) {
    ntlmValidation(world, time, { account, workstation: from.name, controller: scene.controller });
    return logon(world, time + 40, {
      account,
      host: target,
      type: 3,
      from,
      method: "NTLM",
      privileged: true,
      lastsMinutes: 9,
    });
  }
  kerberosTicket(world, time, { account, from, controller: scene.controller });
  serviceTicket(world, time + 20, { account, from, controller: scene.controller, service: target });
  return logon(world, time + 60, {
    account,
    host: target,
    type: 3,
    from,
    privileged: true,
    lastsMinutes: 9,
  });
}
