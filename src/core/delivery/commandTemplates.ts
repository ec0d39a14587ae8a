/** Programs that read a value from standard input, with placeholders such as `{name}` in their arguments. */
export interface CommandTemplate {
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
  { label: 'GitHub secret of a repository', steps: pipeline('gh secret set {variable}'), asks: [] },
  {
    label: 'GitHub secret of an environment',
    steps: pipeline('gh secret set {variable} --env {environment}'),
    asks: [{ key: 'environment', prompt: 'The environment of the repository.', value: 'production' }],
  },
  {
    label: 'Vercel environment variable',
    steps: pipeline('vercel env add {variable} {environment} --force'),
    asks: [{ key: 'environment', prompt: 'production, preview or development.', value: 'production' }],
  },
  { label: 'Cloudflare Workers secret', steps: pipeline('wrangler secret put {variable}'), asks: [] },
  {
    label: 'Google Cloud secret, a new version',
    steps: pipeline('gcloud secrets versions add {secret} --data-file=-'),
    asks: [{ key: 'secret', prompt: 'The name of the secret, which exists already.' }],
  },
  {
    label: 'AWS secret',
    steps: pipeline('aws secretsmanager put-secret-value --secret-id {secret} --secret-string file:///dev/stdin'),
    asks: [{ key: 'secret', prompt: 'The name or ARN of the secret, which exists already.' }],
    opensStdin: true,
  },
  {
    label: 'Kubernetes secret',
    steps: pipeline(
      'kubectl create secret generic {secret} --from-file={variable}=/dev/stdin --dry-run=client -o yaml',
      'kubectl apply -f -',
    ),
    asks: [{ key: 'secret', prompt: 'The name of the secret, in the current context and namespace.' }],
    opensStdin: true,
  },
  {
    label: 'Docker secret, a new one',
    steps: pipeline('docker secret create {secret} -'),
    asks: [{ key: 'secret', prompt: 'The name of the new secret.' }],
  },
];

/** One line for each program, with its arguments between spaces. */
function pipeline(...lines: readonly string[]): CommandTemplate['steps'] {
  return lines.map((line) => line.split(' ') as [string, ...string[]]);
}

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
