/** A program that takes a value on its standard input, and its arguments with `{name}` for what is asked. */
export interface CommandTemplate {
  readonly id: string;
  readonly label: string;
  /** One after the other: each next one gets what the one before has printed. */
  readonly steps: readonly (readonly [program: string, ...args: string[]])[];
  /** What is asked before it is used; `{variable}` is the name that the value gets there. */
  readonly asks: readonly CommandQuestion[];
  /** The program opens its standard input by its path: that needs a real pipe, which Windows does not have. */
  readonly opensStdin?: true;
}

interface CommandQuestion {
  readonly key: string;
  readonly prompt: string;
  readonly value?: string;
}

/** Each as its own documentation says that a value is read from standard input. */
export const commandTemplates: readonly CommandTemplate[] = [
  {
    id: 'gh',
    label: 'GitHub secret of a repository',
    steps: [['gh', 'secret', 'set', '{variable}']],
    asks: [],
  },
  {
    id: 'ghEnvironment',
    label: 'GitHub secret of an environment',
    steps: [['gh', 'secret', 'set', '{variable}', '--env', '{environment}']],
    asks: [{ key: 'environment', prompt: 'The environment of the repository.', value: 'production' }],
  },
  {
    id: 'vercel',
    label: 'Vercel environment variable',
    steps: [['vercel', 'env', 'add', '{variable}', '{environment}', '--force']],
    asks: [{ key: 'environment', prompt: 'production, preview or development.', value: 'production' }],
  },
  {
    id: 'wrangler',
    label: 'Cloudflare Workers secret',
    steps: [['wrangler', 'secret', 'put', '{variable}']],
    asks: [],
  },
  {
    id: 'gcloud',
    label: 'Google Cloud secret, a new version',
    steps: [['gcloud', 'secrets', 'versions', 'add', '{secret}', '--data-file=-']],
    asks: [{ key: 'secret', prompt: 'The name of the secret, which exists already.' }],
  },
  {
    id: 'aws',
    label: 'AWS secret',
    steps: [
      ['aws', 'secretsmanager', 'put-secret-value', '--secret-id', '{secret}', '--secret-string', 'file:///dev/stdin'],
    ],
    asks: [{ key: 'secret', prompt: 'The name or ARN of the secret, which exists already.' }],
    opensStdin: true,
  },
  {
    id: 'kubectl',
    label: 'Kubernetes secret',
    steps: [
      [
        'kubectl',
        'create',
        'secret',
        'generic',
        '{secret}',
        '--from-file={variable}=/dev/stdin',
        '--dry-run=client',
        '-o',
        'yaml',
      ],
      ['kubectl', 'apply', '-f', '-'],
    ],
    asks: [{ key: 'secret', prompt: 'The name of the secret, in the current context and namespace.' }],
    opensStdin: true,
  },
  {
    id: 'docker',
    label: 'Docker secret, a new one',
    steps: [['docker', 'secret', 'create', '{secret}', '-']],
    asks: [{ key: 'secret', prompt: 'The name of the new secret.' }],
  },
];

/** The command lines with the answers in them. */
export function fillTemplate(
  { steps }: Pick<CommandTemplate, 'steps'>,
  answers: ReadonlyMap<string, string>,
): CommandTemplate['steps'] {
  const filled = (text: string): string =>
    text.replace(/\{(\w{1,40})\}/g, (all, key: string) => answers.get(key) ?? all);
  return steps.map(([program, ...args]) => [program, ...args.map(filled)]);
}

/** What is wrong with an answer; an argument that begins with a dash would be an option. */
export function answerProblem(answer: string): string | undefined {
  if (answer === '') return 'This is needed.';
  if (answer.startsWith('-')) return 'This must not begin with “-”: the program would take it for an option.';
  return answer.length <= 512 && !/\p{Cc}/u.test(answer)
    ? undefined
    : 'This must be one line of at most 512 characters.';
}
