// @ts-check
import { cpus, loadavg, platform, release, totalmem } from "node:os";

/** What a reader has to know to compare figures with their own. */
export function describeMachine() {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || "unknown processor",
    cores: all.length,
    memoryGiB: Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${platform()} ${release()}`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(" "),
  };
}
