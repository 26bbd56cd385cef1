// Opens a channel as the configuration says it: one line a kind.
import type { ChannelConfig } from "../../config/paging-channels.ts";
import type { AnsweringChannel, Channel } from "./channel.ts";
import { channelFiles } from "./channel-files.ts";
import { openGammu } from "./gammu.ts";
import { openGoAlert } from "./goalert.ts";
import { openMail } from "./mail.ts";
import { type MatrixOptions, openMatrix } from "./matrix.ts";
import { openMattermost } from "./mattermost.ts";
import { openNtfy } from "./ntfy.ts";
import { openSmsHttp } from "./sms-http.ts";
import { openSyslog } from "./syslog.ts";
import { openTeams } from "./teams.ts";
import { openWebhook } from "./webhook.ts";

/**
 * Reads its files; nothing is asked of the peer yet.
 * @param at makes a path of the configuration absolute
 * @param place of the channel in the configuration, for what is wrong with it
 * @param more what a channel with answers remembers of them over a restart
 * @throws AppError HW_CONFIG_INVALID for a file that can't be used
 */
export function openChannel(
  config: ChannelConfig,
  at: (path: string) => string,
  place = "paging.channels",
  more: MatrixOptions = {},
): Channel | AnsweringChannel {
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
    case "matrix":
      return openMatrix(config, files, { memory: more.memory });
    case "sms_http":
      return openSmsHttp(config, files);
    case "gammu":
      return openGammu(config, files, place);
    case "syslog":
      return openSyslog(config, files);
    case "goalert":
      return openGoAlert(config, files);
  }
}
