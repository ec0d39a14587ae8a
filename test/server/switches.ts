import * as v from 'valibot';
import { operationNames } from './routes.ts';

/**
 * What is unknown about the real API (design/MAGICBELL_API.md), as switches. The defaults are what MagicBell's own
 * clients accept.
 */
export const switchesSchema = v.strictObject({
  /** How a token that never expires shows its `expires_at`, in lists and creation answers. */
  neverExpires: v.picklist(['absent', 'null', 'farDate']),
  /** How a live token shows its `discarded_at` in lists. */
  notDiscarded: v.picklist(['absent', 'null']),
  /** How an empty field of a user shows. Recordings have null; MagicBell's 2025 clients only know absent. */
  emptyUserFields: v.picklist(['null', 'absent']),
  /** Digits after the second; recordings have 6 and 9, the documentation's examples none. */
  fractionDigits: v.picklist([0, 6, 9]),
  order: v.picklist(['newestFirst', 'oldestFirst', 'shuffled']),
  /** Off: MagicBell's specification says of FetchProjectTokens "a list of all active tokens". */
  listDiscarded: v.boolean(),
  /** On: nothing says that expiry removes a token, and the product must show expired ones. */
  listExpired: v.boolean(),
  /** Which keys of a collection are there. */
  collection: v.picklist(['full', 'noData', 'noLinks', 'emptyObject']),
  /** What `links.first` of an empty list is: an address, or `""` as seen in a recording. */
  firstOfEmptyList: v.picklist(['address', 'emptyString']),
  /** Adds the field that the prose promises and no version has. */
  lastUsedField: v.picklist(['absent', 'last_used_at', 'last_accessed_at']),
  defaultLimit: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** A larger `limit` is cut to this without an error. */
  maxLimit: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The status of a cursor that the server did not make; both were seen. */
  badCursorStatus: v.picklist([400, 500]),
  /** `honoured`: a POST repeated with the same Idempotency-Key gets the first answer again. */
  idempotencyKey: v.picklist(['ignored', 'honoured']),
  /** Operations that answer 405 with an empty body. */
  notOffered: v.array(v.picklist(operationNames)),
  /** Milliseconds by which the server's clock is ahead of this machine's (negative: behind). */
  clockOffsetMs: v.number(),
  /** Milliseconds before each answer under `/v2`. */
  latencyMs: v.pipe(v.number(), v.minValue(0)),
});

export type Switches = v.InferOutput<typeof switchesSchema>;

export const defaultSwitches: Switches = {
  neverExpires: 'absent',
  notDiscarded: 'absent',
  emptyUserFields: 'absent',
  fractionDigits: 6,
  order: 'newestFirst',
  listDiscarded: false,
  listExpired: true,
  collection: 'full',
  firstOfEmptyList: 'address',
  lastUsedField: 'absent',
  defaultLimit: 50,
  maxLimit: 100,
  badCursorStatus: 400,
  idempotencyKey: 'ignored',
  notOffered: [],
  clockOffsetMs: 0,
  latencyMs: 0,
};
