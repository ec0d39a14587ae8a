export const auditStates = ['none', 'running', 'waiting', 'paused', 'failed', 'elsewhere', 'done'] as const;

/**
 * The state of an audit.
 *
 * - `none`: there is none · `paused`: it can be resumed, also after a restart interrupted it
 * - `running` · `waiting`: it will retry automatically · `failed`: it will not
 * - `elsewhere`: another window runs it · `done`
 */
export type AuditState = (typeof auditStates)[number];
