import * as v from 'valibot';
import { maxFieldLength } from '../magicbell/limits.ts';
import { holdsSecret, isPlainId } from './answer.ts';

// Messages do not quote the input: it may be a token, passed by mistake.

const secretProblem = 'looks like a token or a key. Tools neither take nor give values';

const givenText = (maxLength = maxFieldLength) =>
  v.pipe(
    v.string('must be a text'),
    v.trim(),
    v.minLength(1, 'must not be empty'),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.check((text) => !holdsSecret(text), secretProblem),
  );

const tokenId = () =>
  v.pipe(
    v.string('must be a text'),
    v.trim(),
    v.check((text) => !holdsSecret(text), secretProblem),
    v.check(isPlainId, 'must be the id of a token, as the list has it'),
  );

const counted = (max: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(max, `must be at most ${max}`),
  );

const kinds = v.picklist(['project', 'user'], 'must be "project" or "user"');
const filters = v.picklist(
  ['all', 'active', 'expiring', 'expired', 'neverExpires', 'revoked'],
  'must be "all", "active", "expiring", "expired", "neverExpires" or "revoked"',
);

const project = v.optional(givenText());

/** The inputs of each tool. package.json has them as JSON schemas, for models (test/manifest compares the two). */
export const inputSchemas = {
  list: v.strictObject({
    project,
    kind: v.optional(kinds, 'project'),
    user: v.optional(givenText()),
    filter: v.optional(filters, 'all'),
    text: v.optional(givenText()),
    page: v.optional(counted(10_000), 1),
  }),
  expiring: v.strictObject({ project, withinDays: v.optional(counted(3650)) }),
  check: v.strictObject({
    project,
    id: v.optional(tokenId()),
    file: v.optional(givenText(1000)),
    line: v.optional(counted(10_000_000)),
  }),
  issue: v.strictObject({
    project,
    kind: kinds,
    name: v.optional(givenText()),
    email: v.optional(givenText()),
    externalId: v.optional(givenText()),
    expires: v.optional(givenText()),
  }),
  rotate: v.strictObject({ project, id: tokenId(), expires: v.optional(givenText()) }),
  revoke: v.strictObject({ project, id: tokenId() }),
} as const;

export type ToolName = keyof typeof inputSchemas;
export type ToolInput<T extends ToolName> = v.InferOutput<(typeof inputSchemas)[T]>;

export type ReadInput<T extends ToolName> =
  | { readonly ok: true; readonly input: ToolInput<T> }
  /** `problem` is a sentence for the model, which does not quote its input. */
  | { readonly ok: false; readonly problem: string };

/** Reads the input of a tool. Hosts do not validate it against the schema of package.json. */
export function readInput<T extends ToolName>(tool: T, given: unknown): ReadInput<T> {
  const schema = inputSchemas[tool];
  const parsed = v.safeParse(schema, given ?? {});
  if (parsed.success) return { ok: true, input: parsed.output };
  const names = Object.keys(schema.entries);
  const [issue] = parsed.issues;
  const name = issue.path?.[0].key;
  if (typeof name !== 'string' || !names.includes(name))
    return { ok: false, problem: `The input is an object with nothing but: ${names.join(', ')}.` };
  return { ok: false, problem: `The input "${name}" ${issue.message}.` };
}
