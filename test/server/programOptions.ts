import { parseArgs } from 'node:util';
import * as v from 'valibot';
import type { LocalApiOptions } from './localApi.ts';
import type { ProjectOptions } from './localProject.ts';
import { demoSwitches, sampleProjects } from './sampleProjects.ts';
import { seedNames, type SeedName } from './seeds.ts';
import { switchesSchema, type Switches } from './switches.ts';

const usage = `Usage: npm run api -- [--port N] [--token T]… [--seed ${seedNames.join('|')}] [--projects N] [--june-2026]
                      [--switch NAME=VALUE]… [--latency-ms N] [--list-admin-token]

  --port N             port on 127.0.0.1; 0 = any free port (default 4010)
  --token T            accepted as an administrator's project token; absent: one is made and printed.
                       Once per project, in their order
  --seed S             sample data (default demo)
  --projects N         so many projects behind the address, with the same names in all of them (default 1)
  --june-2026          the API of June 2026: nothing under /jwt, but users
  --switch NAME=VALUE  one of the switches in test/server/switches.ts, VALUE as JSON or text
  --latency-ms N       wait so long before each answer (default 0)
  --list-admin-token   list the administrator's token among the project tokens`;

class UsageError extends Error {}

/** What the program's arguments ask for. @throws what `explain` explains */
export function readOptions(args: string[]): LocalApiOptions & { projects: readonly ProjectOptions[] } {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4010' },
      token: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: 'demo' },
      projects: { type: 'string', default: '1' },
      'june-2026': { type: 'boolean', default: false },
      switch: { type: 'string', multiple: true, default: [] },
      'latency-ms': { type: 'string', default: '0' },
      'list-admin-token': { type: 'boolean', default: false },
    },
  });
  const seed = seedNames.find((name): name is SeedName => name === values.seed);
  if (!seed) throw new UsageError(`--seed is one of ${seedNames.join(', ')}`);
  if (values.token.some((token) => !/^\S+$/.test(token))) {
    throw new UsageError('--token must not be empty or contain spaces');
  }
  const count = wholeNumber('--projects', values.projects, 20, 1);
  return {
    port: wholeNumber('--port', values.port, 65_535),
    seed,
    projects: sampleProjects(count).map((project, index) => ({
      ...project,
      ...(values.token[index] === undefined ? {} : { token: values.token[index] }),
      listAdminToken: values['list-admin-token'],
    })),
    latencyMs: wholeNumber('--latency-ms', values['latency-ms'], 600_000),
    switches: { ...demoSwitches(values['june-2026']), ...readSwitches(values.switch) },
  };
}

function readSwitches(texts: readonly string[]): Partial<Switches> {
  const given = Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) throw new UsageError('--switch is NAME=VALUE');
      return [name, jsonOrText(value)];
    }),
  );
  const result = v.safeParse(v.partial(switchesSchema), given);
  // What a partial schema lets be undefined cannot be undefined here.
  if (result.success) return result.output as Partial<Switches>;
  throw new UsageError(result.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`).join('\n'));
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function wholeNumber(name: string, text: string, max: number, min = 0): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max) {
    throw new UsageError(`${name} is a whole number from ${min} to ${max}`);
  }
  return number;
}

/** What the program prints instead of starting. */
export function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EADDRINUSE') return `The port is taken: ${message}. Choose another with --port, or --port 0.`;
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${usage}`;
  return message;
}
