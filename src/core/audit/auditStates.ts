export const auditStates = ['none', 'running', 'waiting', 'paused', 'failed', 'elsewhere', 'done'] as const;

/**
 * What an audit does now.
 *
 * - `none`: there is none · `paused`: it can be resumed, also when a restart has interrupted it
 * - `running` · `waiting`: it tries again by itself · `failed`: it does not
 * - `elsewhere`: another window runs it · `done`
 */
export type AuditState = (typeof auditStates)[number];
