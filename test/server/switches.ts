import * as v from 'valibot';
import { operationNames } from './routes.ts';

/**
 * What is unknown about the real API, or differs between its versions, as switches. The defaults are what was seen,
 * where MagicBell's own clients accept it.
 */
export const switchesSchema = v.strictObject({
  /** How a token that never expires shows its `expires_at`, in lists and creation answers. */
  neverExpires: v.picklist(['absent', 'null', 'farDate']),
  /** The date of `farDate`. The documentation advises "a distant future date" for long-lived tokens. */
  farDate: v.pipe(v.string(), v.isoTimestamp()),
  /** How a live token shows its `discarded_at` in lists. */
  notDiscarded: v.picklist(['absent', 'null']),
  /** How an empty field of a user shows. Recordings have null. */
  emptyUserFields: v.picklist(['null', 'absent']),
  /** `number`: users carry a `project_id`, as in MagicBell's older documentation; recordings have none. */
  userProjectId: v.picklist(['absent', 'number']),
  /** Digits after the second. `varying`: up to 9 without trailing zeros (seen); the documentation's examples have 0. */
  fractionDigits: v.picklist(['varying', 0, 6, 9]),
  order: v.picklist(['newestFirst', 'oldestFirst', 'shuffled']),
  /** Off: MagicBell's specification says of FetchProjectTokens "a list of all active tokens". */
  listDiscarded: v.boolean(),
  /** On: nothing says that expiry removes a token, and the product must show expired ones. */
  listExpired: v.boolean(),
  /** Which keys of a collection are there. */
  collection: v.picklist(['full', 'noData', 'noLinks', 'emptyObject']),
  /** What `links.first` of an empty list is: an address, or `""` as seen in a recording. */
  firstOfEmptyList: v.picklist(['address', 'emptyString']),
  /** How links repeat the other query parameters: recordings have them decoded, so that `&` and `#` break the link. */
  links: v.picklist(['decoded', 'encoded']),
  /** What a cursor of ListUsers is: the place in the list, or the number of the page, whatever its size (seen). */
  userCursors: v.picklist(['place', 'pageNumber']),
  /** Adds the field that the prose promises and no version has. */
  lastUsedField: v.picklist(['absent', 'last_used_at', 'last_accessed_at']),
  defaultLimit: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** A larger `limit` is cut to this without an error. */
  maxLimit: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** The status of a cursor that the server did not make; both were seen. */
  badCursorStatus: v.picklist([400, 500]),
  /** What unknown users and tokens, and ids that are no uuid, are answered with. */
  unknownIdStatus: v.picklist([404, 400]),
  /** Whether a project token may have an empty name. */
  emptyName: v.picklist(['refused', 'accepted']),
  /** Whether a user token may have neither an email nor an external id. */
  noRecipient: v.picklist(['refused', 'accepted']),
  /** The form of the project tokens that are made: RS256 with MagicBell's claims (seen), or HS256 without them. */
  projectTokens: v.picklist(['HS256', 'RS256']),
  /** `honoured`: a POST repeated with the same Idempotency-Key gets the first answer again. */
  idempotencyKey: v.picklist(['ignored', 'honoured']),
  /** Operations that answer 405 with an empty body. */
  notOffered: v.array(v.picklist(operationNames)),
  /** The API of June 2026: nothing under `/jwt` is routed. */
  june2026: v.boolean(),
  /** Whether what is not routed is answered with 401 when the bearer is wrong. */
  notRoutedChecksBearer: v.boolean(),
  /** Requests per minute and project before a 429; null: any number. */
  readsPerMinute: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
  writesPerMinute: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** The Retry-After of these 429. */
  retryAfter: v.picklist(['absent', 'seconds', 'date']),
  /** `brotli`: for whoever accepts it. */
  compression: v.picklist(['none', 'brotli']),
  /** Milliseconds by which the server's clock is ahead of this machine's (negative: behind). */
  clockOffsetMs: v.number(),
  /** Milliseconds before each answer under `/v2`. */
  latencyMs: v.pipe(v.number(), v.minValue(0)),
});

export type Switches = v.InferOutput<typeof switchesSchema>;

export const defaultSwitches: Switches = {
  neverExpires: 'absent',
  farDate: '9999-12-31T00:00:00.000Z',
  notDiscarded: 'absent',
  emptyUserFields: 'null',
  userProjectId: 'absent',
  fractionDigits: 'varying',
  order: 'newestFirst',
  listDiscarded: false,
  listExpired: true,
  collection: 'full',
  firstOfEmptyList: 'address',
  links: 'decoded',
  userCursors: 'place',
  lastUsedField: 'absent',
  defaultLimit: 50,
  maxLimit: 100,
  badCursorStatus: 400,
  unknownIdStatus: 404,
  emptyName: 'refused',
  noRecipient: 'refused',
  projectTokens: 'HS256',
  idempotencyKey: 'ignored',
  notOffered: [],
  june2026: false,
  notRoutedChecksBearer: false,
  readsPerMinute: null,
  writesPerMinute: null,
  retryAfter: 'absent',
  compression: 'none',
  clockOffsetMs: 0,
  latencyMs: 0,
};
