import { parseArgs } from 'node:util';
import { startLocalApi, type LocalApi, type LocalApiOptions } from './localApi.ts';
import { seedNames, type SeedName } from './seeds.ts';

const usage = `Usage: npm run api -- [--port N] [--token T] [--seed ${seedNames.join('|')}] [--latency-ms N] [--list-admin-token]

  --port N             port on 127.0.0.1; 0 = any free port (default 4010)
  --token T            accepted as an administrator's project token; absent: one is made and printed
  --seed S             sample data (default demo)
  --latency-ms N       wait so long before each answer (default 0)
  --list-admin-token   list the administrator's token among the project tokens`;

class UsageError extends Error {}

try {
  const options = readOptions(process.argv.slice(2));
  const api = await startLocalApi(options);
  // First: whoever reads that we listen may stop us at once.
  stopOnSignal(api);
  if (options.token === undefined) console.log(`token ${api.token}`);
  console.log(`listening ${api.url}`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

function readOptions(args: string[]): LocalApiOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4010' },
      token: { type: 'string' },
      seed: { type: 'string', default: 'demo' },
      'latency-ms': { type: 'string', default: '0' },
      'list-admin-token': { type: 'boolean', default: false },
    },
  });
  const seed = seedNames.find((name): name is SeedName => name === values.seed);
  if (!seed) throw new UsageError(`--seed is one of ${seedNames.join(', ')}`);
  if (values.token !== undefined && !/^\S+$/.test(values.token)) {
    throw new UsageError('--token must not be empty or contain spaces');
  }
  return {
    port: wholeNumber('--port', values.port, 65_535),
    ...(values.token === undefined ? {} : { token: values.token }),
    seed,
    latencyMs: wholeNumber('--latency-ms', values['latency-ms'], 600_000),
    listAdminToken: values['list-admin-token'],
  };
}

function wholeNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > max) throw new UsageError(`${name} is a whole number from 0 to ${max}`);
  return number;
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

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE') return `The port is taken: ${message}. Choose another with --port, or --port 0.`;
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${usage}`;
  return message;
}
