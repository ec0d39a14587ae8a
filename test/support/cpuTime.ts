/**
 * The milliseconds of processor time that synchronous work takes. Unlike the time that passes, it does not grow where
 * other processes want the processor too.
 */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return msSince(before);
}

/** The same for work that waits in between. */
export async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return msSince(before);
}

function msSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
