// Opens a channel as the configuration says it: one line a kind.
import { AppError } from "../../config/errors.ts";
import type { ChannelConfig } from "../../config/paging-channels.ts";
import type { Channel } from "./channel.ts";
import { channelFiles } from "./channel-files.ts";
import { openMail } from "./mail.ts";
import { openMattermost } from "./mattermost.ts";
import { openNtfy } from "./ntfy.ts";
import { openTeams } from "./teams.ts";
import { openWebhook } from "./webhook.ts";

/**
 * Reads its files; nothing is asked of the peer yet.
 * @param at makes a path of the configuration absolute
 * @param place of the channel in the configuration, for what is wrong with it
 * @throws AppError HW_CONFIG_INVALID for a file that can't be used
 */
export function openChannel(
  config: ChannelConfig,
  at: (path: string) => string,
  place = "paging.channels",
): Channel {
  const files = channelFiles(at, place);
  switch (config.kind) {
    case "mail":
      return openMail(config, files);
    case "webhook":
      return openWebhook(config, files);
    case "teams":
      return openTeams(config, files);
    case "mattermost":
      return openMattermost(config, files);
    case "ntfy":
      return openNtfy(config, files);
    default:
      throw new AppError("HW_CONFIG_INVALID", `${place}: ${config.kind} kann hier nicht öffnen`, {
        place,
      });
  }
}
