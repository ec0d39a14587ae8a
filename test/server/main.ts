import { startLocalApi, type LocalApi } from './localApi.ts';
import { explain, readOptions } from './programOptions.ts';

try {
  const options = readOptions(process.argv.slice(2));
  const api = await startLocalApi(options);
  // First: whoever reads that we listen may stop us at once.
  stopOnSignal(api);
  for (const [index, { token, name }] of api.projects.entries()) {
    if (options.projects[index]?.token !== undefined) continue;
    console.log(api.projects.length === 1 ? `token ${token}` : `token ${token} (${name})`);
  }
  console.log(`listening ${api.url}`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

function stopOnSignal(api: LocalApi): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void api.close());
  }
  if (process.env['npm_lifecycle_event'] === undefined) return;
  // npm passes a signal on to the shell between us, and the shell dies without passing it on.
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    void api.close();
  }, 200);
  watch.unref();
}
