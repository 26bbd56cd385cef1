// The archive in Elasticsearch passes the contract.
import { describeArchiveContract } from "../../contract/archive.ts";
import { openTestArchives } from "./elasticsearch-archives.ts";

describeArchiveContract("elasticsearch", async () => {
  const archives = openTestArchives();
  return {
    archive: archives.open(),
    reopen: async () => archives.open(),
    destroy: () => archives.destroy(),
  };
});
