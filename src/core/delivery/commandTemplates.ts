/** Programs that read a value from standard input, with placeholders such as `{name}` in their arguments. */
export interface CommandTemplate {
  readonly id: string;
  readonly label: string;
  /** A pipeline: each program reads the output of the one before it. */
  readonly steps: readonly (readonly [program: string, ...args: string[]])[];
  /** The questions for the placeholders, except for `{variable}`: the name under which the value is stored. */
  readonly asks: readonly CommandQuestion[];
  /** The program opens its standard input as `/dev/stdin`: that needs a real pipe, which Windows does not have. */
  readonly opensStdin?: true;
}

interface CommandQuestion {
  readonly key: string;
  readonly prompt: string;
  readonly value?: string;
}

/** Each reads the value from standard input in the way that its documentation describes. */
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

/** Replaces the placeholders with the answers. */
export function fillTemplate(
  { steps }: Pick<CommandTemplate, 'steps'>,
  answers: ReadonlyMap<string, string>,
): CommandTemplate['steps'] {
  const filled = (text: string): string =>
    text.replace(/\{(\w{1,40})\}/g, (all, key: string) => answers.get(key) ?? all);
  return steps.map(([program, ...args]) => [program, ...args.map(filled)]);
}

/** Describes what is wrong with an answer; undefined when it is valid. */
export function answerProblem(answer: string): string | undefined {
  if (answer === '') return 'This is needed.';
  if (answer.startsWith('-')) return 'This must not begin with “-”: the program would take it for an option.';
  return answer.length <= 512 && !/\p{Cc}/u.test(answer)
    ? undefined
    : 'This must be one line of at most 512 characters.';
}
